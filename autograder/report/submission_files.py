"""What a result becomes for those who read it: ``results.json`` for Gradescope, feedback for the student."""

from __future__ import annotations

from dataclasses import replace

from autograder.course.course import Course
from autograder.model import Fingerprint, Outcome, PartResult, Result
from autograder.report.disclosure import disclosed


def render(result: Result, course: Course) -> dict[str, bytes]:
    """The files of ``submissions/<id>/`` by name, with what the course lets be known. The same result gives the same bytes."""
    return files(disclosed(result, course.config.feedback), course)


def files(result: Result, course: Course) -> dict[str, bytes]:
    """The same of a result that holds only what the course lets be known."""
    from autograder.report import feedback, results_json
    from autograder.report.view import views

    seen = views(result, course)
    unread = result.status == "unreadable"  # the reason stands above; there is nothing to say part by part
    whole = {language: replace(one, questions=()) if unread else one for language, one in seen.items()}
    return {
        "results.json": results_json.results(result, course, seen),
        "feedback.md": feedback.markdown(result, whole),
        "feedback.html": feedback.html(result, whole),
    }


def warm(course: Course) -> None:
    """Read and compile what rendering needs, once, before a worker forks: templates, sentences, statements as HTML."""
    parts = tuple(PartResult(part.id, part.cents, 0, Outcome.NOT_ATTEMPTED) for part in course.parts)
    render(Result("", "", "graded", parts, Fingerprint("", "", "", "", ""), ""), course)
