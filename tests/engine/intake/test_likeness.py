"""What a file's name stands for, however a browser, a copy or typing changed it."""

import time

import pytest

from autograder.intake import likeness
from autograder.intake.likeness import base


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
