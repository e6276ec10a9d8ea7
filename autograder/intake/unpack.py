"""From a submission's raw bytes to the texts that are graded. Nothing is run and nothing is written."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Sequence

from autograder.course.course import KnownFiles
from autograder.intake.archive import MAX_FILE, MAX_NOTEBOOK, Entry, Unreadable, entries
from autograder.model import Message, Sources, Submission
from autograder.text import line, shorten

IGNORED = ("__MACOSX", ".DS_Store", "__pycache__", "Thumbs.db")
NAMED = 10  # files that were left out, by name; then only how many
MAX_NOTES = 40  # of one submission's files; then only how many
MAX_DEPTH = 3  # folders above a known file, as archives of archives of folders come


def unpack(submission: Submission, known: KnownFiles) -> Sources:
    """The sources of a submission; where nothing can be graded, ``trouble`` says why. Never raises for its content."""
    if submission.trouble is not None:
        return Sources(trouble=submission.trouble)
    if not submission.packed:
        return _sorted(submission.files.items(), known, [])
    notes: list[Message] = []
    ((name, data),) = submission.files.items()
    try:
        chosen = _chosen(entries(data), known, notes)
    except Unreadable as trouble:
        return Sources(trouble=Message(trouble.key, {"file": line(name)[:100], **trouble.values}), notes=tuple(notes))
    return _sorted(chosen.items(), known, notes)


def _chosen(found: Iterable[Entry | str], known: KnownFiles, notes: list[Message]) -> dict[str, bytes]:
    """The known files of an archive, the shallowest of each name; everything else is named and left out."""
    chosen: dict[str, tuple[int, bytes]] = {}
    others: list[str] = []
    for entry in found:
        path = entry if isinstance(entry, str) else entry.path
        steps = [step for step in path.replace("\\", "/").split("/") if step not in ("", ".")]
        if not steps or steps[0] in IGNORED or steps[-1] in IGNORED or steps[-1].startswith("._") or "__pycache__" in steps:
            continue
        name = known_name(steps[-1], known)
        if isinstance(entry, str):
            notes.append(Message("intake.not_regular", {"file": _shown(path)}))
        elif ".." in steps or path.startswith("/") or "\0" in path:
            notes.append(Message("intake.outside", {"file": _shown(path)}))
        elif name is None or len(steps) - 1 > MAX_DEPTH:
            others.append(path)
        else:
            _take(chosen, name, len(steps), entry, notes)
    notes[:] = [*fewer(notes), *note_ignored(others, known)]
    return {name: data for name, (_, data) in chosen.items()}


def _take(chosen: dict, name: str, depth: int, entry: Entry, notes: list[Message]) -> None:
    if name in chosen and chosen[name][0] <= depth:
        notes.append(Message("intake.twice", {"file": _shown(entry.path)}))
        return
    try:
        data = entry.read(_most(name))
    except Unreadable as trouble:
        notes.append(Message(trouble.key, {**trouble.values, "file": _shown(entry.path)}))
        return
    if name in chosen:
        notes.append(Message("intake.twice", {"file": _shown(name)}))
    chosen[name] = (depth, data)


def known_name(name: str, known: KnownFiles) -> str | None:
    """The known name that a file's name stands for: itself, another case or Unicode form of it, or any notebook."""
    folded = unicodedata.normalize("NFC", name).casefold()
    if folded.endswith(".ipynb"):
        return "notebook.ipynb"
    return next((one for one in (*known.names, known.regrade) if one.casefold() == folded), None)


def _sorted(files: Iterable[tuple[str, bytes]], known: KnownFiles, notes: list[Message]) -> Sources:
    """Files by the role they have, as text."""
    texts: dict[str, str] = {}
    notebook = None
    for name, data in files:
        if len(data) > _most(name) and name == "notebook.ipynb":
            notes.append(Message("intake.notebook_too_large", {"file": name, "megabytes": MAX_NOTEBOOK >> 20}))
        elif len(data) > _most(name):
            notes.append(Message("intake.too_large", {"file": name, "kilobytes": _most(name) // 1024}))
        elif name == "notebook.ipynb":
            notebook = data
        else:
            text = _decoded(name, data, notes)
            if text is not None:
                texts[name] = text
    code = {stem: texts[f"{stem}.py"] for stem in known.stems if f"{stem}.py" in texts}
    sources = Sources(
        code, texts.get(known.answers), texts.get(known.written), notebook, texts.pop(known.regrade, None), tuple(notes)
    )
    if not texts and notebook is None:
        names = ", ".join(known.names)
        return Sources(notes=tuple(notes), trouble=Message("intake.nothing_known", {"names": names}))
    return sources


def _decoded(name: str, data: bytes, notes: list[Message]) -> str | None:
    encoding = "utf-16" if data.startswith((b"\xff\xfe", b"\xfe\xff")) else "utf-8-sig"
    try:
        text = data.decode(encoding)
    except UnicodeDecodeError as error:
        notes.append(Message("intake.not_text", {"file": name, "byte": error.start}))
        return None
    if encoding == "utf-16":
        notes.append(Message("intake.utf16", {"file": name}))
    if "\0" in text:
        notes.append(Message("intake.not_text", {"file": name, "byte": text.index("\0")}))
        return None
    return text


def _most(name: str) -> int:
    return MAX_NOTEBOOK if name.endswith(".ipynb") else MAX_FILE


def fewer(notes: Sequence[Message]) -> list[Message]:
    """The notes of files that were left out; of more than can be read the first, and how many more there are."""
    over = len(notes) - MAX_NOTES
    return [*notes[:MAX_NOTES], *([Message("intake.ignored_more", {"count": over})] if over > 0 else [])]


def _shown(path: str) -> str:
    return shorten(line(path), 100)


def note_ignored(paths: Iterable[str], known: KnownFiles) -> tuple[Message, ...]:
    """The notes for files that were left out; what was handed out with the homework is not worth one."""
    notes: list[Message] = []
    others = [path for path in paths if not known.handed_out(path)]
    for path in others[:NAMED]:
        notes.append(Message("intake.ignored", {"file": _shown(path)}))
    if len(others) > NAMED:
        notes.append(Message("intake.ignored_more", {"count": len(others) - NAMED}))
    return tuple(notes)
