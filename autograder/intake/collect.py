"""Finding submissions under a path: one at a time, raw bytes only, nothing opened that is not a regular file.

What another system exported is recognised by its names (``formats/*``); everything else is a folder of submissions, each a
folder, an archive or a notebook, known by its name.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

from msgspec.structs import replace

from autograder.course.course import KnownFiles
from autograder.errors import ConvgradeError
from autograder.intake.archive import MAX_NOTEBOOK
from autograder.intake.lms import canvas, gradescope, gradescope_container, moodle, nbgrader
from autograder.intake.names import ARCHIVES, FOREIGN, MAX_ARCHIVE, read_regular, safe_id, stem, trouble_of, unique
from autograder.intake.unpack import IGNORED, fewer, known_name, note_ignored
from autograder.model import Message, Submission
from autograder.text import line

MAX_ENTRIES = 2_000  # of a folder that is looked through
# What other systems export, the surest to be told first. Each: ``recognised(path)``, ``collect`` and ``count``.
FORMATS = (gradescope_container, gradescope, moodle, nbgrader, canvas)


def collect(path: Path, known: KnownFiles) -> Iterator[Submission]:
    """Every submission under ``path``, ordered by id; or the one that ``path`` is. Raises ConvgradeError for no path.

    Each is read only when it is asked for. A hand-in that cannot be read is a Submission with ``trouble``.
    """
    path = Path(path)
    if not path.exists():
        raise ConvgradeError(
            "there is no such file or folder", where=str(path), todo="Name a submission or a folder of them."
        )
    exported = _format(path, known)
    if exported is not None:
        yield from exported.collect(path, known)
        return
    if is_one(path, known):
        yield read(path, identity(path), known)
        return
    taken: set[str] = set()
    for found in sorted(
        (one for one in path.iterdir() if _may_be_submission(one)), key=lambda one: (identity(one), one.name)
    ):
        given = identity(found)
        id = unique(given, taken)
        one = read(found, id, known)
        if id != given:
            told = Message("intake.same_name", {"file": line(found.name)[:100], "id": id})
            one = replace(one, notes=(*one.notes, told))
        yield one


def count(path: Path, known: KnownFiles) -> int:
    """How many submissions ``collect`` will give, without reading one."""
    path = Path(path)
    exported = _format(path, known)
    if exported is not None:
        return exported.count(path, known)
    if not path.is_dir() or is_one(path, known):
        return 1
    return sum(map(_may_be_submission, path.iterdir()))


def is_one(path: Path, known: KnownFiles) -> bool:
    """Whether ``path`` itself is a submission rather than a folder of them.

    A file of the homework says so; a notebook does where it is the only one and nothing else may be a submission. Raises
    ConvgradeError for a file of the homework that lies among several hand-ins: nobody else's would be graded.
    """
    if not path.is_dir():
        return True
    inside = list(path.iterdir())
    stray = [one for one in inside if not one.is_dir() and known_name(one.name, known) in known.names]
    if stray:
        hand_ins = [
            one for one in inside if one.is_dir() and any(known_name(o.name, known) in known.names for o in _listed(one))
        ]
        if len(hand_ins) > 1:
            what = f"{line(stray[0].name)} lies among {len(hand_ins)} hand-ins"
            raise ConvgradeError(what, where=str(path), todo="Move it into its student's folder, or away.")
        return True
    notebooks = [one for one in inside if not one.is_dir() and one.name.lower().endswith(".ipynb")]
    others = [one for one in inside if one not in notebooks and _may_be_submission(one)]
    return len(notebooks) == 1 and not any(_holds_known(one, known) if one.is_dir() else True for one in others)


def _holds_known(folder: Path, known: KnownFiles) -> bool:
    return any(known_name(one.name, known) for one in _listed(folder))


def identity(path: Path) -> str:
    """The student's id in a name: the file's or folder's stem, made safe to be a folder's name itself."""
    return safe_id(path.name if path.is_dir() and not path.is_symlink() else stem(path.name))


def _format(path: Path, known: KnownFiles):
    """The module that knows this download; None for a plain folder of submissions and for a single one."""
    if path.is_dir() and any(known_name(name, known) in known.names for name in os.listdir(path)):
        return None  # files of the homework at its very top: one submission, whatever else lies there
    return next((format for format in FORMATS if format.recognised(path)), None)


def _may_be_submission(path: Path) -> bool:
    if path.name in IGNORED or path.name.startswith("."):
        return False
    return path.is_dir() or path.name.lower().endswith((*ARCHIVES, *FOREIGN, ".ipynb"))


def read(path: Path, id: str, known: KnownFiles) -> Submission:
    """One submission's raw bytes. Never raises for what is found there."""
    if path.is_dir() and not path.is_symlink():
        return _folder(path, id, known)
    try:
        most = MAX_NOTEBOOK if path.name.lower().endswith(".ipynb") else MAX_ARCHIVE
        data = read_regular(path, most)
    except OSError as error:
        return Submission(id, trouble=trouble_of(error, path.name))
    if path.name.lower().endswith(".ipynb"):
        return Submission(id, files={"notebook.ipynb": data})
    return Submission(id, files={line(path.name): data}, packed=True)


def _folder(path: Path, id: str, known: KnownFiles) -> Submission:
    files: dict[str, bytes] = {}
    notes: list[Message] = []
    others: list[str] = []
    archives: list[Path] = []
    for found in _shallow(path):
        if found.name.lower().endswith(ARCHIVES) and not found.is_dir():
            archives.append(found)
        name = known_name(found.name, known)
        if name is None:
            if not found.is_dir():
                others.append(str(found.relative_to(path)))
            continue
        if name in files:
            notes.append(Message("intake.twice", {"file": line(str(found.relative_to(path)))}))
            continue
        try:
            files[name] = read_regular(found, MAX_NOTEBOOK)
        except OSError as error:
            notes.append(trouble_of(error, found.name))
    notes = [*fewer(notes), *note_ignored(others, known)]
    trouble = None
    if not files and len(archives) == 1:  # handed in as it was packed
        return read(archives[0], id, known)
    if not files:
        names = ", ".join(known.names)
        trouble = Message("intake.nothing_known", {"names": names}) if others or notes else Message("intake.empty")
    return Submission(id, files=files, notes=tuple(notes), trouble=trouble)


def _shallow(path: Path) -> Iterator[Path]:
    """Entries of a folder and, where it holds no known file itself, one folder down; its own first, in order of names."""
    below = []
    for number, found in enumerate(sorted(_listed(path))):
        if number >= MAX_ENTRIES:
            return
        if found.is_dir() and not found.is_symlink():
            below.append(found)
        else:
            yield found
    for folder in below:
        for number, found in enumerate(sorted(_listed(folder))):
            if number >= MAX_ENTRIES:
                break
            yield found


def _listed(folder: Path) -> list[Path]:
    try:
        return [folder / name for name in os.listdir(folder) if name not in IGNORED and not name.startswith(".")]
    except OSError:
        return []
