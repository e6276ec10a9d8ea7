"""What forks leave behind, each made in a copy of the toy, and that doctor says it."""

from __future__ import annotations

import shutil

import pytest
from click.testing import CliRunner

from autograder.cli.main import main
from autograder.course.course import Course
from autograder.prepare import doctor, leftovers, release
from tests.engine.toy_course import TOY, copied


@pytest.fixture
def config(tmp_path):
    return copied(tmp_path)


def left(config) -> list[str]:
    return list(leftovers.of(Course.load(config)))


def test_nothing_is_left_behind_in_a_whole_course(config):
    assert left(config) == []


@pytest.mark.parametrize(
    "path",
    [
        "assignment/q4_gone.fa.md",
        "assignment/q4_gone.rubric.yml",
        "solutions/q4_gone_numbers.py",
        "solutions/q4_gone_misconceptions/__init__.py",
        "tests/public/test_q4_gone.py",
        "student_template/q4_gone.py",
    ],
)
def test_a_removed_questions_file_is_named(config, path):
    (config.parent / path).parent.mkdir(parents=True, exist_ok=True)
    (config.parent / path).write_text("")
    (said,) = left(config)
    assert said.startswith(f"{path}: there is no question q4_gone.")


@pytest.mark.parametrize(
    "path, line",
    [
        ("tests/hidden/helper.py", "from solutions import q4_gone"),
        ("tests/hidden/helper.py", "def asks(student): return student.q4_gone.area(1)"),
        ("tests/attempts/q1_box_wrong.py", "import solutions.q4_gone_torch"),
        ("assignment/readme.en.md", "the code: `q1_box.py` … `q4_gone.py`"),
        ("tests/solutions/test_q1_box.py", 'STEMS = ["q1_box", "q4_gone"]'),
    ],
)
def test_a_test_or_a_text_that_names_a_removed_question_is_said_with_its_line(config, path, line):
    (config.parent / path).parent.mkdir(parents=True, exist_ok=True)
    (config.parent / path).write_text(f"\n{line}\n", "utf-8")
    (said,) = left(config)
    assert said.startswith(f"{path}:2: names q4_gone, ")


def test_a_variable_is_no_question(config):
    (config.parent / "tests/hidden/helper.py").write_text("q4_weights = k4_weights = 1\nprint(q4_weights)\n")
    assert left(config) == []


@pytest.mark.parametrize("short, whole", [("fa", "en"), ("en", "fa")])
def test_what_one_language_alone_asks_is_said(config, short, whole):
    handout = config.parent / f"assignment/q1_box.{whole}.md"
    handout.write_text(handout.read_text("utf-8") + "\n### `w2`\n\nMore?\n", "utf-8")
    assert [said.split(".")[0] for said in leftovers._in_one_language(Course.load(TOY / config.name))] == []
    (said,) = leftovers._in_one_language(_without_points(config))
    assert said.startswith(f"assignment/q1_box.{short}.md: `w2`")


def test_what_one_language_alone_asks_is_said_in_the_handouts_order(config):
    names = [f"w{number}" for number in range(9, 1, -1)]
    handout = config.parent / "assignment/q1_box.en.md"
    handout.write_text(handout.read_text("utf-8") + "".join(f"\n### `{one}`\n\nMore?\n" for one in names), "utf-8")
    assert [said.split("`")[1] for said in leftovers._in_one_language(_without_points(config))] == names


def _without_points(config) -> Course:
    """The course as it is asked about before its points are checked."""
    first = Course.load(TOY / config.name)
    course = Course(
        config.parent, config, first.config, tuple(type(one)(config.parent, one.stem) for one in first.questions)
    )
    return course


def test_a_handout_in_one_language_is_refused_with_its_file(config):
    (config.parent / "assignment/q1_box.fa.md").unlink()
    done = CliRunner().invoke(main, ["doctor", "--config", str(config)])
    assert done.exit_code == 2 and "q1_box.fa.md" in done.output


def test_another_python_than_students_check_runs_is_said(config, monkeypatch):
    course = Course.load(config)
    (config.parent / "assignment/student-check.yml").write_text('python-version: "3.4"\n')
    monkeypatch.setattr(release, "texts", lambda course: {})
    (said,) = leftovers.template(course)
    assert said.startswith("assignment/student-check.yml: students' own check runs Python 3.4")


def test_doctor_ends_with_one_where_something_is_left_behind():
    facts = {"course": {"refused": [], "left": []}}
    assert doctor.holds(facts)
    facts["course"]["left"].append("tests/hidden/test_q1_box.py:3: names q4_gone")
    assert not doctor.holds(facts)


def test_nothing_is_graded_or_released_while_a_line_waits_for_the_author(config, tmp_path):
    with (config.parent / "solutions/q1_box.py").open("a", encoding="utf-8") as file:
        file.write("# TODO(author): write the solution.\n")
    shutil.copytree(TOY / "submission", tmp_path / "class" / "ada")
    for command in (["grade", str(tmp_path / "class"), "--out", str(tmp_path / "out")], ["release"], ["verify"]):
        done = CliRunner().invoke(main, [*command, "--config", str(config)])
        assert done.exit_code == 2 and "1 lines wait" in done.output and "write the solution" in done.output
    assert not (tmp_path / "out").exists()
