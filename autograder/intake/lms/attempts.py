"""Several attempts of a student, of which the newest counts."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from autograder.intake.tree import Found
from autograder.model import Message


class Attempts:
    """Files by student and time. ``names``: what people call a student, by id, where the system says so."""

    def __init__(self):
        self.names: dict[str, str] = {}
        self._all: dict[str, dict[str, tuple[str, list[Iterable[Found]]]]] = {}

    def add(self, id: str, time: str, shown: str, files: Iterable[Found]) -> None:
        """``time`` orders the attempts as text, ``shown`` names one that is left out."""
        self._all.setdefault(id, {}).setdefault(time, (shown, []))[1].append(files)

    def newest(self) -> dict[str, str]:
        """The time of the newest attempt by student."""
        return {id: max(times) for id, times in self._all.items()}

    def shown(self, id: str) -> list[str]:
        """How the attempts of a student are named, in the order of their times."""
        return [shown for _, (shown, _) in sorted(self._all[id].items())]

    def of_each(self) -> Iterator[tuple[str, list[Found], list[Message]]]:
        """Student, files of the newest attempt, and the note that names the older ones; ordered by student."""
        for id, newest in sorted(self.newest().items()):
            shown, files = self._all[id][newest]
            older = [label for time, (label, _) in sorted(self._all[id].items()) if time != newest]
            notes = [Message("intake.attempts", {"taken": shown, "older": ", ".join(older[:10])})] if older else []
            yield id, [one for each in files for one in each], notes
