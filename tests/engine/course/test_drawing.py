"""Drawings are well-formed SVG in the page's classes, in the direction of their words, the same bytes from the same numbers."""

from xml.etree import ElementTree as xml

import pytest

from autograder.course.drawing import Drawing, element


def drawn(*, caption="A box.", described="One rectangle.") -> Drawing:
    return Drawing(120, 60, caption, described)


def children(drawing: Drawing) -> list[xml.Element]:
    """What is drawn, without the title and the description."""
    return list(xml.fromstring(str(drawing.svg("d"))))[2:]


def test_a_drawing_says_what_it_shows_to_who_cannot_see_it():
    svg = xml.fromstring(str(drawn().svg("q1-en-0")))
    assert svg.get("viewBox") == "0 0 120 60" and svg.get("role") == "img"
    ids = {one.get("id"): one.text for one in svg}
    assert ids == {"q1-en-0-title": "A box.", "q1-en-0-desc": "One rectangle."}
    assert svg.get("aria-labelledby").split() == list(ids)


def test_a_drawing_escapes_its_words():
    drawing = Drawing(10, 10, "<b>", "&")
    drawing.words(1, 1, "<script>")
    drawing.box(1, 1, 2, 2, kind='"><script>')
    assert "<script>" not in drawing.svg("x") and "<b>" not in drawing.svg("x")
    (words, box) = children(drawing)
    assert words.text == "<script>" and box.get("class") == '"><script>'


def test_the_front_one_of_several_maps_is_drawn_last_and_where_it_was_asked():
    drawing = drawn()
    drawing.map(10, 20, 30, 40, sheets=3)
    assert [(one.get("x"), one.get("y")) for one in children(drawing)] == [("18", "12"), ("14", "16"), ("10", "20")]


def test_an_arrows_head_lies_at_its_end_along_the_last_piece():
    drawing = drawn()
    drawing.line((0, 0), (0, 50), (100, 50))
    line, head = children(drawing)
    assert line.get("d") == "M0 0 L0 50 L100 50" and line.get("class") == "flow"
    # 6 long and 6 wide, from the left: the corners are 6 before the point and 3 beside it
    assert head.get("d") == "M100.0 50.0 L94.0 53.0 L94.0 47.0 Z" and head.get("class") == "flow head"
    plain = drawn()
    plain.line((0, 0), (0, 50), arrow=False)
    assert len(children(plain)) == 1


def test_a_bow_rises_above_its_ends_and_comes_down_onto_the_last():
    drawing = drawn()
    drawing.arc((0, 40), (80, 40), rise=30)
    bow, head = children(drawing)
    assert bow.get("d") == "M0 40 C0 10 80 10 80 40"
    assert head.get("d") == "M80.0 40.0 L77.0 34.0 L83.0 34.0 Z", "it points down"


def test_a_line_without_length_has_a_head_all_the_same():
    drawing = drawn()
    drawing.line((5, 5), (5, 5))
    assert "nan" not in str(drawing.svg("x")) and len(children(drawing)) == 2


@pytest.mark.parametrize(
    ("text", "anchor", "shown", "direction"),
    [("kernel", "start", "start", "ltr"), ("هسته", "start", "end", "rtl"), ("هسته 3×3", "end", "start", "rtl"),
     ("هسته", "middle", "middle", "rtl")],
)  # fmt: skip
def test_words_begin_on_the_side_where_their_language_does(text, anchor, shown, direction):
    drawing = drawn()
    drawing.words(1, 2, text, anchor=anchor)
    (words,) = children(drawing)
    assert (words.get("text-anchor"), words.get("direction"), words.text) == (shown, direction, text)


def test_lengths_are_written_to_a_hundredth():
    assert (
        str(element("rect", x=0.1 + 0.2, y=2.0, z=1 / 3, cls="a&b"))
        == '<rect x="0.3" y="2" z="0.33" class="a&amp;b"></rect>'
    )
