"""otter's plugin: ``otter run -a autograder.zip`` gives what ``convgrade grade`` gives, and runs no student code itself.

otter has unpacked the submission by the time a plugin is asked, and would then unpickle its log and run its notebook in a
kernel that starts among its files. So everything of the student's is taken away first, otter is left with the empty
notebook of the package, and the engine inside the package grades the hand-in behind the wall.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tempfile
from functools import partial
from pathlib import Path
from typing import Any

import nbformat
from otter.plugins import AbstractOtterPlugin

from autograder.prepare.otter_package import FOLDER, NOTEBOOK, otter_results
from autograder.prepare.otter_package.original import original


class Convgrade(AbstractOtterPlugin):
    """Grades with the course in the package's ``files/convgrade``. otter's working folder is the submission's."""

    def before_grading(self, config: Any) -> None:
        """Take the student's files away. Raises RuntimeError where Python imports from the folder that they are in."""
        if {"", "."} & set(sys.path):  # python -c and a prompt look there, and otter has gone into the student's folder
            raise RuntimeError(
                "otter was called from `python -c` or a prompt, where Python imports modules from the student's folder: "
                "use `otter run`, or `python -P -c`."
            )
        self._take_away()

    def _take_away(self) -> None:
        """Move the student's files away, so that otter finds none to unpickle, import or run."""
        here = Path.cwd()
        self.course = here.parent / "source" / "files" / FOLDER
        named, away = original(here, NOTEBOOK), here.parent / "handed_in"
        away.mkdir()
        for path in list(here.iterdir()):
            if path.name not in ("tests", "__init__.py", FOLDER, NOTEBOOK):
                path.rename(away / path.name)
        for name in ("tests", FOLDER):
            shutil.rmtree(here / name, ignore_errors=True)
        shutil.copytree(here.parent / "source" / "tests", here / "tests")
        if named is None and not any(away.iterdir()):
            raise RuntimeError("otter has lost the submission's notebook: name it to `otter run` by its absolute path.")
        self.handed_in = named or away

    def before_execution(self, submission: Any) -> Any:
        return nbformat.v4.new_notebook()

    def after_grading(self, results: Any) -> None:
        whole = graded(self.course, self.handed_in)
        otter_results.fill(results, whole)
        results.to_gradescope_dict = partial(_as_graded, whole)  # results.json whole: reasons, hints, written parts

    def generate_report(self) -> str:
        return f"Graded by convgrade behind its wall: {self.handed_in.name}"

    def during_generate(self, otter_config: Any, assignment: Any) -> None:
        """Nothing: the package is complete without."""


def graded(course: Path, handed_in: Path) -> dict[str, Any]:
    """``results.json`` of one hand-in, by the engine inside the package. Raises RuntimeError with what it said."""
    environment = {**os.environ, "PYTHONPATH": str(course)}
    with tempfile.TemporaryDirectory() as out:
        command = [sys.executable, "-P", "-m", "autograder", "grade", str(handed_in)]
        command += ["--config", str(course / "grader_config.yml"), "--out", out, "--jobs", "1", "--json"]
        done = subprocess.run(command, cwd=course, env=environment, capture_output=True, text=True)
        if done.returncode > 1:
            raise RuntimeError(done.stderr.strip())
        (one,) = json.loads(done.stdout)["submissions"]
        if one["status"] == "not graded":
            raise RuntimeError(done.stderr.strip())
        return json.loads((Path(out) / "submissions" / one["id"] / "results.json").read_bytes())


def _as_graded(whole: dict[str, Any], config: Any) -> dict[str, Any]:
    return whole
