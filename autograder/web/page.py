"""What the page is given when it opens: its words, the rubric, the question, the sample answer."""

from __future__ import annotations

from typing import Any

from autograder.course.rubric import Rubric
from autograder.model import LANGUAGES, Language, Part
from autograder.web import queue
from autograder.web.desk import Desk
from autograder.web.people import Marker
from autograder.web.shown import markdown
from autograder.words import sentences


def page_data(desk: Desk, part: Part, mode: queue.Mode, language: Language, marker: Marker) -> dict[str, Any]:
    """Everything but the answers, as JSON for the page."""
    rubric, statement = desk.rubrics[part.id], desk.statements[part.id]
    return {
        "language": language,
        "direction": "rtl" if language == "fa" else "ltr",
        "languages": list(LANGUAGES),
        "book": desk.file.about["book"],
        "course": desk.course.config.title,
        "marker": marker.name,
        "leads": marker.leads,
        "mode": mode,
        "part": part.id,
        "name": part.name,
        "parts": [_tab(desk, one, marker) for one in desk.parts],
        "rubric": rubric_data(rubric),
        "sample": {one: markdown(getattr(rubric.sample, one)) for one in LANGUAGES},
        "question": {one: markdown(getattr(statement, one)) for one in LANGUAGES},
        "history": queue.history(desk, part.id, marker),
        "trouble": desk.trouble,
        "words": words(language),
    }


def _tab(desk: Desk, part: Part, marker: Marker) -> dict[str, Any]:
    return {"name": part.name, "id": part.id, "left": queue.counts(desk, part.id, marker)["left"]}


def rubric_data(rubric: Rubric) -> dict[str, Any]:
    """The criteria as the page needs them."""
    criteria = [
        {"id": one.id, "cents": one.cents, "sentence": one.sentence} | {name: getattr(one.text, name) for name in LANGUAGES}
        for one in rubric.criteria
    ]
    return {"hash": rubric.hash, "criteria": criteria}


def words(language: Language) -> dict[str, str]:
    """The page's own words, by the end of their key."""
    return {key.removeprefix("mark."): text for key, text in sentences(language).items() if key.startswith("mark.")}
