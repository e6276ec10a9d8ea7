"""Archives and folders out of any bytes: a few bytes choose each entry's kind, name and content, the last ones damage it.

Random bytes seldom pass a checksum; what is made here does, so that the readers are reached behind it.
"""

from __future__ import annotations

import gzip
import io
import os
import tarfile
import warnings
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

MOST = 24  # entries
NAMES = (
    *("q1_one.py", "q2_two.py", "answers.toml", "written.md", "hw.ipynb", "Q1_ONE.PY", "conftest.py", ".DS_Store"),
    *("../q1_one.py", "/q1_one.py", "a/../../q1_one.py", "..\\q1_one.py", "a/b/c/q1_one.py", "a/b/c/d/q1_one.py"),
    *("hw/q1_one.py", "__MACOSX/._q1_one.py", "answers.toml/", "a\nb/q2_two.py", "\u202eq1_one.py", "e\u0301/q1_one.py"),
    *("q1_one.py\0.txt", "x" * 300 + ".py", "C:\\q1_one.py", "./q1_one.py", "a//q2_two.py", "-rf", "inner.zip", "ada.zip"),
    *(
        "ada_12_345_q1_one.py",
        "ada_LATE_12_345_q1_one-2.py",
        "bob_13_346_hw.zip",
        "Ada L_12_assignsubmission_file_/q1_one.py",
    ),
    *("submitted/ada/hw/q1_one.py", "submitted/ada/hw/timestamp.txt", "submission_metadata.yml", "submission_1/q1_one.py"),
)
CONTENTS = (
    b"A = 1\n",
    b"[q1]\na = 1\n",
    b"## w1\nbecause\n",
    b"\xff\xfeA\0",
    b"\xff",
    b"\0",
    b"2026-11-01 12:00:00 Europe/Paris",
)
SIZES = (1, 1, 1, 1, 100, 12_000, 70_000, 300_000)
TAR_KINDS = (*[tarfile.REGTYPE] * 4, tarfile.SYMTYPE, tarfile.LNKTYPE, tarfile.FIFOTYPE, tarfile.CHRTYPE, tarfile.DIRTYPE)
ZIP_MODES = (0, 0o100644, 0o100755, 0o644, 0o120777, 0o010644, 0o020644, 0o040755)
# LZMA and BZIP2 besides what every packer writes; more often the two that are read.
METHODS = (*[zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED] * 3, zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA)


@dataclass(frozen=True)
class Item:
    name: str
    content: bytes
    kind: int

    @property
    def upwards(self) -> bool:
        return self.name.startswith("/") or ".." in self.name.replace("\\", "/").split("/")


class Recipe:
    """Bytes that are read from the front, and give noughts once they are used up."""

    def __init__(self, data: bytes):
        self.data, self.at = data, 0

    @property
    def left(self) -> int:
        return len(self.data) - self.at

    def take(self, count: int) -> bytes:
        taken = self.data[self.at : self.at + count]
        self.at += count
        return taken

    def byte(self) -> int:
        return int.from_bytes(self.take(1))

    def pick(self, of: tuple):
        return of[self.byte() % len(of)]

    def items(self) -> Iterator[Item]:
        for _ in range(MOST):
            if self.left <= 0:
                return
            yield Item(self._name(), self._content(), self.byte())

    def _name(self) -> str:
        chosen = self.byte()
        return NAMES[chosen % len(NAMES)] if chosen < 200 else self.take(chosen - 195).decode("utf-8", "surrogateescape")

    def _content(self) -> bytes:
        chosen = self.byte()
        content = CONTENTS[chosen % len(CONTENTS)] if chosen < 200 else self.take(chosen - 195)
        size = self.pick(SIZES)
        return content if size == 1 else (content or b"#") * (size // (len(content) or 1))

    def damaged(self, data: bytes) -> bytes:
        """The data with what is left of the recipe done to it: some bytes set, and perhaps the end cut off."""
        harm = bytearray(data)
        while self.left >= 4 and harm:
            where, value = int.from_bytes(self.take(3)) % len(harm), self.byte()
            if value == 0:
                del harm[where:]
            else:
                harm[where] = value
        return bytes(harm)


def archive(recipe: Recipe, *, zipped: bool | None = None) -> tuple[bytes, list[Item], bool]:
    """An archive, the items that are regular files in it, and whether it is as it was packed."""
    form = recipe.byte()
    harm = Recipe(recipe.take(4 * (form >> 4)) if form & 8 else b"")
    zipped = not form & 1 if zipped is None else zipped
    data, regular = _zip(recipe) if zipped else _tar(recipe, form >> 1 & 3)
    damaged = harm.damaged(data)
    if form & 4 and not zipped:
        damaged = gzip.compress(damaged, 1, mtime=0)
        damaged = harm.damaged(damaged)
    return damaged, regular, not form & 8


def _zip(recipe: Recipe) -> tuple[bytes, list[Item]]:
    made, regular = io.BytesIO(), []
    with zipfile.ZipFile(made, "w") as packed, warnings.catch_warnings():
        warnings.simplefilter("ignore")  # a name that is there twice
        for item in recipe.items():
            info = zipfile.ZipInfo("x")
            info.filename = item.name.encode("utf-8", "replace").decode()[:1000] or "x"
            mode = ZIP_MODES[item.kind % len(ZIP_MODES)]
            info.external_attr = mode << 16
            info.compress_type = METHODS[item.kind // 16 % len(METHODS)]
            packed.writestr(info, item.content)
            if mode in (0, 0o100644, 0o100755, 0o644) and not info.is_dir():
                regular.append(item)
    return made.getvalue(), regular


def _tar(recipe: Recipe, form: int) -> tuple[bytes, list[Item]]:
    made, regular = io.BytesIO(), []
    with tarfile.open(fileobj=made, mode="w", format=(tarfile.PAX_FORMAT, tarfile.GNU_FORMAT)[form % 2]) as packed:
        for item in recipe.items():
            info = tarfile.TarInfo(item.name[:1000])
            info.type = TAR_KINDS[item.kind % len(TAR_KINDS)]
            info.linkname = "/etc/passwd"
            info.size = len(item.content) if info.isreg() else 0
            packed.addfile(info, io.BytesIO(item.content) if info.isreg() else None)
            if info.isreg():
                regular.append(item)
    return made.getvalue(), regular


def folder(recipe: Recipe, root: Path, secret: Path) -> None:
    """A folder of submissions at ``root``: files, folders, pipes, and links to ``secret``, to above and to themselves."""
    root.mkdir()
    for item in recipe.items():
        steps = [step[:60] for step in item.name.replace("\0", "").split("/") if step not in ("", ".", "..")]
        path = root.joinpath(*(steps or ["x"]))
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            match item.kind % 8:
                case 0:
                    path.symlink_to(secret)
                case 1:
                    path.symlink_to("..")
                case 2:
                    os.mkfifo(path)
                case 3:
                    path.mkdir()
                case 4:
                    _write(path, archive(Recipe(item.content[:200]))[0])
                case _:
                    _write(path, item.content)
        except OSError:  # one name is a file here and a folder there
            continue


def _write(path: Path, data: bytes) -> None:
    with open(path, "xb") as file:  # a new one, never through a link or into a pipe
        file.write(data)
