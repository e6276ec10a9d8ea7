"""The source of every hand-in of a class as text, to be compared. Runs none of it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from autograder.course.course import Course
from autograder.intake.collect import collect
from autograder.intake.entries import Prefer
from autograder.intake.notebook.choice import opened
from autograder.intake.unpack import unpack

NOTEBOOK = "notebook"  # stands for a file's name where the source is a notebook's cells


def of_class(
    path: Path, course: Course, format: str = "", prefer: Prefer | None = None
) -> Iterator[tuple[str, dict[str, str]]]:
    """Each submission's id with its files by name, one after the other; a notebook's code cells as one."""
    for one in collect(path, course.known_files, format, prefer):
        sources, book = opened(unpack(one, course.known_files), course)
        files = {f"{stem}.py": source for stem, source in sources.code.items()}
        if book.cells:
            files[NOTEBOOK] = "\n".join(source for _, source in book.cells)
        yield one.id, files
