"""Grading again: what a new grade changes, by how much and why."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from autograder.gradebook.gradebook import Grade
from autograder.marking import written_marks
from autograder.model import Check, Outcome, PartResult, Result, points

# what a fingerprint is made of, besides the submission itself -> where a person finds it
PLACES = {
    "suites": "tests/hidden",
    "solutions": "solutions",
    "config": "the config",
    "engine": "the engine",
    "versions": "the versions of Python, torch, numpy or another package",
}


@dataclass(frozen=True)
class PartChange:
    """One part whose points change. None: the part was not there, or is not any more."""

    id: str
    was: int | None
    now: int | None
    why: tuple[str, ...]


@dataclass(frozen=True)
class Change:
    """One submission whose points after the late deduction change; ``was`` is None if it had no grade yet."""

    id: str
    was: int | None
    now: int
    why: tuple[str, ...]  # what the two grades came from that differs
    parts: tuple[PartChange, ...] = ()


def change(before: Grade | None, after: Result, cents: int) -> Change | None:
    """What a reader of grades would see change from ``before`` to ``after``; None for nothing.

    ``cents``: the points of ``after`` after the late deduction.
    """
    if before is None:
        return Change(after.id, None, cents, ("first grade",))
    parts = tuple(_parts(before.result, after))
    if before.cents == cents and not parts:
        return None
    return Change(after.id, before.cents, cents, sources(before, after, cents), parts)


def sources(before: Grade, after: Result, cents: int) -> tuple[str, ...]:
    """What the two grades came from that differs."""
    then, now = before.result.fingerprint, after.fingerprint
    touched = [id for id, hashed in now.questions.items() if then.questions.get(id) != hashed]
    places = list(_of_the_submission(before.result, after))
    for name, place in PLACES.items():
        if getattr(then, name) != getattr(now, name):
            places.append(f"{place} ({', '.join(touched)})" if touched and name in ("suites", "solutions") else place)
    if _emptied(before.result, after):
        places.append("marking has begun, so an answer without a text is worth 0")
    was_off, off = before.result.cents - before.cents, after.cents - cents
    if was_off != off:
        places.append(f"lateness takes off {points(off)} instead of {points(was_off)}")
    return tuple(places)


def _of_the_submission(before: Result, after: Result) -> Iterator[str]:
    pairs = {
        "the hand-in": (before.content, after.content),
        "its name": (before.name, after.name),
        "its time or its deadline": (before.late_seconds, after.late_seconds),
        "its marks": (_marks(before), _marks(after)),
    }
    yield from (name for name, (then, now) in pairs.items() if then != now)


def _marks(result: Result) -> dict[str, tuple]:
    """What people gave to each answer. Where a mark is kept and when it was entered says nothing about that."""
    return {
        part: (mark.cents, mark.criteria, mark.comment, mark.text_hash, mark.who)
        for part, mark in written_marks.of(result).items()
    }


def _emptied(before: Result, after: Result) -> bool:
    """Whether a written part that awaited a person counts now as one without a text."""
    then = {part.id for part in before.parts if part.outcome is Outcome.AWAITING}
    return any(part.id in then and part.kind == "written" and part.outcome is Outcome.NOT_ATTEMPTED for part in after.parts)


def _parts(before: Result, after: Result) -> Iterator[PartChange]:
    old, new = ({part.id: part for part in result.parts} for result in (before, after))
    for id in dict.fromkeys([*old, *new]):
        was, now = old.get(id), new.get(id)
        if was is None or now is None:
            why = "it is new" if was is None else "it is no more"
            yield PartChange(id, was.cents if was else None, now.cents if now else None, (why,))
        elif was.cents != now.cents:
            yield PartChange(id, was.cents, now.cents, tuple(_reasons(was, now)))


def _reasons(was: PartResult, now: PartResult) -> Iterator[str]:
    if was.max_cents != now.max_cents:
        yield f"worth {points(now.max_cents)} instead of {points(was.max_cents)}"
    old, new = ({check.id: check for check in part.checks} for part in (was, now))
    for id in dict.fromkeys([*old, *new]):
        then, since = (checks[id].outcome.value if id in checks else "not there" for checks in (old, new))
        if then != since:
            yield f"{_label(new.get(id) or old[id])}: {since}, was {then}"
    keys = [{message.key for message in part.messages} for part in (was, now)]
    if ("follow.credit" in keys[0]) != ("follow.credit" in keys[1]):
        yield f"{'a' if 'follow.credit' in keys[1] else 'no'} follow-through mark"


def _label(check: Check) -> str:
    return f"{check.id} ({check.label.en})" if check.label.en else check.id
