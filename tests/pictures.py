"""The README's pictures, rendered from the sample class, the marking page from a made-up one: ``python -m tests.pictures`` writes .github/pictures/ anew."""

from __future__ import annotations

import tempfile
from pathlib import Path

from autograder.course.course import Course
from autograder.course.rubric import load
from autograder.gradebook.gradebook import Gradebook
from autograder.report.class_page import class_report
from autograder.runner.class_run import grade_class
from tests.engine.browser import opened
from tests.engine.web import made, served

ROOT = Path(__file__).resolve().parents[1]
CLASS = ROOT / "tests" / "submissions" / "class"
PICTURES = ROOT / ".github" / "pictures"
STUDENT = "real_sheet"  # whose feedback is shown


# picture -> page, language, window. The handout's pages are those that were released.
PAGES = {
    "feedback.png": ("feedback", "en", {"viewport": {"width": 900, "height": 1500}}),
    "feedback-fa.png": (
        "feedback",
        "fa",
        {"viewport": {"width": 390, "height": 844}, "device_scale_factor": 2, "color_scheme": "dark"},
    ),
    "report.png": ("report", "en", {"viewport": {"width": 900, "height": 1500}}),
    "handout.png": ("handout.en", "en", {"viewport": {"width": 900, "height": 1200}}),
    "handout-fa.png": ("handout.fa", "fa", {"viewport": {"width": 900, "height": 1200}}),
}

# The heading of the first question that has a drawing comes to the top.
TO_THE_DRAWING = """() => {
    const drawing = document.querySelector("svg");
    const before = [...document.querySelectorAll("h2")].filter((one) => one.compareDocumentPosition(drawing) & 4);
    before.at(-1).scrollIntoView({ behavior: "instant" });
}"""


def main() -> None:
    course = Course.load(ROOT / "grader_config.yml")
    PICTURES.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as name:
        out = Path(name)
        grade_class(CLASS, course, out, jobs=2)
        pages(course, out)
    with tempfile.TemporaryDirectory() as name:
        marking(course, Path(name))


def pages(course: Course, out: Path) -> None:
    """The pages that lie on a disk, of a class that was graded into ``out``."""
    with Gradebook(out / "gradebook.sqlite") as book:
        (out / "report.html").write_bytes(class_report.render(book.latest(), course))
    files = {name: ROOT / "assignment" / f"{name}.html" for name in ("handout.en", "handout.fa")}
    files |= {"feedback": out / "submissions" / STUDENT / "feedback.html", "report": out / "report.html"}
    for picture, (name, language, options) in PAGES.items():
        with opened(**options) as page:
            page.goto(files[name].resolve().as_uri())
            if page.locator(f"label[for=show-{language}]").count():
                page.locator(f"label[for=show-{language}]").first.click()
            if name.startswith("handout"):
                page.evaluate(TO_THE_DRAWING)
            page.screenshot(path=PICTURES / picture)


def marking(course: Course, out: Path) -> None:
    """The marking page with a made-up class: in English, and in Persian on a phone in the dark."""
    rubrics = load(course)
    part = next(part for part in course.parts if part.id == list(rubrics)[2])
    sample = rubrics[part.id].sample
    halves = [text.split(". ")[0] + "." for text in (sample.en, sample.fa)]
    answers = [
        sample.en,
        f"{halves[0]} Small objects are lost, and borders come out blurred.",
        sample.fa,
        f"{halves[1]} مرزها تار می‌شوند.",
    ]
    texts = {
        f"student-{at:02}": {name: answers[at % 4] + (f" ({at})" if at > 7 else "") for name in course.written}
        for at in range(36)
    }
    made.graded(out, course, texts)
    with served.here(course, out, ("Sara",)) as here, served.browser() as one:
        for file, language, options in (
            ("marking.png", "en", {"viewport": {"width": 1360, "height": 860}}),
            ("marking-fa.png", "fa", {"viewport": {"width": 1360, "height": 860}}),
            (
                "marking-phone.png",
                "fa",
                {"viewport": {"width": 390, "height": 844}, "color_scheme": "dark", "device_scale_factor": 2},
            ),
        ):
            with served.opened(one, here.links["Sara"], language, **options) as page:
                begins = sample.fa[:20] if language == "fa" else halves[0][:20]
                here.desk.leases.until.clear()
                page.goto(f"{here.address}/{language}/mark/{part.name}?answer={_chosen(here.desk, part.id, begins)}")
                page.wait_for_selector("#answer .head")
                served.press(page, "1", "2", "Shift+Digit3")
                page.wait_for_timeout(500)
                page.screenshot(path=PICTURES / file)


def _chosen(desk, part: str, begins: str) -> str:
    return next(one.id for one in desk.answers[part] if one.text.startswith(begins))


if __name__ == "__main__":
    main()
