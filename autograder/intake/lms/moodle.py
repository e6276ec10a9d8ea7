"""Moodle's download of all submissions: ``<name>_<number>_assignsubmission_<kind>_``, a folder or the front of a file's name.

The word before the number is a full name, a group's name, or in blind marking the site's own word for participant, in its own
language; so only ``_<number>_assignsubmission_`` is looked for. The number is the one of the grading worksheet.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from autograder.course.course import KnownFiles
from autograder.intake.gather import gathered
from autograder.intake.names import Ids, beside_a_class, safe_id, stem
from autograder.intake.tree import Found, Tree, below
from autograder.model import Submission

TITLE = "Moodle"
NAMED = re.compile(r"moodle|-\d+(?:\.zip)?$", re.IGNORECASE)  # <course>-<assignment>-<number>.zip
BY_NAME = False

_MARK = re.compile(r"_(?P<id>\d+)_assignsubmission_[a-z]+(?=_|\Z)", re.ASCII)


@dataclass
class _Person:
    name: str
    numbered: bool = True
    trees: list[Tree] = field(default_factory=list)
    files: list[Found] = field(default_factory=list)

    def all(self) -> Iterator[Found]:
        yield from self.files
        for tree in self.trees:
            yield from below(tree)


def fits(tree: Tree, name: str) -> tuple[int, list[str]]:
    """How many entries bear Moodle's mark, and which do not."""
    names = [*tree.folders(), *(one.name for one in tree.files())]
    others = [one for one in names if not _MARK.search(one)]
    return len(names) - len(others), others


def root(tree: Tree, name: str) -> Tree:
    return tree


def count(root: Tree, known: KnownFiles, where: str) -> int:
    """How many people's submissions there are."""
    return len(_people(root))


def collect(root: Tree, known: KnownFiles, where: str) -> Iterator[Submission]:
    """A submission for each number, ordered by id as a number; what else lies there as in any folder of submissions, by its name."""
    people = _people(root)
    ids = Ids(id for id, person in people.items() if person.numbered)
    for id, person in sorted(people.items(), key=lambda item: (len(item[0]), item[0])):
        own = safe_id(id) if person.numbered else ids.unique(safe_id(id))
        yield gathered(own, person.name, person.all(), known, sure=True)


def _marks(name: str) -> list[re.Match[str]]:
    return list(_MARK.finditer(name))


def _owner(name: str, people: dict[str, _Person]) -> re.Match[str] | None:
    """The match that identifies a file's owner.

    A person's or a file's own name may look like Moodle's mark too, so take the first match whose number no differently named
    person has; failing that, the last.
    """
    marks = _marks(name)
    free = (mark for mark in marks if mark["id"] not in people or people[mark["id"]].name == name[: mark.start()])
    return next(free, marks[-1] if marks else None)


def _people(root: Tree) -> dict[str, _Person]:
    people: dict[str, _Person] = {}
    for name, folder in root.folders().items():
        mark = next(iter(_marks(name)[::-1]), None)  # the last: what stands before it is a person's own name
        id, person = (mark["id"], name[: mark.start()]) if mark else (f"{name}/", "")
        people.setdefault(id, _Person(person, mark is not None)).trees.append(folder)
    for one in sorted(root.files(), key=lambda one: len(_marks(one.name))):
        mark = _owner(one.name, people)
        if mark is not None:
            named = Found((one.name[mark.end() + 1 :] or one.name,), one.read)
            people.setdefault(mark["id"], _Person(one.name[: mark.start()])).files.append(named)
        elif not beside_a_class(one.name):
            people.setdefault(f"{stem(one.name)}/", _Person("", numbered=False)).files.append(one)
    names = {person.name for person in people.values() if person.name}
    if len(people) > 1 and len(names) == 1:  # one name for all is the site's word for participant
        for number, one_of_them in people.items():
            one_of_them.name = f"{one_of_them.name} {number}" if one_of_them.name else ""
    return people
