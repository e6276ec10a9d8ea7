"""A course is what lies on the disk: questions are found, nothing names them, and what is missing is told."""

import json
import subprocess
import sys

import pytest

from autograder.course.course import Course
from autograder.course.question import ROLES
from autograder.errors import ConvgradeError
from autograder.gradebook.fingerprint import hashes
from autograder.prepare import release
from autograder.prepare.typeset import pdf
from tests.engine.toy_course import REPOSITORY, TOY, add_question, at_home, copied


def test_questions_parts_keys_and_files_are_found():
    course = Course.load(TOY / "grader_config.yml")
    assert [question.stem for question in course.questions] == ["q1_box"]
    assert [part.id for part in course.parts] == [
        "q1.numbers.area", "q1.numbers.volume", "q1.code.area", "q1.code.volume", "q1.code.Scale", "q1.written.w1",
    ]  # fmt: skip
    assert course.number_keys == ("q1.area", "q1.volume")
    assert course.written == ("w1",)
    assert course.known_files.names == ("q1_box.py", "answers.toml", "written.md")


def test_a_course_is_known_without_torch_or_solutions():
    code = (
        "import sys, pathlib; from autograder.course.course import Course; course = Course.load(pathlib.Path(sys.argv[1]))"
    )
    code += "; course.parts, course.known_files"
    code += "; print([n for n in sys.modules if n.partition('.')[0] in ('torch', 'numpy', 'solutions', 'pytest')])"
    command = [sys.executable, "-c", code, str(REPOSITORY / "grader_config.yml")]
    assert subprocess.run(command, capture_output=True, text=True, cwd=REPOSITORY, check=True).stdout == "[]\n"


def test_a_question_that_is_not_there_is_a_key_error_with_its_id():
    course = Course.load(TOY / "grader_config.yml")
    assert course.question("q1").stem == "q1_box"
    with pytest.raises(KeyError, match="q7"):
        course.question("q7")


def test_numbers_are_recipes(tmp_path):
    with at_home(copied(tmp_path)) as course:
        assert {key: number.torch() for key, number in course.numbers().items()} == {"q1.area": 221, "q1.volume": 4199}


def test_another_courses_solutions_are_not_taken_for_ones_own(tmp_path):
    config = copied(tmp_path)
    with at_home(TOY / "grader_config.yml") as toy:
        toy.module("solutions.q1_box")
        with pytest.raises(ConvgradeError, match="another course's"):
            Course.load(config).module("solutions.q1_box")


def test_a_folder_in_the_place_of_a_module_is_told(tmp_path):
    config = copied(tmp_path)
    (config.parent / "solutions" / "q1_bare").mkdir()
    with at_home(config) as course, pytest.raises(ConvgradeError, match="a folder without code"):
        course.module("solutions.q1_bare")


def results(config, out):
    """Grade the toy's one submission for real, behind whatever wall the machine has, and return its results by part."""
    command = [sys.executable, "-m", "autograder", "grade", "submission", "--out", str(out), "--jobs", "1"]
    environment = {"PATH": "/usr/bin:/bin", "PYTHONPATH": str(REPOSITORY)}
    done = subprocess.run(command, cwd=config.parent, capture_output=True, text=True, env=environment)
    assert done.returncode == 0, done.stderr
    (path,) = out.glob("submissions/*/results.json")
    return {test["number"]: test.get("score") for test in json.loads(path.read_text("utf-8"))["tests"]}


@pytest.mark.thorough
def test_a_question_is_added_and_taken_away_again_and_nothing_else_is_touched(tmp_path, monkeypatch):
    monkeypatch.setattr(pdf, "browser", lambda: None)  # what Chromium prints is looked at elsewhere
    config = copied(tmp_path)
    alone = results(config, tmp_path / "alone")
    assert alone["q1.numbers.volume"] == 10 and alone["q1.numbers.area"] == 0
    assert alone["q1.code.area"] == 0 and alone["q1.code.volume"] == 20 and alone["q1.code.Scale"] == 20

    text, engine = config.read_text("utf-8"), hashes(Course.load(config)).engine
    files = add_question(config)
    assert len(files) == len(ROLES) + 1  # every role but the stub; the handout has two, and so have the mistakes
    with at_home(config) as course:
        assert [question.stem for question in course.questions] == ["q1_box", "q2_disc"]
        assert set(course.numbers()) == {"q1.area", "q1.volume", "q2.area", "q2.volume"}
        release.write(course)
        assert (config.parent / "student_template" / "q2_disc.py").is_file()
    submission = config.parent / "submission"
    (submission / "q2_disc.py").write_text((submission / "q1_box.py").read_text("utf-8"), "utf-8")
    both = results(config, tmp_path / "both")
    assert {part: both[part] for part in alone} == alone
    # the sheet has no q2, and the code is that of the first question
    second = {part: both[part] for part in both if part.startswith("q2.") and "written" not in part}
    assert second == {
        "q2.numbers.area": 0,
        "q2.numbers.volume": 0,
        "q2.code.area": 0,
        "q2.code.volume": 20,
        "q2.code.Scale": 20,
    }

    for path in [*files, submission / "q2_disc.py"]:
        path.unlink()
    config.write_text(text, "utf-8")
    with at_home(config) as course:
        assert {path.name for path in release.write(course)} >= {"q2_disc.py"}
        assert not release.drift(course)
    assert results(config, tmp_path / "again") == alone
    assert hashes(Course.load(config)).engine == engine
