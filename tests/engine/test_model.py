"""The nouns: names of parts, points in hundredths, and the sums of a result."""

import pytest

from autograder.model import Fingerprint, Message, Outcome, PartId, PartResult, Result, Sources, languages, points


@pytest.mark.parametrize(("chosen", "both"), [("en", ("en",)), ("fa", ("fa",)), ("both", ("en", "fa")), ("de", ())])
def test_the_languages_of_a_choice_are_in_the_courses_order(chosen, both):
    assert languages(chosen) == both


@pytest.mark.parametrize(("cents", "written"), [(0, "0.00"), (5, "0.05"), (50, "0.50"), (1250, "12.50"), (100_00, "100.00")])
def test_points_have_two_decimals_always(cents, written):
    assert points(cents) == written


def test_no_hundredth_is_lost_in_writing():
    assert [round(100 * float(points(cents))) for cents in range(0, 2_000, 7)] == list(range(0, 2_000, 7))


def test_a_part_is_named_by_its_question_its_kind_and_its_name():
    part = PartId.of("q2", "code", "UNet")
    assert part == "q2.code.UNet" and (part.question, part.kind, part.name) == ("q2", "code", "UNet")
    number = PartId.of_number("q2.receptive_field")
    assert number == "q2.numbers.receptive_field" and number.key == "q2.receptive_field"


def part(id, max_cents, cents, outcome=Outcome.PASSED):
    return PartResult(id, max_cents, cents, outcome)


PARTS = (
    part("q1.numbers.area", 1000, None, Outcome.AWAITING),
    part("q1.code.area", 2000, 1500, Outcome.FAILED),
    part("q2.code.net", 500, 500),
    part("q2.written.w1", 300, None, Outcome.AWAITING),
)


def result(parts=PARTS, messages=()):
    return Result("ada", "Ada", "graded", parts, Fingerprint("s", "h", "o", "c", "e"), "A", messages=messages)


def test_what_awaits_a_person_counts_neither_as_earned_nor_as_lost():
    one = result()
    assert (one.cents, one.max_cents, one.awaiting_cents) == (2000, 2500, 1300)
    assert one.withheld_cents == 1000 and [part.withheld for part in one.parts] == [True, False, False, False]


def test_each_question_has_its_own_parts_and_points():
    one = result()
    assert [part.id for part in one.of("q2")] == ["q2.code.net", "q2.written.w1"]
    assert (one.cents_of("q1"), one.cents_of("q2"), one.cents_of("q")) == (1500, 500, 0)


def test_an_id_that_two_claim_is_contested():
    assert result().contested == ""
    assert result(messages=(Message("intake.same_name", {"claimed": "ada"}),)).contested == "ada"


def test_the_files_that_are_read_are_named():
    sources = Sources({"q1": "", "q2": ""}, written="", notebooks={"hw/a.ipynb": b""})
    assert sources.names == ("q1.py", "q2.py", "written.md", "hw/a.ipynb") and Sources().names == ()
