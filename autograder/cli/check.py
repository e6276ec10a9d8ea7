"""``convgrade check``: a student's own run of the public suites, reported part by part. Hidden checks are neither run nor known here."""

from __future__ import annotations

import json
import os
import re
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import click

from autograder import words
from autograder.course import sheet
from autograder.course.course import Course
from autograder.errors import ConvgradeError
from autograder.intake import answer_sheet, inventory, pack, written
from autograder.marking.public_run import PublicRun, Tried, run_public
from autograder.model import LANGUAGES, Language, Outcome, languages
from autograder.prepare.notebook import NAME
from autograder.prepare.release import public_suites
from autograder.text import line

COUNTED = ("inventory.numbers", "inventory.text", "inventory.no_text")  # notes that say what is there, not what is wrong
FINE = (Outcome.PASSED, Outcome.NOT_ATTEMPTED)


def check(path: Path, *, config: Path = Path("grader_config.yml"), language: str = "both", as_json: bool = False) -> int:
    """Check the homework in the folder ``path`` and print the outcome. 0: nothing failed; 1: something did."""
    with _with_tests(path, config) as home:
        run = run_public(home)
    lines = [json.dumps(_facts(run), ensure_ascii=False, indent=1)] if as_json else _lines(run, languages(language))
    click.echo("\n".join(lines))
    return 1 if run.trouble or any(tried.outcome not in FINE for tried in run.parts.values()) else 0


def packed(path: Path, out: Path, config: Path) -> list[str]:
    """Pack the homework in ``path`` into the zip ``out``; what to print. Raises ConvgradeError if there is nothing to pack, and OSError."""
    with _with_tests(path, config) as home:
        facts = json.loads((home / "tests" / "facts.json").read_text("utf-8"))
    names = facts["files"]
    try:
        made = pack.pack(path, names, out)
    except pack.NothingToPack:
        todo = f"Name a folder with one of these: {', '.join(names)}."
        raise ConvgradeError("no file of the homework is here", where=str(path), todo=todo) from None
    shown = languages(spoken())
    _, notes = inventory.look(path, facts, answer_sheet, written)
    return pack.lines(made, lambda key, values: " / ".join(words.phrase(one, key, **values) for one in shown), notes)


def spoken() -> str:
    """The language that the terminal is set to, where the course has it; else both."""
    setting = next((os.environ[name] for name in ("LC_ALL", "LC_MESSAGES", "LANG") if os.environ.get(name)), "")
    language = setting.replace("-", "_").split("_")[0]
    return language if language in LANGUAGES else "both"


@contextmanager
def _with_tests(path: Path, config: Path) -> Iterator[Path]:
    """A folder that holds the homework and its public tests: ``path`` itself, or a copy with the course's tests added."""
    if (path / "tests" / "conftest.py").is_file():
        yield path
        return
    if not config.is_file():
        todo = "Run this in the folder you were given, which has tests/ in it."
        raise ConvgradeError("there are no public tests here", where=str(path / "tests"), todo=todo)
    course = Course.load(config)
    present = [path / name for name in (*course.known_files.names, NAME) if (path / name).is_file()]
    if not present:
        todo = f"Name a folder with one of these: {', '.join(course.known_files.names)}."
        raise ConvgradeError("no file of the homework is here", where=str(path), todo=todo)
    with tempfile.TemporaryDirectory(prefix="convgrade-") as folder:
        home = Path(folder) / path.resolve().name
        for name, text in public_suites(course, _variant(path, course)).items():
            (home / name).parent.mkdir(parents=True, exist_ok=True)
            (home / name).write_text(text, "utf-8")
        for file in present:
            shutil.copy(file, home)
        yield home


def _variant(path: Path, course: Course) -> int:
    """The variant that the student's own sheet names: nothing is graded by it here."""
    answers = path / course.known_files.answers
    text = answers.read_text("utf-8", errors="replace") if answers.is_file() else ""
    variant, _ = sheet.read(sheet.claimed([text]), {})
    return variant if 1 <= variant <= course.pooled else 1


def _facts(run: PublicRun) -> dict:
    parts = [
        {
            "part": tried.part,
            "outcome": tried.outcome.value,
            "passed": tried.outcomes.count(Outcome.PASSED),
            "checks": len(tried.outcomes),
            "messages": tried.messages,
        }
        for tried in run.parts.values()
    ]
    notes = [{language: words.say(note, language) for language in LANGUAGES} for note in run.notes]
    return {"parts": parts, "written": run.texts, "notes": notes, "trouble": run.trouble, "hidden_checks": "not run"}


def _lines(run: PublicRun, languages: tuple[Language, ...]) -> Iterator[str]:
    def say(key: str, **values: Any) -> str:
        return " / ".join(words.phrase(language, key, **values) for language in languages)

    for trouble in run.trouble:
        yield f"! {line(trouble)}"
    for note in [note for note in run.notes if note.key not in COUNTED]:
        yield from (f"! {line(words.say(note, language))}" for language in languages)
    width = max(map(len, run.parts), default=0)
    for tried in run.parts.values():
        yield f"{tried.part:<{width}}  {say(f'check.public.{tried.outcome.value}', **_seconds(tried))}"
        yield from (f"    {_english(text) if languages == ('en',) else text}" for text in dict.fromkeys(tried.messages))
    for note in [note for note in run.notes if note.key in COUNTED]:
        yield say(note.key, **note.values)
    outcomes = [tried.outcome for tried in run.parts.values()]
    counts = {"passed": outcomes.count(Outcome.PASSED), "open": outcomes.count(Outcome.NOT_ATTEMPTED), "all": len(outcomes)}
    for language in languages:
        yield ""
        yield words.phrase(language, "check.public.closing", **counts)


def _seconds(tried: Tried) -> dict[str, float]:
    return {"seconds": tried.seconds} if tried.outcome is Outcome.TIMEOUT else {}


def _english(text: str) -> str:
    """A test's words without their Persian half, where they are ``english / فارسی`` and perhaps pytest's comparison."""
    return re.sub(r" / [^/]*[\u0600-\u06ff][^/]*?(?=: assert |; type |$)", "", text)
