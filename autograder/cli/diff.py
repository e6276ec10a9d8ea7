"""What a regrade would change, and what grades a submission has had, as a person or a program reads them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from typing import Any

import msgspec

from autograder.gradebook.changes import Change, change, sources
from autograder.gradebook.gradebook import Grade
from autograder.gradebook.requests import answered
from autograder.model import Mark, Request, points
from autograder.text import line

MOST = 60  # submissions that are listed one by one; --json has all of them


def lines(changes: Sequence[Change], submissions: int) -> Iterator[str]:
    """The lines of ``convgrade grade --diff``: whose points change, by how much and why; then part by part."""
    for one in changes[:MOST]:
        yield f"{line(one.id)}: {_from_to(one.was, one.now)}{_why(one.why)}"
        for part in one.parts:
            yield f"    {part.id}: {_from_to(part.was, part.now)}"
            yield from (f"        {line(why)}" for why in part.why)
    if len(changes) > MOST:
        yield f"… and {len(changes) - MOST} more; --json has them all"
    if changes:
        yield ""
    for id, (up, down) in _by_part(changes).items():
        yield f"{id}: {up} up, {down} down"
    new = sum(one.was is None for one in changes)
    others = [one for one in changes if one.was is not None and one.was != one.now]
    yield f"{len(others)} of {submissions} submissions would get other points; {new} would get their first grade."
    yield "Nothing is published yet: the same command without --diff does that, and grades nothing twice."


def _by_part(changes: Sequence[Change]) -> dict[str, tuple[int, int]]:
    up, down = Counter[str](), Counter[str]()
    for part in (part for one in changes for part in one.parts):
        more = (part.now or 0) - (part.was or 0)
        up[part.id] += more > 0
        down[part.id] += more < 0
    return {id: (up[id], down[id]) for id in sorted(up.keys() | down.keys())}


def facts(changes: Sequence[Change]) -> list[dict[str, Any]]:
    """The same for a program; points as in ``grades.csv``."""
    return [
        {
            **_points(one),
            "why": list(one.why),
            "parts": [{**_points(part), "why": list(part.why)} for part in one.parts],
        }
        for one in changes
    ]


def marked(marks: Sequence[Mark], requests: Sequence[Request]) -> list[dict[str, Any]]:
    """What people gave to one submission's answers and what its student asked, oldest first: who, when, from where."""
    mark_rows = [
        {
            "at": _at(mark.when),
            "part": mark.part,
            "points": None if mark.cents is None else mark.cents / 100,
            "criteria": mark.criteria,
            "comment": mark.comment,
            "who": mark.who,
            "from": mark.source,
            "text": mark.text_hash,
        }
        for mark in marks
    ]
    request_rows = [
        {"at": _at(one.when), "part": one.part, "criterion": one.criterion, "request": one.words, "from": one.source}
        | ({"answered": _at(mark.when)} if (mark := answered(one, marks)) else {})
        for one in requests
    ]
    return sorted([*mark_rows, *request_rows], key=lambda row: row["at"])


def marks_lines(rows: Sequence[dict[str, Any]]) -> Iterator[str]:
    """The same as lines."""
    for row in rows:
        if "request" in row:
            which = f" ({line(row['criterion'])})" if row["criterion"] else ""
            ended = f"answered {_shown(row['answered'])}" if "answered" in row else "nobody has answered it"
            yield f"{_shown(row['at'])}  {row['part']}{which}: the student asks: {line(row['request'])} [{line(row['from'])}; {ended}]"
            continue
        worth = "taken back" if row["points"] is None else f"{row['points']:.2f}"
        met = "".join(f" {'✓' if met else '✗'} {id}" for id, met in row["criteria"].items())
        comment = f" “{line(row['comment'])}”" if row["comment"] else ""
        yield f"{_shown(row['at'])}  {row['part']}: {worth} by {line(row['who']) or '?'}{met}{comment} [{line(row['from'])}]"


def _at(seconds: float) -> str:
    return datetime.fromtimestamp(seconds, UTC).isoformat(timespec="seconds")


def _shown(at: str) -> str:
    """A moment of ``_at`` as a person reads it, in the one form that a history has."""
    return datetime.fromisoformat(at).strftime("%Y-%m-%d %H:%M:%S UTC")


def history(grades: Sequence[Grade], marked: Sequence[dict[str, Any]] = ()) -> list[dict[str, Any]]:
    """Every grade of one submission, oldest first: when it was given, what it came from, and what it changed.

    Each has the marks and requests of ``marked`` that came before it and after the grade before; the newest has later ones too.
    """
    changes = [change(before, after.result, after.cents) for before, after in zip([None, *grades], grades, strict=False)]
    return [
        {
            "recorded_at": datetime.fromtimestamp(grade.recorded_at, UTC).isoformat(timespec="seconds"),
            "score": grade.cents / 100,
            "hashes": msgspec.structs.asdict(grade.result.fingerprint),
            "changes": facts([changed] if changed else []),
            "marks": [row for row in marked if _place(row["at"], grades) == place],
        }
        for place, (grade, changed) in enumerate(zip(grades, changes, strict=True))
    ]


def _place(at: str, grades: Sequence[Grade]) -> int:
    """The first grade after a moment; the newest one for a moment after all of them."""
    after = (place for place, grade in enumerate(grades) if _at(grade.recorded_at) >= at)
    return next(after, len(grades) - 1)


def history_lines(grades: Sequence[Grade]) -> Iterator[str]:
    """The same as lines."""
    for before, grade in zip([None, *grades], grades, strict=False):
        at = _shown(_at(grade.recorded_at))
        changed = change(before, grade.result, grade.cents)
        why = sources(before, grade.result, grade.cents) if before is not None else ("first grade",)
        yield f"{at}  {points(grade.cents)}{_why(why)}"
        for part in changed.parts if changed else ():
            yield f"    {part.id}: {_from_to(part.was, part.now)}"
            yield from (f"        {line(why)}" for why in part.why)


def _why(why: Sequence[str]) -> str:
    return f"  [{'; '.join(why)}]" if why else ""


def _points(one) -> dict[str, Any]:
    return {
        "id": one.id,
        **{name: None if (cents := getattr(one, name)) is None else cents / 100 for name in ("was", "now")},
    }


def _from_to(was: int | None, now: int | None) -> str:
    ends = " → ".join("–" if cents is None else points(cents) for cents in (was, now))
    return f"{ends} ({(now or 0) / 100 - (was or 0) / 100:+.2f})"
