"""Why a grade changed: each reason is true, and none is missing."""

from msgspec.structs import replace

from autograder.cli import diff
from autograder.gradebook import changes
from autograder.gradebook.gradebook import Grade
from autograder.model import Fingerprint, Mark, Outcome, PartResult, Request, Result

PART = "q1.written.w1"
PRINT = Fingerprint("s", "h", "o", "c", "e")
MARK = Mark("ada", PART, 350, "t", "Good.", {"a": True}, who="Sara", when=1.0, source="m.csv:2")


def graded(mark: Mark | None = None, outcome: Outcome = Outcome.FAILED, cents: int | None = 350, **more) -> Grade:
    part = PartResult(PART, 400, cents, outcome, mark=mark)
    return Grade(1, Result("ada", "Ada", "graded", (part,), PRINT, "A", **more), cents or 0, 0.0, True)


def why(before: Grade, after: Grade) -> tuple[str, ...]:
    return changes.sources(before, after.result, after.cents)


def test_a_mark_that_only_got_its_place_in_the_gradebook_is_the_same_mark():
    kept = replace(MARK, number=7, when=2.5)
    assert why(graded(MARK), graded(kept)) == ()
    for other in ({"comment": "Poor."}, {"criteria": {"a": False}}, {"who": "Ali"}, {"cents": 300}):
        assert why(graded(MARK), graded(replace(kept, **other))) == ("its marks",)


def test_a_deadline_that_moved_is_not_called_a_time_of_the_student():
    assert why(graded(MARK, late_seconds=0), graded(MARK, late_seconds=60)) == ("its time or its deadline",)


def test_an_answer_without_a_text_counts_once_marking_begins_and_that_is_the_reason():
    before, after = graded(None, Outcome.AWAITING, None), graded(None, Outcome.NOT_ATTEMPTED, 0)
    assert why(before, after) == ("marking has begun, so an answer without a text is worth 0",)
    assert "[marking has begun, so" in "\n".join(diff.history_lines([before, after]))


def test_no_reason_is_no_brackets_and_every_moment_has_one_form():
    request = Request("ada", PART, "a", "Please look again.", "regrade.md", when=0.5)
    lines = [*diff.history_lines([graded(MARK), graded(MARK)]), *diff.marks_lines(diff.marked([MARK], [request]))]
    assert lines[1] == "1970-01-01 00:00:00 UTC  3.50"
    assert lines[2].endswith("[regrade.md; answered 1970-01-01 00:00:01 UTC]")
    assert all(one.startswith("1970-01-01 00:00:0") and one[19:23] == " UTC" for one in lines)
