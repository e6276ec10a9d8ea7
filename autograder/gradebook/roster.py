"""Finds the hand-in that an id or a name in a table means."""

from __future__ import annotations

from collections.abc import Iterable

from autograder.errors import ConvgradeError
from autograder.intake.names import fold, safe_id
from autograder.text import line


def folded(name: str) -> str:
    """A name as ``fold`` has it, its letters and digits alone: blanks, half-spaces and points count for nothing."""
    return "".join(sign for sign in fold(name) if sign.isalnum())


class Roster:
    """The ids and names of a class."""

    def __init__(self, people: Iterable[tuple[str, str]]):
        self.names = dict(people)
        self._by: dict[str, list[str]] = {}
        for id, name in self.names.items():
            for known in {folded(id), folded(name)} - {""}:
                self._by.setdefault(known, []).append(id)

    def id(self, who: str, where: str) -> str:
        """The id that is meant by an id or a name; made safe, where nobody of the class is.

        Raises ConvgradeError where two hand-ins are of that name.
        """
        plain = who.removeprefix("'")  # a spreadsheet's sign for text
        for exact in (who, safe_id(who), plain, safe_id(plain)):
            if exact in self.names:
                return exact
        who = plain
        fitting = self._by.get(folded(who), [])
        if len(fitting) > 1:
            ids = ", ".join(line(id) for id in fitting[:10])
            what = f"{line(who)!r} may be any of these hand-ins: {ids}"
            raise ConvgradeError(what, where=where, todo="Write the id of the one that is meant.")
        return fitting[0] if fitting else safe_id(who)
