"""A function is explained by the mistakes that give every recorded answer, the wrong and the right ones."""

import pytest

from autograder.course.reference import Reference
from autograder.diagnosis.by_function import AT_LEAST, explaining
from autograder.diagnosis.catalogue import Catalogue
from autograder.marking.recorder import Recorder


@pytest.fixture(scope="module")
def known(course):
    return Catalogue(course, Reference(course))


def asked(known, wrong, cases, name="area", replaced="area"):
    """What is recorded where ``wrong`` stands in the place of a function."""
    recorder = Recorder(known.reference(()).replacing({("q1_box", replaced): wrong}))
    for args in cases:
        try:
            getattr(recorder.q1_box, name)(*args)
        except ValueError:
            pass
    return recorder.calls


def told(known, calls, name="area"):
    return [tuple(entry.misconception.name for entry in group) for group in explaining(known, "q1_box", name, calls)]


def perimeter(height, width=4):
    if min(height, width) < 1:
        raise ValueError
    return 2 * (height + width)


CASES = [(2, 3), (5, 1), (7, 2), (4, 4), (0, 3), (3, 5)]  # the perimeter is right for the square, and refuses what it must


def test_a_mistake_is_told_that_gives_every_answer(known):
    assert told(known, asked(known, perimeter, CASES)) == [("perimeter",)]


def test_a_mistake_in_what_a_function_calls_explains_it(known):
    calls = asked(known, perimeter, [(2, 3, 4), (5, 1, 2), (7, 2, 1)], name="volume")
    assert told(known, calls, "volume") == [("perimeter",)]
    assert told(known, calls, "area") == [], "it was asked nothing itself"


def test_one_right_answer_that_the_mistake_would_spoil_is_enough_against_it(known):
    assert told(known, asked(known, lambda height, width=4: 14 if height == 7 else perimeter(height, width), CASES)) == []


@pytest.mark.parametrize("cases", [CASES[: AT_LEAST - 1], CASES[:1] * 5, [(2, 3), (5, 1), (4, 4), (0, 3)]])
def test_too_few_different_wrong_answers_explain_nothing(known, cases):
    assert told(known, asked(known, perimeter, cases)) == []


def test_two_mistakes_are_told_where_neither_explains_it_alone(known):
    """The perimeter by one who refuses nothing."""
    assert told(known, asked(known, lambda height, width=4: 2 * (height + width), CASES)) == [
        ("perimeter", "nothing_refused")
    ]


def test_a_right_function_and_one_that_is_wrong_in_its_own_way_are_not_explained(known):
    assert told(known, asked(known, lambda height, width=4: known.answering(()).q1_box.area(height, width), CASES)) == []
    assert told(known, asked(known, lambda height, width=4: 7 * height + width, CASES)) == []
