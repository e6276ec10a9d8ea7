"""A sheet says which variant it holds, and its code shows that it was handed out with that one."""

import base64
import hashlib
import hmac

import pytest

from autograder.course import sheet
from autograder.course.sheet import Sheet


def test_a_code_shows_that_a_sheet_is_the_one_it_says():
    made = {sheet.code(b"s" * 32, "q1", number): number for number in range(1, 17)}
    assert len(made) == 16
    (third,) = (code for code, number in made.items() if number == 3)
    lines = "\n".join(sheet.Sheet(3, third).lines())
    assert sheet.read(sheet.claimed([f"[q1]\n{lines}\narea = 3"]), made) == (3, True)
    assert sheet.read(f"4 {third}", made) == (4, False) and sheet.read(f"3 {third}x", made) == (3, False)
    assert sheet.read(f"3 {third.lower()}", made) == (3, True)
    assert sheet.read("three", made) == (0, False) and sheet.read(f"4 {third}", {}) == (4, True)
    assert sheet.claimed(["sheet = 3"]) == "" and sheet.FIRST.lines() == []


def test_a_code_is_another_for_another_secret_assignment_or_variant():
    secret = b"s" * 32
    codes = [sheet.code(*one) for one in ((secret, "hw3", 1), (secret, "hw3", 2), (secret, "hw4", 1), (b"t" * 32, "hw3", 1))]
    assert len(set(codes)) == 4 and all(len(one) == 5 for one in codes)
    made = hmac.new(secret, b"sheet\0hw3\x001", hashlib.sha256).digest()  # of what was handed out already it must stay so
    assert codes[0] == base64.b32encode(made).decode()[:5]


def test_what_a_sheet_says_is_read_back_from_a_file_of_any_system():
    lines = Sheet(12, "K7QX2").lines()
    assert len(lines) == 3 and all(line.startswith("# ") for line in lines)
    for end in ("\n", "\r\n"):
        assert sheet.claimed(["", end.join(["", *(f"  {line}" for line in lines), "[q1]"])]) == "12 K7QX2"
    assert sheet.read("12 K7QX2", {"K7QX2": 12}) == (12, True)


def test_the_first_of_several_claims_counts():
    assert sheet.claimed(["x = 1", "# sheet 2 AAAAA\n# sheet 3 BBBBB", "# sheet 4 CCCCC"]) == "2 AAAAA"


@pytest.mark.parametrize(
    "text", ["sheet 3 K7QX2", "x = 1  # sheet 3 K7QX2", "# sheets 3 K7QX2", "# sheet", "# sheet 3" + "x" * 61]
)
def test_another_comment_claims_nothing(text):
    assert sheet.claimed([text]) == ""


@pytest.mark.parametrize("claim", ["", "K7QX2", "3", "-3 K7QX2", "99999 K7QX2", "3 K7QX2 4", "3.5 K7QX2"])
def test_a_claim_of_another_form_names_no_variant(claim):
    assert sheet.read(claim, {"K7QX2": 3}) == (0, False)
