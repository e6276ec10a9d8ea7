"""Run the public tests in a student's folder, even if some hang or crash, and collect the outcome of each part.

The tests run in processes of their own, with no wall around them: this is for one's own files.
"""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from autograder.intake import answer_sheet, inventory, written
from autograder.marking import public_plugin
from autograder.model import Message, Outcome
from autograder.text import line, shorten
from autograder.wall.own_time import LOOK_SECONDS, Allowance, OwnTime

START_SECONDS = 120.0  # until the tests are collected, a first import of torch from a cold disk included
TEST_SECONDS = 30.0  # of one test: its own time, as of START_SECONDS
MAX_BREAKS = 5  # tests that hang or crash, then the rest is left alone
_MILDEST_FIRST = list(Outcome)


@dataclass
class Tried:
    """One part: how its public checks ended, and what there is to say of those that did not pass."""

    part: str
    outcomes: list[Outcome] = field(default_factory=list)
    messages: list[str] = field(default_factory=list)
    seconds: float = TEST_SECONDS  # that one of its tests had, where it took too long

    @property
    def outcome(self) -> Outcome:
        """The worst of its checks."""
        return max(self.outcomes, key=_MILDEST_FIRST.index)


@dataclass
class PublicRun:
    """The outcome of a run: parts in the order of their tests, notes on the sheet, problems of the tests themselves."""

    parts: dict[str, Tried] = field(default_factory=dict)
    texts: dict[str, int] = field(default_factory=dict)  # written part -> words
    notes: list[Message] = field(default_factory=list)
    trouble: list[str] = field(default_factory=list)

    def add(self, part: str, outcome: Outcome, text: str = "", where: str = "", seconds: float | None = None) -> None:
        """A check of a part has ended. ``seconds``: what it had, where it took too long."""
        tried = self.parts.setdefault(part, Tried(part))
        tried.outcomes.append(outcome)
        tried.seconds = seconds or tried.seconds
        if text:
            tried.messages.append(_readable(text) + (f" ({where})" if where else ""))


def run_public(home: Path) -> PublicRun:
    """Try what is in ``home``: the homework and its ``tests/``."""
    home = home.resolve()
    texts, notes = _inventory(home)
    run = PublicRun(texts=texts, notes=notes)
    done: list[str] = []
    with tempfile.TemporaryDirectory(prefix="convgrade-") as folder:
        for attempt in range(MAX_BREAKS):
            if not _run(home, Path(folder) / f"{attempt}", done, run):
                return run
    run.trouble.append(f"{MAX_BREAKS} tests hung or crashed, so the remaining tests were not run")
    return run


def _run(home: Path, report: Path, done: list[str], run: PublicRun) -> bool:
    """One run of pytest without the tests ``done``; whether one of them hung or crashed, so that others remain."""
    options = ["--rootdir", str(home), "-c", os.devnull, "--import-mode=importlib", "-p", "no:cacheprovider"]
    options += [
        "-q",
        "--color=no",
        "--continue-on-collection-errors",
        *(word for test in done for word in ("--deselect", test)),
    ]
    command = [sys.executable, "-P", public_plugin.__file__, str(report), str(home), *options, str(home / "tests")]
    environment = {name: value for name, value in os.environ.items() if not name.startswith("PYTEST_")}
    environment |= {"PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1", "PYTHONDONTWRITEBYTECODE": "1", "PYTHONUTF8": "1"}
    with report.with_suffix(".log").open("w+b") as log:
        process = subprocess.Popen(command, cwd=home, env=environment, stdin=subprocess.DEVNULL, stdout=log, stderr=log)
        try:
            hung = _waited(process, report)
        finally:
            process.kill()
            process.wait()
        log.seek(0)
        last = log.read().decode(errors="replace").strip().splitlines()[-1:]
    running: dict | None = None
    for event in _events(report):
        if "running" in event:
            running = event
        elif "ended" in event:
            running = None
            done.append(event["ended"])
            text = event["text"].replace(str(home), home.name)
            run.add(event["part"], Outcome(event["outcome"]), text, event["where"], event.get("seconds"))
        elif "trouble" in event:
            run.trouble.append(event["trouble"])
        elif "finished" in event:
            return False
    if running is None:
        run.trouble.append(" ".join(last) or "pytest ended without an error message")
        return False
    done.append(running["running"])
    run.add(running["part"], Outcome.TIMEOUT if hung else Outcome.CRASHED)
    return True


def _waited(process: subprocess.Popen, report: Path) -> bool:
    """Wait for the end of a run; True where nothing was heard for longer than a test may take."""
    own, heard = OwnTime(process.pid), 0
    allowance = Allowance(own, START_SECONDS)
    while process.poll() is None:
        size = report.stat().st_size if report.exists() else 0
        if size != heard:
            heard, allowance = size, Allowance(own, TEST_SECONDS)
        try:
            allowance.check()
        except TimeoutError:
            return True
        time.sleep(LOOK_SECONDS)
    return False


def _events(report: Path) -> Iterator[dict]:
    for text in report.read_text("utf-8").splitlines() if report.exists() else ():
        try:
            yield json.loads(text)
        except ValueError:  # cut off by a crash
            return


def _readable(text: str) -> str:
    """A test's own message, with the comparison from pytest's explanation where that says more."""
    lines = [piece.strip() for piece in text.splitlines()]
    first = next((index for index, piece in enumerate(lines) if piece.startswith("assert ")), len(lines))
    sentence, comparison = " ".join(lines[:first]), " ".join(lines[first : first + 1])
    if sentence and set(re.findall(r"\d+", comparison)) <= set(re.findall(r"\d+", sentence)):
        comparison = ""
    return shorten(line(": ".join(filter(None, (sentence, comparison)))), 500)


def _inventory(home: Path) -> tuple[dict[str, int], list[Message]]:
    """The number of words in each written answer, and notes on the files before they are handed in."""
    file = home / "tests" / "facts.json"
    if not file.is_file():
        return {}, []
    facts = json.loads(file.read_text("utf-8"))
    own, notes = inventory.look(home, facts, answer_sheet, written)
    words = {name: len(own.get(name, "").split()) for name in facts["written"]}
    return words, [Message(key, dict(filled)) for key, filled in notes]
