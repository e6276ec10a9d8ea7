"""A notebook's cells seen from the trusted side: run in order, each with its own deadline, past those that end the process."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from autograder.model import Message
from autograder.text import line

from .failures import Crashed, Interrupted, NotAttempted, StudentFailure, TimedOut

STARTS = 12  # processes for one run of the cells: some end theirs in one run and not in the next
DEADLY = 3  # cells that may end the process; after that the rest of the notebook is not run
MOST_REMARKS = 12
NAMED = 8  # cells that failed, by name; then only how many
PORTION = 4  # a cell may take a quarter of the time that is left, so that there is always some for those after it
AGAIN_SECONDS = 2.0  # for a cell that was interrupted, when it runs again: what it defines, it defines at its beginning


class Cells:
    """A notebook's code cells by number, and how each has ended so far."""

    def __init__(self, cells: tuple[tuple[int, str], ...], seconds: float, cell_seconds: float):
        """``seconds`` are for all cells of one run together, ``cell_seconds`` the most for one of them."""
        self.cells, self.seconds, self.cell_seconds = cells, seconds, cell_seconds
        self.deadly: set[int] = set()
        self.slow: set[int] = set()  # interrupted
        self.failed: dict[int, Message] = {}
        self.tried: set[int] = set()
        self.remarks: set[tuple[int, str, str]] = set()
        self.time_up = False

    @property
    def disturbed(self) -> bool:
        """Whether a second run would not do what the first did."""
        return bool(self.deadly or self.slow)

    def run(self, ready: Callable[[], None], request: Callable[[int, str, float], float]) -> None:
        """Run every cell that may run in a fresh process; anew where one ends it.

        ``ready`` makes such a process, and raises TimedOut where there is no time for one. ``request`` runs a cell by its
        number and source within some seconds and returns how many it took; it raises Interrupted where they were too few,
        TimedOut or Crashed where that has ended the process, another StudentFailure where not.
        """
        try:
            ready()
            for _ in range(STARTS):
                if self._once(request):
                    return
                ready()
        except TimedOut:
            self.time_up = True
            raise

    def _once(self, request: Callable[[int, str, float], float]) -> bool:
        """Whether this process has come past the last cell."""
        left, again = self.seconds, frozenset(self.slow)
        for number, source in self.cells:
            if number in self.deadly:
                continue
            if len(self.deadly) >= DEADLY and number > max(self.deadly):
                return True
            self.tried.add(number)
            seconds = min(self.cell_seconds, left / PORTION, AGAIN_SECONDS if number in again else self.cell_seconds)
            try:
                left -= request(number, source, seconds)
            except Interrupted as failure:
                left -= seconds
                self.slow.add(number)
                self._note(number, failure)
            except (TimedOut, Crashed) as failure:
                self.deadly.add(number)
                self._note(number, failure)
                return False
            except NotAttempted:
                continue  # a student's own check of a stub
            except StudentFailure as failure:
                self._note(number, failure)
        return True

    def add_notes(self, notes: Any) -> None:
        """Add the notes that a process sends about its cells. They are untrusted."""
        numbers = {number for number, _ in self.cells}
        for note in notes if type(notes) is list else ():
            match note:
                case [number, "idle" | "reused" as kind, str(text)] if (
                    type(number) is int and number in numbers and len(self.remarks) < MOST_REMARKS
                ):
                    self.remarks.add((number, kind, line(text)[:60]))

    def _note(self, number: int, failure: StudentFailure) -> None:
        self.failed.setdefault(number, failure.message)

    def notes(self) -> tuple[Message, ...]:
        """What the student should know of cells that did not run to their end."""
        messages = [
            Message("notebook.cell_failed", {**message.values, "cell": number, "because": message.key})
            for number, message in sorted(self.failed.items())
        ]
        if len(messages) > NAMED:
            messages = [*messages[:NAMED], Message("notebook.more_failed", {"count": len(messages) - NAMED})]
        messages += [
            Message(f"notebook.{kind}", {"cell": number, "text": text}) for number, kind, text in sorted(self.remarks)
        ]
        left = len(self.cells) - len(self.tried)
        if left:
            messages.append(Message("notebook.time_up" if self.time_up else "notebook.not_run", {"count": left}))
        return tuple(messages)
