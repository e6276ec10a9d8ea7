"""Whether a newer Python than this one accepts a source that this one refuses.

libcst reads the grammar of the newest Python, whatever it runs on. It is imported when there is a syntax error to look at.
"""

from __future__ import annotations

import re

_FEATURES = [  # newest first; what is refused here and shows none of these needs ``OLDEST``
    ("3.14", re.compile(r"""\bt[rR]?["']|\bexcept\*?\s+[\w.]+\s*,""")),
    ("3.13", re.compile(r"\b(?:def|class|type)\s+\w+\[[^]\n]*\w\s*=")),
]
OLDEST = "3.12"


def accepting(source: str) -> str:
    """The Python that accepts ``source``, such as ``3.12``; empty where none does."""
    try:
        from libcst.native import parse_module

        parse_module(source)
    except Exception:
        return ""
    return next((version for version, feature in _FEATURES if feature.search(source)), OLDEST)
