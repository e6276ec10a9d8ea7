"""The answer key: the right value of every number, a key a variant, each made once."""

import pytest

from autograder.course.answer_key import AnswerKey
from autograder.course.author import Number
from tests.engine.toy_course import at_home, without_torch


@pytest.fixture(scope="module")
def key(tmp_path_factory):
    with at_home(without_torch(tmp_path_factory.mktemp("course"))) as course:
        yield AnswerKey(course)


def test_a_key_has_the_right_value_of_every_number(key):
    assert key.values == {"q1.area": 13 * 17, "q1.volume": 13 * 17 * 19}
    assert key.right.q1_box.volume(2, 3, 4) == 24 and key.variant == 1


def test_each_variant_has_a_key_of_its_own_made_once(key):
    second = key.of(2)
    assert second.values == {"q1.area": 15 * 21, "q1.volume": 15 * 21 * 17} and second.variant == 2
    assert second is key.of(2) and second.of(1) is key, "whichever of them is asked"
    assert key.values["q1.area"] == 13 * 17


def test_an_unknown_variant_is_graded_by_the_first(key):
    assert key.of(0) is key.of(1) is key
    assert key.of(2).of(0) is key


def test_a_variant_that_does_not_exist_has_no_key(key):
    with pytest.raises(IndexError):
        key.of(3)


def test_other_numbers_make_another_key_and_leave_this_one_as_it_is(key):
    other = key.with_numbers({"q1.area": Number(lambda of: of.q1_box.area(2, 3), lambda: 6)})
    assert other.values == {"q1.area": 6} and other.of(1) is other
    assert key.values["q1.area"] == 13 * 17 and key.of(1) is key
