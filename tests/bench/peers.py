"""Other graders on the same homework, or on a trivial one: what each costs a submission."""

from __future__ import annotations

import json
import os
import shutil
import sys
import zipfile
from pathlib import Path

import nbformat

from tests.bench import RIGHT, ROOT
from tests.bench.cost import CONVGRADE, Cost, environment, measured

NBGRADER = Path(sys.executable).parents[1] / "nbgrader" / "bin"  # a virtual environment of its own, built by make bench


def otter(scratch: Path) -> Cost:
    """``otter run`` of the packaged homework on one right submission."""
    measured([*CONVGRADE, "package", "--out", str(scratch / "dist")], cwd=ROOT)
    with zipfile.ZipFile(scratch / "right.zip", "w") as zip:
        for path in sorted(RIGHT.iterdir()):
            if path.is_file():
                zip.write(path, path.name)
    return _otter_run(scratch, scratch / "dist" / "autograder.zip", scratch / "right.zip")


def otter_trivial(scratch: Path) -> Cost:
    """``otter run`` on a notebook of three cells with three trivial checks."""
    tests = scratch / "otter-tests"
    tests.mkdir()
    for number in (1, 2, 3):
        case = {"code": f">>> x{number} == {number}\nTrue", "hidden": False, "locked": False}
        suite = {"cases": [case], "scored": True, "setup": "", "teardown": "", "type": "doctest"}
        test = {"name": f"q{number}", "points": 1, "suites": [suite]}
        (tests / f"q{number}.py").write_text(f"OK_FORMAT = True\ntest = {test!r}\n")
    _notebook(scratch / "hw.ipynb", [nbformat.v4.new_code_cell(f"x{number} = {number}") for number in (1, 2, 3)])
    command = [_beside("otter"), "generate", "-t", "otter-tests", "-o", "trivial.zip"]
    measured(command, cwd=scratch)
    return _otter_run(scratch, scratch / "trivial.zip", scratch / "hw.ipynb")


def _otter_run(scratch: Path, package: Path, submission: Path) -> Cost:
    out = scratch / f"otter-{package.stem}"
    out.mkdir()
    command = [_beside("otter"), "run", "-a", str(package), str(submission), "-o", str(out), "--no-logo"]
    cost = measured(command, cwd=scratch)
    tests = json.loads((out / "results.json").read_text("utf-8"))["tests"]
    if not tests or any(test.get("score") != test.get("max_score", test.get("score")) for test in tests):
        raise SystemExit(f"otter run did not give full marks: {out / 'results.json'}")
    return cost


def nbgrader(scratch: Path, students: int) -> Cost:
    """``nbgrader autograde`` of an equivalent notebook, for a class of ``students``.

    A solution cell a file of the hand-in, which it writes, and an autograded cell a question, which runs that question's
    hidden suite on them. nbgrader starts a kernel for each submission; it is the project's own Python.
    """
    course = scratch / "nbgrader"
    stems = sorted(path.stem for path in RIGHT.glob("q*.py"))
    files = [RIGHT / "answers.toml", *(RIGHT / f"{stem}.py" for stem in stems)]
    cells = [
        *(_cell(file.stem, f"%%writefile {file.name}\n{file.read_text('utf-8')}", solution=True) for file in files),
        _cell("setup", SETUP.format(root=str(ROOT)), locked=True),
        *(_cell(f"test-{stem}", f"assert asked(course, Path.cwd(), {stem!r})", grade=True, locked=True) for stem in stems),
    ]
    source = course / "source" / "ps1"
    source.mkdir(parents=True)
    _notebook(source / "hw.ipynb", cells)
    kernel = scratch / "jupyter" / "kernels" / "python3"
    kernel.mkdir(parents=True)
    argv = [sys.executable, "-m", "ipykernel_launcher", "-f", "{connection_file}"]
    (kernel / "kernel.json").write_text(json.dumps({"argv": argv, "display_name": "Python 3", "language": "python"}))
    (course / "nbgrader_config.py").write_text("c = get_config()\nc.CourseDirectory.course_id = 'bench'\n")
    path = f"{NBGRADER}:{os.environ['PATH']}"  # it calls alembic by name
    options = {"cwd": course, "env": environment(JUPYTER_PATH=str(scratch / "jupyter"), PATH=path)}
    measured([str(NBGRADER / "nbgrader"), "generate_assignment", "ps1"], **options)
    for number in range(students):
        handed_in = course / "submitted" / f"student{number}" / "ps1"
        handed_in.mkdir(parents=True)
        shutil.copy(source / "hw.ipynb", handed_in)
    cost = measured([str(NBGRADER / "nbgrader"), "autograde", "ps1"], **options)
    for number in range(students):
        _all_passed(course / "autograded" / f"student{number}" / "ps1" / "hw.ipynb")
    return cost


SETUP = """import os, sys
sys.path[:0] = [{root!r}]
os.environ["PYTEST_DISABLE_PLUGIN_AUTOLOAD"] = "1"
from pathlib import Path
from autograder.course.course import Course
from tests.bench.plain import asked
course = Course.load(Path({root!r}) / "grader_config.yml")"""


def _cell(id: str, source: str, *, grade=False, solution=False, locked=False) -> nbformat.NotebookNode:
    told = {"schema_version": 3, "grade_id": id, "grade": grade, "solution": solution, "locked": locked, "task": False}
    return nbformat.v4.new_code_cell(source, metadata={"nbgrader": told | ({"points": 1} if grade else {})})


def _notebook(path: Path, cells: list) -> None:
    notebook = nbformat.v4.new_notebook(metadata={"kernelspec": {"name": "python3", "display_name": "Python 3"}})
    notebook.cells = cells
    nbformat.write(notebook, path)


def _all_passed(path: Path) -> None:
    """An autograded notebook whose cells all ran. Raises SystemExit with what one of them ended in."""
    for cell in nbformat.read(path, 4).cells:
        for output in cell.get("outputs", ()):
            if output.output_type == "error":
                raise SystemExit(f"{path.parent.parent.name}: {output.ename}: {output.evalue}")


def _beside(name: str) -> str:
    return str(Path(sys.executable).with_name(name))
