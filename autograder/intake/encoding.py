"""The text in a file's bytes: UTF-8 and UTF-16, what a file declares of itself, and the two Windows code pages in use.

A code page is a guess from the letters that it gives, so it is always named: the digits and keys of an answer are ASCII, and the
same in all of them.
"""

from __future__ import annotations

import codecs
import re
import unicodedata

_COOKIE = re.compile(rb"^[ \t\f]*#.*?coding[:=][ \t]*([-_.a-zA-Z0-9]+)")  # PEP 263, in the first two lines
# Codecs that are tables or nearly so. Others of Python's take long for hostile bytes, or give no text.
_TABLES = re.compile(
    r"utf_?8(_sig)?|(us_)?ascii|latin_?1|iso_?8859_\d+|(cp|windows_)\d{3,4}|mac_\w+|koi8_[rut]|gbk|gb2312|gb18030|big5|shift_?jis|euc_\w+"
)


class NotText(Exception):
    """Bytes that are not text in any of these encodings; ``byte`` is the place of the first that does not fit."""

    def __init__(self, byte: int):
        super().__init__(byte)
        self.byte = byte


def text_of(data: bytes) -> tuple[str, str]:
    """The text, and the encoding's name where it is not UTF-8. Raises NotText."""
    text, encoding = _decoded(data)
    if "\0" in text:
        raise NotText(text.index("\0"))
    return text, encoding


def _decoded(data: bytes) -> tuple[str, str]:
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return _by("utf-16", data), "UTF-16"
    for encoding, odd in (("utf-16-le", slice(1, None, 2)), ("utf-16-be", slice(0, None, 2))):
        if len(data) >= 4 and len(data) % 2 == 0 and data[:200][odd].count(0) > len(data[:200]) * 0.4:
            return _by(encoding, data), "UTF-16"
    declared = _declared(data)
    if declared:
        return _by(declared, data), declared
    try:
        return data.decode("utf-8-sig"), ""
    except UnicodeDecodeError as error:
        guessed = _guessed(data)
        if guessed is None:
            raise NotText(error.start) from None
        return guessed


def _by(encoding: str, data: bytes) -> str:
    try:
        return data.decode(encoding)
    except UnicodeDecodeError as error:
        raise NotText(error.start) from None


def _declared(data: bytes) -> str:
    """The codec of a coding cookie, "" without one, for UTF-8, and for one that is not to be trusted with hostile bytes."""
    for line in data.removeprefix(codecs.BOM_UTF8)[:1000].splitlines()[:2]:
        match = _COOKIE.match(line)
        if match is None:
            if line.strip() and not line.lstrip().startswith(b"#"):
                return ""
            continue
        name = match[1].decode("ascii").lower().replace("-", "_")
        try:
            codec = codecs.lookup(name).name if _TABLES.fullmatch(name) else ""
        except LookupError:
            return ""
        return "" if codec in ("utf-8", "utf-8-sig", "ascii") else codec
    return ""


def _guessed(data: bytes) -> tuple[str, str] | None:
    """Guess cp1256 or cp1252: Arabic letters form words of their own, accented Latin letters stand beside ASCII ones. None if the
    bytes fit neither."""
    if any(byte < 32 and byte not in b"\t\n\r\f" for byte in data):
        return None
    foreign = len(re.findall(rb"[\x80-\xff]", data))
    among_latin = len(re.findall(rb"(?<=[A-Za-z])[\x80-\xff]|[\x80-\xff](?=[A-Za-z])", data))
    persian = data.decode("cp1256")
    arabic = sum("ARABIC" in unicodedata.name(sign, "") or sign in "\u200c\u200d\u200e\u200f" for sign in persian)
    if 2 * arabic >= foreign and 2 * among_latin < foreign:
        return persian, "cp1256"
    try:
        return data.decode("cp1252"), "cp1252"
    except UnicodeDecodeError:
        return None
