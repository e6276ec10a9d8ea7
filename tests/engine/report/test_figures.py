"""The class report's figures: where each mark stands, by arithmetic, and words that are never markup."""

import re
from xml.etree import ElementTree

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from autograder.report.class_page import figures
from autograder.report.class_page.figures import Caption, Point

CAPTION = Caption("fig", "A <title>", "Described & told", "across", "up")
NAN = float("nan")


def drawn(svg):
    """The elements by their class, and by their tag where they have none."""
    root = ElementTree.fromstring(svg)
    found: dict = {"root": root}
    for one in root.iter():
        for name in (one.get("class") or one.tag).split():
            found.setdefault(name, []).append(one)
    return found


def test_a_few_submissions_are_a_dot_each_stacked_where_they_are_equal():
    found = drawn(figures.scores([0.0, 0.5, 0.5, 1.0], (0.25, 0.5, 0.75), CAPTION))
    dots = [(float(one.get("cx")), float(one.get("cy"))) for one in found["bar"]]
    assert len(dots) == 4 and len({x for x, _ in dots}) == 3 and len({*dots}) == 4
    assert {one.tag for one in found["bar"]} == {"circle"} and "grid" not in found


def test_many_are_bars_as_high_as_their_count():
    shares = np.array([0.01] * 300 + [0.99] * 150)
    found = drawn(figures.scores(shares, (0.01, 0.01, 0.99), CAPTION))
    heights = [float(one.get("height")) for one in found["bar"]]
    assert {one.tag for one in found["bar"]} == {"rect"} and len(heights) == 2
    assert heights[0] == pytest.approx(2 * heights[1], abs=0.02)
    assert heights[0] == pytest.approx(300 - 34 - 58, abs=0.01), "the highest reaches the top"


def test_the_band_is_from_quartile_to_quartile_and_the_median_in_it():
    found = drawn(figures.scores([0.2, 0.6], (0.25, 0.5, 0.75), CAPTION))
    (band,), (median,) = found["band"], found["median"]
    left, width = float(band.get("x")), float(band.get("width"))
    assert left + width / 2 == pytest.approx(float(median.get("x1"))) and width == pytest.approx((720 - 50 - 26) / 2)


def test_a_class_of_nobody_has_axes_and_no_band():
    found = drawn(figures.scores([], (NAN, NAN, NAN), CAPTION))
    assert "axis" in found and not {"bar", "band", "median"} & found.keys()


def test_a_part_stands_where_its_figures_say_and_one_without_them_nowhere():
    points = [
        Point(0.0, 1.0, "code", "a", False),
        Point(1.0, -0.4, "numbers", "b", False),
        Point(NAN, 0.2, "code", "c", True),
    ]
    points += [Point(0.5, -0.9, "numbers", "lower than the axis goes", False)]
    found = drawn(figures.scatter(points, 0.2, CAPTION))
    square, first, low = sorted(found["dot"], key=lambda one: one.tag != "rect")
    assert (float(square.get("x")) + 5, float(square.get("y")) + 5) == (76, 14)
    assert (float(first.get("cx")), float(first.get("cy"))) == (720 - 22, 400 - 62)
    assert float(low.get("cy")) == 400 - 62 and "marked" not in found


def test_the_band_of_chance_lies_round_zero():
    (band,) = drawn(figures.scatter([], 0.2, CAPTION))["chance"]
    zero = next(one for one in drawn(figures.scatter([], 0.2, CAPTION))["axis"])
    middle = float(band.get("y")) + float(band.get("height")) / 2
    assert middle == pytest.approx(float(zero.get("y1")), abs=0.02)


def test_a_bar_of_shares_fills_its_width_in_order_and_leaves_out_what_is_none():
    found = drawn(figures.stacked({"right": 0.5, "partly": 0.0, "wrong": 0.3, "broke": 0.2}, CAPTION))
    pieces = [(one.get("class"), float(one.get("x")), float(one.get("width"))) for one in found["root"].iter("rect")]
    assert pieces == [("right", 0, 50), ("wrong", 50, 30), ("broke", 80, 20)]


@pytest.mark.parametrize("make", [
    lambda: figures.scores([0.5], (0.5, 0.5, 0.5), CAPTION),
    lambda: figures.scatter([Point(0.5, 0.1, "code", "<b>&", True)], 0.2, CAPTION),
    lambda: figures.stacked({"right": 1.0}, CAPTION),
])  # fmt: skip
def test_a_figure_has_a_title_a_description_and_no_markup_of_anybodys(make):
    root = drawn(make())["root"]
    assert (root.find("title").text, root.find("desc").text) == ("A <title>", "Described & told")
    assert root.get("aria-labelledby") == "fig-title fig-desc" and (root.get("role"), root.get("dir")) == ("img", "ltr")
    assert not re.search("<b>", make())


@pytest.mark.parametrize(
    "highest, ticks",
    [
        (1, [0, 1]),
        (5, [0, 1, 2, 3, 4, 5]),
        (6, [0, 2, 4, 6]),
        (26, [0, 10, 20]),
        (300, [0, 100, 200, 300]),
        (10_000, [0, 2000, 4000, 6000, 8000, 10_000]),
    ],
)
def test_ticks_are_a_handful_of_round_numbers(highest, ticks):
    assert figures._ticks(highest) == ticks


@settings(max_examples=50)
@example([290.0, 300.0, 300.0])
@given(st.lists(st.floats(0, 300), max_size=12))
def test_names_are_moved_apart_and_stay_in_order_and_within(heights):
    heights = sorted(heights)
    placed = figures._apart(heights, 17.0, 0.0, 300.0)
    assert len(placed) == len(heights)
    assert all(later - one >= 17.0 - 1e-9 for one, later in zip(placed, placed[1:], strict=False))
    assert all(-1e-9 <= one <= 300 + 1e-9 for one in placed)
    if all(later - one >= 17.0 for one, later in zip(heights, heights[1:], strict=False)):
        assert placed == heights, "what is apart already is not moved"


def test_labels_of_the_scatter_plot_do_not_overlap():
    points = [figures.Point(0.5, 0.05, "code", f"p{number}", True) for number in range(6)]
    drawn = figures.scatter(points, 0.2, figures.Caption("x", "t", "d"))
    heights = sorted(float(y) for y in re.findall(r'y="([\d.]+)" class="name"', drawn))
    assert len(heights) == 6 and min(np.diff(heights)) >= 15
