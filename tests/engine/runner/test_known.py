"""What need not be asked: a whole record, or the outcomes of questions whose files are the same in any hand-in."""

import json

import pytest
from msgspec.structs import replace

from autograder.course.course import Course
from autograder.gradebook.fingerprint import record_key
from autograder.model import Fingerprint, Graded, Result, Submission
from autograder.runner.known import Lookup
from tests.engine.runner.here import HASHES, PARTS, Here, hand_in, outcome
from tests.engine.toy_course import copied


@pytest.fixture
def here(course):
    return Here(course)


@pytest.fixture
def lookup(course, ledger, here):
    def one(submission, *, fresh=False, course=course):
        return Lookup(submission, course, HASHES, ledger, here, fresh=fresh)

    return one


def graded(ledger, here, submission, *outcomes):
    """The submission has been graded with these outcomes. Returns its record."""
    record = replace(here.record(submission, (outcome(),)), asked=outcomes, isolation=outcomes[0].isolation)
    result = Result(submission.id, "", "graded", (), Fingerprint("", "", "", "", ""), outcomes[0].isolation)
    ledger.add(Graded(result, {}, record), record_key(submission, HASHES), lambda: here.read(submission).keys, new=True)
    return record


def test_of_a_new_hand_in_nothing_is_known(lookup):
    new = lookup(hand_in())
    assert not new.recorded and new.record is None and new.known == {}


def test_a_hand_in_that_was_asked_has_its_record_and_need_not_be_read(lookup, ledger, here):
    record = graded(ledger, here, hand_in(), outcome())
    here.asked = 0
    again = lookup(hand_in())
    assert again.recorded and again.record == record and again.texts() == record.texts and here.asked == 0


def test_of_a_hand_in_whose_reading_hit_a_limit_nothing_is_known(course, ledger):
    class Limited:
        def read(self, submission):
            return None

    new = Lookup(hand_in(), course, HASHES, ledger, Limited(), fresh=False)
    assert (new.record, new.known, new.keys, new.texts()) == (None, {}, {}, None)


def test_the_same_code_is_not_asked_again_whoever_hands_it_in(lookup, ledger, here):
    graded(ledger, here, hand_in("bob"), outcome())
    new = lookup(hand_in("ada", written="My own words."))
    assert not new.recorded and new.known == {"q1": outcome()}
    assert new.record == here.record(new.submission, (outcome(),)) and new.record.essays == {"w1": "My own words."}
    assert new.texts() == new.record.texts
    other = lookup(hand_in("ada", code=b"def area(): ...\n"))
    assert other.known == {} and other.record is None


def test_an_outcome_that_may_differ_is_asked_again(lookup, ledger, here):
    graded(ledger, here, hand_in("bob"), outcome(steady=False))
    assert lookup(hand_in("ada")).known == {} and lookup(hand_in("ada")).record is None
    assert lookup(hand_in("bob")).recorded, "its own record stands"


def test_on_demand_everything_is_asked_anew(lookup, ledger, here):
    graded(ledger, here, hand_in(), outcome())
    anew, asked = lookup(hand_in(), fresh=True), here.asked
    assert not anew.recorded and anew.record is None and anew.known == {}
    assert here.asked == asked + 1, "it is read before a worker is, with whose threads there must be no fork"


def test_a_record_without_one_of_the_parts_is_not_whole(lookup, ledger, here):
    graded(ledger, here, hand_in(), outcome(parts=PARTS[1:]))
    assert not lookup(hand_in()).recorded and lookup(hand_in()).record is None


@pytest.mark.parametrize("tier, enough", [("A", True), ("B", True), ("C", False), ("E", False)])
def test_a_record_from_behind_a_weaker_wall_than_is_required_is_none(lookup, ledger, here, tmp_path, tier, enough):
    config = copied(tmp_path)
    config.write_text(config.read_text("utf-8").replace("required: E", "required: B"), "utf-8")
    graded(ledger, here, hand_in(), outcome(tier))
    strict = lookup(hand_in(), course=Course.load(config))
    assert strict.recorded is enough and (strict.record is not None) is enough


def test_a_notebooks_code_runs_where_there_is_no_record_of_this_very_hand_in(lookup, ledger, here):
    source = "def area(a, b=4):\n    return a * b"
    cell = {"cell_type": "code", "metadata": {}, "source": source, "outputs": [], "execution_count": None}
    book = json.dumps({"nbformat": 4, "nbformat_minor": 4, "metadata": {}, "cells": [cell]}).encode()
    bob, ada = (
        Submission(id, files={"homework.ipynb": book, "written.md": f"## w1\n\n{id}".encode()}) for id in ("bob", "ada")
    )
    graded(ledger, here, bob, outcome())
    assert lookup(bob).recorded
    other = lookup(ada)
    assert other.record is None and other.known == {"q1": outcome()}
