"""Persian Markdown: code read from the left, one kind of digit in a sentence."""

import re

import pytest

from autograder.course import persian
from autograder.prepare import directions
from autograder.words import sentences


@pytest.mark.parametrize(
    ("source", "shown"),
    [
        ("شکل `(3, 128, 128)` است.", 'شکل <code dir="ltr">(3, 128, 128)</code> است.'),
        ("تصویر `10×10` با ۵ کلاس", 'تصویر <span dir="ltr">۱۰×۱۰</span> با ۵ کلاس'),
        (
            "تصویر `10×10` با شکل `(1, 10)` و ۵ کلاس",
            'تصویر <span dir="ltr">10×10</span> با شکل <code dir="ltr">(1, 10)</code> و 5 کلاس',
        ),
        ("`Conv2d` با ۵ فیلتر", '<code dir="ltr">Conv2d</code> با ۵ فیلتر'),
        ("با `f(1)` و ۲. سپس ۳ بار", 'با <code dir="ltr">f(1)</code> و 2. سپس ۳ بار'),
        ("1. با ۱۶ فیلتر", "1. با ۱۶ فیلتر"),
        ("| ۳۰ | `x = 1` |", '| ۳۰ | <code dir="ltr">x = 1</code> |'),
        (
            "``a`b`` و `*x*` و `__init__`",
            '<code dir="ltr">a&#96;b</code> و <code dir="ltr">&#42;x&#42;</code> و <code dir="ltr">&#95;&#95;init&#95;&#95;</code>',
        ),
        ("`a. b | c`", '<code dir="ltr">a. b &#124; c</code>'),
        ("    pip install `x`", "    pip install `x`"),
        ("```\n`x` ۱ 2\n```", "```\n`x` ۱ 2\n```"),
    ],
)
def test_markdown_as_it_is_shown(source, shown):
    assert persian.shown(source) == shown


def test_a_docstring_has_a_line_for_each_sentence():
    code = 'def f():\n    """The side.\n\n    پهنای خروجی برای ``(1, 10,\n    10)`` و پیچش 5×3. برای ``size`` کمتر از ۱\n    خطا بدهید.\n    """\n'
    laid_out = directions.sentence_by_sentence(code)
    persian_lines = [line.strip() for line in laid_out.splitlines() if re.search("[\u0600-\u06ff]", line)]
    assert persian_lines == [
        "\u200fپهنای خروجی برای \u200e``(1, 10, 10)``\u200e و پیچش \u200e5×3\u200e.",
        "\u200fبرای \u200e``size``\u200e کمتر از ۱ خطا بدهید.",
    ]
    assert directions.sentence_by_sentence(laid_out) == laid_out, "twice is once"


def test_no_persian_sentence_of_the_engine_has_two_kinds_of_digits():
    pieces = [(key, piece) for key, told in sentences("fa").items() for piece in re.split(r"(?<=[.؟!؛:])\s", told)]
    for key, sentence in pieces:
        assert not (re.search(r"(?<!\w)[0-9]+(?!\w)", sentence) and re.search("[۰-۹]", sentence)), (key, sentence)
