"""The README's pictures, rendered from the sample class: ``python -m tests.pictures`` writes .github/pictures/ anew."""

from __future__ import annotations

import shutil
import tempfile
from pathlib import Path

from autograder.course.course import Course
from autograder.gradebook.gradebook import Gradebook
from autograder.report.class_page import class_report
from autograder.runner.class_run import grade_class
from tests.engine.browser import screenshot

ROOT = Path(__file__).resolve().parents[1]
CLASS = ROOT / "tests" / "submissions" / "class"
PICTURES = ROOT / ".github" / "pictures"


def main() -> None:
    course = Course.load(ROOT / "grader_config.yml")
    PICTURES.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as name:
        out = Path(name)
        grade_class(CLASS, course, out, jobs=2)
        feedback = out / "submissions" / "real_sheet" / "feedback.html"
        shutil.copy(screenshot(feedback, 900, 2300), PICTURES / "feedback.png")
        with Gradebook(out / "gradebook.sqlite") as book:
            (out / "report.html").write_bytes(class_report.render(book.latest(), course))
        shutil.copy(screenshot(out / "report.html", 900, 1400), PICTURES / "report.png")


if __name__ == "__main__":
    main()
