"""Formulas in TeX as HTML: KaTeX, run once at release time in an embedded JavaScript engine; the page needs no script."""

from __future__ import annotations

import json
import re
from functools import cache
from pathlib import Path

from autograder.errors import ConvgradeError
from autograder.report.look import embedded

KATEX = Path(__file__).parent / "katex"
# The font's file -> family, weight, style, and the classes of KaTeX that are set in it.
FONTS = {
    "Main-Regular": ("KaTeX_Main", 400, "normal", ("katex",)),
    "Main-Bold": ("KaTeX_Main", 700, "normal", ("mathbf", "textbf")),
    "Main-Italic": ("KaTeX_Main", 400, "italic", ("mathit", "textit")),
    "Math-Italic": ("KaTeX_Math", 400, "italic", ("mathnormal",)),
    "Size1-Regular": ("KaTeX_Size1", 400, "normal", ("size1", "delim-size1", "small-op")),
    "Size2-Regular": ("KaTeX_Size2", 400, "normal", ("size2", "large-op")),
    "Size3-Regular": ("KaTeX_Size3", 400, "normal", ("size3",)),
    "Size4-Regular": ("KaTeX_Size4", 400, "normal", ("size4", "delim-size4")),
    "AMS-Regular": ("KaTeX_AMS", 400, "normal", ("amsrm", "mathbb")),
}


def html(tex: str, *, display: bool = False) -> str:
    """A formula as HTML with its MathML beside it for screen readers. Raises ConvgradeError where KaTeX does not read it."""
    import quickjs

    try:
        return json.loads(_renderer()(tex, display))
    except quickjs.JSException as error:
        reason = re.sub(r"\s+at .*", "", str(error), flags=re.DOTALL)
        raise ConvgradeError(f"a formula cannot be read: {reason}", where=tex, todo="Correct it in the handout.") from None


def css(page: str) -> str:
    """KaTeX's style sheet with the fonts that the formulas of ``page`` are set in; empty where it has none."""
    used = set(re.findall(r"[\w-]+", " ".join(re.findall(r'class="([^"]*)"', page))))
    if "katex" not in used:
        return ""
    rules = re.sub(r"@font-face\{.*?\}", "", (KATEX / "katex.min.css").read_text("utf-8"))
    faces = [
        f"@font-face{{font-family:{family};font-weight:{weight};font-style:{style};src:{embedded(KATEX / f'KaTeX_{name}.woff2')}}}"
        for name, (family, weight, style, classes) in FONTS.items()
        if used & set(classes)
    ]
    return "\n".join([*faces, rules])


@cache
def _renderer():
    try:
        import quickjs
    except ModuleNotFoundError:
        todo = "Run: make release (or pip install 'convgrade[release]')."
        raise ConvgradeError(
            "formulas need quickjs-ng, which is not installed", where="convgrade release", todo=todo
        ) from None
    engine = quickjs.Context()
    engine.eval(f"var self = this; {(KATEX / 'katex.min.js').read_text('utf-8')}; 0")
    # As JSON: the engine hands over no string that it holds in pieces.
    render = "JSON.stringify(katex.renderToString(tex, {displayMode: display, throwOnError: true, strict: 'error'}))"
    return engine.eval(f"(tex, display) => {render}")
