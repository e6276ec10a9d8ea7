"""Which module may import which, and what no trusted module may do: the contracts stand in pyproject.toml."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.engine.toy_course import REPOSITORY

BIN = Path(sys.executable).parent


def contracts(root: Path) -> subprocess.CompletedProcess:
    command = [BIN / "lint-imports", "--no-cache", "--no-logo"]
    return subprocess.run(command, cwd=root, env={"PYTHONPATH": str(root)}, capture_output=True, text=True)


def test_the_layers_are_apart():
    found = contracts(REPOSITORY)
    assert found.returncode == 0, found.stdout


@pytest.mark.parametrize(
    "file, line, broken",
    [
        ("wall/inside/limits.py", "from autograder.marking import compare", "knows nothing of the trusted side"),
        ("wall/inside/serve.py", "import solutions", "knows nothing of the trusted side"),
        ("wall/inside/serve.py", "from ..channel import Channel", "knows nothing of the trusted side"),
        ("wall/shared/wire.py", "from autograder import text", "knows nothing of the trusted side"),
        ("text.py", "from autograder.wall import launch", "only from the rooms below it"),
        ("marking/lateness.py", "from autograder.runner import local", "only from the rooms below it"),
        ("course/policy.py", "from autograder.marking import lateness", "only from the rooms below it"),
        ("intake/unpack.py", "from autograder.report import feedback", "only from the rooms below it"),
        ("wall/session.py", "from autograder import grade", "only from the rooms below it"),
        ("intake/archive.py", "from autograder.intake import unpack", "in a circle"),
    ],
)
def test_a_module_that_imports_what_it_may_not_is_named(tmp_path, file, line, broken):
    for name in ("autograder", "solutions"):
        shutil.copytree(REPOSITORY / name, tmp_path / name, ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(REPOSITORY / "pyproject.toml", tmp_path)
    path = tmp_path / "autograder" / file
    path.write_text(path.read_text("utf-8").replace("from __future__ import annotations\n", f"{line}\n", 1), "utf-8")
    found = contracts(tmp_path)
    assert found.returncode == 1
    assert any(broken in told and "BROKEN" in told for told in found.stdout.splitlines()), found.stdout


def ruff(*arguments: str, source: str | None = None) -> subprocess.CompletedProcess:
    command = [BIN / "ruff", "check", "--no-cache", "--output-format", "concise", *arguments]
    return subprocess.run(command, cwd=REPOSITORY, input=source, capture_output=True, text=True)


def test_nothing_is_unpickled_evaluated_or_loaded_unsafely():
    found = ruff("--select", "S102,S30,S506,S602,S604,S605", "autograder", "solutions")
    assert found.returncode == 0, found.stdout


@pytest.mark.parametrize(
    "source",
    ["import pickle\npickle.loads(b'')\n", "eval('1')\n", "exec('1')\n", "import yaml\nyaml.load('', yaml.Loader)\n"],
)
def test_one_that_did_would_be_named(source):
    assert ruff("--stdin-filename", "autograder/example.py", "-", source=source).returncode == 1


def test_the_engine_is_read_off_its_listing():
    """Few rooms at the top, and none so full that its listing no longer tells what is in it."""
    top = REPOSITORY / "autograder"
    rooms = [path.parent for path in top.rglob("__init__.py") if path.parent != top]
    assert len([room for room in rooms if room.parent == top]) <= 12
    assert len(list(top.glob("*.py"))) <= 8
    assert {room.name: len(list(room.glob("*.py"))) for room in rooms if len(list(room.glob("*.py"))) > 20} == {}
