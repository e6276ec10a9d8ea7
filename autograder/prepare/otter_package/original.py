"""The hand-in as ``otter run`` was given it.

otter copies the package's files over the submission's, so a student's notebook of the package's own name is gone from
otter's folder and must be read where it came from. otter has changed its working folder by then: a relative path is
resolved against the shell's ``PWD``, and believed only where something shows that this is the folder otter was called in.
"""

from __future__ import annotations

import os
import zipfile
import zlib
from pathlib import Path

import click


def original(unpacked: Path, overwritten: str) -> Path | None:
    """The file named in the call; None where otter was called by a program, or nothing shows which file was meant.

    ``unpacked`` is otter's copy, in which ``overwritten`` is no longer the student's.
    """
    called = _params()
    named = called.get("submission")
    if not named:
        return None
    if Path(named).is_absolute():
        return Path(named)
    folder = Path(os.environ.get("PWD", "/nowhere"))
    path = folder / named
    if path.is_file() and (_same_package(folder, called.get("autograder")) or _same_files(path, unpacked, overwritten)):
        return path
    return None


def _params() -> dict[str, str]:
    context = click.get_current_context(silent=True)
    while context is not None:
        if "submission" in context.params:
            return context.params
        context = context.parent
    return {}


def _same_package(folder: Path, autograder: str | None) -> bool:
    """Whether the package named in the call is in its place; the path may be relative."""
    if not autograder or Path(autograder).is_absolute():
        return False
    return (folder / autograder).is_file()


def _same_files(path: Path, unpacked: Path, overwritten: str) -> bool:
    """Whether a zip holds what otter has unpacked: at least one file, every one the same."""
    if not zipfile.is_zipfile(path):
        return False
    with zipfile.ZipFile(path) as zip:
        entries = [entry for entry in zip.infolist() if not entry.is_dir() and entry.filename != overwritten]
        return bool(entries) and all(_crc(unpacked / entry.filename) == entry.CRC for entry in entries)


def _crc(path: Path) -> int | None:
    return zlib.crc32(path.read_bytes()) if path.is_file() and not path.is_symlink() else None
