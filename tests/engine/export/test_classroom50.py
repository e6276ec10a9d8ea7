"""Classroom 50's result.json: whole numbers, and what its runner says."""

import json

import pytest

from autograder import export
from autograder.errors import ConvgradeError
from autograder.export import classroom50
from tests.engine.export.made import result


def test_classroom50_has_whole_numbers_and_exactly_its_keys(tmp_path, course):
    ada, broken = result("ada", 300, 125, 0, late_seconds=10**6), result("broken", 0, 0, 0, status="not graded")
    said = export.run("classroom50", [ada, broken], course, tmp_path / "out")
    told = json.loads((tmp_path / "out/ada/result.json").read_text("utf-8"))
    assert list(told) == [
        *("schema", "assignment", "usernames", "submission", "commit", "datetime", "score", "max-score", "tests"),
    ]
    assert (told["schema"], told["usernames"]) == ("classroom50/result/v1", ["ada"])
    assert (told["score"], told["max-score"]) == (425, 2700) and type(told["score"]) is int
    assert told["tests"][1] == {"test-name": "q1.code.f", "passed": False, "score": 125, "max-score": 250}
    assert all(type(test[key]) is int for test in told["tests"] for key in ("score", "max-score"))
    assert sum(test["score"] for test in told["tests"]) == told["score"], "nothing is taken off for lateness"
    assert not (tmp_path / "out/broken").exists() and any("hundredths" in line for line in said)


def test_classroom50_takes_what_its_runner_says(tmp_path, course):
    environment = {
        "ASSIGNMENT": "hw3", "CLASSROOM": "dl", "OWNER": "ada-l", "SUBMISSION_TAG": "submit/1",
        "COMMIT_URL": "https://github.com/x/commit/1", "RELEASE_URL": "https://github.com/x/releases/1",
        "SUBMITTED_AT": "2026-11-20T20:00:00Z",
    }  # fmt: skip
    classroom50.export([result("ada", 300, 0, 0)], course, tmp_path / "result.json", environment=environment)
    told = json.loads((tmp_path / "result.json").read_text())
    assert (told["assignment"], told["usernames"], told["submission"]) == ("hw3", ["ada-l"], "submit/1")
    assert (told["classroom"], told["commit"], told["review"]) == (
        "dl",
        environment["COMMIT_URL"],
        environment["COMMIT_URL"],
    )
    assert told["datetime"] == "2026-11-20T20:00:00Z"


def test_one_result_json_is_for_one_result_that_has_a_grade(tmp_path, course):
    with pytest.raises(ConvgradeError, match="do not go into one"):
        export.run("classroom50", [result("a", 0, 0, 0), result("b", 0, 0, 0)], course, tmp_path / "result.json")
    with pytest.raises(ConvgradeError, match="no grade"):
        export.run("classroom50", [result("a", 0, 0, 0, status="not graded")], course, tmp_path / "result.json")


@pytest.mark.parametrize("id", ["../x", "a/b", "..", ""])
def test_an_id_that_is_a_path_leads_nowhere(tmp_path, course, id):
    with pytest.raises(ConvgradeError, match="folder's name"):
        export.run("classroom50", [result(id, 0, 0, 0)], course, tmp_path / "out")
    assert list(tmp_path.iterdir()) == []
