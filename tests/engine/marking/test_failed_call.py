"""Which call of a failed check is shown, what was right there, and what is said of the form of what came."""

import time
from pathlib import Path

import numpy as np
import pytest

from autograder.course.course import Course
from autograder.course.reference import Reference
from autograder.marking import failed_call
from autograder.marking.recorder import Recorder

ROOT = Path(__file__).resolve().parents[3]


@pytest.fixture(scope="module")
def right():
    return Reference(Course.load(ROOT / "grader_config.yml"))


def told(right, wrong, *sizes):
    recorder = Recorder(right.replacing({("q2_convnet", "conv2d_output_size"): wrong}))
    for size in sizes:
        try:
            recorder.q2_convnet.conv2d_output_size(*size)
        except ValueError:
            pass
    return failed_call.first_wrong(recorder.calls, right)


def test_the_first_wrong_call_is_shown_with_what_was_right(right):
    call, expected, form = told(right, lambda size, kernel: (size - kernel, size - kernel), (5, 5), (8, 3), (9, 9))
    assert (call.target, call.arguments, call.came) == ("q2_convnet.conv2d_output_size", "5, 5", "(0, 0)")
    assert (expected, form) == ("(1, 1)", None)


def test_a_refusal_is_an_answer_too(right):
    call, expected, form = told(right, lambda size, kernel: (size - kernel + 1,) * 2, (8, 3), (3, 8))
    assert (call.arguments, call.came, expected, form) == ("3, 8", "(-4, -4)", "ValueError", None)

    def refuses(size, kernel):
        raise ValueError

    call, expected, form = told(right, refuses, (3, 8), (8, 3))
    assert (call.arguments, call.came, expected, form) == ("8, 3", "ValueError", "(6, 6)", None)


@pytest.mark.parametrize(
    "came, said",
    [
        (None, "None"),
        (6, "int"),
        ("6", "str"),
        ((6,), "tuple[int]"),
        ([6, 6, 6], "list[int, int, int]"),
        (np.eye(3), "ndarray"),
    ],
)
def test_an_answer_of_another_form_is_said_to_be_one(right, came, said):
    _, _, form = told(right, lambda size, kernel: came, (8, 3))
    assert form.values == {"target": "q2_convnet.conv2d_output_size", "came": said, "asked": "tuple[int, int]"}


@pytest.mark.parametrize("came", [[5, 6], (5.0, 6), np.array([5, 6]), np.array([5.5, 6])])
def test_a_wrong_answer_of_the_right_form_is_not(right, came):
    assert told(right, lambda size, kernel: came, (8, 3))[2] is None


def test_where_every_call_is_right_the_last_is_shown_without_an_answer(right):
    call, expected, _ = told(right, lambda size, kernel: [size - kernel + 1] * 2, (8, 3), (9, 3))
    assert (call.arguments, expected) == ("9, 3", "")
    assert failed_call.first_wrong([], right) is None


def deep(value, levels):
    for _ in range(levels):
        value = [value]
    return value


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ([[np.zeros((3, 2), np.float16)]], "[[array(3, 2)]]"),
        ({"a": (np.zeros(2), 1)}, "{'a': (array(2,), 1)}"),
        ((1,), "(1,)"),
        ([True, None, 2.5, "x"], "[True, None, 2.5, 'x']"),
        (1 << 100_000, "…"),
        (deep(1, 1_000), "[[[[[[…]]]]]]"),
    ],
    ids=["arrays", "dict", "single", "plain", "long integer", "deep"],
)
def test_what_came_is_written_as_far_as_it_is_shown(value, text):
    assert failed_call.shown(value) == text


@pytest.mark.parametrize(
    "made",
    [
        lambda: [[np.zeros((6,) * 8 + (5,), np.float16)]],
        lambda: [["x" * 10_000_000]] * 100,
        lambda: list(range(5_000_000)),
        lambda: {str(n): [n] * 9 for n in range(200_000)},
    ],
    ids=["array", "text", "list", "dict"],
)
def test_a_large_answer_costs_no_more_than_what_is_shown(made, right):
    value = made()
    begun = time.process_time()
    assert len(failed_call.shown(value)) <= failed_call.MOST_SHOWN
    _, _, form = told(right, lambda size, kernel: [value] * 4, (5, 5))
    assert len(str(form.values)) < 500
    assert time.process_time() - begun < 0.5


def test_a_tree_of_types_is_told_to_its_second_level(right):
    tree = 1
    for _ in range(12):
        tree = [tree] * 4
    _, _, form = told(right, lambda size, kernel: tree, (5, 5))
    assert len(form.values["came"]) < 400


@pytest.mark.parametrize(
    "came, right, key",
    [
        ([16, 64, 128], [16, 128, 64], "check.swapped"),
        ([64, 128], [128, 64], "check.swapped"),
        ([64, 64], [128, 64], None),
        ([128, 16, 64], [16, 128, 64], None),
        ([16, 64, 64], [16, 64, 64], None),
        ([1, 2], [1, 2, 3], "sheet.form_list"),
    ],
)
def test_swapped_height_and_width_are_called_that(came, right, key):
    message = failed_call.form_of_number(came, right)
    assert (message.key if message else None) == key


def tree(depth: int) -> list:
    return [tree(depth - 1) for _ in range(4)] if depth else [1, 1.0, True, None]


WIDE = np.zeros((6,) * 7 + (5,), np.float16)  # numpy shortens an axis of more than six: this one has none


@pytest.mark.parametrize(
    "value, text",
    [
        ([[WIDE]], "[[array(6, 6, 6, 6, 6, 6, 6, 5)]]"),
        ({"a": (WIDE,)}, "{'a': (array(6, 6, 6, 6, 6, 6, 6, 5),)}"),
        ((1, 2.5, "x", None, True), "(1, 2.5, 'x', None, True)"),
        ([], "[]"),
        ((), "()"),
        (10**4000, "…"),
        ({"k": {"j": [1]}}, "{'k': {'j': [1]}}"),
    ],
)
def test_a_value_is_written_out_with_arrays_by_shape_at_any_depth(value, text):
    assert failed_call.shown(value) == text


@pytest.mark.parametrize(
    "made",
    [
        lambda: tree(8),
        lambda: ["x" * 10_000_000] * 50,
        lambda: [10**3000] * 5_000,
        lambda: {"k" * 1_000_000: 1},
        lambda: [[]] * 100_000,
    ],
    ids=["tree", "texts", "integers", "key", "lists"],
)
def test_no_more_of_a_value_is_looked_at_than_is_shown(made):
    value = made()
    began = time.process_time()
    assert len(failed_call.shown(value)) <= failed_call.MOST_SHOWN and len(failed_call._kind(value)) < 400
    assert time.process_time() - began < 0.5
