"""Which of a submission's notebooks counts, and what in it stands for files."""

import json

import pytest

from autograder.course.course import Course
from autograder.intake.notebook import NONE, handed_out
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


@pytest.fixture(scope="module")
def toy():
    return Course.load(TOY / "grader_config.yml")


def test_without_a_notebook_nothing_is_opened(toy):
    sources = Sources(code={"q1_box": "A = 1\n"})
    assert opened(sources, toy) == (sources, NONE)


def test_a_notebook_that_cannot_be_read_is_trouble_only_where_there_is_nothing_else(toy):
    alone, _ = opened(Sources(notebooks={"hw.ipynb": b"{"}), toy)
    assert alone.trouble is not None and alone.trouble.key.startswith("notebook.") and alone.notes == ()
    beside, found = opened(Sources(code={"q1_box": "A = 1\n"}, notebooks={"hw.ipynb": b"{"}), toy)
    assert beside.trouble is None and beside.notes == (alone.trouble,) and found == NONE
    good = book(cell("def area(): pass"))
    both, found = opened(Sources(notebooks={"bad.ipynb": b"{", "good.ipynb": good}), toy)
    assert found.cells == ((1, "def area(): pass"),) and [note.key for note in both.notes] == [alone.trouble.key]


def test_an_experiment_does_not_stand_for_right_files(toy):
    code = {"q1_box": "def area(a, b):\n    return a * b\n"}
    trial = book(cell("def area(a, b):\n    return 0"))
    sources, found = opened(Sources(code=code, notebooks={"try.ipynb": trial}), toy)
    assert found == NONE and sources.notebooks == {} and [note.key for note in sources.notes] == ["notebook.holds_nothing"]
    whole = book(cell("def area(a): pass\ndef volume(a): pass\nclass Scale: pass"))
    assert opened(Sources(code=code, notebooks={"all.ipynb": whole}), toy)[1].cells


def test_a_notebook_of_text_alone_says_that_it_has_no_code(toy):
    sources, found = opened(Sources(notebooks={"hw.ipynb": book(cell("Hello", "markdown"))}), toy)
    assert found.cells == () and [note.key for note in sources.notes] == ["notebook.no_code"]
    written = book(cell("## w1\n\nMy words.", "markdown"))
    assert opened(Sources(notebooks={"hw.ipynb": written}), toy)[0].notes == ()
