"""Persian docstrings for readers of lines: a sentence a line, code in its order, everything else untouched."""

from hypothesis import given, settings
from hypothesis import strategies as st

from autograder.prepare.directions import LEFT, RIGHT, WIDEST, sentence_by_sentence

STUB = '''def area(h, w):
    """The pixels of
    an image.

    تعداد پیکسل‌های یک تصویر
    ``(h, w)``. اندازه 5×3 هم می‌شود؛ باید مثبت باشد.
    """
    raise NotImplementedError
'''


def test_each_persian_sentence_has_a_line_of_its_own_and_code_keeps_its_order():
    assert sentence_by_sentence(STUB).split("\n") == [
        "def area(h, w):",
        '    """The pixels of',
        "    an image.",
        "",
        f"    {RIGHT}تعداد پیکسل‌های یک تصویر {LEFT}``(h, w)``{LEFT}.",
        f"    {RIGHT}اندازه {LEFT}5×3{LEFT} هم می‌شود؛",
        f"    {RIGHT}باید مثبت باشد.",
        '    """',
        "    raise NotImplementedError",
        "",
    ]


def test_laying_out_twice_changes_nothing_more():
    once = sentence_by_sentence(STUB)
    assert sentence_by_sentence(once) == once


def test_a_long_sentence_is_wrapped_between_words_and_never_inside_code():
    code = "``" + "padding kernel " * 4 + "``"
    text = f"{'هسته ' * 20}{code} {'لایه ' * 20}پایان."
    lines = sentence_by_sentence(f'    """\n    {text}\n    """').split("\n")[1:-1]
    assert len(lines) > 2 and all(line.startswith(f"    {RIGHT}") and len(line) <= WIDEST + 8 for line in lines)
    assert sum(code in line for line in lines) == 1
    plain = " ".join(" ".join(lines).replace(RIGHT, "").replace(LEFT, "").split())
    assert plain == " ".join(text.split()), "no word is lost"


@settings(max_examples=40)
@given(st.text(st.characters(max_codepoint=0x5FF, exclude_categories=["Cs"]) | st.sampled_from('\n "'), max_size=60))
def test_code_without_persian_stays_as_it_is(code):
    assert sentence_by_sentence(code) == code
