"""``written.md`` and the text cells of a notebook: what a student wrote in each written part.

Read as Markdown. Only a heading at the top level that names a part begins one: what stands in a fence, a quote or a list, and
any other heading, belongs to the answer around it. Standard library only where markdown-it is not installed: students get a copy
of this file beside their tests.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from functools import cache
from typing import Any

MAX_TEXT = 128 * 1024  # characters of one hand-in that are read as Markdown; what comes later begins no part
_BEFORE = r"(?:question|part|answer(?:\s+to)?|task|q|پرسش|پاسخ|سوال|سؤال|بخش)?"
_DIGITS = str.maketrans("۰۱۲۳۴۵۶۷۸۹٠١٢٣٤٥٦٧٨٩", "01234567890123456789")


@dataclass(frozen=True)
class Written:
    """The student's own text by the name of its part, and what stands under no part's heading."""

    answers: dict[str, str] = field(default_factory=dict)
    unclaimed: str = ""


@dataclass(frozen=True)
class Text:
    """A piece of text: a file, or a cell of a notebook. ``own`` names the part whose answer it is as a whole."""

    source: str
    own: str = ""
    handed_out: bool = False  # the cell is one that students receive: what a part before it says ends there


def read(texts: Iterable[Text], names: Collection[str], template: Collection[str] | None = None) -> Written:
    """The answers in these texts, in their order, by the name of the written part; a part left as it was handed out is not there.

    Text of a handed-out cell that stands outside any part is not the student's, nor is what the cell quotes. ``template`` holds
    the lines that students receive, stripped; these are not theirs. Without it the quoted lines, and only those, are taken for
    handed-out ones. Comments count as nothing.
    """
    pieces_of: dict[str, list[str]] = {}
    loose: list[str] = []
    current: str | None = None
    room = MAX_TEXT
    for text in texts:
        if text.own:
            current = text.own
            pieces_of.setdefault(current, []).append(_stripped(text.source, template, own=True))
            continue
        headed = False
        parsed = names if len(text.source) <= room else ()
        room -= min(room, len(text.source)) if parsed else 0
        for name, piece in _pieces(text.source, parsed):
            if name is not None:
                current, headed = name, True
            elif text.handed_out:
                current = None
            own = _stripped(piece, template, quoted=text.handed_out)
            if own and not (current is None and text.handed_out):
                (loose if current is None else pieces_of.setdefault(current, [])).append(own)
        if not headed and (text.handed_out or (text.source.strip() and not _stripped(text.source, template))):
            current = None  # what students receive stands between two answers
    answers = {name: "\n\n".join(pieces).strip() for name, pieces in pieces_of.items()}
    return Written({name: text for name, text in answers.items() if text}, "\n\n".join(loose))


def _pieces(text: str, names: Collection[str]) -> list[tuple[str | None, str]]:
    """The text before the first heading of a part, and after each of them, with the part's name."""
    lines = text.splitlines()
    pieces: list[tuple[str | None, str]] = []
    name, start = None, 0
    for begin, end, named in _headings(text, names):
        pieces.append((name, "\n".join(lines[start:begin])))
        name, start = named, end
    return [*pieces, (name, "\n".join(lines[start:]))]


def _headings(text: str, names: Collection[str]) -> Iterable[tuple[int, int, str]]:
    """First line, line behind, and part's name of each heading that names one."""
    plain = _plain(text)
    if not any(re.search(_pattern(name), plain) for name in names):
        return
    # str.splitlines breaks at more signs than Markdown does; so does what counts lines here.
    lines = text.splitlines()
    markdown = _markdown()
    if markdown is None:
        yield from _scanned(lines, names)
        return
    tokens = markdown.parse("\n".join(lines))
    for token, inner in zip(tokens, tokens[1:], strict=False):
        if token.type == "heading_open" and token.level == 0 and token.map is not None:
            named = _named(inner.content, names)
            if named is not None:
                yield token.map[0], token.map[1], named


def _named(heading: str, names: Collection[str]) -> str | None:
    """The part that a heading names: ``w3``, ``W3: skips``, ``**w3**``, ``Question w3``."""
    # A long run of blanks would cost the pattern its square in time.
    words = " ".join(re.sub(r"[*_`~\[\]\\]", "", _plain(heading)).split())
    for name in names:
        if re.match(rf"{_BEFORE}\s*[:#.(-]*\s*{_pattern(name)}(?![\w])", words):
            return name
    return None


def _plain(text: str) -> str:
    """Text without case, width and signs that are not seen, such as the mark of a direction; its digits as 0 to 9."""
    seen = (sign for sign in unicodedata.normalize("NFKC", text) if unicodedata.category(sign) != "Cf")
    return "".join(seen).casefold().translate(_DIGITS)


def _pattern(name: str) -> str:
    """What matches a part's name, and ``w 1``, ``w-1`` and ``w01`` for ``w1``."""
    word = name.rstrip("0123456789")
    number = name[len(word) :]
    return re.escape(word.casefold()) + (rf"[ -]?0?{number}" if word and number else number)


def _scanned(lines: list[str], names: Collection[str]) -> Iterable[tuple[int, int, str]]:
    """The same by the lines alone, knowing fences and both kinds of headings."""
    fence = ""
    for at, line in enumerate(lines):
        mark = re.match(r" {0,3}(`{3,}|~{3,})(.*)", line)
        if fence:
            if mark and mark[1].startswith(fence) and not mark[2].strip():
                fence = ""
            continue
        if mark:
            fence = mark[1]
            continue
        heading = re.match(r" {0,3}#{1,6}[ \t]+(.*)", line)
        below = lines[at + 1] if at + 1 < len(lines) else ""
        underlined = re.fullmatch(r" {0,3}(?:=+|-+)[ \t]*", below) and re.match(r" {0,3}[^\s>#-]", line)
        if heading or underlined:
            named = _named(heading[1] if heading else line, names)
            if named is not None:
                yield at, at + (1 if heading else 2), named


@cache
def _markdown() -> Any:
    """A parser of blocks alone: what is in a line is not looked at. None on a student's machine, which may not have it."""
    try:
        from markdown_it import MarkdownIt
    except ImportError:
        return None
    return MarkdownIt("commonmark").disable("inline")


def _stripped(text: str, template: Collection[str] | None, *, own: bool = False, quoted: bool = False) -> str:
    """Without comments and without the lines that were handed out; ``quoted``: every quoted line was."""
    kept = uncommented(text).splitlines()
    if quoted or (template is None and not own):
        kept = [line for line in kept if not line.lstrip().startswith(">")]
    if template is not None:
        kept = [line for line in kept if not line.strip() or line.strip() not in template]
    return "\n".join(kept).strip()


def uncommented(text: str) -> str:
    """Without HTML comments. One that never ends is not a comment, and its end is looked for only once."""
    closed, end, rest = text.rpartition("-->")
    return re.sub(r"<!--.*?-->", "", closed + end, flags=re.DOTALL) + rest
