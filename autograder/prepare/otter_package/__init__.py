"""``dist/autograder.zip``: the assignment packed with otter-grader's own tooling, for Gradescope, ``otter run`` and ``otter grade``.

``otter generate`` makes the zip. The course and the engine travel below ``files/convgrade``, where every way of running
the zip finds them; ``setup.sh`` and ``run_autograder`` are our own, since otter's fetch an environment over the network
and run student code beside the grader. What ``otter run`` on a laptop asks is answered by ``otter_plugin``.
"""

from __future__ import annotations

import contextlib
import json
import shutil
import tempfile
import zipfile
from pathlib import Path

import nbformat

from autograder.course.course import Course
from autograder.errors import ConvgradeError
from autograder.files import zipped
from autograder.gradebook.dealt import dealing
from autograder.prepare.otter_package.pinned import requirements

HERE = Path(__file__).resolve().parent
ENGINE = HERE.parents[1]
FOLDER = "convgrade"  # below files/: the course and the engine
NOTEBOOK = "hw3.ipynb"  # otter's runner wants one notebook before any plugin is asked; student_template has the same name
COURSE = ("assignment", "solutions", "tests/hidden", "tests/public", "student_template", "grader_config.yml", "variants.csv")
LEFT_OUT = shutil.ignore_patterns("__pycache__", "*.pyc", ".*")
OTTER_CONFIG = {"plugins": ["autograder.prepare.otter_package.otter_plugin.Convgrade"], "print_summary": False}
# otter refuses an empty tests/; what counts comes from the plugin.
OTTER_TEST = """OK_FORMAT = True
test = {"name": "convgrade", "points": 0, "suites": [{"cases": [], "scored": True, "setup": "", "teardown": "", "type": "doctest"}]}
"""
PROGRAMS = ("setup.sh", "run_autograder")


def build(course: Course, out: Path) -> Path:
    """Write ``out/autograder.zip`` and return its path.

    Raises ConvgradeError where otter-grader is not installed, and where it is not known who has which variant.
    """
    dealing(course)
    try:
        from otter.generate import main as otter_generate
    except ImportError as error:
        raise ConvgradeError(
            f"otter-grader is missing: {error}", where="convgrade package", todo="Run: make package."
        ) from None
    out.mkdir(parents=True, exist_ok=True)
    target = out / "autograder.zip"
    with tempfile.TemporaryDirectory() as folder:
        staged = Path(folder)
        _stage(course, staged)
        with contextlib.chdir(staged):
            otter_generate(
                tests_dir="tests",
                output_path="otter.zip",
                config="otter_config.json",
                requirements="requirements.txt",
                overwrite_requirements=True,
                no_environment=True,
                files=[FOLDER, NOTEBOOK],
            )
        _finish(staged / "otter.zip", target, staged / "requirements.txt")
    return target


def _stage(course: Course, folder: Path) -> None:
    own = folder / FOLDER
    for name in COURSE:
        source, copy = course.root / name, own / name
        if source.is_dir():
            shutil.copytree(source, copy, ignore=LEFT_OUT)
        elif source.is_file():
            copy.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(source, copy)
    if course.config.late.extensions:
        copy = own / course.config.late.extensions
        copy.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(course.root / course.config.late.extensions, copy)
    shutil.copytree(ENGINE, own / "autograder", ignore=LEFT_OUT)
    (folder / "tests").mkdir()
    (folder / "tests" / "convgrade.py").write_text(OTTER_TEST, "utf-8")
    (folder / "otter_config.json").write_text(json.dumps(OTTER_CONFIG), "utf-8")
    (folder / "requirements.txt").write_text(requirements(), "utf-8")
    nbformat.write(nbformat.v4.new_notebook(metadata={"convgrade": "placeholder"}), folder / NOTEBOOK)


def _finish(made: Path, target: Path, pinned: Path) -> None:
    """otter's zip with our own two scripts, in order and without times."""
    own = {name: (HERE / name).read_bytes() for name in PROGRAMS}
    own["requirements.txt"] = pinned.read_bytes()
    with zipfile.ZipFile(made) as otters:
        entries = {name: otters.read(name) for name in otters.namelist() if not name.endswith("/")} | own
    beside = target.with_name(f".{target.name}.new")
    beside.write_bytes(zipped(dict(sorted(entries.items())), PROGRAMS))
    beside.replace(target)
