"""What was decided on the marking page, as marks: its readings are settled there, and enter the gradebook with the next grade."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path

from autograder.course.rubric import Rubric
from autograder.gradebook import marking_file, readings
from autograder.gradebook.marks import Marks
from autograder.model import Mark, Request

SOURCE = "convgrade mark"


def new(folder: Path, load: Callable[[], Mapping[str, Rubric]], marks: Marks) -> list[Mark]:
    """The marks that the page's readings come to and the gradebook does not have; one that was taken back has no points.

    ``load`` loads the rubrics, if somebody has read an answer on the page. A mark whose answer the page's file has not read, or
    whose part has no rubric any more, stays as it is. Raises ConvgradeError if the page's file or a rubric cannot be used.
    """
    newest: dict[tuple[str, str, str], Mark] = {}
    for mark in marks.all():
        if mark.source == SOURCE:
            newest[mark.id, mark.part, mark.text_hash] = mark
    settled = readings.settled(folder / marking_file.FILE, load)
    changed = []
    for key, one in settled.items():
        mark = _mark(key, one)
        before = newest.get(key)
        entered = None if before is None else (before.cents, before.criteria, before.comment, before.when)
        if mark.cents is not None and entered != (mark.cents, mark.criteria, mark.comment, mark.when):
            changed.append(mark)
    for (id, part, text), mark in newest.items():
        now = settled.get((id, part, text))
        if mark.cents is not None and now is not None and now.cents is None:
            changed.append(Mark(id, part, None, text, when=time.time(), source=SOURCE))
    return changed


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
