"""Hand-ins as tests lay them out: folders, archives, notebooks."""

import io
import json
import tarfile
import zipfile
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from autograder.model import Message

ONE, TWO = b"A = 1\n", b"A = 2\n"
SHEET = b"[q1]\narea = 1\n"


def laid(where: Path, files: Mapping[str, bytes]) -> Path:
    """The files below ``where``, by their paths."""
    for name, content in files.items():
        path = where / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
    return where


def zipped(files: Mapping[str, bytes] | Iterable[tuple[Any, Any]], compression: int = zipfile.ZIP_DEFLATED) -> bytes:
    """A zip of these files by name, or of pairs: a name or a ZipInfo, and what is in it. Its names are marked as UTF-8."""
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w", compression, compresslevel=1) as archive:
        for name, content in files.items() if isinstance(files, Mapping) else files:
            archive.writestr(name, content)
    return data.getvalue()


def packed(path: Path, files: Mapping[str, bytes]) -> Path:
    """The same as a file."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(zipped(files))
    return path


def tarred(members: Iterable[tuple[tarfile.TarInfo, bytes]], mode: str = "w:gz") -> bytes:
    """A tar of these members, compressed quickly."""
    data = io.BytesIO()
    level = {"compresslevel": 1} if mode == "w:gz" else {}
    with tarfile.open(fileobj=data, mode=mode, **level) as archive:
        for info, content in members:
            info.size = len(content)
            archive.addfile(info, io.BytesIO(content))
    return data.getvalue()


def member(name: str, kind: bytes = tarfile.REGTYPE, link: str = "") -> tarfile.TarInfo:
    info = tarfile.TarInfo(name)
    info.type, info.linkname = kind, link
    return info


def cell(source: str, kind: str = "code", **more: Any) -> dict[str, Any]:
    return {"cell_type": kind, "metadata": {}, "source": source, **more}


def book(*cells: dict[str, Any]) -> bytes:
    """A notebook of these cells."""
    return json.dumps({"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": list(cells)}).encode()


BOOK, OTHER = book(cell("a = 1")), book(cell("a = 2"))


def keys(one: Any) -> list[str]:
    """The keys of all that is said of a submission or its sources, the trouble last."""
    trouble: Message | None = one.trouble
    return [note.key for note in one.notes] + ([trouble.key] if trouble else [])
