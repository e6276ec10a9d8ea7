"""Our results as otter-grader's objects: a test file a part, so that its tables and CSV have the same parts and scores."""

from __future__ import annotations

from typing import Any

from otter.test_files import GradingResults, TestCase
from otter.test_files.abstract_test import TestCaseResult
from otter.test_files.ottr_test import OttrTestFile


def made(whole: dict[str, Any]) -> GradingResults:
    """otter's results with what ``results.json`` holds. Written parts await a person and are left out, as otter does."""
    return fill(GradingResults([]), whole)


def fill(results: GradingResults, whole: dict[str, Any]) -> GradingResults:
    """Put what ``results.json`` holds into otter's own results."""
    results.results = {test["number"]: _file(test) for test in whole["tests"] if "score" in test}
    results.set_output(whole["output"])
    return results


def _file(test: dict[str, Any]) -> OttrTestFile:
    passed = test["status"] == "passed"
    case = TestCase(
        name=test["number"],
        body="",
        hidden=False,
        points=test["max_score"],
        success_message=None,
        failure_message=None,
    )
    file = OttrTestFile(name=test["number"], path=test["number"], test_cases=[case], all_or_nothing=False)
    file.test_case_results = [TestCaseResult(test_case=case, message=test["output"], passed=passed)]
    file.update_score(test["score"])
    return file
