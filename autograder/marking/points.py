"""From what was recorded to points: a part earns its points times the share of its checks' weight that was earned.

A check that passed earns its weight; one that is marked case by case earns the share of the cases that were right.

Points are whole hundredths throughout, each part rounded by itself (half up), so what is shown adds up exactly. No student code
runs here: the same record always gives the same points, and a change of points in the config takes effect at once.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Mapping, Sequence
from fractions import Fraction
from typing import Any

from msgspec.structs import replace

from autograder.course import rubric
from autograder.course.course import Course
from autograder.marking import failed_call, own_variant, unread, written_marks
from autograder.marking.follow import credited
from autograder.model import Check, Mark, Message, Outcome, Part, PartId, PartResult, Record
from autograder.text import shorten

SEVERITY = {outcome: place for place, outcome in enumerate(Outcome)}
MOST_CAME = 200  # characters of an answer that are shown


def award(
    record: Record, course: Course, marks: Collection[Mark] = (), marked: Collection[str] = (), variant: int = 1
) -> tuple[PartResult, ...]:
    """One PartResult a part, in the parts' order: checks, follow-through, and a person's marks.

    ``marked`` are the written parts whose marking has begun; ``variant`` is the student's own.
    """
    values, sheet = loaded(record.values), course.sheet(variant or 1)
    named = {f"{one.id}.{name}": value for one in course.questions for name, value in sheet[one.stem].items()}
    parameters = {name: value for name, value in named.items() if name not in course.number_keys}
    checks = [check for question in record.asked for check in question.checks]
    sizes = {key: size for question in record.asked for key, size in question.sizes.items()}
    notes = {part: messages for question in record.asked for part, messages in question.notes.items()}
    scored: Sequence[PartResult] = credited(
        score(course.parts, checks, shown(values), record.essays), values, course.config.follow, sizes, parameters
    )
    scored = [replace(part, messages=(*part.messages, *notes[part.id])) if part.id in notes else part for part in scored]
    scored = [_unread(part, record.unread.get(part.id)) for part in scored]
    if record.trouble is not None:
        scored = unread.nothing(course.parts)
    if not record.opened:  # whether anything is written is not known
        scored = [replace(part, messages=()) if part.kind == "written" else part for part in scored]
        marked = ()
    return written_marks.marked(scored, marks, record.texts, marked, rubric.known(course))


def _unread(part: PartResult, why: Message | None) -> PartResult:
    if why is None:
        return part
    if why.key in own_variant.UNKNOWN:
        return replace(part, cents=None, outcome=Outcome.AWAITING, messages=(why,))
    return replace(part, outcome=Outcome.UNREAD, messages=(why,))


def score(
    parts: Iterable[Part], checks: Iterable[Check], answers: Mapping[str, str], written: Collection[str]
) -> tuple[PartResult, ...]:
    """One PartResult a part, in the parts' order.

    ``answers`` holds what the student gave for a part, shortened; ``written`` the names of the written answers. A written part
    carries no points yet: a person marks it.
    """
    by_part: dict[str, list[Check]] = {}
    for check in checks:
        by_part.setdefault(check.part, []).append(check)
    return tuple(
        _written(part, written) if part.kind == "written" else _automatic(part, by_part[part.id], answers.get(part.id, ""))
        for part in parts
    )


def _automatic(part: Part, checks: list[Check], answer: str) -> PartResult:
    got, most = sum(map(earned, checks)), sum(check.weight for check in checks)
    cents = int((2 * part.cents * got + most) // (2 * most))
    outcome = max((check.outcome for check in checks), key=SEVERITY.__getitem__)
    messages = dict.fromkeys(_frozen(check.message) for check in checks if check.message is not None)
    return PartResult(part.id, part.cents, cents, outcome, answer, tuple(checks), tuple(map(_thawed, messages)))


def earned(check: Check) -> int | Fraction:
    """How much of its weight a check earned."""
    if check.outcome is Outcome.PASSED:
        return check.weight
    right, cases = check.cases or (0, 1)
    return Fraction(check.weight * right, cases) if right else 0


def _written(part: Part, written: Collection[str]) -> PartResult:
    answered = part.name in written
    message = Message("written.awaiting", {"points": part.cents / 100}) if answered else Message("written.missing")
    return PartResult(part.id, part.cents, None, Outcome.AWAITING, messages=(message,))


def _frozen(message: Message) -> tuple:
    return message.key, tuple(sorted(message.values.items(), key=lambda item: item[0]))


def _thawed(frozen: tuple) -> Message:
    return Message(frozen[0], dict(frozen[1]))


def shown(values: Mapping[str, Any]) -> dict[str, str]:
    """The numbers as the sheet would have them, by part id, shortened."""
    return {PartId.of_number(key): shorten(_text(value), MOST_CAME) for key, value in values.items()}


def _text(value: object) -> str:
    """Quotes show that a value is text."""
    return json.dumps(value[:MOST_CAME], ensure_ascii=False) if isinstance(value, str) else failed_call.shown(value)


def dumped(values: Mapping[str, Any]) -> str:
    """Numbers of a sheet as JSON; ``loaded`` gives the same back, whatever the number of digits."""
    return json.dumps({key: _written_down(value) for key, value in values.items()})


def loaded(text: str) -> dict[str, Any]:
    """The numbers that ``dumped`` wrote."""
    return {key: _read_back(value) for key, value in json.loads(text).items()}


def _written_down(value: Any) -> Any:
    if isinstance(value, list):
        return [_written_down(one) for one in value]
    return {"hex": hex(value)} if type(value) is int and value.bit_length() > 64 else value


def _read_back(value: Any) -> Any:
    if isinstance(value, list):
        return [_read_back(one) for one in value]
    return int(value["hex"], 16) if isinstance(value, dict) else value
