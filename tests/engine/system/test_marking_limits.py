"""What uses up the marker's own time or memory, whatever it is: a result that says so, points that were earned before, and nobody else's loss."""

import pytest

from autograder.course.course import Course
from autograder.runner import class_run
from tests.engine.system.attacks.attack import ANSWERS, AREA, SCALE, VOLUME
from tests.engine.toy_course import copied

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


@pytest.fixture(scope="module")
def results(tmp_path_factory):
    folder = tmp_path_factory.mktemp("limits")
    config = copied(folder)
    text = config.read_text("utf-8")
    config.write_text(text.replace("limits:\n", "limits:\n  marking_seconds: 2\n  marking_mb: 500\n"), "utf-8")
    hidden = config.parent / "tests" / "hidden" / "test_q1_box.py"
    hidden.write_text(hidden.read_text("utf-8") + WORKS, "utf-8")
    for name, volume in {"honest": VOLUME, **{kind: SPENDS.format(kind=kind) for kind in ("time", "memory")}}.items():
        (folder / "class" / name).mkdir(parents=True)
        (folder / "class" / name / "q1_box.py").write_text(AREA + volume + SCALE)
        (folder / "class" / name / "answers.toml").write_text(ANSWERS)
    summary = class_run.grade_class(folder / "class", Course.load(config), folder / "out", jobs=1)
    return {row.id: row for row in summary.rows}, folder / "out" / "submissions"


@pytest.mark.parametrize("kind", ["time", "memory"])
def test_what_hits_a_limit_is_a_result_that_says_so(results, kind):
    rows, out = results
    assert rows[kind].status == "partly graded" and 0 < rows[kind].cents < rows["honest"].cents
    told = (out / kind / "feedback.md").read_text("utf-8")
    assert ("more than 2 s of processor time or 500 MB of memory" in told and "۲ ثانیه" in told) or "2" in told


def test_nobody_else_loses_by_it(results):
    rows, _ = results
    assert (rows["honest"].status, rows["honest"].cents) == ("graded", 80_00)
