"""A stub has what a student needs, public names and docstrings, and nothing of how the solution does it."""

import subprocess
import sys

import pytest

from autograder.course.course import Course
from autograder.prepare import release, stub
from autograder.prepare.typeset import pdf
from tests.engine.toy_course import at_home, copied

STUB = '''"""Question 1: boxes."""

from __future__ import annotations

import torch
from torch import nn


def area(height: int, width: int = 4) -> int:
    """Pixels of an image. Raises ValueError for sizes below 1."""
    raise NotImplementedError


def volume(height: int, width: int, channels: int) -> int:
    """Values of several channels. Raises ValueError for sizes below 1."""
    raise NotImplementedError


class Scale(nn.Module):
    """Multiplies its input by one learnable number, ``factor`` at first."""

    def __init__(self, factor: float = 1.0):
        super().__init__()
        raise NotImplementedError

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        """Any shape to the same shape."""
        raise NotImplementedError
'''


def stub_of(tmp_path, source):
    config = copied(tmp_path)
    (question,) = Course.load(config).questions
    question.path("solution").write_text(source, "utf-8")
    return stub.stub(question)


def test_comments_decorators_private_names_and_bodies_stay_behind(tmp_path):
    (question,) = Course.load(copied(tmp_path)).questions
    assert stub.stub(question) == STUB


@pytest.mark.parametrize(
    "source, stub",
    [
        ("def f(x): return x + 1\n", "def f(x):\n    raise NotImplementedError\n"),
        ("class A: pass\n", "class A:\n    pass\n"),
        ("import numpy as np, secrets\nimport numpy\n", "import numpy\n"),
        ("from . import q2_other\nfrom torch import nn\nx = 41\n", "from torch import nn\n"),
        ("if True:\n    x = 41\n", ""),
        (
            "# why\ndef f():  # how\n    # what\n    return 41  # that\n    # end\n",
            "def f():\n    raise NotImplementedError\n",
        ),
    ],
)
def test_unusual_solutions(tmp_path, source, stub):
    made = stub_of(tmp_path, source)
    assert made.strip("\n") == stub.strip("\n")
    compile(made, "stub.py", "exec")


@pytest.fixture
def unprinted(monkeypatch):
    """A release without a PDF, which ``typeset/test_pdf`` looks at: Chromium takes longer than all the rest."""
    monkeypatch.setattr(pdf, "browser", lambda: None)


@pytest.mark.thorough
def test_the_released_toy_works_for_a_student_and_has_no_drift(tmp_path, unprinted):
    config = copied(tmp_path)
    with at_home(config) as course:
        first = release.files(course)
        assert {path.name for path in release.write(course)} == {name.rpartition("/")[2] for name in first}
        assert release.write(course) == [] and release.drift(course) == ""
        assert release.files(course) == first
    folder = config.parent / "student_template"
    assert 'area = "?"' in (folder / "answers.toml").read_text("utf-8")
    command = [sys.executable, "-P", "-m", "pytest"]
    environment = {"PATH": "/usr/bin:/bin", "PYTHONDONTWRITEBYTECODE": "1"}
    untouched = subprocess.run(command, cwd=folder, capture_output=True, text=True, env=environment)
    assert untouched.returncode == 0 and "5 skipped" in untouched.stdout, untouched.stdout
    (folder / "q1_box.py").write_text((config.parent / "solutions" / "q1_box.py").read_text("utf-8"), "utf-8")
    (folder / "answers.toml").write_text("[q1]\narea = 221\nvolume = 4199\n", "utf-8")
    filled = subprocess.run(command, cwd=folder, capture_output=True, text=True, env=environment)
    assert filled.returncode == 0 and "5 passed" in filled.stdout, filled.stdout


def test_what_is_hidden_in_the_folder_is_left_alone_and_what_is_no_text_is_drift(tmp_path, unprinted):
    config = copied(tmp_path)
    with at_home(config) as course:
        release.write(course)
        folder = config.parent / "student_template"
        (folder / ".venv").mkdir()
        (folder / ".venv" / "kept").write_text("")
        (folder / "picture.png").write_bytes(b"\x89PNG\xff\x00")
        assert "picture.png" in release.drift(course) and ".venv" not in release.drift(course)
        release.write(course)
    assert (folder / ".venv" / "kept").is_file() and not (folder / "picture.png").exists()
