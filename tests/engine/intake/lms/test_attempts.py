"""Of a student's attempts the newest counts, and the others are named."""

from autograder.intake.lms.attempts import Attempts
from autograder.intake.tree import Found
from autograder.model import LANGUAGES
from autograder.words import say


def file(name):
    return Found((name,), lambda most: b"")


def test_the_newest_attempt_counts_with_all_its_files_and_the_older_are_named():
    attempts = Attempts()
    attempts.add("2", "b", "second", [file("q1.py")])
    attempts.add("2", "a", "first", [file("old.py")])
    attempts.add("2", "b", "second", [file("q2.py")])
    attempts.add("1", "c", "only", [file("q1.py")])
    (one, its, none), (two, files, notes) = attempts.of_each()
    assert (one, [file.name for file in its], none) == ("1", ["q1.py"], [])
    assert (two, [file.name for file in files]) == ("2", ["q1.py", "q2.py"])
    assert [note.values for note in notes] == [{"taken": "second", "older": "first"}]
    assert all("second" in say(notes[0], language) for language in LANGUAGES)
    assert attempts.newest() == {"1": "c", "2": "b"} and attempts.shown("2") == ["first", "second"]


def test_of_many_attempts_ten_are_named():
    attempts = Attempts()
    for number in range(15):
        attempts.add("1", f"{number:02}", f"<{number}>", [])
    ((_, _, (note,)),) = attempts.of_each()
    assert note.values["taken"] == "<14>" and note.values["older"] == ", ".join(f"<{number}>" for number in range(10))
