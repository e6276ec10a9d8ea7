"""A run over a class: who is known, who has to be asked, and what each answer of a worker comes to. No worker is started."""

import csv
import json
import subprocess
import sys

import msgspec
import pytest
from msgspec.structs import replace

from autograder.course.policy import Late
from autograder.errors import ConvgradeError
from autograder.files import claimed
from autograder.grade import graded
from autograder.gradebook import ledger as ledgers
from autograder.gradebook.fingerprint import hashes
from autograder.gradebook.ledger import Publishing
from autograder.intake.collect import reading
from autograder.marking.lateness import Clock
from autograder.marking.written_marks import text_hash
from autograder.model import Check, Diagnosis, Mark, Message, Outcome, QuestionOutcome, Record
from autograder.runner import class_run
from autograder.runner.class_run import Summary, _Run
from autograder.runner.messages import Done, Failed
from autograder.runner.side_tables import Entered
from tests.engine.report.small import result
from tests.engine.runner.here import CODE, HASHES, PARTS, SHEET, Here, outcome


@pytest.fixture
def hand_ins(tmp_path):
    """A class of three; of two the code is the same."""
    for who, code in (("ada", CODE), ("bob", CODE), ("eve", b"def area(): ...\n")):
        folder = tmp_path / "class" / who
        folder.mkdir(parents=True)
        (folder / "q1_box.py").write_bytes(code)
        (folder / "answers.toml").write_bytes(SHEET)
        (folder / "written.md").write_text(f"## w1\n\nBy {who}.\n")
    return tmp_path / "class"


class Class:
    """Runs over one class, one after the other; ``asked`` are those that a worker was sent."""

    def __init__(self, course, path, out, of_course=HASHES):
        self.course, self.path, self.out, self.of_course = course, path, out, of_course

    def run(self, reply, fresh=False):
        self.asked, self.told = [], []
        with claimed(self.out), Publishing(self.course, self.of_course, self.out) as book:
            entered = Entered(Clock(Late()), kept=book.marks.of)
            on_result = lambda one, by_worker: self.told.append((one.id, by_worker))  # noqa: E731
            run = _Run(self.course, self.of_course, book, entered, None, Here(self.course), fresh, on_result)
            for task in run.tasks(reading(self.path, self.course.known_files)):
                self.asked.append((task.submission.id, sorted(task.known)))
                run.answered(task, reply(task), "E")
            return run.finished(self.path)


@pytest.fixture
def runs(course, hand_ins, tmp_path):
    return Class(course, hand_ins, tmp_path / "out")


def right(course):
    """A worker that finds everything right."""

    def reply(task):
        record = Here(course).record(task.submission, (outcome(),))
        return Done(msgspec.Raw(msgspec.msgpack.encode(graded(record, task.submission, task.fingerprint, course))))

    return reply


def test_only_what_is_not_known_is_asked_and_equal_code_once(runs, course):
    first = runs.run(right(course))
    assert runs.asked == [("ada", []), ("eve", [])] and (first.graded, first.known) == (2, 0)
    assert sorted(runs.told) == [("ada", True), ("bob", False), ("eve", True)]
    assert [row.id for row in first.rows] == ["ada", "bob", "eve"] and first.unmarked == 3
    with (runs.out / "grades.csv").open(encoding="utf-8-sig", newline="") as file:
        assert [row["id"] for row in csv.DictReader(file)] == ["ada", "bob", "eve"]
    again = runs.run(right(course))
    assert runs.asked == [] and (again.graded, again.known) == (0, 3) and again.changes == []
    runs.run(right(course), fresh=True)
    assert len(runs.asked) == 3


def test_one_that_changed_is_asked_again_and_no_other(runs, course, hand_ins):
    runs.run(right(course))
    (hand_ins / "bob" / "q1_box.py").write_text("def area(): return 7\n")
    assert runs.run(right(course)).known == 2 and runs.asked == [("bob", [])]


def test_a_persons_mark_stands_where_marking_ran_out_of_time_or_memory(runs, course):
    """Now, when it is graded again from its record, and when somebody gives another mark."""

    def given_up(task):
        checks = tuple(Check(part, part, Outcome.TIMEOUT) for part in PARTS)
        asked = (QuestionOutcome("q1", "E", checks, steady=False, stopped=True),)
        one = graded(Record(asked, "E", opened=False), task.submission, task.fingerprint, course)
        return Done(msgspec.Raw(msgspec.msgpack.encode(one)))

    def marked(cents, when):
        with Publishing(course, HASHES, runs.out) as book:
            book.marks.add([Mark("ada", "q1.written.w1", cents, text_hash("By ada."), "Good.", when=when)])

    def row():
        (part,) = [part for part in ledgers.latest(runs.out)[0][0].parts if part.kind == "written"]
        return part.cents, part.mark and part.mark.comment

    runs.out.mkdir()
    marked(700, 1.0)
    runs.run(given_up)
    assert row() == (700, "Good.")
    assert "The marks of your earlier written answers stand" in (runs.out / "submissions/ada/feedback.md").read_text("utf-8")
    marked(900, 2.0)
    runs.run(given_up)
    assert "ada" not in dict(runs.asked) and row() == (900, "Good.")


def test_of_two_archives_that_nobody_can_read_the_feedback_names_the_one_that_is_there(runs, course, hand_ins):
    (hand_ins / "dee.rar").write_bytes(b"Rar!")
    runs.run(right(course))
    (hand_ins / "dee.rar").rename(hand_ins / "dee.7z")
    runs.run(right(course))
    feedback = (runs.out / "submissions" / "dee" / "feedback.md").read_text("utf-8")
    assert "dee.7z" in feedback and "dee.rar" not in feedback


def test_a_submission_that_a_worker_could_not_grade_has_a_row_and_no_grade(runs, course):
    summary = runs.run(lambda task: Failed("the worker ended"))
    assert [(row.id, row.status) for row in summary.unreadable] == [(id, "not graded") for id in ("ada", "bob", "eve")]
    assert {row.messages[0].values["reason"] for row in summary.rows} == {"the worker ended"}
    assert "There is no grade yet" in (runs.out / "submissions" / "ada" / "feedback.md").read_text("utf-8")
    assert ledgers.latest(runs.out)[0] == []
    runs.run(right(course))
    assert len(runs.asked) == 2, "grading again is the way on"


def test_a_path_without_a_submission_is_an_error_and_nothing_is_written(course, tmp_path):
    with claimed(tmp_path / "out"), Publishing(course, HASHES, tmp_path / "out") as book:
        run = _Run(course, HASHES, book, Entered(Clock(Late())), None, Here(course), False, lambda *_: None)
        with pytest.raises(ConvgradeError, match="no submission here"):
            run.finished(tmp_path)
    assert not (tmp_path / "out" / "grades.csv").exists()


@pytest.mark.parametrize("inside", ["results", ".", "deep/er"])
def test_results_inside_the_class_are_refused(hand_ins, inside):
    with pytest.raises(ConvgradeError, match="among the hand-ins") as caught:
        class_run._refuse_output_inside_class(hand_ins, hand_ins / inside)
    assert "--out" in caught.value.todo


def test_results_beside_the_class_and_beside_an_archive_are_not(hand_ins, tmp_path):
    class_run._refuse_output_inside_class(hand_ins, tmp_path / "class-results")
    (tmp_path / "class.zip").write_bytes(b"")
    class_run._refuse_output_inside_class(tmp_path / "class.zip", tmp_path)


def test_a_row_of_the_summary_keeps_no_text_and_shares_what_is_equal():
    told = Diagnosis("q1", "q1.code.area", ("m",), (), "1 + 1")
    some = replace(result(written={"w1": "A dot."}, diagnoses=(told,), content="c"), texts={"w1": "hash"})
    once: dict = {}
    one, other = (class_run._slim(replace(some, id=id), once) for id in ("ada", "bob"))
    assert one.parts is other.parts and one.fingerprint is other.fingerprint and one.diagnoses is other.diagnoses
    assert (one.written, one.texts, one.content, one.diagnoses[0].route) == ({}, {}, "", "")
    assert (one.id, one.cents, one.awaiting_cents) == ("ada", some.cents, some.awaiting_cents)
    marked = result({"q1.written.w1": {"cents": 5, "outcome": Outcome.FAILED, "mark": Mark("ada", "q1.written.w1", 5)}})
    assert class_run._slim(marked, once).parts[-1].mark is not None, "what a person gave is kept"


def test_the_summary_lists_what_a_person_has_to_look_at():
    rows = [result(id="a"), result(id="b", status="unreadable"), result(id="c", status="not graded")]
    rows.append(result(id="d", messages=(Message("intake.same_name", {"claimed": "a"}),)))
    summary = Summary(rows)
    assert [row.id for row in summary.unreadable] == ["b", "c"] and [row.id for row in summary.contested] == ["d"]


def test_a_run_with_nothing_to_do_imports_nothing_that_computes(course, hand_ins, tmp_path):
    out = tmp_path / "out"
    Class(course, hand_ins, out, hashes(course)).run(right(course))
    code = "import atexit, sys; from autograder.cli.main import main"
    code += "; named = lambda: [n for n in sys.modules if n.partition('.')[0] in ('torch', 'numpy', 'solutions', 'pytest')]"
    code += "; atexit.register(lambda: print(named())); main()"
    command = ["grade", str(hand_ins), "--out", str(out), "--config", str(course.config_path), "--json"]
    ran = subprocess.run([sys.executable, "-c", code, *command], capture_output=True, text=True)
    told, last = ran.stdout.splitlines()
    assert json.loads(told)["known"] == 3 and last == "[]", ran.stderr
