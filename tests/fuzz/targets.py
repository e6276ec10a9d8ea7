"""What reads a submission on the trusted side, each as a function of bytes that raises only for a broken promise."""

from __future__ import annotations

import io
import math
import shutil
import tempfile
import unicodedata
from collections.abc import Iterable, Iterator
from contextlib import suppress
from functools import cache
from pathlib import Path
from typing import Any

import msgspec
import numpy as np

from autograder.course.course import KnownFiles
from autograder.errors import ConvgradeError
from autograder.intake import answer_sheet as sheets
from autograder.intake import notebook as notebooks
from autograder.intake import unpack, written
from autograder.intake.archive import MAX_FILE, MAX_NOTEBOOK
from autograder.intake.collect import collect
from autograder.intake.encoding import NotText, text_of
from autograder.model import LANGUAGES, Message, Sources, Submission
from autograder.wall.shared import wire as wires
from autograder.wall.shared.frames import Incoming
from autograder.words import say, sentences
from tests.fuzz import after, recipes
from tests.fuzz.promise import Watch, holds

KNOWN = KnownFiles(("q1_one", "q2_two"))
KEYS = ("q1.a", "q1.b", "q2.a")
ESSAYS = ("w1", "w2")
MOST_NOTES = 400
SECRET = b"SECRET = 'of the marker'\n"


# ---- the channel


def wire(data: bytes, watch: Watch) -> None:
    """A header, a line break and a payload, twice in one stream that comes in pieces; the first bytes as a frame's lengths."""
    try:
        header, payload = wires.lengths(data[: wires.PREFIX.size].ljust(wires.PREFIX.size, b"\0"), 1 << 25)
        holds(header <= wires.MAX_HEADER and payload <= 1 << 25, "lengths over the caps")
    except wires.WireError:
        pass
    header, _, payload = data.partition(b"\n")
    stream = io.BytesIO(2 * (wires.PREFIX.pack(len(header), len(payload)) + header + payload))
    piece = 1 << (len(data) % 12)
    incoming = Incoming(1 << 25)
    with watch():
        try:
            value, again = (wires.decode(*incoming.frame(lambda memory: stream.readinto(memory[:piece]))) for _ in range(2))
        except wires.WireError:
            return
    holds(_same(value, again), "the second of two frames is another")
    items, arrays = _measured(value)
    holds(items <= wires.MAX_ITEMS, "more items than the cap")
    holds(arrays == len(payload), "arrays of another size than the payload")
    _, header, *pieces = wires.encode(value)
    holds(_same(wires.decode(header, b"".join(pieces)), value), "encoded and decoded it is another value")


def _measured(value: Any, depth: int = 0) -> tuple[int, int]:
    """How many items and how many bytes of arrays; on the way, that each has exactly a builtin type."""
    holds(depth <= wires.MAX_DEPTH, "nested more deeply than the cap")
    if type(value) in (list, tuple, dict):
        if type(value) is dict:
            holds(all(type(key) is str for key in value), "a key that is no str")
        inner = [_measured(item, depth + 1) for item in (value.values() if type(value) is dict else value)]
        return 1 + sum(items for items, _ in inner), sum(size for _, size in inner)
    if type(value) is np.ndarray:
        holds(value.dtype in wires.NAMES and value.ndim <= wires.MAX_DIMENSIONS, "an array of another kind")
        holds(value.flags.behaved, "an array that is not aligned or cannot be written to")
        return 1, value.nbytes
    if type(value) is wires.Opaque:
        holds(type(value.type) is str and len(value.type) <= 200, "an opaque type's name")
        holds(value.handle is None or (type(value.handle) is int and abs(value.handle) < 2**63), "an opaque handle")
        return 1, 0
    holds(value is None or type(value) in (bool, int, float, str), f"a {type(value).__name__}")
    if type(value) is int:
        holds(value.bit_length() <= 4 * wires.MAX_DIGITS, "an integer over the cap")
    return 1, 0


def _same(a: Any, b: Any) -> bool:
    if type(a) is not type(b):
        return False
    if type(a) is np.ndarray:
        return a.dtype == b.dtype and a.shape == b.shape and a.tobytes() == b.tobytes()
    if type(a) in (list, tuple):
        return len(a) == len(b) and all(map(_same, a, b))
    if type(a) is dict:
        return list(a) == list(b) and all(_same(a[key], b[key]) for key in a)
    return a == b or (type(a) is float and math.isnan(a) and math.isnan(b))


# ---- archives and folders


def archive(data: bytes, watch: Watch) -> None:
    """Bytes as they are, handed in as an archive."""
    _opened(data, watch)


def packed(data: bytes, watch: Watch) -> None:
    """An archive of chosen entries: what is taken was a regular file below the folder, unless the archive was damaged."""
    made, regular, whole = recipes.archive(recipes.Recipe(data))
    sources = _opened(made, watch)
    if whole:
        good = {item.content for item in regular if not item.upwards}
        holds(set(_texts(sources)) <= set(_decoded(good)), "a text that no regular file below the folder holds")
        holds(set(sources.notebooks.values()) <= good, "a notebook that is none of the files")


def _decoded(contents: Iterable[bytes]) -> Iterator[str]:
    for content in contents:
        with suppress(NotText):
            yield text_of(content)[0]


def download(data: bytes, watch: Watch) -> None:
    """The zip of a class: as it is, or of chosen entries."""
    made = data if data[:2] == b"PK" else recipes.archive(recipes.Recipe(data), zipped=True)[0]
    path = _place() / "class.zip"
    path.write_bytes(made)
    with watch(str(_place())):
        found = _collected(path)
    _submissions(found, watch)


def folder(data: bytes, watch: Watch) -> None:
    """A folder of submissions on a disk, with links and pipes in it: nothing outside is read."""
    root, secret = _place() / "class", _place() / "secret"
    secret.write_bytes(SECRET)
    recipes.folder(recipes.Recipe(data), root, secret)
    try:
        with watch(str(root)):
            found = _collected(root)
    finally:
        shutil.rmtree(root)
    _submissions(found, watch)
    holds(not any(SECRET in file for one in found for file in one.files.values()), "a link was followed")


def _collected(path: Path) -> list[Submission]:
    try:
        return list(collect(path, KNOWN))
    except ConvgradeError:
        return []


def _submissions(found: list[Submission], watch: Watch) -> None:
    ids = [one.id.casefold() for one in found]
    holds(len(set(ids)) == len(ids), "two submissions of one id")
    for one in found:
        holds(_safe(one.id), f"an id that is no safe name: {one.id!r}")
        _messages([*one.notes, *([one.trouble] if one.trouble else [])])
        with watch():
            sources = unpack.unpack(one, KNOWN)
        _sources(sources)


def _safe(id: str) -> bool:
    """A name for a folder, on one line, with no control sign and none that reorders; a zero-width non-joiner is Persian."""
    odd = any(
        unicodedata.category(sign) in ("Cc", "Cs", "Zl", "Zp") or sign in "\u202a\u202b\u202c\u202d\u202e" for sign in id
    )
    plain = not odd and not set(id) & set('/\\:"*?<>|')
    return bool(id) and plain and len(id) <= 120 and not id.startswith((".", "-")) and unicodedata.is_normalized("NFC", id)


def _opened(data: bytes, watch: Watch) -> Sources:
    with watch():
        sources = unpack.unpack(Submission("x", files={"x.zip": data}), KNOWN)
    _sources(sources)
    return sources


def _texts(sources: Sources) -> list[str]:
    return [text for text in (*sources.code.values(), sources.answers, sources.written) if text is not None]


def _sources(sources: Sources) -> None:
    holds(set(sources.code) <= set(KNOWN.stems), "a file that is not asked for")
    for text in _texts(sources):
        holds(
            type(text) is str and "\0" not in text and len(text.encode()) <= 2 * MAX_FILE, "a text that is none, or too long"
        )
    holds(all(len(book) <= MAX_NOTEBOOK for book in sources.notebooks.values()), "a notebook over the cap")
    holds(_texts(sources) or sources.notebooks or sources.trouble is not None, "nothing, and no reason for it")
    _messages([*sources.notes, *([sources.trouble] if sources.trouble else [])])
    written.read([written.Text(sources.written or "")], ESSAYS)


def _messages(messages: Iterable[Message]) -> None:
    """Few, and each a sentence in both languages that can be recorded."""
    messages = list(messages)
    holds(len(messages) <= MOST_NOTES, f"{len(messages)} notes")
    for message in messages:
        msgspec.json.encode(message)
        holds(all(len(str(value)) <= 1000 for value in message.values.values()), "a long value in a note")
        for language in LANGUAGES:
            holds(len(say(message, language)) <= 2000, f"a sentence of {len(say(message, language))} characters")


# ---- what was handed in


def sheet(data: bytes, watch: Watch) -> None:
    """A file ``answers.toml``, as bytes and as the text that the intake makes of them."""
    with watch():
        values, notes = sheets.parse(data, KEYS)
        text = data.decode("utf-8", "replace")
        sheets.parse(text)
    holds(set(values) <= set(KEYS), "a key that is not asked")
    for value in values.values():
        items = value if type(value) is list else [value]
        holds(
            all(type(item) in (bool, int, float, str) for item in items), f"an answer that is no plain value: {type(value)}"
        )
    holds(len(notes) <= sheets.MAX_NOTES, f"{len(notes)} notes")
    _messages(Message(key, dict(filled)) for key, filled in notes)


def notebook(data: bytes, watch: Watch) -> None:
    """A file ``.ipynb``, and the written parts in it."""
    with watch():
        try:
            book = notebooks.read(data, ESSAYS)
        except notebooks.Broken as broken:
            return _messages([broken.message])
        essays = book.essays(ESSAYS)
    numbers = [number for number, _ in book.cells]
    holds(numbers == sorted(set(numbers)) and all(0 < number <= notebooks.MAX_CELLS for number in numbers), "cells' numbers")
    holds(all(type(source) is str for _, source in book.cells), "a cell that is no text")
    size = sum(len(source.encode()) for _, source in book.cells)
    prose = sum(len(text.source) for text in book.texts)
    holds(size <= 4 * notebooks.MAX_SOURCE and prose <= 4 * notebooks.MAX_SOURCE, "more text than the cap")
    holds(set(essays) <= set(ESSAYS) and all(type(text) is str and text for text in essays.values()), "essays")


@cache
def _place() -> Path:
    """A private folder, in memory where that can be."""
    memory = Path("/dev/shm")
    _kept.append(tempfile.TemporaryDirectory(dir=memory if memory.is_dir() else None))
    return Path(_kept[0].name)


_kept: list[tempfile.TemporaryDirectory] = []
for _language in LANGUAGES:
    sentences(_language)  # read once, before anything is watched
TARGETS = {target.__name__: target for target in (wire, archive, packed, download, folder, sheet, notebook, *after.TARGETS)}
