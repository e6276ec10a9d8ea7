"""``written.md``: what a student wrote under each heading ``## w1``."""

from __future__ import annotations

import re
from collections.abc import Collection

_HEADING = re.compile(r"^#{1,6}\s*`?(?P<name>\w+)`?\b.*$")


def split(text: str, names: Collection[str]) -> dict[str, str]:
    """The student's own text by the name of its written part; a part left as it was handed out is not there.

    What the template itself says under a heading (quoted lines and comments) does not count as the student's.
    """
    found: dict[str, list[str]] = {}
    current: list[str] | None = None
    for line in text.splitlines():
        heading = _HEADING.match(line)
        if heading:
            current = found.setdefault(heading["name"], []) if heading["name"] in names else None
        elif current is not None and not line.lstrip().startswith(">"):
            current.append(line)
    own = {name: uncommented("\n".join(lines)).strip() for name, lines in found.items()}
    return {name: text for name, text in own.items() if text}


def uncommented(text: str) -> str:
    """Without HTML comments. One that never ends is no comment, and is not looked for an end of again and again."""
    closed, end, rest = text.rpartition("-->")
    return re.sub(r"<!--.*?-->", "", closed + end, flags=re.DOTALL) + rest
