"""A notebook's cells seen from the trusted side: run in order, each with its own deadline, past those that end the process."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from autograder.model import Message

from .raised import Crashed, NotAttempted, StudentFailure, TimedOut

DEADLY = 3  # cells that may end the process; after that the rest of the notebook is not run
TOLD = 8  # cells that failed, by name; then only how many


class Cells:
    """``request(operation, arguments, target, seconds)`` asks the submission's process; ``run`` is called for each of them."""

    def __init__(self, cells: tuple[tuple[int, str], ...], seconds: float):
        self.cells, self.seconds = cells, seconds
        self.deadly: set[int] = set()
        self.failed: dict[int, Message] = {}
        self.not_run = 0

    def run(self, ready: Callable[[], None], request: Callable[..., Any]) -> None:
        """Run every cell that may run in a fresh process; anew where one ends it. ``ready`` makes such a process."""
        while not self._once(ready, request):
            pass

    def _once(self, ready: Callable[[], None], request: Callable[..., Any]) -> bool:
        ready()
        for at, (number, source) in enumerate(self.cells):
            if number in self.deadly:
                continue
            if len(self.deadly) >= DEADLY and number > max(self.deadly):
                self.not_run = len(self.cells) - at
                return True
            try:
                request("cell", [number, source], f"cell {number}", self.seconds)
            except (TimedOut, Crashed) as failure:
                self.deadly.add(number)
                self._note(number, failure)
                return False
            except NotAttempted:
                continue  # a student's own check of a stub
            except StudentFailure as failure:
                self._note(number, failure)
        return True

    def _note(self, number: int, failure: StudentFailure) -> None:
        self.failed.setdefault(number, failure.message)

    def notes(self) -> tuple[Message, ...]:
        """What the student should know of cells that did not run to their end."""
        from autograder.words import say

        told = [
            Message("notebook.cell_failed", {"cell": number, "en": say(message, "en"), "fa": say(message, "fa")})
            for number, message in sorted(self.failed.items())
        ]
        if len(told) > TOLD:
            told = [*told[:TOLD], Message("notebook.more_failed", {"count": len(told) - TOLD})]
        if self.not_run:
            told.append(Message("notebook.not_run", {"count": self.not_run}))
        return tuple(told)
