"""The student template: as released, nothing of the answers in it, and working where nothing of this repository is."""

import ast
import hashlib
import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from autograder.course import handout
from autograder.course.course import Course
from autograder.prepare import release

ROOT = Path(__file__).resolve().parents[3]
TEMPLATE = ROOT / "student_template"
GIVEN = (256,)  # the only answer that also stands in a question, as the side of an image and a number of channels
KINDS = ("numbers", "code", "written")


@pytest.fixture(scope="module")
def course():
    return Course.load(ROOT / "grader_config.yml")


def test_the_template_has_not_drifted(course):
    drift = release.drift(course)
    assert not drift, f"run `make release`\n{drift}"


def test_drift_is_seen(course, tmp_path, monkeypatch):
    shutil.copytree(TEMPLATE, tmp_path / "student_template", ignore=shutil.ignore_patterns("__pycache__"))
    (tmp_path / "assignment").mkdir()
    for path in (ROOT / "assignment").iterdir():  # a release writes the typeset handout here too
        if path.name.startswith("handout."):
            shutil.copy(path, tmp_path / "assignment")
        else:
            (tmp_path / "assignment" / path.name).symlink_to(path)
    for name in ("solutions", "tests", "constraints.txt", "grader_config.yml"):
        (tmp_path / name).symlink_to(ROOT / name)
    copy = Course.load(ROOT / "grader_config.yml")
    object.__setattr__(copy, "root", tmp_path)
    (tmp_path / "student_template/q3_unet.py").write_text("changed\n")
    (tmp_path / "student_template/extra.txt").write_text("extra\n")
    drift = release.drift(copy)
    assert "-changed" in drift and "extra.txt" in drift
    assert {path.name for path in release.write(copy)} == {"q3_unet.py", "extra.txt"}
    assert release.drift(copy) == ""


def texts():
    return {
        path.relative_to(TEMPLATE): path.read_text("utf-8")
        for path in TEMPLATE.rglob("*")
        if path.suffix not in ("", ".pyc", ".pdf")
    }


def test_no_answer_is_in_the_template(course):
    """No reference value, plain or hashed, and no line of a solution's body or of a hidden suite."""
    from autograder.course.reference import Reference

    values = {key: number.recipe(Reference(course)) for key, number in course.numbers().items()}
    sheet = texts()[Path("answers.toml")]
    assert [line.split(" = ")[1] for line in sheet.splitlines() if " = " in line and line[0] != "#"] == ['"?"'] * len(values)
    everything = re.sub(r"(?s)<(style|svg)\b.*?</\1>", "", "\n".join(texts().values()))  # a page's lengths are no answers
    for key, value in values.items():
        sizes = list(value) if isinstance(value, tuple) else [value]
        for digits in ("0123456789", "۰۱۲۳۴۵۶۷۸۹"):
            told = [str(size).translate(str.maketrans("0123456789", digits)) for size in sizes]
            found = re.search(r"(?<![\d.])" + r"\s*[,×x]\s*".join(told) + r"(?![\d.])", everything)
            assert not found or value in GIVEN, key
        for form in (str(value), str(sizes), json.dumps(value)):
            for algorithm in ("md5", "sha1", "sha256"):
                assert hashlib.new(algorithm, form.encode()).hexdigest() not in everything, key


PERSIAN = str.maketrans("0123456789", "۰۱۲۳۴۵۶۷۸۹")


def test_what_is_persian_is_read_from_right_to_left(course):
    for path in [*TEMPLATE.glob("*.fa.md"), *TEMPLATE.glob("handout/*.fa.md")]:
        lines = path.read_text("utf-8").strip().splitlines()
        assert (lines[0], lines[-1]) == ('<div dir="rtl" lang="fa">', "</div>"), path
    assert not [text for text in handout.statements(course).values() if "<div" in text.fa or "</div" in text.fa]


def test_what_the_readmes_say_of_points_is_what_the_config_says(course):
    points = {kind: sum(part.cents for part in course.parts if part.kind == kind) / 100 for kind in KINDS}
    english, persian = texts()[Path("README.md")], texts()[Path("README.fa.md")]
    for word, said, kind in zip(
        ("numbers", "code", "writing"), ("پرسش‌های عددی", "کد", "پرسش‌های تشریحی"), KINDS, strict=True
    ):
        told = f"{points[kind]:g}"
        assert re.search(rf"^\| {word} \| {told} \|", english, re.MULTILINE), (word, told)
        assert re.search(rf"^\| {said} \| {told.translate(PERSIAN)} \|", persian, re.MULTILINE), (said, told)


def test_no_line_of_a_solution_or_hidden_suite_is_in_the_template(course):
    everything = {line.strip() for text in texts().values() for line in text.splitlines()}
    for question in course.questions:
        source = question.path("solution").read_text("utf-8")
        for node in ast.walk(ast.parse(source)):
            if isinstance(node, ast.FunctionDef):
                for statement in node.body:
                    if isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Constant):
                        continue
                    for line in ast.get_source_segment(source, statement).splitlines():
                        line = line.strip()
                        assert len(line) < 25 or line not in everything, line
        for line in question.path("hidden test").read_text("utf-8").splitlines():
            line = line.strip()
            if len(line) > 40 and "import" not in line and not line.startswith("def "):
                assert line not in everything, line


def run_pytest(folder, *more):
    """pytest as a student runs it: in a copy, with nothing of this repository on the path."""
    environment = {"PATH": os.environ["PATH"], "HOME": str(folder), "PYTHONDONTWRITEBYTECODE": "1", "OMP_NUM_THREADS": "1"}
    command = [sys.executable, "-P", "-m", "pytest", *more]
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, env=environment)


@pytest.fixture
def handed_out(tmp_path):
    folder = tmp_path / "homework"
    shutil.copytree(TEMPLATE, folder, ignore=shutil.ignore_patterns("__pycache__"))
    return folder


def test_untouched_it_says_not_attempted_and_nothing_fails(handed_out):
    done = run_pytest(handed_out, "-rs")
    assert done.returncode == 0, done.stdout
    assert "not attempted yet" in done.stdout and "failed" not in done.stdout and "passed" not in done.stdout


def test_the_right_hand_in_passes(handed_out):
    right = ROOT / "tests/submissions/class/right"
    for path in right.iterdir():
        shutil.copy(path, handed_out)
    done = run_pytest(handed_out)
    assert done.returncode == 0 and "skipped" not in done.stdout, done.stdout


@pytest.mark.thorough
def test_messages_are_to_act_on(handed_out):
    sheet = (handed_out / "answers.toml").read_text("utf-8")
    sheet = sheet.replace('receptive_field = "?"', "receptive_field = true").replace(
        'first_conv_parameters = "?"', "first_conv_parameters = 77"
    )
    (handed_out / "answers.toml").write_text(sheet, "utf-8")
    code = (ROOT / "tests/submissions/class/right/q2_convnet.py").read_text("utf-8")
    (handed_out / "q2_convnet.py").write_text(code, "utf-8")
    (handed_out / "q3_unet.py").write_text("def f():\n    return ۳\n", "utf-8")
    (handed_out / "q4_densenet.py").unlink()
    told = run_pytest(handed_out).stdout
    assert "q2.receptive_field: write a whole number; your answer is True" in told
    assert "your answer is 77, your own code says 1216" in told
    assert "q3_unet.py, line 2, column 12: the character ۳ cannot stand there" in told and "type 3 instead" in told
    assert "q4_densenet.py is missing" in run_pytest(handed_out, "-rs").stdout


def test_what_is_wrong_is_said_once_and_by_name(handed_out):
    """No traceback of ours, no function by its address; what cannot be read is told where it was to count."""
    sheet = (handed_out / "answers.toml").read_text("utf-8")
    for blank, given in (
        ('\nstack_output_shape = "?"', "\nstack_output_shape = [1,2"),
        ('first_conv_output_shape = "?"', "first_conv_output_shape = 16"),
        ('first_conv_output_values = "?"', "first_conv_output_values = 160"),
    ):
        sheet = sheet.replace(blank, given)
    (handed_out / "answers.toml").write_text(sheet + "\n= 5\n", "utf-8")
    code = (handed_out / "q2_convnet.py").read_text("utf-8")
    name = "conv2d_output_size"
    begin = code.index("raise NotImplementedError", code.index(f"def {name}"))
    code = code[:begin] + "return (6, 5)" + code[begin + len("raise NotImplementedError") :]
    (handed_out / "q2_convnet.py").write_text(code, "utf-8")
    told = run_pytest(handed_out, "-rs").stdout
    assert "conv2d_output_size(2, 3) gave (6, 5)" in told and "(pool2d_output_size)" in told
    assert "q2.first_conv_output_shape: write a list of 3 whole numbers; your answer is 16" in told
    assert "to compare it, q2.first_conv_output_shape is needed" in told and "TypeError" not in told
    assert "stack_output_shape = [1,2 – cannot be read" in told and "could not be read: = 5." in told
    assert " at 0x" not in told and "conftest.py" not in told and "During handling" not in told


@pytest.mark.parametrize("missing", ["torch", "numpy"])
def test_what_has_to_be_installed_is_told_in_one_line(handed_out, missing):
    blind = f"import importlib.util as u; find = u.find_spec; u.find_spec = lambda n, *a: None if n == {missing!r} else find(n, *a)"
    command = [sys.executable, "-c", f"{blind}; import pytest, sys; sys.exit(pytest.main([]))"]
    done = subprocess.run(command, cwd=handed_out, capture_output=True, text=True)
    assert done.returncode == 3 and "pip install -r requirements.txt" in done.stdout + done.stderr
    assert f": {missing}." in done.stdout + done.stderr and "Traceback" not in done.stdout + done.stderr
