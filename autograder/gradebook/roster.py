"""Finds the hand-in that an id or a name in a table means."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable

from autograder.errors import ConvgradeError
from autograder.intake.names import safe_id
from autograder.text import line

_LETTERS = str.maketrans({"ي": "ی", "ى": "ی", "ئ": "ی", "ك": "ک", "ۀ": "ه", "ة": "ه", "أ": "ا", "إ": "ا", "آ": "ا"})


def folded(name: str) -> str:
    """A name without what people write in several ways: case, blanks and half-spaces, Arabic or Persian ی and ک, digits."""
    text = unicodedata.normalize("NFKC", name).translate(_LETTERS).casefold()
    digits = (str(unicodedata.decimal(one)) if one.isdecimal() else one for one in text)
    return "".join(one for one in digits if one.isalnum())


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
        who = who.removeprefix("'")  # a spreadsheet's sign for text
        for exact in (who, safe_id(who)):
            if exact in self.names:
                return exact
        fitting = self._by.get(folded(who), [])
        if len(fitting) > 1:
            ids = ", ".join(line(id) for id in fitting[:10])
            what = f"{line(who)!r} may be any of these hand-ins: {ids}"
            raise ConvgradeError(what, where=where, todo="Write the id of the one that is meant.")
        return fitting[0] if fitting else safe_id(who)
