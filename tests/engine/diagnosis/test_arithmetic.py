"""The arithmetic of a mistake is shown where it gives what the student gave, and nowhere else."""

import pytest

from autograder.course.mistakes import Misconception
from autograder.diagnosis.arithmetic import shown_arithmetic
from autograder.marking.recorder import Answered
from autograder.model import Text


def told(value, *calls: list[str]) -> str:
    """The route to a value by a mistake that tells these texts, call by call."""
    misconception = Misconception("f", "wrong", max, Text("Why?", "چرا؟"), "", lambda *texts: list(texts))
    return shown_arithmetic(misconception, [Answered("q1_box", "f", tuple(texts), {}, None) for texts in calls], value)


@pytest.mark.parametrize(
    ("value", "texts", "route"),
    [
        (16, ["3·4 + 4"], "16 = 3·4 + 4"),
        ((9, 20), ["10 − 1", "21 − 1"], "(9, 20) = 10 − 1 , 21 − 1"),
        ([9, 9], ["10 − 1", "10 − 1"], "[9, 9] = 10 − 1"),
        ((16, 9, 9), ["10 − 1", "10 − 1"], "9 = 10 − 1"),
        (180, ["10 − 1", "21 − 1"], "180 = (10 − 1)·(21 − 1)"),
        (90, ["10 − 1", "2·5"], "90 = (10 − 1)·2·5"),
        (20, ["1", "4·5"], "20 = 4·5"),
        (9, ["10 − 1", "21 − 1"], "9 = 10 − 1"),
    ],
    ids=["a number", "a shape", "a square", "within a shape", "how many", "product", "one row", "the first of two"],
)
def test_arithmetic_that_gives_the_answer_is_shown(value, texts, route):
    assert told(value, texts) == route


@pytest.mark.parametrize("value", [17, (3, 4), (16, 16), [], "16", None])
def test_arithmetic_that_gives_another_value_is_not(value):
    assert told(value, ["3·4 + 3"]) == ""


def test_several_calls_are_one_sum():
    assert told(42, ["3·4"], ["5·6"]) == "42 = 3·4 + 5·6"
    assert told(20, ["3·4"], ["9 − 1"]) == "20 = 3·4 + (9 − 1)"
    assert told(43, ["3·4"], ["5·6"]) == ""
    assert told(9, ["10 − 1", "21 − 1"], ["0", "0"]) == "", "shapes have no sum"


def test_a_number_alone_is_no_arithmetic():
    assert told(9, ["9"]) == told((9, 20), ["9", "20"]) == ""


def test_without_arithmetic_or_a_call_nothing_is_shown():
    assert told(16) == ""
    assert shown_arithmetic(Misconception("f", "wrong", max, Text(), ""), [Answered("q1_box", "f", (), {}, 16)], 16) == ""
