"""What a file's name stands for, however a browser, a copy or typing changed it."""

import time

import pytest

from autograder.course.course import KnownFiles
from autograder.intake import likeness
from autograder.intake.likeness import CALLED, COPY, HOMEWORK, NOTEBOOK, OTHER, SCRATCH, base


@pytest.mark.parametrize(
    "name", ["_" * 60_000 + "x", "hw" + " (1)" * 15_000, "hw" + " copy" * 12_000, "-" * 60_000 + "copy("]
)
def test_a_long_name_is_held_against_the_marks_of_a_copy_in_no_more_than_its_length(name):
    began = time.process_time()
    base(name)
    assert time.process_time() - began < 2


def test_a_name_has_its_marks_of_a_copy_taken_off():
    assert [base(name) for name in ("hw3 (2)", "hw3 - Copy (4)", "Copy of hw3", "hw3 (1) (2)", "hw3-copy", "hw3")] == [
        ("hw3", 2), ("hw3", 4), ("hw3", 1), ("hw3", 2), ("hw3", 1), ("hw3", 0)
    ]  # fmt: skip


def test_a_long_folder_name_is_read_in_no_more_than_its_length():
    began = time.process_time()
    assert likeness._CONTENTS.fullmatch("q" + "_" * 60_000 + "a-") is None
    assert all(likeness._CONTENTS.fullmatch(name) for name in ("q1", "src", "q_1", "part - 2", "code_final", "Sources"))
    assert time.process_time() - began < 2


KNOWN = KnownFiles(("q1_box", "q2_net"), template=frozenset({"hw3.ipynb", "q1_box.py"}))


@pytest.mark.parametrize(
    ("name", "like"),
    [
        ("q1_box.py", ("q1_box.py", HOMEWORK)),
        ("Q1_BOX.PY", ("q1_box.py", HOMEWORK)),
        ("q1_box (2).py", ("q1_box.py", COPY)),
        ("q1-box.py.txt", ("q1_box.py", COPY)),
        ("ｑ1_box.py", ("q1_box.py", COPY)),
        ("q1.py", ("q1_box.py", COPY)),
        ("پرسش۲.py", ("q2_net.py", COPY)),
        ("q1_box_ada.py", ("q1_box.py", CALLED)),
        ("answers.json", ("answers.toml", COPY)),
        ("regrade.md", ("regrade.md", HOMEWORK)),
        ("hw3.ipynb", (NOTEBOOK, HOMEWORK)),
        ("hw3 (1).ipynb", (NOTEBOOK, COPY)),
        ("hw3.ipynb.json", (NOTEBOOK, HOMEWORK)),
        ("hw3.py", (NOTEBOOK, COPY)),
        ("ada hw3 final.ipynb", (NOTEBOOK, CALLED)),
        ("mine.ipynb", (NOTEBOOK, OTHER)),
        ("Untitled3.ipynb", (NOTEBOOK, SCRATCH)),
    ],
)
def test_a_name_stands_for_a_file_however_near_it_is(name, like):
    found = likeness.likeness(name, KNOWN)
    assert (found.name, found.rank) == like


@pytest.mark.parametrize(
    "name",
    [
        "test_q1_box.py",
        "q3.py",
        "box.py",
        "q1_box.pyc",
        "q1_box_q2_net.py",
        "q1_box",
        ".py",
        "",
        "xq1_box.py",
        "answers.csv",
    ],
)
def test_another_name_stands_for_none(name):
    assert likeness.likeness(name, KNOWN) is None


def test_of_two_copies_the_number_says_which():
    numbers = [likeness.likeness(name, KNOWN).copy for name in ("q1_box.py", "q1_box (3).py", "q1_box - Copy.py")]
    assert numbers == [0, 3, 1]


def test_a_question_that_two_files_have_is_not_guessed():
    assert likeness.likeness("q1.py", KnownFiles(("q1_box", "q1_net"))) is None


def test_a_folder_may_be_the_homeworks_or_named_for_what_is_in_it_or_somebodys():
    ours = ("hw3", "HW3 (1)", "hw3.zip", "q1_box", "submission 2", "تمرین ۳", "student_template")
    assert all(likeness.nobodys(name, KNOWN) and likeness.neutral(name, KNOWN) for name in ours)
    for name in ("src", "question 2", "کد"):
        assert likeness.neutral(name, KNOWN) and not likeness.nobodys(name, KNOWN)
    assert not any(likeness.neutral(name, KNOWN) for name in ("ada", "hw3_ada", "srcada", "سارا"))
