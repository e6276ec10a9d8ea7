"""Which files of a hand-in are the homework's, and which of two."""

import pytest

from autograder.course.course import KnownFiles
from autograder.intake.collect import collect
from autograder.intake.known import MAX_NOTES, NAMED, File, choose, fewer, note_ignored
from autograder.intake.unpack import unpack
from autograder.model import Message, Submission
from tests.engine.intake.hand_ins import ONE, TWO, keys, laid

STUB = b"def box():\n    raise NotImplementedError\n"
KNOWN = KnownFiles(
    ("q1_box", "q2_net"), template=frozenset({"hw3.ipynb", "q1_box.py"}), blank=frozenset({b"".join(STUB.split())})
)


def of_one(files):
    """The sources of a student who handed in these files."""
    return unpack(Submission("ali", files=files), KNOWN)


def said(sources):
    return {note.key: note.values for note in sources.notes}


@pytest.mark.parametrize("above", ["student_template/", "old/", ""])
def test_a_stub_never_stands_for_solved_work(above):
    sources = of_one({f"{above}q1_box.py": STUB, "solved/q1_box.py": ONE})
    assert sources.code == {"q1_box": ONE.decode()} and not sources.notes


def test_a_test_that_was_handed_out_is_never_an_answer():
    known = KnownFiles(("q1_box", "q2_net"), template=frozenset({"q1_box.py", "tests/otter/q1.py", "tests/otter/q2.py"}))
    files = {"hw3/q1_box.py": ONE, "hw3/tests/otter/q1.py": TWO, "hw3/tests/otter/q2.py": TWO}
    sources = unpack(Submission("ali", files=files), known)
    assert sources.code == {"q1_box": ONE.decode()} and not sources.notes


def test_a_stub_alone_is_graded():
    assert of_one({"hw3/q1_box.py": STUB}).code == {"q1_box": STUB.decode()}


@pytest.mark.parametrize(
    "name",
    ["q1.py", "Q1.py", "question1.py", "Question 1.py", "سوال ۱.py", "sara_q1_box.py", "q1_box_final.py", "Q1-Box Ali.py"],
)
def test_a_name_that_can_be_one_file_only_is_taken_for_it(name):
    sources = of_one({name: ONE, "q2_net.py": TWO})
    assert sources.code == {"q1_box": ONE.decode(), "q2_net": TWO.decode()}
    assert said(sources) == {"intake.named_otherwise": {"file": name, "name": "q1_box.py"}}


@pytest.mark.parametrize("name", ["test_q1_box.py", "q3.py", "1.py", "box2.py"])
def test_other_names_are_not(name):
    assert "q1_box" not in of_one({name: ONE, "q2_net.py": TWO}).code


def test_of_two_that_bear_a_name_neither_is_guessed():
    sources = of_one({"q1_box_v1.py": ONE, "q1_box_v2.py": TWO, "q2_net.py": TWO})
    assert "q1_box" not in sources.code and [note.key for note in sources.notes] == ["intake.looks_like"] * 2


def test_the_name_itself_counts_before_one_that_bears_it():
    sources = of_one({"q1_box.py": ONE, "q1_box_old.py": TWO})
    assert sources.code == {"q1_box": ONE.decode()} and said(sources).keys() == {"intake.copy"}


@pytest.mark.parametrize("folders", [("question 1", "question 2"), ("سوال ۱", "سوال ۲"), ("Problem1", "Problem2")])
def test_a_folder_for_each_question_is_one_students(folders):
    sources = of_one({f"{folders[0]}/q1_box.py": ONE, f"{folders[1]}/q2_net.py": TWO})
    assert sources.trouble is None and len(sources.code) == 2


@pytest.mark.parametrize("name", ["written.docx", "written.pdf", "Written.rtf", "answers.xlsx"])
def test_a_file_of_another_kind_is_named_for_what_it_is(tmp_path, name):
    (one,) = collect(laid(tmp_path, {"ali/q1_box.py": ONE, f"ali/{name}": b"x"}), KNOWN)
    assert [note.key for note in one.notes] == ["intake.other_format"]


def test_the_nearest_of_two_is_taken_and_said():
    sources = of_one({"old/q1_box.py": TWO, "q1_box.py": ONE, "new/q1_box.py": b"A = 3"})
    assert sources.code == {"q1_box": "A = 1\n"} and keys(sources) == ["intake.twice"] * 2


def test_two_files_of_two_people_are_not_put_together():
    sources = of_one({"ali/q1_box.py": ONE, "sara/q2_net.py": TWO})
    assert sources.code == {} and sources.trouble.values == {"folders": "ali, sara"}
    sources = of_one({"ali/q1_box.py": ONE, "sara/q1_box.py": TWO})
    assert sources.trouble.key == "intake.several"
    assert unpack(Submission("ali", files={"ali/q1_box.py": ONE, "sara/q2_net.py": TWO}, sure=True), KNOWN).trouble is None


def test_two_that_are_the_same_are_one():
    sources = of_one({"ali/q1_box.py": ONE, "sara/q1_box.py": ONE, "hw3.ipynb": b"{}", "old/hw3.ipynb": b"{}"})
    assert sources.code == {"q1_box": "A = 1\n"} and list(sources.notebooks) == ["hw3.ipynb"] and sources.notes == ()


def test_of_two_copies_the_later_number_counts():
    sources = of_one({"q1_box (2).py": TWO, "q1_box (1).py": ONE})
    assert sources.code == {"q1_box": "A = 2\n"} and said(sources).keys() == {"intake.copy", "intake.named_otherwise"}


def test_a_file_of_an_archive_counts_after_one_beside_it():
    files = [File(("hw3.zip", "q1_box.py"), ONE, packed=1), File(("a", "b", "q1_box.py"), TWO)]
    assert choose(files, KNOWN).files["q1_box.py"].data == TWO


def test_of_many_notes_the_first_are_told_and_how_many_more():
    notes = [Message("intake.ignored", {"file": f"{number}"}) for number in range(MAX_NOTES + 3)]
    few = fewer(notes)
    assert few[:-1] == notes[:MAX_NOTES] and few[-1].values == {"count": 3} and fewer(few[:-1]) == few[:-1]


def test_what_was_left_out_is_named_and_what_was_handed_out_is_not():
    notes = note_ignored(
        ["a/x.txt", "hw3.ipynb", "q2_nte.py", "written.pdf", "test_q2_net.py"], KNOWN, ["q2_net.py", "written.md"]
    )
    assert [(note.key, note.values["file"], note.values.get("name")) for note in notes] == [
        ("intake.ignored", "a/x.txt", None),
        ("intake.looks_like", "q2_nte.py", "q2_net.py"),
        ("intake.other_format", "written.pdf", "written.md"),
        ("intake.ignored", "test_q2_net.py", None),
    ]
    many = note_ignored([f"{number}.txt" for number in range(NAMED + 4)], KNOWN)
    assert len(many) == NAMED + 1 and many[-1].values == {"count": 4}
