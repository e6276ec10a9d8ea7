"""One submission as the trusted side asks it: its functions, the cells and numbers of its notebook, its modules.

Each question is asked in a process of its own (``anew``), so that nothing that one leaves behind reaches another, and a
question asked alone comes to what it comes to among all. ``conversation`` says how a process is asked.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from functools import partial
from typing import Any

from autograder.model import Limits, Message

from .cells import Cells
from .conversation import Conversation, as_bytes
from .failures import Crashed, NotAttempted, StudentFailure, StudentRaised, TimedOut
from .zygote_client import Zygote

# Words of a hand-in by what they make torch import at their first use: seconds of work, which the zygote then does beforehand.
IMPORTS = {
    "compiler": re.compile(
        r"\b(optim|checkpoint|checkpoint_sequential|compile|func|functorch|vmap|jvp|jacrev|jacfwd|hessian|jit|_dynamo|export)\b"
        r"|use_deterministic_algorithms"
    ),
    "symbolic": re.compile(
        r"[\"']meta[\"']|\b(assert_close|gradcheck|gradgradcheck|profiler?|flop_counter|FakeTensorMode|max_unpool\dd|MaxUnpool\dd|sympy)\b"
    ),
}
AHEAD = 1 << 15  # bytes of requests that are sent before the first is answered: what a socket holds while nobody reads


class Session(Conversation):
    """Calls into one submission. Use as a context manager: leaving it ends every process."""

    def __init__(
        self,
        zygote: Zygote,
        sources: dict[str, str],
        limits: Limits,
        cells: tuple[tuple[int, str], ...] = (),
        stems: tuple[str, ...] = (),
        questions: int = 1,
    ):
        """``sources``: the files by stem. ``cells``: a notebook's, which may stand for any of ``stems``.

        ``questions``: how many are asked, one after the other (``anew``).
        """
        places = {f"{stem}.py": source for stem, source in sources.items()}
        places |= {f"cell {number}": source for number, source in cells}
        text = "\n".join(places.values())
        warm = [what for what, words in IMPORTS.items() if words.search(text)]
        super().__init__(zygote, limits, places, [*warm, *["notebook"] * bool(cells)], questions)
        self.sources, self.stems = sources, stems
        self.sent = self.wider = sources  # those that the question's process holds, and those that it may come to hold
        self.cells = Cells(cells, limits.submission_seconds, limits.import_seconds) if cells else None
        self.cells_ran_in = 0  # the generation

    def _begin(self) -> None:
        super()._begin()
        self.imported_in: dict[str, int] = {}  # the generation
        self.refused: dict[str, StudentFailure] = {}  # why a file could not be imported: no other process tries again
        self.wide = False  # whether the question's process came to hold more files

    def anew(self, stems: Collection[str] | None = None, wider: Collection[str] | None = None) -> None:
        """Begin another question, with a process, a time limit and a reply budget of its own.

        The process holds only the files of ``stems`` (None: all), so its outcome depends on no other file. If the question asks
        for another file of ``wider``, a process with those replaces it. A process that has only run a notebook's cells, all to
        their end, is reused.
        """
        self.sent, self.wider = self._of(stems), self._of(wider)
        cells_ran = self.cells is not None and not self.cells.disturbed and self.cells_ran_in == self.generation
        if not cells_ran or self.ran_in == self.generation:
            self._end()
        self._begin()
        if self.process is not None:
            self.in_cells = self.process.own.spent()
            self.process.channel.budget = self.budget

    def _of(self, stems: Collection[str] | None) -> dict[str, str]:
        return {stem: text for stem, text in self.sources.items() if stems is None or stem in stems}

    def __enter__(self) -> Session:
        return self

    def __exit__(self, *_: object) -> None:
        self._end()

    def call(self, stem: str, name: str, args: tuple, kwargs: dict) -> Any:
        """What the student's ``stem.name(*args, **kwargs)`` returns. Raises StudentFailure."""
        target = f"{stem}.{name}"
        self._clean()
        if self.cells is not None:
            try:
                self._run_cells(target)
                return self._request("in notebook", [name, args, kwargs], target, self.limits.call_seconds)
            except NotAttempted as failure:
                if stem not in self.sources:
                    raise _of_notebook(failure, name) from None
        self._ready(stem, target)
        return self._request("call", [stem, name, args, kwargs], target, self.limits.call_seconds)

    def each(self, stem: str, name: str, cases: Sequence[tuple[tuple, dict]]) -> list[Any]:
        """The outcome of each of these calls, as ``call`` would give it: its value, or the StudentFailure that it ended in.

        A call that takes its process with it is the last: what comes back is then shorter than ``cases``.
        """
        target = f"{stem}.{name}"
        self._clean()
        numbers = self._ahead(stem, target, [[stem, name, *case] for case in cases])
        sent_to, answers = self.generation, []
        for number, (args, kwargs) in zip(numbers, cases, strict=True):
            try:
                if number is None or self.process is None or self.generation != sent_to:
                    answers.append(self.call(stem, name, args, kwargs))
                else:
                    answers.append(self._answered(number, target, self.limits.call_seconds))
            except StudentFailure as failure:
                answers.append(failure)
                if isinstance(failure, (TimedOut, Crashed)):
                    break
        return answers

    def _ahead(self, stem: str, target: str, calls: Sequence[list]) -> Sequence[int | None]:
        """Send calls before the first is answered; the numbers that their answers will have.

        None each where a call has to be looked at by itself: in a notebook, in a file that cannot be imported, with arguments
        of some size. Each answer has the time of a call of its own, from when the one before has come.
        """
        one_by_one = [None] * len(calls)
        if self.cells is not None:
            return one_by_one
        try:
            self._ready(stem, target)
            frames = [self._frame("call", call, target) for call in calls]
            if sum(len(piece) for frame in frames for piece in frame) > AHEAD:
                return one_by_one
            self._sent(frames, target, self.limits.call_seconds)
        except StudentFailure:
            return one_by_one
        return range(self.number - len(calls) + 1, self.number + 1)

    def answer(self, key: str) -> Any:
        """A number that the notebook assigns, as it is: plain data, or an object that stayed behind the wall.

        Raises StudentFailure, NotAttempted where it assigns none.
        """
        self._run_cells(key)
        return self._request("answer", [key], key, self.limits.call_seconds)

    def answer_keys(self) -> Any:
        """The keys of the notebook's dict ``answers``, those of a dict inside it as ``q2.total``; untrusted. Raises StudentFailure."""
        self._run_cells("answers")
        return self._request("answer keys", [], "answers", self.limits.call_seconds)

    def _run_cells(self, target: str) -> None:
        if self.cells is None:
            raise NotAttempted(Message("check.not_attempted"))
        self._in_time(target)
        if self.process is None or self.cells_ran_in != self.generation:
            if self.seen_by == self.generation:
                self._end()
            self.cells.run(self._fresh, partial(self._run_cell, self.cells))
            self.cells_ran_in = self.generation

    def _run_cell(self, cells: Cells, number: int, source: str, seconds: float) -> float:
        """Run a cell; the own time that it took. Raises Interrupted where it took too long and the process goes on."""
        own, target = self.running.own, f"cell {number}"
        before = own.spent()
        try:
            self._sent([self._frame("cell", [number, as_bytes(source)], target)], target, seconds, cell=True)
            cells.add_notes(self._answered(self.number, target, seconds, cell=True))
            return own.spent() - before
        except (TimedOut, Crashed):
            raise
        except StudentFailure as failure:
            if self.process is None:  # what it answered was no answer, and its process was ended for it
                raise Crashed(failure.message) from None
            raise
        finally:
            self.in_cells += own.spent() - before

    def _fresh(self) -> None:
        self._in_time("")
        if self.process is None:
            self._start(self.sent, self.stems)

    def method(self, generation: int, handle: int, target: str, name: str, args: tuple) -> Any:
        """What a method of an object that stayed behind the wall returns. Raises StudentFailure."""
        if generation != self.generation or self.process is None:
            raise Crashed(Message("check.crashed", {"target": target, "reason": "its process has ended"}))
        self._in_time(target)
        return self._request("method", [handle, name, args], target, self.limits.call_seconds)

    def _ready(self, stem: str, target: str) -> None:
        if stem not in self.sources:
            raise NotAttempted(Message("check.file_missing", {"file": f"{stem}.py"}))
        if stem not in self.sent:
            self._end()
            self.wide = True
            self.steady = self.steady and stem in self.wider  # else the question asks more than its files say
            self.sent = self.wider if stem in self.wider else self.sources
        self._in_time(target)
        if self.process is None:
            self._start(self.sent, self.stems)
        if stem not in self.refused and self.imported_in.get(stem) != self.generation:
            try:
                self._request("import", [stem], stem, self.limits.import_seconds)
                self.imported_in[stem] = self.generation
            except StudentFailure as failure:
                self.refused[stem] = _of_import(failure, stem, self.limits.import_seconds)
        if stem in self.refused:
            raise self.refused[stem].with_traceback(None)


def _of_notebook(failure: NotAttempted, name: str) -> NotAttempted:
    """What is missing is missing in the notebook, where no such file was handed in."""
    missing = failure.message.key in ("check.name_missing", "check.file_missing")
    return NotAttempted(Message("notebook.name_missing", {"name": name})) if missing else failure


def _of_import(failure: StudentFailure, stem: str, seconds: float) -> StudentFailure:
    """A failure during a file's import, with a message that says so: it affects every function in the file."""
    if isinstance(failure, TimedOut):
        return TimedOut(Message("check.import_timeout", {"file": f"{stem}.py", "seconds": seconds}))
    if failure.message.key == "check.error":
        return StudentRaised(Message("check.import_failed", {"file": f"{stem}.py", **failure.message.values}))
    return failure
