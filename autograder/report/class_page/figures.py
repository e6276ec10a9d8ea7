"""The class report's figures as inline SVG, drawn by hand.

Written out rather than plotted: the browser shapes the Persian words in them, they take the page's fonts and colours, stay
sharp on a phone and on paper, and grading needs no plotting library. Each is a picture with a title and a description
for those who do not see it; each runs left to right in either language.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import isnan

import numpy as np
from markupsafe import Markup, escape

from autograder.course.drawing import element as _tag
from autograder.report.class_page import statistics

FINE = 50  # steps of two percent
DOTTED = 400  # submissions up to which each is a dot
STACKED = 40  # dots above each other up to which they can be told apart
NAMES_APART = 17.0


@dataclass(frozen=True)
class Point:
    """One part in the scatter plot."""

    x: float
    y: float
    kind: str  # numbers, code, written
    name: str
    marked: bool


@dataclass(frozen=True)
class Caption:
    """The words in a figure: its title, its description in full, and its axes."""

    id: str  # unique on the page
    title: str
    described: str
    x: str = ""
    y: str = ""


def scores(shares: Sequence[float] | np.ndarray, quartiles: Sequence[float], caption: Caption) -> Markup:
    """Each submission by its share of the points: a dot for each where they are few, bars of two percent where they are many.

    Quartiles are shares of the points, drawn as a band with the median in it.
    """
    width, height, left, right, top, bottom = 720, 300, 50, 26, 34, 58
    across, down = width - left - right, height - top - bottom
    counts = statistics.histogram(np.asarray(shares, float), FINE)
    step, highest = across / FINE, max([*counts, 1])
    dots = len(shares) <= DOTTED and highest <= STACKED
    body = []
    low, middle, high = quartiles
    if not isnan(middle):
        body.append(
            _tag("rect", x=left + across * low, y=top, width=max(1.0, across * (high - low)), height=down, cls="band")
        )
    if not dots:
        for value in _ticks(highest):
            y = top + down * (1 - value / highest)
            body.append(_tag("line", x1=left, x2=width - right, y1=y, y2=y, cls="grid"))
            body.append(_text(value, x=left - 8, y=y + 4, cls="tick", anchor="end"))
    radius = min(step / 2 - 0.6, down / (2 * max(highest, 8)))
    for at, count in enumerate(counts):
        x = left + (at + 0.5) * step
        if dots:
            stack = range(int(count))
            body += [
                _tag("circle", cx=x, cy=top + down - radius * (2 * one + 1), r=radius - 0.4, cls="bar") for one in stack
            ]
        elif count:
            tall = down * count / highest
            body.append(_tag("rect", x=x - step / 2 + 0.8, y=top + down - tall, width=step - 1.6, height=tall, cls="bar"))
    for share in range(0, 101, 10):
        body.append(_text(share, x=left + across * share / 100, y=top + down + 20, cls="tick", anchor="middle"))
    if not isnan(middle):
        x = left + across * middle
        body.append(_tag("line", x1=x, x2=x, y1=top - 14, y2=top + down, cls="median"))
        body.append(_tag("circle", cx=x, cy=top - 14, r=4, cls="medianhead"))
    body.append(_tag("line", x1=left, x2=width - right, y1=top + down, y2=top + down, cls="axis"))
    body.append(_text(caption.x, x=left + across / 2, y=height - 6, cls="label", anchor="middle"))
    return _figure(width, height, caption, body)


def scatter(points: Sequence[Point], by_chance: float, caption: Caption) -> Markup:
    """Facility across, item-rest correlation up; the band is what chance alone brings about; marked points are named."""
    width, height, left, right, top, bottom = 720, 400, 76, 22, 14, 62
    across, down, lowest = width - left - right, height - top - bottom, -0.4
    shown = [point for point in points if not (isnan(point.x) or isnan(point.y))]

    def up(value: float) -> float:
        return top + down * (1 - (max(lowest, min(1.0, value)) - lowest) / (1 - lowest))

    body = [_tag("rect", x=left, y=up(by_chance), width=across, height=up(-by_chance) - up(by_chance), cls="chance")]
    for value in (-0.4, -0.2, 0, 0.2, 0.4, 0.6, 0.8, 1):
        body.append(_tag("line", x1=left, x2=width - right, y1=up(value), y2=up(value), cls="grid" if value else "axis"))
        body.append(_text(f"{value:g}".replace("-", "−"), x=left - 8, y=up(value) + 4, cls="tick", anchor="end"))
    for value in (0, 20, 40, 60, 80, 100):
        x = left + across * value / 100
        body.append(_text(value, x=x, y=height - bottom + 22, cls="tick", anchor="middle"))
    for point in shown:
        x, y = left + across * point.x, up(point.y)
        cls = f"dot {point.kind}" + (" marked" if point.marked else "")
        title = f"{point.name}: {point.x:.0%}, {point.y:.2f}"
        if point.kind == "code":
            body.append(_tag("rect", _tag("title", escape(title)), x=x - 5, y=y - 5, width=10, height=10, rx=2, cls=cls))
        else:
            body.append(_tag("circle", _tag("title", escape(title)), cx=x, cy=y, r=5.5, cls=cls))
    marked = [(point, left + across * point.x, up(point.y)) for point in shown if point.marked]
    body += _named(marked, left + 4, width - right - 4, top + 8, height - bottom - 8)
    body.append(_text(caption.x, x=left + across / 2, y=height - 6, cls="label", anchor="middle"))
    turned = f"rotate(-90 18 {top + down / 2:.1f})"
    body.append(_text(caption.y, x=18, y=top + down / 2, cls="label", anchor="middle", transform=turned))
    return _figure(width, height, caption, body)


def stacked(shares: Mapping[str, float], caption: Caption) -> Markup:
    """One bar of shares that add up to 1, each in the class of its name."""
    x, body = 0.0, []
    for name, share in shares.items():
        if share > 0:
            body.append(_tag("rect", x=100 * x, y=0, width=100 * share, height=10, cls=name))
            x += share
    return _figure(100, 10, caption, body, stretched=True)


def _ticks(highest: int) -> list[int]:
    """A handful of whole numbers from 0 up to at most ``highest``."""
    step = next(
        step for base in (1, 10, 100, 1000, 10**4, 10**5) for step in (base, 2 * base, 5 * base) if highest / step <= 5
    )
    return list(range(0, highest + 1, step))


def _named(marked: Sequence[tuple[Point, float, float]], left: float, right: float, top: float, low: float) -> list[Markup]:
    """A name beside each marked dot, with a line that leads to it: in two columns, no two names over each other.

    Names that do not fit are left to the table: those of the most points that hardly go with the rest come first.
    """
    body, room, middle = [], int((low - top) // NAMES_APART) + 1, (left + right) / 2
    for side in (0, 1):
        ours = sorted((one for one in marked if (one[1] > middle) == bool(side)), key=lambda one: (one[0].y, one[0].name))
        placed = _apart([y for _, _, y in sorted(ours[:room], key=lambda one: one[2])], NAMES_APART, top, low)
        for (point, x, y), at in zip(sorted(ours[:room], key=lambda one: one[2]), placed, strict=True):
            end = x - 22 if side else x + 22
            body.append(_tag("path", d=f"M{x:.1f} {y:.1f} L{end + (4 if side else -4):.1f} {at:.1f}", cls="leader"))
            body.append(_text(point.name, x=end, y=at + 4, cls="name", anchor="end" if side else "start"))
    return body


def _apart(heights: Sequence[float], gap: float, top: float, low: float) -> list[float]:
    """Heights, in rising order, moved as little as it takes for ``gap`` between them, all between ``top`` and ``low``."""
    placed: list[float] = []
    for height in heights:
        placed.append(max(height, placed[-1] + gap if placed else top))
    floor = low
    for at in range(len(placed) - 1, -1, -1):
        placed[at] = min(placed[at], floor)
        floor = placed[at] - gap
    return placed


def _figure(width: int, height: int, caption: Caption, body: list[Markup], *, stretched: bool = False) -> Markup:
    inside = [
        _tag("title", escape(caption.title), id=f"{caption.id}-title"),
        _tag("desc", escape(caption.described), id=f"{caption.id}-desc"),
        *body,
    ]
    more = {"preserveAspectRatio": "none"} if stretched else {}
    labelled = {"aria-labelledby": f"{caption.id}-title {caption.id}-desc"}
    box = f"0 0 {width} {height}"
    return _tag("svg", Markup("").join(inside), viewBox=box, role="img", dir="ltr", direction="ltr", **labelled, **more)


def _text(words: object, *, anchor: str, **attributes: object) -> Markup:
    return _tag("text", escape(str(words)), **attributes, **{"text-anchor": anchor})
