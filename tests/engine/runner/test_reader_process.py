"""What a hand-in is looked up by, read without running it. (The process and its limits: test_reader.py.)"""

import json

import pytest
from msgspec.structs import replace

from autograder.gradebook import unchanged
from autograder.marking import hand_in as read_hand_in
from autograder.marking.written_marks import text_hash
from autograder.model import Dealt, Submission
from tests.engine.runner.here import HASHES, SHEET, Here, hand_in, outcome


@pytest.fixture
def here(course):
    return Here(course)


def test_a_hand_in_is_read_for_its_keys_and_the_hashes_of_its_texts(here, course):
    read = here.read(hand_in())
    assert read.keys == unchanged.keys(read_hand_in.read(hand_in(), course), course, HASHES)
    assert read.texts == {"w1": text_hash("A dot.")} and not read.cells
    assert here.read(hand_in(written="Another.")).keys == read.keys, "no question is asked a text"
    assert here.read(hand_in(sheet=b"[q1]\narea = 1\n")).keys != read.keys


def test_an_empty_and_a_broken_hand_in_have_keys_too(here):
    for files in ({}, {"q1_box.py": b"\x00\xff"}, {"all.zip": b"no archive"}, {"homework.ipynb": b"{"}):
        read = here.read(Submission("ada", files=files))
        assert read.keys.keys() == {"q1"} and read.texts == {}


def test_a_notebooks_code_has_to_run(here):
    cell = {
        "cell_type": "code",
        "metadata": {},
        "source": "def area(a, b=4):\n    return a * b",
        "outputs": [],
        "execution_count": None,
    }
    book = json.dumps({"nbformat": 4, "nbformat_minor": 4, "metadata": {}, "cells": [cell]}).encode()
    assert here.read(Submission("ada", files={"homework.ipynb": book})).cells


def test_another_variant_of_the_sheet_has_other_keys(here):
    two, three = (here.read(replace(hand_in(), dealt=Dealt(variant))).keys for variant in (2, 3))
    assert two != three != here.read(hand_in()).keys


def test_a_record_is_made_of_outcomes_that_are_known_and_of_the_hand_ins_own_answers(here):
    record = here.record(hand_in(), (outcome(),))
    assert record.asked == (outcome(),) and record.isolation == "E" and record.trouble is None
    assert json.loads(record.values) == {"q1.area": 221, "q1.volume": 4199}
    assert record.essays == {"w1": "A dot."} and record.texts == {"w1": text_hash("A dot.")}
    assert sorted(record.files) == ["answers.toml", "q1_box.py", "written.md"] and b"221" in SHEET
