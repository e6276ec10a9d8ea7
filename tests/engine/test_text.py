"""Text of a student's misleads nobody: no terminal, no spreadsheet, no page, no log."""

import re
import time
from itertools import product

import pytest
from markdown_it import MarkdownIt

from autograder.text import (
    FORMULA,
    annotation,
    annotation_property,
    cell,
    clean,
    code,
    line,
    lines,
    markdown,
    shorten,
    typed,
)

READER = MarkdownIt("commonmark").enable(["table", "strikethrough"])


def every(signs, length):
    """Every text of these signs with that length."""
    return map("".join, product(signs, repeat=length))


@pytest.mark.parametrize(("most", "short"), [(3, "ab…"), (6, "abcdef"), (7, "abcdef"), (1, "…")])
def test_a_text_is_cut_to_its_most_with_a_sign_that_it_was(most, short):
    assert shorten("abcdef", most) == short and len(short) <= most


@pytest.mark.parametrize(
    ("text", "safe"),
    [
        ("plain سلام", "plain سلام"),
        ("a\tb\nc", "a\tb\nc"),
        ("می\u200cخواهم", "می\u200cخواهم"),  # belongs to Persian words
        ("\x1b[31mred\x1b[0m", "red"),
        ("\x1b]0;title\x07text\x1b]8;;http://x\x1b\\link", "textlink"),
        ("\x1b(Bx\x1b", "Bx"),
        ("a\r\x00\x7f\x85b", "ab"),
        ("abc\u202edcb", "abc[U+202E]dcb"),
        ("a\u2066b\u2069", "a[U+2066]b[U+2069]"),
        ("a\u200bb\ufeff", "a[U+200B]b[U+FEFF]"),
        ("bad \ud800", "bad "),
    ],
)
def test_no_terminal_is_commanded_and_no_hidden_sign_stays_hidden(text, safe):
    assert clean(text) == safe


def test_a_line_is_one_line():
    assert line("  a\n b\t\tc\u2028d\x1b[2J ") == "a b c d" and line("") == ""


@pytest.mark.parametrize(
    "text, safe",
    [
        ('text;=HYPERLINK("http://b")', 'text;\'=HYPERLINK("http://b")'),
        ("a; +1", "a; '+1"),
        ('a;"=1', "a;\"'=1"),
        ("a|@x", "a|'@x"),
        ("=1", "'=1"),
        (" \t=1", "'=1"),
        ("\x1b[1m=1", "'=1"),
        ("＝1", "'＝1"),
        ("a;b", "a;b"),
        ("see\nhere: -1", "see here: -1"),
        ("[1, -2]", "[1, -2]"),
    ],
)
def test_a_cell_is_no_formula_behind_a_separator_either(text, safe):
    assert cell(text) == safe


def test_a_tab_parts_no_cell():
    assert "\t=" not in cell("x\t=1+1") and lines("x\t=1+1") == "x\t'=1+1"


def test_a_cell_keeps_its_line_breaks_where_it_may():
    assert lines(" =a\n=b ") == "'=a\n'=b" and cell("a\nb") == "a b"


@pytest.mark.parametrize("signs", [";\n\"' =-a", "'|\t ＝a+"])
def test_a_cell_is_read_as_it_was_meant(signs):
    for text in every(signs, 4):
        assert typed(lines(text)) == clean(text).strip() and typed(cell(text)) == line(text)


@pytest.mark.parametrize("text", ["a" + "\n" * 60_000 + "b", "a" + "\t '" * 20_000 + "b", "\n=" * 30_000])
def test_a_long_text_is_made_a_cell_at_once(text):
    started = time.process_time()
    typed(lines(text))
    assert time.process_time() - started < 1


def test_no_cell_is_a_formula_whichever_sign_parts_them():
    """A spreadsheet that is told to part cells at another sign than the comma sees no quotes inside of a cell."""
    for safe in (made(text) for text in every(";\n\"' =-a", 3) for made in (cell, lines)):
        first, *others = re.split(r"[;\t|\n]", safe)
        assert not first.startswith(tuple(FORMULA))
        assert not any(one.strip(' \r"').startswith(tuple(FORMULA)) for one in others)


@pytest.mark.parametrize(
    "text",
    ["*a* _b_ `c`", "# a", "- a", "+ a", "1. a", "2) a", "> a", "---", "===", "| a |", "<b>a</b>", "&amp;", "[a](http://b)", "![a](b)",
     "~~a~~", "a\\", "http://a.b", "www.a.b", "@ada", "#12", "a@b.c", "$x$", "    a"],
)  # fmt: skip
def test_nothing_in_a_text_is_markup(text):
    assert _shown(markdown(text)) == text.strip()
    assert not any(sign in markdown(text).replace("\\" + sign, "") for sign in ("@", "#", "://", "www."))


def test_any_text_is_shown_as_it_is():
    for text in every("1.-*` ", 3):
        assert _shown(markdown(text)) == line(text)
        assert _shown(f"See {code(text)} there") == f"See {line(text) or ' '} there"


def _shown(source: str) -> str:
    """The words of a paragraph of plain text or code, as a reader of Markdown sees them. Raises where there is anything else."""
    tokens = READER.parse(source)
    if not tokens:
        return ""
    opening, inline, closing = tokens
    assert (opening.type, closing.type) == ("paragraph_open", "paragraph_close")
    assert {child.type for child in inline.children} <= {"text", "text_special", "code_inline"}
    return "".join(child.content for child in inline.children)


def test_a_command_of_githubs_cannot_be_begun_in_a_message():
    assert annotation("50% done\n::error::x\x1b[31m") == "50%25 done%0A::error::x"
    assert annotation_property("a,b: c%\n") == "a%2Cb%3A c%25%0A"
