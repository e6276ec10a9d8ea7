"""``convgrade grade``: what it counts before anything is graded."""

import os
from contextlib import contextmanager

import pytest
from click.testing import CliRunner

from autograder.cli import grading, progress
from autograder.runner import class_run
from tests.engine.intake.hand_ins import SHEET, laid, zipped
from tests.engine.toy_course import TOY


@pytest.mark.parametrize("prefer", [(), ("--prefer", "newest"), ("--prefer", "which.csv")])
def test_the_bar_ends_where_the_hand_ins_end(tmp_path, monkeypatch, prefer):
    monkeypatch.chdir(tmp_path)
    laid(tmp_path / "class", {name: zipped({"answers.toml": SHEET}) for name in ("Ada.zip", "ada.zip", "bob.zip")})
    os.utime(tmp_path / "class" / "Ada.zip", (1_000_000_000, 1_000_000_000))
    (tmp_path / "which.csv").write_text("id,file\nada,ada.zip\n")
    totals, hand_ins = [], []

    @contextmanager
    def shown(total):
        totals.append(total)
        yield print

    def grade_class(taken, course, out, **options):
        hand_ins.extend(taken.submissions())
        return class_run.Summary()

    monkeypatch.setattr(progress, "shown", shown)
    monkeypatch.setattr(class_run, "grade_class", grade_class)
    config = str(TOY / "grader_config.yml")
    done = CliRunner().invoke(grading.grade, ["class", "--json", "--config", config, *prefer], catch_exceptions=False)
    assert totals == [len(hand_ins)] == [2 if prefer else 3], done.output
