"""Times and marks: entered once, remembered while the work stays the same, and never over somebody's newer decision."""

from datetime import UTC, datetime

import pytest
from msgspec.structs import replace

from autograder.course.course import Course
from autograder.course.policy import Late
from autograder.errors import ConvgradeError
from autograder.gradebook.fingerprint import content
from autograder.gradebook.ledger import Publishing
from autograder.gradebook.marking_file import FILE, Decision, MarkingFile, Reading
from autograder.marking import marks_table, written_marks
from autograder.marking.lateness import Clock
from autograder.marking.written_marks import EMPTY, text_hash
from autograder.model import Fingerprint, Mark, Message, Outcome, PartResult, Result, Submission
from autograder.runner import side_tables
from autograder.runner.side_tables import Entered, requests_in
from tests.engine.runner.here import HASHES
from tests.engine.toy_course import copied

PART = "q1.written.w1"
DOT, LINE = text_hash("A dot."), text_hash("A line.")
CLASS = [Submission("ada", "Ada Lovelace"), Submission("bo", "سارا محمدی"), Submission("cleo")]
DUE = datetime(2026, 11, 20, 20, 29, tzinfo=UTC)


@pytest.fixture
def entered(course, ledger, tmp_path):
    """What a table of marks with these lines comes to, of a class that hands in three; the table lies in ``marks.csv``."""

    def one(*lines, hand_ins=CLASS, head="id,part,points,comment,made_from"):
        if not lines:
            return Entered.of(course, lambda: hand_ins, ledger)
        table = tmp_path / "marks.csv"
        table.write_text("\n".join([head, *lines]) + "\n", "utf-8")
        return Entered.of(course, lambda: hand_ins, ledger, marks_from=[table])

    return one


def kept(ledger, *marks):
    """These marks were entered with an earlier grade. Returns them with their numbers."""
    ledger.marks.add(marks)
    return ledger.marks.all()


def mark(id="ada", cents=1000, text=DOT, **more):
    return Mark(id, PART, cents, **{"text_hash": text, "source": "earlier.csv:2", "when": 1.0, "who": "sara", **more})


def into(entered, id="ada", text="A dot.", earlier=None, **more):
    return entered.with_time_and_marks(Submission(id, **more), earlier, lambda: {"w1": text_hash(text)})


# ---- a table's marks


def test_a_row_is_a_mark_of_the_text_that_is_handed_in(entered):
    found = entered("ada,w1,12.5,Good.,")
    (one,) = into(found).marks
    assert (one.cents, one.comment, one.text_hash, one.source.rpartition("/")[2]) == (1250, "Good.", DOT, "marks.csv:2")
    assert into(found).marked == (PART,) and into(found, "bo").marks == ()
    assert found.new(into(found)) == [one] and found.new(into(found, "bo")) == []


def test_a_row_names_a_student_by_id_or_by_name(entered):
    found = entered("Ada Lovelace,w1,5,,", "سارا محمدی,q1.written.w1,6,,")
    assert {id: [one.cents for one in its] for id, its in found.marks.items()} == {"ada": [500], "bo": [600]}


def test_a_mark_of_another_text_does_not_count_and_the_answer_waits_again(entered, ledger):
    kept(ledger, mark())
    found = entered()
    assert [one.cents for one in into(found).marks] == [1000] and found.unmarked == []
    assert into(found, text="A line.").marks == () and found.unmarked == ["ada"]
    assert next(found.notes()).startswith("ada: some of their written answers have changed since they were marked")


def test_an_answer_that_was_taken_out_awaits_nobody(entered, ledger):
    kept(ledger, mark())
    found = entered()
    assert found.with_time_and_marks(Submission("ada"), None, dict).marks == () and found.unmarked == []


def test_marks_go_along_where_the_hand_in_could_not_be_read(entered, ledger):
    kept(ledger, mark(), mark(cents=500, text=LINE, when=2.0))
    found = entered("ada,w1,12,,")
    both = found.with_time_and_marks(Submission("ada"), None, lambda: None)
    assert {(one.cents, one.text_hash) for one in both.marks} == {(1000, DOT), (500, LINE), (1200, EMPTY)}
    assert found.unmarked == [] and [(one.cents, one.text_hash) for one in found.new(both)] == [(1200, EMPTY)]
    assert written_marks.texts_of(both.marks) == {"w1": EMPTY}


def test_an_answer_that_is_marked_twice_in_a_table_is_refused_and_twice_the_same_is_one(entered):
    assert [one.cents for one in entered("ada,w1,5,,", "ada,w1,5,,").marks["ada"]] == [500]
    with pytest.raises(ConvgradeError, match="marked differently in two rows, here and in") as caught:
        entered("ada,w1,5,,", "bo,w1,5,,", "ada,w1,6,,")
    assert caught.value.where.endswith("marks.csv:4") and "marks.csv:2" in caught.value.what
    assert "Nothing was entered" in caught.value.todo


def test_a_comment_without_points_is_named(entered, tmp_path):
    found = entered("ada,w1,,see me,", "bo,w1,5,Good.,")
    assert found.marks.keys() == {"bo"} and [one.cents for one in found.marks["bo"]] == [500]
    assert any(f"{tmp_path}/marks.csv:2: a comment without points is not entered" in note for note in found.notes())


def test_who_has_a_deadline_and_no_time_is_named(course, ledger):
    due = replace(course.config, late=Late(deadline="2026-11-20T20:29:00Z", percent_a_day=10))
    found = Entered(Clock(due.late))
    known = found.with_time_and_marks(Submission("bo", handed_in="2026-11-20T10:00:00+00:00"), None, dict)
    found.with_time_and_marks(Submission("ada"), None, dict)
    assert known.late_seconds is not None and found.untimed == ["ada"]
    assert any("ada: there is a deadline, and no submission time is known" in note for note in found.notes())
    assert Entered(Clock(Late())).clock.untimed(Submission("ada")) is False


def test_a_row_that_nobody_touched_changes_nothing(entered, ledger):
    (one,) = kept(ledger, mark(comment="Good."))
    assert entered(f"ada,w1,10,Good.,{DOT}#{one.number}", f"bo,w1,,,{LINE}#0").marks == {}


@pytest.mark.parametrize(
    "comment", ["First line.\nSecond line.", "right; -1 for the bias", "'Softmax' is meant", "'-1' is meant", "x" * 2_001]
)
def test_a_comment_that_nobody_touched_stays_as_it_is(course, entered, ledger, tmp_path, comment):
    kept(ledger, mark(comment=comment))
    part = PartResult(PART, 2000, 1000, Outcome.FAILED)
    its = Result(
        "ada", "Ada", "graded", (part,), Fingerprint("", "", "", "", ""), "A", written={"w1": "A dot."}, texts={"w1": DOT}
    )
    table = tmp_path / "written.csv"
    marks_table.write(table, [its], ledger.marks.all(), {})
    assert Entered.of(course, lambda: CLASS, ledger, marks_from=[table]).marks == {}
    table.write_text(table.read_text("utf-8").replace(",10.00,", ",12.00,"), "utf-8")
    (one,) = Entered.of(course, lambda: CLASS, ledger, marks_from=[table]).marks["ada"]
    assert (one.cents, one.comment) == (1200, comment)


def test_a_row_that_was_made_from_the_mark_that_stands_replaces_it(entered, ledger):
    (one,) = kept(ledger, mark())
    found = entered(f"ada,w1,12,,{DOT}#{one.number}")
    assert [two.cents for two in into(found).marks] == [1200]


def test_a_row_whose_answer_was_marked_meanwhile_is_refused_with_that_mark(entered, ledger):
    first, _ = kept(ledger, mark(), mark(cents=1500, when=2.0, source="page", who="ali"))
    with pytest.raises(ConvgradeError, match=r"was marked meanwhile: 15\.00 by ali from page") as caught:
        entered(f"ada,w1,12,,{DOT}#{first.number}")
    assert caught.value.where.endswith("marks.csv:2")
    (*_, back) = kept(ledger, mark(cents=None, when=3.0, source="page", who="ali"))
    with pytest.raises(ConvgradeError, match="meanwhile: taken back by ali"):
        entered(f"ada,w1,12,,{DOT}#{first.number}")
    assert entered(f"ada,w1,12,,{DOT}#{back.number}").marks["ada"][0].cents == 1200


def test_a_table_that_is_edited_after_it_was_entered_is_its_own_newer_self(entered, ledger, tmp_path):
    kept(ledger, mark(source=f"{tmp_path / 'marks.csv'}:2", when=4e9))
    assert [one.cents for one in entered("ada,w1,12,,").marks["ada"]] == [1200]
    kept(ledger, mark(source="other.csv:2", when=4e9, cents=900))
    with pytest.raises(ConvgradeError, match="meanwhile"):
        entered("ada,w1,12,,")


def test_an_emptied_cell_takes_the_mark_back_that_it_was_made_from(entered, ledger):
    (one,) = kept(ledger, mark())
    found = entered(f"ada,w1,,,{DOT}#{one.number}")
    assert [two.cents for two in found.marks["ada"]] == [None]
    assert into(found).marks == () and [two.cents for two in found.new(into(found))] == [None]
    assert entered("bo,w1,,,").marks == {}


def test_what_stands_on_the_marking_page_is_entered_with_the_next_grade(entered, course, tmp_path):
    from autograder.course.rubric import load

    rubric = load(course)[PART]
    met = {one.id: Decision(True, one.sentence) for one in rubric.criteria}
    with MarkingFile(tmp_path / FILE) as file:
        file.add([Reading("ada", PART, DOT, rubric.hash, "sara", 1.0, 5.0, met, save="1")], [(DOT, "A dot.")])
    found = entered()
    assert [one.cents for one in into(found).marks] == [2000] and found.strangers(["bo"]) == []


def test_an_unusable_rubric_stops_the_run_rather_than_the_marks(tmp_path):
    config = copied(tmp_path)
    path = config.parent / "assignment" / "q1_box.rubric.yml"
    with MarkingFile(tmp_path / FILE) as file:
        file.add([Reading("ada", PART, DOT, "r", "sara", 1.0, 5.0, {}, save="1")], [(DOT, "A dot.")])
    path.write_text(path.read_text("utf-8") + "w1: [\n", "utf-8")
    course = Course.load(config)
    with Publishing(course, HASHES, tmp_path) as ledger:
        ledger.marks.add([mark(source="convgrade mark")])
        with pytest.raises(ConvgradeError) as caught:
            Entered.of(course, lambda: CLASS, ledger)
        assert str(path) in caught.value.where and [one.cents for one in ledger.marks.all()] == [1000]


def test_a_renamed_hand_in_keeps_the_marks_of_its_text_and_nobody_elses(entered, ledger):
    kept(ledger, mark("gone", 700))
    found = entered()
    assert [(one.id, one.cents) for one in into(found, "cleo").marks] == [("cleo", 700)]
    assert into(found, "bo", text="A line.").marks == ()
    kept(ledger, mark("also gone", 800))
    assert into(entered(), "bo").marks == (), "two could be meant: a person has to say whose it is"
    assert into(entered(hand_ins=[*CLASS, Submission("gone"), Submission("also gone")]), "bo").marks == ()


def test_marks_from_before_marks_were_kept_hold_while_the_hand_in_is_the_same(entered):
    part = PartResult(PART, 2000, 1500, Outcome.FAILED)
    same = Submission("ada", files={"written.md": b"1"})
    earlier = Result("ada", "", "graded", (part,), Fingerprint("", "", "", "", ""), "A", content=content(same))
    assert [one.cents for one in into(entered(), earlier=earlier, files=same.files).marks] == [1500]
    assert into(entered(), earlier=earlier, files={"written.md": b"2"}).marks == ()


# ---- times


def test_a_time_is_remembered_while_the_hand_in_is_the_same_byte_for_byte():
    found = Entered(Clock(Late("2026-11-20T23:59:00+03:30")))
    same = Submission("ada", files={"a": b"1"})
    earlier = Result(
        "ada", "", "graded", (), Fingerprint("", "", "", "", ""), "A", content=content(same), handed_in=DUE.isoformat()
    )
    assert found.with_time_and_marks(same, earlier, dict).late_seconds == 0 and found.timed == ["ada"]
    assert next(found.notes()).startswith("ada: this run has no submission time")
    assert found.with_time_and_marks(Submission("ada", files={"a": b"2"}), earlier, dict).late_seconds is None
    said = replace(same, handed_in="2026-11-20T23:59:07+03:30")
    assert found.with_time_and_marks(said, earlier, dict).late_seconds == 7 and found.timed == ["ada"], (
        "what is known now goes before"
    )
    assert found.with_time_and_marks(same, None, dict).late_seconds is None


def test_a_hand_in_that_nobody_could_read_is_the_same_only_with_the_same_trouble():
    found = Entered(Clock(Late("2026-11-20T23:59:00+03:30")))
    rar, other = (Submission("ada", trouble=Message("intake.foreign", {"file": name})) for name in ("hw3.rar", "hw3.7z"))
    prints = Fingerprint("", "", "", "", "")
    earlier = Result(
        "ada", "", "unreadable", (), prints, "A", messages=(rar.trouble,), content=content(rar), handed_in=DUE.isoformat()
    )
    assert found.with_time_and_marks(other, earlier, dict).late_seconds is None
    assert found.with_time_and_marks(rar, earlier, dict).late_seconds == 0


def test_the_notes_name_so_many_and_count_the_others():
    found = Entered(Clock(Late()), timed=[f"s{number:02}" for number in range(side_tables.NAMED + 3)])
    (note,) = found.notes()
    assert "s19 and 3 more: " in note and "s20" not in note and list(Entered(Clock(Late())).notes()) == []


def test_ids_that_no_submission_has_are_known():
    clock = Clock(Late("2026-11-20T23:59:00+03:30"), {"ada": DUE, "adda": DUE}, {"bo": DUE})
    entered = Entered(clock, {"dee": {}})
    assert entered.strangers(["ada", "cleo"]) == ["adda", "bo", "dee"]


# ---- requests


def asked(course, tmp_path, *lines):
    table = tmp_path / "requests.csv"
    table.write_text("\n".join(["id,part,criterion,request", *lines]) + "\n", "utf-8")
    return requests_in(table, course, CLASS)


def test_requests_are_read_by_id_or_name_of_a_part_by_either_of_its_names(course, tmp_path):
    found = asked(course, tmp_path, 'Ada Lovelace,w1,,"I wrote it, there."', "bo,q1.written.w1,,Please.")
    assert [(one.id, one.part, one.criterion, one.words) for one in found] == [
        ("ada", PART, "", "I wrote it, there."),
        ("bo", PART, "", "Please."),
    ]
    assert found[1].source.endswith("requests.csv:3")


@pytest.mark.parametrize(
    "line, told",
    [
        ("ada,w9,,Please.", "'w9' is not a written part. Written parts are q1.written.w1"),
        ("ada,w1,shape,Please.", "'shape' is not a criterion of q1.written.w1. Criteria of"),
        ("ada,w1,,", "a cell is missing"),
    ],
)
def test_a_row_that_asks_for_nothing_there_is_is_named(course, tmp_path, line, told):
    with pytest.raises(ConvgradeError) as caught:
        asked(course, tmp_path, "bo,w1,,Please.", line)
    assert told in str(caught.value) and caught.value.where.endswith("requests.csv:3")


def test_of_one_name_that_two_have_a_person_says_whose_it_is(course, tmp_path):
    twins = [Submission("1", "Ada"), Submission("2", "ada")]
    table = tmp_path / "requests.csv"
    table.write_text("id,part,request\nAda,w1,Please.\n", "utf-8")
    with pytest.raises(ConvgradeError, match="1, 2"):
        requests_in(table, course, twins)
