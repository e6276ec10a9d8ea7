"""What a text is saved as."""

import time

import pytest

from autograder.intake.encoding import NotText, text_of


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
