"""The toy course, and a ledger of it that is empty."""

import pytest

from autograder.course.course import Course
from autograder.gradebook.ledger import Publishing
from tests.engine.runner.here import HASHES
from tests.engine.toy_course import TOY


@pytest.fixture(scope="module")
def course():
    return Course.load(TOY / "grader_config.yml")


@pytest.fixture
def ledger(course, tmp_path):
    with Publishing(course, HASHES, tmp_path) as one:
        yield one
