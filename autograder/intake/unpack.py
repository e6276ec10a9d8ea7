"""From a submission's raw bytes to the texts that are graded. Nothing is run and nothing is written."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from autograder.course.course import KnownFiles
from autograder.intake.archive import MAX_FILE, MAX_NOTEBOOK, Entry, Unreadable, entries
from autograder.intake.encoding import NotText, text_of
from autograder.intake.known import Chosen, File, choose, fewer, note_ignored
from autograder.intake.likeness import NOTEBOOK, likeness
from autograder.intake.names import ARCHIVES, passed_over, shown_path
from autograder.intake.notebook import script
from autograder.intake.tree import MAX_DEPTH
from autograder.model import Message, Sources, Submission
from autograder.text import shorten

MAX_INNER = 5  # archives inside a student's archives that are opened
MAX_INNER_SIZE = 16 << 20
MAX_NOTEBOOKS = 5  # of one student that are looked into


def unpack(submission: Submission, known: KnownFiles) -> Sources:
    """The sources of a submission; where nothing can be graded, ``trouble`` says why. Never raises for its content."""
    if submission.trouble is not None:
        return Sources(trouble=submission.trouble)
    files: list[File] = []
    notes: list[Message] = []
    failed: list[Message] = []
    for path, data in submission.files.items():
        steps = tuple(path.split("/"))
        if not steps[-1].lower().endswith(ARCHIVES):
            files.append(File(steps, data))
            continue
        try:
            files += _Unpacking(known, notes).files(steps, data)
        except Unreadable as trouble:
            failed.append(Message(trouble.key, {"file": shown_path(path), **trouble.values}))
    chosen = choose(files, known, sure=submission.sure)
    notes = [*failed, *fewer([*notes, *chosen.notes])]
    if chosen.trouble is not None:
        return Sources(trouble=chosen.trouble, notes=tuple(notes))
    sources = _read(chosen, known, notes)
    if sources.trouble is not None and failed:
        return Sources(trouble=failed[0], notes=tuple(note for note in notes if note != failed[0]))
    return sources


class _Unpacking:
    """The files of one archive and of the archives in it that may be the homework's; what is left out is noted."""

    def __init__(self, known: KnownFiles, notes: list[Message]):
        self.known, self.notes = known, notes
        self.inner = MAX_INNER

    def files(self, above: tuple[str, ...], data: bytes, packed: int = 1) -> list[File]:
        """Raises Unreadable."""
        files: list[File] = []
        others: list[str] = []
        if not data:
            raise Unreadable("intake.no_bytes")
        for entry, steps in self._regular(entries(data), others):
            archive = steps[-1].lower().endswith(ARCHIVES)
            read = self._bytes(entry, MAX_INNER_SIZE if archive else _most(steps[-1], self.known))
            if read is None:
                continue
            if not archive:
                files.append(File((*above, *steps), read, packed))
                continue
            self.inner -= 1
            try:
                files += self.files((*above, *steps), read, packed + 1)
            except Unreadable as trouble:
                self.notes.append(Message(trouble.key, {"file": shown_path("/".join((*above, *steps))), **trouble.values}))
        if not files and not others and packed == 1 and not self.notes:
            raise Unreadable("intake.empty_archive")
        present = {like.name for file in files if (like := likeness(file.steps[-1], self.known))}
        missing = [name for name in self.known.names if name not in present]
        self.notes += note_ignored(others, self.known, missing)
        return files

    def _regular(self, all: Iterable[Entry | str], others: list[str]) -> Iterator[tuple[Entry, tuple[str, ...]]]:
        for entry in all:
            path = entry if isinstance(entry, str) else entry.path
            steps = tuple(step for step in path.replace("\\", "/").split("/") if step not in ("", "."))
            if not steps or any(step != ".." and passed_over(step) for step in steps):
                continue
            name, archive = steps[-1], steps[-1].lower().endswith(ARCHIVES)
            if isinstance(entry, str):
                self.notes.append(Message("intake.not_regular", {"file": shown_path(path)}))
            elif ".." in steps or path.startswith("/") or "\0" in path:
                self.notes.append(Message("intake.outside", {"file": shown_path(path)}))
            elif len(steps) - 1 > MAX_DEPTH or not ((archive and self.inner > 0) or likeness(name, self.known)):
                others.append(path)
            else:
                yield entry, steps

    def _bytes(self, entry: Entry, most: int) -> bytes | None:
        """What is larger than ``most`` comes a byte too long: the reader says so. A bomb ends the archive."""
        try:
            return entry.read(most)
        except Unreadable as trouble:
            if trouble.key == "intake.bomb":
                raise
            self.notes.append(Message(trouble.key, {**trouble.values, "file": shown_path(entry.path)}))
            return None


def _read(chosen: Chosen, known: KnownFiles, notes: list[Message]) -> Sources:
    """The chosen files by the role they have, as text."""
    texts = {name: text for name, file in chosen.files.items() if (text := _text(name, file, notes)) is not None}
    if texts and not any(text.strip() for text in texts.values()):
        files = shorten(", ".join(file.shown for file in chosen.files.values()), 300)
        notes.append(Message("intake.no_bytes", {"file": files}))
    notebooks: dict[str, bytes] = {}
    for file in chosen.notebooks:
        if len(file.data) > MAX_NOTEBOOK:
            notes.append(Message("intake.notebook_too_large", {"file": file.shown, "megabytes": MAX_NOTEBOOK >> 20}))
        elif len(notebooks) >= MAX_NOTEBOOKS:
            notes.append(Message("intake.ignored", {"file": file.shown}))
        elif file.steps[-1].lower().endswith(".py"):
            notebooks[file.shown] = script.notebook(file.data)
        else:
            notebooks[file.shown] = file.data
    regrade = texts.pop(known.regrade, None)
    if not texts and not notebooks:
        names = ", ".join(known.names)
        return Sources(notes=tuple(notes), trouble=Message("intake.nothing_known", {"names": names}))
    unread = tuple(name for name in chosen.files if name not in texts and name != known.regrade)
    code = {stem: texts[f"{stem}.py"] for stem in known.stems if f"{stem}.py" in texts}
    return Sources(
        code, texts.get(known.answers), texts.get(known.written), notebooks, unread, tuple(notes), regrade=regrade
    )


def _text(name: str, file: File, notes: list[Message]) -> str | None:
    if len(file.data) > MAX_FILE:
        notes.append(Message("intake.too_large", {"file": file.shown, "kilobytes": MAX_FILE // 1024}))
        return None
    try:
        text, encoding = text_of(file.data)
    except NotText as error:
        notes.append(Message("intake.not_text", {"file": file.shown, "byte": error.byte}))
        return None
    if encoding:
        notes.append(Message("intake.encoding", {"file": file.shown, "encoding": encoding}))
    return text


def _most(name: str, known: KnownFiles) -> int:
    like = likeness(name, known)
    return MAX_NOTEBOOK if like is not None and like.name == NOTEBOOK else MAX_FILE
