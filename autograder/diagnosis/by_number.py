"""Why a number of the sheet is wrong: the mistakes that, made on the question's own parameters, give exactly that number."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import combinations
from typing import Any

from autograder.course.answer_key import AnswerKey
from autograder.diagnosis.arithmetic import shown_arithmetic
from autograder.diagnosis.catalogue import Catalogue, Explanation, Group
from autograder.marking.compare import same
from autograder.marking.recorder import Answered, Recorder

Values = list[tuple[Any, Group]]  # wrong values, each with the mistakes that give it
Known = list[tuple[Any, Explanation]]


class Numbers:
    """The value of each number under each mistake, computed once. Independent of any submission."""

    def __init__(self, key: AnswerKey, catalogue: Catalogue):
        self._key, self._catalogue = key, catalogue
        self._single: dict[str, Values] = {}
        self._pairs: dict[str, Values] = {}
        self._all = False

    @property
    def wanted(self) -> bool:
        """Whether something was worked out in this process."""
        return bool(self._single) and not self._all

    def work_out(self) -> None:
        """Work out all that can be looked up."""
        for key in self._key.numbers:
            self.single(key)
            self.pairs(key)
        self._all = True

    def explaining(self, key: str, answer: Any) -> list[Explanation]:
        """The single mistakes that give an answer; where none does, the pairs."""
        for values in (self.single, self.pairs):
            giving = [(value, group) for value, group in values(key) if same(answer, value)]
            if giving:
                return [explanation for _, explanation in self._explained(key, giving)]
        return []

    def known(self, key: str) -> Known:
        """The wrong value that each single entry gives for a number, with the arithmetic."""
        return self._explained(key, self.single(key))

    def single(self, key: str) -> Values:
        """The wrong value that each single entry gives for a number."""
        if key not in self._single:
            self._single[key] = self._values(key, [(entry,) for entry in self._catalogue.entries if not entry.is_class])
        return self._single[key]

    def pairs(self, key: str) -> Values:
        """The value that two entries together give for a number; each must matter by itself, and they must replace different things."""
        if key not in self._pairs:
            alone = [group[0] for _, group in self.single(key)]
            self._pairs[key] = self._values(key, [pair for pair in combinations(alone, 2) if pair[0].key != pair[1].key])
        return self._pairs[key]

    def _explained(self, key: str, values: Values) -> Known:
        return [(value, Explanation(group, self._route(key, group, value))) for value, group in values]

    def _values(self, key: str, groups: Sequence[Group]) -> Values:
        right, recipe = self._key.values[key], self._key.numbers[key].recipe
        used = self._used(key)
        values = []
        for group in groups:
            if not all(entry.key in used for entry in group):
                continue
            try:
                value = recipe(self._catalogue.answering(group))
            except Exception:  # the mistake makes the question itself impossible: then nobody got a number by it
                continue
            if not same(value, right):
                values.append((value, group))
        return values

    def _used(self, key: str) -> set[tuple[str, str]]:
        """The functions that the number's recipe asks, and those that these use: a mistake elsewhere changes nothing."""
        recorder = Recorder(self._key.right)
        self._key.numbers[key].recipe(recorder)
        return {(call.stem, name) for call in recorder.calls for name in self._catalogue.used(call.stem, call.name)}

    def _route(self, key: str, group: Group, value: Any) -> str:
        (entry, *more) = group
        if more or entry.misconception.arithmetic is None:
            return ""
        calls: list[Answered] = []
        with self._catalogue.mistaken(group, calls) as of:
            self._key.numbers[key].recipe(of)
        return shown_arithmetic(entry.misconception, calls, value)
