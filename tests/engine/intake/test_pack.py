"""The zip to hand in: the homework's files, the same bytes each time, and a receipt that the feedback repeats."""

import hashlib
import json
import subprocess
import sys
import zipfile

import pytest

from autograder.intake import pack
from tests.engine.toy_course import REPOSITORY

NAMES = ["q1_box.py", "answers.toml", "written.md"]


@pytest.fixture
def home(tmp_path):
    (tmp_path / "q1_box.py").write_text("def area(): ...\n")
    (tmp_path / "answers.toml").write_text("[q1]\narea = 1\n")
    (tmp_path / "private.txt").write_text("no part of it")
    return tmp_path


def test_the_known_files_are_packed_and_the_missing_ones_named(home):
    made = pack.pack(home, NAMES, home / "hand-in.zip")
    with zipfile.ZipFile(made.path) as archive:
        assert archive.namelist() == ["q1_box.py", "answers.toml"]
        assert archive.read("answers.toml") == (home / "answers.toml").read_bytes()
    assert made.missing == ["written.md"] and made.files["q1_box.py"] == 16
    assert made.sha256 == hashlib.sha256(made.path.read_bytes()).hexdigest()


def test_the_same_files_give_the_same_receipt_whenever_they_were_saved(home):
    first = pack.pack(home, NAMES, home / "one.zip")
    (home / "answers.toml").write_text("[q1]\narea = 1\n")
    second = pack.pack(home, NAMES, home / "two.zip")
    assert first.sha256 == second.sha256
    (home / "answers.toml").write_text("[q1]\narea = 2\n")
    assert pack.pack(home, NAMES, home / "two.zip").sha256 != first.sha256


def test_a_folder_without_the_homework_is_an_error(tmp_path):
    with pytest.raises(FileNotFoundError):
        pack.pack(tmp_path, NAMES, tmp_path / "hand-in.zip")


def test_the_script_of_the_template_needs_python_alone(tmp_path):
    template = REPOSITORY / "student_template"
    facts = json.loads((template / "tests" / "facts.json").read_text("utf-8"))
    (tmp_path / "tests").mkdir()
    for name in ("pack.py", "tests/facts.json", "answers.toml"):
        (tmp_path / name).write_bytes((template / name).read_bytes())
    command = [sys.executable, "-I", "-S", str(tmp_path / "pack.py")]
    done = subprocess.run(command, cwd="/", capture_output=True, text=True)
    digest = hashlib.sha256((tmp_path / "hand-in.zip").read_bytes()).hexdigest()
    assert done.returncode == 0 and f"SHA-256 {digest}" in done.stdout, done.stderr
    assert "packed: answers.toml" in done.stdout
    assert all(f"not there, so not packed: {name}" in done.stdout for name in facts["files"] if name != "answers.toml")
