"""The source of every hand-in of a class as text, for who compares them. Nothing of it is run."""

from __future__ import annotations

from pathlib import Path

from autograder.course.course import Course
from autograder.intake.collect import collect
from autograder.intake.notebook import opened
from autograder.intake.unpack import unpack

NOTEBOOK = "notebook"  # stands for a file's name where the source is a notebook's cells


def of_class(path: Path, course: Course, format: str = "") -> dict[str, dict[str, str]]:
    """By id, the files of each submission by name; a notebook's code cells as one."""
    found = {}
    for one in collect(path, course.known_files, format):
        sources, book = opened(unpack(one, course.known_files), course)
        found[one.id] = {f"{stem}.py": source for stem, source in sources.code.items()}
        if book.cells:
            found[one.id][NOTEBOOK] = "\n".join(source for _, source in book.cells)
    return found
