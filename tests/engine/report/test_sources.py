"""The sources of a class, to be compared: each hand-in's files as text, and a notebook's cells as one."""

import json

import pytest

from autograder.course.course import Course
from autograder.report.class_page.sources import NOTEBOOK, of_class
from tests.engine.toy_course import TOY


@pytest.fixture(scope="module")
def course():
    return Course.load(TOY / "grader_config.yml")


def notebook(*cells):
    made = [
        {"cell_type": kind, "metadata": {}, "source": text}
        | ({"outputs": [], "execution_count": None} if kind == "code" else {})
        for kind, text in cells
    ]
    return json.dumps({"nbformat": 4, "nbformat_minor": 4, "metadata": {}, "cells": made})


def test_each_hand_in_has_its_files_by_name_and_only_the_homeworks(tmp_path, course):
    for who in ("ada", "bob"):
        (tmp_path / who).mkdir()
        (tmp_path / who / "q1_box.py").write_text(f"raise SystemExit  # {who}\n")
        (tmp_path / who / "written.md").write_text("text")
    found = dict(of_class(tmp_path, course))
    assert found.keys() == {"ada", "bob"} and found["bob"] == {"q1_box.py": "raise SystemExit  # bob\n"}, "and none was run"


def test_a_notebooks_code_cells_are_one_source(tmp_path, course):
    (tmp_path / "ada").mkdir()
    cells = [("code", "def area(a, b):\n    return a * b"), ("markdown", "# words"), ("code", "x = 1")]
    (tmp_path / "ada" / "homework.ipynb").write_text(notebook(*cells))
    ((id, files),) = of_class(tmp_path, course)
    assert id == "ada" and list(files) == [NOTEBOOK]
    assert "return a * b" in files[NOTEBOOK] and "x = 1" in files[NOTEBOOK] and "words" not in files[NOTEBOOK]


def test_one_that_cannot_be_read_has_nothing_to_compare(tmp_path, course):
    (tmp_path / "ada").mkdir()
    (tmp_path / "ada" / "q1_box.py").write_text("x = 1\n")
    (tmp_path / "eve.zip").write_bytes(b"no archive")
    assert dict(of_class(tmp_path, course)) == {"ada": {"q1_box.py": "x = 1\n"}, "eve": {}}
