"""Text of a student's, made safe for whoever reads it: a terminal, a page, a spreadsheet, a CI log.

Every format has its own way of being misled; each function here is for one of them. HTML is escaped by the templates.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

# Marks that reorder or hide text; shown by name, since a reader must see that they are there.
_HIDDEN = {chr(code): f"[U+{code:04X}]" for code in (*range(0x202A, 0x202F), *range(0x2066, 0x206A), 0x061C, 0xFEFF, 0x200B)}
_ANSI = re.compile(r"\x1b(\[[0-?]*[ -/]*[@-~]|\][^\x07\x1b]*(\x07|\x1b\\)?|.)?")
SAME = 4096  # texts that are remembered: a class has most of its sentences in common
# Begins only where a run of these begins and gives nothing back, so that a long run takes no longer than its length.
_BEFORE_SIGN = re.compile(r"""(?<![;|"'\s])([;|"'\s]++)(?=[=+\-@＝＋－＠])""")
_SEPARATORS = frozenset(";\t|\n")
_LEADING = re.compile(r"'*[=+\-@＝＋－＠]")
# What makes a list or a rule of a line that begins with it.
_BEGINS = re.compile(r"^([0-9]{1,9}(?=[.)](?: |$))|(?=[-+](?:[ -]|$)))")
# Letters and digits that people type in several ways, each to the one that it counts as. آ and ا are two letters: الما is not آلما.
LETTERS = str.maketrans({"ي": "ی", "ى": "ی", "ئ": "ی", "ك": "ک", "ۀ": "ه", "ة": "ه", "أ": "ا", "إ": "ا", "ٱ": "ا"})
LATIN_DIGITS = str.maketrans("۰۱۲۳۴۵۶۷۸۹٠١٢٣٤٥٦٧٨٩", "01234567890123456789")
PERSIAN_DIGITS = str.maketrans("0123456789", "۰۱۲۳۴۵۶۷۸۹")
FORMULA = "=+-@\t\r＝＋－＠"


def shorten(text: str, most: int) -> str:
    """At most ``most`` characters, the end replaced by an ellipsis where something was cut."""
    return text if len(text) <= most else text[: most - 1] + "…"


def clean(text: str) -> str:
    """Without control characters and terminal escapes, reordering marks spelt out; line breaks and tabs are kept."""
    if text.isprintable():  # none of what is taken out below counts as printable
        return text
    text = _ANSI.sub("", text)
    return "".join(
        _HIDDEN.get(character, character)
        for character in text
        if character in "\n\t" or unicodedata.category(character) not in ("Cc", "Cs")
    )


@lru_cache(maxsize=SAME)
def line(text: str) -> str:
    """``clean``, on one line."""
    return " ".join(clean(text).split())


def cell(text: str) -> str:
    """A spreadsheet cell that is text, never a formula: an apostrophe goes before a leading formula sign, and before one after a
    semicolon, tab or bar, where a spreadsheet may split cells. A text with a comma is quoted.
    """
    return lines(line(text))


def lines(text: str) -> str:
    """The same for a cell that keeps its line breaks; a formula sign that begins a line gets an apostrophe too."""
    text = _BEFORE_SIGN.sub(lambda run: run[1] + "'" * _separates(run[1]), clean(text).strip())
    return f"'{text}" if _LEADING.match(text) else text


def typed(text: str) -> str:
    """The text of a cell without the apostrophes that ``cell`` and ``lines`` add."""
    text = text[1:] if text.startswith("'") and _LEADING.match(text) else text
    return _BEFORE_SIGN.sub(lambda run: run[1][:-1] if _separates(run[1]) and run[1][-1] == "'" else run[1], text)


def _separates(run: str) -> bool:
    return not _SEPARATORS.isdisjoint(run)


@lru_cache(maxsize=SAME)
def markdown(text: str) -> str:
    """Escape text for a Markdown paragraph: no markup, HTML, mention or link is left."""
    escaped = re.sub(r"([\\`*_{}\[\]<>#|~&$@]|:(?=//)|(?<=www)\.)", r"\\\1", line(text))
    return _BEGINS.sub(r"\1\\", escaped)


@lru_cache(maxsize=SAME)
def code(text: str) -> str:
    """Text as inline code of Markdown, with a fence longer than any inside."""
    text = line(text) or " "
    fence = "`" * (max((len(run) for run in re.findall("`+", text)), default=0) + 1)
    pad = " " if text.startswith("`") or text.endswith("`") else ""
    return f"{fence}{pad}{text}{pad}{fence}"


def annotation(text: str) -> str:
    """The message of a GitHub Actions command."""
    return clean(text).replace("%", "%25").replace("\n", "%0A")


def annotation_property(text: str) -> str:
    """A property (file, title) of a GitHub Actions command."""
    return annotation(text).replace(":", "%3A").replace(",", "%2C")
