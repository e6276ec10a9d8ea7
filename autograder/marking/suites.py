"""The hidden suites: collected once by pytest, then asked of submission after submission.

``collected`` runs pytest on ``tests/hidden`` and, in place of pytest's own loop over the items, hands them to its caller,
who stays inside that warm session for as long as there is something to grade. The items are ordinary tests: they take
the fixtures ``student``, ``answers`` and ``reference`` and are marked with their part.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Any, Literal

import pytest
from _pytest.runner import runtestprotocol
from msgspec.structs import replace

from autograder.course.author import Keyed, Partly
from autograder.course.course import Course
from autograder.course.reference import Reference
from autograder.errors import ConvgradeError
from autograder.marking import failed_call
from autograder.marking.answers import Answers
from autograder.marking.recorder import Recorder
from autograder.model import Check, Message, Outcome, PartId, Text
from autograder.wall.failures import StudentFailure

MARKER = (
    "part(id, en, fa, weight=1): the check's part, what it checks in the student's languages, and its share of the points"
)
DESK = ("student", "answers", "reference")  # fixtures
# Plugins that a warm worker does not need. Each costs time in every test; the one for unraisable exceptions runs a full
# garbage collection.
WITHOUT = (
    "cacheprovider capture debugging doctest faulthandler junitxml legacypath logging nose pastebin recwarn setuponly "
    "setupplan stepwise subtests terminal threadexception unittest unraisableexception warnings"
).split()


class Suites:
    """The collected hidden suites. ``ask`` runs them against one student."""

    def __init__(self, items: list[pytest.Item], desk: _Desk):
        self.items, self.desk = items, desk
        self.parts = [_part_of(item) for item in items]
        self.plain = {item for item in items if _is_plain(item)}

    def where(self) -> dict[str, str]:
        """Each part that a test is marked with, and that test's file and line."""
        return {marked.part: _line(item) for item, marked in zip(self.items, self.parts, strict=True)}

    def ask(self, student: Recorder, answers: Answers) -> tuple[Check, ...]:
        """One check an item, in the order of the suites. ``student`` is a recorder over a submission or the reference."""
        return tuple(self.ask_each(student, answers))

    def ask_each(self, student: Recorder, answers: Answers) -> Iterator[Check]:
        """The same, one check at a time, so that the caller can stop early."""
        self.desk.lay(student, answers)
        ended = False
        try:
            for item, part, following in zip(self.items, self.parts, [*self.items[1:], None], strict=True):
                yield self._ask_item(item, part, following)
            ended = True
        finally:
            if not ended:  # pytest keeps what the following item would have shared with this one
                self.items[0].session._setupstate.teardown_exact(None)

    def only(self, *parts: str) -> Suites:
        """The checks of these parts alone, part by part in the order given."""
        by_part: dict[str, list[pytest.Item]] = {part: [] for part in parts}
        for item, marked in zip(self.items, self.parts, strict=True):
            by_part.get(marked.part, []).append(item)
        return Suites([item for part in parts for item in by_part[part]], self.desk)

    def by_test(self) -> dict[str, Suites]:
        """Each check by itself, by its test's id."""
        return {item.nodeid: Suites([item], self.desk) for item in self.items}

    def of(self, question: str) -> Suites:
        """The checks of one question."""
        pairs = zip(self.items, self.parts, strict=True)
        kept = [item for item, marked in pairs if PartId(marked.part).question == question]
        return Suites(kept, self.desk)

    def timed_out_after(self, done: int) -> list[Check]:
        """The checks after the first ``done``, as timed out: for a caller that had to stop there."""
        left = list(zip(self.items, self.parts, strict=True))[done:]
        return [Check(item.name, one.part, Outcome.TIMEOUT, one.label, weight=one.weight) for item, one in left]

    def _ask_item(self, item: pytest.Item, marked: _Marked, following: pytest.Item | None) -> Check:
        desk = self.desk
        desk.student.begin(item.nodeid)
        if isinstance(item, pytest.Function) and item in self.plain:
            desk.raised = self._called(item)
        else:
            desk.raised = self._protocol(item, following)
        outcome, message = _judged(desk.raised, PartId(marked.part).kind)
        weight, cases = marked.weight, _cases(desk.raised)
        check = Check(item.name, marked.part, outcome, marked.label, message, weight=weight, cases=cases)
        if outcome in (Outcome.PASSED, Outcome.NOT_ATTEMPTED):
            return check
        wrong = failed_call.first_wrong(desk.student.asked_by(item.nodeid), desk.reference)
        if wrong is None:
            return self._number(item, check)
        call, expected, form = wrong
        return replace(check, call=call, expected=expected, message=form if outcome is Outcome.FAILED and form else message)

    def _protocol(self, item: pytest.Item, following: pytest.Item | None) -> BaseException | None:
        self.desk.raised = None
        item.session._setupstate.teardown_exact(item)  # plain tests between the last such item and this tore nothing down
        runtestprotocol(item, log=False, nextitem=following)
        return self.desk.raised

    def _called(self, item: pytest.Function) -> BaseException | None:
        """What a plain test raises. It is called directly, since pytest's own protocol takes longer than most tests."""
        desk = self.desk
        fixtures = {"student": desk.student, "answers": desk.answers, "reference": desk.reference, **_parameters(item)}
        try:
            item.obj(**{name: fixtures[name] for name in item._fixtureinfo.argnames})
        except BaseException as raised:
            return raised
        return None

    def _number(self, item: pytest.Item, check: Check) -> Check:
        """The check with the right value, where it asks for a number of the sheet, and with what is wrong about the form."""
        number = _parameters(item).get("number")
        if not isinstance(number, Keyed):
            return check
        right = number.recipe(self.desk.reference)
        answer = self.desk.answers.values.get(number.key)
        form = None if answer is None else failed_call.form_of_number(answer, right)
        return replace(check, expected=failed_call.shown(right), message=form or check.message)


class _Desk:
    """The pytest plugin: fixtures that point at whoever is being asked, and the exception an item ended in."""

    def __init__(self, then: Callable[[Suites], None], reference: Reference):
        self.then, self.reference = then, reference
        self.student: Any = None
        self.answers: Any = None
        self.raised: BaseException | None = None
        self.trouble: list[str] = []
        self.error: ConvgradeError | None = None

    def lay(self, student: Any, answers: Answers) -> None:
        """Put one student's work on the desk, and beside it the reference for that student's variant."""
        self.student, self.answers = student, answers
        self.reference = self.reference.of_variant(answers.variant)

    @pytest.fixture(name="student")
    def _student(self) -> Any:
        return self.student

    @pytest.fixture(name="answers")
    def _answers(self) -> Any:
        return self.answers

    @pytest.fixture(name="reference")
    def _reference_fixture(self) -> Reference:
        return self.reference

    def pytest_configure(self, config: pytest.Config) -> None:
        config.addinivalue_line("markers", MARKER)

    def pytest_collectreport(self, report: pytest.CollectReport) -> None:
        if report.failed:
            self.trouble.append(f"{report.nodeid}: {str(report.longrepr).strip().splitlines()[-1]}")

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtest_makereport(self, item: pytest.Item, call: pytest.CallInfo) -> pytest.TestReport:
        """Keep the exception; the report that pytest goes on with is bare, since formatting a traceback takes 10 ms."""
        if call.excinfo is not None and self.raised is None:
            self.raised = call.excinfo.value
        assert call.when != "collect"
        outcome: Literal["passed", "failed"] = "passed" if call.excinfo is None else "failed"
        return pytest.TestReport(item.nodeid, item.location, {}, outcome, None, call.when)

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtestloop(self, session: pytest.Session) -> bool:
        if not self.trouble:
            try:
                self.then(Suites(session.items, self))
            except ConvgradeError as error:  # pytest would show a traceback of its own and drop what the error says
                self.error = error
        return True


def collected(course: Course, then: Callable[[Suites], None], files: Iterable[str] = ()) -> None:
    """Collect the course's hidden suites (or ``files`` of them) and call ``then`` with them, inside pytest's session.

    Raises ConvgradeError where a suite cannot be collected, with pytest's own reason, and the one that ``then`` raises.
    """
    os.environ["PYTEST_DISABLE_PLUGIN_AUTOLOAD"] = "1"
    course.module("solutions")  # the suites import it: the course's own, or an error that says whose it is
    desk = _Desk(then, Reference(course))
    paths = list(files) or [str(course.root / "tests" / "hidden")]
    flags = [word for name in WITHOUT for word in ("-p", f"no:{name}")]
    options = [
        "-c",
        os.devnull,
        "--rootdir",
        str(course.root),
        "--import-mode=importlib",
        "--strict-markers",
        "--assert=plain",
        *flags,
    ]
    status = pytest.main([*options, *paths], plugins=[desk])
    if desk.error is not None:
        raise desk.error
    if desk.trouble or status not in (pytest.ExitCode.OK, pytest.ExitCode.NO_TESTS_COLLECTED):
        why = desk.trouble[0] if desk.trouble else f"pytest ended with {status!r}"
        raise ConvgradeError(f"the hidden suites cannot be collected: {why}", where=paths[0], todo="Run pytest on them.")


@dataclass(frozen=True)
class _Marked:
    """What a test's marker says."""

    part: str
    label: Text
    weight: int


def _parameters(item: pytest.Item) -> dict[str, Any]:
    return item.callspec.params if hasattr(item, "callspec") else {}


def _is_plain(item: pytest.Item) -> bool:
    """Whether a test takes only the desk's fixtures and its own parameters, so that it can be called without pytest's protocol."""
    if not isinstance(item, pytest.Function) or item.cls is not None:
        return False
    marks = {mark.name for mark in item.iter_markers()} - {"part", "parametrize"}
    known = {*DESK, "request", *_parameters(item)}  # a parameter brings `request` with it; no test that takes it is plain
    return not marks and known >= {*item._fixtureinfo.names_closure} and "request" not in item._fixtureinfo.argnames


def _part_of(item: pytest.Item) -> _Marked:
    marker = item.get_closest_marker("part")
    if marker is None:
        raise ConvgradeError(
            f"{item.name} is marked with no part",
            where=_line(item),
            todo='Mark it: @pytest.mark.part("q1.code.name", en="...", fa="...").',
        )
    weight = marker.kwargs.get("weight", 1)
    if type(weight) is not int or weight < 1:
        raise ConvgradeError(
            f"{item.name} has the weight {weight!r}", where=_line(item), todo="Write a whole number of at least 1."
        )
    return _Marked(marker.args[0], Text(marker.kwargs.get("en", ""), marker.kwargs.get("fa", "")), weight)


def _line(item: pytest.Item) -> str:
    return f"{item.location[0]}:{(item.location[1] or 0) + 1}"


def _cases(raised: BaseException | None) -> tuple[int, int] | None:
    return (raised.right, raised.cases) if isinstance(raised, Partly) else None


def _judged(raised: BaseException | None, kind: str) -> tuple[Outcome, Message | None]:
    """What an item's exception means for the student. The order matters: a student's AssertionError is not the check's."""
    if raised is None:
        return Outcome.PASSED, None
    if isinstance(raised, Partly) and raised.__cause__ is not None:
        return _judged(raised.__cause__, kind)
    if isinstance(raised, StudentFailure):
        return raised.outcome, raised.message
    if isinstance(raised, NotImplementedError):  # a blank answer, or a reference taken apart for a test
        return Outcome.NOT_ATTEMPTED, Message("check.not_attempted")
    if isinstance(raised, (AssertionError, pytest.fail.Exception)):  # the latter: "DID NOT RAISE", for instance
        return Outcome.FAILED, Message("check.wrong_value" if kind == "numbers" else "check.failed")
    if not isinstance(raised, Exception) or isinstance(raised, MemoryError):
        raise raised  # for example, our own worker is being ended
    return Outcome.FAILED, Message("check.form")
