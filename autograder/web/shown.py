"""A text as the page may show it: a tree of harmless pieces, never HTML.

A piece is a string or ``[tag, class or address, pieces…]``. The page makes elements of the tags named here and of no others, and
puts strings in as text, so nothing in an answer can become a script, a link or a style.
"""

from __future__ import annotations

import re
import unicodedata
from functools import cache, lru_cache
from xml.etree import ElementTree

from markdown_it import MarkdownIt
from markdown_it.rules_inline import StateInline
from markdown_it.token import Token

MOST_RENDERED = 20_000  # characters; a longer text is shown as it was typed
MOST_FORMULA = 300
MOST_STACKED = 4  # accents on one letter
BLOCKS = {
    "paragraph": "p",
    "blockquote": "blockquote",
    "bullet_list": "ul",
    "ordered_list": "ol",
    "list_item": "li",
    "heading": "h4",
} | {tag: tag for tag in ("table", "thead", "tbody", "tr", "th", "td", "em", "strong", "s")}
MATH = frozenset(
    "math mrow mi mn mo ms mtext mspace mfrac msqrt mroot msub msup msubsup munder mover munderover mtable mtr mtd".split()
)
# Letters that look like nothing.
_BLANK = frozenset(map(chr, (0x115F, 0x1160, 0x3164, 0xFFA0, 0x2800, 0x034F, 0x17B4, 0x17B5)))
_ARABIC = re.compile("[\u0600-\u06ff\u0750-\u077f\u08a0-\u08ff\ufb50-\ufdff\ufe70-\ufefc]")
Piece = str | list


def plain(text: str) -> list[Piece]:
    """A text as it was typed, with every character that hides or reorders text shown by its number."""
    pieces: list[Piece] = []
    kept: list[str] = []
    stacked = 0
    for at, character in enumerate(text):
        stacked = stacked + 1 if unicodedata.category(character) == "Mn" else 0
        if stacked <= MOST_STACKED and not _hidden(character, text, at):
            kept.append(character)
            continue
        if kept:
            pieces.append("".join(kept))
            kept = []
        if stacked <= MOST_STACKED + 1:
            pieces.append(["span", "control", f"U+{ord(character):04X}"])
    return [*pieces, "".join(kept)] if kept else pieces


def _hidden(character: str, text: str, at: int) -> bool:
    """Whether a reader would not see the character. Half-spaces belong between two Arabic letters, joiners within emoji."""
    if character.isprintable() and character.isascii():
        return False
    if character in "\u200c\u200d":
        near = text[at - 1 : at] + text[at + 1 : at + 2]
        return len(near) < 2 or not all(
            _ARABIC.match(one) or unicodedata.category(one) in ("So", "Sk", "Mn") for one in near
        )
    return character in _BLANK or (unicodedata.category(character) in ("Cf", "Cc", "Cs") and character not in "\n\t")


@lru_cache(maxsize=2_000)
def markdown(text: str) -> list[Piece]:
    """A Markdown text as a tree. HTML in it is text, a link is its words and address as text, a picture its words."""
    if len(text) > MOST_RENDERED:
        return [["pre", "typed", *plain(text)]]
    return _tree(_reader().parse(text.replace("\r\n", "\n")))


def _tree(tokens: list[Token]) -> list[Piece]:
    top: list[Piece] = []
    open: list[list[Piece]] = [top]
    links: list[str] = []
    for token in tokens:
        name = token.type.removesuffix("_open").removesuffix("_close")
        if token.type == "inline":
            open[-1] += _tree(token.children or [])
        elif token.nesting == 1 and name in BLOCKS:
            piece: list[Piece] = [BLOCKS[name], ""]
            open[-1].append(piece)
            open.append(piece)
        elif token.nesting == -1 and name in BLOCKS:
            open.pop()
        elif token.type == "link_open":
            links.append(str(token.attrGet("href")))
        elif token.type == "link_close":
            open[-1] += [" ", ["code", "", *plain(links.pop())]]
        else:
            open[-1] += _leaf(token)
    return top


def _leaf(token: Token) -> list[Piece]:
    if token.type in ("fence", "code_block"):
        return [["pre", "", *plain(token.content)]]
    if token.type == "code_inline":
        return [["code", "", *plain(token.content)]]
    if token.type in ("softbreak", "hardbreak"):
        return ["\n"] if token.type == "softbreak" else [["br", ""]]
    if token.type == "hr":
        return [["hr", ""]]
    if token.type == "formula":
        return [formula(token.content)]
    if token.type == "image":
        return [["code", "", *plain(f"![{token.content}]({token.attrGet('src')})")]]
    return plain(token.content) if token.content else []


@lru_cache(maxsize=2_000)
def formula(latex: str) -> Piece:
    """A formula as MathML; as typed if it cannot be converted."""
    from latex2mathml.converter import convert

    try:
        root = ElementTree.fromstring(convert(latex))
        return ["math", "", *_math(root)]
    except Exception:  # whatever breaks the converter, a student wrote it and a person has to read it
        return ["code", "", *plain(f"${latex}$")]


def _math(element: ElementTree.Element) -> list[Piece]:
    pieces: list[Piece] = []
    for child in element:
        tag = child.tag.rpartition("}")[2]
        if tag not in MATH:
            raise ValueError(tag)
        own = plain(child.text) if child.text and not len(child) else []
        pieces.append([tag, "", *own, *_math(child)])
    return pieces


@cache
def _reader() -> MarkdownIt:
    reader = MarkdownIt("commonmark", {"html": False}).enable(["table", "strikethrough"])
    reader.disable(["html_block", "html_inline", "entity"], True)
    reader.inline.ruler.before("escape", "formula", _formula_rule)
    return reader


_FORMULA = re.compile(
    rf"\$\$(?P<wide>[^$]{{1,{MOST_FORMULA}}})\$\$|\$(?P<narrow>[^\s$](?:[^$\n]{{0,{MOST_FORMULA}}}[^\s$])?)\$(?!\d)"
)


def _formula_rule(state: StateInline, silent: bool) -> bool:
    match = _FORMULA.match(state.src, state.pos) if state.src[state.pos] == "$" else None
    if match is None:
        return False
    if not silent:
        state.push("formula", "", 0).content = (match["wide"] or match["narrow"]).strip()
    state.pos = match.end()
    return True
