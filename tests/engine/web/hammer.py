"""Four markers save at once while the server is killed: for a test of small size, and for the bench."""

import secrets
import threading
import time

import httpx

from autograder.gradebook.marking_file import FILE, MarkingFile
from tests.engine.web.made import PART
from tests.engine.web.served import ended, killed, started

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
