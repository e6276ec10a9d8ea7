"""Brightspace's download: a folder ``<number>-<number> - <name> - <month day, year time>`` for each attempt, and an index.html.

The second number is the student's. The date is written in the site's language and order. Of several attempts the newest counts;
where the dates of a student's attempts cannot be put in order, none of them is graded. The times are the site's clock without a
zone, so they tell attempts apart and say nothing of lateness.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator

from autograder.course.course import KnownFiles
from autograder.intake.gather import gathered
from autograder.intake.lms.attempts import Attempts
from autograder.intake.names import safe_id
from autograder.intake.tree import Tree, below
from autograder.model import Message, Submission
from autograder.text import line, shorten

TITLE = "Brightspace"
NAMED = re.compile(r"brightspace|d2l| download ", re.IGNORECASE)
BY_NAME = False
INDEX = "index.html"
_NAME = re.compile(r"(?P<folder>\d+)-(?P<id>\d+) - (?P<name>.+) - (?P<time>(?:(?! - ).)+)", re.DOTALL)
# A day beside a month's name, or a date in numbers; then hour and minute, which had a colon between them.
_TIME = re.compile(
    r"(?:(?P<day>\d{1,2})\.? (?:de )?(?P<month>[^\W\d]+)\.?,?(?: de)?|(?P<first>[^\W\d]+)\.? (?P<second>\d{1,2}),?)"
    r" (?P<year>\d{4}),? (?P<hour>\d{1,2})[-_.h]?(?P<minute>\d\d)(?: ?(?P<half>[AP])\.?M\.?)?"
    r"|(?P<iso>\d{4}-\d\d-\d\d) (?P<at>\d{1,2})[-_.h]?(?P<past>\d\d)",
    re.IGNORECASE,
)
# How the months begin in the languages that Brightspace has most readers in; without accents.
_MONTHS = (
    *("jan ene gen oca", "feb fev fevr sub", "mar maa maart", "apr avr abr nis", "may mai mag mei maj", "jun juin giu haz"),
    *("jul juil lug tem", "aug aou ago agu", "sep set eyl", "oct okt out ott eki", "nov kas", "dec dez dic ara"),
)


def fits(tree: Tree, name: str) -> tuple[int, list[str]]:
    """How many folders are named as Brightspace names them, and what else there is."""
    folders = list(tree.folders())
    others = [one for one in folders if not _dated(one)]
    return len(folders) - len(others), [*others, *(one.name for one in tree.files() if one.name != INDEX)]


def root(tree: Tree, name: str) -> Tree:
    return tree


def count(root: Tree, known: KnownFiles, where: str) -> int:
    """How many students handed in."""
    return len(_students(root).newest())


def collect(root: Tree, known: KnownFiles, where: str) -> Iterator[Submission]:
    """A submission for each student's number, ordered by it, out of the newest attempt."""
    students = _students(root)
    newest = students.newest()
    for id, files, notes in students.of_each():
        name, attempts = students.names.get(id, ""), students.shown(id)
        if len(attempts) > 1 and not newest[id][:1].isdigit():
            unclear = Message("intake.attempts_unclear", {"attempts": shorten(", ".join(attempts), 300)})
            yield Submission(safe_id(id), name, trouble=unclear)
        else:
            yield gathered(safe_id(id), name, files, known, notes, sure=True)


def _dated(name: str) -> bool:
    """Whether a folder is named as Brightspace names one: a year and a time of day stand behind the person's name."""
    match = _NAME.fullmatch(name)
    return match is not None and len(re.findall(r"\d+", match["time"])) >= 3 and bool(re.search(r"\d{4}", match["time"]))


def _students(root: Tree) -> Attempts:
    students = Attempts()
    for name, folder in root.folders().items():
        match = _NAME.fullmatch(name)
        if match is not None and _dated(name):
            students.names[match["id"]] = match["name"]
            students.add(match["id"], _sortable(match["time"]), line(match["time"])[:40], below(folder))
    return students


def _sortable(time: str) -> str:
    """A date in sortable form; one that cannot be read gets the prefix "?" and sorts last."""
    match = _TIME.fullmatch(" ".join(time.split()))
    if match is None:
        return f"? {time}"
    if match["iso"]:
        return f"{match['iso']} {int(match['at']):02}{match['past']}"
    word = unicodedata.normalize("NFD", (match["month"] or match["first"]).casefold())
    word = "".join(sign for sign in word if not unicodedata.combining(sign)).replace("ı", "i")
    month = next((at for at, starts in enumerate(_MONTHS, 1) if word.startswith(tuple(starts.split()))), 0)
    hour, half = int(match["hour"]), (match["half"] or "").upper()
    hour = hour % 12 + 12 * (half == "P") if half else hour
    day = int(match["day"] or match["second"])
    return f"{match['year']}-{month:02}-{day:02} {hour:02}{match['minute']}" if month else f"? {time}"
