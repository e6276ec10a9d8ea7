"""What a result becomes for those who read it: ``results.json`` for Gradescope, feedback for the student."""

from __future__ import annotations

from autograder.course import Course
from autograder.model import LANGUAGES, Result


def render(result: Result, course: Course) -> dict[str, bytes]:
    """The files of ``submissions/<id>/`` by name. The same result gives the same bytes."""
    from autograder.formats import gradescope
    from autograder.report import feedback

    return {
        "results.json": gradescope.results(result, course),
        "feedback.md": feedback.markdown(result, course),
        "feedback.html": feedback.html(result, course),
    }


def warm() -> None:
    """Compile what rendering needs, once, before a worker forks."""
    from autograder.report import feedback
    from autograder.words import sentences

    for language in LANGUAGES:
        sentences(language)
    for name in feedback.TEMPLATES:
        feedback.templates().get_template(name)
