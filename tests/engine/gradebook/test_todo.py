"""What needs a person: each kind is named once, the most pressing first, and everything settled is left out."""

import time

from msgspec.structs import replace

from autograder.gradebook import todo
from autograder.gradebook.gradebook import Gradebook
from autograder.gradebook.ledger import GRADEBOOK
from autograder.gradebook.marking_file import FILE, Decision, Flag, MarkingFile, Reading
from autograder.marking.written_marks import text_hash
from autograder.model import Fingerprint, Mark, Message, Outcome, PartResult, Request, Result
from autograder.words import say

CODE, WRITTEN = "q1.code.area", "q1.written.w1"
PRINT = Fingerprint("s", "h", "o", "c", "e")


def handed_in(id, status="graded", code=Outcome.PASSED, cents=None, text="My answer.", messages=()):
    parts = (PartResult(CODE, 100, 0, code), PartResult(WRITTEN, 100, cents, Outcome.AWAITING))
    written = {"w1": text} if text else {}
    return Result(id, id.title(), status, parts, PRINT, "A", messages=messages, written=written)


def kinds(results, *rest):
    return [(one.kind, one.id) for one in todo.of(results, *rest)]


def test_each_kind_comes_in_the_order_of_its_urgency():
    results = [
        handed_in("ada"),
        handed_in("bea", code=Outcome.TIMEOUT, cents=50),
        handed_in("cem", code=Outcome.CRASHED, cents=50),
        handed_in("dora", status="unreadable", text="", messages=(Message("intake.empty"),)),
        handed_in("eli", cents=50, messages=(Message("intake.late_mark"),)),
        handed_in("fay", cents=50),
        handed_in("gil", status="not graded", cents=50),
    ]
    assert kinds(results) == [
        ("unreadable", "dora"), ("not_graded", "gil"), ("crashed", "cem"), ("timeout", "bea"), ("late", "eli"), ("unmarked", "ada"),
    ]  # fmt: skip


def test_a_request_stands_until_a_mark_answers_it():
    request = Request("ada", WRITTEN, "b", "Please look again.", "regrade.md", when=100.0)
    results = [handed_in("ada", cents=50)]
    assert kinds(results, [request]) == [("request", "ada")]
    assert kinds(results, [request], [Mark("ada", WRITTEN, 60, "h", when=200.0)]) == []
    assert kinds(results, [request], [Mark("ada", WRITTEN, 60, "h", when=50.0)]) == [("request", "ada")]


def test_flags_of_the_marking_page_are_listed_until_they_are_lowered(tmp_path):
    result = handed_in("ada", cents=50)
    with Gradebook(tmp_path / GRADEBOOK) as book:
        book.finished([book.add(result, result.cents)])
    assert todo.of_class([result], tmp_path) == []
    assert not (tmp_path / FILE).exists()  # looking makes nothing
    with MarkingFile(tmp_path / FILE) as file:
        file.flag(Flag("ada", WRITTEN, "sara", time.time(), True, "Copied?"))
    (one,) = todo.of_class([result], tmp_path)
    assert one.kind == "flag" and say(one.message, "en") == f"sara flagged {WRITTEN} on the marking page: Copied?"
    with MarkingFile(tmp_path / FILE) as file:
        file.flag(Flag("ada", WRITTEN, "sara", time.time(), False, ""))
    assert todo.of_class([result], tmp_path) == []


def test_an_answer_read_on_the_page_is_not_said_to_be_marked_by_nobody(tmp_path):
    mine, changed = handed_in("ada"), handed_in("bea", text="Another answer.")
    results = [replace(one, texts={"w1": text_hash(one.written["w1"])}) for one in (mine, changed)]
    with Gradebook(tmp_path / GRADEBOOK) as book:
        book.finished([book.add(one, one.cents) for one in results])
    hashed = text_hash("My answer.")  # of bea an earlier text was read
    read = [
        Reading(id, WRITTEN, hashed, "r", "sara", 1.0, 5.0, {"a": Decision(True, "s")}, save="1") for id in ("ada", "bea")
    ]
    with MarkingFile(tmp_path / FILE) as file:
        first, _ = file.add(read, [(hashed, "My answer.")])
        assert [(one.kind, one.id) for one in todo.of_class(results, tmp_path)] == [("read", "ada"), ("unmarked", "bea")]
        file.take_back([first.number], "sara")
    assert [one.kind for one in todo.of_class(results, tmp_path)] == ["unmarked", "unmarked"]
