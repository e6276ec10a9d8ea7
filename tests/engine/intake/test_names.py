"""Names of files and people: ids that are safe, and when two are the same."""

from itertools import product

import pytest

from autograder.intake.names import Ids, beside_a_class, fold, passed_over, safe_id, stem


@pytest.mark.parametrize("sign", ["\u200b", "\u2060", "\ufeff", "\u00ad"])
def test_a_sign_without_width_makes_nobody_else(sign):
    assert fold(safe_id(f"a{sign}da")) == fold("ADA")


@pytest.mark.parametrize(
    ("name", "bare"),
    [
        ("ada.zip", "ada"), ("j.smith.tar.gz", "j.smith"), ("hw.IPYNB", "hw"), ("hw.ipynb.txt", "hw"), ("ada.rar", "ada"),
        ("ada.zip.crdownload", "ada"), ("hw.py", "hw"), ("no ending", "no ending"), ("a.b c", "a.b c"), ("v1.longword", "v1.longword"),
    ],
)  # fmt: skip
def test_a_name_without_its_ending_is_whose_it_is(name, bare):
    assert stem(name) == bare


@pytest.mark.parametrize(
    ("name", "id"),
    [
        ("سارا محمدی", "سارا_محمدی"), ("می\u200cنا", "می\u200cنا"), ("../../etc/passwd", "etc_passwd"), ("..", "unnamed"),
        ("a\\b:c*", "a_b_c"), ("-rf", "rf"), ("'-rf", "rf"), ("'=cmd()", "=cmd()"), ("_'=x", "=x"), ("e\u0301", "é"), ("", "unnamed"),
        ("O'Neil", "O'Neil"), ("a\x1b[31mb", "ab"),
    ],
)  # fmt: skip
def test_an_id_is_a_folders_name_and_stays_who_it_is(name, id):
    assert safe_id(name) == id


def test_an_id_begins_with_no_dot_or_dash_and_is_its_own_id_again():
    for signs in product("'-._=a/", repeat=3):
        id = safe_id("".join(signs))
        assert id[0] not in "-._" and id[-1] not in "-._" and "/" not in id
        assert safe_id(id) == id


def test_a_long_name_leaves_room_in_a_folders_name():
    assert safe_id("ab" * 200) == "ab" * 50 and len(safe_id("嗨" * 100).encode()) <= 200
    assert safe_id("x" * 99 + ".tail") == "x" * 99


@pytest.mark.parametrize(
    "names",
    [
        ("Ada Lovelace", "ada_lovelace", "ＡＤＡ  lovelace"), ("علي كريمي", "علی کریمی"), ("می\u200cنا", "مینا"), ("e\u0301va", "Éva"),
        ("آرش رضائی", "آرش رضایی"), ("۴۰۱۲", "٤٠١٢", "4012"),
    ],
)  # fmt: skip
def test_names_that_a_person_reads_alike_are_one(names):
    assert len({fold(name) for name in names}) == 1 and fold(names[0]) != fold("bob")


def test_no_two_of_a_class_have_one_id_and_nobody_loses_the_own():
    ids = Ids(["ada", "ada-2"])
    assert [ids.unique("ada"), ids.unique("ADA"), ids.unique("bob"), ids.unique("Bob")] == ["ada-3", "ADA-4", "bob", "Bob-2"]
    assert ids.made_up("eve", 1) == "eve-1"


def test_what_a_system_leaves_behind_and_what_is_the_instructors_is_no_hand_in():
    assert all(map(passed_over, ("__MACOSX", ".git", "~$a.docx", "Thumbs.db"))) and not passed_over("ada")
    assert all(map(beside_a_class, ("roster.CSV", "grades.xlsx", "README.md", "index.html", "run.log")))
    assert not any(map(beside_a_class, ("ada.zip", "readmore.zip", "licensed")))
