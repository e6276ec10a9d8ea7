"""Counting a class: who counts, what became of each part, and what is common, on small classes by hand."""

from math import isnan

import pytest
from msgspec.structs import replace

from autograder.model import Check, Diagnosis, Mark, Message, Outcome, Text
from autograder.report.class_page.counting import facts
from tests.engine.report.small import CENTS, FAILED, course_in, result

NOTHING = {id: {"cents": 0, "outcome": Outcome.NOT_ATTEMPTED} for id in CENTS}
WAITS = {"cents": None, "outcome": Outcome.AWAITING}
LATE = "late: {deadline: 2026-11-20T12:00:00+00:00, percent_a_day: 10}"


@pytest.fixture(scope="module")
def course(tmp_path_factory):
    return course_in(tmp_path_factory.mktemp("course"))


def by_name(found):
    return {part.id: part for part in found.parts}


def marked(id, *met):
    """A submission whose written answer a person has marked: ``what`` and ``why``, met or not."""
    notes = tuple(
        Message(f"written.{'met' if one else 'not_met'}", {"id": name, "en": name, "fa": name, "points": "10.00"})
        for name, one in zip(("what", "why"), met, strict=False)
    )
    part = {"cents": 1000 * sum(met), "outcome": Outcome.FAILED, "messages": notes, "mark": Mark(id, "q1.written.w1", 1000)}
    return result({"q1.written.w1": part}, id=id)


def test_only_what_was_read_attempted_and_is_fully_known_counts(course):
    results = [
        result(id="whole"),
        result(id="part", status="partly graded"),
        result(NOTHING, id="empty"),
        result({id: {"cents": 0, "outcome": Outcome.UNREAD} for id in CENTS}, id="unread"),
        result(id="broken", status="unreadable"),
        result(id="ours", status="not graded"),
        result({"q1.numbers.area": WAITS}, id="waits", status="partly graded"),
    ]
    found = facts(results, course)
    assert (found.all, found.counted, found.empty, found.withheld) == (7, 2, 2, 1)
    assert [one.id for one in found.not_read] == ["broken", "ours"]
    assert {one.id for one in found.students if one.counted} == {"whole", "part"}
    assert [one.id for one in found.students if one.withheld] == ["waits"]
    assert by_name(found)["q1.numbers.area"].facility == 1, "what does not count lowers nothing"


def test_a_parts_points_and_fates_are_shares_of_those_who_count(course):
    timed_out = (Check("a", "q1.code.area", Outcome.TIMEOUT), Check("b", "q1.code.area", Outcome.PASSED))
    results = [
        result(id="a"),
        result({"q1.code.area": {"cents": 500, "outcome": Outcome.TIMEOUT, "checks": timed_out}}, id="b"),
        result({"q1.code.area": {"cents": 500, "outcome": Outcome.FAILED}}, id="c"),
        result({"q1.code.area": {"cents": 0, "outcome": Outcome.NOT_ATTEMPTED}}, id="d"),
        result({"q1.code.area": FAILED}, id="e"),
    ]
    part = by_name(facts(results, course))["q1.code.area"]
    assert part.facility == pytest.approx((1 + 0.25 + 0.25 + 0 + 0) / 5)
    assert part.shares == pytest.approx({"right": 0.2, "partly": 0.2, "wrong": 0.2, "broke": 0.2, "not_attempted": 0.2})
    assert (part.not_attempted, part.timeout, part.most) == (pytest.approx(0.2), pytest.approx(0.2), 2000)


def test_a_part_that_a_result_lacks_counts_as_not_attempted(course):
    short = replace(result(id="b"), parts=tuple(part for part in result().parts if part.id != "q1.code.Scale"))
    part = by_name(facts([result(id="a"), short], course))["q1.code.Scale"]
    assert (part.facility, part.not_attempted) == (0.5, 0.5)


def test_a_questions_facility_is_weighted_by_points(course):
    found = facts([result({"q1.numbers.area": FAILED}, id="a"), result(id="b")], course)
    assert found.questions[0].facility == pytest.approx(1 - 0.5 * 1000 / 8000)


def test_a_written_part_counts_once_every_text_is_marked(course):
    one, other = marked("a", True, False), marked("b", True, True)
    found = facts([one, other, result(id="c")], course)
    assert by_name(found)["q1.written.w1"].facility == pytest.approx((0.5 + 1 + 0) / 3), "no text: nobody will mark it"
    assert found.most == 10_000 and found.awaiting == 0
    waits = facts([one, other, result(id="c", written={"w1": "A dot."})], course)
    assert "q1.written.w1" not in by_name(waits) and waits.awaiting == 1 and waits.most == 8000


def test_a_criterion_is_met_by_so_many_of_those_who_were_read(course):
    found = facts([marked("a", True, False), marked("b", True, True), marked("c", False)], course)
    rows = {one.id: (one.met, one.read) for one in found.criteria["q1.written.w1"]}
    assert rows == {"what": (2, 3), "why": (1, 2)}


def wrong(id, value, *diagnoses, **more):
    part = {**FAILED, "came": value}
    return result({"q1.numbers.area": part}, id=id, diagnoses=diagnoses, **more)


def test_wrong_numbers_that_nothing_explains_are_grouped_the_most_frequent_first(course):
    guess = Diagnosis("q1", "q1.numbers.area", (), (Text("Off by one?", "یکی کم؟"),), guess=True)
    known = Diagnosis("q1", "q1.numbers.area", ("sides_added",), (Text("Think.", "بیندیش."),))
    results = [wrong("a", "7"), wrong("b", "30"), wrong("c", "30", guess), wrong("d", "31", known), wrong("e", "7.0")]
    results += [wrong("f", "30"), wrong("g", "99", elsewhere={"q1.area": (2,)})]
    rows = [(one.part, one.value, one.count, one.guess) for one in facts(results, course).wrong_numbers]
    assert rows == [("q1.numbers.area", "30", 3, guess.hints[0]), ("q1.numbers.area", "7", 2, None)]


def test_misconceptions_are_counted_by_submission(course):
    known = Diagnosis("q1", "q1.numbers.area", ("sides_added",), (Text("Think.", "بیندیش."),))
    (row,) = facts(
        [wrong("a", "30", known), wrong("b", "30", known), result(NOTHING, id="c", diagnoses=(known,))], course
    ).misconceptions
    assert (row.ids, row.count) == (("sides_added",), 2)


def test_a_students_row_has_the_points_that_leave(tmp_path):
    course = course_in(tmp_path, more=LATE)
    results = [
        result(id="late", late_seconds=5),
        result(id="early", late_seconds=-5),
        result(id="ours", status="not graded"),
    ]
    found = facts(results, course)
    assert (found.late, found.late_known) == (1, 2)
    rows = {one.id: (one.cents, one.late, one.questions) for one in found.students}
    assert rows["late"] == (7200, True, {"q1": 8000}) and rows["early"][:2] == (8000, False) and rows["ours"][0] == 0


def test_the_order_of_the_results_changes_nothing(course):
    results = [
        wrong("a", "7"),
        marked("b", True, False),
        result(NOTHING, id="c"),
        wrong("d", "7"),
        result(id="e", status="unreadable"),
    ]
    one, other = facts(results, course), facts(reversed(results), course)
    assert (one.students, one.wrong_numbers, one.not_read, one.criteria) == (
        other.students, other.wrong_numbers, other.not_read, other.criteria,
    )  # fmt: skip
    assert one.cents.tolist() == other.cents.tolist() and [part.facility for part in one.parts] == [
        part.facility for part in other.parts
    ]


def skilled(count):
    """Half of a class have everything but ``Scale``, the others nothing; every second one of either has ``Scale``."""
    rest = [id for id in CENTS if not id.endswith(("Scale", "w1"))]
    for number in range(count):
        changed = {} if number < count // 2 else {id: FAILED for id in rest}
        yield result(changed | ({} if number % 2 else {"q1.code.Scale": FAILED}), id=f"s{number:02}")


def test_a_part_that_goes_with_nothing_is_pointed_at_in_a_class_that_is_large_enough(course):
    found = facts(skilled(12), course)
    assert [part.id for part in found.parts if part.look] == ["q1.code.Scale"]
    assert by_name(found)["q1.code.Scale"].item_rest == pytest.approx(0) and by_name(found)["q1.code.area"].item_rest > 0.8
    assert not any(part.look for part in facts(skilled(8), course).parts)


def test_where_no_part_goes_with_another_none_is_pointed_at(course):
    ids = [id for id in CENTS if not id.endswith("w1")]
    every = [{id: FAILED for at, id in enumerate(ids) if number >> at & 1} for number in range(31)]  # all but "all wrong"
    found = facts([result(changed, id=f"s{number:02}") for number, changed in enumerate(every)], course)
    assert max(abs(part.item_rest) for part in found.parts) < 0.1 and not any(part.look for part in found.parts)


def test_a_class_of_nobody_has_no_figures(course):
    found = facts([], course)
    assert (found.all, found.counted, found.most) == (0, 0, 8000) and isnan(found.alpha)
    assert all(isnan(part.facility) and not part.look for part in found.parts)


def test_sources_are_compared_where_they_are_given(course):
    source = "def f(a, b):\n    return " + " + ".join(["a * b"] * 30) + "\n"
    both = [result(id="a"), result(id="b")]
    assert facts(both, course).alike_sources is None
    (group,) = facts(both, course, {"a": {"q1_box.py": source}, "b": {"q1_box.py": source.replace("a", "c")}}).alike_sources
    assert group.ids == ("a", "b")
