"""An author's attempts are asked of the hidden suites, and each that comes to something else is named."""

import pytest

from autograder.marking.suites import collected
from autograder.prepare import attempts
from tests.engine.toy_course import at_home, copied

WRONG = """
from autograder.course.author import wrong


@wrong("area", loses=["test_area_refuses_sizes_below_one"])
def refuses_nothing(height, width=4):
    return height * width


@wrong("area", loses=["test_area_of_many_sizes", "test_gone"])
def half_named(height, width=4):
    return 2 * (height + width)


@wrong("area")
def right_after_all(height, width=4):
    if min(height, width) < 1:
        raise ValueError
    return height * width


def _without(what):
    def volume(height, width, channels):
        return height * width * channels // what(height, width, channels)

    return volume


def _named(name, made):
    made.__name__ = name
    return wrong("volume")(made)


LISTED = [_named("height_forgotten", _without(lambda h, w, c: h)), _named("channels_forgotten", _without(lambda h, w, c: c))]
"""
RIGHT = """
from autograder.course.author import right


@right("area")
def added_up(height, width=4):
    if min(height, width) < 1:
        raise ValueError
    return sum(height for _ in range(width))


@right("area")
def broken(height, width=4):
    raise RuntimeError
"""


@pytest.fixture(scope="module")
def tried(tmp_path_factory):
    config = copied(tmp_path_factory.mktemp("course"))
    folder = config.parent / "tests/attempts"
    folder.mkdir()
    (folder / "q1_box_wrong.py").write_text(WRONG, "utf-8")
    (folder / "q1_box_right.py").write_text(RIGHT, "utf-8")
    found = []
    with at_home(config) as course:
        collected(
            course, lambda suites: found.extend(attempts.tried(course, suites, *one) for one in attempts.attempts(course))
        )
    return {one.name: one for one in found}


def test_every_attempt_is_tried_in_the_order_in_which_it_is_written(tried):
    assert list(tried) == [
        "refuses_nothing", "half_named", "right_after_all", "height_forgotten", "channels_forgotten", "added_up", "broken",
    ]  # fmt: skip
    assert {one.part for one in tried.values()} == {"q1.code.area", "q1.code.volume"}


def test_an_attempt_that_loses_what_it_should_is_no_trouble(tried):
    """The function's two tests weigh the same, and who refuses nothing fails one of them."""
    one = tried["refuses_nothing"]
    assert (one.right, one.percent, one.failed, one.trouble) == (False, 50.0, ("test_area_refuses_sizes_below_one",), "")
    assert tried["height_forgotten"].percent == 0 and tried["height_forgotten"].trouble == ""


def test_a_wrong_one_that_keeps_all_marks_is_named(tried):
    assert tried["right_after_all"].trouble == "is wrong and keeps full marks" and tried["right_after_all"].percent == 100


def test_tests_that_it_fails_and_should_not_and_the_other_way_round_are_named(tried):
    assert tried["half_named"].trouble == "also fails test_area_refuses_sizes_below_one; should fail test_gone"


def test_a_right_one_must_fail_nothing(tried):
    assert (tried["added_up"].trouble, tried["added_up"].percent) == ("", 100)
    assert tried["broken"].trouble == "is right and fails test_area_of_many_sizes, test_area_refuses_sizes_below_one"


def test_a_question_without_attempts_has_none(tmp_path):
    with at_home(copied(tmp_path)) as course:
        assert list(attempts.attempts(course)) == []
