"""A server that is killed in the middle of saving loses nothing that was said to be saved, and the browser keeps the rest."""

import sqlite3

import pytest

from autograder.gradebook.marking_file import FILE, MarkingFile
from tests.engine.web import made
from tests.engine.web.hammer import hammered
from tests.engine.web.served import ended, here, killed, opened, press, saved, started

pytestmark = pytest.mark.slow


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


@pytest.mark.thorough
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
            "() => document.querySelector('.banner.trouble').textContent.includes('new link')", timeout=60_000
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


@pytest.mark.thorough
def test_a_file_that_somebody_else_is_writing_delays_a_save_and_loses_none(browser, course, results):
    with here(course, results) as served, opened(browser, served.links["Sara"]) as page:
        while page.locator(".badge").count():
            press(page, "s")
            page.wait_for_timeout(60)
        other = sqlite3.connect(results / FILE, isolation_level=None)
        other.execute("BEGIN IMMEDIATE")
        press(page, "a", "Enter")
        page.wait_for_selector(".banner.trouble", timeout=60_000)
        assert "database is locked" in page.inner_text(".banner.trouble") and "1 not saved" in page.inner_text("#saved")
        other.execute("ROLLBACK")
        page.wait_for_function("() => !document.querySelector('.banner.trouble')", timeout=60_000)
        saved(page)
        other.close()
    with MarkingFile(results / FILE) as file:
        assert len(file.standing()) == 1


def test_the_command_ends_quietly_and_names_what_is_wrong(config, results, tmp_path):
    served = started(config, results, ("Sara", "Ali"), 0, "--calibration", "2")
    assert list(served.links) == ["Sara", "Ali"]
    with pytest.raises(
        AssertionError,
        match=rf"convgrade: --port {served.port}: it cannot be used: Address already in use\. Is `convgrade mark`",
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
