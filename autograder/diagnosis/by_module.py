"""Why a class is wrong: the mistakes with which a network answers every call of the suites as the student's network did."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from autograder.diagnosis.catalogue import Catalogue, Entry, Group
from autograder.diagnosis.story import Step, Story, same_step, same_story, story
from autograder.marking.answers import Answers
from autograder.marking.recorder import Recorder

if TYPE_CHECKING:  # it brings pytest along, which a run with nothing to ask does without
    from autograder.marking.suites import Suites


RIGHT: Group = ()  # no mistake


class Modules:
    """The recorded answers of the catalogue's networks, test by test.

    A single mistake is run to the end once and kept; a pair is run only until it differs from the student.
    """

    def __init__(self, catalogue: Catalogue):
        self._catalogue = catalogue
        self._stories: dict[tuple[Group, str], list[Step]] = {}  # of a group and a test
        self.wanted: set[str] = set()  # parts whose stories were asked for and were not known

    def explaining(self, stem: str, name: str, recorder: Recorder, part: str, suites: Suites) -> list[Group]:
        """The single mistakes that explain what a class's objects answered; where none does, the pairs.

        Of pairs, those are asked whose mistakes matter by themselves in no test that went right and in some that went wrong:
        two mistakes that hide each other there are not found.
        """
        asked = _Asked((stem, name), part, suites.only(part).by_test())
        theirs = {test: story(recorder.asked_by(test), stem, name) for test in asked.tests}
        made = [values for steps in theirs.values() for _, values in steps]
        if not any(len(values) == 1 and type(values[0]) is str and values[0] == "module" for values in made):
            return []
        right = [test for test in asked.tests if same_story(theirs[test], self._story(RIGHT, test, asked))]
        lead = next((test for test in asked.tests if test not in right), None)  # asked first: it rules most mistakes out
        if lead is None:
            return []
        theirs = {lead: theirs.pop(lead), **theirs}
        entries = [entry for entry in self._catalogue.entries if entry.key == (stem, name)]
        singles: list[Group] = [(entry,) for entry in entries if self._explains((entry,), theirs, asked)]
        if singles:
            return singles
        possible = [entry for entry in entries if not any(self._matters(entry, test, asked) for test in right)]
        pairs = (pair for pair in self._catalogue.pairs(possible) if self._may_explain(pair, lead, theirs[lead], asked))
        return [pair for pair in pairs if self._explains(pair, theirs, asked)]

    def work_out(self, part: str, suites: Suites) -> None:
        """Run a part's single mistakes to the end, so that whatever forks from here on has their answers."""
        tests = suites.only(part).by_test()
        for entry in self._catalogue.entries:
            if entry.is_class and entry.part == part:
                asked = _Asked(entry.key, part, tests)
                for test in tests:
                    self._matters(entry, test, asked)
        self.wanted.discard(part)

    def _may_explain(self, pair: Group, test: str, theirs: list[Step], asked: _Asked) -> bool:
        """Whether two mistakes together could give these answers.

        They cannot if neither changes anything in this test, or if only one does and its answers differ.
        """
        mattering = [one for one in pair if self._matters(one, test, asked)]
        return len(mattering) == 2 or any(
            same_story(self._story((one,), test, asked), theirs, drawn=_drawn(pair)) for one in mattering
        )

    def _matters(self, entry: Entry, test: str, asked: _Asked) -> bool:
        """Whether a single mistake changes any answer in a test."""
        told, right = (self._story(group, test, asked) for group in ((entry,), RIGHT))
        return not same_story(told, right, drawn=_drawn((entry,)))

    def _explains(self, group: Group, theirs: dict[str, list[Step]], asked: _Asked) -> bool:
        return all(self._explains_in(test, group, steps, asked) for test, steps in theirs.items())

    def _explains_in(self, test: str, group: Group, steps: list[Step], asked: _Asked) -> bool:
        if len(group) == 1:
            return same_story(self._story(group, test, asked), steps, drawn=_drawn(group))
        listener = _Listener(self._catalogue.reference(group), group, steps)
        try:
            with _drawing(group):
                asked.tests[test].ask(listener, Answers({}))
        except _Diverged:
            return False
        return len(listener.heard.steps) == len(steps)

    def _story(self, group: Group, test: str, asked: _Asked) -> list[Step]:
        if (group, test) not in self._stories:
            if group:
                self.wanted.add(asked.part)
            recorder = Recorder(self._catalogue.reference(group))
            with _drawing(group):
                asked.tests[test].ask(recorder, Answers({}))
            self._stories[group, test] = story(recorder.calls, *asked.key)
        return self._stories[group, test]


@dataclass(frozen=True)
class _Asked:
    """A class that is asked, and the tests of its part by themselves."""

    key: tuple[str, str]  # stem and name
    part: str
    tests: dict[str, Suites]


@contextmanager
def _undrawn() -> Iterator[None]:
    """Leave new weights uninitialised: until weights are loaded only shapes are compared, and drawing random weights is slow."""
    from torch.nn import init

    drawing = ("kaiming_uniform_", "uniform_")
    before = {name: getattr(init, name) for name in drawing}
    for name in drawing:
        setattr(init, name, lambda tensor, *_, **__: tensor)
    try:
        yield
    finally:
        for name, draw in before.items():
            setattr(init, name, draw)


def _drawing(group: Group) -> AbstractContextManager[None]:
    """Skip the initialisation of weights, unless the group keeps weights that nobody can load: a suite must not act on whatever
    is in memory."""
    return nullcontext() if _drawn(group) else _undrawn()


def _drawn(group: Group) -> bool:
    """Whether a network of the group keeps weights that it does not register: nobody can load those, so they stay random."""
    return any(getattr(entry.misconception.wrong, "unregistered", False) for entry in group)


class _Diverged(BaseException):
    """An answer differs from the student's. Not an Exception, so that no test of a suite catches it."""


class _Listener(Recorder):
    """Runs a network and stops at the first answer that differs from the student's."""

    def __init__(self, inner: Any, group: Group, steps: list[Step]):
        super().__init__(inner)
        self.heard, self._wanted, self._drawn = Story(*group[0].key), steps, _drawn(group)

    def keep(self, stem: str, name: str, args: tuple, kwargs: dict, value: Any, object: int = 0) -> Any:
        kept = super().keep(stem, name, args, kwargs, value, object)
        if self.heard.hear(self.calls[-1]):
            place = len(self.heard.steps)
            if place > len(self._wanted) or not same_step(self.heard.steps[-1], self._wanted[place - 1], drawn=self._drawn):
                raise _Diverged
        return kept
