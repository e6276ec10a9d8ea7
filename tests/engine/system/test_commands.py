"""What every command has in common, and what doctor says of a course."""

import json
import os
import subprocess
import sys

import pytest
from click.testing import CliRunner

from autograder.cli import authors, main
from tests.engine.intake.hand_ins import laid, zipped
from tests.engine.system.attacks.attack import AREA
from tests.engine.toy_course import TOY
from tests.submissions.golden import ROOT

FOR_PROGRAMS = {"grade", "history", "check", "doctor", "todo", "verify"}


@pytest.mark.parametrize("name", sorted(name for name, one in main.main.commands.items() if not one.hidden))
def test_every_command_has_an_example_and_takes_a_config(name):
    command = main.main.commands[name]
    options = {option for parameter in command.params for option in parameter.opts}
    assert command.epilog.startswith(f"Example: convgrade {name}") and "--config" in options
    assert ("--json" in options) == (name in FOR_PROGRAMS)
    shown = CliRunner().invoke(command, ["--help"])
    assert shown.exit_code == 0 and "Example: " in shown.output


def test_help_groups_every_command_by_who_uses_it():
    shown = CliRunner().invoke(main.main, ["--help"]).output
    grouped = [name for commands in main.AUDIENCES.values() for name in commands]
    assert sorted(grouped) == sorted(name for name, one in main.main.commands.items() if not one.hidden)
    positions = [shown.index(f"{audience}:") for audience in main.AUDIENCES]
    assert positions == sorted(positions)
    assert all(any(line.split()[:1] == [name] for line in shown.splitlines()) for name in grouped)


def test_doctor_checks_the_course_and_prints_the_table_of_roles():
    shown = CliRunner().invoke(authors.doctor, ["--config", str(ROOT / "grader_config.yml")], standalone_mode=False)
    assert (
        "45 parts" in shown.output
        and "the course is ready to be graded" in shown.output
        and "tests/hidden/test_{stem}.py" in shown.output
    )


def test_doctor_says_what_is_wrong_with_a_config(tmp_path):
    (tmp_path / "grader_config.yml").write_text("title: x\npoints: {}\nlimit: {}\n")
    shown = CliRunner().invoke(authors.doctor, ["--config", str(tmp_path / "grader_config.yml")], standalone_mode=False)
    assert "Did you mean limits?" in str(shown.exception)


def test_doctor_works_where_there_is_no_course(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    shown = CliRunner().invoke(authors.doctor, ["--json"], standalone_mode=False)
    assert json.loads(shown.output)["course"] is None


@pytest.mark.parametrize(
    ("how", "ids"),
    [(("--prefer", "newest"), ("ada", "bob")), (("--format", "moodle"), ("901", "902"))],
    ids=["prefer", "format"],
)
def test_what_reads_a_class_again_reads_it_as_it_was_graded(tmp_path, how, ids):
    same = AREA + "".join(
        f"\ndef way_{n}(a, b):\n    return {' + '.join(f'a * {n} - b' for _ in range(20))}\n" for n in range(3)
    )
    files = {"q1_box.py": same.encode(), "answers.toml": b"[q1]\narea = 4  # two twos\n"}
    if "--prefer" in how:
        class_ = laid(tmp_path / "class", {f"{id}/hw/{name}": data for id in ids for name, data in files.items()})
        laid(class_, {"Ada.zip": zipped({"answers.toml": b"[q1]\narea = 5  # older\n"})})
        os.utime(class_ / "Ada.zip", (1_000_000_000, 1_000_000_000))
    else:
        class_ = tmp_path / "class.zip"
        named = {f"S{id}_{id}_assignsubmission_file_/{name}": data for id in ids for name, data in files.items()}
        class_.write_bytes(zipped(named))

    def run(command, *options):
        arguments = [command, *options, "--config", TOY / "grader_config.yml", *how]
        done = subprocess.run([sys.executable, "-m", "autograder", *arguments], capture_output=True, text=True)
        assert done.returncode == 0, done.stderr

    run("grade", class_, "--out", tmp_path / "out")
    for command in ("atlas", "report"):
        run(command, "--from", tmp_path / "out", "--submissions", class_)
    assert "two twos" in (tmp_path / "out" / "atlas.html").read_text("utf-8")
    report = (tmp_path / "out" / "report.html").read_text("utf-8")
    assert "q1_box.py: way_0" in report and f"{ids[0]}-1" not in report
