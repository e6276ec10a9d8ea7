"""``regrade.md`` in a hand-in: a student asks to have a written answer read again, criterion by criterion.

    ## w3 change
    I name larger images in the second sentence.

The heading names the written part and, where one is meant, the criterion. What stands below it is for whoever reads it again.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from autograder.model import Part, Request
from autograder.text import shorten

FILE = "regrade.md"
MOST, MOST_WORDS = 20, 2_000  # requests of one file, characters of one
_WRITTEN = re.compile(r"w\d+")  # a written part, of this homework or not
_HEADING = re.compile(r"^#{1,6}\s*`?(?P<name>\w+)`?(?:[\s:./,-]+`?(?P<criterion>[a-z][a-z0-9_]{0,39})`?)?\s*$")


def requests(text: str, parts: Iterable[Part], source: str = FILE) -> tuple[Request, ...]:
    """The requests in a file's text; a heading that names no written part asks for nothing."""
    by_name = {part.name: part.id for part in parts if part.kind == "written"}
    sections: list[tuple[str, str, list[str]]] = []
    for line in text.splitlines():
        heading = _HEADING.match(line)
        if heading and (heading["name"] in by_name or _WRITTEN.fullmatch(heading["name"])):
            sections.append((by_name.get(heading["name"], ""), heading["criterion"] or "", []))
        elif sections:
            sections[-1][2].append(line)
    texts = [(part, criterion, "\n".join(lines).strip()) for part, criterion, lines in sections]
    return tuple(
        Request("", part, criterion, shorten(words, MOST_WORDS), source)
        for part, criterion, words in texts[:MOST]
        if part and words
    )
