"""The marking page in this process or in one of its own, and a browser to look at it with."""

from __future__ import annotations

import json
import os
import re
import secrets
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import httpx
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from autograder.course.course import Course
from autograder.web.app import Place
from autograder.web.desk import Desk, Wishes
from autograder.web.people import People
from autograder.web.serve import link, listening, server
from tests.engine.browser import chromium

QUIET = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking"]
QUIET += ["--disable-component-update", "--disable-sync"]


@dataclass
class Served:
    """A running marking page: a link for each marker."""

    port: int
    links: dict[str, str]
    desk: Desk | None = None
    process: subprocess.Popen | None = None
    said: list[str] = field(default_factory=list)

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.port}"


@contextmanager
def here(
    course: Course, results: Path, names: Sequence[str] = ("Sara",), port: int = 0, **wishes: float
) -> Iterator[Served]:
    """Served by a thread of this process, so that a test can take a guard away."""
    people = People.named(names)
    with listening(port) as own:
        port = own.getsockname()[1]
        place: dict[str, object] = {}
        ready = threading.Event()

        def run() -> None:  # SQLite's connection belongs to the thread that opened it
            desk = Desk(course, results, Wishes(**wishes))
            place["desk"] = desk
            place["server"] = server(Place(desk, people, port).app())
            ready.set()
            place["server"].run(sockets=[own])
            desk.close()

        thread = threading.Thread(target=run, daemon=True)
        thread.start()
        assert ready.wait(20)
        try:
            yield Served(port, {one.name: link(port, one.token) for one in people.markers}, place["desk"])
        finally:
            place["server"].should_exit = True
            thread.join(10)


def started(config: Path, results: Path, names: Sequence[str] = ("Sara",), port: int = 0, *more: str) -> Served:
    """Served by ``convgrade mark`` in a process of its own; end it with ``ended`` or ``killed``."""
    command = [
        sys.executable,
        "-m",
        "autograder",
        "mark",
        "--from",
        results,
        "--config",
        config,
        "--port",
        port,
        "--no-browser",
    ]
    command += [word for name in names for word in ("--marker", name)]
    environment = {**os.environ, "PYTHONUNBUFFERED": "1"}
    process = subprocess.Popen(
        [*map(str, command), *more], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, env=environment
    )
    served = Served(port, {}, process=process)
    for line in process.stdout:
        served.said.append(line.strip())
        if found := re.fullmatch(r"(.+): (http://127\.0\.0\.1:(\d+)/in/\S+)", line.strip()):
            served.links[found[1]], served.port = found[2], int(found[3])
        if "Ctrl-C ends it" in line:
            return served
    raise AssertionError("\n".join(served.said))


def ended(served: Served) -> int:
    """Ctrl-C; returns the status."""
    served.process.send_signal(signal.SIGINT)
    return served.process.wait(20)


def killed(served: Served) -> None:
    """As by a power cut, as far as a process can tell."""
    served.process.kill()
    served.process.wait(20)


@contextmanager
def browser() -> Iterator[Browser]:
    """Debian's Chromium; nothing is downloaded."""
    with sync_playwright() as playwright:
        one = playwright.chromium.launch(executable_path=chromium(), args=QUIET)
        try:
            yield one
        finally:
            one.close()


@contextmanager
def opened(browser: Browser, link: str, language: str = "en", **options) -> Iterator[Page]:
    """A page of a browser of its own, after the link. What goes wrong in its scripts fails the test."""
    context: BrowserContext = browser.new_context(locale={"en": "en-GB", "fa": "fa-IR"}[language], **options)
    page = context.new_page()
    wrong: list[str] = []
    page.on("pageerror", lambda error: wrong.append(str(error)))
    page.on(
        "console",
        lambda said: wrong.append(said.text) if "Content Security" in said.text or "TrustedHTML" in said.text else None,
    )
    page.goto(link)
    page.wait_for_url("**/mark/**")
    page.wait_for_selector("#answer > *")
    page.wrong = wrong
    yield page
    context.close()
    assert wrong == []


class Member(httpx.Client):
    """A marker without a browser: what the page asks, asked directly."""

    def __init__(self, served: Served, name: str = "Sara"):
        super().__init__(base_url=served.address, headers={"origin": served.address})
        self.link = served.links[name]

    def __enter__(self) -> Member:
        super().__enter__()
        assert self.get(self.link).status_code == 200 and self.cookies
        return self

    def ask(self, path: str, **body):
        """The reply to a POST, as JSON."""
        reply = self.post(path, json=body)
        assert reply.status_code == 200, reply.text
        return reply.json()

    def page(self, part: str = "w1", mode: str = "mark", language: str = "en") -> dict:
        """What the page is given when it opens."""
        text = self.get(f"/{language}/mark/{part}", params={"mode": mode}).text
        return json.loads(re.search(r'<script type="application/json" id="data">(.*?)</script>', text, re.DOTALL)[1])

    def save(self, page: dict, answer: dict, met: dict[str, bool], save: str = "", **more):
        """Save a reading as the page would."""
        decided = {
            one["id"]: {"met": met[one["id"]], "sentence": one["sentence"]}
            for one in page["rubric"]["criteria"]
            if one["id"] in met
        }
        known = {"answer": answer["id"], "hash": answer["hash"], "rubric": page["rubric"]["hash"], "mode": page["mode"]}
        return self.ask(
            "/api/save", **{"save": save or secrets.token_hex(8), **known, "met": decided, "seconds": 2.5, **more}
        )


def answer(page: Page) -> str:
    """The short name of the answer on the page, such as #7f3a; empty where there is none."""
    head = page.locator("#answer .head h1")
    return head.inner_text().split("·")[-1].strip() if head.count() else ""


def press(page: Page, *keys: str) -> None:
    for one in keys:
        page.keyboard.press(one)
        if one == "Escape":  # the browser closes a dialog and gives the focus back a moment later; a person is never so fast
            page.wait_for_selector("dialog[open]", state="detached")
            page.evaluate("() => new Promise((done) => requestAnimationFrame(() => setTimeout(done, 100)))")


def saved(page: Page) -> None:
    """Wait until the server has everything."""
    page.wait_for_function("() => !Object.keys(localStorage).some((key) => /^convgrade:.+:/.test(key))")
