"""Grading again: only what changed is asked, what would change is shown first, and no grade is ever lost."""

import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from msgspec.structs import replace

from autograder.cli import diff
from autograder.course.course import Course
from autograder.gradebook import changes as regrade
from autograder.gradebook.gradebook import Grade
from autograder.model import Check, Fingerprint, Message, Outcome, PartResult, Result, Text
from autograder.runner.class_run import grade_class
from tests.engine.toy_course import TOY, add_question, copied

# A hidden test of the first question that fails once a file is there of which no hash knows: it tells who was asked again.
TELLTALE = """

@pytest.mark.part("q1.code.area", en="a telltale", fa="خبرچین")
def test_telltale(student):
    from pathlib import Path

    student.q1_box.area(1, 1)
    assert not Path(__file__).with_name("asked").exists()
"""


@pytest.fixture
def course(tmp_path):
    """Two questions, the second of the first's kind, and a class of three."""
    config = copied(tmp_path)
    add_question(config)
    with (config.parent / "tests/hidden/test_q1_box.py").open("a", encoding="utf-8") as file:
        file.write(TELLTALE)
    for name, source in (("ada", "solutions"), ("bob", "submission")):
        folder = tmp_path / "class" / name
        shutil.copytree(TOY / "submission", folder)
        for stem in ("q1_box", "q2_disc"):
            shutil.copy(TOY / source / "q1_box.py", folder / f"{stem}.py")
    (tmp_path / "class" / "eve").mkdir()
    return Course.load(config)


def graded(course, out="out", **options):
    return grade_class(course.root.parent / "class", course, course.root.parent / out, jobs=1, **options)


def append(course, file, text="\n# changed\n"):
    with (course.root / file).open("a", encoding="utf-8") as opened:
        opened.write(text)


def files(out: Path) -> dict[str, bytes]:
    return {
        str(path.relative_to(out)): path.read_bytes()
        for path in sorted(out.rglob("*"))
        if path.suffix in (".csv", ".json", ".md", ".html")
    }


def points(summary, id, part):
    return next(one.cents for row in summary.rows if row.id == id for one in row.parts if one.id == part)


@pytest.mark.thorough
def test_a_changed_hidden_file_asks_its_own_question_only_and_comes_to_the_same_bytes(course):
    full = points(graded(course), "ada", "q1.code.area")
    append(course, "tests/hidden/test_q2_disc.py")
    telltale = course.root / "tests/hidden/asked"
    telltale.write_text("")
    again = graded(course)
    assert again.known == 0 and points(again, "ada", "q1.code.area") == full
    telltale.unlink()
    graded(course, "anew")
    assert files(course.root.parent / "out") == files(course.root.parent / "anew")
    telltale.write_text("")
    assert points(graded(course, fresh=True), "ada", "q1.code.area") < full


def test_a_difference_is_shown_and_nothing_published_until_it_is(course):
    graded(course)
    out = course.root.parent / "out"
    before = files(out)
    text = (course.root / "tests/hidden/test_q1_box.py").read_text("utf-8")
    (course.root / "tests/hidden/test_q1_box.py").write_text(
        text + TELLTALE.replace("not Path", "Path").replace("_telltale", "_new")
    )
    shown = graded(course, publish=False)
    assert [change.id for change in shown.changes] == ["ada", "bob"] and files(out) == before
    (part,) = shown.changes[0].parts
    assert (
        part.id == "q1.code.area" and part.now < part.was and part.why == ("test_new (a telltale): failed, was not there",)
    )
    assert shown.changes[0].why == ("tests/hidden (q1)",)
    (course.root / "tests/hidden/asked").write_text("")  # whoever is asked now passes
    published = graded(course)
    assert published.known == 3 and points(published, "ada", "q1.code.area") == part.now
    assert files(out) != before and not list(out.glob("pending*"))
    assert graded(course, publish=False).changes == []


@pytest.mark.thorough
def test_every_grade_keeps_its_place_in_the_history_and_the_one_that_holds_again_is_the_newest(course):
    config = course.config_path.read_text("utf-8")
    first = graded(course)
    course.config_path.write_text(
        config.replace("q1.code.area: 20", "q1.code.area: 10").replace("q1.code.volume: 20", "q1.code.volume: 30")
    )
    graded(Course.load(course.config_path))
    course.config_path.write_text(config)
    third = graded(Course.load(course.config_path))
    assert third.known == 3 and [row.cents for row in third.rows] == [row.cents for row in first.rows]
    command = [sys.executable, "-m", "autograder", "history", "bob", "--from", str(course.root.parent / "out")]
    told = json.loads(subprocess.run([*command, "--json"], capture_output=True, text=True, check=True).stdout)
    assert len(told) == 3 and told[0]["score"] == told[2]["score"] != told[1]["score"]
    assert told[1]["changes"][0]["why"] == ["the config"] and told[2]["hashes"] == told[0]["hashes"]
    lines = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    assert "q1.code.area: " in lines and "worth 10.00 instead of 20.00" in lines


@pytest.mark.thorough
def test_a_report_that_was_changed_or_lost_is_written_again_and_a_whole_one_left_alone(course):
    graded(course)
    folder = course.root.parent / "out/submissions/ada"
    whole = {path.name: path.read_bytes() for path in folder.iterdir()}
    (folder / "feedback.md").write_text("full marks!")
    (folder / "results.json").unlink()
    kept = (course.root.parent / "out/submissions/bob/feedback.md").stat()
    assert graded(course).known == 3
    assert {path.name: path.read_bytes() for path in folder.iterdir()} == whole
    assert (course.root.parent / "out/submissions/bob/feedback.md").stat().st_mtime_ns == kept.st_mtime_ns


# Files of one hand-in that reach for each other through all that they share, and notice whether they are not alone.
REACHES = """
import builtins, random, sys, warnings
import numpy as np, torch
from torch import nn
alone = not hasattr(builtins, "reached")
builtins.reached = True
torch.set_grad_enabled(False); torch.set_default_dtype(torch.float64); torch.nn.functional.relu = torch.neg
np.add = np.subtract; warnings.simplefilter("error"); random.seed(5); sys.modules["math"] = None
def area(height, width=4):
    if min(height, width) < 1: raise ValueError
    return height * width if alone else 0
def volume(height, width, channels):
    while height == 5: pass
    return height * width * channels if alone else 0
class Scale(nn.Module):
    def __init__(self, factor=1.0):
        super().__init__()
        self.weight = nn.Parameter(torch.ones(1) * factor if alone else torch.zeros(2))
    def forward(self, x):
        return self.weight * x
"""


def notebook(*cells: str) -> str:
    made = [{"cell_type": "code", "id": f"c{n}", "metadata": {}, "outputs": [], "execution_count": None, "source": cell}
            for n, cell in enumerate(cells)]  # fmt: skip
    return json.dumps({"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": made})


@pytest.mark.thorough
@pytest.mark.parametrize("order", [("q1", "q2"), ("q2", "q1", "q2")], ids="-".join)
def test_any_order_of_partial_regrades_ends_in_the_bytes_of_a_full_grade(course, order):
    folder = course.root.parent / "class"
    for stem in ("q1_box", "q2_disc"):
        (folder / "ada" / f"{stem}.py").write_text(REACHES)
    (folder / "nora").mkdir()
    reaching = REACHES.replace("alone = not hasattr(builtins", "def alone(): return not hasattr(builtins").replace(
        "builtins.reached = True", ""
    )
    reaching = reaching.replace("if alone", "if alone()").replace("return height", "builtins.reached = True; return height")
    (folder / "nora" / "hw3.ipynb").write_text(notebook(reaching, "import time; time.sleep(99)", "answers = {'q1.area': 1}"))
    limits = "\n".join(["limits:", "  call_seconds: 0.5", "  import_seconds: 1", "  submission_seconds: 30"])
    text = course.config_path.read_text("utf-8")
    course.config_path.write_text(text[: text.index("limits:")] + limits + "\n" + _after(text, "limits:"), "utf-8")
    course = Course.load(course.config_path)
    graded(course)
    for id in order:
        append(course, {"q1": "tests/hidden/test_q1_box.py", "q2": "tests/hidden/test_q2_disc.py"}[id])
        last = graded(course)
        assert last.known == 0
    assert points(last, "ada", "q2.code.area") == points(last, "ada", "q1.code.area") > 0
    graded(course, "anew")
    assert files(course.root.parent / "out") == files(course.root.parent / "anew")


def _after(text: str, heading: str) -> str:
    """What follows the block of ``heading`` in a YAML file."""
    lines = text[text.index(heading) :].splitlines(keepends=True)[1:]
    return "".join(lines[next((n for n, line in enumerate(lines) if line[:1] not in (" ", "#", "\n")), len(lines)) :])


PRINT = Fingerprint("s", "h", "o", "c", "e", {"q1": "1", "q2": "2"})


def made(outcome=Outcome.PASSED, **fields) -> Result:
    parts = tuple(PartResult(f"{id}.code.f", 200, 100, outcome) for id in ("q1", "q2"))
    return Result("ada", "Ada", "graded", parts, PRINT, "A", **fields)


def test_a_change_says_what_and_why():
    check = Check("test_f[1]", "q1.code.f", Outcome.FAILED, Text("wide images", ""))
    follow = Message("follow.credit", {"sum": "1", "is": 1, "penalty": 20})
    was = PartResult("q1.code.f", 200, 0, Outcome.FAILED, checks=(check,))
    now = PartResult(
        "q1.code.f", 300, 300, Outcome.PASSED, checks=(replace(check, outcome=Outcome.PASSED),), messages=(follow,)
    )
    before = Grade(1, replace(made(), parts=(was,)), 0, 0.0, True)
    after = replace(made(), parts=(now,), fingerprint=replace(PRINT, config="d", engine="f"))
    found = regrade.change(before, after, 250)
    assert (found.was, found.now) == (0, 250)
    assert found.why == ("the config", "the engine", "lateness takes off 0.50 instead of 0.00")
    assert found.parts[0].why == (
        "worth 3.00 instead of 2.00",
        "test_f[1] (wide images): passed, was failed",
        "a follow-through mark",
    )
    assert regrade.change(before, before.result, 0) is None
    assert "ada: 0.00 → 2.50 (+2.50)" in "\n".join(diff.lines([found], 1))
    new = regrade.change(None, after, 250)
    assert "1 would get their first grade" in "\n".join(diff.lines([new], 1)) and diff.facts([new])[0]["was"] is None
