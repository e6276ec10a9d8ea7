"""Which module may import which, and what no trusted module may do: the contracts stand in pyproject.toml."""

import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.engine.toy_course import REPOSITORY

BIN = Path(sys.executable).parent
TESTS = REPOSITORY / "tests" / "engine"
# What only works as a command, a process or a page: the tests that start one.
ELSEWHERE = {
    "grade.py": "system/test_sample_class.py",
    "cli/authors.py": "prepare/test_scaffold.py",
    "cli/main.py": "system/test_commands.py",
    "cli/progress.py": "system/test_failures.py",
    "cli/results.py": "system/test_commands.py",
    "cli/students.py": "system/test_check.py",
    "export/__init__.py": "export/test_exports.py",
    "marking/public_plugin.py": "system/test_check.py",
    "prepare/atlas/__init__.py": "system/test_variants.py",
    "prepare/attacks": "system/test_doctor.py",
    "prepare/otter_package": "system/test_package.py",
    "prepare/practice/__init__.py": "system/test_variants.py",
    "report/question_view.py": "report/test_view.py",
    "runner/cluster_worker.py": "system/test_cluster.py",
    "runner/local.py": "system/test_failures.py",
    "wall/inside": "system/test_wall.py",
    "wall/session.py": "system/test_wall.py",
    "wall/student.py": "system/test_wall.py",
    "web/app.py": "web/test_guards.py",
    "web/serve.py": "web/test_guards.py",
}


def contracts(root: Path) -> subprocess.CompletedProcess:
    command = [BIN / "lint-imports", "--no-cache", "--no-logo"]
    return subprocess.run(command, cwd=root, env={"PYTHONPATH": str(root)}, capture_output=True, text=True)


def test_the_layers_are_apart():
    found = contracts(REPOSITORY)
    assert found.returncode == 0, found.stdout


@pytest.mark.slow
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


def test_every_module_that_computes_something_has_tests_by_its_name():
    own = {path.stem.removeprefix("test_") for path in TESTS.rglob("test_*.py")}
    engine = REPOSITORY / "autograder"
    missing = set()
    for path in engine.rglob("*.py"):
        named = path.parent.name if path.stem == "__init__" else path.stem
        if re.search(r"^(def|class) ", path.read_text("utf-8"), re.MULTILINE) and named not in own:
            missing.add(path.relative_to(engine))
    for place, tests in ELSEWHERE.items():
        assert (TESTS / tests).is_file()
        covered = {module for module in missing if module.is_relative_to(place)}
        assert covered, f"{place} has tests by its name, or is gone"
        missing -= covered
    assert not missing
