"""The fuzz targets at a small number of inputs, always the same ones; and that each of them can fail."""

import os
import subprocess
import sys
from types import SimpleNamespace

import numpy as np
import pytest
from markupsafe import Markup

from autograder.intake import answer_sheet, archive, entries, notebook, tree, unpack
from autograder.report import disclosure, view
from autograder.report.class_page import class_report, source_units, statistics
from autograder.wall.shared import wire
from tests.engine.toy_course import REPOSITORY
from tests.fuzz import one, promise
from tests.fuzz.promise import PromiseBroken, holds, kept
from tests.fuzz.seeds import inputs_of
from tests.fuzz.targets import TARGETS

INPUTS = 300
WHOLE_PAGES = ("feedback", "report")  # what each input is made into


@pytest.mark.thorough
@pytest.mark.parametrize("name", TARGETS)
def test_every_promise_holds(name):
    for data in inputs_of(name, INPUTS // 4 if name in WHOLE_PAGES else INPUTS, 1):
        kept(TARGETS[name], data)


# ---- a target whose reader has lost one check says so


def over_the_buffer(self, dtype, shape, offset):
    self.offset = len(self.payload)
    count = int(np.prod(shape, dtype=object))
    return np.frombuffer(self.payload, dtype, count, offset).reshape(shape).copy()


def not_copied(self, dtype, shape, offset):
    count = int(np.prod(shape, dtype=object))
    self.offset += count * dtype.itemsize
    return np.frombuffer(self.payload, dtype, count, offset).reshape(shape)


LOST = {
    "an array's fit to its buffer": ("wire", wire._Decoder, "array", over_the_buffer),
    "an array's own memory": ("wire", wire._Decoder, "array", not_copied),
    "a dict's pairs": ("wire", wire._Decoder, "pair", lambda self, raw, depth: (raw[0], self.value(raw[1], depth))),
    "an archive's damage": ("archive", archive, "_DAMAGE", (archive.zipfile.BadZipFile,)),
    "a damaged archive's entries": ("packed", archive, "_DAMAGE", (archive.tarfile.TarError, archive.zipfile.BadZipFile)),
    "an archive's links": ("packed", archive, "stat", SimpleNamespace(S_IFMT=lambda mode: 0, S_IFREG=0)),
    "an archive's methods": ("packed", archive, "_METHODS", range(100)),
    "an archive's notes": ("packed", unpack, "shown_path", lambda path: path),
    "a class's ids": ("folder", entries, "safe_id", lambda name: name),
    "a folder's links": ("folder", tree, "_READ", tree._READ & ~os.O_NOFOLLOW),
    "a sheet's plain values": ("sheet", answer_sheet, "_plain", lambda value: True),
    "a sheet that is no text": ("sheet", answer_sheet, "_decoded", lambda data, notes: str(data, "utf-8")),
    "what is disclosed": ("feedback", disclosure, "message", lambda said, level: said),
    "what a code's own text becomes": ("feedback", disclosure, "SPOKEN", dict.fromkeys(disclosure.SPOKEN, "check.error")),
    "a sentence's values": ("feedback", view, "line", lambda text: text),
    "a class's own texts": ("report", class_report, "phrase", lambda *key, **values: Markup("<img src=x>")),
    "a name's length": ("alike", source_units, "shorten", lambda text, most: text),
    "a correlation's bounds": ("statistics", statistics, "_correlation", lambda a, b: 2.0),
    "a notebook's cells": ("notebook", notebook, "_text", lambda source, number: source),
}


@pytest.mark.thorough
@pytest.mark.parametrize("name, where, what, instead", LOST.values(), ids=LOST.keys())
def test_a_lost_check_is_found(monkeypatch, name, where, what, instead):
    monkeypatch.setattr(where, what, instead)
    with pytest.raises(Exception):  # noqa: B017 whatever escapes, or PromiseBroken
        for data in inputs_of(name, 4 * INPUTS, 1):
            kept(TARGETS[name], data)


TOUCHING = {
    "a file is written": lambda folder: (folder / "made").write_text("x"),
    "a file is read": lambda folder: (folder.parent / "secret").read_bytes(),
    "a folder is made": lambda folder: (folder / "made").mkdir(),
    "a process is started": lambda folder: os.system("true"),
}


@pytest.mark.parametrize("touch", TOUCHING.values(), ids=TOUCHING.keys())
def test_touching_the_machine_is_found(tmp_path, touch):
    (tmp_path / "secret").write_text("x")
    (tmp_path / "given").mkdir()

    def target(data, watch):
        with watch(str(tmp_path / "given")):
            touch(tmp_path / "given")

    with pytest.raises(PromiseBroken, match="touched the machine"):
        kept(target, b"")


def test_a_slow_input_is_found(monkeypatch):
    monkeypatch.setattr(promise, "SECONDS", 0.01)
    with pytest.raises(PromiseBroken, match="seconds"):
        kept(lambda data, watch: sum(range(5_000_000)), b"")


def test_a_large_input_is_found():
    grows = "from tests.fuzz.promise import kept; kept(lambda data, watch: len(b'x' * (400 << 20)), b'')"
    done = subprocess.run([sys.executable, "-c", grows], cwd=REPOSITORY, capture_output=True, text=True)
    assert done.returncode == 1 and "the process grew by" in done.stderr


# ---- the runner


def test_the_input_that_broke_a_promise_is_kept(monkeypatch, tmp_path):
    monkeypatch.setitem(TARGETS, "wire", lambda data, watch: holds(b"ok" not in data, "ok"))
    with pytest.raises(PromiseBroken):
        one.plain("wire", 100, 1, tmp_path)
    (found,) = tmp_path.glob("crash-*")
    assert b"ok" in found.read_bytes()


def test_the_command_says_what_came_of_each_target(tmp_path):
    command = [sys.executable, "-m", "tests.fuzz", "--inputs", "50", "wire"]
    environment = {**os.environ, "PYTHONPATH": str(REPOSITORY)}
    done = subprocess.run(command, cwd=tmp_path, env=environment, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    assert done.stdout.splitlines()[-1].split()[0] == "wire" and done.stdout.rstrip().endswith("held")
