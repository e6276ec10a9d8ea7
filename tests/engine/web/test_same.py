"""Which texts are the same but for their spelling, which are similar, and how two differ."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from autograder.web.same import differences, likeness, normal


@pytest.mark.parametrize(
    "one, other",
    [
        ("می‌شود", "مي شود"),
        ("کوچک", "كوچك"),
        ("۱۲۳", "123"),
        ("١٢٣", "123"),
        ("It is so.", "it is so"),
        ("Yes, it is!", "yes it is"),
        ("مُدَرِّس", "مدرس"),
        ("a  b\n\nc", "a b c"),
        ("۱٫۵", "1.5"),
        ("ﺳﻼم", "سلام"),
        ("خانهٔ ما", "خانه ما"),
        ("“so”", '"so"'),
        ("", "  \n"),
    ],
)
def test_spelling_makes_no_other_text(one, other):
    assert normal(one) == normal(other)


@pytest.mark.parametrize(
    "one, other",
    [
        ("1.5", "15"),
        ("1 5", "15"),
        ("a != b", "a = b"),
        ("a - b", "a + b"),
        ("-1", "1"),
        ("2²", "22"),
        ("3,4", "34"),
        ("is", "is not"),
        ("x_1", "x1"),
        ("a*b", "ab"),
        ("10%", "10"),
        ("a/b", "ab"),
        ("a < b", "a > b"),
        ("😀", "😢"),
    ],
)
def test_what_may_change_the_meaning_makes_another(one, other):
    assert normal(one) != normal(other)


@given(st.text())
def test_a_normal_form_is_its_own_normal_form_and_a_text_is_like_itself(text):
    assert normal(normal(text)) == normal(text)
    assert likeness(text, text) == (1.0 if normal(text) else 0.0)


@given(st.text(), st.text())
def test_likeness_is_a_share_and_the_same_both_ways(one, other):
    assert 0 <= likeness(one, other) == likeness(other, one) <= 1


def test_likeness_is_jaccard_s_index_of_the_seven_grams():
    assert likeness("abcdefgh", "abcdefgx") == pytest.approx(1 / 3)  # {abcdefg, bcdefgh} and {abcdefg, bcdefgx}
    assert likeness("abcdefghij", "abcdefghiz") == pytest.approx(3 / 5)


@given(st.text(), st.text())
def test_the_pieces_of_two_texts_make_up_the_second_and_the_words_of_the_first(one, other):
    pieces = differences(one, other)
    assert "".join(text for kind, text in pieces if kind != "-") == other
    assert "".join("".join(text for kind, text in pieces if kind != "+").split()) == "".join(one.split())


def test_a_difference_names_what_was_taken_out_and_what_was_put_in():
    assert differences("a red box here", "a blue box here") == [
        ("=", "a "),
        ("-", "red "),
        ("+", "blue "),
        ("=", "box here"),
    ]
    assert differences("same", "same") == [("=", "same")] and differences("", "new") == [("+", "new")]
    assert differences("old", "") == [("-", "old")] and differences("", "") == []


def test_only_the_beginning_of_a_long_text_is_compared():
    long = "".join(f"{number:07}" for number in range(900))  # 6,300 characters
    assert likeness(long, long[:6_000] + "x" * 300) == 1.0
