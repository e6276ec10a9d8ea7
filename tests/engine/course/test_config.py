"""What is wrong with a config is told with file, line and what to change, before anything is graded."""

from pathlib import Path

import pytest

from autograder.course.config import BOUNDS, check_parts
from autograder.course.course import Course
from autograder.errors import ConvgradeError
from autograder.model import Limits

ROOT = Path(__file__).resolve().parents[3]
TEXT = (ROOT / "grader_config.yml").read_text("utf-8")


def course_with(tmp_path, text):
    """The real course with another config."""
    for name in ("solutions", "assignment", "tests", "student_template"):
        (tmp_path / name).symlink_to(ROOT / name)
    (tmp_path / "grader_config.yml").write_text(text, "utf-8")
    return Course.load(tmp_path / "grader_config.yml")


def line_of(text, needle):
    return next(number for number, line in enumerate(text.splitlines(), 1) if needle in line)


def test_the_course_itself_is_right(tmp_path):
    course = course_with(tmp_path, TEXT)
    assert sum(part.cents for part in course.parts) == 10_000
    kinds = {kind: sum(part.cents for part in course.parts if part.kind == kind) for kind in ("numbers", "code", "written")}
    assert kinds == {"numbers": 3000, "code": 4600, "written": 2400}


BROKEN = {
    "unknown part": ("q2.code.ConvNet: 4", "q2.code.ConvNot: 4", "q2.code.ConvNot", "Did you mean q2.code.ConvNet?"),
    "points do not add up": ("q3.written.w4: 4", "q3.written.w4: 5", "points:", "add up to 101"),
    "points too fine": ("q3.written.w4: 4", "q3.written.w4: 4.005", "q3.written.w4", "multiple of 0.01"),
    "points negative": ("q3.written.w4: 4", "q3.written.w4: -4", "q3.written.w4", "0 or more"),
    "points no number": ("q3.written.w4: 4", "q3.written.w4: four", "q3.written.w4", "Give a number"),
    "points without end": ("q3.written.w4: 4", "q3.written.w4: .inf", "q3.written.w4", "Give a number"),
    "points beyond all sense": ("q3.written.w4: 4", f"q3.written.w4: {10**30}", "q3.written.w4", "of at most"),
    "points beyond all floats": ("q3.written.w4: 4", f"q3.written.w4: {10**400}", "q3.written.w4", "of at most"),
    "total beyond all floats": ("total: 100", f"total: {10**400}", "total:", "total"),
    "a part left out": ("  q3.written.w4: 4\n", "", "points:", "q3.written.w4 is asked, but has no points"),
    "a key twice": ("  q3.written.w4: 4\n", "  q3.written.w4: 4\n  q3.written.w4: 4\n", None, "given twice"),
    "bad limit": ("call_seconds: 5 ", "call_seconds: 0 ", "call_seconds", "Choose between"),
    "no time to mark": ("memory_mb: 2048", "marking_seconds: 0", "marking_seconds", "Choose between 1 and 3600"),
    "no memory to mark": ("memory_mb: 2048", "marking_mb: -5", "marking_mb", "Choose between 64"),
    "limit of another kind": (
        "memory_mb: 2048",
        "memory_mb: a lot",
        "memory_mb",
        "a whole number is expected, and this is text",
    ),
    "unknown limit": ("call_seconds: 5 ", "call_second: 5 ", "call_second", "Did you mean call_seconds?"),
    "unknown key": ("feedback: hint", "feedbak: hint", "feedbak", "Did you mean feedback?"),
    "unknown level": ("feedback: hint", "feedback: everything", "feedback: everything", "feedback"),
    "unknown tier": ("required: C", "required: F", "required: F", "isolation.required"),
    "step of nothing": (
        "{product: [q3.bottleneck_shape]}",
        "{power: [q3.bottleneck_shape]}",
        "q3.bottleneck_pixels: {",
        "sum",
    ),
    "step of an unknown key": (
        "{product: [q3.bottleneck_shape]}",
        "{product: [q3.bottleneck]}",
        "q3.bottleneck_pixels: {",
        "Did you mean",
    ),
    "penalty": ("penalty_percent: 20", "penalty_percent: 120", "penalty_percent", "between 0 and 100"),
    "not YAML": ("feedback: hint", "feedback: [hint", "isolation", "not YAML"),
}


@pytest.mark.parametrize("old, new, needle, said", BROKEN.values(), ids=BROKEN.keys())
def test_a_wrong_config_is_told_with_its_line(tmp_path, old, new, needle, said):
    assert old in TEXT
    text = TEXT.replace(old, new, 1)
    with pytest.raises(ConvgradeError) as caught:
        course_with(tmp_path, text)
    assert said in str(caught.value)
    if needle and needle != "isolation":
        assert caught.value.where.endswith(f"grader_config.yml:{line_of(text, needle)}"), caught.value.where


def test_every_limit_has_bounds_and_starts_within_them():
    assert set(BOUNDS) == set(Limits.__struct_fields__)
    assert all(low <= getattr(Limits(), name) <= high for name, (low, high) in BOUNDS.items())


def test_a_part_without_a_test_and_a_test_without_a_part(tmp_path):
    course = course_with(tmp_path, TEXT)
    marked = {part.id: "tests/hidden/test_x.py:7" for part in course.parts if part.kind != "written"}
    check_parts(course, marked)
    without = {part: file for part, file in marked.items() if part != "q3.code.UNet"}
    with pytest.raises(ConvgradeError, match=r"q3\.code\.UNet has points, but no hidden test"):
        check_parts(course, without)
    with pytest.raises(ConvgradeError, match=r"q3\.code\.Unet, which has no points") as caught:
        check_parts(course, {**marked, "q3.code.Unet": "tests/hidden/test_x.py:7"})
    assert caught.value.where == "tests/hidden/test_x.py:7" and "Did you mean q3.code.UNet?" in str(caught.value)


def test_the_command_says_it_in_one_line_and_ends_with_2(tmp_path):
    import subprocess
    import sys

    (tmp_path / "grader_config.yml").write_text("title: x\npoints: {}\nlimit: {}\n", "utf-8")
    command = [sys.executable, "-m", "autograder", "grade", ".", "--config", "grader_config.yml"]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, env={"PYTHONPATH": str(ROOT)})
    assert done.returncode == 2 and done.stdout == ""
    assert done.stderr.count("\n") == 1 and "grader_config.yml:3" in done.stderr and "Did you mean limits?" in done.stderr
