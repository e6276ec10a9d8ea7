"""The entries of a plain class: whose each is, and which counts of those that claim one student."""

import os

import pytest

from autograder.course.course import KnownFiles
from autograder.errors import ConvgradeError
from autograder.intake.collect import collect, reading
from autograder.intake.entries import Prefer, identity, one_of
from autograder.intake.unpack import unpack
from autograder.words import say
from tests.engine.intake.hand_ins import ONE, TWO, laid, zipped

KNOWN = KnownFiles(("q1_one", "q2_two"))
NOW = 1_700_000_000


@pytest.mark.parametrize("name", ["..", "a/b", "-rf", "x\ny", "\u202ereversed", "=cmd()", "é" * 120, "C:\\x", ".", "   "])
def test_an_id_is_safe_to_be_a_folder(tmp_path, name):
    safe = identity(tmp_path / name.replace("/", "_"))
    assert safe and not set(safe) & set('/\\:\n\u202e"') and not safe.startswith((".", "-")) and len(safe) <= 100


def test_names_that_differ_only_in_case_stay_apart(tmp_path):
    for name in ("Ada", "ada", "ADA"):
        laid(tmp_path / name, {"q1_one.py": ONE})
    assert len({one.id.casefold() for one in collect(tmp_path, KNOWN)}) == 3


@pytest.mark.parametrize("name", ["x.rar", "y.7z", "z.tar.xz"])
def test_an_archive_of_a_kind_that_is_not_read_has_its_row_and_its_reason(tmp_path, name):
    (tmp_path / name).write_bytes(b"Rar!\x1a\x07\x00" * 9)
    (found,) = collect(tmp_path, KNOWN)
    assert found.id == name[0] and reading(tmp_path, KNOWN).count() == 1
    trouble = unpack(found, KNOWN).trouble
    assert trouble is not None and name in say(trouble, "en").replace("\\", "")


def test_two_hand_ins_of_one_name_are_both_graded_under_names_that_nobody_has(tmp_path):
    for name, data in (
        ("Ada.zip", "A = 1\n"),
        ("ada.zip", "A = 2\n"),
        ("ada-2.zip", "A = 3\n"),
        ("a\u200cda.zip", "A = 4\n"),
    ):
        (tmp_path / name).write_bytes(zipped([("q1_one.py", data)]))
    found = {one.id: one for one in collect(tmp_path, KNOWN)}
    codes = {id: unpack(one, KNOWN).code["q1_one"] for id, one in found.items()}
    assert codes["ada-2"] == "A = 3\n" and found["ada-2"].notes == () and len(found) == 4
    assert not {"ada", "Ada"} & set(found)
    for id in set(found) - {"ada-2"}:
        told = say(found[id].notes[-1], "en")
        assert found[id].notes[-1].key == "intake.same_name" and "--prefer" in told and "ada.zip" in told.lower()


def test_a_person_says_which_of_two_counts(tmp_path):
    for name, data, at in (("Ada.zip", "A = 1\n", NOW), ("ada.zip", "A = 2\n", NOW + 2), ("bob.zip", "A = 3\n", NOW + 1)):
        (tmp_path / name).write_bytes(zipped([("q1_one.py", data)]))
        os.utime(tmp_path / name, (at, at))
    for prefer, code in ((Prefer(newest=True), "A = 2\n"), (Prefer(files={"ada": ("Ada.zip", "p.csv:2")}), "A = 1\n")):
        ada, bob = sorted(collect(tmp_path, KNOWN, "", prefer), key=lambda one: one.id.casefold())
        assert ada.id.casefold() == "ada" and unpack(ada, KNOWN).code == {"q1_one": code}
        assert [note.key for note in ada.notes] == ["intake.preferred"] and bob.notes == ()


def test_a_file_under_another_name_is_known_by_what_it_holds(tmp_path):
    notebook = b'{"nbformat": 4, "cells": []}'
    office = zipped({"[Content_Types].xml": b"", "word/document.xml": b""})
    files = {
        "ada.docx.zip.bin": zipped({"q1_one.py": ONE}),
        "bob.data": notebook,
        "cyd.docx": office,
        "dan.py": ONE,
        "eve.crdownload": b"PK",
    }
    found = {one.id: one for one in collect(laid(tmp_path, files), KNOWN)}
    assert [unpack(found["ada.docx.zip"], KNOWN).code, list(found["bob"].files)] == [{"q1_one": "A = 1\n"}, ["bob.ipynb"]]
    assert {found[id].notes[0].key for id in ("ada.docx.zip", "bob")} == {"intake.by_content"}
    troubles = {id: found[id].trouble.key for id in ("cyd", "dan", "eve")}
    assert troubles == {"cyd": "intake.other_kind", "dan": "intake.one_file", "eve": "intake.unfinished"}


def test_one_students_folder_or_file_is_one_submission_with_the_name_that_people_know(tmp_path):
    laid(tmp_path, {"Ada Lovelace/q1_one.py": ONE, "bob.zip": zipped({"q1_one.py": ONE})})
    ada, bob = (one_of(tmp_path / name, KNOWN) for name in ("Ada Lovelace", "bob.zip"))
    assert (ada.id, ada.name, ada.files) == ("Ada_Lovelace", "Ada Lovelace", {"q1_one.py": ONE})
    assert (bob.id, bob.name, list(bob.files)) == ("bob", "", ["bob.zip"])


def test_where_two_are_as_new_nobody_is_preferred(tmp_path):
    for name in ("Ada.zip", "ada.zip"):
        (tmp_path / name).write_bytes(zipped({"q1_one.py": ONE}))
        os.utime(tmp_path / name, (NOW, NOW))
    assert len(list(collect(tmp_path, KNOWN, "", Prefer(newest=True)))) == 2
    with pytest.raises(ConvgradeError, match="is no entry of bob") as caught:
        list(collect(tmp_path, KNOWN, "", Prefer(files={"bob": ("ada.zip", "p.csv:2")})))
    assert caught.value.where == "p.csv:2" and "Entries of this student: none" in caught.value.todo


def test_a_folder_is_as_new_as_the_newest_of_all_files_below_it(tmp_path):
    laid(tmp_path, {"ada/hw3/q1_one.py": TWO, "ada/read.txt": b"", "Ada.zip": zipped({"q1_one.py": ONE})})
    for name, at in (("ada/hw3/q1_one.py", NOW + 2), ("ada/read.txt", NOW), ("Ada.zip", NOW + 1)):
        os.utime(tmp_path / name, (at, at))
    (ada,) = collect(tmp_path, KNOWN, "", Prefer(newest=True))
    assert ada.files == {"hw3/q1_one.py": TWO}


# No time; 1980, which is what unpacking a zip without times gives; and a time to come, which a student wrote.
@pytest.mark.parametrize("at", [0, 315_532_800, 4_000_000_000])
def test_a_hand_in_of_an_unknown_time_is_neither_older_nor_newer(tmp_path, at):
    laid(tmp_path, {"ada/q1_one.py": TWO, "Ada.zip": zipped({"q1_one.py": ONE})})
    os.utime(tmp_path / "ada" / "q1_one.py", (at, at))
    assert len(list(collect(tmp_path, KNOWN, "", Prefer(newest=True)))) == 2


def test_an_empty_folder_is_older_than_any_hand_in(tmp_path):
    laid(tmp_path, {"Ada.zip": zipped({"q1_one.py": ONE}), "bob.zip": zipped({"q1_one.py": ONE})})
    (tmp_path / "ada").mkdir()
    assert [list(one.files) for one in collect(tmp_path, KNOWN, "", Prefer(newest=True))] == [["Ada.zip"], ["bob.zip"]]


@pytest.mark.parametrize(("named", "code"), [("Ada.zip", ONE), ("ada.zip", TWO)])
def test_of_names_that_differ_in_case_alone_a_table_names_one(tmp_path, named, code):
    laid(tmp_path, {"Ada.zip": zipped({"q1_one.py": ONE}), "ada.zip": zipped({"q1_one.py": TWO})})
    (ada,) = collect(tmp_path, KNOWN, "", Prefer(files={"ada": (named, "p.csv:2")}))
    assert unpack(ada, KNOWN).code == {"q1_one": code.decode()}
