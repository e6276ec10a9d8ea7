"""The sheet handed to a student: its variant, and a short code that proves which variant it is.

A comment says both, ``# sheet 3 K7QX2``, on top of ``answers.toml`` and in a cell of the notebook.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from autograder.model import LANGUAGES
from autograder.words import phrase

LETTERS = 5  # of a code
_LINE = re.compile(r"^[ \t]*#[ \t]*sheet[ \t]+(?P<claim>\S.{0,60})$", re.MULTILINE)
_CLAIM = re.compile(r"(\d{1,4})\s+(\w{1,20})\s*")


@dataclass(frozen=True)
class Sheet:
    """A variant and its code; without a code everybody has the same sheet."""

    variant: int
    code: str = ""

    def lines(self) -> list[str]:
        """The comments on top of a sheet; none without a code."""
        if not self.code:
            return []
        return [
            *(f"# {phrase(language, 'variant.line')}" for language in LANGUAGES),
            f"# sheet {self.variant} {self.code}",
        ]


FIRST = Sheet(1)


def code(secret: bytes, assignment: str, variant: int) -> str:
    """The code of a variant's sheet. Nobody without the secret can make another variant's."""
    made = hmac.new(secret, f"sheet\0{assignment}\0{variant}".encode(), hashlib.sha256).digest()
    return base64.b32encode(made).decode()[:LETTERS]


def claimed(texts: Iterable[str]) -> str:
    """The claim in the first such comment among a hand-in's texts; "" without one."""
    return next((match["claim"].strip() for text in texts if (match := _LINE.search(text))), "")


def read(claim: str, codes: Mapping[str, int]) -> tuple[int, bool]:
    """The variant that a comment names and whether its code is that variant's; 0 where it names none.

    ``codes`` holds the variant of each code; without them no code can be wrong.
    """
    match = _CLAIM.fullmatch(claim)
    if match is None:
        return 0, False
    variant = int(match[1])
    return variant, not codes or codes.get(match[2].upper()) == variant
