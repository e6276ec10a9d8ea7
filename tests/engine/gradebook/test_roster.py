"""Whose hand-in is meant by an id or a name."""

import pytest

from autograder.errors import ConvgradeError
from autograder.gradebook.roster import Roster, folded
from autograder.intake.names import fold
from autograder.text import LETTERS
from autograder.web.same import normal

CLASS = Roster([("12", "علی رضایی"), ("13", "Zoë Müller"), ("14", "سارا کریمی"), ("15", "سارا كريمي"), ("bo_lee", "")])


@pytest.mark.parametrize(
    ("who", "id"),
    [
        ("12", "12"),
        ("'12", "12"),
        ("علی رضایی", "12"),
        ("علي  رضايي", "12"),
        ("علی رضائی", "12"),
        ("علی‌رضایی", "12"),
        ("zoë müller", "13"),
        ("ZOË MÜLLER", "13"),
        ("bo lee", "bo_lee"),
        ("Bo Lee", "bo_lee"),
    ],
)
def test_a_name_is_understood_however_it_is_written(who, id):
    assert CLASS.id(who, "t.csv:2") == id


def test_two_of_one_name_are_asked_about():
    with pytest.raises(ConvgradeError, match="14, 15") as error:
        CLASS.id("سارا کریمی", "t.csv:2")
    assert error.value.where == "t.csv:2" and "id" in error.value.todo


def test_a_stranger_keeps_the_name_as_an_id():
    assert CLASS.id("Eve Adams", "t.csv:2") == "Eve_Adams"


@pytest.mark.parametrize("letter", "يىئكۀةأإٱ")
def test_a_letter_that_people_type_in_several_ways_is_one_for_ids_names_and_texts(letter):
    """`--prefer` goes by ``fold``, `--marks` by ``folded``, the marking page by ``normal``: they agree on every name."""
    plain = letter.translate(LETTERS)
    assert plain != letter
    for alike in (fold, folded, normal):
        assert alike(f"ب{letter}ب") == alike(f"ب{plain}ب"), alike


def test_an_apostrophe_in_an_id_is_a_part_of_it():
    two = Roster([("sara", ""), ("'sara", "")])
    assert [two.id(who, "t.csv:2") for who in ("sara", "'sara")] == ["sara", "'sara"]
    assert Roster([("12", "")]).id("'12", "t.csv:2") == "12"


def test_two_letters_are_two_people():
    assert all(alike("آلما") != alike("الما") for alike in (fold, folded, normal))


def test_what_is_folded():
    assert folded("كتاب‌ها ۱۲") == folded("کتابها12") and folded("A-b_C") == "abc"
