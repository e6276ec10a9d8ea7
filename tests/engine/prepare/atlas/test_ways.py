"""The arithmetic that students write beside their answers is found on the sheet and in the notebook, and runs nowhere."""

import json

import pytest

from autograder.course.course import Course
from autograder.prepare.atlas import ways
from tests.engine.toy_course import TOY


@pytest.fixture
def course():
    return Course.load(TOY / "grader_config.yml")


def hand_in(folder, id, **files):
    (folder / id).mkdir()
    for name, text in files.items():
        (folder / id / name.replace("_", ".", 1)).write_text(text, "utf-8")


SHEET = """# area = 3  # a comment of the template
[q1]
area = 60  # 2·(13 + 17)
volume = [1, 2] # 3
q1.area = 61   #  dotted
other = 7 # no key
"""


def test_a_comment_behind_an_answer_is_its_way(tmp_path, course):
    hand_in(tmp_path, "ada", answers_toml=SHEET.replace("q1.area = 61   #  dotted\n", ""))
    hand_in(tmp_path, "bo", answers_toml="q1.area = 61   #  dotted\n[ q1 ]\nvolume = 4199 #\n")
    assert ways.of_class(tmp_path, course) == {
        ("ada", "q1.area"): "2·(13 + 17)", ("ada", "q1.volume"): "3", ("bo", "q1.area"): "dotted",
    }  # fmt: skip


def test_a_notebooks_answers_have_ways_too_and_its_code_is_not_run(tmp_path, course):
    mark = tmp_path.with_name("mark")
    source = f'open({str(mark)!r}, "w")\nanswers = {{\n  "q1.area": 13*17,  # 13 times 17\n}}\nanswers["q1.volume"] = 9  # three squared\n'
    cell = {"cell_type": "code", "id": "a", "metadata": {}, "outputs": [], "execution_count": None, "source": source}
    book = {"cells": [cell], "metadata": {}, "nbformat": 4, "nbformat_minor": 5}
    hand_in(tmp_path, "ada", hw3_ipynb=json.dumps(book))
    assert ways.of_class(tmp_path, course) == {("ada", "q1.area"): "13 times 17", ("ada", "q1.volume"): "three squared"}
    assert not mark.exists()


def test_a_hostile_comment_is_shortened_and_cleaned(tmp_path, course):
    hand_in(
        tmp_path,
        "eve",
        answers_toml="[q1]\narea = 1 # \x1b[31mred\u202e" + "x" * 5_000 + "\nvolume = " + "9" * 100_000 + " # 1\n",
    )
    (way,) = ways.of_class(tmp_path, course).values()
    assert way.startswith("red[U+202E]x") and len(way) == ways.MOST


def test_ways_come_back_from_the_process_that_read_them():
    found = {("سارا", "q1.area"): "۲·۳", ("ada", "q1.volume"): "a # b"}
    assert ways.loaded(ways.dumped(found)) == found and ways.loaded(ways.dumped({})) == {}
