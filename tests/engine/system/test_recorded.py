"""What was asked and came is recorded once: what people enter asks nobody, and what is known is not asked again."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from autograder.course.course import Course
from autograder.gradebook.fingerprint import LOCK
from autograder.runner.class_run import grade_class
from tests.engine.toy_course import REPOSITORY, TOY, add_question, copied

# Any attempt to start a process ends the command.
ALONE = """
import sys
STARTS = ("os.fork", "os.forkpty", "os.posix_spawn", "os.exec", "os.system", "subprocess.Popen")
def hook(event, arguments):
    if event in STARTS:
        print("A PROCESS WAS TO BE STARTED:", event, file=sys.stderr, flush=True)
        import os
        os._exit(99)
sys.addaudithook(hook)
from autograder.cli.main import main
main()
"""
# A hidden test of each question that notes, on the trusted side, that it was asked of somebody.
COUNTS = """

@pytest.mark.part("{part}", en="a counter", fa="شمارنده")
def test_counted(student):
    from pathlib import Path

    if type(vars(student)["_inner"]).__name__ == "Student":  # the reference is asked as well, to get ready and to explain
        with Path(__file__).with_name("asked.log").open("a") as log:
            log.write("{question} ")
    {ask}
"""


@pytest.fixture
def course(tmp_path):
    """Two questions, the second's tests asking no file but its own."""
    config = copied(tmp_path)
    add_question(config)
    for question, stem in (("q1", "q1_box"), ("q2", "q2_disc")):
        with (config.parent / f"tests/hidden/test_{stem}.py").open("a", encoding="utf-8") as file:
            file.write(COUNTS.format(part=f"{question}.code.area", question=question, ask=f"student.{stem}.area(1, 1)"))
    return Course.load(config)


def handed_in(course, id, **sources):
    folder = course.root.parent / "class" / id
    if not folder.exists():
        shutil.copytree(TOY / "submission", folder)
        for stem in ("q1_box", "q2_disc"):
            (folder / f"{stem}.py").write_text((TOY / "solutions" / "q1_box.py").read_text("utf-8"), "utf-8")
    for stem, text in sources.items():
        (folder / f"{stem}.py").write_text(text, "utf-8")
    return folder


def graded(course, **options):
    """The run, and the questions that were asked of anybody."""
    log = course.root / "tests/hidden/asked.log"
    summary = grade_class(course.root.parent / "class", course, course.root.parent / "out", jobs=1, **options)
    asked = sorted(log.read_text().split()) if log.exists() else []
    log.unlink(missing_ok=True)
    return summary, asked


def right(stem="q1_box"):
    return (TOY / "solutions" / "q1_box.py").read_text("utf-8")


def test_a_question_is_asked_again_only_where_a_file_that_it_sees_changed(course):
    handed_in(course, "ada")
    assert graded(course)[1] == ["q1", "q2"]
    handed_in(course, "ada", q2_disc=right() + "\n# tidied\n")
    summary, asked = graded(course)
    assert asked == ["q2"] and summary.graded == 1
    (course.root.parent / "class/ada/written.md").write_text("## w1\n\nOther words.\n", "utf-8")
    summary, asked = graded(course)
    assert (asked, summary.graded, summary.known) == ([], 0, 0), "no worker is needed for what is known in full"


@pytest.mark.thorough
def test_identical_files_of_several_students_are_asked_once_and_come_to_the_same(course):
    for id in ("ada", "bo", "cy"):
        handed_in(course, id)
    handed_in(course, "bo", q2_disc="def area(width, height):\n    return 0\n")
    graded(course)
    handed_in(course, "dan")
    summary, asked = graded(course)
    rows = {row.id: [part.cents for part in row.parts] for row in summary.rows}
    assert asked == [] and rows["dan"] == rows["ada"] != rows["bo"]
    fresh, asked = graded(course, fresh=True)
    assert asked == ["q1"] * 4 + ["q2"] * 4
    assert {row.id: [part.cents for part in row.parts] for row in fresh.rows} == rows


@pytest.mark.thorough
def test_a_file_is_not_the_same_where_it_imports_another_that_differs(course):
    source = "import q1_box\n\n\ndef area(width, height):\n    return q1_box.area(width, height)\n"
    handed_in(course, "ada", q2_disc=source)
    graded(course)
    handed_in(course, "bo", q2_disc=source, q1_box="def area(width, height):\n    return 7\n")
    summary, asked = graded(course)
    assert asked == ["q1", "q2"]
    cents = {row.id: next(part.cents for part in row.parts if part.id == "q2.code.area") for row in summary.rows}
    assert cents["bo"] < cents["ada"]


@pytest.mark.thorough
def test_what_crashed_once_is_asked_of_the_next_who_hands_it_in_and_not_for_a_mark(course, tmp_path):
    crashes = "import os\n\n\ndef area(width, height):\n    os._exit(3)\n"
    handed_in(course, "ada", q2_disc=crashes)
    graded(course)
    handed_in(course, "bo", q2_disc=crashes)
    assert graded(course)[1] == ["q2"], "a crash is nobody else's"
    marks = tmp_path / "m.csv"
    marks.write_text("id,part,points\nada,q1.written.w1,3\nbo,q1.written.w1,3\n", "utf-8")
    summary, asked = graded(course, marks_from=(marks,))
    assert (summary.graded, asked) == (0, []), "and its own stays what it is, whatever a person enters"


# ---- what people enter


def command(course, *more, engine=REPOSITORY, alone=True):
    words = ["grade", course.root.parent / "class", "--out", course.root.parent / "out", "--config", course.config_path]
    program = ["-c", ALONE] if alone else ["-m", "autograder"]
    environment = {**os.environ, "PYTHONPATH": str(engine)}
    run = [sys.executable, *program, *map(str, [*words, "--jobs", "1", "--json", *more])]
    return subprocess.run(run, cwd=engine, env=environment, capture_output=True, text=True)


def scores(done) -> dict[str, float]:
    assert done.returncode == 0, done.stderr
    return {one["id"]: one["score"] for one in json.loads(done.stdout)["submissions"]}


def test_no_process_starts_for_marks_times_policies_and_points(course, tmp_path):
    for id in ("ada", "bo"):
        handed_in(course, id)
    before = scores(command(course, alone=False))
    marks, times = tmp_path / "m.csv", tmp_path / "t.csv"
    marks.write_text("id,part,points\nada,q1.written.w1,12.5\n", "utf-8")
    marked = scores(command(course, "--marks", marks))
    assert marked == {"ada": before["ada"] + 12.5, "bo": before["bo"]}
    text = course.config_path.read_text("utf-8")
    late = "late:\n  deadline: 2026-11-20T12:00:00+00:00\n  percent_a_day: 10\n  extensions: extensions.csv\n"
    (course.root / "extensions.csv").write_text("id,deadline\n", "utf-8")
    course.config_path.write_text(f"{text}\n{late}", "utf-8")
    times.write_text("id,timestamp\nbo,2026-11-20T13:00:00+00:00\n", "utf-8")
    assert scores(command(course, "--late-from", times))["bo"] == pytest.approx(0.9 * before["bo"])
    (course.root / "extensions.csv").write_text("id,deadline\nbo,2026-11-21T12:00:00+00:00\n", "utf-8")
    assert scores(command(course))["bo"] == before["bo"]
    points = text.replace("q1.code.area: 20", "q1.code.area: 30").replace("q1.code.volume: 20", "q1.code.volume: 10")
    assert points != text
    course.config_path.write_text(points, "utf-8")
    scores(command(course))
    assert command(course, "--fresh").returncode == 99, "and the hook does see a process that starts"


@pytest.mark.thorough
def test_a_changed_word_renders_anew_and_a_changed_line_of_marking_asks_again(course, tmp_path):
    handed_in(course, "ada")
    before = scores(command(course, alone=False))
    page = course.root.parent / "out/submissions/ada/feedback.md"
    engine = tmp_path / "engine"
    shutil.copytree(REPOSITORY / "autograder", engine / "autograder", ignore=shutil.ignore_patterns("__pycache__"))
    for name in LOCK:  # another lock would be other versions, by which everybody is graded again
        (engine / name).parent.mkdir(exist_ok=True)
        shutil.copy(REPOSITORY / name, engine / name)
    sentences = engine / "autograder/words/fa.yml"
    old = next(line for line in sentences.read_text("utf-8").splitlines() if line.startswith("kind.written:"))
    sentences.write_text(sentences.read_text("utf-8").replace(old, 'kind.written: "واژه‌ای دیگر"'), "utf-8")
    assert "واژه‌ای دیگر" not in page.read_text("utf-8")
    assert scores(command(course, engine=engine)) == before
    assert "واژه‌ای دیگر" in page.read_text("utf-8")
    with (engine / "autograder/marking/compare.py").open("a", encoding="utf-8") as file:
        file.write("\n# another line\n")
    assert command(course, engine=engine).returncode == 99, "whoever is to be graded has to be asked"


def test_results_among_the_hand_ins_are_refused(course):
    folder = handed_in(course, "ada").parent
    done = subprocess.run(
        [sys.executable, "-m", "autograder", "grade", folder, "--out", folder / "out", "--config", course.config_path],
        cwd=REPOSITORY, capture_output=True, text=True,
    )  # fmt: skip
    assert done.returncode == 2 and "among the hand-ins" in done.stderr and not Path(folder / "out").exists()
