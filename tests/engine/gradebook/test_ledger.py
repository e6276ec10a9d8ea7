"""Grades are published with their files, or put aside and compared; nothing is graded twice and nothing published unseen."""

import dataclasses

import pytest
from msgspec.structs import replace

from autograder.course.course import Course
from autograder.errors import ConvgradeError
from autograder.gradebook import ledger
from autograder.gradebook.fingerprint import Hashes
from autograder.gradebook.ledger import PENDING, Comparing, Publishing
from autograder.model import (
    LANGUAGES,
    Fingerprint,
    Graded,
    Mark,
    Message,
    Outcome,
    PartResult,
    QuestionOutcome,
    Record,
    Request,
    Result,
)
from autograder.words import say
from tests.engine.toy_course import TOY, copied

HASHES = Hashes("s", "o", "c", "e", "look", "l", "a", {"q1": "q"}, {}, {}, {}, "v")
FIRST = Fingerprint("ada", "s", "o", "c", "e", {"q1": "q"}, "v")
SECOND = replace(FIRST, suites="changed")
FILES = {"feedback.md": b"# Ada", "results.json": b"{}"}
KEYS = {"q1": ("narrow", "wide")}


@pytest.fixture(scope="module")
def course():
    return Course.load(TOY / "grader_config.yml")


@pytest.fixture
def opened(course, tmp_path):
    """A ledger of a kind, over one folder."""

    def one(kind, **more):
        return kind(course, dataclasses.replace(HASHES, **more), tmp_path)

    return one


def graded(cents=1000, print_=FIRST, id="ada", files=FILES):
    part = PartResult("q1.code.area", 2000, cents, Outcome.FAILED)
    result = Result(id, "", "graded", (part,), print_, "A")
    return Graded(result, files, Record((QuestionOutcome("q1", "A"),), "A", seconds=float(cents)))


def add(book, one, key="key", new=True):
    book.add(one, key, lambda: KEYS, new=new)


def on_disk(folder):
    return {path.name: path.read_bytes() for path in (folder / "submissions" / "ada").glob("*")}


def test_a_published_grade_lies_in_the_gradebook_and_its_files_on_the_disk(opened, tmp_path):
    with opened(Publishing) as book:
        assert book.known("ada", FIRST) is None and book.earlier("ada") is None
        add(book, graded())
        assert on_disk(tmp_path) == FILES and book.earlier("ada") == book.known("ada", FIRST) == graded().result
        assert book.known("ada", SECOND) is None and book.changes == []
        book.finish([graded().result])
    assert "ada" in (tmp_path / "grades.csv").read_text("utf-8-sig")
    assert ledger.latest(tmp_path) == ([graded().result], [])


def test_a_record_is_kept_once_and_found_with_its_questions(opened):
    with opened(Publishing) as book:
        add(book, graded())
        add(book, graded(500, SECOND), new=False)  # computed from the record that is there
        assert book.record("ada", "key").seconds == 1000 and book.outcome("narrow") == QuestionOutcome("q1", "A")
        assert book.book.run("SELECT count(*) FROM records").fetchone() == (1,)
        add(book, graded(id="bob"), key="aside", new=False)  # its record was put aside: it lies here from now on
        assert book.record("bob", "aside") is not None


def test_an_older_grade_that_holds_again_is_the_newest_again(opened, tmp_path):
    with opened(Publishing) as book:
        add(book, graded(1000))
        add(book, graded(500, SECOND))
        assert [(one.was, one.now) for one in book.changes] == [(1000, 500)]
        assert book.known("ada", FIRST).cents == 1000 and book.earlier("ada").cents == 1000
        assert [(one.was, one.now) for one in book.changes] == [(1000, 500), (500, 1000)]
        assert len(book.book.history("ada")) == 3 and b"10.00" in on_disk(tmp_path)["feedback.md"]


def test_files_are_made_again_where_they_are_gone_or_the_engine_words_them_anew(opened, tmp_path):
    path = tmp_path / "submissions" / "ada" / "feedback.md"
    with opened(Publishing) as book:
        add(book, graded())
        path.write_text("full marks!")
        book.known("ada", FIRST)
        made = path.read_bytes()
        assert b"10.00" in made
    with opened(Publishing, look="new words") as book:
        path.write_bytes(made + b" ")
        book.known("ada", FIRST)
        assert path.read_bytes() == made
        stamp = path.stat().st_ino, path.stat().st_mtime_ns
        book.known("ada", FIRST)
        assert (path.stat().st_ino, path.stat().st_mtime_ns) == stamp, "a file that is right is left alone"


def test_comparing_touches_nothing_that_a_reader_sees_and_publishing_takes_it_over(opened, tmp_path):
    with opened(Publishing) as book:
        add(book, graded())
        book.finish([graded().result])
    before, table = on_disk(tmp_path), (tmp_path / "grades.csv").read_bytes()
    with opened(Comparing) as book:
        assert book.known("ada", SECOND) is None
        add(book, graded(500, SECOND), key="other")
        add(book, graded(700, id="bob"))
        book.enter([Mark("ada", "q1.written.w1", 100)])
        book.request([Request("ada", "q1.written.w1", "", "Please.", "regrade.md")])
        book.not_graded(graded(id="eve").result)
        book.finish([])
        assert [(one.id, one.was, one.now) for one in book.changes] == [("ada", 1000, 500), ("bob", None, 700)]
    assert (on_disk(tmp_path), (tmp_path / "grades.csv").read_bytes()) == (before, table)
    assert not (tmp_path / "submissions" / "bob").exists() and not (tmp_path / "submissions" / "eve").exists()
    assert [one.cents for one in ledger.latest(tmp_path)[0]] == [1000]
    with opened(Comparing) as book:
        assert book.known("ada", SECOND).cents == 500, "what was put aside is not graded again"
    with opened(Publishing) as book:
        assert book.marks.all() == [] and book.record("ada", "other").seconds == 500
        assert book.known("ada", SECOND).cents == 500
        assert [(one.was, one.now) for one in book.changes] == [(1000, 500)]
        book.finish([graded(500, SECOND).result])
    assert not (tmp_path / PENDING).exists() and [one.cents for one in ledger.latest(tmp_path)[0]] == [500]


def test_marks_and_requests_are_kept_where_grades_are_published(opened):
    with opened(Publishing) as book:
        book.enter([Mark("ada", "q1.written.w1", 100)])
        assert [one.cents for one in book.marks.of("ada")] == [100]
        book.request(iter([Request("ada", "q1.written.w1", "", "Please.", "regrade.md", 1.0)]))
        kept = book.book.run("SELECT id, words FROM requests").fetchall()
        assert kept == [("ada", "Please.")]


def test_one_that_could_not_be_graded_has_its_files_and_no_grade(opened, tmp_path):
    with opened(Publishing) as book:
        book.not_graded(replace(graded().result, status="not graded"))
        assert book.earlier("ada") is None
    for language in LANGUAGES:
        assert say(Message("page.no_grade"), language) in on_disk(tmp_path)["feedback.md"].decode()


def test_lateness_is_taken_off_what_leaves(tmp_path):
    config = copied(tmp_path)
    with config.open("a", encoding="utf-8") as file:
        file.write("\nlate: {deadline: 2026-11-20T12:00:00+00:00, percent_a_day: 10}\n")
    late = replace(graded().result, late_seconds=90_000)  # 25 hours: the second day has begun
    with Publishing(Course.load(config), HASHES, tmp_path) as book:
        book.add(replace(graded(), result=late), "key", lambda: KEYS, new=True)
        assert book.cents(late) == book.book.newest("ada").cents == 800


def test_a_folder_without_a_gradebook_is_named(tmp_path):
    with pytest.raises(ConvgradeError, match=r"gradebook\.sqlite: there is no gradebook\. Grade first"):
        ledger.opened(tmp_path)


def test_a_run_without_an_end_and_people_of_another_class_are_said(opened, tmp_path):
    with opened(Publishing) as book:
        add(book, graded())
        book.finish([graded().result])
    with opened(Publishing) as book:
        add(book, graded(id="bob"))
    results, said = ledger.latest(tmp_path)
    assert [one.id for one in results] == ["ada"] and len(said) == 1 and "did not finish" in said[0]
    with opened(Publishing) as book:
        book.known("bob", FIRST)
        book.finish([graded(id="bob").result])
    results, said = ledger.latest(tmp_path)
    assert (
        [one.id for one in results] == ["bob"]
        and len(said) == 1
        and said[0].startswith("1 submission graded into this folder earlier was not part")
    )
