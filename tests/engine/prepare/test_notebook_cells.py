"""The cells of the notebook: the solutions with what they need, the stubs with nothing of them."""

import pytest

from autograder.course.question import Question
from autograder.prepare import notebook_cells
from tests.engine.toy_course import at_home, without_torch

FIRST = '''"""Question 1."""

from __future__ import annotations

import math

import numpy as np

_LEAST = 1
_UNUSED = 2


def area(height: int) -> int:
    """Pixels."""
    return _square(height)


def _square(size: int) -> int:
    if size < _LEAST:
        raise ValueError
    return math.prod((size, size)) if size else _square(size - 1)
'''
SECOND = '''"""Question 2."""

import torch

from solutions.q1_a import _square, area


def volume(size: int) -> int:
    """Values."""
    # a comment that tells how
    return area(size) * _depth(size)


def _depth(size: int) -> int:
    return _square(size) // size
'''


@pytest.fixture
def questions(tmp_path):
    (tmp_path / "solutions").mkdir()
    for stem, text in (("q1_a", FIRST), ("q2_b", SECOND)):
        (tmp_path / "solutions" / f"{stem}.py").write_text(text, "utf-8")
    return Question(tmp_path, "q1_a"), Question(tmp_path, "q2_b")


def test_a_solution_brings_its_imports_and_helpers_and_a_student_gets_the_imports_alone(questions):
    solved, public = notebook_cells.prelude(questions[0])
    assert public == "import numpy as np"
    names: dict = {}
    exec(f"{solved}\n\n{notebook_cells.solved_and_stub(questions[0], 'area')[0]}", names)
    assert names["area"](3) == 9
    assert (
        "def area" not in solved and "__future__" not in solved and solved.index("_LEAST = 1") < solved.index("def _square")
    )


def test_what_an_earlier_question_asks_for_has_a_cell_already_and_its_helpers_have_not(questions):
    solved, public = notebook_cells.prelude(questions[1], questions[:1])
    assert public == "import torch"
    assert "def _square" in solved and "_LEAST = 1" in solved and "def _depth" in solved
    assert "def area" not in solved and "from solutions" not in solved
    assert "import math" in solved.split("\n") and "import torch" in solved.split("\n")
    alone, _ = notebook_cells.prelude(questions[1])
    assert "def area" in alone, "without that question it brings the function along"


def test_a_cell_is_the_function_as_it_is_solved_and_as_it_is_handed_out(questions):
    solved, stub = notebook_cells.solved_and_stub(questions[1], "volume")
    assert solved.startswith("def volume(size: int) -> int:") and "return area(size) * _depth(size)" in solved
    assert stub == 'def volume(size: int) -> int:\n    """Values."""\n    raise NotImplementedError'


def test_a_helper_of_a_helpers_file_brings_its_imports_along(questions, tmp_path):
    """Question 3 borrows from question 2 what that one makes of question 1's, which needs ``math``."""
    third = "from solutions.q2_b import _depth\n\n\ndef surface(size: int) -> int:\n    return 6 * _depth(size) ** 2\n"
    (tmp_path / "solutions/q3_c.py").write_text(third, "utf-8")
    question = Question(tmp_path, "q3_c")
    solved, _ = notebook_cells.prelude(question, questions)
    assert "import math" in solved.split("\n")
    names: dict = {}
    exec(f"{solved}\n\n{notebook_cells.solved_and_stub(question, 'surface')[0]}", names)
    assert names["surface"](3) == 54


@pytest.mark.parametrize(
    "line", ["_FIRST: int = 3", "_FIRST, _SECOND = 3, 4", "_SECOND = _FIRST = 3", "_FIRST = [_SECOND] = [3]", "(_FIRST) = 3"]
)
def test_a_constant_comes_along_however_it_is_assigned(tmp_path, line):
    (tmp_path / "solutions").mkdir()
    (tmp_path / "solutions/q1_a.py").write_text(f"{line}\n\n\ndef f():\n    return _FIRST\n", "utf-8")
    solved, _ = notebook_cells.prelude(Question(tmp_path, "q1_a"))
    assert solved == line


def test_what_is_put_into_a_constant_later_is_not_its_definition(tmp_path):
    (tmp_path / "solutions").mkdir()
    text = "_TABLE = {}\n_TABLE['a'] = 1\n\n\ndef f():\n    return _TABLE\n\n\nf.table = 1\n"
    (tmp_path / "solutions/q1_a.py").write_text(text, "utf-8")
    question = Question(tmp_path, "q1_a")
    assert notebook_cells.prelude(question)[0] == "_TABLE = {}"
    assert notebook_cells.solved_and_stub(question, "f")[0].startswith("def f")


def test_without_an_import_students_get_numpy(tmp_path):
    (tmp_path / "solutions").mkdir()
    (tmp_path / "solutions/q1_a.py").write_text("def f():\n    return 1\n")
    assert notebook_cells.prelude(Question(tmp_path, "q1_a")) == ("", "import numpy as np")


def test_the_sheet_is_right_in_the_master_and_blank_for_students(tmp_path):
    with at_home(without_torch(tmp_path)) as course:
        right, blank = notebook_cells.answers(course, course.number_keys, 2)
    assert right == 'answers |= {\n    "q1.area": 315,\n    "q1.volume": 5355,\n}'
    assert blank == 'answers |= {\n    "q1.area": "?",\n    "q1.volume": "?",\n}'
