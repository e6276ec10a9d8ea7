"""What reads a student's data after the wall: feedback, class report, likeness, statistics, each as a function of bytes."""

from __future__ import annotations

import math
import re
from dataclasses import replace
from functools import cache
from pathlib import Path

import msgspec
import numpy as np

from autograder.course.course import Course
from autograder.model import Call, Check, Diagnosis, Fingerprint, Message, Outcome, PartResult, Result, Text
from autograder.report import submission_files
from autograder.report.class_page import alike as likeness
from autograder.report.class_page import class_report
from autograder.report.class_page import statistics as numbers
from autograder.text import clean
from autograder.words import sentences
from tests.fuzz.promise import Watch, holds
from tests.fuzz.recipes import Recipe

TOY = Path(__file__).resolve().parents[1] / "engine" / "toy" / "grader_config.yml"
HIDDEN = "hidden-input-7361"  # in every value that code chose after it had seen one
MOST_FILE, MOST_PAGE = 4 << 20, 8 << 20
KEYS = tuple(sorted(sentences("en")))
TEXTS = (
    "<script>pwned()</script>",
    "](javascript:pwned())",
    "\x1b]0;pwned\x07",
    "\u202e",
    "`",
    "=1+1",
    "x" * 5_000,
    "416",
    "28, 28",
)
_PLACES = re.compile(r"\{(\w+)\}")
_ACTS = re.compile(
    r"<(script|img|iframe|object|embed|form|base)\b|\son\w+\s*=\s*[\"']|(href|src)\s*=\s*[\"']?\s*javascript", re.IGNORECASE
)
PRINT = Fingerprint("s", "h", "o", "c", "e")


@cache
def course(level: str = "full") -> Course:
    loaded = Course.load(TOY)
    loaded = replace(loaded, config=msgspec.structs.replace(loaded.config, feedback=level))
    submission_files.warm(loaded)
    class_report.render([], loaded)
    return loaded


def feedback(data: bytes, watch: Watch) -> None:
    """The files of one submission, at each level of feedback: small, without anything that acts, and telling nothing hidden."""
    result = _result(Recipe(data), 0)
    for level in ("verdict", "hint", "full"):
        its = course(level)
        with watch():
            files = submission_files.render(result, its)
        for name, content in files.items():
            text = content.decode()
            holds(len(content) <= MOST_FILE, f"{name} of {len(content)} bytes")
            holds(level == "full" or HIDDEN not in text, f"{name} tells a hidden input at {level}")
            holds(name == "results.json" or clean(text) == text, f"a control character in {name}")
            if name == "feedback.html":
                holds(not _ACTS.search(text), "something in the page acts")
        msgspec.json.decode(files["results.json"])


def report(data: bytes, watch: Watch) -> None:
    """The class report on a class of chosen results and sources."""
    recipe = Recipe(data)
    results = [_result(recipe, number) for number in range(1 + recipe.byte() % 12)]
    sources = {result.id: {"q1_box.py": _text(recipe, most=20_000)} for result in results}
    its = course()
    with watch():
        page = class_report.render(results, its, sources=sources)
    holds(len(page) <= MOST_PAGE, f"a page of {len(page)} bytes")
    holds(not _ACTS.search(re.sub(r"(?s)<style.*?</style>", "", page.decode())), "something in the page acts")


def alike(data: bytes, watch: Watch) -> None:
    """The sources of a class, parted by form feeds, as they are."""
    texts = {f"s{number}": {"q1_box.py": part} for number, part in enumerate(data.decode("utf-8", "replace").split("\f"))}
    with watch():
        groups = likeness.sources(texts, {})
        units = [name for files in texts.values() for source in files.values() for name in likeness.units(source)]
    holds(all(len(name) <= 60 for name in units), "a long name")
    holds(all(len(set(group.ids)) == len(group.ids) > 1 and set(group.ids) <= texts.keys() for group in groups), "a group")


def statistics(data: bytes, watch: Watch) -> None:
    """A table of scores: how many parts, how many points each, then a byte a score."""
    parts = 1 + data[0] % 40 if data else 1
    body = np.frombuffer(data[1 : 1 + (len(data) - 1) // parts * parts], np.uint8).reshape(-1, parts).astype(float)
    most = np.full(parts, 255.0)
    with watch(), np.errstate(all="ignore"):
        hard, rest = numbers.facility(body, most), numbers.item_rest(body)
        whole, without = numbers.alpha(body), numbers.alpha_if_deleted(body)
        low, high = numbers.alpha_interval(body, draws=50)
        steps = numbers.histogram(body.sum(axis=1) / most.sum())
        quarters = numbers.quartiles(body.sum(axis=1))
    holds(all(math.isnan(one) or 0 <= one <= 1 for one in hard), "a facility out of 0 to 1")
    holds(all(math.isnan(one) or -1 <= one <= 1 for one in rest), "a correlation out of -1 to 1")
    holds(all(math.isnan(one) or one <= 1 + 1e-9 for one in (whole, *without)), "an alpha above 1")
    holds(math.isnan(low) or low <= high, "an interval upside down")
    holds(steps.sum() == len(body) and len(steps) == 10, "a histogram of another class")
    holds(any(map(math.isnan, quarters)) or list(quarters) == sorted(quarters), "quartiles out of order")


def _result(recipe: Recipe, number: int) -> Result:
    parts, diagnoses = [], []
    for part in course().parts:
        outcome = recipe.pick(tuple(Outcome))
        cents = None if part.kind == "written" else part.cents * (recipe.byte() % 5) // 4
        checks = tuple(
            Check(
                f"c{place}",
                part.id,
                recipe.pick(tuple(Outcome)),
                Text("a check", "آزمون"),
                _message(recipe),
                _call(recipe),
                HIDDEN,
            )
            for place in range(recipe.byte() % 3)
        )
        messages = tuple(_message(recipe) for _ in range(recipe.byte() % 3))
        parts.append(PartResult(part.id, part.cents, cents, outcome, _text(recipe), checks, messages))
        if recipe.byte() % 4 == 0:
            diagnoses.append(Diagnosis(part.question, part.id, ("m",), (Text("a hint", "اشاره"),), _text(recipe)))
    messages = tuple(_message(recipe) for _ in range(recipe.byte() % 4))
    written = {"w1": _text(recipe, most=2_000)}
    status = recipe.pick(("graded", "partly graded", "unreadable", "not graded"))
    return Result(
        f"s{number}", _text(recipe, most=200), status, tuple(parts), PRINT, "A", messages=messages, diagnoses=tuple(diagnoses), written=written
    )  # fmt: skip


def _message(recipe: Recipe) -> Message:
    """A sentence with a value for each of its places. Of one that code speaks, a value holds a hidden input.

    A place and a module are not among them: the engine takes them from the files that were handed in.
    """
    key = KEYS[int.from_bytes(recipe.take(2)) % len(KEYS)]
    names = set(_PLACES.findall(sentences("en")[key])) | set(_PLACES.findall(sentences("fa")[key]))
    values = {name: _text(recipe, most=5_000) for name in sorted(names)}
    if "because" in names:
        values["because"] = "check.raised"  # the key of another sentence
    if key.startswith("check.") and recipe.byte() % 2:
        values = {
            name: f"{value}{HIDDEN}" if name in ("text", "type", "reason") else value for name, value in values.items()
        }
        values.pop("early", None)
    return Message(key, values)


def _call(recipe: Recipe) -> Call | None:
    return Call("q1_box.area", HIDDEN, _text(recipe)) if recipe.byte() % 2 else None


def _text(recipe: Recipe, most: int = 300) -> str:
    chosen = recipe.byte()
    text = TEXTS[chosen % len(TEXTS)] if chosen < 128 else recipe.take(chosen - 127).decode("utf-8", "replace")
    return text[:most]


TARGETS = (feedback, report, alike, statistics)
