"""The reference answers as a student would, also with a function replaced: what calls it then goes wrong too."""

import numpy as np
import pytest

from autograder.course.reference import Reference
from autograder.diagnosis.catalogue import catalogue
from tests.engine.toy_course import TOY, at_home


@pytest.fixture(scope="module")
def course():
    with at_home(TOY / "grader_config.yml") as course:
        yield course


@pytest.fixture
def reference(course):
    return Reference(course)


def test_functions_are_the_solutions_own(course, reference):
    solution = course.module("solutions.q1_box")
    assert reference.q1_box.area is solution.area
    assert reference.q1_box.volume(2, 3, 4) == 24
    with pytest.raises(ValueError):
        reference.q1_box.area(0, 1)


def test_the_sheets_key_is_what_the_witness_counts(course, reference):
    numbers = course.numbers()
    assert len(numbers) == 2
    for number in numbers.values():
        assert number.recipe(reference) == number.torch()


def test_a_class_gives_a_handle_that_speaks_in_arrays(reference):
    scale = reference.q1_box.Scale(2.0)
    image = np.ones((1, 2, 3), np.float32)
    assert np.array_equal(scale(image), 2 * image)
    assert {name: array.tolist() for name, array in scale.parameters().items()} == {"factor": [2.0]}
    scale.load({"factor": np.array([5.0], np.float32)})
    into_input, into_weights = scale.gradients(image, image)
    assert np.array_equal(into_input, 5 * image) and into_weights["factor"].tolist() == [6.0]


def test_a_replaced_function_is_called_by_the_others(course, reference):
    wrong = reference.replacing({("q1_box", "area"): lambda height, width=4: 2 * (height + width)})
    assert wrong.q1_box.area(2, 3) == 10
    assert wrong.q1_box.volume(2, 3, 4) == 40
    assert reference.q1_box.volume(2, 3, 4) == course.module("solutions.q1_box").volume(2, 3, 4) == 24


def test_a_misconception_gives_the_wrong_values_of_the_sheet(course, reference):
    (perimeter,) = catalogue(course)
    wrong = reference.replacing({perimeter.key: perimeter.misconception.wrong})
    assert {key: number.recipe(wrong) for key, number in course.numbers().items()} == {"q1.area": 60, "q1.volume": 1140}


def test_a_second_replacing_keeps_the_first(reference):
    once = reference.replacing({("q1_box", "area"): lambda height, width=4: 7})
    twice = once.replacing({("q1_box", "_whole"): lambda size: 2})
    assert twice.q1_box.volume(1, 1, 1) == 14 and once.q1_box.volume(1, 1, 1) == 7


def test_a_class_is_replaced_too(reference):
    import torch

    assert np.array_equal(
        reference.replacing({("q1_box", "Scale"): torch.nn.Identity}).q1_box.Scale(3.0)(np.ones(2)), np.ones(2)
    )


def test_what_is_not_there_is_said(reference):
    with pytest.raises(AttributeError, match="q9_nothing"):
        reference.q9_nothing  # noqa: B018
    with pytest.raises(AttributeError, match="perimeter"):
        reference.replacing({("q1_box", "perimeter"): max}).q1_box  # noqa: B018
