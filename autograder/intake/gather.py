"""One student's hand-in out of all the files there are, wherever they lie: raw bytes, nothing opened."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Sequence

from autograder.course.course import KnownFiles
from autograder.intake.archive import MAX_NOTEBOOK, Unreadable
from autograder.intake.known import fewer, note_ignored
from autograder.intake.likeness import base, likeness
from autograder.intake.names import ARCHIVES, FOREIGN, UNFINISHED, shown_path
from autograder.intake.tree import Found, trouble_of
from autograder.model import Message, Submission
from autograder.text import line, shorten

MAX_FILES = 2_000  # of one student that are looked at
MAX_KEPT = 200  # of those that may be the homework's
MAX_ARCHIVES = 5  # of one student that are opened
MAX_ARCHIVE = 32 << 20
MAX_BYTES = 64 << 20  # of one student's files together
APART = 60.0  # seconds between two files of which one is said to be newer; unpacking sets the times of all at once


def gathered(
    id: str,
    name: str,
    files: Iterable[Found],
    known: KnownFiles,
    notes: Sequence[Message] = (),
    handed_in: str = "",
    *,
    sure: bool = False,
) -> Submission:
    """The files that may be the homework's, by their path, and the archives. Never raises for what they hold.

    ``sure``: another system says whose they are. What is left out is noted. Of two archives that are versions of
    one (``hw3.zip``, ``hw3 (1).zip``) the newer is kept; if it is not clear which one is newer, the submission is not graded.
    """
    messages, others = list(notes), []
    taken: dict[str, bytes] = {}
    archives: list[tuple[Found, bytes]] = []
    room = MAX_BYTES
    trouble: Message | None = None
    for number, one in enumerate(files):
        if number >= MAX_FILES:
            messages.append(Message("intake.too_many_files", {"most": MAX_FILES}))
            break
        shown, lower = "/".join(one.steps), one.name.lower()
        packed = lower.endswith(ARCHIVES)
        if lower.endswith((*FOREIGN, *UNFINISHED)) and not packed:
            key = "intake.unfinished" if lower.endswith(UNFINISHED) else "intake.foreign"
            trouble = Message(key, {"file": shown_path(shown)})
            messages.append(trouble)
        elif packed and len(archives) < MAX_ARCHIVES and room:
            data = _bytes(one, MAX_ARCHIVE, messages)
            if data is not None:
                archives.append((one, data))
                room = max(0, room - len(data))
        elif likeness(line(one.name), known) and len(taken) < MAX_KEPT and room:
            data = _bytes(one, min(room, MAX_NOTEBOOK), messages)
            if data is not None:
                taken[line(shown)] = data
                room -= len(data)
        else:
            others.append(shown)
    kept, unclear = _newest(archives, messages)
    files_of_all = taken | {line("/".join(one.steps)): data for one, data in kept}
    present = {like.name for path in taken if (like := likeness(path.rsplit("/", 1)[-1], known))}
    missing = [one for one in known.names if one not in present] if not archives else []
    empty = not others and len(messages) == len(notes)
    messages = [*fewer(messages), *note_ignored(others, known, missing)]
    name = shorten(unicodedata.normalize("NFC", line(name)), 100)
    if not files_of_all:
        if len(messages) == len(notes) + 1 and not others:
            trouble = messages[-1]  # the only thing there was
        nothing = Message("intake.empty") if empty else Message("intake.nothing_known", {"names": ", ".join(known.names)})
        trouble = trouble or nothing
        messages = [note for note in messages if note != trouble]
    else:
        trouble = None
    return Submission(id, name, files_of_all, sure, handed_in, notes=tuple(messages), trouble=unclear or trouble)


def _newest(
    archives: list[tuple[Found, bytes]], messages: list[Message]
) -> tuple[list[tuple[Found, bytes]], Message | None]:
    """Of each group of versions the newest; and the trouble where two ways to tell contradict each other."""
    groups: dict[tuple, list[tuple[Found, bytes]]] = {}
    for one, data in archives:
        groups.setdefault((one.steps[:-1], base(one.name)[0] or one.name), []).append((one, data))
    kept, unclear = [], None
    for group in groups.values():
        by_name = max(group, key=lambda each: base(each[0].name)[1])
        by_time = max(group, key=lambda each: each[0].changed)
        differ = len({data for _, data in group}) > 1
        timed = all(one.changed for one, _ in group)
        told_by_time = timed and all(by_time is each or by_time[0].changed - each[0].changed > APART for each in group)
        if differ and told_by_time and by_time is not by_name:
            names = ", ".join(shown_path("/".join(one.steps)) for one, _ in group)
            unclear = Message("intake.versions", {"files": shorten(names, 300)})
        for one, data in group:
            if one is not by_name[0] and data != by_name[1]:
                messages.append(Message("intake.older", {"files": shown_path("/".join(one.steps))}))
        kept.append(by_name)
    return kept, unclear


def _bytes(one: Found, most: int, messages: list[Message]) -> bytes | None:
    shown = shown_path("/".join(one.steps))
    try:
        return one.read(most)
    except OSError as error:
        messages.append(trouble_of(error, shown))
    except Unreadable as error:
        messages.append(Message(error.key, {**error.values, "file": shown}))
    return None
