"""What is found on a disk: read only where it is a regular file of sane size, and named so that the name does no harm."""

from __future__ import annotations

import errno
import os
import stat
import unicodedata
from pathlib import Path

from autograder.model import Message
from autograder.text import line

ARCHIVES = (".zip", ".tar.gz", ".tgz", ".tar")
FOREIGN = (".rar", ".7z", ".tar.bz2", ".tar.xz", ".gz", ".bz2", ".xz")  # handed in all the same, and not read: told so
MAX_ARCHIVE = 32 << 20
MAX_NAME = 200  # bytes of an id: a folder's name may have 255, and composing a name may make it three times as long


def read_regular(path: Path, most: int) -> bytes:
    """The bytes of a regular file, at most ``most``. Raises OSError for a link, a device, a pipe, and what is larger."""
    flags = os.O_RDONLY | os.O_CLOEXEC | os.O_NONBLOCK | getattr(os, "O_NOFOLLOW", 0)
    descriptor = os.open(path, flags)
    with open(descriptor, "rb") as file:
        about = os.fstat(descriptor)
        if not stat.S_ISREG(about.st_mode):
            raise OSError(errno.EINVAL, "not a regular file")
        if about.st_size > most:
            raise TooLarge(most)
        return file.read(most)


class TooLarge(OSError):
    """What is raised for a file of more than ``most`` bytes."""

    def __init__(self, most: int):
        super().__init__(errno.EFBIG, f"larger than {most >> 20} MB")
        self.most = most


def trouble_of(error: OSError, name: str) -> Message:
    """The sentence for a file that could not be read."""
    shown = line(name)[:100]
    if error.errno in (errno.ELOOP, errno.EINVAL, errno.ENXIO):
        return Message("intake.not_regular", {"file": shown})
    if isinstance(error, TooLarge):
        kind = "notebook" if name.lower().endswith(".ipynb") else "file"
        return Message(f"intake.{kind}_too_large", {"file": shown, "megabytes": error.most >> 20})
    return Message("intake.unreadable", {"file": shown, "reason": str(error.strerror)})


def stem(name: str) -> str:
    """A file's name without the ending of an archive or a notebook."""
    for suffix in (*ARCHIVES, *FOREIGN, ".ipynb"):
        if name.lower().endswith(suffix):
            return name[: -len(suffix)]
    return name


def safe_id(name: str) -> str:
    """A student's id out of any text, made safe to be a folder's name itself."""
    name = unicodedata.normalize("NFC", line(name))
    safe = "".join("_" if sign in '/\\:*?"<>|[]' or sign.isspace() else sign for sign in name).strip("._-")
    short = safe[:100].encode()[:MAX_NAME].decode(errors="ignore")
    return short.rstrip("._-") or "unnamed"


def unique(id: str, taken: set[str]) -> str:
    """The id, with a number behind it where ``taken`` holds it already in any case; ``taken`` grows by it."""
    given, number = id, 2
    while given.casefold() in taken:
        given, number = f"{id}-{number}", number + 1
    taken.add(given.casefold())
    return given
