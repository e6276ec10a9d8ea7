"""nbgrader's tree: its students, their times, and the one assignment that is meant."""

import pytest

from autograder.errors import ConvgradeError
from autograder.intake.collect import collect
from tests.engine.intake.hand_ins import BOOK, ONE, OTHER, TWO, keys, laid
from tests.engine.intake.lms.downloads import KNOWN, NBGRADER, gathered


def test_nbgrader_students_and_times(download):
    found = gathered(download(NBGRADER))
    assert set(found) == {"bitdiddle", "hacker", "سارا", "empty"}
    assert (found["bitdiddle"].files, found["bitdiddle"].handed_in) == ({"q1_box.py": ONE}, "2026-11-20T15:58:23+00:00")
    assert (found["hacker"].files, found["hacker"].handed_in, keys(found["hacker"])) == ({"q1_box.py": TWO}, "", [])
    assert (found["سارا"].handed_in, keys(found["سارا"])) == ("", ["intake.time"])
    assert (found["empty"].handed_in, found["empty"].trouble.key) == ("2026-11-20T23:58:23+00:00", "intake.empty")


def test_the_folder_submitted_alone_or_under_another_name(tmp_path):
    laid(tmp_path, NBGRADER)
    assert len(gathered(tmp_path / "submitted")) == 4
    (tmp_path / "submitted").rename(tmp_path / "collected")
    assert len(gathered(tmp_path / "collected")) == 4


def test_of_several_assignments_the_one_with_this_homeworks_files(tmp_path):
    files = NBGRADER | {"submitted/bitdiddle/ps0/x.ipynb": b"{}", "submitted/newcomer/ps0/x.ipynb": b"{}"}
    assert set(gathered(laid(tmp_path, files))) == {"bitdiddle", "hacker", "سارا", "empty"}


def test_several_assignments_with_this_homeworks_files_are_not_guessed_among(tmp_path):
    laid(tmp_path, NBGRADER | {"submitted/bitdiddle/ps2/q1_box.py": b""})
    with pytest.raises(ConvgradeError, match="ps1, ps2"):
        list(collect(tmp_path, KNOWN))


def test_a_time_that_a_student_hands_in_makes_no_tree_of_nbgraders(tmp_path):
    files = {f"{student}/{folder}/q1_box.py": ONE for student, folder in [("ada", "hw"), ("bob", "homework"), ("eve", "h")]}
    path = laid(tmp_path / "class", {**files, "eve/h/timestamp.txt": b"2020-01-01 00:00:00 UTC"})
    assert {id: (one.files["q1_box.py"], one.handed_in) for id, one in gathered(path).items()} == {
        student: (ONE, "") for student in ("ada", "bob", "eve")
    }


def test_of_nbgraders_assignments_the_one_with_this_homeworks_notebook(tmp_path):
    files = {"ali/hw3/hw3.ipynb": BOOK, "ali/hw2/hw2.ipynb": OTHER, "sara/hw3/hw3.ipynb": OTHER}
    found = list(collect(laid(tmp_path / "submitted", files), KNOWN))
    assert [list(one.files) for one in found] == [["hw3.ipynb"], ["hw3.ipynb"]]
