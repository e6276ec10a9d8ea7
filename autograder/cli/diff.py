"""What a regrade would change, and what grades a submission has had, as a person or a program reads them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from itertools import pairwise
from typing import Any

import msgspec

from autograder.gradebook.changes import Change, change, sources
from autograder.gradebook.gradebook import Grade
from autograder.model import points
from autograder.text import line

MOST = 60  # submissions that are told one by one; all of them stand in --json


def told(changes: Sequence[Change], submissions: int) -> Iterator[str]:
    """The lines of ``convgrade grade --diff``: whose points change, by how much and why; then part by part."""
    for one in changes[:MOST]:
        yield f"{line(one.id)}: {_from_to(one.was, one.now)}  [{'; '.join(one.why)}]"
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
    yield f"{len(others)} of {submissions} submissions get other points, {new} their first."
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


def history(grades: Sequence[Grade]) -> list[dict[str, Any]]:
    """Every grade of one submission, oldest first: when it was given, what it came from, and what it changed."""
    found = [change(before, after.result, after.cents) for before, after in pairwise([None, *grades])]
    return [
        {
            "recorded_at": datetime.fromtimestamp(grade.recorded_at, UTC).isoformat(timespec="seconds"),
            "score": grade.cents / 100,
            "hashes": msgspec.structs.asdict(grade.result.fingerprint),
            "changes": facts([changed] if changed else []),
        }
        for grade, changed in zip(grades, found, strict=True)
    ]


def told_history(grades: Sequence[Grade]) -> Iterator[str]:
    """The same as lines."""
    for before, grade in pairwise([None, *grades]):
        at = datetime.fromtimestamp(grade.recorded_at, UTC).strftime("%Y-%m-%d %H:%M:%S UTC")
        changed = change(before, grade.result, grade.cents)
        why = sources(before, grade.result, grade.cents) if before is not None else changed.why
        yield f"{at}  {points(grade.cents)}  [{'; '.join(why)}]"
        for part in changed.parts if changed else ():
            yield f"    {part.id}: {_from_to(part.was, part.now)}"
            yield from (f"        {line(why)}" for why in part.why)


def _points(one) -> dict[str, Any]:
    return {
        "id": one.id,
        **{name: None if (cents := getattr(one, name)) is None else cents / 100 for name in ("was", "now")},
    }


def _from_to(was: int | None, now: int | None) -> str:
    ends = " → ".join("–" if cents is None else points(cents) for cents in (was, now))
    return f"{ends} ({(now or 0) / 100 - (was or 0) / 100:+.2f})"
