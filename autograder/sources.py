"""The source of every hand-in of a class as text, for who compares them. Nothing of it is run."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from autograder.collect import collect
from autograder.course import Course
from autograder.notebook import opened
from autograder.report.alike import NOTEBOOK
from autograder.unpack import unpack


def of_class(path: Path, course: Course) -> Iterator[tuple[str, dict[str, str]]]:
    """Each submission's id with its files by name, one after the other; a notebook's code cells as one."""
    for one in collect(path, course.known_files):
        sources, book = opened(unpack(one, course.known_files), course)
        found = {f"{stem}.py": source for stem, source in sources.code.items()}
        if book.cells:
            found[NOTEBOOK] = "\n".join(source for _, source in book.cells)
        yield one.id, found
