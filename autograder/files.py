"""Writing results into a folder: one run at a time, every file complete or not at all, a clear message on a full disk."""

from __future__ import annotations

import fcntl
import io
import os
import stat
import zipfile
from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path

from autograder.errors import ConvgradeError

FOLDER, FILE = 0o700, 0o600
SAME_TIME = (2026, 1, 1, 0, 0, 0)  # of every file in a zip: the same files give the same bytes
RESULT = "results"  # what is written, unless somebody says otherwise
BOOKS = ("gradebook.sqlite", "pending.sqlite", "marking.sqlite")
TABLES = ("grades.csv", "diagnoses.csv", "criteria.csv")
PAGES = ("report.html", "atlas.html", "junit.xml")
FOLDERS = ("submissions", "exports", "feedback", "practice")
# What the commands write into a folder of results. SQLite has up to three files beside each book.
RESULTS = {*TABLES, *PAGES, *FOLDERS, *(f"{book}{end}" for book in BOOKS for end in ("", "-wal", "-shm", "-journal"))}


@contextmanager
def claimed(out: Path) -> Iterator[None]:
    """``out``, made where it is not there, is this run's alone; the claim ends with the process, however that ends.

    Raises ConvgradeError where it cannot be made or another run has it.
    """
    try:
        private(out)
        folder = os.open(out, os.O_RDONLY | os.O_DIRECTORY)
    except OSError as error:
        raise _unwritable(error, out) from error
    try:
        try:
            fcntl.flock(folder, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            todo = "Wait for that one to end, or choose another folder with --out."
            raise ConvgradeError("another run is grading into this folder", where=str(out), todo=todo) from None
        except OSError:  # a file system without locks: then the gradebook's own must do
            pass
        yield
    finally:
        os.close(folder)


def write(path: Path, data: bytes, what: str = RESULT) -> None:
    """Write a file atomically (a temporary file beside it, then renamed). Does nothing if it already has these bytes.

    Raises ConvgradeError, which says ``what`` could not be written.
    """
    beside = path.with_name(f".{path.name}.new")
    try:
        folder(path.parent)
        if _holds(path, data):
            path.chmod(FILE)
            return
        beside.unlink(missing_ok=True)
        with open(beside, "xb", opener=_mine) as file:
            file.write(data)
        os.replace(beside, path)
    except OSError as error:
        with suppress(OSError):
            beside.unlink()
        raise _unwritable(error, path, what) from error


def _holds(path: Path, data: bytes) -> bool:
    with suppress(FileNotFoundError):
        about = path.stat()
        return stat.S_ISREG(about.st_mode) and about.st_size == len(data) and path.read_bytes() == data
    return False


def zipped(contents: Mapping[str, bytes], programs: Collection[str] = ()) -> bytes:
    """A zip of these files by their names, in their order; those of ``programs`` are to be run."""
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in contents.items():
            entry = zipfile.ZipInfo(name, SAME_TIME)
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.external_attr = (0o755 if name in programs else 0o644) << 16
            archive.writestr(entry, content)
    return data.getvalue()


def private(out: Path) -> None:
    """Make a folder of results that nobody but its owner can enter: it holds everybody's points, and perhaps the reasons.

    One that is there already is closed to others, unless it belongs to somebody else or holds other things than results.
    """
    folder(out)
    mode = out.stat().st_mode & 0o7777
    if mode & 0o077 and out.stat().st_uid == os.geteuid() and not _shared(out):
        out.chmod(FOLDER)


def _shared(out: Path) -> bool:
    """A folder that is not of results alone, such as the one that the command is called in."""
    return any(not path.name.startswith(".") and path.name not in RESULTS for path in out.iterdir())


def folder(path: Path) -> None:
    """Make a folder and those above it that are missing, each for its owner alone."""
    if not path.is_dir():
        folder(path.parent)
        path.mkdir(mode=FOLDER, exist_ok=True)


def _mine(path: str, flags: int) -> int:
    return os.open(path, flags | os.O_NOFOLLOW, FILE)


def create_private(path: Path) -> None:
    """Create a missing file, empty and for its owner alone, so that a library can open it by itself."""
    os.close(os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, FILE))
    path.chmod(FILE)


def _unwritable(error: OSError, path: Path, what: str = RESULT) -> ConvgradeError:
    todo = "Make room, or give yourself permission to write there, and run again."
    if what == RESULT:
        todo = "Make room or choose another folder with --out, and run again; what is in the gradebook is kept."
    return ConvgradeError(f"{what} cannot be written: {error.strerror}", where=str(path), todo=todo)
