"""A server that is killed in the middle of saving loses nothing that was said to be saved, and the browser keeps the rest."""

import secrets
import threading
import time

import httpx
import pytest

from autograder.gradebook.marking_file import FILE, MarkingFile
from tests.engine.web import made
from tests.engine.web.made import PART
from tests.engine.web.served import ended, killed, press, saved, started

pytestmark = pytest.mark.slow

NAMES = ("Sara", "Ali", "Nika", "Omid")


class Driver(threading.Thread):
    """One marker who saves as fast as the server answers, and sends again what was not confirmed, as the page does."""

    def __init__(self, name: str, place: dict, saves: int):
        super().__init__(daemon=True)
        self.marker, self.place, self.saves = name, place, saves
        self.confirmed: list[str] = []

    def run(self) -> None:
        for number in range(self.saves):
            save = f"{number}-{secrets.token_hex(4)}"
            while not self._sent(save, number):
                time.sleep(0.02)
            self.confirmed.append(f"{self.marker}/{save}")

    def _sent(self, save: str, number: int) -> bool:
        try:
            served = self.place["served"]
            if self.place.get(self.marker) is not served:
                self.client = httpx.Client(headers={"origin": served.address}, base_url=served.address, timeout=5)
                if self.client.get(served.links[self.marker]).status_code != 200:
                    return False
                self.place[self.marker] = served
            answer = self.place["answers"][number % len(self.place["answers"])]
            met = {id: {"met": bool(number % 2), "sentence": "s"} for id in ("what", "value", "place")}
            sent = {"save": save, "answer": answer["id"], "hash": answer["hash"], "rubric": "r", "met": met}
            return self.client.post("/api/save", json=sent).status_code == 200
        except (httpx.HTTPError, KeyError):
            return False


def hammered(config, results, saves: int, kills: int, pause: float) -> tuple[list[str], list[str]]:
    """Four markers save at once while the server is killed and started again; what was confirmed, and what the file has."""
    place: dict = {"served": started(config, results, NAMES)}
    port = place["served"].port
    with httpx.Client(headers={"origin": place["served"].address}, base_url=place["served"].address) as client:
        client.get(place["served"].links["Sara"])
        place["answers"] = client.post("/api/next", json={"part": PART}).json()["answers"]
    drivers = [Driver(name, place, saves) for name in NAMES]
    for driver in drivers:
        driver.start()
    try:
        for _ in range(kills):
            time.sleep(pause)
            killed(place["served"])
            place["served"] = started(config, results, NAMES, port)
        for driver in drivers:
            driver.join(300)
    finally:
        ended(place["served"])
    with MarkingFile(results / FILE) as file:
        return [one for driver in drivers for one in driver.confirmed], [one.save for one in file.standing()]


def test_four_markers_lose_nothing_while_the_server_is_killed(config, results):
    """The bench does the same with 1,000 saves and ten kills."""
    confirmed, kept = hammered(config, results, saves=40, kills=3, pause=0.4)
    assert len(confirmed) == 160 and sorted(kept) == sorted(confirmed), "each once: none lost, none twice"


def test_what_was_confirmed_and_is_not_in_the_file_would_be_seen(config, results):
    confirmed, kept = hammered(config, results, saves=3, kills=0, pause=0)
    with MarkingFile(results / FILE) as file:
        file.database.execute("DELETE FROM readings WHERE number = 5")
        kept = [one.save for one in file.standing()]
    assert sorted(kept) != sorted(confirmed)


def test_the_browser_keeps_what_is_not_saved_and_sends_it_by_the_new_link(browser, config, results):
    first = started(config, results)
    context = browser.new_context()
    page = context.new_page()
    page.goto(first.links["Sara"])
    page.wait_for_selector("#answer .head")
    while page.locator(".badge").count():
        press(page, "s")
        page.wait_for_timeout(60)
    killed(first)
    press(page, "a", "c")
    page.keyboard.type("kept")
    press(page, "Control+Enter")
    page.wait_for_selector(".banner.trouble")
    assert "does not answer" in page.inner_text(".banner.trouble") and "1 not saved" in page.inner_text("#saved")
    second = started(config, results, port=first.port)
    try:
        page.wait_for_function(
            "() => document.querySelector('.banner.trouble').textContent.includes('new link')", timeout=10_000
        )
        page.close(run_before_unload=False)
        other = context.new_page()
        other.goto(second.links["Sara"])
        other.wait_for_selector("#answer .head")
        saved(other)
        assert "1 yours" in other.inner_text("#progress")
    finally:
        ended(second)
        context.close()
    with MarkingFile(results / FILE) as file:
        (reading,) = file.standing()
    assert reading.comment == "kept" and all(one.met for one in reading.met.values())


def test_the_command_ends_quietly_and_names_what_is_wrong(config, results, tmp_path):
    served = started(config, results, ("Sara", "Ali"), 0, "--calibration", "2")
    assert list(served.links) == ["Sara", "Ali"]
    with pytest.raises(
        AssertionError, match=rf"convgrade: port {served.port} cannot be used: Address already in use\. Is `convgrade mark`"
    ):
        started(config, results, ("Sara",), served.port)
    assert ended(served) == 0 and "Traceback" not in served.process.stdout.read()
    with pytest.raises(AssertionError, match="there is no gradebook"):
        (tmp_path / "other").mkdir()
        started(config, tmp_path / "other")
    with pytest.raises(AssertionError, match="every marker needs a name of their own"):
        started(config, results, ("Sara", "sara"))
    made.marked_anew(results)


def test_a_browser_that_does_not_open_is_one_line(config, results, monkeypatch):
    import webbrowser

    from autograder.web import serve

    said: list[str] = []
    monkeypatch.setattr(webbrowser, "open", lambda address: False)
    serve._open("http://127.0.0.1:1/in/x", said.append)
    assert said == ["convgrade: no browser could be opened here; open the link yourself."]
