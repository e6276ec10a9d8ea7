"""Parts that a student answered and that could not be graded: they are reported as that, never as not attempted.

A file that is there and cannot be read, a definition in a cell that failed, a stub left below the solved copy: what is asked
then finds nothing, which looks like nothing handed in.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping

from msgspec.structs import replace

from autograder.course.course import Course
from autograder.intake.defined import Twice, solved
from autograder.intake.notebook import Notebook
from autograder.model import Message, Outcome, Part, PartResult, Sources


def nothing(parts: Iterable[Part]) -> tuple[PartResult, ...]:
    """The parts of a hand-in that could not be opened.

    They earn nothing and carry no reason of their own; the hand-in's one reason covers them all.
    """
    return tuple(
        PartResult(part.id, part.cents, None, Outcome.AWAITING, messages=(Message("written.missing"),))
        if part.kind == "written"
        else PartResult(part.id, part.cents, 0, Outcome.UNREAD)
        for part in parts
    )


def explained(
    parts: Iterable[PartResult],
    sources: Sources,
    book: Notebook,
    failed: Collection[int],
    twice: Iterable[Twice],
    course: Course,
) -> tuple[PartResult, ...]:
    """The parts. One that only looks not attempted gets the reason instead. ``failed``: cells by number."""
    stubs = {one.name: one for one in twice if one.stub}
    cells = {number: source for number, source in book.cells if number in failed}
    whole = solved(sources, book)
    files = {f"{question.stem}.py": question.id for question in course.questions}
    unread = {files.get(name, name) for name in sources.unread}
    return tuple(_explained(part, stubs, cells, unread, whole, course) for part in parts)


def _explained(
    part: PartResult,
    stubs: Mapping[str, Twice],
    cells: Mapping[int, str],
    unread: Collection[str],
    whole: Collection[str],
    course: Course,
) -> PartResult:
    name, key = part.name, f"{part.question}.{part.name}"
    if part.kind == "code" and name in stubs and not part.cents:
        message = stubs[name].message
    elif part.outcome is not Outcome.NOT_ATTEMPTED:
        return part
    elif part.kind == "code" and part.question in unread:
        file = next(question.stem for question in course.questions if question.id == part.question)
        message = Message("check.file_unread", {"file": f"{file}.py"})
    elif part.kind == "numbers" and course.known_files.answers in unread:
        message = Message("check.file_unread", {"file": course.known_files.answers})
    elif (cell := _cell(cells, _place_of(part.kind, name, key))) is not None:
        message = Message("notebook.in_failed_cell", {"name": name if part.kind == "code" else key, "cell": cell})
    elif part.kind == "code" and name in whole:
        message = Message("check.calls_stub", {"name": name})
    else:
        return part
    return replace(part, outcome=Outcome.UNREAD, messages=(message,))


def _place_of(kind: str, name: str, key: str) -> re.Pattern[str]:
    """What a cell says where it defines the name of a part of code, or gives the key of a number."""
    if kind == "code":
        return re.compile(rf"^(?:def|class)[ \t]+{re.escape(name)}\b", re.MULTILINE)
    return re.compile(rf"[\"']{re.escape(key)}[\"']\s*(?:\]\s*=|:)")


def _cell(cells: Mapping[int, str], wanted: re.Pattern[str]) -> int | None:
    """The failed cell that defines a name or gives a key; the last of several."""
    return max((number for number, source in cells.items() if wanted.search(source)), default=None)
