"""Outcomes of student code are found again by what decides them, and only those that asking again would give."""

import pytest

from autograder.gradebook.gradebook import Gradebook
from autograder.gradebook.records import Records
from autograder.model import Check, Outcome, QuestionOutcome, Record

PASSED = QuestionOutcome("q1", "A", (Check("c", "q1.code.f", Outcome.PASSED),))
FAILED = QuestionOutcome("q2", "A", (Check("c", "q2.code.f", Outcome.FAILED),))
LATE = QuestionOutcome("q2", "A", (Check("c", "q2.code.f", Outcome.TIMEOUT),), steady=False)
KEYS = {"q1": ("q1 narrow", "q1 wide"), "q2": ("q2 narrow", "q2 wide")}


@pytest.fixture
def book(tmp_path):
    with Gradebook(tmp_path / "g.sqlite") as one:
        yield one


@pytest.fixture
def records(book):
    return Records(book)


def test_a_record_comes_back_whole(records):
    whole = Record((PASSED, FAILED), "A", essays={"w1": "متن"}, files=("q1.py",), seconds=1.5)
    records.add("ada", "key", whole, KEYS)
    assert records.find("ada", "key") == whole
    assert records.find("ada", "another key") is None


def test_the_newest_record_counts(records):
    for seconds in (1.0, 2.0):
        records.add("ada", "key", Record((PASSED,), "A", seconds=seconds), KEYS)
    assert records.find("ada", "key").seconds == 2.0


def test_somebody_elses_record_serves_where_asking_again_would_give_the_same(records):
    records.add("ada", "key", Record((PASSED, FAILED), "A"), KEYS)
    records.add("bob", "other", Record((PASSED, LATE), "A"), KEYS)
    assert records.find("eve", "key") == Record((PASSED, FAILED), "A")
    assert records.find("eve", "other") is None
    assert records.find("bob", "other") is not None, "one's own serves even so"


def test_ones_own_record_comes_before_a_newer_one_of_somebody_else(records):
    records.add("ada", "key", Record((PASSED,), "A", seconds=1.0), KEYS)
    records.add("bob", "key", Record((PASSED,), "A", seconds=2.0), KEYS)
    assert records.find("ada", "key").seconds == 1.0


def test_an_outcome_is_found_by_the_files_that_were_asked(records):
    wide = QuestionOutcome("q2", "A", wide=True)
    records.add("ada", "key", Record((PASSED, wide), "A"), KEYS)
    assert records.outcome("q1 narrow") == PASSED and records.outcome("q1 wide") is None
    assert records.outcome("q2 wide") == wide and records.outcome("q2 narrow") is None


def test_an_outcome_that_may_differ_the_next_time_belongs_to_its_record_alone(records):
    records.add("ada", "key", Record((LATE,), "A"), KEYS)
    assert records.outcome("q2 narrow") is None and records.find("ada", "key").asked == (LATE,)


def test_an_outcome_without_a_key_is_kept_and_not_shared(records):
    records.add("ada", "key", Record((PASSED,), "A"), {})
    assert records.find("ada", "key").asked == (PASSED,) and records.outcome("q1 narrow") is None


def test_equal_outcomes_of_many_hand_ins_are_stored_once(book, records):
    for id in ("ada", "bob", "eve"):
        records.add(id, id, Record((PASSED, LATE), "A"), KEYS)
    kept = [key for (key,) in book.run("SELECT key FROM asked")]
    assert kept.count("q1 narrow") == 1 and kept.count(None) == 3


def test_what_was_kept_is_there_when_the_gradebook_is_opened_again(tmp_path):
    for _ in range(2):
        with Gradebook(tmp_path / "g.sqlite") as one:
            found = Records(one).find("ada", "key")
            if found is None:
                Records(one).add("ada", "key", Record((PASSED,), "A"), KEYS)
    assert found == Record((PASSED,), "A")
