"""What a text is saved as, where a written answer begins, which moment a time is."""

import time

import pytest

from autograder.intake import written
from autograder.intake.defined import solved
from autograder.intake.encoding import NotText, text_of
from autograder.intake.lms.times import instant
from autograder.intake.notebook import Notebook
from autograder.marking.failed_call import form_of_number
from autograder.model import Sources

NAMES = ("w1", "w2", "w3")


@pytest.mark.parametrize(
    "text, codec, named",
    [
        ("سلام w1", "utf-8", ""),
        ("سلام w1", "utf-8-sig", ""),
        ("سلام w1", "utf-16", "UTF-16"),
        ("width = 3", "utf-16-le", "UTF-16"),
        ("# برگه پاسخ\na = 36", "cp1256", "cp1256"),
        ("# Größe, café\na = 36", "cp1252", "cp1252"),
        ("# -*- coding: latin-1 -*-\n# é", "latin-1", "iso8859-1"),
        ("#!/usr/bin/python\n# vim: set fileencoding=cp1256 :\n# سلام", "cp1256", "cp1256"),
    ],
)
def test_the_encoding_is_found_and_named(text, codec, named):
    assert text_of(text.encode(codec)) == (text, named)


@pytest.mark.parametrize("data", [b"\x00\x01\x02", b"a\x00b", b"\xff\xd8\xff\xe0\x00\x10JFIF", b"\x07\x81\x8d"])
def test_what_is_no_text_is_said(data):
    with pytest.raises(NotText):
        text_of(data)


@pytest.mark.parametrize("codec", ["punycode", "idna", "unicode_escape", "rot13", "zlib", "utf-7"])
def test_a_file_cannot_choose_a_codec_that_is_no_table(codec):
    data = f"# coding: {codec}\n".encode() + b"x" * 200_000 + "سلام".encode()
    started = time.process_time()
    assert text_of(data)[1] == "" and time.process_time() - started < 1


HEADINGS = {
    "plain": "## w2",
    "capital": "## W2: skips",
    "bold": "# **w2**",
    "worded": "### Question w2",
    "code": "## `w2`",
    "underlined": "w2\n--",
    "Persian": "## پرسش w۲",
    "closed": "## w2 ##",
}


@pytest.mark.parametrize("markdown_it", [True, False])
@pytest.mark.parametrize("heading", HEADINGS.values(), ids=HEADINGS.keys())
def test_a_heading_that_names_a_part_begins_it(monkeypatch, heading, markdown_it):
    if not markdown_it:  # beside a student's tests
        monkeypatch.setattr(written, "_markdown", lambda: None)
    assert written.split(f"## w1\n\nfirst\n\n{heading}\n\nsecond\n", NAMES) == {"w1": "first", "w2": "second"}


@pytest.mark.parametrize("markdown_it", [True, False])
@pytest.mark.parametrize(
    "inside",
    [
        "### Why",
        "```\n# w2\n```",
        "#1 edges",
        "# Summary\n\nof it",
        "~~~\n## w3\n~~~",
        "| # | w2 |\n|---|---|",
        "w2 is harder",
        "## Compare w2",
    ],
)
def test_everything_else_belongs_to_the_answer(monkeypatch, inside, markdown_it):
    if not markdown_it:
        monkeypatch.setattr(written, "_markdown", lambda: None)
    assert written.split(f"## w1\n\nbefore\n\n{inside}\n\nafter\n", NAMES) == {"w1": f"before\n\n{inside}\n\nafter"}


def test_only_what_was_handed_out_is_not_the_students():
    template = {"> What are skips for?", "## w1"}
    found = written.read(
        [written.Text("My name\n\n## w1\n\n> What are skips for?\n\n> the paper says so\n\nmine")], NAMES, template
    )
    assert found.answers == {"w1": "> the paper says so\n\nmine"} and found.unclaimed == "My name"


@pytest.mark.parametrize(
    "text, expected",
    [
        ("2026-11-20 23:30:00 CET", "2026-11-20T22:30:00+00:00"),
        ("2026-07-20 23:30:00 CEST", "2026-07-20T21:30:00+00:00"),
        ("2026-11-20 23:30:00 PST", ""),  # also Manila's
        ("2026-11-20 23:30:00 IST", ""),
        ("1405-08-29 23:30:00 UTC", ""),
    ],
)
def test_a_zone_is_read_where_it_means_one_thing(text, expected):
    assert instant(text) == expected


@pytest.mark.parametrize(
    "came, right, key",
    [
        ([16, 64, 128], [16, 128, 64], "check.swapped"),
        ([64, 128], [128, 64], "check.swapped"),
        ([64, 64], [128, 64], None),
        ([128, 16, 64], [16, 128, 64], None),
        ([16, 64, 64], [16, 64, 64], None),
        ([1, 2], [1, 2, 3], "sheet.form_list"),
    ],
)
def test_swapped_height_and_width_are_called_that(came, right, key):
    message = form_of_number(came, right)
    assert (message.key if message else None) == key


@pytest.mark.parametrize("blank", [" ", "\u2003", "\t", "\u00a0"])
def test_a_heading_with_a_long_run_of_blanks_takes_no_longer_than_its_length(blank):
    began = time.process_time()
    assert list(written.split(f"# w1\nMine.\n# question{blank * 100_000}x\n## Question{blank * 3}w2\nYours.", NAMES)) == [
        "w1",
        "w2",
    ]
    assert time.process_time() - began < 2


def test_a_definition_with_many_empty_lines_takes_no_longer_than_its_length():
    began = time.process_time()
    sources = Sources(
        {"q1_one": f"def area():{chr(10) * 200_000}  return 1\n\ndef volume():\n\n\traise NotImplementedError\n"}
    )
    assert solved(sources, Notebook(())) == {"area"}
    assert time.process_time() - began < 2


@pytest.mark.parametrize(
    "heading", ["w2", "\u200fw2\u200e", "ｗ2", "w۲", "W 2", "w-2", "w02", "پاسخ w2", "**w2** (why)", "Answer to w2:"]
)
def test_a_heading_names_its_part_whatever_signs_an_editor_puts_in(heading):
    assert written.split(f"## w1\n\nOne.\n\n## {heading}\n\nTwo.\n", ["w1", "w2", "w20"]) == {"w1": "One.", "w2": "Two."}
