"""Records every call and its answer, of anything shaped like the fixture ``student``.

The hidden suites ask through a recorder, be it a student behind the wall or the reference solutions with a misconception in
them; two recordings of the same suite can then be compared answer by answer, which is what a diagnosis is.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from autograder.wall.shared.wire import METHODS

# Methods that report names a student chose: they prove nothing and are not recorded.
HINTS = ("order_of_use", "shapes")


def is_handle(value: Any) -> bool:
    """Whether a value is a module that can be asked, a student's behind the wall or one of ours."""
    return all(hasattr(value, method) for method in METHODS)


@dataclass(frozen=True)
class Answered:
    """One call and how it ended. ``value`` is plain data, a ``RecordedHandle``, or the exception it ended in."""

    stem: str
    name: str  # "conv2d_parameters", "UNet", and for a method of what UNet(...) gave: "UNet.parameters"
    args: tuple
    kwargs: dict
    value: Any
    object: int = 0  # which object's method it is, counted as they were made; 0: a function or class


class Recorder:
    """``recorder.q2_convnet.conv2d_parameters(3, 16, 5)`` asks ``inner`` the same and keeps it in ``calls``."""

    def __init__(self, inner: Any):
        self._inner = inner
        self.calls: list[Answered] = []
        self._by_test: dict[str, list[Answered]] = {}
        self._asking: list[Answered] = []  # the calls of the test that asks now
        self._objects = 0

    def __getattr__(self, stem: str) -> _RecordedModule:
        if stem.startswith("_"):
            raise AttributeError(stem)
        return _RecordedModule(self, stem, getattr(self._inner, stem))

    def begin(self, test: str) -> None:
        """What is asked from here on is asked by this test."""
        self._asking = self._by_test[test] = []

    def asked_by(self, test: str) -> list[Answered]:
        """The calls of one test."""
        return self._by_test.get(test, [])

    def ask(self, stem: str, name: str, function: Callable, args: tuple, kwargs: dict, object: int = 0) -> Any:
        """Ask, record the outcome, and return the value or raise what the call ended in."""
        try:
            value = function(*args, **kwargs)
        except Exception as failure:
            value = failure
        value = self.keep(stem, name, args, kwargs, value, object)
        if isinstance(value, Exception):
            raise value
        return value

    def keep(self, stem: str, name: str, args: tuple, kwargs: dict, value: Any, object: int = 0) -> Any:
        """Record how a call ended. Returns its value; a module is wrapped so that every use of it is recorded too."""
        if is_handle(value):
            self._objects += 1
            value = RecordedHandle(self, stem, name, value, self._objects)
        self.calls.append(Answered(stem, name, args, kwargs, value, object))
        self._asking.append(self.calls[-1])
        return value


@dataclass(frozen=True)
class _RecordedModule:
    _recorder: Recorder
    _stem: str
    _inner: Any

    def __getattr__(self, name: str) -> _RecordedFunction:
        if name.startswith("_"):
            raise AttributeError(name)
        return _RecordedFunction(self._recorder, self._stem, self._inner, name)


@dataclass(frozen=True)
class _RecordedFunction:
    _recorder: Recorder
    _stem: str
    _inner: Any
    _name: str

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        return self._recorder.ask(self._stem, self._name, self._call, args, kwargs)

    def each(self, cases: Sequence[tuple[tuple, dict]]) -> list[Any]:
        """The outcome of the call with each ``(args, kwargs)``, in order: its value, or the exception that it ended in.

        A call that takes the student's process with it is the last.
        """
        at_once = getattr(getattr(self._inner, self._name, None), "each", None) or self._one_by_one
        ended = zip(cases, at_once(cases), strict=False)
        return [self._recorder.keep(self._stem, self._name, *case, value) for case, value in ended]

    def _one_by_one(self, cases: Sequence[tuple[tuple, dict]]) -> list[Any]:
        return [self._settled(args, kwargs) for args, kwargs in cases]

    def _settled(self, args: tuple, kwargs: dict) -> Any:
        try:
            return self._call(*args, **kwargs)
        except Exception as failure:
            return failure

    def _call(self, *args: Any, **kwargs: Any) -> Any:
        # Looked up at the call, so that a name that is not there is recorded as what the call came to.
        return getattr(self._inner, self._name)(*args, **kwargs)


class RecordedHandle:
    """A module handle whose every use is recorded."""

    def __init__(self, recorder: Recorder, stem: str, name: str, inner: Any, number: int):
        self._recorder, self._stem, self._name, self._inner, self._number = recorder, stem, name, inner, number

    def __getattr__(self, method: str) -> Callable[..., Any]:
        if method not in METHODS:
            raise AttributeError(method)
        if method in HINTS:
            return getattr(self._inner, method)

        def ask(*args: Any) -> Any:
            target = f"{self._name}.{method}"
            return self._recorder.ask(self._stem, target, getattr(self._inner, method), args, {}, self._number)

        return ask

    def __call__(self, x: Any) -> Any:
        return self.__getattr__("__call__")(x)
