"""Gradescope's own folder in an image: whose it is, when it came, when it was due, and what hostile metadata can do."""

import json

import pytest

from autograder.course.course import KnownFiles
from autograder.intake.lms.gradescope_container import collect
from tests.engine.intake.hand_ins import ONE, keys, laid

KNOWN = KnownFiles(("q1_box",))
ADA = {"name": "Ada Lovelace", "email": "ada.l@example.org", "id": 7}
BOB = {"name": "Bob", "email": "bob@example.org", "id": 8}


def collected(where, about, files=(("q1_box.py", ONE),)):
    text = about if isinstance(about, bytes) else json.dumps(about).encode()
    laid(where, {"submission_metadata.json": text, **{f"submission/{name}": data for name, data in files}})
    (one,) = collect(where, KNOWN)
    return one


def test_a_submission_is_its_students_with_the_time_it_came(tmp_path):
    about = {"users": [ADA], "created_at": "2026-11-20T23:59:00+03:30", "assignment": {"due_date": "2026-11-21 00:00:00 Z"}}
    one = collected(tmp_path, about)
    assert (one.id, one.name, one.files) == ("ada.l", "Ada Lovelace", {"q1_box.py": ONE})
    assert (one.handed_in, one.due, one.sure) == ("2026-11-20T20:29:00+00:00", "2026-11-21T00:00:00+00:00", True)


def test_the_latest_due_date_counts_be_it_the_assignments_or_a_students(tmp_path):
    late = {**BOB, "assignment": {"due_date": "2026-11-22T00:00:00+00:00"}}
    about = {"users": [ADA, late], "assignment": {"due_date": "2026-11-21T00:00:00+00:00"}, "id": 5}
    one = collected(tmp_path, about)
    assert one.due == "2026-11-22T00:00:00+00:00" and one.id == "ada.l"
    assert keys(one) == ["intake.group"] and one.notes[0].values == {"names": "Ada Lovelace, Bob", "folder": "5"}


@pytest.mark.parametrize(
    ("user", "id"),
    [({"id": 7}, "7"), ({"email": "../x@y", "id": 7}, "x"), ({"name": "Ada"}, "submission"), ({}, "submission")],
)
def test_without_an_address_the_number_says_whose_it_is(tmp_path, user, id):
    assert collected(tmp_path, {"users": [user]}).id == id


@pytest.mark.parametrize(("name", "id"), [("ada.zip", "ada"), ("hw3.zip", "submission"), ("q1_box.py", "submission")])
def test_a_file_that_is_alone_says_whose_it_is_unless_its_name_is_the_homeworks(tmp_path, name, id):
    assert collected(tmp_path, {}, [(name, b"PK\x05\x06" + bytes(18))]).id == id


@pytest.mark.parametrize(
    "about",
    [
        b"", b"{", b"[1]", b"[" * 100_000, b"\xff", {"users": 5 * [None]}, {"users": "ada"}, {"users": 5}, {"users": [[]], "created_at": [], "id": {}},
        {"assignment": {"due_date": {"a": 1}}}, {"users": [{"assignment": 5}], "assignment": "x"},
    ],
)  # fmt: skip
def test_metadata_that_says_nothing_costs_nobody_a_grade(tmp_path, about):
    one = collected(tmp_path, about)
    assert (one.id, one.files, one.handed_in, one.due) == ("submission", {"q1_box.py": ONE}, "", "")
