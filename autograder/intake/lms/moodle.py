"""Moodle's download of all submissions: ``<name>_<number>_assignsubmission_<kind>_``, a folder or the front of a file's name.

The word before the number is a full name, a group's name, or in blind marking the site's own word for participant, in its own
language; so only ``_<number>_assignsubmission_`` is looked for. The number is the one of the grading worksheet.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from autograder.course.course import KnownFiles
from autograder.intake.lms.assemble import assembled
from autograder.intake.lms.download import Found, Tree, below, candidate, opened, roots
from autograder.intake.names import safe_id, stem, unique
from autograder.model import Submission

_MARK = re.compile(r"_(?P<id>\d+)_assignsubmission_[a-z]+(?=_|\Z)", re.ASCII)


@dataclass
class _Person:
    name: str
    trees: list[Tree] = field(default_factory=list)
    files: list[Found] = field(default_factory=list)

    def all(self) -> Iterator[Found]:
        yield from self.files
        for tree in self.trees:
            yield from below(tree)


def recognised(path: Path) -> bool:
    """Whether anything at the top is named as Moodle names it; no other system writes such names."""
    with opened(path) as tree:
        return _root(tree) is not None


def count(path: Path, known: KnownFiles) -> int:
    """How many people's submissions there are."""
    with opened(path) as tree:
        return len(_people(_root(tree)))


def collect(path: Path, known: KnownFiles) -> Iterator[Submission]:
    """A submission for each number, ordered by it; what else lies there as in any folder of submissions, by its name."""
    with opened(path) as tree:
        taken: set[str] = set()
        for id, person in sorted(_people(_root(tree)).items(), key=lambda item: (len(item[0]), item[0])):
            yield assembled(unique(safe_id(id), taken), person.name, person.all(), known)


def _root(tree: Tree | None) -> Tree | None:
    for root in roots(tree):
        if any(_MARK.search(name) for name in (*root.folders(), *(one.name for one in root.files()))):
            return root
    return None


def _marks(name: str) -> list[re.Match[str]]:
    return list(_MARK.finditer(name))


def _owner(name: str, people: dict[str, _Person]) -> re.Match[str] | None:
    """The mark in a file's name that says whose it is. A person may be named like another's mark, and a file as well.

    So it is the first that nobody of another name has; of one that all have, the last.
    """
    marks = _marks(name)
    free = (mark for mark in marks if mark["id"] not in people or people[mark["id"]].name == name[: mark.start()])
    return next(free, marks[-1] if marks else None)


def _people(root: Tree) -> dict[str, _Person]:
    people: dict[str, _Person] = {}
    for name, folder in root.folders().items():
        mark = next(iter(_marks(name)[::-1]), None)  # the last: what stands before it is a person's own name
        id, person = (mark["id"], name[: mark.start()]) if mark else (name, "")
        people.setdefault(id, _Person(person)).trees.append(folder)
    for one in sorted(root.files(), key=lambda one: len(_marks(one.name))):
        mark = _owner(one.name, people)
        if mark is not None:
            named = Found((one.name[mark.end() + 1 :] or one.name,), one.read)
            people.setdefault(mark["id"], _Person(one.name[: mark.start()])).files.append(named)
        elif candidate(one.name):
            people.setdefault(stem(one.name), _Person("")).files.append(one)
    names = {person.name for person in people.values() if person.name}
    if len(people) > 1 and len(names) == 1:  # one name for all is the site's word for participant
        for id, person in people.items():
            person.name = f"{person.name} {id}" if person.name else ""
    return people
