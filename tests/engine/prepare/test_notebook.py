"""The homework as a notebook: otter takes the master as it is, and the student's works with otter and without."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import nbclient
import nbformat
import pytest

from autograder.course.course import Course
from autograder.prepare.notebook import ANSWER_HERE

ROOT = Path(__file__).resolve().parents[3]
OTTER = str(Path(sys.executable).with_name("otter"))


@pytest.fixture(scope="module")
def handed_out(tmp_path_factory):
    """A student's copy of the template."""
    folder = tmp_path_factory.mktemp("homework") / "hw"
    shutil.copytree(ROOT / "student_template", folder, ignore=shutil.ignore_patterns("__pycache__"))
    return folder


def otter_assign(folder: Path, out: Path):
    command = [OTTER, "assign", str(folder / "hw3.ipynb"), str(out), "--no-pdfs"]
    return subprocess.run(command, capture_output=True, text=True, timeout=300)


@pytest.mark.thorough
def test_otter_assign_takes_the_master_and_leaves_the_students_notebook(tmp_path):
    done = otter_assign(ROOT / "assignment", tmp_path)
    assert done.returncode == 0, done.stderr  # it runs every question's tests and fails where one does
    left = [_cell(cell) for cell in nbformat.read(tmp_path / "student" / "hw3.ipynb", 4).cells]
    ours = [_cell(cell) for cell in nbformat.read(ROOT / "student_template" / "hw3.ipynb", 4).cells]
    assert [cell for cell in left if cell[1]] == ours


def _cell(cell):
    """A cell's kind and text, without the comments that otter puts around what a person marks."""
    text = cell.source.replace("<!-- BEGIN QUESTION -->", "").replace("<!-- END QUESTION -->", "")
    return cell.cell_type, text.strip()


@pytest.mark.thorough
def test_otter_assign_sees_a_wrong_solution(tmp_path):
    shutil.copytree(ROOT / "assignment", tmp_path / "assignment")
    master = tmp_path / "assignment" / "hw3.ipynb"
    text = master.read_text("utf-8")
    assert text.count('\\"q1.linear_parameters\\": 505') == 1
    master.write_text(text.replace('\\"q1.linear_parameters\\": 505', '\\"q1.linear_parameters\\": -505'), "utf-8")
    done = otter_assign(tmp_path / "assignment", tmp_path / "out")
    assert done.returncode != 0 and "q1.linear_parameters: write a whole number" in done.stdout + done.stderr


def filled(notebook) -> None:
    """Some of question 2 done, the rest left as it was handed out."""
    for cell in notebook.cells:
        if cell.id == "q2-conv2d_parameters":
            cell.source = "def conv2d_parameters(i, o, k, stride=1, padding=0, dilation=1, groups=1, bias=True):\n"
            cell.source += "    return o * i // groups * (k[0] * k[1] if isinstance(k, tuple) else k * k) + bias * o"
        if cell.id == "q2-answers":
            cell.source = cell.source.replace('"q2.first_conv_parameters": "?"', '"q2.first_conv_parameters": -416')


# As on a machine without otter-grader: what else is of that name on the path, the folder tests/otter, is found.
NOT_INSTALLED = """
import importlib.machinery, sys
class Elsewhere:
    def find_spec(self, name, path=None, target=None):
        if name == "otter":
            return importlib.machinery.PathFinder.find_spec(name, [one for one in sys.path if "site-packages" not in one])
sys.meta_path.insert(0, Elsewhere())
"""


@pytest.mark.thorough
@pytest.mark.parametrize("installed", ["with otter", "without otter"])
def test_a_student_checks_a_question_in_the_notebook(handed_out, installed):
    notebook = nbformat.read(handed_out / "hw3.ipynb", 4)
    filled(notebook)
    if installed == "without otter":
        notebook.cells.insert(0, nbformat.v4.new_code_cell(NOT_INSTALLED))
    resources = {"metadata": {"path": str(handed_out)}}
    nbclient.NotebookClient(notebook, timeout=120, allow_errors=True, resources=resources).execute()
    outputs = {cell.id: json.dumps(cell.get("outputs", []), ensure_ascii=False) for cell in notebook.cells}
    assert "test_conv2d_parameters:" not in outputs["q2-check"], "what is right is not named"
    assert "q2.first_conv_parameters: write a whole number; your answer is -416" in outputs["q2-check"]
    assert "test_receptive_field: not attempted yet" in outputs["q2-check"]
    assert "هنوز حل نشده" in outputs["q3-check"]
    assert "error" not in outputs["start"]


@pytest.mark.thorough
@pytest.mark.parametrize("work, told", [("right", "All tests passed!"), ("stub", "not attempted yet")])
def test_otter_check_on_a_students_file(handed_out, tmp_path, work, told):
    folder = tmp_path / "hw"
    shutil.copytree(handed_out, folder)
    if work == "right":
        right = ROOT / "tests/submissions/class/right/q2_convnet.py"
        answers = "\nanswers = {}\n" + "".join(
            f"answers[{cell!r}] = {value}\n" for cell, value in json.loads(_right_answers()) if cell.startswith("q2.")
        )
        (folder / "q2_convnet.py").write_text(right.read_text("utf-8") + answers, "utf-8")
    command = [OTTER, "check", "q2_convnet.py", "-q", "q2", "-t", "tests/otter"]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, env=os.environ, timeout=120)
    assert told in done.stdout, done.stdout + done.stderr


def _right_answers() -> str:
    from autograder.course.reference import Reference

    course = Course.load(ROOT / "grader_config.yml")
    reference = Reference(course)
    return json.dumps([(key, number.recipe(reference)) for key, number in course.numbers().items()])


def test_the_students_notebook_holds_no_solution_and_every_statement():
    course = Course.load(ROOT / "grader_config.yml")
    text = (ROOT / "student_template" / "hw3.ipynb").read_text("utf-8")
    assert "SOLUTION" not in text and "PROMPT" not in text and "solutions" not in text
    notebook = nbformat.reads(text, 4)
    code = "\n".join(cell.source for cell in notebook.cells if cell.cell_type == "code")
    words = "\n".join(cell.source for cell in notebook.cells if cell.cell_type == "markdown")
    for part in course.parts:
        asked = f"{part.question}.{part.name}" if part.kind == "numbers" else part.name
        assert (words if part.kind == "written" else code).count(asked) >= 1, part.id
    assert sum(cell.source == ANSWER_HERE for cell in notebook.cells) == len(course.written)
    assert all(cell.get("outputs", []) == [] for cell in notebook.cells)


@pytest.mark.thorough
def test_what_otter_exports_is_a_submission_and_its_log_is_left_alone(handed_out, tmp_path):
    """``grader.export()`` writes a zip of the notebook and of a log that is a pickle."""
    folder = tmp_path / "hw"
    shutil.copytree(handed_out, folder)
    notebook = nbformat.read(folder / "hw3.ipynb", 4)
    for cell in notebook.cells:
        if cell.id == "q1-answers":
            cell.source = cell.source.replace('"q1.linear_parameters": "?"', '"q1.linear_parameters": 505')
    nbformat.write(notebook, folder / "hw3.ipynb")
    export = "import otter; otter.Notebook('hw3.ipynb', tests_dir='tests/otter').export('hw3.ipynb', pdf=False, export_path='ada.zip')"
    done = subprocess.run([sys.executable, "-c", export], cwd=folder, capture_output=True, text=True, timeout=120)
    assert (folder / "ada.zip").is_file(), done.stderr
    command = [sys.executable, "-m", "autograder", "grade", str(folder / "ada.zip"), "--out", str(tmp_path / "out")]
    done = subprocess.run([*command, "--json"], cwd=ROOT, capture_output=True, text=True, timeout=120)
    assert done.returncode == 0, done.stderr
    (row,) = json.loads(done.stdout)["submissions"]
    assert row == {"id": "ada", "name": "", "status": "graded", "score": 1.0, "max_score": 76.0}


@pytest.mark.thorough
@pytest.mark.slow
def test_a_notebook_that_cannot_be_read_has_a_row_and_the_rest_is_graded(tmp_path):
    class_ = tmp_path / "class"
    class_.mkdir()
    (class_ / "cut.ipynb").write_bytes((ROOT / "student_template/hw3.ipynb").read_bytes()[:5_000])
    with (class_ / "huge.ipynb").open("wb") as file:
        file.truncate(200 << 20)
    many = {"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": [{"cell_type": "code", "source": "a = 1"}] * 20_000}
    (class_ / "many.ipynb").write_text(json.dumps(many))
    shutil.copy(ROOT / "tests/submissions/class/notebook_right.ipynb", class_ / "right.ipynb")
    command = [sys.executable, "-m", "autograder", "grade", str(class_), "--out", str(tmp_path / "out"), "--json"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=120)
    assert done.returncode == 1
    scores = {one["id"]: (one["status"], one["score"]) for one in json.loads(done.stdout)["submissions"]}
    assert scores.pop("right") == ("graded", 76.0)
    assert scores == dict.fromkeys(["cut", "huge", "many"], ("unreadable", 0.0))
    for id, told in [
        ("cut", "line "),
        ("huge", "larger than 16 MB. Stored outputs are not graded: clear them"),
        ("many", "20000 cells"),
    ]:
        assert told in next(line for line in done.stderr.splitlines() if f" {id}:" in line), done.stderr
