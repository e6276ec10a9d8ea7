"""Names of files and people: which names are passed over, whose id a name gives, and when two names are the same."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable

from autograder.text import FORMULA, LETTERS, line, shorten

ARCHIVES = (".zip", ".tar.gz", ".tgz", ".tar")
FOREIGN = (".rar", ".7z", ".tar.bz2", ".tar.xz", ".gz", ".bz2", ".xz", ".zipx")  # archives that are not read
UNFINISHED = (".part", ".crdownload", ".download", ".partial", ".tmp")  # what a browser has not finished
TABLES = (".csv", ".tsv", ".xlsx", ".xls", ".ods", ".yml", ".yaml", ".db", ".log")  # an instructor's own, beside hand-ins
IGNORED = ("__MACOSX", ".DS_Store", "__pycache__", "Thumbs.db", "desktop.ini")
MAX_NAME = 200  # bytes of an id: a folder's name may have 255, and composing a name may make it three times as long
_INVISIBLE = dict.fromkeys((0x00AD, 0x200B, 0x2060, 0xFEFF))  # signs without width; U+200C belongs to Persian words
_NO_STUDENTS = re.compile(r"(?:read ?me|index|license)\b", re.IGNORECASE)


def passed_over(name: str) -> bool:
    """Whether an entry is hidden or left behind by a system, and so no part of any hand-in."""
    return name in IGNORED or name.startswith((".", "~$"))


def beside_a_class(name: str) -> bool:
    """Whether a file in a folder of hand-ins belongs to the instructor: a table or a read-me."""
    return name.lower().endswith(TABLES) or _NO_STUDENTS.match(name) is not None


def stem(name: str) -> str:
    """A file's name without the ending of an archive, a notebook or any other file."""
    for suffix in UNFINISHED:
        if name.lower().endswith(suffix):
            name = name[: -len(suffix)]
    for suffix in (".ipynb.txt", ".ipynb.json", *ARCHIVES, *FOREIGN, ".ipynb"):
        if name.lower().endswith(suffix):
            return name[: -len(suffix)]
    return re.sub(r"\.[A-Za-z0-9]{1,5}$", "", name)


def shown_path(path: str) -> str:
    """A path as a note shows it."""
    return shorten(line(path), 100)


def safe_id(name: str) -> str:
    """A student's id out of any text, made safe to be a folder's name itself."""
    name = unicodedata.normalize("NFC", line(name.translate(_INVISIBLE)))
    safe = "".join("_" if sign in '/\\:*?"<>|[]' or sign.isspace() else sign for sign in name)
    safe = re.sub(f"^[._'-]*'(?=[{re.escape(FORMULA)}])", "", safe).strip("._-")
    short = safe[:100].encode()[:MAX_NAME].decode(errors="ignore")
    return short.rstrip("._-") or "unnamed"


def fold(name: str) -> str:
    """The form in which names and ids are compared: without case, width, zero-width signs, with one ی, one ک and one digit 1."""
    name = unicodedata.normalize("NFKC", name).casefold()
    name = "".join(sign for sign in name if unicodedata.category(sign) != "Cf").translate(LETTERS)
    name = "".join(str(unicodedata.decimal(sign)) if sign.isdecimal() else sign for sign in name)
    return re.sub(r"[\s_]+", " ", unicodedata.normalize("NFC", name)).strip()


class Ids:
    """Ids of one class, no two of them alike. The ids that hand-ins really have are reserved before any is made up."""

    def __init__(self, reserved: Iterable[str] = ()):
        self._taken = {fold(id) for id in reserved}

    def made_up(self, id: str, number: int = 2) -> str:
        """The id with a number behind it, the first from ``number`` on that nobody has."""
        while fold(f"{id}-{number}") in self._taken:
            number += 1
        self._taken.add(fold(f"{id}-{number}"))
        return f"{id}-{number}"

    def unique(self, id: str) -> str:
        """The id itself where nobody has it, else one that is made up."""
        if fold(id) in self._taken:
            return self.made_up(id)
        self._taken.add(fold(id))
        return id
