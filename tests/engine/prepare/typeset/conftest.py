"""The homework, and its handout as a page in each language."""

import pytest

from autograder.course.course import Course
from autograder.model import LANGUAGES
from autograder.prepare.typeset import page
from tests.engine.toy_course import REPOSITORY


@pytest.fixture(scope="session")
def course():
    return Course.load(REPOSITORY / "grader_config.yml")


@pytest.fixture(scope="session")
def pages(course):
    return {language: page.html(course, language) for language in LANGUAGES}
