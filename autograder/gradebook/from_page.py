"""What was decided on the marking page, as marks: its readings are settled there, and enter the gradebook with the next grade."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path

from msgspec.structs import replace

from autograder.course.rubric import Rubric
from autograder.gradebook import marking_file, readings
from autograder.gradebook.marks import Marks
from autograder.marking import written_marks
from autograder.model import Mark, Request

SOURCE = "convgrade mark"


def new(folder: Path, load: Callable[[], Mapping[str, Rubric]], marks: Marks) -> list[Mark]:
    """The marks that the page's readings come to and the gradebook does not have; one that was taken back has no points.

    ``load`` loads the rubrics, if somebody has read an answer on the page. A mark whose answer the page's file has not read, or
    whose part has no rubric any more, stays as it is; so does one that a table has replaced. Raises ConvgradeError if the page's
    file or a rubric cannot be used.
    """
    stands: dict[readings.Key, Mark] = {}  # the mark that counts, wherever it came from
    entered: dict[readings.Key, Mark] = {}  # the last one from the page
    for mark in sorted(marks.all(), key=written_marks.age):
        key = (mark.id, mark.part, mark.text_hash)
        stands[key] = mark
        if mark.source == SOURCE:
            entered[key] = mark
    changed = []
    for key, one in readings.settled(folder / marking_file.FILE, load).items():
        mark, before = _mark(key, one), entered.get(key)
        if mark.cents is None:
            if before is not None and before is stands[key] and before.cents is not None:
                changed.append(Mark(*key[:2], None, key[2], when=time.time(), source=SOURCE))
        elif before is None or mark.when > before.when:
            changed.append(mark)
        elif before is stands[key] and _decided(mark) != _decided(before):
            changed.append(replace(mark, when=time.time()))  # a later reading was taken back: this one counts again
    return changed


def _decided(mark: Mark) -> tuple:
    return mark.cents, mark.criteria, mark.comment


def _mark(key: readings.Key, one: readings.Settled) -> Mark:
    id, part, text = key
    who = ", ".join(one.who)
    return Mark(id, part, one.cents, text, one.comment, dict(one.met), one.rubric, who, one.at, SOURCE)


def ask(folder: Path, requests: Iterable[Request]) -> None:
    """Show regrade requests on the marking page."""
    open_requests = [
        marking_file.Request(one.id, one.part, one.criterion, one.words, one.source, one.when or time.time())
        for one in requests
    ]
    if open_requests:
        with marking_file.MarkingFile(folder / marking_file.FILE) as file:
            file.ask_again(open_requests)
