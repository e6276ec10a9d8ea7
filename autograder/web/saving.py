"""What a marker decides becomes rows of ``marking.sqlite``."""

from __future__ import annotations

import time
from collections import Counter

from msgspec.structs import replace

from autograder.errors import ConvgradeError
from autograder.gradebook.marking_file import Decision, Flag, Kind, Reading
from autograder.gradebook.readings import DECISIVE
from autograder.marking.marks_table import MOST_COMMENT
from autograder.model import Struct
from autograder.text import clean, shorten
from autograder.web.answers import Answer
from autograder.web.desk import Desk
from autograder.web.people import Marker
from autograder.web.queue import Mode
from autograder.web.sheet import repeated

MOST_SECONDS = 3_600.0  # on one answer; whoever leaves the page open is not that slow


class Refused(ConvgradeError):
    """The page sent what cannot be saved, now or later. Any other error may pass, and the page tries again."""


class Save(Struct):
    """What the page sends when every criterion is decided."""

    save: str  # a number of the page's own: sent again after a failure, it counts once
    answer: str
    hash: str  # of the text that was on the page
    rubric: str  # hash of the rubric that was on the page
    met: dict[str, Decision]
    comment: str = ""
    seconds: float = 0.0
    mode: Mode = "mark"
    repeat: bool = False  # for every unread answer with the same text too


def save(desk: Desk, marker: Marker, sent: Save) -> list[Reading]:
    """Add the reading, and one for each answer that it is repeated for. Raises Refused for what the page cannot have sent."""
    answer = desk.by_id.get(sent.answer)
    if answer is None:
        raise Refused("this answer is not in the class any more", todo="Reload the page.")
    _check(desk, answer, sent)
    requests = desk.requests(answer) if sent.mode == "requests" else []
    first = Reading(
        student=answer.student,
        part=answer.part,
        text=sent.hash,
        rubric=sent.rubric,
        who=marker.name,
        at=time.time(),
        seconds=min(max(sent.seconds, 0.0), MOST_SECONDS),
        met=sent.met,
        comment=shorten(clean(sent.comment).strip(), MOST_COMMENT),
        kind=_kind(desk, answer, marker, sent.mode),
        request=max((one.number for one in requests), default=None),
        save=f"{marker.name}/{sent.save}",
    )
    equal = repeated(desk, answer) if sent.repeat and sent.hash == answer.hash else []
    rows = [first, *(replace(first, student=one.student, text=one.hash, seconds=0.0, request=None) for one in equal)]
    texts = {one.hash: one.text for one in (answer, *equal)}
    added = desk.file.add(rows, [(hash, text) for hash, text in texts.items() if hash in {row.text for row in rows}])
    desk.took(added)
    desk.leases.release(answer.id, marker.name)
    return added


def _check(desk: Desk, answer: Answer, sent: Save) -> None:
    rubric = desk.rubrics[answer.part]
    wanted = {one.id for one in rubric.criteria}
    if not sent.met or len(sent.met) > 20 or (sent.rubric == rubric.hash and sent.met.keys() != wanted):
        raise Refused("not every criterion is decided", todo="Reload the page.")
    texts = (sent.save, sent.hash, sent.rubric, *sent.met, *(one.sentence for one in sent.met.values()))
    if any(len(text) > 80 for text in texts) or not sent.save:
        raise Refused("the page cannot have sent this", todo="Reload the page.")


def _kind(desk: Desk, answer: Answer, marker: Marker, mode: Mode) -> Kind:
    readings = desk.of(answer)
    if mode == "requests":
        return "regrade"
    if mode == "settle" or any(one.kind in DECISIVE for one in readings):
        return "settling"
    if answer in desk.calibration(answer.part):
        return "calibration"
    return "second" if any(one.who != marker.name for one in readings) else "first"


def undo(desk: Desk, marker: Marker, part: str) -> Reading | None:
    """Take back this person's last save in a part, with what it was repeated for. Returns it; None where there is none."""
    own = [one for readings in desk.readings.values() for one in readings if one.who == marker.name and one.part == part]
    own = [one for one in own if (one.student, one.part) in desk.by_student]
    if not own:
        return None
    last = max(
        (one for one in own if one.copy_of is None), key=lambda one: one.number, default=max(own, key=lambda one: one.number)
    )
    desk.file.take_back((one.number for one in own if one.save == last.save), marker.name)
    desk.added()
    return last


def flag(desk: Desk, marker: Marker, answer: Answer, raised: bool, note: str) -> None:
    """Raise a flag with a note for whoever leads, or lower it."""
    text = shorten(clean(note).strip(), MOST_COMMENT)
    desk.file.flag(Flag(answer.student, answer.part, marker.name, time.time(), raised, text))
    desk.flags = desk.file.flags()


def comments(desk: Desk, part: str) -> list[str]:
    """What students were told about this question so far, the most used first."""
    own = (one for readings in desk.readings.values() for one in readings if one.part == part and one.comment)
    return [comment for comment, _ in Counter(one.comment for one in own if one.copy_of is None).most_common(50)]
