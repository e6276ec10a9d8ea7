"""A wrong number is explained by the mistakes that give it with the question's own parameters."""

import pytest

from autograder.course.answer_key import AnswerKey
from autograder.diagnosis.by_number import Numbers
from autograder.diagnosis.catalogue import Catalogue


@pytest.fixture(scope="module")
def key(course):
    return AnswerKey(course)


@pytest.fixture
def numbers(course, key):
    return Numbers(key, Catalogue(course, key.right))


def ids(explanations):
    return [one.ids for one in explanations]


def test_a_number_is_explained_with_the_arithmetic_that_gives_it(numbers):
    (one,) = numbers.explaining("q1.area", 60)  # an image of 13×17
    assert (one.ids, one.route) == (("q1.area.perimeter",), "60 = 2·(13 + 17)")
    (one,) = numbers.explaining("q1.volume", 240)
    assert (one.ids, one.route) == (("q1.volume.channels_added",), "240 = 13·17 + 19")


def test_a_mistake_spreads_to_the_numbers_that_build_on_it_without_its_arithmetic(numbers):
    (one,) = numbers.explaining("q1.volume", 60 * 19)
    assert (one.ids, one.route) == (("q1.area.perimeter",), "")


def test_what_gives_the_right_value_or_none_at_all_explains_nothing(numbers):
    assert [(value, one.ids) for value, one in numbers.known("q1.area")] == [(60, ("q1.area.perimeter",))]
    assert numbers.explaining("q1.area", 13 * 17) == numbers.explaining("q1.area", 999) == []


def test_a_mistake_elsewhere_gives_nothing_for_a_number(numbers):
    assert "q1.volume.channels_added" not in str(ids(one for _, one in numbers.known("q1.area")))


def test_pairs_are_of_mistakes_in_two_functions_that_each_matter(numbers):
    assert [tuple(entry.misconception.name for entry in group) for _, group in numbers.pairs("q1.volume")] == [
        ("perimeter", "channels_added")
    ]
    assert numbers.pairs("q1.area") == []


def test_each_variant_has_its_own_wrong_values(course, key):
    second = Numbers(key.of(2), Catalogue(course, key.right))
    (one,) = second.explaining("q1.area", 72)  # 2·(15 + 21)
    assert one.route == "72 = 2·(15 + 21)" and second.explaining("q1.area", 60) == []


def test_what_was_worked_out_for_one_submission_is_wanted_for_the_next(numbers):
    assert not numbers.wanted
    numbers.explaining("q1.area", 7)
    assert numbers.wanted
    numbers.work_out()
    assert not numbers.wanted and ids(numbers.explaining("q1.area", 60)) == [("q1.area.perimeter",)]
