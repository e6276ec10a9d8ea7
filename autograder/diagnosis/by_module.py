"""Why a class is wrong: the networks of the catalogue that answer the suites as the student's does, call by call."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from typing import TYPE_CHECKING, Any

from autograder.diagnosis.catalogue import Catalogue, Group
from autograder.diagnosis.story import Step, Story, same_step, same_story, story
from autograder.marking.answers import Answers
from autograder.marking.recorder import Answered, Recorder

if TYPE_CHECKING:  # it brings pytest along, which a run with nothing to ask does without
    from autograder.marking.suites import Suites


class Modules:
    """The stories of the catalogue's networks: each is heard to its end once, or as far as it is the student's own."""

    def __init__(self, catalogue: Catalogue):
        self._catalogue = catalogue
        self._stories: dict[tuple[Group, str], list[Step]] = {}
        self.wanted: set[str] = set()  # parts whose stories were asked for and were not known

    def explaining(self, stem: str, name: str, calls: list[Answered], part: str, suites: Suites) -> list[Group]:
        """The single mistakes that explain what a class's objects answered; where none does, the pairs."""
        steps = story(calls, stem, name)
        if not any(len(values) == 1 and type(values[0]) is str and values[0] == "module" for _, values in steps):
            return []
        entries = [entry for entry in self._catalogue.entries if entry.key == (stem, name)]
        singles: list[Group] = [(entry,) for entry in entries if self._tells((entry,), steps, part, suites)]
        return singles or [pair for pair in self._catalogue.pairs(entries) if self._tells(pair, steps, part, suites)]

    def work_out(self, part: str, suites: Suites) -> None:
        """Hear the stories of a part's single mistakes to their ends, so that what forks from here on knows them."""
        for entry in self._catalogue.entries:
            if entry.is_class and entry.part == part and ((entry,), part) not in self._stories:
                recorder = Recorder(self._catalogue.reference((entry,)))
                with _drawing((entry,)):
                    suites.only(part).ask(recorder, Answers({}))
                self._stories[(entry,), part] = story(recorder.calls, *entry.key)
        self.wanted.discard(part)

    def _tells(self, group: Group, steps: list[Step], part: str, suites: Suites) -> bool:
        known = self._stories.get((group, part))
        if known is not None:
            return same_story(known, steps, drawn=_drawn(group))
        if len(group) == 1:
            self.wanted.add(part)
        listener = _Listener(self._catalogue.reference(group), group, steps)
        try:
            with _drawing(group):
                suites.only(part).ask(listener, Answers({}))
        except _Apart:
            return False
        return len(listener.heard.steps) == len(steps)


@contextmanager
def _undrawn() -> Iterator[None]:
    """Networks begin with whatever memory holds: before weights are loaded a story tells shapes alone, and drawing takes long."""
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
    """Weights are drawn where they stay so: by what memory holds a suite may go another way than by the student's."""
    return nullcontext() if _drawn(group) else _undrawn()


def _drawn(group: Group) -> bool:
    """Whether a network of the group keeps weights that it does not register: nobody can load those, so they stay as drawn."""
    return any(getattr(entry.misconception.wrong, "unregistered", False) for entry in group)


class _Apart(BaseException):
    """The story has gone another way: no test of a suite may catch this."""


class _Listener(Recorder):
    """Asks a network, and stops as soon as it answers otherwise than the student's did."""

    def __init__(self, inner: Any, group: Group, steps: list[Step]):
        super().__init__(inner)
        self.heard, self._wanted, self._drawn = Story(*group[0].key), steps, _drawn(group)

    def keep(self, stem: str, name: str, args: tuple, kwargs: dict, value: Any, object: int = 0) -> Any:
        kept = super().keep(stem, name, args, kwargs, value, object)
        if self.heard.hear(self.calls[-1]):
            place = len(self.heard.steps)
            if place > len(self._wanted) or not same_step(self.heard.steps[-1], self._wanted[place - 1], drawn=self._drawn):
                raise _Apart
        return kept
