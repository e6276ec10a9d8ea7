"""Results in a folder: one run at a time, each file whole or not at all, and a clear word where there is no room."""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from autograder.errors import ConvgradeError


@contextmanager
def claimed(out: Path) -> Iterator[None]:
    """``out``, made where it is not there, is this run's alone; the claim ends with the process, however that ends.

    Raises ConvgradeError where it cannot be made or another run has it.
    """
    try:
        out.mkdir(parents=True, exist_ok=True)
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


def write(path: Path, data: bytes) -> None:
    """Write a file: beside, then renamed. Nothing is done where it has these bytes. Raises ConvgradeError."""
    beside = path.with_name(f".{path.name}.new")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        if path.is_file() and path.read_bytes() == data:
            return
        beside.write_bytes(data)
        os.replace(beside, path)
    except OSError as error:
        with suppress(OSError):
            beside.unlink()
        raise _unwritable(error, path) from error


def _unwritable(error: OSError, path: Path) -> ConvgradeError:
    todo = "Make room or choose another folder with --out, and run again; what is in the gradebook is kept."
    return ConvgradeError(f"results cannot be written: {error.strerror}", where=str(path), todo=todo)
