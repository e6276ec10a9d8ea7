"""Are the hidden suites strong? Asked of the reference, of every known mistake, and of mutants of the solutions.

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

from autograder.course.config import check_parts
from autograder.course.course import Course, Question
from autograder.course.reference import Reference
from autograder.diagnosis.explain import Entry, Explainer, same_story, story
from autograder.marking.answers import Answers
from autograder.marking.recorder import Recorder
from autograder.marking.suites import Suites, collected
from autograder.model import Outcome, PartId
from autograder.prepare.mutants import Mutant, mutants

SECONDS = 10  # for one mutant; longer is an endless loop, which a student would lose marks for
# Written by hand, each with why: mutants that change nothing, and mistakes that no input can tell apart.
EQUIVALENT = "tests/hidden/equivalent.yml"


@dataclass
class Verdict:
    """What was found. ``wrong`` is empty where the suites are as strong as they should be."""

    wrong: list[str] = field(default_factory=list)
    matrix: dict[str, list[tuple[str, str]]] = field(default_factory=dict)  # part -> (entry, one sign a check)
    killed: int = 0
    equivalent: int = 0
    survived: list[str] = field(default_factory=list)


def verify(course: Course, *, mutate: bool = True) -> Verdict:
    """Both ends, the matrix of mistakes and, where ``mutate``, the mutants."""
    verdict = Verdict()

    def asked(suites: Suites) -> None:
        check_parts(course, suites.where())
        explainer = Explainer(course)
        _ends(course, suites, explainer, verdict)
        _mistakes(course, suites, explainer, verdict)
        if mutate:
            _mutants(course, suites, verdict)

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        collected(course, asked)
    return verdict


def _ends(course: Course, suites: Suites, explainer: Explainer, verdict: Verdict) -> None:
    """The reference gets everything, so each part's points can be reached; an empty hand-in gets nothing."""
    full = suites.ask(Recorder(explainer.right), Answers(explainer.values))
    verdict.wrong += [f"the reference fails {check.id}" for check in full if check.outcome is not Outcome.PASSED]
    empty = suites.ask(Recorder(_Stubs()), Answers({}))
    verdict.wrong += [f"an untouched stub passes {check.id}" for check in empty if check.outcome is Outcome.PASSED]


class _Stubs:
    """Anything asked of it is not implemented."""

    def __getattr__(self, name: str):
        return self

    def __call__(self, *args, **kwargs):
        raise NotImplementedError


def _mistakes(course: Course, suites: Suites, explainer: Explainer, verdict: Verdict) -> None:
    """Every entry loses marks, and no two for one function give the same answers throughout without a written reason."""
    excused, met = _reasons(course, "same"), set()
    stories: dict[str, list[tuple[Entry, list]]] = {}
    for entry in explainer.entries:
        question = next(one for one in course.questions if one.stem == entry.stem)
        part = f"{question.id}.code.{entry.misconception.replaces}"
        recorder = Recorder(explainer.reference((entry,)))
        checks = suites.only(part).ask(recorder, Answers({}))
        signs = "".join("." if check.outcome is Outcome.PASSED else "x" for check in checks)
        verdict.matrix.setdefault(part, []).append((entry.misconception.name, signs))
        if "x" not in signs:
            verdict.wrong.append(f"{entry.id} keeps full marks")
        told = story(recorder.calls, *entry.key)
        for other, theirs in stories.get(part, []):
            pair = f"{other.id} = {entry.id}"
            if not same_story(told, theirs):
                continue
            met.add(pair)
            if pair not in excused:
                verdict.wrong.append(f"no hidden input tells {other.id} from {entry.id}")
        stories.setdefault(part, []).append((entry, told))
    verdict.wrong += [f"{EQUIVALENT} excuses a pair that is told apart: {pair}" for pair in excused if pair not in met]


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
    verdict.wrong += [f"{EQUIVALENT} excuses a mutant that is none: {name}" for name in excused if name not in met]


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
            return any(check.outcome is not Outcome.PASSED for check in suites.only(*parts).asked(student, Answers({})))
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


def told(verdict: Verdict) -> str:
    """The matrix and the figures, for a person. A check a mistake fails is an x."""
    lines = []
    for part, rows in verdict.matrix.items():
        lines.append(part)
        lines += [f"  {signs:8} {name}" for name, signs in rows]
    mistakes = sum(map(len, verdict.matrix.values()))
    lines.append(
        f"\n{mistakes} mistakes; {verdict.killed} mutants lose marks, {verdict.equivalent} change nothing (with why)"
    )
    lines += [f"wrong: {one}" for one in verdict.wrong] or ["the suites are as strong as they should be"]
    return "\n".join(lines)
