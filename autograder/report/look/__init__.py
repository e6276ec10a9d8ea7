"""The look that every page shares: one file of design tokens, the fonts that a page may carry, and how templates are filled in.

A page that is made once (the handout, the class report) carries its fonts; feedback, made for each student, uses the
reader's own.
"""

from __future__ import annotations

from base64 import b64encode
from functools import cache
from pathlib import Path
from typing import Any

import jinja2

HERE = Path(__file__).parent
# family -> style, weight, file, the characters that it is for. Fonts under the SIL Open Font License, beside their files.
FACES = {
    "Vazirmatn": [
        ("normal", 400, "vazirmatn-arabic-400-normal", "U+0600-06FF, U+200C-200F, U+FB50-FDFF, U+FE70-FEFC"),
        ("normal", 700, "vazirmatn-arabic-700-normal", "U+0600-06FF, U+200C-200F, U+FB50-FDFF, U+FE70-FEFC"),
        ("normal", 400, "vazirmatn-latin-400-normal", "U+0000-02FF, U+2010-2027, U+202F-206F, U+2212"),
        ("normal", 700, "vazirmatn-latin-700-normal", "U+0000-02FF, U+2010-2027, U+202F-206F, U+2212"),
    ],
    "Source Serif 4": [
        ("normal", 400, "source-serif-4-latin-400-normal", ""),
        ("normal", 600, "source-serif-4-latin-600-normal", ""),
        ("italic", 400, "source-serif-4-latin-400-italic", ""),
    ],
    "Source Code Pro": [
        ("normal", 400, "source-code-pro-latin-400-normal", ""),
        ("normal", 600, "source-code-pro-latin-600-normal", ""),
    ],
}


def environment(package: str, *, autoescape: Any = True) -> jinja2.Environment:
    """The templates beside a package's code. What is put into them is escaped, and a name that is missing is an error."""
    return jinja2.Environment(
        loader=jinja2.PackageLoader(package, "."),
        autoescape=autoescape,
        trim_blocks=True,
        lstrip_blocks=True,
        undefined=jinja2.StrictUndefined,
        auto_reload=False,
    )


@cache
def css() -> str:
    """The style sheet that every page begins with."""
    return (HERE / "look.css").read_text("utf-8")


@cache
def fonts(*families: str) -> str:
    """``@font-face`` rules with the fonts of these families in them, for a page that asks for nothing."""
    rules = []
    for family in families:
        for style, weight, name, characters in FACES[family]:
            source = embedded(HERE / "fonts" / f"{name}.woff2")
            only = f" unicode-range: {characters};" if characters else ""
            rules.append(
                f'@font-face {{ font-family: "{family}"; font-style: {style}; font-weight: {weight}; src: {source};{only} }}'
            )
    return "\n".join(rules)


def embedded(path: Path) -> str:
    """A font as the value of ``src``."""
    return f'url("data:font/woff2;base64,{b64encode(path.read_bytes()).decode()}") format("woff2")'
