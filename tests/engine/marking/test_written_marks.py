"""What a person's marks come to: each belongs to a text, the latest counts, and nothing written is worth nothing once."""

from autograder.course.rubric import Criterion, Rubric
from autograder.marking import written_marks
from autograder.marking.written_marks import EMPTY, bound, marked, standing, text_hash
from autograder.model import Mark, Message, Outcome, PartResult, Picture, Text

PART = "q1.written.w1"
TEXTS = {"w1": text_hash("one text")}
RUBRIC = Rubric(PART, (Criterion("a", 300, Text("A.", "الف.")), Criterion("b", 100, Text("B.", "ب."))))


def waiting(written=True):
    message = Message("written.awaiting", {"points": 4.0}) if written else Message("written.missing")
    return PartResult(PART, 400, None, Outcome.AWAITING, messages=(message,))


def mark(cents, text="one text", when=1.0, **more):
    return Mark("ada", PART, cents, text_hash(text) if text is not None else "", when=when, **more)


def given(marks, texts=TEXTS, begun=(), rubrics=None):
    (part,) = marked([waiting(bool(texts))], marks, texts, begun, rubrics or {})
    return part.cents, part.outcome


def test_a_mark_belongs_to_the_text_it_was_given_for():
    assert given([mark(250)]) == (250, Outcome.FAILED) and given([mark(400)]) == (400, Outcome.PASSED)
    assert given([mark(250, "another text")]) == (None, Outcome.AWAITING)
    assert given([mark(250, None)]) == (250, Outcome.FAILED), "one that names no text is of the text that is there"


def test_the_latest_mark_counts_and_one_can_be_taken_back():
    assert given([mark(100, when=2.0), mark(300, when=1.0)])[0] == 100
    assert given([mark(100, when=1.0), mark(None, when=2.0)]) == (None, Outcome.AWAITING)
    assert standing([mark(100, when=2.0), mark(300)])[PART, TEXTS["w1"]].cents == 100


def test_nothing_written_is_worth_0_once_its_marking_has_begun_and_can_be_marked_all_the_same():
    assert given([], {}) == (None, Outcome.AWAITING)
    assert given([], {}, {PART}) == (0, Outcome.NOT_ATTEMPTED)
    assert given([mark(50, "")], {}, {PART}) == (50, Outcome.FAILED) and text_hash("") == EMPTY
    assert given([], TEXTS, {PART}) == (None, Outcome.AWAITING), "a text is never worth 0 unread"


def test_criteria_are_told_as_the_rubric_has_them_today_and_points_stay_in_bounds():
    one = mark(300, criteria={"a": True, "b": False, "gone": True}, comment="Good.")
    (part,) = marked([waiting()], [one], TEXTS, (), {PART: RUBRIC})
    assert [(message.key, message.values.get("id")) for message in part.messages] == [
        ("written.met", "a"),
        ("written.not_met", "b"),
        ("written.comment", None),
    ]
    assert part.messages[0].values == {"id": "a", "en": "A.", "fa": "الف.", "points": "3.00"} and part.mark == one
    assert given([mark(900)]) == (400, Outcome.PASSED), "the part is worth less now than when it was marked"


def test_a_mark_without_a_text_is_tied_to_the_one_that_is_there():
    (one,) = bound([mark(100, None), mark(100, "other")], TEXTS)
    assert one.text_hash == TEXTS["w1"]
    assert written_marks.bound([Mark("ada", PART, 0)], {})[0].text_hash == EMPTY


def test_a_mark_belongs_to_the_text_and_its_pictures():
    picture = Picture("image/png", b"1")
    hashes = {text_hash("a"), text_hash("b"), text_hash("a", [picture]), text_hash("a", [picture, picture]), text_hash("")}
    assert len(hashes) == 5
