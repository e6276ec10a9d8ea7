"""Grading inside the image: ``/autograder/submission`` to ``/autograder/results/results.json``.

Run by ``run_autograder``. Where otter-grader is installed, ``results.pkl`` is written beside it: ``otter grade`` reads its
containers' results from there.
"""

from __future__ import annotations

import json
import shutil
import sys
import tempfile
from pathlib import Path

from autograder.course.course import Course
from autograder.errors import ConvgradeError
from autograder.intake.collect import CONTAINER
from autograder.runner.class_run import grade_class


def main(root: Path) -> int:
    """0 where there is a grade; else 1 and a line on stderr, and no results.json: the run has failed, not the student."""
    course = Course.load(Path.cwd() / "grader_config.yml")
    results = root / "results"
    results.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory() as folder:
        summary = grade_class(root, course, Path(folder), jobs=1, format=CONTAINER)
        (row,) = summary.rows
        if row.status == "not graded":
            print(f"convgrade: {row.messages}", file=sys.stderr)
            return 1
        written = Path(folder) / "submissions" / row.id
        shutil.copy(written / "results.json", results / "results.json")
        shutil.copy(written / "feedback.html", results / "feedback.html")
    try:
        import dill

        from autograder.prepare.otter_package import otter_results
    except ImportError:
        return 0
    whole = json.loads((results / "results.json").read_bytes())
    (results / "results.pkl").write_bytes(dill.dumps(otter_results.made(whole)))
    return 0


if __name__ == "__main__":
    try:
        sys.exit(main(Path(sys.argv[1]).resolve()))
    except ConvgradeError as error:
        sys.exit(f"convgrade: {error}")
