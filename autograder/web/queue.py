"""Which answers come next for a person, and how many there are of each kind."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from typing import Literal, get_args

from autograder.web.answers import Answer, picked
from autograder.web.desk import Desk
from autograder.web.people import Marker

Mode = Literal["mark", "settle", "again", "requests", "flagged"]
MODES: tuple[Mode, ...] = get_args(Mode)


def upcoming(desk: Desk, part: str, marker: Marker, mode: Mode, skipped: Collection[str], most: int) -> list[Answer]:
    """The next answers, which this person then holds. Those that others hold come last, those skipped not at all."""
    waiting = [one for one in _waiting(desk, part, marker, mode) if one.id not in skipped]
    free = [one for one in waiting if not desk.leases.others(one.id, marker.name)]
    chosen = (free or waiting)[:most]
    for answer in chosen:
        desk.leases.hold(answer.id, marker.name)
    return chosen


def _waiting(desk: Desk, part: str, marker: Marker, mode: Mode) -> Iterator[Answer]:
    if mode == "mark":
        yield from _to_mark(desk, part, marker)
    else:
        yield from (one for one in desk.answers[part] if is_of(desk, one, mode))


def _to_mark(desk: Desk, part: str, marker: Marker) -> Iterator[Answer]:
    """First what everybody reads, then what nobody has read, with the second readings where the order has them."""
    common = desk.calibration(part)
    yield from (one for one in common if desk.mine(one, marker.name) is None)
    for answer in desk.answers[part]:
        if answer not in common and needs(desk, answer, marker):
            yield answer


def needs(desk: Desk, answer: Answer, marker: Marker) -> bool:
    """Whether an answer waits for this person's reading: nobody's, or a second one of somebody else's."""
    readings = desk.of(answer)
    if not readings:
        return True
    twice = (
        desk.wishes.second and answer.text.strip() and picked(desk.file.about["seed"], answer, "second", desk.wishes.second)
    )
    people = {one.who for one in readings}
    return bool(twice) and len(people) == 1 and marker.name not in people and all(one.copy_of is None for one in readings)


def is_of(desk: Desk, answer: Answer, mode: Mode) -> bool:
    """Whether an answer is one of those that people disagree about, have to read again, and so on."""
    if mode == "requests":
        return bool(desk.requests(answer))
    if mode == "flagged":
        return (answer.student, answer.part) in desk.flags
    settled = desk.settled(answer)
    return settled is not None and bool(settled.open if mode == "settle" else (settled.missing or settled.stale))


def counts(desk: Desk, part: str, marker: Marker) -> dict[str, int]:
    """How far a question is."""
    answers = desk.answers[part]
    counted: dict[str, int] = {mode: sum(is_of(desk, one, mode) for one in answers) for mode in MODES if mode != "mark"}
    counted |= {"all": len(answers), "read": sum(bool(desk.of(one)) for one in answers)}
    counted["mine"] = sum(desk.mine(one, marker.name) is not None for one in answers)
    counted["left"] = sum(1 for _ in _to_mark(desk, part, marker))
    return counted


def history(desk: Desk, part: str, marker: Marker) -> list[str]:
    """The answers that this person has read, by id, in the order in which they were last read. Repeats of one text are left out."""
    own = ((desk.mine(one, marker.name), one.id) for one in desk.answers[part])
    return [id for _, id in sorted((one.number, id) for one, id in own if one is not None and one.copy_of is None)]
