"""Questions are found by their files, and what is missing, doubled or no Python is named."""

import pytest

from autograder.course.course import Course
from autograder.course.question import GENERATED, OPTIONAL, ROLES, Question, is_stem, stems
from autograder.errors import ConvgradeError
from tests.engine.toy_course import TOY, copied


def test_what_a_question_asks_for_is_read_from_its_files():
    (question,) = Course.load(TOY / "grader_config.yml").questions
    assert question.number_names == ("area", "volume")
    assert question.code_names == ("area", "volume", "Scale")
    assert question.written_names == ("w1",)


def test_a_name_with_a_role_in_it_names_no_question():
    names = ("q1_box", "q12_unet_skip", "q1_box_torch", "q1_box_numbers", "box", "q_box", "q1")
    assert [name for name in names if is_stem(name)] == ["q1_box", "q12_unet_skip"]


def test_questions_stand_in_the_order_of_their_numbers(tmp_path):
    (tmp_path / "solutions").mkdir()
    for name in ("q10_x", "q2_y", "q1_x", "q1_x_torch"):
        (tmp_path / "solutions" / f"{name}.py").touch()
    assert stems(tmp_path) == ["q1_x", "q2_y", "q10_x"]


NUMBERS = """
from autograder.course import author
from autograder.course.author import Number, number

a: Number = number(lambda of: 1, torch=lambda: 1)
b = c = number(lambda of: 1, torch=lambda: 1)
d = author.number(lambda of: 1, torch=lambda: 1)
e: Number
f = len("number")
"""


def test_a_number_is_seen_however_it_is_assigned(tmp_path):
    (tmp_path / "solutions").mkdir()
    (tmp_path / "solutions" / "q1_x_numbers.py").write_text(NUMBERS, "utf-8")
    assert Question(tmp_path, "q1_x").number_names == ("a", "b", "c", "d")


@pytest.mark.parametrize("role", [role for role in ROLES if role not in (*GENERATED, *OPTIONAL)])
def test_a_missing_file_is_named(tmp_path, role):
    config = copied(tmp_path)
    (question,) = Course.load(config).questions
    path = question.path(role)
    path.unlink()
    with pytest.raises(ConvgradeError) as caught:
        Course.load(config)
    if role == "solution":  # it is what makes a question
        assert "no question" in str(caught.value)
    else:
        assert caught.value.where == str(path) and role in caught.value.what


def test_no_rubric_is_asked_of_a_question_without_writing(tmp_path):
    config = copied(tmp_path)
    (question,) = Course.load(config).questions
    question.path("rubric").unlink()
    handout = question.path("handout")
    handout.write_text(handout.read_text("utf-8").replace("### `w1`", ""), "utf-8")
    text = config.read_text("utf-8").replace("  q1.written.w1: 20\n", "").replace("total: 100", "total: 80")
    config.write_text(text, "utf-8")
    assert Course.load(config).written == ()


def test_two_questions_of_one_id_and_a_solution_that_is_no_python(tmp_path):
    config = copied(tmp_path)
    (config.parent / "solutions" / "q1_other.py").write_text("")
    with pytest.raises(ConvgradeError, match="q1_box and q1_other are both q1"):
        Course.load(config)
    (config.parent / "solutions" / "q1_other.py").unlink()
    (config.parent / "solutions" / "q1_box.py").write_text("x = 1\ndef area(:\n")
    with pytest.raises(ConvgradeError, match=r"q1_box\.py:2: syntax error"):
        Course.load(config)
