"""The written answers of a hand-in, wherever they stand, with their pictures; and what stands under no heading."""

from __future__ import annotations

from dataclasses import dataclass, field

from autograder.course.course import TEMPLATE, Course
from autograder.intake import pictures, written
from autograder.intake.notebook import Notebook, handed_out
from autograder.model import MOST_WRITTEN, Message, Picture, Sources
from autograder.text import line, shorten

A_TEXT = 8  # words; fewer are a name or a title


@dataclass(frozen=True)
class Essays:
    """The answers by the name of their part, the pictures likewise, and what is to be said of the rest."""

    answers: dict[str, str] = field(default_factory=dict)
    pictures: dict[str, tuple[Picture, ...]] = field(default_factory=dict)
    notes: tuple[Message, ...] = ()


def found(sources: Sources, book: Notebook, course: Course) -> Essays:
    """What ``written.md`` and the notebook say; of a part that both have, the notebook's.

    A text under no part's heading is offered to whoever marks at every part that has no text of its own, and is said.
    """
    names = course.written
    file = written.read([written.Text(sources.written or "")], names, _handed_out(course))
    cells = written.read(book.texts, names, handed_out(course).lines)
    answers = file.answers | cells.answers
    loose = "\n\n".join(filter(None, (file.unclaimed, cells.unclaimed)))
    notes = []
    if loose:
        count = len(loose.split())
        notes.append(Message("written.unclaimed", {"words": count, "text": shorten(line(loose), 200)}))
        if count >= A_TEXT:
            answers |= {name: loose for name in names if name not in answers}
    shown = dict(book.pictures)
    for name, text in answers.items():
        inline = pictures.attached(None, text)
        if inline:
            shown[name] = (*shown.get(name, ()), *inline)[: pictures.MOST]
            answers[name] = pictures.without_inline(text)
    return Essays({name: shorten(answers[name], MOST_WRITTEN) for name in names if name in answers}, shown, tuple(notes))


def _handed_out(course: Course) -> frozenset[str]:
    """The lines of the template's ``written.md``, stripped."""
    path = course.root / TEMPLATE / course.known_files.written
    try:
        return frozenset(line.strip() for line in path.read_text("utf-8").splitlines() if line.strip())
    except OSError:
        return frozenset()
