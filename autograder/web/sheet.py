"""What a marker sees of one answer: never who wrote it, and who else read it only where that cannot bias anybody."""

from __future__ import annotations

from typing import Any

from autograder.gradebook.marking_file import Decision, Reading
from autograder.gradebook.readings import counting
from autograder.intake.pictures import kind
from autograder.web.answers import Answer
from autograder.web.desk import Desk
from autograder.web.people import Marker
from autograder.web.queue import Mode
from autograder.web.same import SIMILAR, differences, likeness
from autograder.web.shown import markdown, plain

MOST_SIMILAR = 5


def of(desk: Desk, answer: Answer, marker: Marker, mode: Mode) -> dict[str, Any]:
    """The answer as JSON for the page."""
    mine = desk.mine(answer, marker.name)
    met, comment = _start(desk, answer, mine, mode)
    flag = desk.flags.get((answer.student, answer.part))
    settled = desk.settled(answer)
    return {
        "id": answer.id,
        "label": f"#{answer.id[:4]}",
        "hash": answer.hash,
        "shown": markdown(answer.text),
        "typed": plain(answer.text),
        "empty": not answer.text.strip() and not answer.pictures,
        "words": len(answer.text.split()),
        "pictures": [at for at, picture in enumerate(answer.pictures) if is_picture(picture.type, picture.data)],
        "unshown": sum(not is_picture(picture.type, picture.data) for picture in answer.pictures),
        "equal": len(desk.equal(answer)),
        "repeat": len(repeated(desk, answer)) if mode == "mark" else 0,
        "met": met,
        "comment": comment,
        "read": mine is not None,
        "calibration": answer in desk.calibration(answer.part),
        "flag": {"who": flag.who, "note": plain(flag.note), "typed": flag.note} if flag else None,
        "held": desk.leases.others(answer.id, marker.name),
        "earlier": [_earlier(desk, answer, one) for one in counting(desk.earlier(answer))],
        "colleagues": _colleagues(desk, answer, marker, mode),
        "requests": [{"criterion": one.criterion, "words": plain(one.words)} for one in desk.requests(answer)],
        "said": plain(settled.comment) if settled and mode in ("requests", "again") else [],
        "again": [*settled.stale, *settled.missing] if settled and mode == "again" else [],
    }


def _start(desk: Desk, answer: Answer, mine: Reading | None, mode: Mode) -> tuple[dict[str, bool], str]:
    """The decisions that the page begins with: only what is in question is undecided."""
    settled = desk.settled(answer)
    if mode in ("mark", "flagged") or settled is None:
        return (_plain(mine.met), mine.comment) if mine else ({}, "")
    criteria = {one.criterion for one in desk.requests(answer)} if mode == "requests" else set()
    known = {id: met for id, met in settled.met.items() if id not in criteria and id not in settled.stale}
    return known, settled.comment if mode == "settle" else mine.comment if mine and mode == "again" else ""


def _plain(met: dict[str, Decision]) -> dict[str, bool]:
    return {id: decision.met for id, decision in met.items()}


def _earlier(desk: Desk, answer: Answer, reading: Reading) -> dict[str, Any]:
    """A reading of what the student handed in before, and how the text differs from that one."""
    before = desk.file.text(reading.text)
    pieces = [[kind, plain(text)] for kind, text in differences(before, answer.text)] if before else []
    return {"met": _plain(reading.met), "comment": plain(reading.comment), "pieces": pieces}


def _colleagues(desk: Desk, answer: Answer, marker: Marker, mode: Mode) -> list[dict[str, Any]]:
    """Others' readings: to whoever settles them, and to whoever has read the answer too. Never with a regrade request."""
    if mode == "requests" or (mode != "settle" and desk.mine(answer, marker.name) is None):
        return []
    readings = {one.who: one for one in desk.of(answer) if mode == "settle" or one.who != marker.name}
    return [{"who": one.who, "met": _plain(one.met), "comment": plain(one.comment)} for one in readings.values()]


def repeated(desk: Desk, answer: Answer) -> list[Answer]:
    """The answers with the same text, spelling aside, that nobody has read."""
    return [one for one in desk.equal(answer) if not desk.of(one)]


def similar(desk: Desk, answer: Answer, marker: Marker) -> list[dict[str, Any]]:
    """The answers most like this one, the most like first, with what differs and how this person read them. Nothing is filled in."""
    equal = {one.id for one in desk.equal(answer)}
    others = [one for one in desk.answers[answer.part] if one.id != answer.id and one.id not in equal and one.text]
    by_likeness = sorted(
        ((likeness(answer.text, one.text), one.id, one) for one in others), key=lambda row: (-row[0], row[1])
    )
    seen: set[str] = set()
    rows: list[dict[str, Any]] = []
    for share, _, one in by_likeness:
        if share < SIMILAR or len(rows) == MOST_SIMILAR:
            break
        if one.hash not in seen:
            seen.add(one.hash)
            mine = desk.mine(one, marker.name)
            pieces = [[kind, plain(text)] for kind, text in differences(answer.text, one.text)]
            rows.append(
                {
                    "label": f"#{one.id[:4]}",
                    "percent": round(100 * share),
                    "pieces": pieces,
                    "met": _plain(mine.met) if mine else None,
                }
            )
    return rows


def is_picture(type: str, data: bytes) -> bool:
    """Whether it is a picture of a kind that the page shows, by its first bytes as well as by its name."""
    return type == kind(data)
