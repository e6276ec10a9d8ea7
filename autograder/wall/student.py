"""The fixture ``student``: the student's modules, functions and objects, each use of which is a call over the wall.

Every attribute is looked up by name in the submission; nothing here holds a value that the student computed, only the
means to ask for one.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from autograder.model import Message

from .failures import StudentFailure, StudentRaised
from .session import Session
from .shared import wire


class Student:
    """``student.q2_convnet.conv2d_parameters(3, 16, 5)`` asks the submission."""

    def __init__(self, session: Session):
        self._session = session

    def __getattr__(self, stem: str) -> StudentModule:
        if stem.startswith("_"):
            raise AttributeError(stem)
        return StudentModule(self._session, stem)


@dataclass(frozen=True)
class StudentModule:
    _session: Session
    _stem: str

    def __getattr__(self, name: str) -> StudentFunction:
        if name.startswith("_"):
            raise AttributeError(name)
        return StudentFunction(self._session, self._stem, name)


@dataclass(frozen=True)
class StudentFunction:
    _session: Session
    _stem: str
    _name: str

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        return self._usable(self._session.call(self._stem, self._name, args, kwargs))

    def each(self, cases: Sequence[tuple[tuple, dict]]) -> list[Any]:
        """The outcome of the call with each ``(args, kwargs)``, in order: its value, or the exception that it ended in.

        A call that takes the student's process with it is the last.
        """
        return [self._settled(value) for value in self._session.each(self._stem, self._name, cases)]

    def _settled(self, value: Any) -> Any:
        try:
            return value if isinstance(value, StudentFailure) else self._usable(value)
        except StudentFailure as failure:
            return failure

    def _usable(self, value: Any) -> Any:
        return _usable(self._session, value, f"{self._stem}.{self._name}")


class StudentObject:
    """A ``torch.nn.Module`` of the student's that stayed behind the wall; the methods of ``shared.handle.ModuleHandle``."""

    def __init__(self, session: Session, target: str, handle: int):
        self._session, self._target, self._handle = session, target, handle
        self._generation = session.generation

    def __call__(self, x: np.ndarray) -> np.ndarray:
        return self._ask("__call__", x)

    def train(self) -> None:
        self._ask("train")

    def eval(self) -> None:
        self._ask("eval")

    def double(self) -> None:
        self._ask("double")

    def shapes(self) -> dict[str, tuple[int, ...]]:
        return self._ask("shapes")

    def parameters(self) -> dict[str, np.ndarray]:
        return self._ask("parameters")

    def buffers(self) -> dict[str, np.ndarray]:
        return self._ask("buffers")

    def load(self, arrays: dict[str, np.ndarray]) -> None:
        self._ask("load", arrays)

    def gradients(self, x: np.ndarray, cotangent: np.ndarray) -> tuple[np.ndarray, dict[str, np.ndarray]]:
        return self._ask("gradients", x, cotangent)

    def order_of_use(self, x: np.ndarray) -> list[str]:
        return self._ask("order_of_use", x)

    def forward(self, x: np.ndarray) -> tuple[np.ndarray, bool]:
        return self._ask("forward", x)

    def _ask(self, name: str, *args: Any) -> Any:
        value = self._session.method(self._generation, self._handle, self._target, name, args)
        return _usable(self._session, value, self._target)


def _usable(session: Session, value: Any, target: str) -> Any:
    """Plain data as it is, a handle as something to ask; plain data with objects inside is not an answer."""
    if isinstance(value, wire.Opaque):
        if value.handle is None:
            raise StudentRaised(Message("check.no_value", {"target": target, "type": value.type}))
        return StudentObject(session, target, value.handle)
    opaque = _opaque_inside(value)
    if opaque is not None:
        raise StudentRaised(Message("check.no_value", {"target": target, "type": opaque.type}))
    return value


def _opaque_inside(value: Any) -> wire.Opaque | None:
    if isinstance(value, wire.Opaque):
        return value
    items = value.values() if type(value) is dict else value if type(value) in (list, tuple) else ()
    return next((opaque for item in items if (opaque := _opaque_inside(item)) is not None), None)
