"""The zip to hand in: the homework's files, the same bytes each time, and a receipt that the feedback repeats."""

import hashlib
import json
import subprocess
import sys
import zipfile

import pytest

from autograder.course.course import KnownFiles
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


def test_a_request_for_another_reading_goes_along(home):
    (home / pack.REGRADE).write_text("## w1\nPlease.\n")
    made = pack.pack(home, NAMES, home / "hand-in.zip")
    assert pack.REGRADE in made.files and made.missing == ["written.md"] and KnownFiles(()).regrade == pack.REGRADE


def test_the_same_files_give_the_same_receipt_whenever_they_were_saved(home):
    first = pack.pack(home, NAMES, home / "one.zip")
    (home / "answers.toml").write_text("[q1]\narea = 1\n")
    second = pack.pack(home, NAMES, home / "two.zip")
    assert first.sha256 == second.sha256
    (home / "answers.toml").write_text("[q1]\narea = 2\n")
    assert pack.pack(home, NAMES, home / "two.zip").sha256 != first.sha256


def test_a_folder_without_the_homework_is_an_error(tmp_path):
    with pytest.raises(pack.NothingToPack):
        pack.pack(tmp_path, NAMES, tmp_path / "hand-in.zip")
    assert not (tmp_path / "hand-in.zip").exists()


def test_a_file_that_cannot_be_read_leaves_the_earlier_zip_as_it_was(home, monkeypatch):
    made = pack.pack(home, NAMES, home / "hand-in.zip")
    before, read = made.path.read_bytes(), type(home).read_bytes

    def locked(path):
        if path.name == "answers.toml":
            raise PermissionError(13, "locked", str(path))
        return read(path)

    with monkeypatch.context() as patched, pytest.raises(PermissionError, match="locked"):
        patched.setattr(type(home), "read_bytes", locked)
        pack.pack(home, NAMES, made.path)
    assert made.path.read_bytes() == before


def test_a_full_disk_leaves_the_earlier_zip_as_it_was(home, monkeypatch):
    made = pack.pack(home, NAMES, home / "hand-in.zip")
    before, there = made.path.read_bytes(), sorted(home.iterdir())

    def full(path, data):
        with path.open("wb") as file:
            file.write(data[: len(data) // 2])
        raise OSError(28, "No space left on device", str(path))

    with monkeypatch.context() as patched, pytest.raises(OSError, match="No space left") as caught:
        patched.setattr(type(home), "write_bytes", full)
        pack.pack(home, NAMES, made.path)
    assert made.path.read_bytes() == before and sorted(home.iterdir()) == there
    assert caught.value.filename == str(made.path)


TEMPLATE = REPOSITORY / "student_template"


@pytest.fixture
def handed_out(tmp_path):
    """The script of the template beside a single file of the homework."""
    (tmp_path / "tests").mkdir()
    for name in ("pack.py", "tests/facts.json", "answers.toml"):
        (tmp_path / name).write_bytes((TEMPLATE / name).read_bytes())
    return tmp_path


def run(folder, *options, flags=("-I", "-S"), where=None, **environment):
    command = [sys.executable, *flags, str(folder / "pack.py"), *options]
    return subprocess.run(command, cwd=where or folder, capture_output=True, encoding="utf-8", env=environment or None)


@pytest.mark.parametrize("out", ["new/x.zip", "tests"])
def test_a_zip_that_cannot_be_written_is_not_missing_homework(handed_out, out):
    done = run(handed_out, "--out", out)
    assert done.returncode == 1 and done.stdout == "" and "Traceback" not in done.stderr
    assert done.stderr.startswith(f"{out} cannot be read or written: ") and "خواند" in done.stderr


def test_a_folder_without_the_homework_is_named(handed_out):
    (handed_out / "answers.toml").unlink()
    done = run(handed_out)
    assert done.returncode == 1 and f"There is no file of the homework in {handed_out}." in done.stderr


def test_a_pipe_on_windows_gets_the_receipt_too(handed_out):
    done = run(handed_out, flags=("-S",), PYTHONIOENCODING="cp1252", PYTHONUTF8="0")
    assert done.returncode == 0 and "رسید" in done.stdout and "SHA-256" in done.stdout, done.stderr
    (handed_out / "answers.toml").unlink()
    assert "هیچ فایلی" in run(handed_out, flags=("-S",), PYTHONIOENCODING="cp1252", PYTHONUTF8="0").stderr


def test_the_script_of_the_template_needs_python_alone(handed_out):
    facts = json.loads((TEMPLATE / "tests" / "facts.json").read_text("utf-8"))
    done = run(handed_out, where="/")
    digest = hashlib.sha256((handed_out / "hand-in.zip").read_bytes()).hexdigest()
    assert done.returncode == 0 and f"SHA-256 {digest}" in done.stdout, done.stderr
    assert "packed: answers.toml" in done.stdout
    assert all(f"not there, so not packed: {name}" in done.stdout for name in facts["files"] if name != "answers.toml")
