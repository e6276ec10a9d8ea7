"""Are the hidden suites strong, and just? Asked of the reference, of every known mistake, of mutants of the solutions, and of the
course's own attempts: wrong ones that must lose marks, right but unusual ones that must not.

Everything here is the course's own code, so nothing needs the wall: the suites are asked in this process.
"""

from __future__ import annotations

import contextlib
import signal
import types
import warnings
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import yaml

from autograder.course.answer_key import AnswerKey
from autograder.course.config import check_parts
from autograder.course.course import Course
from autograder.course.question import Question
from autograder.course.reference import Reference
from autograder.diagnosis.catalogue import Catalogue, Entry
from autograder.diagnosis.story import same_story, story
from autograder.marking.answers import Answers
from autograder.marking.compare import agree
from autograder.marking.recorder import Recorder
from autograder.marking.suites import Suites, collected
from autograder.model import Check, Outcome, PartId
from autograder.prepare.attempts import Tried, attempts, tried
from autograder.prepare.mutants import Mutant, mutants
from autograder.prepare.practice import Practice, untrue
from autograder.prepare.vetted import Vetting

SECONDS = 10  # for one mutant; longer is an endless loop, which a student would lose marks for
# Written by hand, each with why: mutants that change nothing, and mistakes that no input can tell apart.
EQUIVALENT = "tests/hidden/equivalent.yml"


@dataclass
class Verdict:
    """What was found. ``wrong`` is empty where the suites are as strong as they should be."""

    wrong: list[str] = field(default_factory=list)
    matrix: dict[str, list[tuple[str, str]]] = field(default_factory=dict)  # part -> (entry, one sign a check)
    weights: dict[str, list[int]] = field(default_factory=dict)  # part -> its checks' weights
    tried: list[Tried] = field(default_factory=list)
    killed: int = 0
    equivalent: int = 0
    survived: list[str] = field(default_factory=list)


def verify(course: Course, *, mutate: bool = True) -> Verdict:
    """Both ends, the matrix of mistakes and, where ``mutate``, the mutants."""
    verdict = Verdict()

    def run(suites: Suites) -> None:
        check_parts(course, suites.where())
        key = AnswerKey(course)
        entries = Catalogue(course, key.right)
        _ends(suites, key, verdict)
        _mistakes(course, suites, entries, verdict)
        _restated(course, suites, entries, key, verdict)
        _attempts(course, suites, verdict)
        for question, parameters, _, trouble in Vetting(course).all():
            verdict.wrong += [f"variant {parameters.variant} of {question.id}: {one}" for one in trouble]
        verdict.wrong += untrue(Practice(course))
        if mutate:
            _mutants(course, suites, verdict)

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        collected(course, run)
    return verdict


def _ends(suites: Suites, key: AnswerKey, verdict: Verdict) -> None:
    """The reference gets everything, so each part's points can be reached; an empty hand-in gets nothing."""
    full = suites.ask(Recorder(key.right), Answers(key.values))
    verdict.wrong += [f"the reference fails {check.id}" for check in full if check.outcome is not Outcome.PASSED]
    for check in full:
        verdict.weights.setdefault(check.part, []).append(check.weight)
    empty = suites.ask(Recorder(_Stubs()), Answers({}))
    verdict.wrong += [f"an untouched stub passes {check.id}" for check in empty if check.outcome is Outcome.PASSED]


class _Stubs:
    """A submission in which nothing is implemented."""

    def __getattr__(self, name: str):
        return self

    def __call__(self, *args, **kwargs):
        raise NotImplementedError


def _mistakes(course: Course, suites: Suites, catalogue: Catalogue, verdict: Verdict) -> None:
    """Every entry loses marks, and no two for one function give the same answers throughout without a written reason."""
    excused, met = _reasons(course, "same"), set()
    stories: dict[str, list[tuple[Entry, list]]] = {}
    for entry in catalogue.entries:
        question = next(one for one in course.questions if one.stem == entry.stem)
        part = f"{question.id}.code.{entry.misconception.replaces}"
        recorder = Recorder(catalogue.reference((entry,)))
        checks = suites.only(part).ask(recorder, Answers({}))
        signs = "".join("." if check.outcome is Outcome.PASSED else "/" if _partly(check) else "x" for check in checks)
        verdict.matrix.setdefault(part, []).append((entry.misconception.name, signs))
        if not signs.strip("."):
            verdict.wrong.append(f"{entry.id} keeps full marks")
        steps = story(recorder.calls, *entry.key)
        for other, theirs in stories.get(part, []):
            pair = f"{other.id} = {entry.id}"
            if not same_story(steps, theirs):
                continue
            met.add(pair)
            if pair not in excused:
                verdict.wrong.append(f"no hidden input tells {other.id} from {entry.id}")
        stories.setdefault(part, []).append((entry, steps))
    verdict.wrong += [f"{EQUIVALENT} excuses a pair that is told apart: {pair}" for pair in excused if pair not in met]


def _partly(check: Check) -> bool:
    return check.cases is not None and check.cases[0] > 0


def _attempts(course: Course, suites: Suites, verdict: Verdict) -> None:
    """Every wrong attempt loses marks, where it says in which tests in those alone; every right one earns them all."""
    verdict.tried = [tried(course, suites, question, attempt) for question, attempt in attempts(course)]
    verdict.wrong += [f"the attempt {one.name} at {one.part} {one.trouble}" for one in verdict.tried if one.trouble]


def _restated(course: Course, suites: Suites, catalogue: Catalogue, key: AnswerKey, verdict: Verdict) -> None:
    """No entry gives just what a mistake in a function below its own gives already: a student would hear one idea twice."""
    for question in course.questions:
        for name in question.code_names:
            recorder = Recorder(key.right)
            suites.only(PartId.of(question.id, "code", name)).ask(recorder, Answers({}))
            calls = [call for call in recorder.calls if (call.stem, call.name) == (question.stem, name)]
            entries = [entry for entry in catalogue.reaching(question.stem, name) if not entry.is_class]
            answers = {entry.id: [catalogue.answer((entry,), call) for call in calls] for entry in entries}
            above, below = ([entry for entry in entries if (entry.key[1] == name) is own] for own in (True, False))
            verdict.wrong += [
                f"{one.id} gives just what {other.id} gives already"
                for one in above
                for other in below
                if all(map(agree, answers[one.id], answers[other.id]))
            ]


def _mutants(course: Course, suites: Suites, verdict: Verdict) -> None:
    excused = _reasons(course, "mutants")
    met = set()
    for question in course.questions:
        for mutant in mutants(question.path("solution").read_text("utf-8")):
            id = f"{question.id}.{mutant.where}"
            name = mutant.id.replace(mutant.where, id, 1)
            if _killed(course, suites, question, mutant):
                verdict.killed += 1
            elif name in excused:
                verdict.equivalent += 1
            else:
                verdict.survived.append(name)
            met.add(name)
    verdict.wrong += [f"a mutant keeps full marks: {name}" for name in verdict.survived]
    verdict.wrong += [f"{EQUIVALENT} excuses a mutant that does not exist: {name}" for name in excused if name not in met]


def _killed(course: Course, suites: Suites, question: Question, mutant: Mutant) -> bool:
    """Whether any check of the question's code fails, the mutant's own part asked first."""
    parts = [part.id for part in course.parts if part.question == question.id and part.kind == "code"]
    parts.sort(key=lambda part: PartId(part).name != mutant.where)
    module = types.ModuleType(f"mutant.{question.stem}")
    module.__file__ = str(question.path("solution"))
    with contextlib.suppress(TimeoutError):
        with _within(SECONDS):
            try:
                exec(compile(mutant.tree, module.__file__, "exec"), module.__dict__)  # noqa: S102 our own source, changed by us
            except Exception:
                return True
            student = Recorder(Reference(course).with_module(question.stem, module))
            return any(check.outcome is not Outcome.PASSED for check in suites.only(*parts).ask_each(student, Answers({})))
    return True


@contextlib.contextmanager
def _within(seconds: int) -> Iterator[None]:
    def late(*_: object) -> None:
        raise TimeoutError

    before = signal.signal(signal.SIGALRM, late)
    signal.alarm(seconds)
    try:
        yield
    finally:
        signal.alarm(0)
        signal.signal(signal.SIGALRM, before)


def _reasons(course: Course, section: str) -> dict[str, str]:
    path = course.root / Path(EQUIVALENT)
    if not path.is_file():
        return {}
    return (yaml.safe_load(path.read_text("utf-8")) or {}).get(section) or {}


def as_text(verdict: Verdict) -> str:
    """The matrix and the figures, for a person. A check that a mistake fails is an x, one that it fails in part a /."""
    lines = []
    for part, rows in verdict.matrix.items():
        lines.append(f"{part}, weights {' '.join(map(str, verdict.weights.get(part, [])))}")
        lines += [f"  {signs:10} {name}" for name, signs in rows]
    lines += ["", *_attempt_lines(verdict), "", *_table(verdict)]
    lines += [f"wrong: {one}" for one in verdict.wrong] or ["the suites are as strong as they should be"]
    return "\n".join(lines)


def _attempt_lines(verdict: Verdict) -> Iterator[str]:
    """What each attempt earned of its part, in percent, and the tests that it failed."""
    part = ""
    for one in sorted(verdict.tried, key=lambda one: (one.part, one.right)):
        if one.part != part:
            part = one.part
            yield f"{part}, attempts"
        yield f"  {one.percent:5.1f} % {'right' if one.right else 'wrong'} {one.name}: {', '.join(one.failed) or 'all tests pass'}"


def _table(verdict: Verdict) -> list[str]:
    """How many of each kind were tried, and how many came to what they should."""
    mistakes = [signs for rows in verdict.matrix.values() for _, signs in rows]
    wrong, right = ([one for one in verdict.tried if one.right is kind] for kind in (False, True))
    mutants = verdict.killed + verdict.equivalent + len(verdict.survived)
    rows = [
        ("mistakes of the catalogue", len(mistakes), sum(bool(signs.strip(".")) for signs in mistakes), "lose marks"),
        ("mutants of the solutions", mutants, verdict.killed, f"lose marks, {verdict.equivalent} change nothing (with why)"),
        ("wrong attempts", len(wrong), sum(not one.trouble for one in wrong), "lose marks where they should"),
        ("right attempts", len(right), sum(not one.trouble for one in right), "earn all"),
    ]
    return [f"{kind:26} {count:5} tried {fine:5} {what}" for kind, count, fine, what in rows]
