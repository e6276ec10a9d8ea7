"""Readings of the marking page become marks: once each, newest last, and taken back where they are."""

import pytest
from msgspec.structs import replace

from autograder.course.rubric import Criterion, Rubric
from autograder.errors import ConvgradeError
from autograder.gradebook import from_page
from autograder.gradebook.gradebook import Gradebook
from autograder.gradebook.marking_file import FILE, Decision, MarkingFile, Reading
from autograder.gradebook.marks import Marks
from autograder.marking import written_marks
from autograder.marking.written_marks import text_hash
from autograder.model import Mark, Request, Text

PART = "q1.written.w1"
RUBRIC = Rubric(PART, (Criterion("a", 300, Text("A.", "الف.")), Criterion("b", 100, Text("B.", "ب."))))
RUBRICS = {PART: RUBRIC}


@pytest.fixture
def place(tmp_path):
    with Gradebook(tmp_path / "g.sqlite") as book, MarkingFile(tmp_path / FILE) as file:
        yield tmp_path, Marks(book), file


def reading(at=1.0, save="1", **met):
    decided = {
        id: Decision(value, next(one.sentence for one in RUBRIC.criteria if one.id == id)) for id, value in met.items()
    }
    return Reading("ada", PART, text_hash("text"), RUBRIC.hash, "sara", at, 5.0, decided, "Good.", save=save)


def new(place, rubrics=RUBRICS):
    folder, marks, _ = place
    found = from_page.new(folder, lambda: rubrics, marks)
    marks.add(found)
    return [(mark.cents, mark.criteria, mark.comment, mark.who) for mark in found]


def test_a_reading_is_a_mark_of_its_text_once(place):
    place[2].add([reading(a=True, b=False)], [(text_hash("text"), "text")])
    assert new(place) == [(300, {"a": True, "b": False}, "Good.", "sara")]
    assert new(place) == []
    place[2].add([reading(2.0, "2", a=True, b=True)])
    assert new(place) == [(400, {"a": True, "b": True}, "Good.", "sara")]


def test_one_that_is_not_decided_is_none_and_one_taken_back_takes_its_mark_back(place):
    place[2].add([reading(a=True)])
    assert new(place) == []
    (second,) = place[2].add([reading(2.0, "2", a=True, b=True)])
    assert [cents for cents, *_ in new(place)] == [400]
    place[2].take_back([second.number], "sara")
    assert [cents for cents, *_ in new(place)] == [None] and new(place) == []


def stands(place):
    """The points that count for the text now; None where none do."""
    (mark,) = written_marks.standing(place[1].of("ada")).values()
    return mark.cents


def test_who_takes_a_reading_back_has_the_earlier_one_again(place):
    place[2].add([reading(1.0, "1", a=True, b=True)])
    new(place)
    (second,) = place[2].add([reading(2.0, "2", a=False, b=False)])
    assert [cents for cents, *_ in new(place)] == [0] and stands(place) == 0
    place[2].take_back([second.number], "sara")
    assert [cents for cents, *_ in new(place)] == [400] and stands(place) == 400 and new(place) == []


def test_a_dispute_that_is_taken_back_leaves_the_first_mark(place):
    place[2].add([reading(1.0, "1", a=True, b=True)])
    new(place)
    (other,) = place[2].add([replace(reading(2.0, "2", a=False, b=True), who="ali")])
    assert [cents for cents, *_ in new(place)] == [None] and stands(place) is None
    place[2].take_back([other.number], "ali")
    assert [cents for cents, *_ in new(place)] == [400] and stands(place) == 400 and new(place) == []


def test_a_mark_from_a_table_is_not_taken_back_with_the_pages(place):
    (first,) = place[2].add([reading(1.0, "1", a=True, b=True)])
    new(place)
    place[1].add([Mark("ada", PART, 300, text_hash("text"), when=2.0, source="marks.csv")])
    worth_less = Rubric(PART, (replace(RUBRIC.criteria[0], cents=200), RUBRIC.criteria[1]))
    assert new(place, {PART: worth_less}) == [] and stands(place) == 300
    place[2].take_back([first.number], "sara")
    assert new(place) == [] and stands(place) == 300


def test_a_mark_is_taken_back_only_by_the_file_and_the_rubric_that_it_came_from(place):
    folder, marks, file = place
    file.add([reading(a=True, b=True)])
    assert [cents for cents, *_ in new(place)] == [400]
    assert new(place, {}) == [], "the part's rubric is not known"
    other = folder / "elsewhere"
    other.mkdir()
    assert new((other, marks, None)) == [], "the gradebook was copied without the page's file"
    from_page.ask(other, [Request("ada", PART, "a", "Please.", "regrade.md", 1.0)])
    assert new((other, marks, None)) == [], "the file there is a new one, which has not read the answer"


def test_rubrics_are_needed_only_where_somebody_has_read_an_answer(place):
    def unusable():
        raise ConvgradeError("the rubric cannot be read")

    folder, marks, file = place
    from_page.ask(folder, [Request("ada", PART, "a", "Please.", "regrade.md", 1.0)])
    assert from_page.new(folder, unusable, marks) == []
    file.add([reading(a=True, b=True)])
    with pytest.raises(ConvgradeError, match="cannot be read"):
        from_page.new(folder, unusable, marks)


def test_requests_are_shown_on_the_page_once(place):
    one = Request("ada", PART, "a", "Please.", "regrade.md", 1.0)
    from_page.ask(place[0], [one, replace(one, criterion="b")])
    from_page.ask(place[0], [one])
    assert [(asked.criterion, asked.words) for asked in place[2].requests()] == [("a", "Please."), ("b", "Please.")]
