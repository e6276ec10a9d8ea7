"""How a text is shown: a tree of harmless pieces, whatever was typed."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from autograder.web.shown import formula, markdown, plain


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
