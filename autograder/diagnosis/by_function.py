"""Why a function is wrong: the mistakes with which the solution answers every recorded call as the student did.

The wrong answers as well as the right ones: a mistake that would spoil an answer that the student has right is not theirs.
"""

from __future__ import annotations

from collections.abc import Sequence

from autograder.diagnosis.catalogue import Catalogue, Entry, Group, frozen
from autograder.marking.compare import agree
from autograder.marking.recorder import Answered

AT_LEAST = 3  # wrong answers, of different calls, that a mistake must reproduce


def explaining(catalogue: Catalogue, stem: str, name: str, calls: Sequence[Answered]) -> list[Group]:
    """The single mistakes that explain a function's answers; where none does, the pairs."""
    calls = [call for call in calls if (call.stem, call.name) == (stem, name)]
    wrong = [call for call in calls if not agree(call.value, catalogue.answer((), call))]
    if len({frozen((call.args, call.kwargs)) for call in wrong}) < AT_LEAST:
        return []
    calls = _first(wrong, calls)
    entries = [entry for entry in catalogue.reaching(stem, name) if not entry.is_class]
    singles: list[Group] = [(entry,) for entry in entries if _explains(catalogue, (entry,), calls)]
    if singles:
        return singles
    met = [entry for entry in entries if not all(agree(*_with_and_without(catalogue, entry, call)) for call in wrong)]
    return [pair for pair in catalogue.pairs(met) if _explains(catalogue, pair, calls)]


def _first(wrong: Sequence[Answered], calls: Sequence[Answered]) -> list[Answered]:
    """The calls with the wrong ones first: most mistakes fail to explain the first of them."""
    ids = {id(call) for call in wrong}
    return [*wrong, *(call for call in calls if id(call) not in ids)]


def _explains(catalogue: Catalogue, group: Group, calls: Sequence[Answered]) -> bool:
    return all(agree(call.value, catalogue.answer(group, call)) for call in calls)


def _with_and_without(catalogue: Catalogue, entry: Entry, call: Answered) -> tuple:
    return catalogue.answer((entry,), call), catalogue.answer((), call)
