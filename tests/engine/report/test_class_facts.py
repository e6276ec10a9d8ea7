"""What follows from a class's facts: shares of the points, and nothing said where there is nothing to say."""

from math import isnan

import numpy as np
import pytest

from autograder.model import Text
from autograder.report.class_page.class_facts import CriterionFacts
from autograder.report.class_page.counting import facts
from tests.engine.report.small import course_in, result


@pytest.fixture(scope="module")
def course(tmp_path_factory):
    return course_in(tmp_path_factory.mktemp("course"))


def test_a_criterion_that_nobody_read_has_no_facility():
    assert CriterionFacts("a", Text(), 3, 4).facility == 0.75 and isnan(CriterionFacts("a", Text(), 0, 0).facility)


def test_the_parts_are_those_of_the_questions_in_order(course):
    found = facts([result()], course)
    assert [(part.kind, part.name) for part in found.parts] == [
        ("numbers", "area"), ("numbers", "volume"), ("code", "area"), ("code", "volume"), ("code", "Scale"),
    ]  # fmt: skip


def test_shares_are_of_the_points_that_are_marked(course):
    found = facts([result(), result({"q1.code.Scale": {"cents": 0}}, id="bob")], course)
    assert found.most == 8000 and found.shares.tolist() == [1.0, 0.75]
    assert np.array_equal(facts([], course).shares, [])
