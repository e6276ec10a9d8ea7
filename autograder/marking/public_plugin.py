"""Run beside pytest in a student's own process: tells how each public test ended, a JSON line each.

Started as a script, ``python -P public_plugin.py REPORT HOME [pytest's arguments]``, so that a student's process imports nothing
else of this package. Lines: ``{"collected": n}``; for each test ``{"running": id, "part": …}``, then
``{"ended": id, "part": …, "outcome": …, "text": …, "where": …}``, with ``seconds`` for one that took too long;
``{"trouble": …}`` for a file of tests that cannot be read; and ``{"finished": true}`` last.
"""

from __future__ import annotations

import importlib
import json
import sys
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest

MAX_TEXT = 2_000


class Listener:
    """The pytest plugin. ``home`` is the folder of the student's files."""

    def __init__(self, report: Path, home: Path):
        self.report, self.home = report.open("a", encoding="utf-8"), home.resolve()

    def tell(self, **facts) -> None:
        """Write a line of the report."""
        self.report.write(json.dumps(facts) + "\n")
        self.report.flush()  # each line reaches the file at once, however this process ends

    def pytest_collection_finish(self, session: pytest.Session) -> None:
        with suppress(ImportError):  # so that no test pays for its seconds
            importlib.import_module("torch")
        self.tell(collected=len(session.items))

    def pytest_collectreport(self, report: pytest.CollectReport) -> None:
        if report.failed:
            self.tell(trouble=f"{report.nodeid}: {_last_line(str(report.longrepr))}")

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtest_protocol(self, item: pytest.Item) -> None:
        self.tell(running=item.nodeid, part=_part(item))

    # Outermost: it sees the report after the student's conftest.py has changed it.
    @pytest.hookimpl(wrapper=True, tryfirst=True)
    def pytest_runtest_makereport(self, item: pytest.Item, call: pytest.CallInfo):
        report = yield
        if report.when == "call" or report.outcome != "passed":
            self.tell(ended=item.nodeid, part=_part(item), **self._outcome(report, call, item))
        return report

    def pytest_sessionfinish(self) -> None:
        self.tell(finished=True)

    def _outcome(self, report: pytest.TestReport, call: pytest.CallInfo, item: pytest.Item) -> dict[str, Any]:
        if report.outcome != "failed" or call.excinfo is None:
            # ``answered`` is conftest.py's: the answer is there, and what it is compared with is not.
            if report.outcome == "skipped" and getattr(item, "answered", False):
                return {"outcome": "passed", "text": _reason(report), "where": ""}
            return {"outcome": "passed" if report.outcome == "passed" else "not_attempted", "text": "", "where": ""}
        error = call.excinfo.value
        in_words = isinstance(error, (AssertionError, pytest.fail.Exception))
        text = str(error) if in_words else f"{type(error).__name__}: {error}"
        where = self._where(call.excinfo)
        if where:
            text = f"{type(error).__name__}: {error}"
        plain = isinstance(error, pytest.fail.Exception) and not error.pytrace  # said of a file, not of an answer
        if type(error).__name__ == "TooLong":  # conftest.py's own, for a test that does not end
            return {"outcome": "timeout", "text": "", "where": "", "seconds": getattr(error, "seconds", None)}
        return {"outcome": "error" if where or plain else "failed", "text": text[:MAX_TEXT], "where": where}

    def _where(self, excinfo: pytest.ExceptionInfo) -> str:
        """The last line of the student's own that the exception went through; empty where it went through none."""
        where = ""
        for entry in excinfo.traceback:
            path = Path(entry.path).resolve()
            if path.is_relative_to(self.home) and not path.is_relative_to(self.home / "tests"):
                where = f"{path.relative_to(self.home).as_posix()}:{entry.lineno + 1}"
        return where


def _part(item: pytest.Item) -> str:
    marker = item.get_closest_marker("part")
    return str(marker.args[0]) if marker and marker.args else item.nodeid


def _reason(report: pytest.TestReport) -> str:
    """Why a test was skipped."""
    return str(report.longrepr[2]).removeprefix("Skipped: ") if isinstance(report.longrepr, tuple) else ""


def _last_line(text: str) -> str:
    return (text.strip().splitlines() or [""])[-1]


if __name__ == "__main__":
    sys.exit(pytest.main(sys.argv[3:], plugins=[Listener(Path(sys.argv[1]), Path(sys.argv[2]))]))
