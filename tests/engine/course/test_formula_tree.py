"""What the pieces of a formula come to, and what they show."""

import pytest

from autograder.course.formula import evaluate, formula

NAMES = {"s": 128, "k": 5, "t": 2, "p": 2, "b": True, "c": False, "row": (3, 7), "word": "gap", "n": None}


@pytest.mark.parametrize(
    ("text", "value", "shown"),
    [
        ("(s + 2·p − k)/t + 1", 64, "(128 + 2·2 − 5)/2 + 1"),
        ("⌈(s + p − k)/t⌉ + 1", 64, "⌈(128 + 2 − 5)/2⌉ + 1"),
        ("⌊(s + p − k)/t⌋", 62, "⌊(128 + 2 − 5)/2⌋"),
        ("s·k + b·s", 768, "128·5 + 128"),
        ("s·k + c·s", 640, "128·5"),
        ("s·k + b", 641, "128·5 + 1"),
        ("c·s", 0, "0"),
        ("−k + s", 123, "−5 + 128"),
        ("p − s", -126, "2 − 128"),
        ("p^(k − 1)", 16, "2^4"),
        ("max(k, p·4)", 8, "max(5, 2·4)"),
        ("√s", 11, "√128"),
        ("row₁·row₂·k₁·k₂", 525, "3·7·5·5"),
        ("s if word = 'gap' else k", 128, "128"),
        ("s if word ≠ 'gap' else k if p > 3 else t + 0", 2, "2 + 0"),
        ("k if n = none else n", 5, "5"),
        ("s if b else k", 128, "128"),
        ("⌈(k/2)^2⌉", 7, "⌈(5/2)^2⌉"),
        ("⌈√(s/2)⌉", 8, "⌈√(128/2)⌉"),
        ("⌈t^(s/64)⌉", 4, "⌈2^2⌉"),
        ("max(c, k)", 5, "max(0, 5)"),
        ("(c)·k + max(b, p)", 2, "(0)·5 + max(1, 2)"),
        ("n", None, "none"),
        ("none if b else k", None, "none"),
        ("word", "gap", "'gap'"),
    ],
)
def test_what_a_formula_comes_to_and_shows(text, value, shown):
    assert formula(text).value(NAMES) == value
    assert formula(text).shown(NAMES) == shown
    assert evaluate(shown) == value


@pytest.mark.parametrize(
    "text", ["⌈√(k/2)⌉", "⌈s^(k/2)⌉", "√word", "word^2", "2^word", "2^n", "√(−1)", "2^row", "⌈(1/3)^(9^9)⌉"]
)
def test_a_power_or_a_root_of_what_has_none_is_refused(text):
    with pytest.raises(ValueError):
        formula(text).value(NAMES)


def test_a_result_beyond_all_sense_is_refused_before_it_is_worked_out():
    for text in ("9^9^9", "2^100000", "(2^4000)^4000", "(2^4000)·(2^4000)"):
        with pytest.raises(ValueError):
            evaluate(text)
