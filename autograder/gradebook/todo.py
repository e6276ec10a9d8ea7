"""Whose work needs a person, and why: what grading could not settle by itself."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from autograder.gradebook.ledger import opened
from autograder.gradebook.marking_file import FILE, Flag, MarkingFile
from autograder.gradebook.marks import Marks
from autograder.gradebook.readings import Key
from autograder.gradebook.requests import Requests, answered
from autograder.marking import own_variant
from autograder.model import Mark, Message, Outcome, Request, Result

KINDS = (
    "unreadable",
    "not_graded",
    "request",
    "flag",
    "crashed",
    "timeout",
    "late",
    "twice",
    "variant",
    "read",
    "unmarked",
)  # the most pressing first


@dataclass(frozen=True)
class Todo:
    """One thing to be done for one submission. ``kind`` is one of ``KINDS``."""

    kind: str
    id: str
    name: str
    message: Message

    @property
    def rank(self) -> int:
        """The place of its kind among all."""
        return KINDS.index(self.kind)


def of_class(results: Iterable[Result], folder: Path) -> list[Todo]:
    """Everything left to do for the class whose results are in ``folder``."""
    flags, read = _of_the_page(folder / FILE)
    with opened(folder) as book:
        return of(results, Requests(book).all(), Marks(book).all(), flags, read)


def _of_the_page(path: Path) -> tuple[list[Flag], set[Key]]:
    """The flags raised on the marking page, and the answers that were read there."""
    if not path.is_file():
        return [], set()
    with MarkingFile(path) as file:
        return list(file.flags().values()), {(one.student, one.part, one.text) for one in file.standing()}


def of(
    results: Iterable[Result],
    requests: Collection[Request] = (),
    marks: Collection[Mark] = (),
    flags: Collection[Flag] = (),
    read: Collection[Key] = (),
) -> list[Todo]:
    """Everything left to do, the most pressing first. ``flags`` and ``read`` come from the marking page."""
    open_requests: dict[str, list[Request]] = {}
    for request in requests:
        if answered(request, marks) is None:
            open_requests.setdefault(request.id, []).append(request)
    raised: dict[str, list[Flag]] = {}
    for flag in flags:
        raised.setdefault(flag.student, []).append(flag)
    todos = [
        Todo(kind, result.id, result.name, message)
        for result in results
        for kind, message in _of(result, open_requests.get(result.id, []), raised.get(result.id, []), read)
    ]
    return sorted(todos, key=lambda one: (one.rank, one.id))


def _of(result: Result, requests: list[Request], flags: list[Flag], read: Collection[Key]) -> Iterator[tuple[str, Message]]:
    if result.status == "unreadable":
        yield "unreadable", (result.messages or (Message("intake.empty"),))[0]
    if result.status == "not graded":
        yield "not_graded", Message("todo.not_graded")
    for one in requests:
        words = {"part": one.part, "criterion": one.criterion or "–", "words": one.words, "source": one.source}
        yield "request", Message("todo.request", words)
    for flag in flags:
        yield "flag", Message("todo.flag", {"part": flag.part, "who": flag.who, "note": flag.note or "–"})
    for kind, outcome in (("crashed", Outcome.CRASHED), ("timeout", Outcome.TIMEOUT)):
        parts = [part.id for part in result.parts if part.outcome is outcome]
        if parts:
            yield kind, Message(f"todo.{kind}", {"parts": ", ".join(parts)})
    if any(message.key == "intake.late_mark" for message in result.messages):
        yield "late", Message("todo.late")
    for message in result.messages:
        if message.key in ("intake.same_name", "intake.same_id"):
            yield "twice", message
    for message in result.messages:
        if message.key in own_variant.ODD:
            yield "variant", Message(f"class.{message.key}")
    waiting = [part for part in result.parts if part.cents is None and part.name in result.written]
    on_the_page = [part.id for part in waiting if (result.id, part.id, result.texts.get(part.name, "")) in read]
    if on_the_page:
        yield "read", Message("todo.read", {"parts": ", ".join(on_the_page)})
    unmarked = [part.id for part in waiting if part.id not in on_the_page]
    if unmarked:
        yield "unmarked", Message("todo.unmarked", {"parts": ", ".join(unmarked)})
