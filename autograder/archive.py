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
from dataclasses import dataclass

MAX_ENTRIES = 10_000
MAX_FILE = 256 * 1024
MAX_NOTEBOOK = 16 << 20
MAX_UNCOMPRESSED = 64 << 20  # of a tar stream, skipped entries included


class Unreadable(Exception):
    """An archive nothing can be taken from; ``key`` names the message, ``values`` fill it."""

    def __init__(self, key: str, **values: str | int):
        super().__init__(key)
        self.key, self.values = key, values


@dataclass(frozen=True)
class Entry:
    """A regular file in an archive. ``read`` gives at most ``most`` bytes and one, so that too large can be told."""

    path: str
    read: Callable[[int], bytes]


def entries(data: bytes) -> Iterator[Entry | str]:
    """Each regular file as an Entry; for a link, a device and the like, its path alone. Raises Unreadable."""
    if data[:2] == b"PK":
        yield from _zip(data)
    elif data[:2] == b"\x1f\x8b" or data[257:262] == b"ustar":
        yield from _tar(data)
    else:
        raise Unreadable("intake.not_an_archive")


def _zip(data: bytes) -> Iterator[Entry | str]:
    end = data.rfind(b"PK\x05\x06", max(0, len(data) - 65_557))
    if end < 0 or len(data) - end < 22:
        raise Unreadable("intake.truncated")
    # Counted by the end record before zipfile builds an object for each: a million entries would take a gigabyte.
    count, size = struct.unpack("<HI", data[end + 10 : end + 16])
    if count > MAX_ENTRIES or size > MAX_ENTRIES * 600:
        raise Unreadable("intake.too_many_entries", most=MAX_ENTRIES)
    try:
        archive = zipfile.ZipFile(io.BytesIO(data))
        infos = archive.infolist()
    except (zipfile.BadZipFile, ValueError, NotImplementedError, struct.error, UnicodeDecodeError, OSError, IndexError):
        raise Unreadable("intake.truncated") from None
    if len(infos) > MAX_ENTRIES:
        raise Unreadable("intake.too_many_entries", most=MAX_ENTRIES)
    if any(info.flag_bits & 1 for info in infos):
        raise Unreadable("intake.encrypted")
    for info in infos:
        if info.is_dir():
            continue
        mode = info.external_attr >> 16
        if mode and stat.S_IFMT(mode) not in (0, stat.S_IFREG):
            yield info.filename
        else:
            yield Entry(info.filename, lambda most, info=info: _read_zip(archive, info, most))


def _read_zip(archive: zipfile.ZipFile, info: zipfile.ZipInfo, most: int) -> bytes:
    try:
        with archive.open(info) as file:
            return file.read(most + 1)
    except (zipfile.BadZipFile, zlib.error, EOFError, ValueError, NotImplementedError, RuntimeError, OSError, struct.error):
        raise Unreadable("intake.damaged_entry", file=info.filename[:100]) from None


def _tar(data: bytes) -> Iterator[Entry | str]:
    stream: io.RawIOBase | io.BytesIO = io.BytesIO(data)
    if data[:2] == b"\x1f\x8b":
        stream = gzip.GzipFile(fileobj=stream)
    bounded = _Bounded(stream)
    seen = 0
    try:
        with tarfile.open(fileobj=bounded, mode="r|") as archive:
            for info in archive:
                seen += 1
                if seen > MAX_ENTRIES:
                    raise Unreadable("intake.too_many_entries", most=MAX_ENTRIES)
                if info.isdir():
                    continue
                if not info.isreg() or info.issparse():
                    yield info.name
                else:
                    yield Entry(info.name, lambda most, info=info: archive.extractfile(info).read(most + 1))
    except (tarfile.TarError, zlib.error, EOFError, OSError, ValueError, OverflowError, struct.error):
        raise Unreadable("intake.truncated") from None


class _Bounded(io.RawIOBase):
    """A stream that ends with an error once it has given more than is sane: the bound on any bomb."""

    def __init__(self, inner):
        self.inner, self.left = inner, MAX_UNCOMPRESSED

    def read(self, size: int = -1) -> bytes:
        if size < 0 or size > self.left:
            size = self.left + 1
        data = self.inner.read(size)
        self.left -= len(data)
        if self.left < 0:
            raise Unreadable("intake.bomb", megabytes=MAX_UNCOMPRESSED >> 20)
        return data
