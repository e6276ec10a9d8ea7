"""Which of a submission's notebooks counts, and what in it stands for files."""

import json

from autograder.course.course import Course
from autograder.intake.notebook import handed_out
from autograder.intake.notebook.choice import opened
from autograder.model import Sources
from tests.engine.intake.hand_ins import book, cell
from tests.engine.toy_course import REPOSITORY, TOY


def test_files_that_cells_write_are_the_homeworks():
    course = Course.load(TOY / "grader_config.yml")
    stem = course.questions[0].stem
    data = book(
        cell(f"%%writefile {stem}.py\nA = 1\n"), cell("%%file answers.toml\n[q1]\na = 1"), cell("%%writefile help.py\nB = 1")
    )
    sources, found = opened(Sources(notebooks={"hw3.ipynb": data}), course)
    assert sources.code == {stem: "A = 1\n"} and sources.answers == "[q1]\na = 1"
    assert [number for number, _ in found.cells] == [3] and sources.trouble is None
    assert [note.values["cell"] for note in sources.notes if note.key == "notebook.writefile"] == [1, 2]


def test_a_file_that_was_handed_in_is_not_written_over():
    course = Course.load(TOY / "grader_config.yml")
    stem = course.questions[0].stem
    data = book(cell(f"%%writefile {stem}.py\nA = 1\n"))
    sources, _ = opened(Sources(code={stem: "A = 2\n"}, notebooks={"hw3.ipynb": data}), course)
    assert sources.code == {stem: "A = 2\n"}


def test_a_notebook_for_each_question_is_one_notebook():
    """Each is a copy of the notebook that was handed out, with one question solved and the stubs of the others below it."""
    course = Course.load(REPOSITORY / "grader_config.yml")
    data = json.loads((REPOSITORY / "student_template" / "hw3.ipynb").read_bytes())
    halves = {}
    for name, id, solved in (("a.ipynb", "q1-linear_parameters", "def linear_parameters"), ("b.ipynb", "w6", "My words.")):
        cells = [dict(one, source=solved if one["id"] == id else one["source"]) for one in data["cells"]]
        halves[name] = json.dumps({**data, "cells": cells}).encode()
    sources, found = opened(Sources(notebooks=halves), course)
    assert list(sources.notebooks) == ["a.ipynb", "b.ipynb"] and found.essays(course.written, handed_out(course).lines) == {
        "w6": "My words."
    }
    assert [note.key for note in sources.notes] == ["notebook.joined"]
    numbers, texts = zip(*found.cells, strict=True)
    assert list(numbers) == sorted(set(numbers)) and sum(text.startswith("answers = {}") for text in texts) <= 1
    assert texts.count("def linear_parameters") == 1 and not any("def linear_parameters(" in text for text in texts)


def test_two_notebooks_that_hold_the_same_are_not_joined():
    course = Course.load(REPOSITORY / "grader_config.yml")
    both = {"hw3.ipynb": book(cell("def UNet(): pass")), "old.ipynb": book(cell("def UNet(): return 1"))}
    sources, found = opened(Sources(notebooks=both), course)
    assert [source for _, source in found.cells] == ["def UNet(): pass"]
    assert [note.key for note in sources.notes] == ["notebook.left"]
