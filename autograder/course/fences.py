"""Lines of Markdown, and whether each belongs to a fenced block of code: nothing in one is a heading or markup."""

from __future__ import annotations

import re
from collections.abc import Iterator

# A fence may begin a list's item.
_FENCE = re.compile(r"\s*(?P<items>(?:(?:[-*+]|\d+[.)])\s+)*)(?P<fence>`{3,}|~{3,})(?P<rest>.*)")


def lines(text: str) -> Iterator[tuple[str, bool]]:
    """Each line, with True for those of a block of code, its fences included."""
    opened = ""
    for line in text.splitlines():
        fence = _FENCE.match(line)
        if opened:
            yield line, True
            if fence and fence["fence"].startswith(opened) and not fence["items"] and not fence["rest"].strip():
                opened = ""
        else:
            if fence and not (fence["fence"][0] == "`" and "`" in fence["rest"]):  # ```code``` in a line is no fence
                opened = fence["fence"]
            yield line, bool(opened)
