"""Persian Markdown as it is shown: code read from the left, and one kind of digit in a sentence.

The source keeps plain backquotes. GitHub and Jupyter keep ``dir`` on the elements that are written here.
"""

from __future__ import annotations

import re
from functools import lru_cache

from autograder.course import fences
from autograder.text import LATIN_DIGITS, PERSIAN_DIGITS

_CODE = re.compile(r"(?<!`)(?P<fence>`+)(?!`)(?P<code>.+?)(?<!`)(?P=fence)(?!`)")
_SIZE = re.compile(r"[\d۰-۹]+(?:×[\d۰-۹]+)+")
_NUMBER = re.compile(r"(?<![\w])[0-9]+(?!\w)")  # not the digit of a name such as Conv2d
_MARKER = re.compile(r"\s*(?:\d+\.\s|[-*>#]+\s)?\s*")
_SENTENCES = re.compile(r"((?<=[.؟!؛:])\s+|\|)")


@lru_cache(maxsize=512)  # a course's statements stand on every page
def shown(text: str) -> str:
    """Markdown with code and digits converted; blocks of code, indented or fenced, stay as they are."""
    lines = fences.lines(text)
    return "\n".join(line if in_code or line.startswith("    ") else _line(line) for line, in_code in lines)


def _line(line: str) -> str:
    marker = _MARKER.match(line)
    begins = marker.end() if marker else 0
    spans: list[str] = []

    def held(span: re.Match) -> str:
        spans.append(span["code"].strip())
        return f"\0{len(spans) - 1}\0"

    # Code is put aside meanwhile: a full stop or a bar in it ends neither a sentence nor a table's cell.
    pieces = _SENTENCES.split(_CODE.sub(held, line[begins:]))
    return line[:begins] + "".join(_sentence(piece, spans) for piece in pieces)


def _sentence(text: str, spans: list[str]) -> str:
    """A sentence with digits of one kind: Latin if its code or bare text contains a Latin number, else Persian."""
    own = [spans[int(at)] for at in re.findall(r"\0(\d+)\0", text)]
    code = [span for span in own if not _SIZE.fullmatch(span)]
    bare = re.sub(r"\0\d+\0", "", text)
    latin = any(_NUMBER.search(span) for span in (*code, _SIZE.sub("", bare)))

    def put_back(place: re.Match) -> str:
        span = spans[int(place[1])]
        return _left_to_right(span, latin) if _SIZE.fullmatch(span) else f'<code dir="ltr">{_escaped(span)}</code>'

    words = re.split(r"(\0\d+\0)", text)
    words[::2] = [_SIZE.sub(lambda size: _left_to_right(size[0], latin), _digits(word, latin)) for word in words[::2]]
    return re.sub(r"\0(\d+)\0", put_back, "".join(words))


def _digits(text: str, latin: bool) -> str:
    return text.translate(LATIN_DIGITS) if latin else text


def _left_to_right(size: str, latin: bool) -> str:
    return f'<span dir="ltr">{size.translate(LATIN_DIGITS if latin else PERSIAN_DIGITS)}</span>'


def _escaped(code: str) -> str:
    """Code for inside an HTML element, where Markdown still reads its special characters: they become entities."""
    return re.sub(r"[&<>*`\[\]\\|~$]|(?<![^\W_])_|_(?![^\W_])", lambda sign: f"&#{ord(sign[0])};", code)
