"""A drawing for the handout, built from an author's parameters: boxes, arrows and words as SVG in the page's own style.

A question's ``assignment/<stem>_drawing.py`` has one function, ``drawings(language)``, that returns a list of ``Drawing``.
What it shows is published: draw what the statement says, never what it asks.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from markupsafe import Markup, escape

_RIGHT_TO_LEFT = re.compile(r"[\u0590-\u08ff]")


@dataclass
class Drawing:
    """A picture ``width`` by ``height`` units (about a pixel each on a wide screen), with a description for readers who cannot see it."""

    width: float
    height: float
    caption: str
    described: str
    _body: list[Markup] = field(default_factory=list)

    def box(self, x: float, y: float, width: float, height: float, kind: str = "box", round: float = 4) -> None:
        """A rectangle. ``kind`` is its class: box, data, soft, strong, dashed."""
        self._body.append(element("rect", x=x, y=y, width=width, height=height, rx=round, cls=kind))

    def map(self, x: float, y: float, width: float, height: float, sheets: int = 3, kind: str = "data") -> None:
        """A stack of feature maps: ``sheets`` rectangles one behind the other, the front one at (x, y)."""
        for sheet in range(sheets - 1, -1, -1):
            self.box(x + 4 * sheet, y - 4 * sheet, width, height, kind, 2)

    def line(self, *points: tuple[float, float], kind: str = "flow", arrow: bool = True) -> None:
        """Straight pieces through ``points``, with a head at the end where ``arrow``."""
        path = "M" + " L".join(f"{x:g} {y:g}" for x, y in points)
        self._path(path, points[-2], points[-1], kind, arrow)

    def arc(self, start: tuple[float, float], end: tuple[float, float], rise: float, kind: str = "bow") -> None:
        """A bow from ``start`` to ``end`` that leaves and arrives steeply, ``rise`` units high (negative: low)."""
        (x, y), (to, down) = start, end
        control = (x, y - rise), (to, down - rise)
        path = f"M{x:g} {y:g} C{control[0][0]:g} {control[0][1]:g} {control[1][0]:g} {control[1][1]:g} {to:g} {down:g}"
        self._path(path, control[1], end, kind, True)

    def words(self, x: float, y: float, text: str, kind: str = "label", anchor: str = "middle") -> None:
        """One line of words in their own direction. ``kind`` is label, small, name or code; ``anchor`` start, middle, end."""
        right = bool(_RIGHT_TO_LEFT.search(text))
        if right:
            anchor = {"start": "end", "end": "start"}.get(anchor, anchor)
        direction = "rtl" if right else "ltr"
        style = {"text-anchor": anchor, "unicode-bidi": "isolate"}
        self._body.append(element("text", escape(text), x=x, y=y, cls=kind, direction=direction, **style))

    def svg(self, id: str) -> Markup:
        """The whole as one element with a title and a description; ``id`` is unique on the page."""
        labels = element("title", escape(self.caption), id=f"{id}-title") + element(
            "desc", escape(self.described), id=f"{id}-desc"
        )
        labelled = {"aria-labelledby": f"{id}-title {id}-desc", "viewBox": f"0 0 {self.width:g} {self.height:g}"}
        style = f"max-width: {self.width:g}px"
        return element("svg", labels + Markup("").join(self._body), role="img", cls="drawing", style=style, **labelled)

    def _path(self, path: str, before: tuple[float, float], end: tuple[float, float], kind: str, arrow: bool) -> None:
        self._body.append(element("path", d=path, cls=kind))
        if arrow:
            self._body.append(element("path", d=_head(before, end), cls=f"{kind} head"))


def _head(before: tuple[float, float], end: tuple[float, float], size: float = 6) -> str:
    """An arrow's head at ``end`` for a line that comes from ``before``."""
    (x, y), (to, down) = before, end
    length = max(1e-6, ((to - x) ** 2 + (down - y) ** 2) ** 0.5)
    along, across = ((to - x) / length, (down - y) / length), (-(down - y) / length, (to - x) / length)
    corners: Sequence[tuple[float, float]] = [
        (to - size * along[0] + side * size * 0.5 * across[0], down - size * along[1] + side * size * 0.5 * across[1])
        for side in (1, -1)
    ]
    return f"M{to:.1f} {down:.1f} " + " ".join(f"L{cx:.1f} {cy:.1f}" for cx, cy in corners) + " Z"


def element(name: str, inside: str | Markup = "", **attributes: object) -> Markup:
    """An element with its attributes escaped; lengths to a hundredth, so that the same numbers give the same bytes."""
    pairs = []
    for key, value in attributes.items():
        shown = f"{value:.2f}".rstrip("0").rstrip(".") if isinstance(value, float) else value
        pairs.append(Markup(' {}="{}"').format("class" if key == "cls" else key, shown))
    return Markup("<{}{}>{}</{}>").format(name, Markup("").join(pairs), Markup(inside), name)
