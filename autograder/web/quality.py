"""The leader's page: how far the marking is, how well people agree, and what only a person can settle."""

from __future__ import annotations

from collections import defaultdict
from functools import partial
from itertools import pairwise
from statistics import mean, median
from typing import Any

from autograder.gradebook.marking_file import Reading
from autograder.model import Language
from autograder.web import queue
from autograder.web.agreement import agreement
from autograder.web.answers import Answer
from autograder.web.desk import Desk
from autograder.web.page import words
from autograder.web.people import Marker
from autograder.web.shown import plain
from autograder.words import digits

BLOCKS = 10  # stretches of the marking order


def facts(desk: Desk, marker: Marker, language: Language) -> dict[str, Any]:
    """What the template shows."""
    return {
        "language": language,
        "direction": "rtl" if language == "fa" else "ltr",
        "words": words(language),
        "course": desk.course.config.title,
        "marker": marker.name,
        "parts": [_part(desk, part.id, part.name, marker, language) for part in desk.parts],
        "notes": [*desk.notes, *desk.trouble.values()],
        "number": partial(_number, language),
    }


def _part(desk: Desk, part: str, name: str, marker: Marker, language: Language) -> dict[str, Any]:
    answers = desk.answers[part]
    return {
        "name": name,
        "counts": queue.counts(desk, part, marker),
        "criteria": _criteria(desk, part, answers, language),
        "markers": _markers(desk, part, answers),
        "flags": [_flag(desk, one) for one in answers if (one.student, one.part) in desk.flags],
        "lists": {
            mode: [one.id for one in answers if queue.is_of(desk, one, mode)] for mode in ("settle", "again", "requests")
        },
    }


def _criteria(desk: Desk, part: str, answers: list[Answer], language: Language) -> list[dict[str, Any]]:
    """For each criterion the share met, and the agreement of those who read an answer without seeing each other's decisions."""
    rows = []
    for criterion in desk.rubrics[part].criteria:
        own = [
            [one.met[criterion.id].met for one in independent(desk, answer) if criterion.id in one.met] for answer in answers
        ]
        met = [
            settled.met[criterion.id] for one in answers if (settled := desk.settled(one)) and criterion.id in settled.met
        ]
        measured = agreement(own)
        share = sum(met) / len(met) if met else None
        text = getattr(criterion.text, language)
        rows.append(
            {
                "id": criterion.id,
                "text": text,
                "met": share,
                "units": measured.units,
                "raw": measured.raw,
                "alpha": measured.alpha,
            }
        )
    return rows


def independent(desk: Desk, answer: Answer) -> list[Reading]:
    """Each person's first reading of an answer, since later ones may be influenced by others. Repeats are left out."""
    first: dict[str, Reading] = {}
    for reading in desk.of(answer):
        if reading.kind in ("first", "calibration", "second") and reading.copy_of is None:
            first.setdefault(reading.who, reading)
    return list(first.values())


def _markers(desk: Desk, part: str, answers: list[Answer]) -> list[dict[str, Any]]:
    """Each person's pace, and the share of criteria that they found met along their way: a drift shows as a slope."""
    read: dict[str, list[Reading]] = defaultdict(list)
    for answer in answers:
        for reading in independent(desk, answer):
            read[reading.who].append(reading)
    rows = []
    for who, readings in sorted(read.items()):
        ordered = sorted(readings, key=lambda one: one.number)
        shares = [mean(one.met for one in reading.met.values()) for reading in ordered]
        seconds = [one.seconds for one in readings if one.seconds]
        rows.append(
            {
                "who": plain(who),
                "read": len(readings),
                "seconds": median(seconds) if seconds else None,
                "share": mean(shares),
                "drift": along(shares),
            }
        )
    return rows


def along(shares: list[float]) -> list[float]:
    """The mean share in each tenth of the marking order; fewer stretches where there are fewer answers."""
    blocks = min(BLOCKS, len(shares))
    bounds = [round(at * len(shares) / blocks) for at in range(blocks + 1)] if blocks else []
    return [sum(shares[low:high]) / (high - low) for low, high in pairwise(bounds)]


def _flag(desk: Desk, answer: Answer) -> dict[str, Any]:
    flag = desk.flags[answer.student, answer.part]
    return {"id": answer.id, "label": f"#{answer.id[:4]}", "who": flag.who, "note": plain(flag.note)}


def _number(language: Language, value: float, form: str = "d") -> str:
    """A number with the digits of the page's language."""
    return digits(format(value, form), language)
