"""A submission is unpacked and opened into what is graded: code, notebook, written answers, requests, and every note of it."""

import subprocess
import sys

import pytest

from autograder.course.course import Course
from autograder.marking.hand_in import read
from autograder.model import Message, Submission
from tests.engine.intake.hand_ins import book, cell, keys, zipped
from tests.engine.toy_course import REPOSITORY, TOY

CODE = b"def area(height, width):\n    return 1\n\n\ndef area(height, width):\n    return height * width\n"


@pytest.fixture(scope="module")
def course():
    return Course.load(TOY / "grader_config.yml")


def test_a_folder_of_files_is_read_by_their_roles(course):
    files = {"q1_box.py": CODE, "answers.toml": b"[q1]\narea = 3\n", "written.md": b"Ada\n\n## w1\n\nMine.\n", "x.txt": b"?"}
    found = read(Submission("ada", files=files), course)
    assert found.sources.code == {"q1_box": CODE.decode()} and found.sources.answers == "[q1]\narea = 3\n"
    assert found.essays == {"w1": "Mine."} and found.cells == () and found.sources.trouble is None
    (twice,) = found.twice
    assert (twice.name, twice.file, twice.places) == ("area", "q1_box.py", (1, 5))
    assert [note.key for note in found.notes] == ["written.unclaimed", "twice.lines_last"]


def test_a_packed_notebook_is_read_as_files_are(course):
    data = book(
        cell("def area(a, b): pass"), cell("## w1\n\nIn cells.", "markdown"), cell("def area(a, b):\n    return a * b")
    )
    found = read(Submission("ada", files={"hw.zip": zipped({"hw/hw.ipynb": data})}), course)
    assert [number for number, _ in found.cells] == [1, 3] and found.essays == {"w1": "In cells."}
    assert found.twice[0].file == "" and found.twice[0].places == (1, 3)


def test_the_notebooks_written_answer_counts_before_the_files(course):
    data = book(cell("def volume(): pass"), cell("## w1\n\nIn cells.", "markdown"))
    found = read(Submission("ada", files={"q1_box.ipynb": data, "written.md": b"## w1\n\nIn the file.\n"}), course)
    assert found.essays == {"w1": "In cells."}


def test_a_request_to_be_read_again_comes_with_the_hand_in(course):
    files = {"q1_box.py": CODE, "regrade.md": b"## w1: what\n\nPlease look at the second line.\n"}
    (request,) = read(Submission("ada", files=files), course).requests
    assert (request.part, request.criterion, request.words) == ("q1.written.w1", "what", "Please look at the second line.")


def test_what_cannot_be_read_is_trouble_and_never_an_exception(course):
    empty = read(Submission("ada", trouble=Message("intake.empty")), course)
    assert empty.sources.trouble.key == "intake.empty" and (empty.essays, empty.twice, empty.requests) == ({}, (), ())
    for files in ({"hw.zip": b"PK\x03\x04"}, {"q1_box.py": b"\0\0"}, {"hw.ipynb": b"{"}, {"hw.ipynb": b"[" * 10_000}):
        found = read(Submission("ada", files=files), course)
        assert found.sources.trouble is not None and found.cells == () and keys(found.sources)


WARMED = """
import sys
from pathlib import Path
from autograder.course.course import Course
from autograder.intake.collect import collect
from autograder.marking import hand_in

course = Course.load(Path("grader_config.yml"))
submissions = list(collect(Path("tests/submissions/class"), course.known_files))
hand_in.warm(course)
before = set(sys.modules)
for submission in submissions:
    hand_in.read(submission, course)
print(sorted(name for name in set(sys.modules) - before if not name.startswith("encodings.")))
"""


def test_once_it_is_warm_reading_imports_nothing():
    """Each hand-in is read in a fork: what a fork had to import, every other would import again."""
    done = subprocess.run([sys.executable, "-c", WARMED], cwd=REPOSITORY, capture_output=True, text=True, check=True)
    assert done.stdout == "[]\n"
