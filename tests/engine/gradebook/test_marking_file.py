"""The marking page's file: rows are added and never changed, whoever writes, and a file that cannot be used is named."""

import sqlite3

import pytest

from autograder.errors import ConvgradeError
from autograder.gradebook.marking_file import FILE, Decision, Flag, MarkingFile, Reading, Request

PART = "q1.written.w1"


@pytest.fixture
def path(tmp_path):
    return tmp_path / FILE


@pytest.fixture
def file(path):
    with MarkingFile(path) as one:
        yield one


def reading(save, met=True, **more):
    known = {"student": "ada", "part": PART, "text": "hash", "rubric": "r", "who": "sara", "at": 1.0, "seconds": 2.5}
    return Reading(**{**known, **more}, met={"a": Decision(met, "s")}, save=save)


def test_rows_are_added_and_never_changed(file):
    (first,) = file.add([reading("1")])
    (second,) = file.add([reading("2", met=False)])
    assert file.add([reading("1", met=False)]) == [first], "the same save again adds nothing"
    assert file.standing() == [first, second]
    file.take_back([second.number], "sara")
    file.take_back([second.number], "ali")
    assert file.standing() == [first]
    assert file.database.execute("SELECT count(*) FROM readings").fetchone() == (2,)
    assert file.database.execute("SELECT who FROM taken_back").fetchall() == [("sara",)]


def test_a_reading_comes_back_as_it_was_saved(file):
    whole = reading("1", comment="خوب", kind="regrade", request=3)
    (saved,) = file.add([whole])
    assert saved.number > 0 and saved == Reading(
        **{**{f: getattr(whole, f) for f in whole.__struct_fields__}, "number": saved.number}
    )


def test_the_readings_of_one_save_repeat_the_first(file):
    first, second, third = file.add([reading("1", student=one) for one in ("ada", "bo", "cleo")])
    assert (first.copy_of, second.copy_of, third.copy_of) == (None, first.number, first.number)


def test_a_save_with_a_student_who_stands_in_it_twice_adds_nothing_at_all(file):
    with pytest.raises(ConvgradeError):
        file.add([reading("1", student="ada"), reading("1", student="bo"), reading("1", student="bo")])
    assert file.standing() == []


def test_standing_readings_are_of_one_part_where_one_is_named(file):
    file.add([reading("1")])
    file.add([reading("2", part="q1.written.w2")])
    assert [one.save for one in file.standing("q1.written.w2")] == ["2"] and len(file.standing()) == 2


def test_the_text_that_was_read_is_kept_as_it_was_first(file):
    file.add([reading("1")], [("hash", "the text")])
    file.add([reading("2")], [("hash", "another")])
    assert (file.text("hash"), file.text("unknown")) == ("the text", "")


def test_the_newest_flag_of_an_answer_counts(file):
    for at, (student, raised) in enumerate([("ada", True), ("bo", True), ("ada", False)]):
        file.flag(Flag(student, PART, "sara", float(at), raised, "look"))
    assert file.flags() == {("bo", PART): Flag("bo", PART, "sara", 1.0, True, "look")}


def test_a_request_is_kept_once(file):
    one, other = (Request("ada", PART, criterion, "Please.", "regrade.md", 1.0) for criterion in ("a", "b"))
    assert file.ask_again([one]) == 1 and file.ask_again([one, other]) == 1 and file.ask_again([]) == 0
    assert [asked.criterion for asked in file.requests()] == ["a", "b"]
    assert [asked.number for asked in file.requests()] == sorted({asked.number for asked in file.requests()})


def test_the_seed_is_the_files_own_and_stays(path, tmp_path):
    with MarkingFile(path) as one:
        about = one.about
    with MarkingFile(path) as again, MarkingFile(tmp_path / "other.sqlite") as other:
        assert again.about == about and {*about} == {"seed", "book"}
        assert other.about["seed"] != about["seed"] and about["seed"] != about["book"]


def test_what_another_process_writes_is_noticed(file, path):
    before = file.changed_elsewhere()
    file.add([reading("1")])
    assert file.changed_elsewhere() == before, "its own rows are known already"
    with MarkingFile(path) as other:
        other.add([reading("2")])
    assert file.changed_elsewhere() != before and [one.save for one in file.standing()] == ["1", "2"]


def test_a_file_that_cannot_be_used_is_named(path):
    path.write_bytes(b"no database at all, whatever its name says" * 50)
    with pytest.raises(ConvgradeError, match=r"marking\.sqlite: the readings cannot be used") as caught:
        MarkingFile(path)
    assert caught.value.todo


@pytest.mark.parametrize(
    "asked",
    [
        lambda file: file.standing(),
        lambda file: file.answers(),
        lambda file: file.text("hash"),
        lambda file: file.flags(),
        lambda file: file.requests(),
        lambda file: file.changed_elsewhere(),
    ],
)
def test_a_file_that_breaks_while_it_is_read_is_named(file, asked):
    file.database.close()
    file.database = Broken()
    with pytest.raises(ConvgradeError, match="the readings cannot be used: malformed"):
        asked(file)


class Broken:
    """A connection to a file with a damaged page."""

    def execute(self, *_):
        raise sqlite3.DatabaseError("malformed")

    def close(self):
        pass


def test_a_damaged_page_is_named(file, path):
    file.add([reading(str(number), comment="x" * 3000) for number in range(1)])
    for number in range(1, 50):
        file.add([reading(str(number), comment="x" * 3000)])
    file.database.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    file.database.close()
    data = bytearray(path.read_bytes())
    place = len(data) * 2 // 3 // 4096 * 4096
    data[place : place + 4096] = b"\xff" * 4096
    path.write_bytes(data)
    with MarkingFile(path) as again, pytest.raises(ConvgradeError, match="the readings cannot be used"):
        again.standing()


def test_what_is_no_decision_is_named(file):
    file.add([reading("1")])
    file.database.execute("UPDATE readings SET met = '['")
    with pytest.raises(ConvgradeError, match="the readings cannot be used"):
        file.standing()


def test_a_save_that_could_not_be_completed_stands_in_nobodys_way(file):
    class Full:
        """A disk that is full when the save is to be completed, and has room afterwards."""

        def __init__(self, inner):
            self.inner, self.full = inner, True

        def __getattr__(self, name):
            return getattr(self.inner, name)

        def execute(self, query, *values):
            if query == "COMMIT" and self.full:
                self.full = False
                raise sqlite3.OperationalError("database or disk is full")
            return self.inner.execute(query, *values)

    file.database = Full(file.database)
    with pytest.raises(ConvgradeError, match="full"):
        file.add([reading("1")])
    assert file.standing() == [] and file.add([reading("2")]) == file.standing()


def test_a_file_that_another_program_holds_is_named_and_nothing_is_half_written(file, path):
    file.database.execute("PRAGMA busy_timeout = 1")
    with MarkingFile(path) as other:
        other.database.execute("BEGIN IMMEDIATE")
        with pytest.raises(ConvgradeError, match="locked"):
            file.add([reading("1")])
        other.database.execute("ROLLBACK")
    assert file.add([reading("1")]) == file.standing()
