"""Formulas in TeX become HTML that needs no script."""

import pytest

from autograder.errors import ConvgradeError
from autograder.prepare.typeset import formulas


def test_a_formula_that_cannot_be_read_is_named():
    with pytest.raises(ConvgradeError) as told:
        formulas.html(r"\frac{1")
    assert r"\frac{1" in str(told.value) and "at r (" not in str(told.value)


def test_a_formula_is_set_and_told_to_a_screen_reader():
    inline, display = formulas.html("x^2"), formulas.html("x^2", display=True)
    assert "<math" in inline and "<msup>" in inline and "<script" not in inline
    assert "katex-display" in display and "katex-display" not in inline


def test_what_a_formula_says_is_escaped():
    assert "<b>" not in formulas.html(r"\text{<b>}") and "&lt;b&gt;" in formulas.html(r"\text{<b>}")
    with pytest.raises(ConvgradeError):
        formulas.html(r"\undefined")


def test_the_style_sheet_has_the_fonts_of_the_page_alone():
    assert formulas.css("<p>no formula</p>") == formulas.css('<p class="size1">') == ""
    css = formulas.css(formulas.html("x"))
    assert "KaTeX_Main;" in css and "KaTeX_Math;" in css and "KaTeX_AMS;" not in css and "KaTeX_Size1;" not in css
    assert css.count("@font-face") == 2 and css.count("font/woff2;base64,") == 2, "each font is in the page itself"
