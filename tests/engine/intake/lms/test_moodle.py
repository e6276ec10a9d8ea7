"""Moodle's download: the number that says whose a file is, whatever stands around it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from autograder.errors import ConvgradeError
from autograder.intake.collect import collect
from tests.engine.intake.hand_ins import ONE, SHEET, TWO, keys, laid, zipped
from tests.engine.intake.lms.downloads import KNOWN, MOODLE_FLAT, MOODLE_FOLDERS, gathered


@pytest.mark.parametrize("files", [MOODLE_FOLDERS, MOODLE_FLAT], ids=["in folders", "in files"])
def test_moodle_is_known_by_its_numbers(download, files):
    found = gathered(download(files))
    assert {id: one.name for id, one in found.items()} == {"99": "李 小龍", "1234": "Ada Lovelace", "1235": "سارا محمدی"}
    assert found["1234"].files == {"q1_box.py": ONE, "answers.toml": SHEET} and keys(found["1234"]) == ["intake.ignored"]
    assert found["1235"].files == {"q1_box.py": TWO}


@pytest.mark.parametrize("word", ["Participant", "شرکت‌کننده", "Teilnehmerin", "参加者"])
def test_moodle_blind_in_any_language(download, word):
    found = gathered(download({f"{word}_{number}_assignsubmission_file_/q1_box.py": ONE for number in (31, 7)}))
    assert {id: one.name for id, one in found.items()} == {"7": f"{word} 7", "31": f"{word} 31"}


AS_ANOTHER = "Eve_5_assignsubmission_file_6_assignsubmission_file_"


@pytest.mark.parametrize("between", ["", "/"], ids=["files", "folders"])
def test_a_moodle_name_that_holds_anothers_number_is_not_taken_for_it(download, between):
    files = {f"{name}{between}q1_box.py": data for name, data in [("Zoe_5_assignsubmission_file_", ONE), (AS_ANOTHER, TWO)]}
    found = gathered(download(files))
    assert {id: one.files["q1_box.py"] for id, one in found.items()} == {"5": ONE, "6": TWO}
    assert found["5"].name == "Zoe"


def test_a_moodle_file_that_is_named_like_a_download_is_its_owners(download):
    (one,) = gathered(
        download({"Ada_5_assignsubmission_file_Eve_6_assignsubmission_file_hw.zip": zipped({"q1_box.py": ONE})})
    )
    assert one == "5"


def test_of_two_files_of_a_name_the_one_nearest_to_the_top_counts(download):
    files = {
        f"Ada_5_assignsubmission_file_/{above}q1_box.py": content for above, content in (("a/", TWO), ("", ONE), ("b/", TWO))
    }
    (one,) = gathered(download(files)).values()
    assert one.files == {"q1_box.py": ONE} and keys(one) == ["intake.twice"] * 2


def test_a_download_of_one_student_is_still_a_download(download):
    assert list(gathered(download({"Ada_5_assignsubmission_file_/q1_box.py": ONE}))) == ["5"]


def test_a_student_whose_folder_is_empty_has_a_row(download, tmp_path):
    hidden = {"Ada_5_assignsubmission_file_/.gitkeep": b"", "Bob_6_assignsubmission_file_/__MACOSX/._x": b""}
    found = gathered(download(MOODLE_FOLDERS | hidden))
    assert found["5"].trouble.key == found["6"].trouble.key == "intake.empty" and len(found) == 5
    bare = tmp_path / "moodle-bare.zip"
    bare.write_bytes(zipped(MOODLE_FOLDERS | {"Ada_5_assignsubmission_file_/": b""}))
    assert gathered(bare)["5"].trouble.key == "intake.empty"


def test_what_was_added_to_a_moodle_folder_by_hand_is_graded_too(tmp_path):
    files = MOODLE_FOLDERS | {"late one/q1_box.py": TWO, "mail.zip": zipped({"q1_box.py": ONE}), "note.txt": b""}
    with pytest.raises(ConvgradeError, match=r"may be a download of Moodle or a plain class.*--format moodle"):
        gathered(laid(tmp_path / "m", files))
    assert set(gathered(tmp_path / "m", "moodle")) == {"99", "1234", "1235", "late_one", "mail", "note"}


def test_links_of_a_download_are_not_followed(tmp_path):
    (tmp_path / "secret.py").write_bytes(b"SECRET = 1")
    path = laid(tmp_path / "m", MOODLE_FOLDERS)
    (path / "Eve_66_assignsubmission_file_").mkdir()
    (path / "Eve_66_assignsubmission_file_" / "q1_box.py").symlink_to(tmp_path / "secret.py")
    (path / "Mal_67_assignsubmission_file_").symlink_to(path / "Ada Lovelace_1234_assignsubmission_file_")
    found = gathered(path)
    assert keys(found["66"]) == ["intake.not_regular"] and not found["66"].files
    assert not found["67"].files


@pytest.mark.slow
@given(
    st.dictionaries(
        st.text(st.characters(codec="utf-8", exclude_characters="\0"), min_size=1, max_size=40), st.just(ONE), max_size=4
    )
)
def test_any_names_come_to_safe_ids(tmp_path_factory, names):
    path = tmp_path_factory.getbasetemp() / "moodle.zip"
    path.write_bytes(
        zipped(
            {f"{name}_{at}_assignsubmission_file_{name}": data for at, (name, data) in enumerate(names.items())}
            | {"Zoe_99_assignsubmission_file_": ONE}
        )
    )
    for one in collect(path, KNOWN, "moodle"):
        assert one.id and not set(one.id) & set('/\\:*?"<>|\n\u202e') and not one.id.startswith((".", "-"))
        assert not set(one.name) & set("\n\x1b\u202e")
