"""From readings to points: what stands for each answer, and what a person has still to decide.

Points are computed from the rubric as it is now, so a criterion whose points changed needs nobody. Nothing is guessed:
where two people disagree, or a criterion is new, the answer has no points until somebody decides.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path

from autograder.course.rubric import Rubric
from autograder.gradebook.marking_file import Decision, MarkingFile, Reading
from autograder.model import Struct

DECISIVE = ("settling", "regrade")  # kinds of reading that count alone from then on
Key = tuple[str, str, str]  # student's id, part's id, text_hash of the answer


class Settled(Struct):
    """What stands for one answer."""

    cents: int | None  # None while a criterion is open
    met: dict[str, bool]  # the decided criteria, by id
    open: tuple[str, ...]  # criteria that markers disagree about
    missing: tuple[str, ...]  # criteria that nobody decided: they were added to the rubric later
    stale: tuple[str, ...]  # criteria whose sentence changed after they were decided; their points still count
    comment: str  # for the student
    who: tuple[str, ...]  # whose readings stand
    at: float  # when the newest of them was saved, in seconds since 1970
    numbers: tuple[int, ...]  # the readings' numbers in marking.sqlite
    rubric: str  # Rubric.hash that the points were computed by


def settled(path: Path, load: Callable[[], Mapping[str, Rubric]]) -> dict[Key, Settled]:
    """What stands for every answer that was ever read: by student, part and hash of the text that was read.

    An answer stays in it, without points, when all its readings were taken back.
    ``path`` is ``marking.sqlite`` in the results folder (no file: nothing). ``load`` loads the rubrics, if anything was read. The
    hash of an answer is ``written_marks.text_hash(result.written.get(name, ""), result.pictures.get(name, ()))``, so a mark is
    found for exactly the text it was given for. Raises ConvgradeError if the file cannot be used, and whatever ``load`` raises.
    """
    if not path.is_file():
        return {}
    with MarkingFile(path) as file:
        every, standing = file.answers(), by_answer(file.standing())
    rubrics = load() if every else {}
    return {key: settle(standing.get(key, ()), rubrics[key[1]]) for key in every if key[1] in rubrics}


def by_answer(readings: Iterable[Reading]) -> dict[Key, list[Reading]]:
    """Readings, oldest first, by the answer that they are of."""
    grouped: dict[Key, list[Reading]] = defaultdict(list)
    for reading in readings:
        grouped[reading.student, reading.part, reading.text].append(reading)
    return grouped


def counting(readings: Iterable[Reading]) -> list[Reading]:
    """Of one answer's readings those that count: the newest of each person, or the newest decisive one alone."""
    newest: dict[str, Reading] = {}
    decisive: Reading | None = None
    for reading in readings:
        newest[reading.who] = reading
        decisive = reading if reading.kind in DECISIVE else decisive
    return [decisive] if decisive else sorted(newest.values(), key=lambda one: one.number)


def settle(readings: Iterable[Reading], rubric: Rubric) -> Settled:
    """What one answer's readings, oldest first, come to."""
    counted = counting(readings)
    met: dict[str, bool] = {}
    open: list[str] = []
    missing: list[str] = []
    stale: list[str] = []
    for criterion in rubric.criteria:
        decisions: list[Decision] = [one.met[criterion.id] for one in counted if criterion.id in one.met]
        today = [one for one in decisions if one.sentence == criterion.sentence]
        values = {one.met for one in today or decisions}
        if len(values) == 1:
            met[criterion.id] = values.pop()
        else:
            (open if values else missing).append(criterion.id)
        if decisions and not today:
            stale.append(criterion.id)
    return Settled(
        cents=None if open or missing else rubric.cents(met),
        met=met,
        open=tuple(open),
        missing=tuple(missing),
        stale=tuple(stale),
        comment="\n".join(dict.fromkeys(one.comment for one in counted if one.comment)),
        who=tuple(one.who for one in counted),
        at=max((one.at for one in counted), default=0.0),
        numbers=tuple(one.number for one in counted),
        rubric=rubric.hash,
    )
