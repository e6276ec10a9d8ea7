"""Files: archives that lie, links, names, other people's modules, notebooks and sheets that are none."""

from __future__ import annotations

import io
import json
import os
import stat
import struct
import tarfile
import unicodedata
import zipfile

from tests.engine.intake.hand_ins import member, tarred

from .attack import ANSWERS, AREA, CODE, FULL, SCALE, VOLUME, Attack, attack, handed

HONEST = AREA + VOLUME + SCALE
MEMORY = "an archive is read in memory; nothing is extracted"
REGULAR = "only regular files are opened, and no link is followed"
KNOWN = "only the homework's own files are read"
EVIL = "import os\nos._exit(0)\n"


def zipped(*entries: tuple[str, bytes | str], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w", method) as archive:
        for name, content in entries:
            archive.writestr(name, content)
    return data.getvalue()


def zip_link(name: str, target: str) -> bytes:
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w") as archive:
        info = zipfile.ZipInfo(name)
        info.external_attr = (stat.S_IFLNK | 0o777) << 16
        archive.writestr(info, target)
    return data.getvalue()


def _overlapping() -> bytes:
    """A thousand names for the one compressed megabyte of zeros."""
    first = zipped(("q1_box.py", bytes(1 << 20)))
    end = first.rindex(b"PK\x05\x06")
    at = first.index(b"PK\x01\x02")
    directory = first[at:end] * 1000
    return first[:at] + directory + struct.pack("<4s4H2LH", b"PK\x05\x06", 0, 0, 1000, 1000, len(directory), at, 0)


def _encrypted() -> bytes:
    data = bytearray(zipped(("q1_box.py", HONEST)))
    data[6] |= 1
    data[data.index(b"PK\x01\x02") + 8] |= 1
    return bytes(data)


def _claims(count: int) -> bytes:
    data = zipped(("q1_box.py", HONEST))
    end = data.rindex(b"PK\x05\x06")
    return data[: end + 8] + struct.pack("<HH", count, count) + data[end + 12 :]


def _zip(name: str, data: bytes, *, score: float = 0, status: str = "unreadable", stops: str = MEMORY, **more) -> Attack:
    return handed(f"{name}.zip", data=data, score=score, status=status, stops=stops, **more)


def _linked(target: str, *, hard: bool = False):
    def build(path, filled) -> None:
        path.mkdir()
        (path / "answers.toml").write_text(ANSWERS)
        (os.link if hard else os.symlink)(filled(target), path / "q1_box.py")

    return build


def _device(kind: int, device: int = 0):
    def build(path, filled) -> None:
        path.mkdir()
        (path / "answers.toml").write_text(ANSWERS)
        os.mknod(path / "q1_box.py", kind | 0o644, device)

    return build


def _loop(path, filled) -> None:
    path.mkdir()
    (path / "q1_box.py").symlink_to("q1_box.py")
    (path / "inside").symlink_to(path)
    (path / "answers.toml").write_text(ANSWERS)


def _whole_link(path, filled) -> None:
    path.symlink_to(filled("@COURSE@/solutions"))


def _many(path, filled) -> None:
    path.mkdir()
    for number in range(3_000):
        (path / f"file{number}").touch()
    (path / "q1_box.py").write_text(HONEST)


def _empty(path, filled) -> None:
    path.mkdir()


def notebook(*cells: str, **more) -> bytes:
    made = [{"cell_type": "code", "metadata": {}, "source": cell, "outputs": [], "execution_count": None} for cell in cells]
    return json.dumps({"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": made, **more}).encode()


def _book(name: str, data: bytes, *, score: float, status: str, stops: str, **more) -> Attack:
    return handed(f"{name}.ipynb", trusted=False, data=data, score=score, status=status, stops=stops, **more)


def _sheet(name: str, answers: str | bytes, score: float, says: str = "", status: str = "graded") -> Attack:
    stops = "the sheet is parsed, never run; a bad line costs its own answer"
    return attack(f"sheet-{name}", stops=stops, score=score, status=status, answers=answers, says=says, trusted=True)


HALF = CODE + 10
ATTACKS = [
    _zip("zip-slip", zipped(("../../../../../../tmp/left/q1_box.py", EVIL), ("../q1_box.py", EVIL)), says="q1_box.py"),
    _zip("zip-absolute", zipped(("/etc/cron.d/q1_box.py", EVIL))),
    _zip("zip-backslashes", zipped(("..\\..\\q1_box.py", EVIL), ("C:\\q1_box.py", EVIL)), score=0, status="partly graded"),
    _zip("zip-slip-beside-honest", zipped(("../q1_box.py", EVIL), ("q1_box.py", HONEST)), score=CODE, status="graded"),
    _zip("zip-link-to-solutions", zip_link("q1_box.py", "../../toy/solutions/q1_box.py"), stops=REGULAR),
    _zip("zip-bomb-flat", zipped(("q1_box.py", bytes(200 << 20))), stops="a file is read up to its bound"),
    _zip(
        "zip-bomb-nested",
        zipped(("more.zip", zipped(("more.zip", zipped(("q1_box.py", bytes(32 << 20))))))),
        stops="no archive in an archive is opened",
    ),
    _zip("zip-bomb-overlapping", _overlapping(), stops="a name is read once, up to its bound"),
    _zip(
        "zip-of-too-many",
        zipped(*((f"f{number}", b"") for number in range(10_500)), method=zipfile.ZIP_STORED),
        stops="a bound on entries",
    ),
    _zip("zip-claims-too-many", _claims(65_535), stops="a bound on entries, looked at before they are"),
    _zip("zip-truncated", zipped(("q1_box.py", HONEST))[:-30]),
    _zip("zip-damaged", zipped(("q1_box.py", HONEST * 20)).replace(b"\x00\x00\x00q1_box.py", b"\x00\x00\x00q1_box.px", 1)),
    _zip("zip-encrypted", _encrypted(), says="password"),
    _zip("zip-that-is-a-tar", tarred([(member("q1_box.py"), HONEST.encode())]), score=CODE, status="graded"),
    _zip("zip-that-is-text", b"print('hello')\n"),
    _zip("zip-empty", zipped()),
    _zip("zip-of-nothing", b""),
    _zip("zip-of-two-homeworks", zipped(("a/q1_box.py", HONEST), ("b/q1_box.py", EVIL)), says="several folders"),
    _zip("zip-other-case", zipped(("Q1_BOX.PY", HONEST), ("q1_box.py/../x", EVIL)), score=CODE, status="graded"),
    _zip(
        "zip-names",
        zipped(("q1_box.py", HONEST), ("-rf", ""), ("a\nb", ""), ("\u202egpj.exe", ""), ("x" * 4096, "")),
        score=CODE,
        status="graded",
        says="U+202E",
    ),
    _zip("zip-deep", zipped(("a/b/c/d/e/f/g/h/i/q1_box.py", HONEST)), stops="a bound on depth"),
    handed(
        "tar-links.tar.gz",
        stops=REGULAR,
        score=0,
        status="unreadable",
        data=tarred(
            [
                (member("q1_box.py", tarfile.SYMTYPE, "/etc/passwd"), b""),
                (member("q1_box.py", tarfile.LNKTYPE, "../solutions/q1_box.py"), b""),
            ]
        ),
    ),
    handed(
        "tar-devices.tar.gz",
        stops=REGULAR,
        score=0,
        status="unreadable",
        data=tarred([(member("q1_box.py", tarfile.CHRTYPE), b""), (member("answers.toml", tarfile.FIFOTYPE), b"")]),
    ),
    handed(
        "tar-slip.tar.gz",
        stops=MEMORY,
        score=0,
        status="unreadable",
        data=tarred([(member("../../q1_box.py"), EVIL.encode())]),
    ),
    handed(
        "tar-bomb.tar.gz",
        stops="a bound on the stream, skipped entries included",
        score=0,
        status="unreadable",
        data=tarred([(member("big"), bytes(100 << 20)), (member("q1_box.py"), HONEST.encode())]),
    ),
    handed(
        "tar-truncated.tar",
        stops=MEMORY,
        score=0,
        status="unreadable",
        data=tarred([(member("q1_box.py"), HONEST.encode())], "w")[:500],
    ),
    handed("link-to-solutions", stops=REGULAR, score=20, build=_linked("@COURSE@/solutions/q1_box.py")),
    handed("link-to-a-neighbour", stops=REGULAR, score=20, build=_linked("../neighbour-0/q1_box.py")),
    handed("link-to-dev-zero", stops=REGULAR, score=20, build=_linked("/dev/zero")),
    handed("link-in-a-loop", stops=REGULAR, score=20, build=_loop),
    handed("link-as-a-whole", stops=REGULAR, score=0, status="unreadable", build=_whole_link),
    handed("fifo", stops=REGULAR, score=20, build=_device(stat.S_IFIFO)),
    handed("device", stops=REGULAR, score=20, build=_device(stat.S_IFCHR, os.makedev(1, 5))),
    handed("socket-file", stops=REGULAR, score=20, build=_device(stat.S_IFSOCK)),
    handed("many-files", stops="a bound on what is looked at", score=0, status="unreadable", build=_many),
    handed("empty-folder", stops="nothing: an honest mistake", score=0, status="unreadable", build=_empty),
    attack(
        "too-large-a-source", stops="a file is read up to its bound", score=0, status="unreadable", source="#" * (300 << 10)
    ),
    attack(
        "binary-source",
        stops="text only",
        score=0,
        status="unreadable",
        source="",
        files={"q1_box.py": b"\x7fELF\x00\xff" * 10},
    ),
    attack("nul-in-the-source", stops="text only", score=0, status="unreadable", files={"q1_box.py": b"x = 1\0\n"}),
    attack(
        "other-unicode-form", stops="nothing: it is right", score=CODE, files={unicodedata.normalize("NFD", "é.py"): EVIL}
    ),
    attack(
        "others-modules",
        stops=KNOWN + "; they are compiled from text, never found on a path",
        score=FULL,
        answers=ANSWERS,
        files={
            name: EVIL
            for name in (
                "conftest.py",
                "sitecustomize.py",
                "usercustomize.py",
                "torch.py",
                "numpy/__init__.py",
                "solutions/__init__.py",
                "autograder.py",
                "autograder/__init__.py",
                "tests/hidden/test_q1_box.py",
                "json.py",
                "setup.py",
                "grader_config.yml",
            )
        }
        | {
            "pytest.ini": "[pytest]\naddopts = -p evil\n",
            "setup.cfg": "[tool:pytest]\naddopts = -p evil\n",
            "evil.pth": "import os; os._exit(0)\n",
            "__pycache__/q1_box.cpython-311.pyc": b"\xa7\r\r\n" + bytes(12) + b"stale",
        },
    ),
    attack("encoding-cookie", stops="sources are UTF-8 text", score=CODE, head="# -*- coding: utf-7 -*-\n"),
    _book("book-not-json", b"{not json", score=0, status="unreadable", stops="parsed as JSON"),
    _book(
        "book-too-large",
        b'{"nbformat": 4, "cells": [' + b" " * (17 << 20) + b"]}",
        score=0,
        status="unreadable",
        stops="a bound on size",
    ),
    _book("book-deep", b"[" * 100_000, score=0, status="unreadable", stops="a bound on depth"),
    _book(
        "book-of-an-old-format",
        json.dumps(
            {
                "nbformat": 3,
                "worksheets": [{"cells": [{"cell_type": "code", "input": HONEST, "language": "python", "outputs": []}]}],
                "metadata": {},
                "nbformat_minor": 0,
            }
        ).encode(),
        score=CODE,
        status="graded",
        stops="brought up to format 4",
    ),
    _book(
        "book-with-a-shell",
        notebook(
            HONEST,
            "!touch /tmp/left; kill -9 -1",
            "%%bash\nkill -9 -1",
            "%run /etc/passwd",
            "get_ipython().system('kill -9 -1')",
        ),
        score=CODE,
        status="graded",
        stops="shell commands are refused; seccomp",
    ),
    _book(
        "book-with-magics",
        notebook("%matplotlib inline\n%load_ext autoreload", HONEST, "%cd /\n%env X=1", "%pip install torch"),
        score=CODE,
        status="graded",
        stops="magics that read, write or start are refused",
    ),
    _book(
        "book-with-input", notebook("name = input()", HONEST), score=CODE, status="graded", stops="standard input is empty"
    ),
    _book(
        "book-that-loops",
        notebook(HONEST, "while True: pass"),
        score=CODE,
        status="graded",
        stops="a cell has its time and is then left out",
        heavy=True,
    ),
    _book(
        "book-that-exits",
        notebook("import os", HONEST, "os._exit(0)"),
        score=CODE,
        status="graded",
        stops="a cell that ends the process is then left out",
    ),
    _book(
        "book-with-outputs",
        notebook(HONEST, metadata={"kernelspec": {"argv": ["sh", "-c", "kill -9 -1"]}}),
        score=CODE,
        status="graded",
        stops="outputs and metadata are not looked at",
    ),
    _book(
        "book-that-takes-the-answers",
        notebook(
            HONEST,
            "class A(dict):\n    def __getitem__(self, k): return __import__('os')._exit(0)\nanswers = A({'q1': {'area': True, 'volume': '4199'}})",
        ),
        score=CODE,
        status="graded",
        stops="values cross as plain data",
    ),
    _sheet("syntax", "[q1]\narea = = 221\nvolume = 4199\n", HALF, "line 2"),
    _sheet("unknown-keys", ANSWERS + "score = 80\n[q9]\nx = 1\n", FULL, "q9"),
    _sheet("duplicate-keys", "[q1]\narea = 5\narea = 221\nvolume = 4199\n", HALF),
    _sheet("wrong-types", "[q1]\narea = [221]\nvolume = 2024-01-01\n", CODE),
    _sheet("infinities", "[q1]\narea = inf\nvolume = nan\n", CODE),
    _sheet("huge", f"[q1]\narea = {'9' * 10_000}\nvolume = 4199\n", HALF),
    attack(
        "sheet-beyond-all-floats",
        stops="an integer beyond all floats is not the same as any",
        score=0,
        area="def area(*_): return 2.5",
        volume="return 0",
        scale="",
        answers=f"[q1]\narea = 0x{'f' * 900}\nvolume = 5\n",
        trusted=True,
    ),
    handed(
        "nested-lists.zip",
        stops="a notebook's items are counted before any of them is made",
        score=0,
        status="unreadable",
        data=zipped(("hw3.ipynb", b'{"nbformat":4,"cells":[' + b"[[]]," * 3_000_000 + b"[]]}")),
        says="more than 500000 items",
    ),
    _sheet("nested", f"[q1]\narea = {'[' * 5_000}{']' * 5_000}\nvolume = 4199\n", HALF),
    _sheet("persian-digits", "[q1]\narea = ۲۲۱\nvolume = ٤١٩٩\n", FULL, "221"),
    _sheet("bom", b"\xef\xbb\xbf" + ANSWERS.encode(), FULL),
    _sheet("utf-16", ANSWERS.encode("utf-16"), FULL),
    _sheet("binary", b"\xff\x00\xfe" * 50, CODE, "not UTF-8", "partly graded"),
    _sheet("expressions", "[q1]\narea = 13*17\nvolume = __import__('os').system('id')\n", CODE),
]
