"""What was asked and what came, of anything shaped like the fixture ``student``.

The hidden suites ask through a recorder, be it a student behind the wall or the reference solutions with a misconception in
them; two recordings of the same suite can then be compared answer by answer, which is what a diagnosis is.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

METHODS = ("__call__", "train", "eval", "double", "parameters", "buffers", "load", "gradients")


@dataclass(frozen=True)
class Answered:
    """One call and how it ended. ``value`` is plain data, a ``RecordedHandle``, or the exception it ended in."""

    stem: str
    name: str  # "conv2d_parameters", "UNet", and for a method of what UNet(...) gave: "UNet.parameters"
    args: tuple
    kwargs: dict
    value: Any


class Recorder:
    """``recorder.q2_convnet.conv2d_parameters(3, 16, 5)`` asks ``inner`` the same and keeps it in ``calls``."""

    def __init__(self, inner: Any):
        self._inner = inner
        self.calls: list[Answered] = []

    def __getattr__(self, stem: str) -> _RecordedModule:
        if stem.startswith("_"):
            raise AttributeError(stem)
        return _RecordedModule(self, stem, getattr(self._inner, stem))

    def ask(self, stem: str, name: str, function: Callable, args: tuple, kwargs: dict) -> Any:
        try:
            value = function(*args, **kwargs)
        except Exception as failure:
            self.calls.append(Answered(stem, name, args, kwargs, failure))
            raise
        if all(hasattr(value, method) for method in METHODS):
            value = RecordedHandle(self, stem, name, value)
        self.calls.append(Answered(stem, name, args, kwargs, value))
        return value


@dataclass(frozen=True)
class _RecordedModule:
    _recorder: Recorder
    _stem: str
    _inner: Any

    def __getattr__(self, name: str) -> Callable[..., Any]:
        if name.startswith("_"):
            raise AttributeError(name)

        def ask(*args: Any, **kwargs: Any) -> Any:
            # Looked up inside, so that a name that is not there is recorded as what the call came to.
            def function(*args: Any, **kwargs: Any) -> Any:
                return getattr(self._inner, name)(*args, **kwargs)

            return self._recorder.ask(self._stem, name, function, args, kwargs)

        return ask


class RecordedHandle:
    """A module handle whose every use is recorded."""

    def __init__(self, recorder: Recorder, stem: str, name: str, inner: Any):
        self._recorder, self._stem, self._name, self._inner = recorder, stem, name, inner

    def __getattr__(self, method: str) -> Callable[..., Any]:
        if method not in METHODS:
            raise AttributeError(method)

        def ask(*args: Any) -> Any:
            target = f"{self._name}.{method}"
            return self._recorder.ask(self._stem, target, getattr(self._inner, method), args, {})

        return ask

    def __call__(self, x: Any) -> Any:
        return self.__getattr__("__call__")(x)
