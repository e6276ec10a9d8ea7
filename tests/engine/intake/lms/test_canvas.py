"""Canvas's zip: the files of a user, which of them is the newest, and what is late."""

import pytest

from autograder.errors import ConvgradeError
from autograder.intake.collect import collect
from autograder.words import say
from tests.engine.intake.hand_ins import ONE, SHEET, TWO, keys, laid, zipped
from tests.engine.intake.lms.downloads import CANVAS, KNOWN, gathered, said


def test_canvas_files_of_a_user_are_one_submission(download):
    found = gathered(download(CANVAS))
    assert list(found) == ["77", "78", "79", "555"]
    assert (found["555"].name, found["555"].files) == ("lovelaceada", {"q1_box.py": ONE, "answers.toml": SHEET})
    assert found["79"].name == "hopper_grace" and keys(found["79"]) == ["intake.ignored", "intake.nothing_known"]


def test_canvas_says_late_but_not_how_late(download):
    sara = gathered(download(CANVAS))["77"]
    assert (sara.name, keys(sara), sara.late_seconds, sara.handed_in) == ("محمدیسارا", ["intake.late_mark"], None, "")
    assert sara.files == {"q1_box.py": TWO}


def test_the_newest_of_files_handed_in_again_counts(download):
    again = gathered(download(CANVAS))["78"]
    assert again.files == {"q1_box.py": TWO} and keys(again) == ["intake.older"]
    assert "hw.zip" in said(again, "intake.older") and "hw-1.zip" in said(again, "intake.older")


def test_a_single_file_handed_in_again_is_the_known_file(download):
    files = {"a_1_20_q1_box-1.py": TWO, "a_1_10_q1_box.py": ONE, "a_1_21_answers-3.toml": SHEET}
    (one,) = gathered(download(files)).values()
    assert one.files == {"q1_box.py": TWO, "answers.toml": SHEET} and keys(one) == ["intake.older"]


def test_canvas_without_names(download):
    files = {"anon_aB3dE_11_hw.zip": zipped({"q1_box.py": ONE}), "LATE_anon_Xy9Zz_12_q1_box.py": TWO}
    found = gathered(download(files))
    assert {id: (one.name, keys(one)) for id, one in found.items()} == {
        "aB3dE": ("", []),
        "Xy9Zz": ("", ["intake.late_mark"]),
    }


def test_several_archives_and_files_of_a_user_are_put_together(download):
    files = {
        "a_1_10_code.zip": zipped({"q1_box.py": ONE, "answers.toml": b"old"}),
        "a_1_11_newer.zip": zipped({"q1_box.py": TWO}),
        "a_1_12_answers.toml": SHEET,
        "a_1_13_broken.zip": b"PK\x03\x04",
        "b_2_14_x.zip": zipped({"q1_box.py": ONE}),
    }
    one = gathered(download(files))["1"]
    assert (
        "intake.truncated" in keys(one)
        and one.trouble.key == "intake.several"
        and "code.zip, newer.zip" in say(one.trouble, "en")
    )


def test_what_was_added_to_a_canvas_folder_by_hand_is_graded_too(tmp_path):
    path = laid(tmp_path / "c", CANVAS | {"bymail.zip": zipped({"q1_box.py": ONE}), "usb/q1_box.py": TWO, "roster.csv": b""})
    with pytest.raises(ConvgradeError, match=r"may be a download of Canvas or a plain class.*--format canvas"):
        gathered(path)
    found = gathered(path, "canvas")
    assert found["bymail"].files == {"q1_box.py": ONE} and found["usb"].files == {"q1_box.py": TWO}
    assert len(found) == 6


def test_canvas_says_late_before_or_behind_a_name_that_is_none(tmp_path):
    laid(
        tmp_path, {"LATE_anon_a1B2c_11_q1_box.py": ONE, "anon_z9Y8x_LATE_12_q1_box.py": TWO, "anon_qwert_13_q1_box.py": ONE}
    )
    found = {one.id: [note.key for note in one.notes] for one in collect(tmp_path, KNOWN)}
    assert found == {"a1B2c": ["intake.late_mark"], "z9Y8x": ["intake.late_mark"], "qwert": []}
