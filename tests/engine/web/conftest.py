"""Chromium once for the tests of a file, and a course with a class to mark."""

import shutil
from pathlib import Path

import pytest

from autograder.course.course import Course
from autograder.web.desk import Desk, Wishes
from tests.engine.web import made, served

TEXTS = {
    "ada": "The smallest piece of an image.",
    "bo": "the smallest piece of an  image",
    "cleo": "A place in the image with a value for each channel, so a picture is a table of numbers.",
    "dara": "A place in the image with one value for each channel, so a picture is a table of numbers.",
    "eli": "پیکسل کوچک‌ترین جزء تصویر است و برای هر کانال یک مقدار دارد.",
    "farid": "پيكسل كوچك ترین جزء تصویر است و برای هر کانال يك مقدار دارد",
    "gita": "",
    "hana": "I do not know.",
}


@pytest.fixture(scope="module")  # its event loop runs as long as it is open, and a second cannot start beside it
def browser():
    with served.browser() as one:
        yield one


@pytest.fixture
def config(tmp_path):
    return made.course_in(tmp_path)


@pytest.fixture
def course(config):
    return Course.load(config)


@pytest.fixture(scope="session")
def graded_class(tmp_path_factory):
    folder = tmp_path_factory.mktemp("class")
    course = Course.load(made.course_in(folder))
    made.graded(folder / "results", course, TEXTS, names={"ada": "Ada Lovelace", "eli": "الی رضایی"})
    Desk(course, folder / "results").close()
    return folder / "results"


@pytest.fixture
def results(tmp_path, graded_class):
    """A graded class of eight: two texts that are equal but for spelling in each language, two that are similar, one empty."""
    return Path(shutil.copytree(graded_class, tmp_path / "results"))


@pytest.fixture
def desk_with(course, results):
    """The class on a desk, with what the course wishes to know."""
    open = []

    def one(**wishes):
        open.append(Desk(course, results, Wishes(**wishes)))
        return open[-1]

    yield one
    for desk in open:
        desk.close()


@pytest.fixture
def desk(desk_with):
    return desk_with()
