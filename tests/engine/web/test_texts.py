"""Which texts are the same, which are similar, and how a text is shown."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from autograder.web.same import differences, likeness, normal
from autograder.web.shown import formula, markdown, plain


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


def test_a_link_a_picture_and_markup_are_text():
    tree = json.dumps(markdown("[a](https://b.example) <b>c</b> ![d](e.png) &amp;"), ensure_ascii=False)
    assert (
        tree
        == '[["p", "", "a", " ", ["code", "", "https://b.example"], " <b>c</b> ", ["code", "", "![d](e.png)"], " &amp;"]]'
    )


@pytest.mark.parametrize(
    "text, shown",
    [
        ("می‌شود", ["می‌شود"]),
        ("a\u200cb", ["a", ["span", "control", "U+200C"], "b"]),
        ("a\u202eb", ["a", ["span", "control", "U+202E"], "b"]),
        ("\u200f", [["span", "control", "U+200F"]]),
        ("a\x00\x1b[31m", ["a", ["span", "control", "U+0000"], ["span", "control", "U+001B"], "[31m"]),
        ("👩\u200d🔬", ["👩\u200d🔬"]),
        ("line\n\ttab", ["line\n\ttab"]),
        ("e" + "\u0301" * 9, ["e" + "\u0301" * 4, ["span", "control", "U+0301"]]),
    ],
)
def test_what_hides_or_reorders_is_shown_by_its_number(text, shown):
    assert plain(text) == shown


def test_a_formula_is_mathml_and_what_is_none_stays_as_it_was_typed():
    assert formula(r"\frac{k^2}{2}")[0] == "math" and "mfrac" in str(formula(r"\frac{k^2}{2}"))
    assert markdown("it costs $5 and $6")[0] == ["p", "", "it costs $5 and $6"]
    assert formula("{" * 200)[0] in ("math", "code")


TAGS = set(
    "p blockquote ul ol li table thead tbody tr th td em strong s h4 pre code br hr span math mrow mi mn mo ms mtext mspace mfrac msqrt mroot msub msup msubsup munder mover munderover mtable mtr mtd".split()
)


def tags(tree):
    for piece in tree:
        if isinstance(piece, list):
            assert piece[1] in ("", "control", "typed")
            yield piece[0]
            yield from tags(piece[2:])


@given(st.text(alphabet=st.sampled_from("*_`$[]()<>!&#-|~\\{}^ \n\tab1\u202eش"), max_size=120))
def test_whatever_is_written_only_harmless_elements_come_of_it(text):
    assert set(tags(markdown(text))) <= TAGS


def test_a_page_makes_elements_of_these_tags_and_of_no_others():
    from autograder.web.app import _static

    script = _static("mark.js").decode()
    assert (
        "innerHTML" not in script
        and "insertAdjacentHTML" not in script
        and "outerHTML" not in script
        and "eval(" not in script
    )
    for tag in TAGS:
        assert f"{tag} " in script or f" {tag}'" in script, tag
