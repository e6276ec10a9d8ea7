"""The written answers of a hand-in, in ``written.md`` or the notebook, with their pictures; and text under no part's heading."""

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
    """Answers and pictures by the name of their part, and notes on the text under no heading."""

    answers: dict[str, str] = field(default_factory=dict)
    pictures: dict[str, tuple[Picture, ...]] = field(default_factory=dict)
    notes: tuple[Message, ...] = ()


def read(sources: Sources, book: Notebook, course: Course) -> Essays:
    """The answers in ``written.md`` and in the notebook; for a part that both have, the notebook's.

    A text under no part's heading is shown to the marker at every part that has no text of its own, and the student gets a note.
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
