"""What uses up the marker's own time or memory, whatever it is: a result that says so, points that were earned before, and nobody else's loss."""

import io
import resource
import zipfile

import pytest
from click.testing import CliRunner

from autograder.cli import results as commands
from autograder.cli.main import main
from autograder.course.course import Course
from autograder.marking import hand_in
from autograder.model import Submission
from autograder.runner import class_run
from tests.engine.system.attacks.attack import ANSWERS, AREA, SCALE, VOLUME
from tests.engine.toy_course import TOY, add_question, copied

# A hidden test that works on what came until the machine is full: stands for what nobody has thought of.
WORKS = """

@pytest.mark.part("q1.code.volume", en="works on what came", fa="با پاسخ کار می‌کند")
def test_works_on_what_came(student):
    came = student.q1_box.volume(7, 7, 7)
    while came == "time":
        try:
            sum(range(1_000_000))
        except Exception:
            pass
    if came == "memory":
        kept = bytearray(3 << 30)
"""
SPENDS = "def volume(height, width, channels):\n    return {kind!r} if height == 7 else height * width * channels\n"
# Three notebooks of 60 kB together, packed, whose items take seconds to count: stands for whatever is slow to read.
SLOW = b'{"' + b"," * 500_001 + b'"' + b'""' * 7_500_000


def slow() -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for number in range(3):
            archive.writestr(f"homework{number}.ipynb", SLOW + b" " * number)  # equal ones are read once
    return packed.getvalue()


@pytest.fixture(scope="module")
def results(tmp_path_factory):
    folder = tmp_path_factory.mktemp("limits")
    config = copied(folder)
    text = config.read_text("utf-8")
    config.write_text(text.replace("limits:\n", "limits:\n  marking_seconds: 1\n  marking_mb: 500\n"), "utf-8")
    hidden = config.parent / "tests" / "hidden" / "test_q1_box.py"
    hidden.write_text(hidden.read_text("utf-8") + WORKS, "utf-8")
    for name, volume in {"honest": VOLUME, **{kind: SPENDS.format(kind=kind) for kind in ("time", "memory")}}.items():
        (folder / "class" / name).mkdir(parents=True)
        (folder / "class" / name / "q1_box.py").write_text(AREA + volume + SCALE)
        (folder / "class" / name / "answers.toml").write_text(ANSWERS)
    (folder / "class" / "slow.zip").write_bytes(slow())
    before = spent()
    summary = class_run.grade_class(folder / "class", Course.load(config), folder / "out", jobs=1)
    return {row.id: row for row in summary.rows}, folder / "out" / "submissions", spent() - before


def spent() -> float:
    """Processor seconds of this process, which is the coordinator of the run: not of those that it starts."""
    used = resource.getrusage(resource.RUSAGE_SELF)
    return used.ru_utime + used.ru_stime


@pytest.mark.parametrize("kind", ["time", "memory"])
def test_what_hits_a_limit_is_a_result_that_says_so(results, kind):
    rows, out, _ = results
    assert rows[kind].status == "partly graded" and 0 < rows[kind].cents < rows["honest"].cents
    told = (out / kind / "feedback.md").read_text("utf-8")
    assert "more than 1 s of processor time or 500 MB of memory" in told and "۱ ثانیه" in told


# Counts in the student's own code what a number of the sheet says, and works on what came until the machine is full.
COUNTS = """

def _held(of):
    came = of.q2_disc.volume(7, 7, 7)
    return len(bytearray(3 << 30)) if came == "memory" else None


volume = number(volume.recipe, torch=volume.torch, counted=_held)
"""


def test_what_was_asked_before_a_count_hit_a_limit_stands(tmp_path):
    config = copied(tmp_path)
    add_question(config)
    numbers = config.parent / "solutions" / "q2_disc_numbers.py"
    numbers.write_text(numbers.read_text("utf-8") + COUNTS, "utf-8")
    folder = tmp_path / "class" / "ada"
    folder.mkdir(parents=True)
    (folder / "q1_box.py").write_text(AREA + VOLUME + SCALE)
    (folder / "q2_disc.py").write_text(AREA + SPENDS.format(kind="memory") + SCALE)
    (folder / "answers.toml").write_text(ANSWERS + ANSWERS.replace("q1", "q2"))
    (row,) = class_run.grade_class(tmp_path / "class", Course.load(config), tmp_path / "out", jobs=1).rows
    assert (row.status, row.cents_of("q1"), row.cents_of("q2")) == ("partly graded", 80_00, 0)


def test_nobody_else_loses_by_it(results):
    rows, _, _ = results
    assert (rows["honest"].status, rows["honest"].cents) == ("graded", 80_00)


def test_what_takes_too_long_to_read_costs_the_coordinator_nothing_and_says_so(results):
    rows, out, own = results
    assert (rows["slow"].status, rows["slow"].cents) == ("partly graded", 0)
    assert "more than 1 s of processor time" in (out / "slow" / "feedback.md").read_text("utf-8")
    before = spent()
    hand_in.read(Submission("slow", "", {"slow.zip": slow()}), Course.load(TOY / "grader_config.yml"))
    assert own < (spent() - before) / 2, "whoever reads it in the coordinator spends more than the whole run may"


@pytest.mark.thorough
@pytest.mark.parametrize("name", ["report", "atlas"])
def test_a_page_for_which_hand_ins_are_read_again_ends_within_limits_of_its_own(results, monkeypatch, name):
    """The slow one is read where a limit stands over it, and the command says what came."""
    _, submissions, _ = results
    folder = submissions.parents[1]
    monkeypatch.setattr(commands, "APART_SECONDS", (1, 0))
    where = [
        "--from",
        submissions.parent,
        "--submissions",
        folder / "class",
        "--config",
        folder / "toy" / "grader_config.yml",
    ]
    before = spent()
    done = CliRunner().invoke(main, [name, *map(str, where)])
    assert done.exit_code == 2 and "takes more than 1 s of processor time" in done.output, done.output
    reading = spent()
    hand_in.read(Submission("slow", "", {"slow.zip": slow()}), Course.load(TOY / "grader_config.yml"))
    assert reading - before < (spent() - reading) / 2, "whoever reads it in the command itself spends more"
