"""What the page is given when it opens."""

import json

import pytest

from autograder.web import page
from autograder.words import sentences
from tests.engine.web.made import ALI, PART, SARA, answer_of, read


@pytest.mark.parametrize("language, direction", [("en", "ltr"), ("fa", "rtl")])
def test_a_page_has_all_it_needs_as_json(desk, language, direction):
    read(desk, SARA, "ada")
    given = page.page_data(desk, desk.parts[0], "mark", language, SARA)
    assert json.loads(json.dumps(given)) == given
    assert (given["language"], given["direction"], given["languages"]) == (language, direction, ["en", "fa"])
    assert (given["part"], given["name"], given["mode"], given["marker"], given["leads"]) == (
        PART,
        "w1",
        "mark",
        "Sara",
        True,
    )
    assert given["parts"] == [{"name": "w1", "id": PART, "left": 7}] and given["history"] == [answer_of(desk, "ada").id]
    assert "a value for each channel" in str(given["sample"]["en"]) and given["question"].keys() == {"en", "fa"}
    assert '"ada"' not in json.dumps(given), "no answer, and nobody's name"


def test_a_page_is_of_whoever_opens_it(desk):
    read(desk, SARA, "ada")
    given = page.page_data(desk, desk.parts[0], "mark", "en", ALI)
    assert (given["marker"], given["leads"], given["history"]) == ("Ali", False, [])


def test_the_rubric_has_its_points_in_hundredths_and_each_sentence_in_both_languages(desk):
    rubric = desk.rubrics[PART]
    given = page.rubric_data(rubric)
    assert given["hash"] == rubric.hash and [one["cents"] for one in given["criteria"]] == [1000, 500, 500]
    first = given["criteria"][0]
    assert first == {
        "id": "what",
        "cents": 1000,
        "sentence": rubric.criteria[0].sentence,
        "en": "Says what a pixel is.",
        "fa": "می‌گوید پیکسل چیست.",
    }


@pytest.mark.parametrize("language", ["en", "fa"])
def test_the_pages_own_words_are_those_of_the_group_mark(language):
    words = page.words(language)
    assert words == {key[5:]: text for key, text in sentences(language).items() if key[:5] == "mark."} and len(words) > 50
