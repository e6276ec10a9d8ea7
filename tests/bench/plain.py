"""The hidden suites by plain ``pytest`` in one process: no wall, no fork, collected anew for each submission.

    python -m tests.bench.plain CLASS    prints seconds of wall clock and CPU a submission as JSON

What the fixture ``student`` imports are the submission's own files, in the very process that holds the tests: what a
grader without a wall does. torch is imported once. pytest runs as it comes, but for the folder it would cache in.
"""

from __future__ import annotations

import contextlib
import importlib
import io
import json
import os
import sys
import time
import tomllib
import warnings
from pathlib import Path
from types import SimpleNamespace

import pytest

from autograder.course.course import Course
from autograder.course.reference import Reference
from autograder.marking.answers import Answers
from autograder.marking.recorder import Recorder
from autograder.marking.suites import MARKER
from tests.bench import ROOT


class Plain:
    """The plugin: fixtures over a folder of a student's files."""

    def __init__(self, course: Course, folder: Path):
        self.course, self.folder = course, folder
        self.reference, self.ran = Reference(course), 0
        self.student = SimpleNamespace(**{question.stem: self.imported(question.stem) for question in course.questions})
        sheet = tomllib.loads((folder / "answers.toml").read_text("utf-8"))
        self.answers = Answers({f"{id}.{key}": value for id, keys in sheet.items() for key, value in keys.items()})

    def imported(self, stem: str):
        """The student's module, its classes giving handles as the reference's do."""
        module = importlib.import_module(stem)
        assert Path(module.__file__).parent == self.folder
        return getattr(self.reference.with_module(stem, module), stem)

    def pytest_configure(self, config: pytest.Config) -> None:
        config.addinivalue_line("markers", MARKER)

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        self.ran += report.when == "call"

    @pytest.fixture(name="student")
    def _student(self):
        return Recorder(self.student)

    @pytest.fixture(name="reference")
    def _reference(self):
        return self.reference

    @pytest.fixture(name="answers")
    def _answers(self):
        return self.answers


def asked(course: Course, folder: Path, stem: str = "") -> int:
    """Run the suites (or a question's) on one submission; all must pass. Returns how many tests there were."""
    stems = [question.stem for question in course.questions]
    for name in [name for name in sys.modules if name.startswith("tests.hidden") or name in stems]:
        del sys.modules[name]
    sys.path.insert(0, str(folder))
    plain = Plain(course, folder)
    options = ["-q", "-c", os.devnull, "--rootdir", str(ROOT), "--import-mode=importlib", "-p", "no:cacheprovider"]
    hidden = ROOT / "tests" / "hidden"
    with contextlib.redirect_stdout(io.StringIO()) as said:
        status = pytest.main([*options, str(hidden / f"test_{stem}.py" if stem else hidden)], plugins=[plain])
    sys.path.remove(str(folder))
    if status != pytest.ExitCode.OK:
        raise SystemExit(f"{folder.name} does not pass without the wall:\n{said.getvalue()[-3000:]}")
    return plain.ran


def main(classroom: Path) -> None:
    import torch

    torch.set_num_threads(1)
    warnings.simplefilter("ignore")
    os.environ["PYTEST_DISABLE_PLUGIN_AUTOLOAD"] = "1"
    course = Course.load(ROOT / "grader_config.yml")
    first, *rest = sorted(classroom.iterdir())
    tests = asked(course, first)  # warm: what is lazy in torch is a class's cost, not a submission's
    wall, cpu = time.perf_counter(), time.process_time()
    for folder in rest:
        asked(course, folder)
    wall, cpu = time.perf_counter() - wall, time.process_time() - cpu
    print(json.dumps({"tests": tests, "submissions": len(rest), "wall": wall / len(rest), "cpu": cpu / len(rest)}))


if __name__ == "__main__":
    main(Path(sys.argv[1]))
