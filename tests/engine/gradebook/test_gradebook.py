"""The gradebook: what was recorded stays, whatever happens to the process that records."""

import os
import signal
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest
from msgspec.structs import replace

from autograder.errors import ConvgradeError
from autograder.gradebook import gradebook
from autograder.gradebook.gradebook import Gradebook
from autograder.gradebook.marks import Marks
from autograder.gradebook.records import Records
from autograder.gradebook.requests import Requests
from autograder.model import Fingerprint, Outcome, PartResult, Result

ROOT = Path(__file__).resolve().parents[3]
PRINT = Fingerprint("a", "b", "c", "d", "e")
REPORTS = {"feedback.md": b"# Ada"}


def result(id="ada", cents=100, fingerprint=PRINT):
    return Result(id, "Ada", "graded", (PartResult("q1.code.f", 200, cents, Outcome.FAILED),), fingerprint, "A")


def test_a_grade_is_found_by_exactly_what_it_came_from(tmp_path):
    with Gradebook(tmp_path / "g.sqlite") as book:
        book.add(result(), 100)
    with Gradebook(tmp_path / "g.sqlite") as book:
        found = book.find("ada", PRINT)
        assert found.result == result() and found.newest
        assert book.find("bob", PRINT) is None
        for name in ("submission", "suites", "solutions", "config", "engine", "versions"):
            assert book.find("ada", replace(PRINT, **{name: "other"})) is None


def test_of_grades_by_several_versions_each_is_found_by_its_own(tmp_path):
    with Gradebook(tmp_path / "g.sqlite") as book:
        for cents, versions in ((100, "torch 2.1"), (150, "torch 2.2")):
            book.add(result(cents=cents, fingerprint=replace(PRINT, versions=versions)), cents)
        found = [book.find("ada", replace(PRINT, versions=f"torch 2.{minor}")) for minor in (1, 2, 3)]
        assert [grade and (grade.cents, grade.newest) for grade in found] == [(100, False), (150, True), None]


def test_history_is_kept(tmp_path):
    with Gradebook(tmp_path / "g.sqlite") as book:
        for cents in (100, 50, 150):
            book.add(result(cents=cents, fingerprint=replace(PRINT, suites=str(cents))), cents)
        book.add(result("bob"), 100)
        assert [grade.result.cents for grade in book.history("ada")] == [100, 50, 150]
        assert [grade.newest for grade in book.history("ada")] == [False, False, True]
        assert [(one.id, one.cents) for one in book.latest()] == [("ada", 150), ("bob", 100)]
        assert book.newest("ada").cents == book.newest("ada").result.cents == 150 and book.newest("eve") is None


KILLED = """
import sys
from pathlib import Path
from tests.engine.gradebook.test_gradebook import result
from autograder.gradebook import gradebook
from autograder.gradebook.gradebook import Gradebook
with Gradebook(Path(sys.argv[1])) as book:
    for number in range(10**9):
        book.add(result(f"{sys.argv[2]}-{number}"), 100)
        print(number, flush=True)
"""


@pytest.mark.slow
def test_a_process_killed_in_the_middle_loses_nothing_it_had_recorded(tmp_path):
    path = tmp_path / "g.sqlite"
    for turn in range(5):
        command = [sys.executable, "-c", KILLED, str(path), str(turn)]
        process = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True)
        said = [process.stdout.readline() for _ in range(10 + turn)]
        os.kill(process.pid, signal.SIGKILL)
        said += process.communicate()[0].splitlines()
        with Gradebook(path) as book:
            assert len(said) >= 10
            assert all(book.newest(f"{turn}-{int(number)}") for number in said)


@pytest.mark.parametrize("checked_mb", [64, 0])
def test_a_damaged_gradebook_is_told(tmp_path, monkeypatch, checked_mb):
    monkeypatch.setattr(gradebook, "CHECKED_MB", checked_mb)
    path = tmp_path / "g.sqlite"
    with Gradebook(path) as book:
        for number in range(300):
            book.add(result(f"n{number}"), 100)
    path.write_bytes(path.read_bytes()[:20_000])
    with pytest.raises(ConvgradeError, match="cannot be used") as caught:
        with Gradebook(path) as book:
            list(book.latest())
    assert str(path) in str(caught.value)
    path.write_bytes(b"not a database at all, but long enough to look like one" * 50)
    with pytest.raises(ConvgradeError, match="cannot be used"):
        Gradebook(path)


def test_opening_a_large_gradebook_reads_only_what_is_needed(tmp_path, monkeypatch):
    """A page in the middle is damaged: opening finds it where it reads every page, and else whoever reads that page."""
    path = tmp_path / "g.sqlite"
    with Gradebook(path) as book:
        for number in range(300):
            book.add(result(f"n{number:03}"), 100)
    data = bytearray(path.read_bytes())
    page = data.rindex(b"n150", 0, len(data)) // 4096
    data[page * 4096 : (page + 1) * 4096] = b"\xff" * 4096
    path.write_bytes(data)
    with pytest.raises(ConvgradeError, match="cannot be used"):
        Gradebook(path)
    monkeypatch.setattr(gradebook, "CHECKED_MB", 0)
    with Gradebook(path) as book:
        assert book.newest("n299") is not None
        with pytest.raises(ConvgradeError, match="cannot be used"):
            book.newest("n150")


def test_an_empty_file_beside_graded_submissions_is_a_gradebook_that_was_lost(tmp_path):
    (tmp_path / "submissions").mkdir()
    (tmp_path / "gradebook.sqlite").touch()
    with pytest.raises(ConvgradeError, match="it is empty"):
        Gradebook(tmp_path / "gradebook.sqlite")


def test_an_empty_file_for_pending_grades_is_none_that_was_lost(tmp_path):
    """A full disk leaves one: they come after the first grades, so that submissions lie beside it anyhow."""
    (tmp_path / "submissions").mkdir()
    (tmp_path / "pending.sqlite").touch()
    with Gradebook(tmp_path / "pending.sqlite") as book:
        assert list(book.latest()) == []


@pytest.mark.parametrize(
    "asked",
    [
        lambda book: Marks(book).all(),
        lambda book: Requests(book).all(),
        lambda book: Records(book).find("ada", "key"),
        lambda book: Records(book).outcome("key"),
        lambda book: book.report_digests(1, "look"),
        lambda book: book.unfinished(),
        lambda book: book.others(),
    ],
)
def test_a_damaged_page_is_told_whoever_reads_it(tmp_path, monkeypatch, asked):
    """What is damaged shows when a row is fetched, after the statement was accepted."""

    class Damaged:
        def fetchone(self):
            raise sqlite3.DatabaseError("malformed")

        def __next__(self):
            raise sqlite3.DatabaseError("malformed")

        def __iter__(self):
            return self

    with Gradebook(tmp_path / "g.sqlite") as book:
        monkeypatch.setattr(Gradebook, "run", lambda *_: Damaged())
        with pytest.raises(ConvgradeError, match="cannot be used: malformed"):
            asked(book)


@pytest.mark.parametrize("data", ["[", b'{"id": "\xff"}', 7])
def test_a_mark_that_cannot_be_decoded_is_told(tmp_path, data):
    with Gradebook(tmp_path / "g.sqlite") as book:
        Marks(book)
        book.run("INSERT INTO marks (id, part, mark) VALUES ('ada', 'q1.written.w1', ?)", (data,))
        with pytest.raises(ConvgradeError, match="cannot be decoded"):
            Marks(book).all()


def test_a_locked_gradebook_is_told(tmp_path, monkeypatch):
    path = tmp_path / "g.sqlite"
    with Gradebook(path) as book:
        book.database.execute("PRAGMA busy_timeout = 100")
        other = sqlite3.connect(path, isolation_level=None)
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(ConvgradeError, match="Another run"):
            book.add(result(), 100)
        other.close()


def test_the_class_is_that_of_the_last_run_that_was_finished(tmp_path):
    with Gradebook(tmp_path / "g.sqlite") as book:
        ada, bob = (book.add(result(id), 100) for id in ("ada", "bob"))
        assert book.unfinished() and [one.id for one in book.latest()] == ["ada", "bob"], (
            "no run was finished: what there is"
        )
        book.finished([ada, bob])
        assert not book.unfinished() and book.others() == 0
        book.add(result(cents=50), 50)
        assert book.unfinished() and [one.cents for one in book.latest()] == [100, 100], "half a regrade is none"
        eve = book.add(result("eve"), 100)
        book.finished([eve])
        assert [one.id for one in book.latest()] == ["eve"] and book.others() == 2 and not book.unfinished()
        book.finished([])
        assert list(book.latest()) == [] and book.others() == 3
