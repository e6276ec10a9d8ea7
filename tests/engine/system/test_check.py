"""``convgrade check``: what a student reads of their own run, in a folder of their own, without this repository's course."""

import json
import os
import signal
import subprocess
import sys
import time

import pytest

from autograder.cli import check
from autograder.marking import public_run
from autograder.prepare import release
from tests.engine.toy_course import REPOSITORY, at_home, copied


@pytest.fixture(scope="module")
def template(tmp_path_factory):
    config = copied(tmp_path_factory.mktemp("check"))
    with at_home(config) as course:
        return release.files(course)


@pytest.fixture
def homework(template, tmp_path):
    """The folder as handed out, elsewhere."""
    folder = tmp_path / "homework"
    for name, text in template.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(text)
    return folder


def run(folder, *options, **environment):
    """The command as a student calls it: in a folder with no course near it."""
    command = [sys.executable, "-m", "autograder", "check", *options]
    environment = {"PATH": os.environ["PATH"], "PYTHONPATH": str(REPOSITORY), **environment}
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, env=environment)


def parts(folder):
    """Each part's facts as ``--json`` gives them, and the exit status."""
    done = run(folder, "--json")
    assert not done.stderr, done.stderr
    facts = json.loads(done.stdout)
    return {part["part"]: part for part in facts["parts"]}, facts, done.returncode


RIGHT = """
import torch
from torch import nn

def area(height, width=4):
    return height * width

def volume(height, width, channels):
    return height * width * channels

class Scale(nn.Module):
    def __init__(self, factor=1.0):
        super().__init__()
        self.weight = nn.Parameter(torch.tensor([factor]))
"""


def test_a_zip_that_cannot_be_written_is_not_missing_homework(homework):
    with pytest.raises(FileNotFoundError) as told:
        check.packed(homework, homework / "new" / "x.zip", homework / "grader_config.yml")
    assert told.value.filename == str(homework / "new" / "x.zip")


def test_untouched_nothing_is_attempted_and_nothing_fails(homework):
    found, facts, status = parts(homework)
    assert len(found) == 5 and {part["outcome"] for part in found.values()} == {"not_attempted"}
    assert facts["written"] == {"w1": 0} and facts["hidden_checks"] == "not run" and status == 0


def test_right_answers_pass_and_it_says_that_this_is_no_grade(homework):
    (homework / "q1_box.py").write_text(RIGHT)
    (homework / "answers.toml").write_text("[q1]\narea = 221\nvolume = 1\n")
    (homework / "written.md").write_text("## w1\n\nA pixel is a pixel.\n")
    done = run(homework, "--lang", "en")
    assert done.returncode == 0, done.stdout
    assert "5 of 5 parts pass their public checks, 0 are not attempted yet. This is not a grade" in done.stdout
    assert "hidden checks ask more" in done.stdout and "w1: 5 words were found." in done.stdout
    assert not any("\u0600" <= sign <= "\u06ff" for sign in done.stdout)
    assert "این نمره نیست" in run(homework, "--lang", "fa").stdout


def test_wrong_is_told_apart_from_raised_and_from_not_attempted(homework):
    code = (
        "def area(height, width=4):\n    return height + width\n\ndef volume(height, width, channels):\n    return 1 // 0\n"
    )
    (homework / "q1_box.py").write_text(code + "\ndef Scale(factor):\n    raise NotImplementedError\n")
    (homework / "answers.toml").write_text("[q1]\narea = true\nvolume = '?'\n")
    found, facts, status = parts(homework)
    assert status == 1
    assert found["q1.code.area"]["outcome"] == "failed"
    assert found["q1.code.area"]["messages"] == ["two by three / دو در سه: assert 5 == 6"]
    assert found["q1.code.volume"]["outcome"] == "error"
    assert found["q1.code.volume"]["messages"] == ["ZeroDivisionError: integer division or modulo by zero (q1_box.py:5)"]
    assert found["q1.code.Scale"]["outcome"] == found["q1.numbers.volume"]["outcome"] == "not_attempted"
    assert found["q1.numbers.area"]["outcome"] == "failed"
    assert any("q1.area is true or false" in note["en"] for note in facts["notes"])


@pytest.mark.thorough
def test_a_persian_digit_in_code_is_named_with_its_place_and_what_to_type(homework):
    (homework / "q1_box.py").write_text("def area(height, width=4):\n    return ۳ * width\n", "utf-8")
    found, _, status = parts(homework)
    (message,) = found["q1.code.area"]["messages"]
    assert status == 1 and found["q1.code.area"]["outcome"] == "error"
    assert "q1_box.py, line 2, column 12: the character ۳" in message and "type 3 instead" in message


@pytest.mark.thorough
def test_persian_digits_on_the_sheet_are_read_and_said(homework):
    (homework / "q1_box.py").write_text(RIGHT)
    (homework / "answers.toml").write_text("[q1]\narea = ۲۲۱\n", "utf-8")
    found, facts, status = parts(homework)
    assert found["q1.numbers.area"]["outcome"] == "passed" and status == 0
    assert any("۲۲۱ was read as 221" in note["en"] for note in facts["notes"])


@pytest.mark.thorough
def test_a_crash_costs_its_own_part(homework):
    (homework / "q1_box.py").write_text(RIGHT.replace("return height * width\n", "import os; os._exit(0)\n"))
    found, _, status = parts(homework)
    assert found["q1.code.area"]["outcome"] == "crashed" and status == 1
    assert found["q1.code.volume"]["outcome"] == found["q1.code.Scale"]["outcome"] == "passed"


@pytest.mark.thorough
def test_a_hang_costs_its_own_part(homework, monkeypatch):
    monkeypatch.setattr(public_run, "TEST_SECONDS", 6.0)
    (homework / "q1_box.py").write_text(RIGHT.replace("return height * width\n", "\n    while True: pass\n"))
    found = public_run.run_public(homework)
    outcomes = {part: tried.outcome.value for part, tried in found.parts.items()}
    assert outcomes["q1.code.area"] == "timeout" and outcomes["q1.code.volume"] == "passed"
    assert not found.trouble


def test_interrupted_it_ends_with_130_and_leaves_nothing_running(homework):
    (homework / "q1_box.py").write_text("import os\nopen('pid', 'w').write(str(os.getpid()))\nwhile True: pass\n")
    command = [sys.executable, "-m", "autograder", "check"]
    environment = {"PATH": os.environ["PATH"], "PYTHONPATH": str(REPOSITORY)}
    process = subprocess.Popen(
        command, cwd=homework, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )
    deadline = time.monotonic() + 60
    while not (homework / "pid").is_file() or not (homework / "pid").read_text():
        assert time.monotonic() < deadline and process.poll() is None
        time.sleep(0.05)
    process.send_signal(signal.SIGINT)
    _, told = process.communicate(timeout=30)
    assert process.returncode == 130 and "interrupted" in told and "Traceback" not in told
    with pytest.raises(ProcessLookupError):
        os.kill(int((homework / "pid").read_text()), 0)


@pytest.mark.thorough
def test_tests_that_cannot_be_read_are_said_and_the_others_run(homework):
    (homework / "tests" / "test_other.py").write_text("import nothing_of_that_name\n")
    found, facts, status = parts(homework)
    assert len(found) == 5 and status == 1
    assert any("test_other.py" in trouble and "nothing_of_that_name" in trouble for trouble in facts["trouble"])


@pytest.mark.thorough
def test_in_a_course_a_folder_without_tests_gets_the_courses(tmp_path):
    config = copied(tmp_path)
    done = run(config.parent, "submission", "--lang", "en")
    assert done.returncode == 1 and "q1.code.area" in done.stdout
    assert "two by three: assert 10 == 6" in done.stdout
    assert not (config.parent / "submission" / "tests").exists()


def test_nothing_to_check_is_one_line_and_2(tmp_path):
    done = run(tmp_path)
    assert done.returncode == 2 and done.stdout == "" and done.stderr.count("\n") == 1
    assert "there are no public tests here" in done.stderr
    config = copied(tmp_path)
    (tmp_path / "empty").mkdir()
    done = run(tmp_path, "empty", "--config", str(config))
    assert done.returncode == 2 and "no file of the homework" in done.stderr and "q1_box.py" in done.stderr


@pytest.mark.parametrize(
    "settings, language",
    [({"LANG": "fa_IR.UTF-8"}, "fa"), ({"LANG": "en_GB.UTF-8"}, "en"), ({"LANG": "C.UTF-8"}, "both"), ({}, "both"),
     ({"LANG": "fa_IR", "LC_ALL": "en"}, "en"), ({"LANG": "de_DE"}, "both")],
)  # fmt: skip
def test_it_speaks_the_terminals_language(monkeypatch, settings, language):
    for name in ("LC_ALL", "LC_MESSAGES", "LANG"):
        monkeypatch.delenv(name, raising=False)
    for name, value in settings.items():
        monkeypatch.setenv(name, value)
    assert check.spoken() == language
