"""Downloads of learning management systems, one system a module; here what they have in common and the table of them.

A download is known by what the system wrote, never by what a student could have. A zip or a folder that is named directly may
be one student's hand-in that only looks like a download, so its own name counts too (see ``System.claims``).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from autograder.course.course import KnownFiles
from autograder.intake.lms import blackboard, brightspace, canvas, gradescope, moodle, nbgrader
from autograder.intake.names import beside_a_class
from autograder.intake.tree import Tree
from autograder.model import Submission


class System(Protocol):
    """What a module of this package offers."""

    TITLE: str
    NAMED: re.Pattern[str]  # how the system, or a person, calls such a download
    # True if even a folder counts as a download only under such a name, since its contents could be one student's
    BY_NAME: bool

    def fits(self, tree: Tree, name: str) -> tuple[int, list[str]]:
        """How many entries at the top are named as the system names them, and which are not."""

    def root(self, tree: Tree, name: str) -> Tree:
        """Where the students are."""

    def count(self, root: Tree, known: KnownFiles, where: str) -> int:
        """How many submissions there will be."""

    def collect(self, root: Tree, known: KnownFiles, where: str) -> Iterator[Submission]:
        """A submission for each student, ordered by id. Raises ConvgradeError for a download that cannot be read."""


SYSTEMS: dict[str, System] = {
    "gradescope": gradescope,
    "moodle": moodle,
    "nbgrader": nbgrader,
    "canvas": canvas,
    "blackboard": blackboard,
    "brightspace": brightspace,
}
# Recognised and not read: the folder's or file's name by which each is known.
UNREAD = {
    "ILIAS": re.compile(r".+_\d{10}_\d+__exc_\d+|multi_feedback_.*|.+_[a-z0-9.]+_\d+", re.ASCII),
    "Sakai": re.compile(r".+\([^()]+\)"),
}
_DOWNLOAD = re.compile(r"submissions?\b|download|export|gradebook|bulk", re.IGNORECASE)


@dataclass(frozen=True)
class Claim:
    """That a tree is the download of a system. ``fitting``: how many entries fit; ``whole``: all do; ``named``: its own name too."""

    key: str
    fitting: int
    whole: bool
    named: bool

    @property
    def title(self) -> str:
        return SYSTEMS[self.key].TITLE


def claim(tree: Tree, name: str, *, zipped: bool) -> Claim | None:
    """Which system's download a tree may be; None where little in it is named as any of them names things."""
    for key, system in SYSTEMS.items():
        for top, called in tops(tree, name, zipped=zipped):
            fitting, others = system.fits(top, called)
            others = [one for one in others if not beside_a_class(one)]
            if fitting and fitting > len(others):
                must_be_named = system.BY_NAME or zipped
                named = not must_be_named or any(system.NAMED.search(one) or _DOWNLOAD.search(one) for one in (name, called))
                return Claim(key, fitting, not others, named)
    return None


def tops(tree: Tree, name: str, *, zipped: bool) -> Iterator[tuple[Tree, str]]:
    """Where a download may begin: at the top, and in a zip also in its only folder."""
    yield tree, name
    folders = tree.folders()
    if zipped and len(folders) == 1 and not tree.files():
        ((called, inner),) = folders.items()
        yield inner, called


def top_of(key: str, tree: Tree, name: str) -> Tree | None:
    """The root of the download, given that a person named the system; None if nothing fits."""
    for top, called in tops(tree, name, zipped=True):
        if SYSTEMS[key].fits(top, called)[0]:
            return SYSTEMS[key].root(top, called)
    return None


def unread(tree: Tree, path: Path) -> str:
    """The title of a system whose downloads are known and not read; "" for anything else."""
    files = {one.name for one in tree.files()}
    if "grades.csv" in files and any(UNREAD["Sakai"].fullmatch(name) for name in tree.folders()):
        return "Sakai"
    if any("Submission attachment(s)" in one.folders() for one in tree.folders().values()):
        return "Sakai"
    names = list(tree.folders())
    sheet = any(re.fullmatch(r"(?:status|feedback|exc_).*\.xlsx?", name) for name in files)
    if (
        names
        and (sheet or "Abgaben" in names or "submissions" in names)
        and all(UNREAD["ILIAS"].fullmatch(name) or name in ("Abgaben", "submissions") for name in names)
    ):
        return "ILIAS"
    return ""
