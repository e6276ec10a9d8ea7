"""From readings to points: what stands for an answer, and what a person has still to decide."""

import pytest

from autograder.course.rubric import Criterion, Rubric
from autograder.gradebook.marking_file import FILE, Decision, MarkingFile, Reading
from autograder.gradebook.readings import by_answer, counting, settle, settled
from autograder.model import Text

PART = "q1.written.w1"


@pytest.fixture
def rubric():
    return Rubric(
        PART, tuple(Criterion(id, cents, Text(id)) for id, cents in (("what", 1000), ("value", 500), ("place", 500)))
    )


def reading(rubric, who, *met, number=1, **more):
    decided = {one.id: Decision(bool(value), one.sentence) for one, value in zip(rubric.criteria, met, strict=True)}
    known = {"student": "ada", "part": PART, "text": "t", "rubric": rubric.hash, "at": float(number), "seconds": 1.0}
    return Reading(**known, who=who, met=decided, number=number, save=f"{who}{number}", **more)


def test_agreeing_readings_give_the_points_and_every_comment_once(rubric):
    found = settle(
        [reading(rubric, "a", 1, 0, 1, comment="x"), reading(rubric, "b", 1, 0, 1, number=2, comment="x")], rubric
    )
    assert (found.cents, found.comment, found.who, found.numbers, found.at) == (1500, "x", ("a", "b"), (1, 2), 2.0)


def test_a_person_s_newest_reading_counts(rubric):
    found = settle([reading(rubric, "a", 1, 1, 1), reading(rubric, "a", 0, 1, 1, number=2)], rubric)
    assert found.cents == 1000 and found.numbers == (2,)


def test_a_disagreement_has_no_points_until_it_is_settled_and_the_settling_counts_alone(rubric):
    both = [reading(rubric, "a", 1, 1, 1), reading(rubric, "b", 1, 1, 0, number=2)]
    assert settle(both, rubric).cents is None and settle(both, rubric).open == ("place",)
    found = settle([*both, reading(rubric, "c", 1, 1, 0, number=3, kind="settling")], rubric)
    assert (found.cents, found.who) == (1500, ("c",))


def test_a_criterion_that_was_added_later_leaves_the_answer_without_points(rubric):
    found = settle([reading(rubric, "a", 1, 1, 1)], Rubric(PART, (*rubric.criteria, Criterion("unit", 100, Text("Unit.")))))
    assert (found.cents, found.missing, found.open) == (None, ("unit",), ())
    assert found.met == {"what": True, "value": True, "place": True}


def test_a_changed_sentence_asks_to_be_read_again_and_its_points_count_meanwhile(rubric):
    first, *others = rubric.criteria
    edited = Rubric(PART, (Criterion("what", 1000, Text("What, in one's own words.")), *others))
    earlier = [reading(rubric, "a", 1, 1, 0), reading(rubric, "b", 0, 1, 0, number=2)]
    assert settle(earlier[:1], edited).stale == ("what",) and settle(earlier[:1], edited).cents == 1500
    assert settle(earlier, edited).open == ("what",)
    today = settle([*earlier, reading(edited, "b", 0, 1, 0, number=3)], edited)
    assert (today.stale, today.cents) == ((), 500), "who read the sentence as it is now is asked alone"


def test_changed_points_count_as_they_are_now(rubric):
    dearer = Rubric(PART, tuple(Criterion(one.id, 2 * one.cents, one.text) for one in rubric.criteria))
    assert settle([reading(rubric, "a", 1, 0, 1)], dearer).cents == 3000


def test_of_several_decisive_readings_the_newest_counts(rubric):
    own = [reading(rubric, "a", 1, 1, 1, kind="regrade"), reading(rubric, "b", 0, 0, 0, number=2, kind="settling")]
    own += [reading(rubric, "c", 1, 1, 1, number=3)]
    assert [one.number for one in counting(own)] == [2]
    assert counting([]) == [] and settle([], rubric).cents is None


def test_readings_of_another_text_are_another_answers(rubric):
    own = [reading(rubric, "a", 1, 1, 1), reading(rubric, "a", 0, 0, 0, number=2), reading(rubric, "b", 1, 1, 1, number=3)]
    own[1] = Reading(**{name: getattr(own[1], name) for name in own[1].__struct_fields__} | {"text": "u"})
    assert {key: [one.number for one in its] for key, its in by_answer(own).items()} == {
        ("ada", PART, "t"): [1, 3],
        ("ada", PART, "u"): [2],
    }


def test_what_stands_is_read_from_the_file_for_the_parts_that_have_a_rubric(tmp_path, rubric):
    with MarkingFile(tmp_path / FILE) as file:
        file.add([reading(rubric, "a", 1, 1, 1)])
        (second,) = file.add([reading(rubric, "a", 0, 0, 0, number=2)])
        file.take_back([second.number], "a")
        stand = settled(tmp_path / FILE, lambda: {PART: rubric})
        assert stand["ada", PART, "t"].cents == 2000
        assert settled(tmp_path / FILE, dict) == {} and settled(tmp_path / "none.sqlite", lambda: {PART: rubric}) == {}
        file.take_back([1], "a")
    stand = settled(tmp_path / FILE, lambda: {PART: rubric})
    assert stand["ada", PART, "t"].cents is None, "it was read once, and nothing of that stands"
