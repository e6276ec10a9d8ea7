"""Results and a course for the tests of the exports, without one on disk."""

import csv
from types import SimpleNamespace

from msgspec.structs import replace

from autograder.course.policy import Late
from autograder.model import Check, Fingerprint, Mark, Message, Outcome, Part, PartResult, Result, Text

PRINT = Fingerprint("s", "h", "o", "c", "e")
PARTS = (Part("q1.numbers.a", 300), Part("q1.code.f", 250), Part("q2.code.g", 2150), Part("q2.written.w1", 400))


def course() -> SimpleNamespace:
    """What the exports ask of a course."""
    config = SimpleNamespace(title="Homework 3: deep convolutional networks", feedback="hint", late=Late())
    return SimpleNamespace(config=config, questions=(SimpleNamespace(id="q1"), SimpleNamespace(id="q2")), parts=PARTS)


def result(id, *cents, status="graded", late_seconds=None, name=""):
    """A submission with these hundredths on the three automatic parts."""
    fates = [
        Outcome.PASSED if got == part.cents else Outcome.TIMEOUT if part.id == "q2.code.g" else Outcome.FAILED
        for got, part in zip(cents, PARTS, strict=False)
    ]
    check = (Check("c", "q2.code.g", Outcome.TIMEOUT, Text("a deep <one>", "ژرف")),)
    parts = [
        PartResult(part.id, part.cents, got, fate, checks=check if part.id == "q2.code.g" and got != part.cents else ())
        for part, got, fate in zip(PARTS, cents, fates, strict=False)
    ]
    parts.append(PartResult("q2.written.w1", 400, None, Outcome.AWAITING))
    trouble = (Message("intake.empty"),) if status != "graded" else ()
    known = {"late_seconds": late_seconds, "messages": trouble, "written": {"w1": "An essay."}}
    return Result(id, name, status, tuple(parts), PRINT, "A", **known)


def marked(result: Result, cents: int) -> Result:
    """The same with its written answer marked by a person."""
    *parts, written = result.parts
    mark = Mark(result.id, written.id, cents, comment="Why?", who="the marker")
    return replace(result, parts=(*parts, replace(written, cents=cents, outcome=Outcome.FAILED, mark=mark)))


def contested(result: Result, claimed: str) -> Result:
    """The same, where another hand-in claims the same student."""
    values = {"file": f"{result.id}.zip", "others": "another", "claimed": claimed, "id": result.id}
    return replace(result, messages=(*result.messages, Message("intake.same_name", values)))


def changed(before: bytes, after: bytes) -> list[tuple[list[str], list[str]]]:
    """The rows that differ, parsed; and a proof that no other byte does."""
    old, new = before.splitlines(keepends=True), after.splitlines(keepends=True)
    assert len(old) == len(new)
    pairs = [(a, b) for a, b in zip(old, new, strict=True) if a != b]
    return [tuple(next(csv.reader([line.decode()])) for line in pair) for pair in pairs]
