"""Which texts are the same but for their spelling, which are similar, and how two texts differ."""

from __future__ import annotations

import difflib
import re
import unicodedata
from collections.abc import Sequence
from functools import lru_cache

from autograder.text import LETTERS

GRAM = 7  # characters
SIMILAR = 0.5  # of all 7-grams of two texts, this share is common to both
MOST_COMPARED = 6_000  # characters
MOST_WORDS = 2_000
_LETTERS = LETTERS | str.maketrans({"٫": ".", "٬": ",", "،": ","})
_MARKS = re.compile("[\u0610-\u061a\u0640\u064b-\u065f\u0670]")  # Arabic vowel signs and the stroke that lengthens a line
_FORMS = re.compile("[\ufb50-\ufdff\ufe70-\ufefc]")  # letters stored by their shape
_KEPT = frozenset("-*/%_&@#\\^~.,!")
_ENDS = re.compile(r"!(?!=)|(?<!\d)[.,]|[.,](?!\d)")  # what ends a sentence, but not a decimal point and not !=
_BLANKS = re.compile(r"(?<!\d) +| +(?!\d)")


class _Spelling(dict):
    """What each character counts as, worked out when it is first met: a letter, a digit, a blank or nothing."""

    def __missing__(self, code: int) -> str:
        character = chr(code)
        if _FORMS.match(character):
            form = unicodedata.normalize("NFKC", character)
            self[code] = form.translate(self) if form != character else character
        elif _MARKS.match(character):
            self[code] = ""
        elif character.isdecimal():
            self[code] = str(unicodedata.decimal(character))
        elif character.isspace():
            self[code] = " "
        else:
            letter = character.translate(_LETTERS).casefold()
            dropped = unicodedata.category(letter[0])[0] in "PZC" and letter not in _KEPT
            self[code] = "" if dropped else letter
        return self[code]


_SPELLING = _Spelling()


@lru_cache(maxsize=20_000)
def normal(text: str) -> str:
    """A text without what is only spelling: two texts that have the same one count as equal.

    Left out are case, spaces and half-spaces (not between digits), vowel signs, sentence punctuation, and which ی, ک or digits were
    typed. What may change the meaning stays: operators, ``!=``, and the point within a number.
    """
    text = unicodedata.normalize("NFC", text).translate(_SPELLING)
    return _BLANKS.sub("", re.sub(" +", " ", _ENDS.sub(" ", text)))


@lru_cache(maxsize=5_000)
def grams(text: str) -> frozenset[str]:
    """The 7-grams of a text's normal form, of its first 6,000 characters."""
    text = normal(text)[:MOST_COMPARED]
    return frozenset(text[at : at + GRAM] for at in range(max(len(text) - GRAM + 1, 1))) if text else frozenset()


def likeness(one: str, other: str) -> float:
    """Jaccard's index of the two texts' 7-grams: 0 for nothing in common, 1 for all."""
    first, second = grams(one), grams(other)
    small, large = sorted((len(first), len(second)))
    if not small or small / large < SIMILAR:  # then the index is below SIMILAR too
        return 0.0
    common = len(first & second)
    return common / (len(first) + len(second) - common)


def differences(one: str, other: str) -> list[tuple[str, str]]:
    """How ``other`` differs from ``one``, word by word: pieces marked ``=``, ``-`` (only in ``one``) or ``+``."""
    first, second = _words(one), _words(other)
    matcher = difflib.SequenceMatcher(None, [word.strip() for word in first], [word.strip() for word in second])
    pieces: list[tuple[str, str]] = []
    for kind, a, b, c, d in matcher.get_opcodes():
        if kind == "equal":
            pieces.append(("=", "".join(second[c:d])))
            continue
        if b > a:
            pieces.append(("-", "".join(first[a:b])))
        if d > c:
            pieces.append(("+", "".join(second[c:d])))
    return pieces


def _words(text: str) -> Sequence[str]:
    return re.findall(r"\S+\s*|\s+", text)[:MOST_WORDS]
