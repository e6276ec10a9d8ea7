"""The sample class, graded for real: every submission comes to its golden result, again and again."""

import csv
import json
import re
import subprocess
import sys

import pytest

from tests.submissions import golden

TOOK = re.compile(rb'"execution_time": \d+')

pytestmark = pytest.mark.usefixtures("graded")


@pytest.fixture(scope="module")
def out(tmp_path_factory):
    return tmp_path_factory.mktemp("results")


@pytest.fixture(scope="module")
def graded(out):
    return golden.graded(out)


def written(out):
    """Every file that people or systems read, by name."""
    paths = (path for path in out.rglob("*") if path.suffix in (".json", ".html", ".md", ".csv"))
    return {str(path.relative_to(out)): path.read_bytes() for path in paths}


@pytest.fixture(scope="module")
def results(graded, out):
    """The results.json of every submission, by id."""
    return {path.parent.name: json.loads(path.read_bytes()) for path in out.glob("submissions/*/results.json")}


def test_every_submission_comes_to_its_golden_result(graded):
    told = golden.difference(graded)
    assert not told, f"look at this, and if it is meant, run python -m tests.submissions.golden\n{told}"


def test_grades_csv_has_a_row_for_everyone(graded, out):
    rows = list(csv.DictReader((out / "grades.csv").open(encoding="utf-8")))
    assert [row["id"] for row in rows] == sorted(
        path.name.removesuffix(".zip").removesuffix(".ipynb") for path in golden.CLASS.iterdir()
    )
    by_id = {row["id"]: row for row in rows}
    assert (by_id["right"]["score"], by_id["right"]["max_score"]) == ("76.00", "76.00")
    assert (by_id["untouched"]["score"], by_id["untouched"]["status"]) == ("0.00", "graded")
    assert by_id["text_named"]["status"] == "unreadable" and "not a zip" in by_id["text_named"]["message"]
    for row in rows:
        assert sum(round(100 * float(row[q])) for q in ("q1", "q2", "q3", "q4")) == round(100 * float(row["score"]))


@pytest.mark.parametrize(
    "same", ["another_style", "numpy_and_torch_integers", "whole_floats", "one_folder_inside", "from_a_mac"]
)
def test_honest_forms_earn_what_the_right_one_earns(results, same):
    assert results[same]["score"] == results["right"]["score"]


@pytest.mark.parametrize("cheat", ["patches_the_runner", "equals_everything"])
def test_cheats_earn_nothing(results, cheat):
    assert results[cheat]["score"] == 0


def test_the_real_sheet_gets_its_reasons(results):
    found = {(d["test"], name) for d in results["real_sheet"]["extra_data"]["diagnoses"] for name in d["misconceptions"]}
    assert ("q2.numbers.first_conv_parameters", "q2.conv2d_parameters.conv_input_channels_forgotten") in found
    assert ("q2.numbers.receptive_field", "q2.receptive_field.field_pooling_ignored") in found
    assert ("q2.numbers.stack_parameters", "q2.stack_parameters.stack_input_channels_forgotten_and_bias_once") in found
    outputs = {test["name"]: test["output"] for test in results["real_sheet"]["tests"]}
    assert "1216 + 40970 is 42186, but the sheet says 42170" in outputs["q2.numbers.flatten_total_parameters"]
    assert "1216 + 170 is 1386, but the sheet says 1370" in outputs["q2.numbers.gap_total_parameters"]
    assert "416 = 16·5·5 + 16" in outputs["q2.numbers.first_conv_parameters"]


def test_a_total_that_follows_from_a_wrong_part_earns_its_step(results):
    tests = {test["name"]: test for test in results["forgets_channels"]["tests"]}
    total = tests["q2.numbers.flatten_total_parameters"]
    assert total["score"] == 0.8 and "1248 + 40970 = 42218" in total["output"]


def test_feedback_names_the_character_to_replace(graded, out):
    page = (out / "submissions/persian_digits/feedback.html").read_text("utf-8")
    assert "q3_unet.py, line" in page and "the character ۳" in page and "type 3 instead" in page
    assert "was read as" in page


def test_written_parts_await_a_person_and_lower_nothing(results):
    right = results["right"]
    written = [test for test in right["tests"] if ".written." in test["name"]]
    assert len(written) == 6 and not any("score" in test for test in written)
    assert right["extra_data"]["awaiting"] == 24


def test_a_second_run_grades_nothing_and_says_the_same(results, out):
    from autograder.course.course import Course
    from autograder.runner.class_run import grade_class

    before = written(out)
    course = Course.load(golden.ROOT / "grader_config.yml")
    summary = grade_class(golden.CLASS, course, out, jobs=1)
    assert summary.known == len(summary.rows) == len(results)
    assert written(out) == before


@pytest.mark.thorough
def test_eight_busy_loops_beside_it_change_no_byte_but_the_seconds_it_took(out, tmp_path):
    loops = [subprocess.Popen([sys.executable, "-c", "while True: pass"]) for _ in range(8)]
    try:
        golden.graded(tmp_path)
    finally:
        for loop in loops:
            loop.kill()
            loop.wait()
    timed, quiet = ({name: TOOK.sub(b"", data) for name, data in written(folder).items()} for folder in (tmp_path, out))
    assert timed == quiet


def test_nothing_hidden_is_in_what_students_see(graded, out):
    hidden = [
        line.strip()
        for path in (golden.ROOT / "tests" / "hidden").glob("test_*.py")
        for line in path.read_text("utf-8").splitlines()
        if len(line.strip()) > 40 and not line.strip().startswith(("@part", '"""', "from "))
    ]
    shown = "\n".join(path.read_text("utf-8") for path in out.rglob("feedback.*"))
    assert not [line for line in hidden if line in shown]
    assert "tests/hidden" not in shown and "test_conv" not in shown
