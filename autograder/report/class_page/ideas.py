"""Which misconceptions explain which answers of a class, and in how many submissions.

Misconceptions that explain exactly the same answers cannot be told apart, so they are one row.
"""

from __future__ import annotations

from dataclasses import dataclass

from autograder.model import Result, Text


@dataclass(frozen=True)
class Misconceived:
    """Misconceptions that explain the very same answers of the class, in how many submissions, and where.

    Of those submissions, ``shared`` many have answers that something else explains as well.
    """

    ids: tuple[str, ...]
    hints: tuple[Text, ...]
    count: int
    shared: int
    parts: tuple[str, ...]


class Ideas:
    """Which misconceptions explain which answers. A place is one part of one submission, as a number."""

    def __init__(self, parts: list[str]):
        self._parts = parts
        self._index = {id: at for at, id in enumerate(parts)}
        self._where: dict[str, set[int]] = {}  # misconception -> places
        self._ideas: dict[int, frozenset[str]] = {}  # place -> every misconception that explains it
        self._same: dict[frozenset[str], frozenset[str]] = {}  # equal sets are kept once
        self._hints: dict[str, Text] = {}

    def take(self, result: Result, number: int) -> None:
        """Note the diagnoses of submission ``number``; those of its parts that are not counted are left out."""
        for diagnosis in result.diagnoses:
            if not diagnosis.misconceptions or diagnosis.part not in self._index:
                continue
            place = number * len(self._parts) + self._index[diagnosis.part]
            ideas = self._ideas.get(place, frozenset()) | frozenset(diagnosis.misconceptions)
            self._ideas[place] = self._same.setdefault(ideas, ideas)
            for id, hint in zip(diagnosis.misconceptions, diagnosis.hints, strict=False):
                self._where.setdefault(id, set()).add(place)
                self._hints.setdefault(id, hint)

    def ranked(self) -> tuple[Misconceived, ...]:
        """Most frequent first. A submission counts once, in however many parts it shows the same idea."""
        together: dict[frozenset, list[str]] = {}
        for id in sorted(self._where):
            together.setdefault(frozenset(self._where[id]), []).append(id)
        ranked, width = [], len(self._parts)
        for places, ids in together.items():
            who = {place // width for place in places}
            sure = {place // width for place in places if self._ideas[place] <= set(ids)}
            parts = tuple(sorted({self._parts[place % width] for place in places}))
            hints = tuple(dict.fromkeys(self._hints[id] for id in ids))
            ranked.append(Misconceived(tuple(ids), hints, len(who), len(who - sure), parts))
        return tuple(sorted(ranked, key=lambda one: (-one.count, one.shared, one.ids)))
