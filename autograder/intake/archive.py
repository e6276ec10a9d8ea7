"""Archives, read in memory and never written anywhere: only the files that are asked for, within bounds.

Nothing is extracted, so no path, link or device of an archive can reach a disk; what is not a regular file of a known name
is not even read. The bounds hold however the archive lies about itself.
"""

from __future__ import annotations

import gzip
import io
import stat
import struct
import tarfile
import zipfile
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import BinaryIO

MAX_ENTRIES = 10_000
MAX_FILE = 256 * 1024
MAX_NOTEBOOK = 16 << 20
MAX_UNCOMPRESSED = 64 << 20  # of all that is read of an archive; of a tar stream, skipped entries included
MAX_EMPTY_READS = 100  # behind the end of a tar stream
MAX_HEADER_WORK = 1 << 28  # of a tar's headers of headers: the squares of their sizes, see _bounded_headers
MAX_CLASS_ENTRIES = 100_000  # of the download of a whole class
MAX_RATIO = 200  # of a file of a megabyte and more in such a download; sources and notebooks stay far below it

# What comes of damaged bytes in the modules of Python; a long chain of headers is a recursion there.
_DAMAGE = (
    *(zipfile.BadZipFile, tarfile.TarError, zlib.error, struct.error),
    *(EOFError, IndexError, OSError, OverflowError, RuntimeError, ValueError),
)
# These decompress a bounded amount per call. BZIP2 and LZMA do not: a kilobyte can become gigabytes in one step.
_METHODS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
_EXTENDING = (tarfile.XHDTYPE, tarfile.XGLTYPE, tarfile.SOLARIS_XHDTYPE, tarfile.GNUTYPE_LONGNAME, tarfile.GNUTYPE_LONGLINK)


class Unreadable(Exception):
    """An archive nothing can be taken from; ``key`` names the message, ``values`` fill it."""

    def __init__(self, key: str, **values: str | int):
        super().__init__(key)
        self.key, self.values = key, values


@dataclass(frozen=True)
class Entry:
    """A regular file in an archive. ``read`` gives at most ``most`` bytes and one, so that the caller sees when a file is too large."""

    path: str
    read: Callable[[int], bytes]
    changed: float = 0.0  # when, in seconds since 1970, by the packer's clock; 0: not known


def entries(data: bytes) -> Iterator[Entry | str]:
    """Each regular file as an Entry; for a link, a device and the like, its path alone. Raises Unreadable."""
    if data[:2] == b"PK":
        yield from _zip(data)
    elif data[:2] == b"\x1f\x8b" or data[257:262] == b"ustar":
        yield from _tar(data)
    else:
        raise Unreadable("intake.not_an_archive")


def _zip(data: bytes) -> Iterator[Entry | str]:
    archive = _opened(io.BytesIO(data), MAX_ENTRIES)
    if any(info.flag_bits & 1 for info in archive.infolist()):
        raise Unreadable("intake.encrypted")
    left = MAX_UNCOMPRESSED

    def read(archive: zipfile.ZipFile, info: zipfile.ZipInfo, most: int) -> bytes:
        nonlocal left
        left -= min(info.file_size, most + 1)
        if left < 0:
            raise Unreadable("intake.bomb", megabytes=MAX_UNCOMPRESSED >> 20)
        return _read_zip(archive, info, most)

    yield from _regular(archive, read)


@contextmanager
def class_zip(path: Path) -> Iterator[list[Entry | str]]:
    """The zip of a whole class, which may be of any size: its entries as ``entries`` gives them, read when asked for,
    and before them each folder that has an entry of its own, by its path with a slash behind it. Raises Unreadable and OSError.
    """
    with open(path, "rb") as file, _opened(file, MAX_CLASS_ENTRIES) as archive:
        folders = [info.filename for info in archive.infolist() if info.filename and info.is_dir()]
        yield [*folders, *_regular(archive, _read_of_class)]


def _opened(file: BinaryIO, most: int) -> zipfile.ZipFile:
    """A zip of at most ``most`` entries, counted by its end record before zipfile builds an object for each.

    Names that the packer did not mark as UTF-8, though they are, are read as UTF-8.
    """
    length = file.seek(0, io.SEEK_END)
    file.seek(max(0, length - 65_577))
    tail = file.read()
    end = tail.rfind(b"PK\x05\x06")
    if end < 0 or len(tail) - end < 22:
        raise Unreadable("intake.truncated")
    counts = [struct.unpack("<HI", tail[end + 10 : end + 16])]
    if end >= 20 and tail[end - 20 : end - 16] == b"PK\x06\x07":  # Zip64: the true numbers stand elsewhere
        offset = struct.unpack("<Q", tail[end - 12 : end - 4])[0]
        just_before = length - len(tail) + end - 76  # where zipfile looks, whatever the offset says
        counts = [_zip64_counts(file, at, length) for at in (offset, just_before)]
    if any(count > most or size > most * 600 for count, size in counts):
        raise Unreadable("intake.too_many_entries", most=most)
    try:
        archive = zipfile.ZipFile(file)
    except _DAMAGE:
        raise Unreadable("intake.truncated") from None
    if len(archive.infolist()) > most:
        raise Unreadable("intake.too_many_entries", most=most)
    for info in archive.infolist():
        info.filename = _renamed(info)
    return archive


def _zip64_counts(file: BinaryIO, at: int, length: int) -> tuple[int, int]:
    """The number of entries and the size of their directory that a Zip64 end record gives."""
    file.seek(max(0, min(at, length)))
    record = file.read(56)
    if len(record) < 56:
        raise Unreadable("intake.truncated")
    return struct.unpack("<QQ", record[32:48])


def _regular(
    archive: zipfile.ZipFile, read: Callable[[zipfile.ZipFile, zipfile.ZipInfo, int], bytes]
) -> Iterator[Entry | str]:
    for info in archive.infolist():
        if not info.filename or info.is_dir():
            continue
        mode = info.external_attr >> 16
        if mode and stat.S_IFMT(mode) not in (0, stat.S_IFREG):
            yield info.filename
        else:
            yield Entry(info.filename, partial(read, archive, info), _changed(info))


def _changed(info: zipfile.ZipInfo) -> float:
    try:
        return datetime(*info.date_time, tzinfo=UTC).timestamp()
    except ValueError:
        return 0.0


def _read_of_class(archive: zipfile.ZipFile, info: zipfile.ZipInfo, most: int) -> bytes:
    shown = info.filename[-100:]
    if info.flag_bits & 1:
        raise Unreadable("intake.encrypted", file=shown)
    if info.file_size > max(1 << 20, MAX_RATIO * info.compress_size):
        raise Unreadable("intake.ratio", file=shown, ratio=MAX_RATIO)
    return _read_zip(archive, info, most)


def _renamed(info: zipfile.ZipInfo) -> str:
    if info.flag_bits & 0x800:
        return info.filename
    try:
        return info.filename.encode("cp437").decode("utf-8")
    except UnicodeError:
        return info.filename


def _read_zip(archive: zipfile.ZipFile, info: zipfile.ZipInfo, most: int) -> bytes:
    if info.compress_type not in _METHODS:
        raise Unreadable("intake.method", file=info.filename[:100])
    try:
        with archive.open(info) as file:
            return file.read(most + 1)
    except _DAMAGE:
        raise Unreadable("intake.damaged_entry", file=info.filename[:100]) from None


def _tar(data: bytes) -> Iterator[Entry | str]:
    packed = io.BytesIO(data)
    bounded = _Bounded(gzip.GzipFile(fileobj=packed) if data[:2] == b"\x1f\x8b" else packed)
    seen = 0
    try:
        with tarfile.open(fileobj=bounded, mode="r|", tarinfo=_bounded_headers()) as archive:
            for info in archive:
                seen += 1
                if seen > MAX_ENTRIES:
                    raise Unreadable("intake.too_many_entries", most=MAX_ENTRIES)
                if info.isdir():
                    continue
                if not info.isreg() or info.issparse():
                    yield info.name
                else:
                    yield Entry(info.name, partial(_read_tar, archive, info), float(info.mtime))
    except _DAMAGE:
        raise Unreadable("intake.truncated") from None


def _read_tar(archive: tarfile.TarFile, info: tarfile.TarInfo, most: int) -> bytes:
    try:
        file = archive.extractfile(info)
        return file.read(most + 1) if file is not None else b""
    except _DAMAGE:
        raise Unreadable("intake.damaged_entry", file=info.name[:100]) from None


def _bounded_headers() -> type[tarfile.TarInfo]:
    """A TarInfo class for one archive. Extended headers are read whole, and before Python 3.11.10 parsed in quadratic time, so the
    sum of their squared sizes is bounded."""
    left = MAX_HEADER_WORK

    class Header(tarfile.TarInfo):
        def _proc_member(self, archive: tarfile.TarFile) -> tarfile.TarInfo:
            nonlocal left
            if self.type in _EXTENDING:
                left -= self.size**2
                if left < 0:
                    raise Unreadable("intake.truncated")
            return super()._proc_member(archive)  # type: ignore[misc]  # tarfile's own, which its stub leaves out

    return Header


class _Bounded(io.RawIOBase):
    """A stream that ends with an error once it has given more than is sane: the bound on any bomb.

    It also raises after many reads past its end, which tarfile makes to skip an entry that claims an enormous size.
    """

    def __init__(self, inner: io.BufferedIOBase):
        self.inner, self.left, self.empty = inner, MAX_UNCOMPRESSED, 0

    def read(self, size: int = -1) -> bytes:
        if size < 0 or size > self.left:
            size = self.left + 1
        data = self.inner.read(size)
        self.left -= len(data)
        self.empty += not data
        if self.left < 0:
            raise Unreadable("intake.bomb", megabytes=MAX_UNCOMPRESSED >> 20)
        if self.empty > MAX_EMPTY_READS:
            raise Unreadable("intake.truncated")
        return data
