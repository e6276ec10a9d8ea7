"""A wrong number that is right in another variant."""

import pytest

from autograder.course import variants
from autograder.course.answer_key import AnswerKey
from autograder.course.course import Course
from autograder.diagnosis.elsewhere import elsewhere
from autograder.model import Check, Outcome
from tests.engine.toy_course import at_home, copied


@pytest.fixture
def found(tmp_path):
    """What is found for values of question 1, all of which are wrong for variant 1."""
    config = copied(tmp_path)
    config.write_text(config.read_text("utf-8") + "variants: 2\n", "utf-8")
    variants.pool.cache_clear()
    checks = [Check(name, f"q1.numbers.{name}", Outcome.FAILED) for name in ("area", "volume")]
    with at_home(config) as course:
        key = AnswerKey(course)
        yield (
            key,
            lambda values, **more: elsewhere("q1", more.get("checks", checks), values, key, more.get("course", course)),
        )


def test_only_what_another_variant_has_is_named(found):
    key, ask = found
    second = key.of(2).values
    assert ask(second) == {"q1.area": (2,), "q1.volume": (2,)}
    assert ask({**second, "q1.volume": -1}) == {"q1.area": (2,)}
    assert ask({"q1.area": second["q1.area"]}) == {"q1.area": (2,)} and ask({}) == {}


def test_a_number_that_is_right_is_nobody_elses(found):
    key, ask = found
    assert ask(key.of(2).values, checks=[Check("area", "q1.numbers.area", Outcome.PASSED)]) == {}


def test_where_everybody_has_one_sheet_there_is_no_other(found, tmp_path):
    key, ask = found
    assert ask(key.of(2).values, course=Course.load(copied(tmp_path / "one"))) == {}
