"""Sentences with their values in place: both languages have all of them, and Persian ones read in the right order."""

import re

import pytest

from autograder.model import LANGUAGES, Message
from autograder.words import LEFT_TO_RIGHT, phrase, say, sentences


def test_both_languages_have_every_sentence_with_the_same_values():
    places = [{key: set(re.findall(r"{(\w+)}", text)) for key, text in sentences(one).items()} for one in LANGUAGES]
    own = {"notebook.cell_failed", "written.met", "written.not_met"}  # hold what is itself in the reader's language
    assert places[0].keys() == places[1].keys()
    assert {key for key in places[0] if places[0][key] != places[1][key]} <= own


@pytest.mark.parametrize(
    ("key", "values", "said"),
    [
        ("page.checks", {"passed": 2, "all": 3}, "۲ آزمون از ۳ آزمون موفق بود"),
        ("page.score", {"score": "18.50", "max": "76.00"}, "تا اینجا ۱۸٫۵۰ از ۷۶٫۰۰ نمره"),
        (
            "follow.credit",
            {"sum": "1216 + 170", "is": 1386, "penalty": 20.0},
            f"({LEFT_TO_RIGHT}1216 + 170{LEFT_TO_RIGHT} = 1386): نمرهٔ این مرحله با ۲۰٪ کسر داده می‌شود",
        ),
        ("check.file_missing", {"file": "q3_unet.py"}, "q3_unet.py"),
        ("sheet.digits", {"line": 14, "written": "۵۰۵", "read": "505"}, "۵۰۵ به صورت 505 خوانده شد"),
    ],
)
def test_a_persian_sentence_has_persian_digits_in_prose_and_latin_ones_in_formulas(key, values, said):
    assert said in say(Message(key, values), "fa")


def test_nothing_in_a_value_is_looked_at_as_a_format():
    assert "{line} {0} %s" in say(Message("check.file_missing", {"file": "{line} {0} %s"}), "en")


def test_a_value_that_is_not_there_is_an_error():
    with pytest.raises(KeyError):
        say(Message("check.file_missing"), "en")


def test_a_phrase_is_the_sentence_of_its_key_whatever_its_values_are_called():
    values = {"line": 3, "key": "q1.a"}
    assert phrase("fa", "sheet.twice", **values) == say(Message("sheet.twice", values), "fa")
