"""What a marker decides becomes rows, once each; what the page cannot have sent is refused."""

import time

import pytest
from msgspec.structs import replace

from autograder.gradebook.marking_file import Decision, Request
from autograder.marking.marks_table import MOST_COMMENT
from autograder.web import saving
from autograder.web.saving import MOST_SECONDS, Refused
from tests.engine.web.made import ALI, PART, SARA, answer_of, read, sent


def test_a_reading_holds_what_was_decided_by_whom_and_when(desk):
    desk.leases.hold(answer_of(desk, "ada").id, "Sara")
    before = time.time()
    (one,) = read(desk, SARA, "ada", "101", comment="  Well\x1b done. \n", seconds=12.5)
    assert (one.student, one.part, one.who, one.kind, one.seconds) == ("ada", PART, "Sara", "first", 12.5)
    assert {id: decision.met for id, decision in one.met.items()} == {"what": True, "value": False, "place": True}
    assert before <= one.at <= time.time() and one.comment.startswith("Well") and one.comment.endswith("done.")
    assert "\x1b" not in one.comment and desk.file.standing() == [one] and desk.of(answer_of(desk, "ada")) == [one]
    assert desk.leases.others(answer_of(desk, "ada").id, "Ali") == [], "who has saved it has it open no more"


def test_a_save_that_is_sent_again_counts_once_and_another_persons_of_the_same_number_is_another(desk):
    one = sent(desk, "ada")
    assert saving.save(desk, SARA, one) == saving.save(desk, SARA, one)
    saving.save(desk, ALI, one)
    assert [reading.who for reading in desk.of(answer_of(desk, "ada"))] == ["Sara", "Ali"]


@pytest.mark.parametrize("seconds, kept", [(-5.0, 0.0), (0.0, 0.0), (1e9, MOST_SECONDS)])
def test_the_time_that_it_took_is_bounded(desk, seconds, kept):
    assert read(desk, SARA, "ada", seconds=seconds)[0].seconds == kept


def test_a_long_comment_is_shortened(desk):
    assert len(read(desk, SARA, "ada", comment="x" * (MOST_COMMENT + 500))[0].comment) <= MOST_COMMENT


@pytest.mark.parametrize(
    "wrong",
    [
        {"answer": "nobody's"},
        {"save": ""},
        {"save": "1" * 81},
        {"hash": "h" * 81},
        {"rubric": "r" * 81},
        {"met": {}},
        {"met": {"what": Decision(True, "s")}},  # of the rubric as it is, without two of its criteria
        {"met": {one: Decision(True, "s") for one in ("what", "value", "place", "more")}},
        {"met": {one: Decision(True, "s" * 81) for one in ("what", "value", "place")}},
        {"rubric": "earlier", "met": {f"c{number}": Decision(True, "s") for number in range(21)}},
    ],
)
def test_what_the_page_cannot_have_sent_is_refused_and_nothing_is_saved(desk, wrong):
    with pytest.raises(Refused) as caught:
        saving.save(desk, SARA, replace(sent(desk, "ada"), **wrong))
    assert caught.value.todo and desk.file.standing() == []


def test_a_page_with_an_earlier_rubric_may_save_what_it_had(desk):
    (one,) = read(desk, SARA, "ada", "1", rubric="earlier")
    assert list(one.met) == ["what"] and desk.settled(answer_of(desk, "ada")).missing == ("value", "place")


def test_an_equal_text_that_nobody_has_read_is_read_with_it_on_demand(desk):
    assert [one.student for one in read(desk, SARA, "ada", seconds=9.0)] == ["ada"]
    saving.undo(desk, SARA, PART)
    first, second = read(desk, SARA, "ada", seconds=9.0, repeat=True)
    assert (second.student, second.copy_of, second.seconds) == ("bo", first.number, 0.0)
    assert second.text == answer_of(desk, "bo").hash != first.text, "each mark belongs to its own text"
    assert desk.file.text(second.text) == "the smallest piece of an  image"
    assert [one.student for one in read(desk, ALI, "ada", repeat=True)] == ["ada"], "it is read already"


def test_a_text_that_changed_meanwhile_is_not_repeated_and_keeps_the_hash_that_was_read(desk):
    (one,) = read(desk, SARA, "ada", hash="earlier", repeat=True)
    assert one.text == "earlier" and desk.file.text("earlier") == "" and desk.of(answer_of(desk, "ada")) == []


def test_the_kind_of_a_reading_follows_from_who_has_read_the_answer(desk_with):
    desk = desk_with(calibration=1)
    common = desk.calibration(PART)[0].student
    other = next(one.student for one in desk.answers[PART] if one.student not in (common, "gita"))
    assert [read(desk, one, common)[0].kind for one in (SARA, ALI)] == ["calibration", "calibration"]
    assert [read(desk, one, other)[0].kind for one in (SARA, SARA, ALI)] == ["first", "first", "second"]
    assert read(desk, SARA, other, mode="settle")[0].kind == "settling"
    assert read(desk, ALI, other)[0].kind == "settling", "after it was settled, a reading counts alone again"


def test_a_reading_of_requests_answers_the_newest_of_them(desk):
    read(desk, SARA, "ada")
    desk.file.ask_again([Request("ada", PART, one, "Please.", "regrade.md", 1.0) for one in ("what", "place")])
    desk.added()
    newest = max(one.number for one in desk.requests(answer_of(desk, "ada")))
    (one,) = read(desk, ALI, "ada", mode="requests")
    assert (one.kind, one.request) == ("regrade", newest) and desk.requests(answer_of(desk, "ada")) == []


def test_the_last_save_of_ones_own_is_taken_back_with_what_repeats_it(desk):
    assert saving.undo(desk, SARA, PART) is None
    read(desk, SARA, "cleo")
    first, _ = read(desk, SARA, "ada", repeat=True)
    read(desk, ALI, "dara")
    assert saving.undo(desk, SARA, "q9.written.w9") is None
    assert saving.undo(desk, SARA, PART) == first
    assert [one.student for one in desk.file.standing()] == ["cleo", "dara"]
    assert saving.undo(desk, SARA, PART).student == "cleo" and saving.undo(desk, SARA, PART) is None


def test_a_flag_is_raised_with_a_note_and_lowered(desk):
    answer = answer_of(desk, "ada")
    saving.flag(desk, SARA, answer, True, " look\x00 here ")
    assert desk.flags["ada", PART].who == "Sara" and "\x00" not in desk.flags["ada", PART].note
    saving.flag(desk, ALI, answer, False, "")
    assert desk.flags == {}


def test_comments_are_listed_the_most_used_first_and_repeats_count_once(desk):
    read(desk, SARA, "ada", comment="Repeated.", repeat=True)
    for student in ("cleo", "dara"):
        read(desk, ALI, student, comment="Twice.")
    read(desk, ALI, "hana")
    assert saving.comments(desk, PART) == ["Twice.", "Repeated."] and saving.comments(desk, "q9.written.w9") == []
