"""The numbers of a submission: the sheet's, and over them the notebook's; every one that was answered is either read or explained."""

from types import SimpleNamespace

import numpy as np
import pytest

from autograder.course.course import Course
from autograder.marking.numbers import MOST, MOST_UNKNOWN, numbers
from autograder.model import LANGUAGES, Message, Sources
from autograder.wall.failures import NotAttempted, StudentFailure
from autograder.wall.shared.wire import Opaque
from autograder.words import say
from tests.engine.toy_course import TOY

AREA, VOLUME = "q1.area", "q1.volume"


@pytest.fixture(scope="module")
def course():
    return Course.load(TOY / "grader_config.yml")


class Cells:
    """A notebook that has run, seen from this side of the wall: what it assigns by key, and the keys that it lists."""

    def __init__(self, assigned, keys=None):
        self.assigned, self.keys = assigned, list(assigned) if keys is None else keys
        self.cells = SimpleNamespace(time_up=False)

    def answer(self, key):
        if key not in self.assigned:
            raise NotAttempted(Message("check.not_attempted"))
        if isinstance(self.assigned[key], Exception):
            raise self.assigned[key]
        return self.assigned[key]

    def answer_keys(self):
        if isinstance(self.keys, Exception):
            raise self.keys
        return self.keys


def said(found):
    """The keys of all that is said; every sentence can be said in both languages."""
    messages = [*found.unread.values(), *found.notes]
    for message in messages:
        assert all("{" not in say(message, language) for language in LANGUAGES)
    return [message.key for message in messages]


def test_without_a_notebook_the_sheet_is_all_there_is(course):
    found = numbers(Sources(answers="[q1]\narea = 36\nvolume = ''\n"), None, course)
    assert (found.values, found.unread, found.notes) == ({AREA: 36}, {}, [])
    assert numbers(Sources(), None, course).values == {}


def test_the_notebooks_value_counts_and_a_difference_is_said(course):
    sources = Sources(answers="[q1]\narea = 36\nvolume = 7\n")
    found = numbers(sources, Cells({AREA: 40, VOLUME: 7}), course)
    assert found.values == {AREA: 40, VOLUME: 7} and found.unread == {}
    assert said(found) == ["notebook.both"] and found.notes[0].values == {"key": AREA}


@pytest.mark.parametrize(
    ("assigned", "value"),
    [
        ((3, 4), [3, 4]),
        (np.array([3, 4]), [3, 4]),
        (np.array(0.5, np.float32), 0.5),
        ([1] * (MOST + 1), [1] * MOST),
        (2.5, 2.5),
    ],
    ids=["tuple", "array", "a single number of an array", "long", "float"],
)
def test_a_tuple_or_an_array_is_the_list_that_it_stands_for(course, assigned, value):
    found = numbers(Sources(), Cells({AREA: assigned}), course)
    assert found.values == {AREA: value} and said(found) == []


@pytest.mark.parametrize(
    ("assigned", "kind"),
    [
        (Opaque("\x1b[31mTensor"), "Tensor"),
        (np.eye(2), "ndarray"),
        (np.zeros(MOST + 1), "ndarray"),
        (np.array([True]), "ndarray"),
        ([[1]], "list"),
        ({"a": 1}, "dict"),
        (StudentFailure(Message("wall.crashed")), "?"),
    ],
    ids=["object", "matrix", "long array", "truth values", "nested", "dict", "failure"],
)
def test_what_is_no_number_is_unread_with_its_type(course, assigned, kind):
    found = numbers(Sources(), Cells({AREA: assigned, VOLUME: 5}), course)
    assert found.values == {VOLUME: 5} and said(found) == ["notebook.no_number"]
    assert found.unread[AREA].values == {"key": AREA, "type": kind}


def test_an_answer_on_the_sheet_stands_where_the_notebook_has_none(course):
    found = numbers(Sources(answers="[q1]\narea = 36\n"), Cells({AREA: Opaque("object")}), course)
    assert found.values == {AREA: 36} and found.unread == {}
    assert said(found) == ["notebook.no_number"]


def test_a_key_that_nobody_asked_for_is_named_and_a_slip_of_one_is_asked_about(course):
    found = numbers(Sources(), Cells({VOLUME: 5}, ["q1.aera", VOLUME, "shoe size", 7]), course)
    assert said(found) == ["notebook.near_key", "notebook.unknown_key"]
    assert found.unread[AREA].values == {"key": AREA, "written": "q1.aera"}


def test_a_slip_is_asked_about_where_the_blank_value_was_kept(course):
    found = numbers(Sources(), Cells({AREA: "?"}, [AREA, "q1.aera"]), course)
    assert said(found) == ["notebook.near_key"] and found.unread[AREA].values["written"] == "q1.aera"


@pytest.mark.parametrize("keys", ["text", None, {"a": 1}, StudentFailure(Message("wall.crashed"))])
def test_keys_that_are_no_list_say_nothing(course, keys):
    session = Cells({AREA: 3})
    session.keys = keys
    found = numbers(Sources(), session, course)
    assert found.values == {AREA: 3} and said(found) == []


def test_of_many_unknown_keys_a_few_are_named(course):
    found = numbers(Sources(), Cells({}, [f"key{n}" for n in range(100)]), course)
    assert said(found) == ["notebook.unknown_key"] * MOST_UNKNOWN


def test_a_notebook_whose_time_is_up_is_asked_no_further(course):
    session = Cells({AREA: StudentFailure(Message("wall.timed_out")), VOLUME: 5})
    session.cells.time_up = True
    assert numbers(Sources(), session, course).values == {}


def test_a_blank_or_a_text_in_the_notebook_says_no_sentence_of_its_own(course):
    found = numbers(Sources(), Cells({AREA: "", VOLUME: "36"}), course)
    assert found.values == {VOLUME: "36"} and found.unread == {} and said(found) == []
