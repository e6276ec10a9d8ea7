"""Why an answer is wrong: the misconceptions that give exactly what the student gave.

A number is explained by the entries whose value on the question's own parameters equals the answer; a function or class
by the entries that reproduce the student's answers on all hidden inputs where they differ from the right ones, three at
least. At most two are combined. Several explanations are all named; a near miss comes last and says it is a guess; what nothing
explains stays unexplained.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import Any

import numpy as np

from autograder.author import Misconception
from autograder.course.course import Course
from autograder.course.reference import Reference
from autograder.diagnosis.arithmetic import route
from autograder.diagnosis.near_miss import near_miss
from autograder.marking.answers import Answers
from autograder.marking.compare import same
from autograder.marking.recorder import Answered, Recorder
from autograder.marking.suites import Suites
from autograder.model import Diagnosis, Outcome, PartResult

AT_LEAST = 3  # wrong answers of a function that an entry must reproduce


@dataclass(frozen=True)
class Entry:
    """A misconception of the course's catalogue, with its id ``q2.conv2d_parameters.input_channels_forgotten``."""

    id: str
    stem: str
    misconception: Misconception

    @property
    def key(self) -> tuple[str, str]:
        return self.stem, self.misconception.replaces


@dataclass(frozen=True)
class Explanation:
    entries: tuple[Entry, ...]
    route: str = ""

    @property
    def ids(self) -> tuple[str, ...]:
        return tuple(entry.id for entry in self.entries)


def catalogue(course: Course) -> list[Entry]:
    """Every entry of ``solutions/<stem>_misconceptions.py``, in the order they are written."""
    found = []
    for question in course.questions:
        module = course.module(f"solutions.{question.stem}_misconceptions")
        for value in vars(module).values():
            if isinstance(value, Misconception):
                found.append(Entry(f"{question.id}.{value.replaces}.{value.name}", question.stem, value))
    return found


class Explainer:
    """The catalogue made ready once: each number's known wrong values, each entry's reference."""

    def __init__(self, course: Course):
        self.course, self.entries = course, catalogue(course)
        self.right = Reference(course)
        self.numbers, self.traces = course.numbers(), course.traces()
        self.values = {key: number.recipe(self.right) for key, number in self.numbers.items()}
        self._wrong: dict[str, Reference] = {}
        self._known: dict[str, list[tuple[Any, Explanation]]] = {}
        self._recorded: dict[tuple[str, str], list] = {}

    def explained(self, parts: Sequence[PartResult], answers: Answers, recorder: Recorder, suites: Suites):
        """A Diagnosis for each wrong part that something explains, in the parts' order."""
        found = []
        for part in parts:
            _, kind, name = part.id.split(".", 2)
            if part.outcome in (Outcome.PASSED, Outcome.NOT_ATTEMPTED, Outcome.UNREAD, Outcome.AWAITING):
                continue
            if any(message.key == "follow.credit" for message in part.messages):
                continue  # its reason stands beside the earlier answer that it follows from
            if kind == "numbers":
                found += self._number(part.id, answers)
            elif kind == "code":
                found += self._code(part, name, recorder, suites)
        return tuple(found)

    # ---- numbers

    def _number(self, part: str, answers: Answers) -> Iterator[Diagnosis]:
        question, _, name = part.split(".", 2)
        key = f"{question}.{name}"
        answer = answers.values.get(key)
        if answer is None or isinstance(answer, (str, bool)):
            return
        told = [explanation for value, explanation in self.known(key) if same(answer, value)]
        if told:
            yield from (self._diagnosis(part, explanation) for explanation in _fewest(told))
            return
        pairs = [explanation for value, explanation in self.combined(key) if same(answer, value)]
        if pairs:
            yield from (self._diagnosis(part, explanation) for explanation in pairs)
            return
        guess = near_miss(answer, self.values[key])
        if guess is not None:
            yield Diagnosis(question, part, (), (guess,), guess=True)

    def known(self, key: str) -> list[tuple[Any, Explanation]]:
        """What each single entry makes of a number, where it is not the right value."""
        if key not in self._known:
            self._known[key] = list(self._values(key, [(entry,) for entry in self._near(key)]))
        return self._known[key]

    def combined(self, key: str) -> list[tuple[Any, Explanation]]:
        """What two entries together make of a number, of those that matter to it one by one and replace different things."""
        alone = [explanation.entries[0] for _, explanation in self.known(key)]
        return list(self._values(key, [pair for pair in combinations(alone, 2) if pair[0].key != pair[1].key]))

    def _near(self, key: str) -> list[Entry]:
        """Entries of the files that the number's recipe asks."""
        recorder = Recorder(self.right)
        self.numbers[key].recipe(recorder)
        stems = {call.stem for call in recorder.calls}
        return [entry for entry in self.entries if entry.stem in stems and not isinstance(entry.misconception.wrong, type)]

    def _values(self, key: str, groups: Sequence[tuple[Entry, ...]]) -> Iterator[tuple[Any, Explanation]]:
        right = self.values[key]
        for group in groups:
            recorder = Recorder(self.reference(group))
            try:
                value = self.numbers[key].recipe(recorder)
            except Exception:  # the mistake makes the question itself impossible: then nobody got a number by it
                continue
            if not same(value, right):
                yield value, Explanation(group, _route(group, recorder.calls, value))

    # ---- functions and classes

    def _code(self, part: PartResult, name: str, recorder: Recorder, suites: Suites) -> Iterator[Diagnosis]:
        stem = next(question.stem for question in self.course.questions if question.id == part.id.split(".")[0])
        calls = [call for call in recorder.calls if call.stem == stem and call.name == name]
        if isinstance(getattr(self.course.module(f"solutions.{stem}"), name), type):
            yield from self._module(part, stem, name, recorder, suites)
            return
        right = getattr(getattr(self.right, stem), name)
        wrong = [call for call in calls if not _agree(call.value, _answer(right, call))]
        if len({repr((call.args, call.kwargs)) for call in wrong}) < AT_LEAST:
            return
        ours = [entry for entry in self.entries if entry.stem == stem and not isinstance(entry.misconception.wrong, type)]
        told = self._reproducing([(entry,) for entry in ours], stem, name, calls, wrong)
        for group in told or self._reproducing(self._pairs(ours, stem, name, wrong), stem, name, calls, wrong):
            yield self._diagnosis(part.id, Explanation(group))

    def _reproducing(self, groups: Iterable[tuple[Entry, ...]], stem: str, name: str, calls: list, wrong: list) -> list:
        """Groups that give the student's wrong answers; those that give all their answers, where there are any."""
        everywhere, where_wrong = [], []
        for group in groups:
            theirs = getattr(getattr(self.reference(group), stem), name)
            if all(_agree(call.value, _answer(theirs, call)) for call in wrong):
                agrees = all(_agree(call.value, _answer(theirs, call)) for call in calls)
                (everywhere if agrees else where_wrong).append(group)
        return everywhere or where_wrong

    def _pairs(self, entries: list[Entry], stem: str, name: str, wrong: list) -> list[tuple[Entry, ...]]:
        """Mistakes in two of the functions that this one builds on, each of which changes some of its answers."""
        right = [_answer(getattr(getattr(self.right, stem), name), call) for call in wrong]
        met = []
        for entry in entries:
            if entry.key == (stem, name):
                continue  # it stands in for the whole function, whatever the others are
            theirs = getattr(getattr(self.reference((entry,)), stem), name)
            if not all(_agree(_answer(theirs, call), answer) for call, answer in zip(wrong, right, strict=True)):
                met.append(entry)
        return [pair for pair in combinations(met, 2) if pair[0].key != pair[1].key]

    def _module(self, part: PartResult, stem: str, name: str, recorder: Recorder, suites: Suites) -> Iterator[Diagnosis]:
        came = story(recorder.calls, stem, name)
        if not any(values == ["module"] for _, values in came):
            return
        for entry in self.entries:
            if entry.key == (stem, name) and same_story(came, self._as_recorded(entry, part.id, suites)):
                yield self._diagnosis(part.id, Explanation((entry,)))

    def _as_recorded(self, entry: Entry, part: str, suites: Suites) -> list:
        key = (entry.id, part)
        if key not in self._recorded:
            recorder = Recorder(self.reference((entry,)))
            suites.only(part).ask(recorder, Answers({}))
            self._recorded[key] = story(recorder.calls, *entry.key)
        return self._recorded[key]

    # ---- both

    def reference(self, group: tuple[Entry, ...]) -> Reference:
        """The reference solutions with these mistakes in them, made once."""
        key = " ".join(entry.id for entry in group)
        if key not in self._wrong:
            self._wrong[key] = self.right.replacing({entry.key: entry.misconception.wrong for entry in group})
        return self._wrong[key]

    def _diagnosis(self, part: str, explanation: Explanation) -> Diagnosis:
        hints = tuple(entry.misconception.hint for entry in explanation.entries)
        return Diagnosis(part.split(".")[0], part, explanation.ids, hints, explanation.route)


def _fewest(told: list[Explanation]) -> list[Explanation]:
    """Explanations without repetition of an id (two entries may give one value, one entry only once)."""
    return list({explanation.ids: explanation for explanation in told}.values())


def _answer(function: Callable, call: Answered) -> Any:
    try:
        return function(*call.args, **call.kwargs)
    except Exception as error:
        return error


def _agree(a: Any, b: Any) -> bool:
    """Two answers that are the same: equal data, or both a refusal of the same kind."""
    if isinstance(a, Exception) or isinstance(b, Exception):
        return isinstance(a, ValueError) and isinstance(b, ValueError)
    return same(a, b)


def _route(group: tuple[Entry, ...], calls: Sequence[Answered], value: Any) -> str:
    (entry, *more) = group
    asked = [call for call in calls if (call.stem, call.name) == entry.key]
    return "" if more else route(entry.misconception, asked, value)


def _is_handle(value: Any) -> bool:
    return hasattr(value, "gradients")


def story(calls: Sequence[Answered], stem: str, name: str) -> list[tuple[str, list[Any]]]:
    """What a function or a class's objects answered, in order, without the names a student chose for parameters.

    Until the marker's weights are loaded into an object its own are drawn at random: then shapes are all that it tells.
    """
    story, loaded = [], False
    for call in calls:
        if call.stem == stem and call.name.split(".")[0] == name:
            method = call.name.partition(".")[2]
            loaded = bool(method) and (loaded or method == "load")
            values = _nameless(call.value)
            story.append((call.name, values if loaded or not method else sorted(map(_shape, values), key=repr)))
    return story


def _shape(value: Any) -> Any:
    return value.shape if isinstance(value, np.ndarray) else value


def _nameless(value: Any) -> list[Any]:
    if isinstance(value, Exception):
        return ["raised"]
    if _is_handle(value):
        return ["module"]
    if isinstance(value, dict):
        return [item for inner in value.values() for item in _nameless(inner)]
    if isinstance(value, (list, tuple)):
        return [item for inner in value for item in _nameless(inner)]
    return [value]


def same_story(a: list, b: list) -> bool:
    """Whether two recordings tell the same: the same calls in order, the same answers."""
    return len(a) == len(b) and all(
        one == other and len(these) == len(those) and all(map(_alike, these, those))
        for (one, these), (other, those) in zip(a, b, strict=True)
    )


def _alike(a: Any, b: Any) -> bool:
    if isinstance(a, np.ndarray) and isinstance(b, np.ndarray):
        return a.shape == b.shape and np.allclose(a, b, rtol=1e-6, atol=1e-9)
    return type(a) is type(b) and bool(a == b)
