"""The leader's page: how far the marking is, and how well people agree."""

import json

import pytest

from autograder.web import quality, saving
from autograder.web.quality import along
from tests.engine.web.made import ALI, SARA, answer_of, read


def part(desk, language="en"):
    (one,) = quality.facts(desk, SARA, language)["parts"]
    return one


def test_the_share_along_the_order_is_a_mean_of_each_tenth():
    assert along([1.0] * 10 + [0.0] * 10) == [1.0] * 5 + [0.0] * 5
    assert along([0.5, 1.0]) == [0.5, 1.0] and along([]) == []


def test_stretches_of_uneven_length_hold_everybody_once():
    assert along([1.0] * 4 + [0.0] * 9)[:3] == [1.0, 1.0, 1.0] and len(along([0.5] * 13)) == 10
    assert along([0.25] * 13) == [0.25] * 10


def test_a_criterions_share_is_of_the_answers_that_are_decided_and_agreement_of_those_read_twice(desk):
    for student, first, second in (("ada", "111", "110"), ("cleo", "100", "100")):
        read(desk, SARA, student, first)
        read(desk, ALI, student, second)
    read(desk, SARA, "hana", "000")
    what, value, place = part(desk)["criteria"]
    assert (what["met"], what["units"], what["raw"]) == (pytest.approx(2 / 3), 2, 1.0)
    assert value["alpha"] == pytest.approx(1.0), "both decide alike, and not always the same way"
    assert (place["met"], place["raw"]) == (0.0, 0.5), "the one in dispute has no share yet"
    assert place["alpha"] == pytest.approx(1 - 3 * 2 / 6), "decisions 1 0 0 0: one pair differs, of 6 of 12 by chance"
    assert what["text"] == "Says what a pixel is." and part(desk, "fa")["criteria"][0]["text"] == "می‌گوید پیکسل چیست."


def test_only_first_readings_are_independent(desk):
    read(desk, SARA, "ada", "000", repeat=True)
    read(desk, SARA, "ada", "111")
    read(desk, ALI, "ada", "111", mode="settle")
    (only,) = quality.independent(desk, answer_of(desk, "ada"))
    assert only.who == "Sara" and not only.met["what"].met
    assert quality.independent(desk, answer_of(desk, "bo")) == [], "a repeat was not read"


def test_a_persons_pace_is_the_median_of_what_was_timed_and_a_drift_is_in_the_order_of_reading(desk):
    for student, met, seconds in (("ada", "111", 10.0), ("cleo", "111", 90.0), ("dara", "000", 20.0), ("hana", "000", 0.0)):
        read(desk, SARA, student, met, seconds=seconds)
    (sara,) = part(desk)["markers"]
    assert (sara["who"], sara["read"], sara["seconds"], sara["share"]) == (["Sara"], 4, 20.0, 0.5)
    assert sara["drift"] == [1.0, 1.0, 0.0, 0.0]


def test_nothing_read_has_no_figures(desk):
    nothing = part(desk)
    assert nothing["markers"] == [] and {(one["met"], one["raw"], one["alpha"]) for one in nothing["criteria"]} == {
        (None,) * 3
    }
    assert nothing["counts"]["read"] == 0


def test_what_only_a_person_can_settle_is_listed(desk):
    read(desk, SARA, "ada", "111")
    read(desk, ALI, "ada", "110")
    saving.flag(desk, ALI, answer_of(desk, "cleo"), True, "\u202elook")
    found = part(desk)
    assert found["lists"] == {"settle": [answer_of(desk, "ada").id], "again": [], "requests": []}
    (flag,) = found["flags"]
    assert flag["id"] == answer_of(desk, "cleo").id and flag["note"] == ["[U+202E]look"]


def test_numbers_have_the_digits_of_the_language_and_nobodys_name_is_told(desk):
    en, fa = (quality.facts(desk, SARA, language) for language in ("en", "fa"))
    assert en["number"](0.256, ".2f") == "0.26" and fa["number"](12) == "۱۲" and fa["direction"] == "rtl"
    assert "Lovelace" not in json.dumps({**en, "number": ""})
