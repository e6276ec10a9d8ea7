"""What other systems export, built as they write it: whose it is, which files count, when it came; and one graded whole."""

import io
import os
import struct
import time
import zipfile
from dataclasses import dataclass

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from autograder.course.course import KnownFiles
from autograder.errors import ConvgradeError
from autograder.intake import archive
from autograder.intake.collect import collect, count, reading
from autograder.intake.lms import SYSTEMS, gradescope
from autograder.intake.lms.times import instant
from autograder.intake.unpack import unpack
from autograder.model import LANGUAGES
from autograder.runner.class_run import grade_class
from autograder.words import say
from tests.engine.toy_course import TOY, at_home, copied

settings.register_profile("steady", derandomize=True, deadline=None)
settings.load_profile("steady")

KNOWN = KnownFiles(("q1_box",))
ONE, TWO = b"A = 1\n", b"A = 2\n"
SHEET = b"[q1]\narea = 1\n"


def zipped(files, flags=0x800):
    """A zip of name -> bytes; without the flag the names are not marked as UTF-8, which they are all the same."""
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w", zipfile.ZIP_DEFLATED) as packed:
        for name, content in files.items():
            packed.writestr(name, content)
    raw = bytearray(data.getvalue())
    for signature, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        at = raw.find(signature)
        while at >= 0 and not flags:
            raw[at + offset + 1] &= ~0x08
            at = raw.find(signature, at + 4)
    return bytes(raw)


def laid(where, files):
    for name, content in files.items():
        path = where / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
    return where


@pytest.fixture(params=["folder", "zip", "zip of a folder"])
def download(request, tmp_path):
    """``download(files)`` is a path that holds them: a folder, a zip, a zip with one folder above."""

    def made(files):
        if request.param == "folder":
            return laid(tmp_path / "download", files)
        above = "download 1/" if request.param == "zip of a folder" else ""
        path = tmp_path / "download.zip"
        path.write_bytes(zipped({above + name: content for name, content in files.items()}))
        return path

    return made


@dataclass
class Taken:
    """A submission with the files that were chosen of it, by the known name, and everything that is said of it."""

    id: str
    name: str
    files: dict[str, bytes]
    handed_in: str
    notes: list
    trouble: object
    late_seconds: int | None

    @classmethod
    def of(cls, one):
        sources = unpack(one, KNOWN)
        texts = {f"{stem}.py": text for stem, text in sources.code.items()} | {"answers.toml": sources.answers}
        files = {name: text.encode() for name, text in texts.items() if text is not None}
        notes = [*one.notes, *sources.notes]
        return cls(one.id, one.name, files, one.handed_in, notes, sources.trouble, one.late_seconds)


def gathered(path, format=""):
    """What is collected by id; every note said in both languages, and as many as were announced."""
    found = {one.id: Taken.of(one) for one in collect(path, KNOWN, format)}
    for one in found.values():
        for message in (*one.notes, *([one.trouble] if one.trouble else [])):
            assert all("{" not in say(message, language) for language in LANGUAGES)
    assert count(path, KNOWN, format) == len(found)
    return found


def keys(one):
    return [note.key for note in one.notes] + ([one.trouble.key] if one.trouble else [])


def said(one, key):
    return next(say(note, "en") for note in one.notes if note.key == key)


# ---- Gradescope

METADATA = """---
submission_1001:
  :submitters:
  - :name: Ada Lovelace
    :sid: '0042'
    :email: ada@example.org
  :created_at: 2026-11-20 20:29:00.123456789 Z
  :score: 10.0
  :status: processed
  :results:
    tests:
    - name: "1"
      output: "submission_9999:\\n  :submitters: []"
  :history:
  - :id: 900
    :created_at: 2026-11-18 08:00:00.000000000 Z
    :score: 1.0
  - :id: 950
    :created_at: 2026-11-19 08:00:00.000000000 Z
submission_1002:
  :submitters:
  - :name: سارا محمدی
    :sid:
    :email: sara.m@example.org
  - :name: 李小龍
    :sid: '77'
    :email: bruce@example.org
  :created_at: !ruby/object:ActiveSupport::TimeWithZone
    utc: &1 2026-11-20 21:00:00.000000000 Z
    zone: &2 !ruby/object:ActiveSupport::TimeZone
      name: Asia/Tehran
    time: *1
  :history: []
submission_1003:
  :submitters:
  - :name: Grace
    :sid: '9'
    :email: grace@example.org
  :created_at: 2026-11-20 23:59:00.5 +03:30
  :history: []
""".encode()
EXPORT = {
    "submission_metadata.yml": METADATA,
    "submission_1001/q1_box.py": ONE,
    "submission_1001/answers.toml": SHEET,
    "submission_1002/homework/q1_box.py": TWO,
    "submission_1002/.DS_Store": b"x",
    "submission_1004/q1_box.py": ONE,
    "__MACOSX/submission_1001/._q1_box.py": b"x",
    ".DS_Store": b"x",
}


def test_gradescope_says_whose_it_is_and_when_it_came(download):
    found = gathered(download(EXPORT))
    assert set(found) == {"0042", "sara.m", "77", "9", "submission_1004"}
    ada = found["0042"]
    assert (ada.name, ada.files, ada.handed_in) == (
        "Ada Lovelace",
        {"q1_box.py": ONE, "answers.toml": SHEET},
        "2026-11-20T20:29:00+00:00",
    )
    assert found["9"].handed_in == "2026-11-20T20:29:00+00:00"
    assert "900" in said(ada, "intake.earlier") and "2026-11-19T08:00:00" in said(ada, "intake.earlier")


def test_a_group_of_gradescope_has_a_row_for_each(download):
    found = gathered(download(EXPORT))
    sara, bruce = found["sara.m"], found["77"]
    assert (sara.name, bruce.name) == ("سارا محمدی", "李小龍")
    assert sara.files == bruce.files == {"q1_box.py": TWO}
    assert sara.handed_in == bruce.handed_in == "2026-11-20T21:00:00+00:00"
    assert keys(sara) == keys(bruce) == ["intake.group"]
    assert "submission_1002: سارا محمدی, 李小龍" in said(sara, "intake.group")


def test_gradescope_loses_nobody(download):
    found = gathered(download(EXPORT))
    assert found["submission_1004"].files == {"q1_box.py": ONE} and keys(found["submission_1004"]) == ["intake.nobody"]
    assert found["9"].trouble.key == "intake.empty" and "submission_1003" in said(found["9"], "intake.no_folder")


HOSTILE = """submission_1:
  :submitters:
  - {":name": "\\e[31m\\u202Egood\\0", ":sid": "../../etc/passwd", ":email": x}
  - {":name": "=cmd()", ":sid": "..", ":email": "=1+1@x"}
  - [1, 2]
  - {":name": {a: b}, ":sid": [1], ":email": "both@x"}
  :created_at: yesterday
  :history: nonsense
submission_2: none
submission_3:
  :submitters: !!python/object/apply:os.system ["touch owned"]
"""


def test_a_hostile_export_does_no_harm(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    files = {"submission_metadata.yml": HOSTILE.encode(), "submission_1/q1_box.py": ONE, "submission_2/q1_box.py": ONE}
    found = gathered(laid(tmp_path / "export", files))
    assert not (tmp_path / "owned").exists() and len(found) == 5
    for id, one in found.items():
        assert not set(id) & set("/\\\x1b\u202e\0") and not id.startswith(".") and not set(one.name) & set("\x1b\u202e\0")
    assert "both" in found and "yesterday" in said(found["both"], "intake.time")
    assert found["submission_2"].files and not found["submission_3"].files


BAD_METADATA = {
    "a list": b"- 1\n- 2\n",
    "text": b"hello",
    "broken": b"submission_1:\n  :submitters: [\n",
    "not UTF-8": b"submission_1: \xff\xfe\xfa\n",
    "deep": b"submission_1: " + b"[" * 200 + b"]" * 200,
    "cut short": METADATA + b'submission_7:\n  :submitters: "',
}


@pytest.mark.parametrize("data", BAD_METADATA.values(), ids=BAD_METADATA.keys())
def test_metadata_that_cannot_be_read_stops_with_its_place(tmp_path, data):
    path = laid(tmp_path / "export", {"submission_metadata.yml": data, "submission_1/q1_box.py": ONE})
    with pytest.raises(ConvgradeError, match=r"submission_metadata\.yml"):
        list(collect(path, KNOWN))


def test_too_large_metadata_is_not_read(tmp_path, monkeypatch):
    monkeypatch.setattr(gradescope, "MAX_METADATA", 1 << 10)
    path = laid(tmp_path / "export", EXPORT | {"submission_metadata.yml": METADATA * 2})
    with pytest.raises(ConvgradeError, match="larger than"):
        list(collect(path, KNOWN))


def test_aliases_do_not_multiply(tmp_path):
    lines = [
        'a: &a ["x", "x"]',
        *(f"{b}: &{b} [*{a}, *{a}, *{a}, *{a}, *{a}, *{a}]" for a, b in zip("abcdefghij", "bcdefghijk", strict=True)),
    ]
    metadata = "\n".join([*lines, "submission_1: {':submitters': *k}"]).encode()
    path = laid(tmp_path / "export", {"submission_metadata.yml": metadata, "submission_1/q1_box.py": ONE})
    started = time.process_time()
    assert set(gathered(path)) == {"submission_1"} and time.process_time() - started < 2


# ---- Canvas

CANVAS = {
    "lovelaceada_555_7001_q1_box.py": ONE,
    "lovelaceada_555_7002_answers.toml": SHEET,
    "محمدیسارا_LATE_77_7003_تمرین.zip": zipped({"q1_box.py": TWO}),
    "李小龍_78_7010_hw-2.zip": zipped({"q1_box.py": TWO}),
    "李小龍_78_7005_hw.zip": zipped({"q1_box.py": ONE}),
    "李小龍_78_7009_hw-1.zip": zipped({"q1_box.py": ONE}),
    "hopper_grace_79_text.html": b"<p>",
    "__MACOSX/._x": b"",
}


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


# ---- Moodle

MOODLE_FOLDERS = {
    "Ada Lovelace_1234_assignsubmission_file_/q1_box.py": ONE,
    "Ada Lovelace_1234_assignsubmission_file_/sub/answers.toml": SHEET,
    "Ada Lovelace_1234_assignsubmission_onlinetext_/onlinetext.html": b"<p>",
    "سارا محمدی_1235_assignsubmission_file_/تمرین.zip": zipped({"hw/q1_box.py": TWO}),
    "李 小龍_99_assignsubmission_file/q1_box.py": TWO,
}
MOODLE_FLAT = {
    "Ada Lovelace_1234_assignsubmission_file_q1_box.py": ONE,
    "Ada Lovelace_1234_assignsubmission_file_answers.toml": SHEET,
    "Ada Lovelace_1234_assignsubmission_onlinetext_onlinetext.html": b"<p>",
    "سارا محمدی_1235_assignsubmission_file_تمرین_7_assignsubmission_file_.zip": zipped({"hw/q1_box.py": TWO}),
    "李 小龍_99_assignsubmission_file_q1_box.py": TWO,
}


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


def test_a_number_that_two_people_give_in_gradescope_is_neithers(download):
    """Students write their number themselves: one who writes another's, and comes first, would have that one's row."""
    people = [("Zoe", "zoe@example.org", ONE), ("Aaron", "aaron@example.org", TWO)]
    told = "".join(
        f"submission_{at}:\n  :submitters:\n  - :name: {name}\n    :sid: '0042'\n    :email: {address}\n"
        for at, (name, address, _) in enumerate(people)
    )
    files = {f"submission_{at}/q1_box.py": data for at, (_, _, data) in enumerate(people)}
    found = gathered(download({"submission_metadata.yml": told.encode(), **files}))
    assert {id: one.files["q1_box.py"] for id, one in found.items()} == {
        "0042_aaron@example.org": TWO,
        "0042_zoe@example.org": ONE,
    }
    assert all(keys(one) == ["intake.same_id"] for one in found.values())


def test_a_time_that_a_student_hands_in_makes_no_tree_of_nbgraders(tmp_path):
    files = {f"{student}/{folder}/q1_box.py": ONE for student, folder in [("ada", "hw"), ("bob", "homework"), ("eve", "h")]}
    path = laid(tmp_path / "class", {**files, "eve/h/timestamp.txt": b"2020-01-01 00:00:00 UTC"})
    assert {id: (one.files["q1_box.py"], one.handed_in) for id, one in gathered(path).items()} == {
        student: (ONE, "") for student in ("ada", "bob", "eve")
    }


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


def test_names_not_marked_as_utf8_are_read_all_the_same(tmp_path):
    path = tmp_path / "moodle.zip"
    path.write_bytes(zipped(MOODLE_FOLDERS, flags=0))
    assert gathered(path)["1235"].name == "سارا محمدی"


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


# ---- nbgrader

NBGRADER = {
    "submitted/bitdiddle/ps1/q1_box.py": ONE,
    "submitted/bitdiddle/ps1/timestamp.txt": b"2026-11-20 15:58:23.948203 UTC\n",
    "submitted/hacker/ps1/sub/q1_box.py": TWO,
    "submitted/سارا/ps1/answers.toml": SHEET,
    "submitted/سارا/ps1/timestamp.txt": b"__import__('os')",
    "submitted/empty/ps1/timestamp.txt": b"2026-11-20 15:58:23 America/Los_Angeles",
    "source/ps1/problem.ipynb": b"{}",
    "gradebook.db": b"",
}


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


# ---- all of them

ORDINARY = {
    "students": {"ada/q1_box.py": ONE, "bob/hw/q1_box.py": ONE, "submission_1/q1_box.py": ONE},
    "archives": {"ada_9912345_hw.zip": zipped({"q1_box.py": ONE}), "bob_2.zip": zipped({"q1_box.py": ONE})},
    "one like Canvas's among others": {"x_1_2_hw.zip": zipped({"q1_box.py": ONE}), "ada.zip": b"", "bob.zip": b""},
    "a student called submitted": {"submitted/q1_box.py": ONE, "ada/q1_box.py": ONE},
    "a student called submitted, a folder down": {"submitted/hw/q1_box.py": ONE, "ada/hw/q1_box.py": ONE},
    "one student": {"ada/hw/q1_box.py": ONE},
    "one student, a name like Canvas's": {"ada/x_1_2_hw.zip": zipped({"q1_box.py": ONE})},
    "one submission": {"q1_box.py": ONE, "a_1_2_b.ipynb": b"{}", "x_3_assignsubmission_file_/q1_box.py": ONE},
    "metadata and no folder": {"submission_metadata.yml": METADATA, "ada/q1_box.py": ONE},
    "nothing": {"readme.txt": b""},
}


@pytest.mark.parametrize("files", ORDINARY.values(), ids=ORDINARY.keys())
def test_an_ordinary_folder_is_none_of_these(tmp_path, files):
    path = laid(tmp_path / "class", files)
    tops = {name.partition("/")[0] for name in files}
    expected = 1 if "q1_box.py" in tops else len(tops - {"readme.txt", "submission_metadata.yml"})
    found = list(collect(path, KNOWN))
    assert len(found) == expected == count(path, KNOWN)
    assert not {one.id for one in found} & {"1", "3", "hw"}


@pytest.mark.parametrize("name", ["ada.zip", "a_1_2_hw.zip", "x.ipynb", "x.tar.gz", "x.py"])
def test_a_single_file_is_none_of_these(tmp_path, name):
    path = tmp_path / name
    path.write_bytes(zipped({"hw/q1_box.py": ONE, "hw/__MACOSX/x": b""}))
    assert reading(path, KNOWN).kind == "one"
    assert len(list(collect(path, KNOWN))) == 1


def test_each_download_is_recognised_by_its_own_format_alone(download):
    for files, whose in (
        (EXPORT, "gradescope"),
        (CANVAS, "canvas"),
        (MOODLE_FLAT, "moodle"),
        (NBGRADER, "nbgrader"),
    ):
        path = download(files)
        taken = reading(path, KNOWN)
        assert taken.kind == whose and taken.sentence.endswith(f"taken for a download of {SYSTEMS[whose].TITLE}")
        if path.is_dir():
            path.rename(path.with_name(whose))


def test_a_pipe_is_not_waited_for(tmp_path):
    os.mkfifo(tmp_path / "class.zip")
    assert [one.trouble.key for one in collect(tmp_path / "class.zip", KNOWN)] == ["intake.not_regular"]


def test_links_of_a_download_are_not_followed(tmp_path):
    (tmp_path / "secret.py").write_bytes(b"SECRET = 1")
    path = laid(tmp_path / "m", MOODLE_FOLDERS)
    (path / "Eve_66_assignsubmission_file_").mkdir()
    (path / "Eve_66_assignsubmission_file_" / "q1_box.py").symlink_to(tmp_path / "secret.py")
    (path / "Mal_67_assignsubmission_file_").symlink_to(path / "Ada Lovelace_1234_assignsubmission_file_")
    found = gathered(path)
    assert keys(found["66"]) == ["intake.not_regular"] and not found["66"].files
    assert not found["67"].files


def one_of(path, id="1"):
    return next(one for one in collect(path, KNOWN) if one.id == id)


def moodle_zip_with(tmp_path, *entries, flat=zipfile.ZIP_DEFLATED):
    """A Moodle zip of a good student, 2, and of student 1 with these entries."""
    path = tmp_path / "moodle.zip"
    with zipfile.ZipFile(path, "w", flat) as packed:
        packed.writestr("Good_2_assignsubmission_file_/q1_box.py", ONE)
        for name, content in entries:
            packed.writestr(name, content)
    return path


@pytest.mark.parametrize(
    "name",
    [
        "E_1_assignsubmission_file_/../../q1_box.py",
        "E_1_assignsubmission_file_\\..\\Good_2_assignsubmission_file_\\q1_box.py",
    ],
)
def test_a_path_that_points_elsewhere_in_a_zip_is_left_out(tmp_path, name):
    path = moodle_zip_with(tmp_path, (name, TWO))
    assert keys(one_of(path)) == ["intake.outside"] and one_of(path, "2").files == {"q1_box.py": ONE}


def test_a_link_in_a_zip_is_left_out(tmp_path):
    info = zipfile.ZipInfo("E_1_assignsubmission_file_/q1_box.py")
    info.external_attr = 0o120777 << 16
    assert keys(one_of(moodle_zip_with(tmp_path, (info, "/etc/passwd")))) == ["intake.not_regular"]


def test_a_bomb_in_a_zip_is_not_read(tmp_path):
    bomb = ("E_1_assignsubmission_file_/hw.zip", bytes(20 << 20))
    assert keys(one_of(moodle_zip_with(tmp_path, bomb))) == ["intake.ratio"]


def test_what_is_too_large_in_a_zip_is_not_read(tmp_path):
    large = ("E_1_assignsubmission_file_/hw.zip", bytes(33 << 20))
    path = moodle_zip_with(tmp_path, large, flat=zipfile.ZIP_STORED)
    assert keys(one_of(path)) == ["intake.file_too_large"]


def test_a_protected_entry_spoils_only_its_own_submission(tmp_path):
    path = moodle_zip_with(tmp_path, ("E_1_assignsubmission_file_/q1_box.py", TWO))
    raw = bytearray(path.read_bytes())
    raw[raw.rfind(b"PK\x01\x02") + 8] |= 1
    raw[raw.rfind(b"PK\x03\x04") + 6] |= 1
    path.write_bytes(raw)
    assert keys(one_of(path)) == ["intake.encrypted"] and one_of(path, "2").files


def test_a_damaged_entry_spoils_only_its_own_submission(tmp_path):
    path = moodle_zip_with(tmp_path, ("E_1_assignsubmission_file_/q1_box.py", TWO), flat=zipfile.ZIP_STORED)
    raw = bytearray(path.read_bytes())
    raw[raw.find(TWO)] ^= 1
    path.write_bytes(raw)
    assert keys(one_of(path)) == ["intake.damaged_entry"] and one_of(path, "2").files


def test_a_class_of_too_many_entries_is_not_opened(tmp_path, monkeypatch):
    path = moodle_zip_with(tmp_path, *((f"E_1_assignsubmission_file_/{number}", b"") for number in range(50)))
    monkeypatch.setattr(archive, "MAX_CLASS_ENTRIES", 50)
    monkeypatch.setattr(zipfile, "ZipFile", None)  # the count comes before anything is built
    with pytest.raises(archive.Unreadable, match="too_many"), archive.class_zip(path):
        pass


def test_a_zip64_end_record_is_believed_for_the_count(tmp_path):
    path = moodle_zip_with(tmp_path)
    raw = path.read_bytes()
    end = raw.rfind(b"PK\x05\x06")
    size, offset = struct.unpack("<II", raw[end + 12 : end + 20])

    def with_count(number):
        record = b"PK\x06\x06" + struct.pack("<QHHIIQQQQ", 44, 45, 45, 0, 0, number, number, size, offset)
        locator = b"PK\x06\x07" + struct.pack("<IQI", 0, end, 1)
        old = b"PK\x05\x06" + struct.pack("<HHHHIIH", 0, 0, 0xFFFF, 0xFFFF, 0xFFFFFFFF, 0xFFFFFFFF, 0)
        return raw[:end] + record + locator + old

    path.write_bytes(with_count(1))
    assert one_of(path, "2").files == {"q1_box.py": ONE}
    path.write_bytes(with_count(10**9))
    with pytest.raises(archive.Unreadable, match="too_many"), archive.class_zip(path):
        pass


def test_a_class_is_read_one_student_at_a_time(tmp_path, monkeypatch):
    path = moodle_zip_with(tmp_path, ("E_1_assignsubmission_file_/q1_box.py", TWO))
    read = []
    whole = archive._read_zip
    monkeypatch.setattr(
        archive, "_read_zip", lambda packed, info, most: read.append(info.filename) or whole(packed, info, most)
    )
    assert count(path, KNOWN) == 2 and read == []
    found = collect(path, KNOWN)
    next(found)
    assert read == ["E_1_assignsubmission_file_/q1_box.py"]
    next(found)
    assert len(read) == 2


@pytest.mark.slow
@settings(max_examples=300)
@given(st.data(), st.sampled_from([zipped(EXPORT), zipped(CANVAS), zipped(MOODLE_FOLDERS), zipped(NBGRADER)]))
def test_a_damaged_download_comes_to_submissions_or_a_sentence(tmp_path_factory, data, download):
    damaged = bytearray(download)
    for _ in range(data.draw(st.integers(1, 6))):
        damaged[data.draw(st.integers(0, len(damaged) - 1))] = data.draw(st.integers(0, 255))
    path = tmp_path_factory.getbasetemp() / "export.zip"
    path.write_bytes(damaged)
    try:
        for one in collect(path, KNOWN):
            unpack(one, KNOWN)
    except ConvgradeError as error:
        assert str(error)


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


TIMES = {
    "2026-11-20 20:29:00.123456789 Z": "2026-11-20T20:29:00+00:00",
    "2026-11-20 20:29:00 UTC": "2026-11-20T20:29:00+00:00",
    "2026-11-20T23:59:00+03:30": "2026-11-20T20:29:00+00:00",
    "2026-11-20 15:29 -0500": "2026-11-20T20:29:00+00:00",
    "2026-11-20 23:59:00 Asia/Tehran": "2026-11-20T20:29:00+00:00",
    "2026-11-20 20:29:00.5": "2026-11-20T20:29:00+00:00",
    "2026-11-20 15:58:23.948203 PST": "",
    "2026-13-40 20:29:00 Z": "",
    "2026-11-20 20:29:00 ../../etc/passwd": "",
    "2026-11-20 20:29:00 No/Where": "",
    "0001-01-01 00:00:00 +14:00": "",
    "20 November": "",
    "۲۰۲۶-۱۱-۲۰ ۲۰:۲۹": "2026-11-20T20:29:00+00:00",
    "": "",
}


@pytest.mark.parametrize("text, expected", TIMES.items())
def test_times_are_read_as_data(text, expected):
    assert instant(text) == expected


# ---- graded whole


@pytest.mark.thorough
def test_an_export_is_graded_whole(tmp_path):
    toy = {path.name: path.read_bytes() for path in (TOY / "submission").iterdir() if path.is_file()}
    single = {f"assignment_7_export/submission_1001/{name}": data for name, data in toy.items()}
    group = {"assignment_7_export/submission_1002/hw.zip": zipped({f"hw/{name}": data for name, data in toy.items()})}
    path = tmp_path / "export.zip"
    path.write_bytes(zipped({"assignment_7_export/submission_metadata.yml": METADATA} | single | group))
    with at_home(copied(tmp_path)) as course:
        rows = {row.id: row for row in grade_class(path, course, tmp_path / "out", jobs=1).rows}
    assert {id: row.status for id, row in rows.items()} == {
        "0042": "graded",
        "77": "graded",
        "sara.m": "graded",
        "9": "unreadable",
    }
    assert rows["0042"].cents == rows["77"].cents == rows["sara.m"].cents > 0 == rows["9"].cents
    feedback = (tmp_path / "out" / "submissions" / "77" / "feedback.md").read_text("utf-8")
    assert "سارا محمدی" in feedback and "submission\\_1002" in feedback
    assert (tmp_path / "out" / "grades.csv").read_text("utf-8").count("\n") == 5
