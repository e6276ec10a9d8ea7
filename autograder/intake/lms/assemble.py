"""What the downloads of a class have in common once a student's files are found: one submission of them, and times as text."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from autograder.course.course import KnownFiles
from autograder.intake.archive import MAX_NOTEBOOK, Unreadable
from autograder.intake.lms.download import Found
from autograder.intake.names import ARCHIVES, MAX_ARCHIVE, trouble_of
from autograder.intake.unpack import fewer, known_name, note_ignored, unpack
from autograder.model import Message, Sources, Submission
from autograder.text import line, shorten

MAX_FILES = 2_000  # of one student that are looked at
MAX_ARCHIVES = 5  # of one student that are opened
_TIME = re.compile(
    r"(\d{4}-\d\d-\d\d)[T ](\d\d:\d\d(?::\d\d)?)(?:[.,]\d+)?\s*(Z|UTC|GMT|[+-]\d\d(?::?\d\d)?|[A-Za-z]+/[A-Za-z_/+-]+)?",
    re.ASCII,
)


def assembled(
    id: str, name: str, files: Iterable[Found], known: KnownFiles, notes: Sequence[Message] = (), handed_in: str = ""
) -> Submission:
    """One student's submission out of all the files there are, the shallowest first. Never raises for what they hold.

    Known files count before those inside an archive, and an earlier archive before a later one.
    """
    said = list(notes)
    taken: dict[str, bytes] = {}
    archives: dict[str, bytes] = {}
    others: list[str] = []
    for number, one in enumerate(files):
        shown = "/".join(one.steps)
        if number >= MAX_FILES:
            said.append(Message("intake.too_many_files", {"most": MAX_FILES}))
            break
        own = known_name(one.name, known)
        packed = own is None and len(one.steps) <= 2 and one.name.lower().endswith(ARCHIVES) and len(archives) < MAX_ARCHIVES
        if own is None and not packed:
            others.append(shown)
        elif own in taken:
            said.append(Message("intake.twice", {"file": _shown(shown)}))
        else:
            data = _bytes(one, MAX_ARCHIVE if packed else MAX_NOTEBOOK, said)
            if data is not None:
                (archives if packed else taken)[line(shown) if packed else own] = data
    said = [*fewer(said), *note_ignored(others, known)]
    found_any = bool(others) or len(said) > len(notes)
    name = shorten(unicodedata.normalize("NFC", line(name)), 100)
    if len(archives) == 1 and not taken:
        return Submission(id, name, archives, packed=True, handed_in=handed_in, notes=tuple(said))
    for file, data in archives.items():
        _unpacked(file, data, known, taken, said)
    if taken:
        return Submission(id, name, taken, handed_in=handed_in, notes=tuple(said))
    trouble = Message("intake.nothing_known", {"names": ", ".join(known.names)}) if found_any else Message("intake.empty")
    return Submission(id, name, handed_in=handed_in, notes=tuple(said), trouble=trouble)


def _bytes(one: Found, most: int, said: list[Message]) -> bytes | None:
    shown = _shown("/".join(one.steps))
    try:
        return one.read(most)
    except OSError as error:
        said.append(trouble_of(error, shown))
    except Unreadable as error:
        said.append(Message(error.key, {**error.values, "file": shown}))
    return None


def _unpacked(file: str, data: bytes, known: KnownFiles, taken: dict[str, bytes], said: list[Message]) -> None:
    """Add the known files of an archive that is one of several files."""
    sources = unpack(Submission("", files={file: data}, packed=True), known)
    said += [*sources.notes, *([sources.trouble] if sources.trouble else [])]
    for name, inside in _files(sources, known).items():
        if name in taken:
            said.append(Message("intake.twice", {"file": _shown(f"{file}/{name}")}))
        else:
            taken[name] = inside


def _files(sources: Sources, known: KnownFiles) -> dict[str, bytes]:
    texts = {f"{stem}.py": text for stem, text in sources.code.items()}
    texts |= {known.answers: sources.answers, known.written: sources.written}
    files = {name: text.encode("utf-8", "replace") for name, text in texts.items() if text is not None}
    return files if sources.notebook is None else files | {"notebook.ipynb": sources.notebook}


def _shown(path: str) -> str:
    return shorten(line(path), 100)


def instant(text: str) -> str:
    """A point in time, as these systems write it, in ISO 8601 and UTC; "" where it is none. Without a zone it is UTC."""
    match = _TIME.fullmatch(text.strip()[:100])
    if match is None:
        return ""
    day, time, zone = match.groups()
    try:
        if zone is not None and "/" in zone:
            moment = datetime.fromisoformat(f"{day}T{time}").replace(tzinfo=ZoneInfo(zone))
        else:
            moment = datetime.fromisoformat(f"{day}T{time}{zone if zone and zone[0] in '+-' else '+00:00'}")
        return moment.astimezone(UTC).isoformat()
    except (ValueError, OverflowError, OSError, KeyError):  # ZoneInfo raises a KeyError for a zone there is not
        return ""
