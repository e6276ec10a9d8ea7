"""``check_machine.py`` as students have it: what is missing is named in both languages, with what to do."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from autograder import words
from autograder.prepare import check_machine
from autograder.prepare.release import grading_python
from tests.engine.toy_course import REPOSITORY

TEMPLATE = REPOSITORY / "student_template"
HERE = ".".join(map(str, sys.version_info[:2]))
FACTS = {"least": "3.11", "python": HERE}


@pytest.fixture
def handed_out(tmp_path) -> Path:
    (tmp_path / "tests").mkdir()
    for name in ("check_machine.py", "requirements.txt", "tests/facts.json"):
        shutil.copy(TEMPLATE / name, tmp_path / name)
    return tmp_path


def run(folder: Path, *options: str) -> subprocess.CompletedProcess:
    return subprocess.run(
        [sys.executable, *options, folder / "check_machine.py"], capture_output=True, text=True, encoding="utf-8"
    )


def keys(folder: Path, facts=FACTS) -> list[tuple[bool | None, str]]:
    return [(fine, key) for fine, key, _ in check_machine.findings(facts, folder)]


def test_a_computer_with_python_alone_hears_what_to_install(handed_out):
    done = run(handed_out, "-I", "-S")
    assert done.returncode == 1 and done.stderr == ""
    for name in ("torch", "numpy", "pytest"):
        assert f"! {name} is not installed." in done.stdout and f"بستهٔ {name} نصب نیست." in done.stdout
    assert "-m pip install " in done.stdout and "-r requirements.txt" in done.stdout


@pytest.mark.slow
def test_a_computer_with_everything_is_ready(handed_out):
    done = run(handed_out)
    assert (done.returncode, done.stderr) == (0, "") and "This computer is ready" in done.stdout and "!" not in done.stdout


def test_another_python_than_the_one_that_grades_is_said(handed_out):
    assert keys(handed_out)[0] == (True, "machine.python")
    assert keys(handed_out, {**FACTS, "python": "3.99"})[0] == (True, "machine.python_other")
    assert keys(handed_out, {**FACTS, "least": "3.99"}) == [(False, "machine.python_old")]


def test_a_computer_without_a_build_of_torch_hears_it_first(handed_out, monkeypatch):
    monkeypatch.setattr("platform.system", lambda: "Darwin")
    monkeypatch.setattr("platform.machine", lambda: "x86_64")
    assert keys(handed_out)[-1] == (False, "machine.no_torch")


def test_a_package_that_is_broken_or_of_another_version_is_named(tmp_path, monkeypatch):
    for name, text in (("kaputt", "raise ImportError('a library is missing')"), ("outdated", "")):
        (tmp_path / f"{name}.py").write_text(text)
        about = tmp_path / f"{name}-1.0.dist-info"
        about.mkdir()
        (about / "METADATA").write_text(f"Name: {name}\nVersion: 1.0\n")
    monkeypatch.syspath_prepend(tmp_path)
    (tmp_path / "requirements.txt").write_text("# a comment\nkaputt\noutdated==2.0\nnowhere\n")
    found = {key: values for _, key, values in check_machine.packages(tmp_path / "requirements.txt")}
    assert found == {
        "machine.broken": {"package": "kaputt", "why": "ImportError: a library is missing"},
        "machine.other_version": {"package": "outdated", "found": "1.0", "wanted": "2.0"},
        "machine.missing": {"package": "nowhere"},
    }


def test_a_folder_without_its_tests_is_said(handed_out):
    (handed_out / "tests" / "facts.json").unlink()
    done = run(handed_out)
    assert done.returncode == 1 and "unpack the zip again" in done.stdout


def test_every_sentence_is_handed_out():
    facts = json.loads((TEMPLATE / "tests/facts.json").read_text("utf-8"))
    for language, sentences in facts["sentences"].items():
        assert {key for key in sentences if key.startswith("machine.")} == {
            key for key in words.sentences(language) if key.startswith("machine.")
        }


def test_the_python_that_grades_is_the_one_that_students_own_check_runs():
    python = grading_python(REPOSITORY)
    check = (TEMPLATE / ".github/workflows/check.yml").read_text("utf-8")
    assert (
        f'python-version: "{python}"' in check
        and json.loads((TEMPLATE / "tests/facts.json").read_text())["python"] == python
    )
    assert f"graded with Python {python}" in (TEMPLATE / "README.md").read_text("utf-8")
    assert f'<code dir="ltr">{python}</code> تصحیح' in " ".join((TEMPLATE / "README.fa.md").read_text("utf-8").split())
