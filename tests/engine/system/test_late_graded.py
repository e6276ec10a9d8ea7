"""Lateness from the command to the reader: a CSV of times, the config's deadline and extensions, the score that leaves."""

import csv
import json
import shutil
import subprocess
import sys

import pytest

from tests.engine.toy_course import TOY, copied

LATE = """
late:
  deadline: 2026-11-20T23:59:00+03:30
  grace_minutes: 15
  percent_a_day: 10
  cap_percent: 50
  extensions: extensions.csv
"""
TIMES = """id,timestamp
in_time,2026-11-20T20:29:00Z
grace,2026-11-20T20:40:00+00:00
two_days,2026-11-22T12:00:00+03:30
extended,2026-11-22T12:00:00+03:30
weeks,2026-12-20T12:00:00+03:30
week,2026-12-20T12:00:00+03:30
"""


def run(*arguments):
    return subprocess.run([sys.executable, "-m", "autograder", *map(str, arguments)], capture_output=True, text=True)


@pytest.fixture(scope="module")
def graded(tmp_path_factory):
    folder = tmp_path_factory.mktemp("late")
    config = copied(folder)
    config.write_text(config.read_text("utf-8") + LATE, "utf-8")
    (config.parent / "extensions.csv").write_text("id,deadline\nextended,2026-11-25T00:00:00+03:30\n")
    (folder / "times.csv").write_text(TIMES)
    for name in ("in_time", "grace", "two_days", "extended", "weeks", "unknown"):
        shutil.copytree(TOY / "submission", folder / "class" / name)
    out = folder / "out"
    done = run("grade", folder / "class", "--config", config, "--out", out, "--late-from", folder / "times.csv", "--json")
    assert done.returncode == 0, done.stderr
    assert "week: a time, an extension or a mark is given, but no submission has this id" in done.stderr
    return folder, config, out, json.loads(done.stdout)


def results(out, id):
    return json.loads((out / "submissions" / id / "results.json").read_text("utf-8"))


def test_the_score_that_leaves_is_less_what_lateness_takes_off(graded):
    _, _, out, told = graded
    full = results(out, "in_time")["score"]
    assert full > 0
    shares = {"in_time": 1, "grace": 1, "two_days": 0.8, "extended": 1, "weeks": 0.5, "unknown": 1}
    for id, share in shares.items():
        assert results(out, id)["score"] == pytest.approx(full * share), id
    assert {one["id"]: one["score"] for one in told["submissions"]} == {
        id: pytest.approx(full * share) for id, share in shares.items()
    }
    rows = {row["id"]: row for row in csv.DictReader((out / "grades.csv").open(encoding="utf-8"))}
    assert {id: row["late_days"] for id, row in rows.items()} == {
        "in_time": "0", "grace": "0", "two_days": "2", "extended": "0", "weeks": "30", "unknown": "",
    }  # fmt: skip
    assert float(rows["weeks"]["score"]) == pytest.approx(full / 2)


def test_how_it_was_computed_is_said_in_both_languages(graded):
    _, _, out, _ = graded
    page = (out / "submissions/two_days/feedback.html").read_text("utf-8")
    assert "2 day(s) late at 10" in page and "20" in page and "روز آغازشده" in page
    assert "within the grace" in (out / "submissions/grace/feedback.md").read_text("utf-8")
    assert "capped at 50" in results(out, "weeks")["output"]


def test_another_time_is_another_grade_and_the_same_time_is_none(graded):
    folder, config, out, _ = graded
    again = ["grade", folder / "class", "--config", config, "--out", out, "--json", "--late-from"]
    assert json.loads(run(*again, folder / "times.csv").stdout)["known"] == 6
    (folder / "later.csv").write_text(TIMES.replace("in_time,2026-11-20", "in_time,2026-11-21"))
    told = json.loads(run(*again, folder / "later.csv").stdout)
    assert told["known"] == 5
    run(*again, folder / "times.csv")


def test_what_leaves_for_others_is_the_same_score(graded):
    folder, config, out, _ = graded
    done = run("export", "--to", "otter", "--from", out, "--out", folder / "otter.csv", "--config", config)
    assert done.returncode == 0, done.stderr
    rows = {row["file"]: row for row in csv.DictReader((folder / "otter.csv").open(encoding="utf-8"))}
    assert float(rows["weeks"]["total_points_earned"]) == pytest.approx(results(out, "weeks")["score"])
    assert run("export", "--to", "junit", "--from", out, "--config", config).stdout.strip() == str(out / "exports" / "junit")
    assert (out / "exports/junit/junit.xml").is_file()
    page = run("report", "--from", out, "--submissions", folder / "class", "--config", config)
    assert page.returncode == 0 and "q1.code.area" in (out / "report.html").read_text("utf-8")


def test_a_wrong_policy_is_told_with_its_line_before_anything_is_graded(tmp_path):
    config = copied(tmp_path)
    text = config.read_text("utf-8")
    config.write_text(text + LATE.replace("+03:30", ""), "utf-8")
    done = run("grade", TOY / "submission", "--config", config, "--out", tmp_path / "out")
    assert done.returncode == 2 and "time zone" in done.stderr and f"{config}:" in done.stderr
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize("arguments", [["export", "--to", "csv", "--out", "x.csv"], ["report"]])
def test_without_a_gradebook_there_is_nothing_to_hand_on(tmp_path, arguments):
    done = run(*arguments, "--from", tmp_path, "--config", TOY / "grader_config.yml")
    assert done.returncode == 2 and "gradebook" in done.stderr


def test_a_time_holds_until_another_is_given_or_another_hand_in_comes(graded):
    folder, config, out, told = graded
    again = run("grade", folder / "class", "--config", config, "--out", out, "--json")
    assert json.loads(again.stdout)["submissions"] == told["submissions"]
    assert (
        "two_days, weeks: this run has no submission time for them, so the time of their earlier grade is kept"
        in again.stderr
    )
    with (folder / "class" / "two_days" / "q1_box.py").open("a") as file:
        file.write("\n# once more\n")
    run("grade", folder / "class", "--config", config, "--out", out)
    assert results(out, "two_days")["score"] == results(out, "in_time")["score"]
    assert results(out, "weeks")["score"] == results(out, "in_time")["score"] / 2
