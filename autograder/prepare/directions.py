"""Persian docstrings in a cell or an editor that reads every line from the left.

Such a line shows its Persian pieces from left to right, so a paragraph that is wrapped in the middle of a sentence cannot be
read. Each sentence gets a line of its own, begun by a right-to-left mark for whatever chooses a line's direction by its
first letter; code and sizes stand between left-to-right marks, which keep ``(1, 10, 10)`` and ``5×3`` in order either way.
"""

from __future__ import annotations

import re
import textwrap

RIGHT, LEFT = "\u200f", "\u200e"
WIDEST = 110  # characters of a line, its indentation aside
_PERSIAN = re.compile(r"[\u0600-\u06ff]")
_ORDERED = re.compile(r'``[^`\n]+``|"[^"\n]*"|[0-9۰-۹]+(?:[×x/.][0-9۰-۹]+)+')
_SENTENCE = re.compile(r"(?<=[.؟!؛])\s+(?=\S)")
_EDGE = '"""'


def sentence_by_sentence(code: str) -> str:
    """A stub's text with the Persian paragraphs of its docstrings laid out anew; everything else stays as it is."""
    lines, laid_out, at = code.split("\n"), [], 0
    while at < len(lines):
        end = at
        while end < len(lines) and lines[end].strip() and _EDGE not in lines[end]:
            end += 1
        block = lines[at:end]
        laid_out += _laid_out(block) if any(_PERSIAN.search(line) for line in block) else block
        if end < len(lines):
            laid_out.append(lines[end])
        at = end + 1
    return "\n".join(laid_out)


def _laid_out(block: list[str]) -> list[str]:
    indent = block[0][: len(block[0]) - len(block[0].lstrip())]
    whole = " ".join(line.strip() for line in block).translate(dict.fromkeys(map(ord, RIGHT + LEFT)))
    # No break stands inside what has an order of its own: its blanks are others while the lines are made.
    held = _ORDERED.sub(lambda piece: piece[0].replace(" ", "\0"), whole)
    pieces = [line for sentence in _SENTENCE.split(held) for line in _wrapped(sentence)]
    return [f"{indent}{RIGHT}{_ORDERED.sub(_marked, piece.replace(chr(0), ' '))}" for piece in pieces]


def _wrapped(sentence: str) -> list[str]:
    return textwrap.wrap(sentence, WIDEST, break_long_words=False, break_on_hyphens=False)


def _marked(piece: re.Match) -> str:
    return f"{LEFT}{piece[0]}{LEFT}"
