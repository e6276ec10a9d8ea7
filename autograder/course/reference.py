"""The reference solutions in the shape of the fixture ``student``, and with a function replaced by a wrong one.

``Reference(course).q2_convnet.conv2d_parameters(3, 16, 5)`` is the right answer; a class gives the same handle that a
student's class gives over the wall. ``replacing`` runs a module anew with other functions in it, so that whatever calls
the replaced function calls the wrong one: the way a mistake spreads through a student's own file.
"""

from __future__ import annotations

import importlib.util
from collections.abc import Callable, Mapping
from functools import cache
from pathlib import Path
from types import ModuleType
from typing import Any

from autograder.course.course import Course
from autograder.course.variants import SheetParameters


class Reference:
    """Everything the course asks, answered by its solutions. Imports them at first use."""

    def __init__(self, course: Course, replaced: Mapping[tuple[str, str], Callable] | None = None, variant: int = 1):
        self._course, self._variant = course, variant
        self.stems = tuple(question.stem for question in course.questions)
        self._replaced = dict(replaced or {})
        self._modules: dict[str, _Module] = {}

    def replacing(self, replaced: Mapping[tuple[str, str], Callable]) -> Reference:
        """The same with ``{(stem, name): function or class}`` in place of what the solutions have."""
        return Reference(self._course, {**self._replaced, **replaced}, self._variant)

    def of_variant(self, variant: int) -> Reference:
        """The same for another variant's sheet. The functions are the same ones."""
        if variant == self._variant:
            return self
        other = Reference(self._course, self._replaced, variant)
        other._modules = self._modules
        return other

    @property
    def sheet(self) -> SheetParameters:
        """The parameters that the sheet's numbers are asked with."""
        return self._course.sheet(self._variant)

    def with_module(self, stem: str, module: ModuleType) -> Reference:
        """The same with a whole module in place of a solution's."""
        other = self.replacing({})
        other._modules[stem] = _Module(module)
        return other

    def __getattr__(self, stem: str) -> _Module:
        if stem.startswith("_") or stem not in self.stems:
            raise AttributeError(f"no question has the stem {stem}")
        if stem not in self._modules:
            self._modules[stem] = _Module(self._loaded(stem))
        return self._modules[stem]

    def copy(self, stem: str) -> ModuleType:
        """A solution's module run anew, so that functions in it can be replaced."""
        return run(Path(str(self._course.module(f"solutions.{stem}").__file__)), f"solutions.{stem}")

    def _loaded(self, stem: str) -> ModuleType:
        ours = {name: wrong for (its, name), wrong in self._replaced.items() if its == stem}
        if not ours:
            return self._course.module(f"solutions.{stem}")
        anew = self.copy(stem)
        for name, wrong in ours.items():
            if not hasattr(anew, name):
                raise AttributeError(f"solutions.{stem} has no {name} to replace")
            setattr(anew, name, wrong)
        return anew


def run(path: Path, name: str) -> ModuleType:
    """The Python file at ``path``, run anew as a module of that name. No import finds it."""
    spec = importlib.util.spec_from_file_location(name, path)
    if spec is None or spec.loader is None:
        raise ImportError(f"{path} is not a Python file")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


class _Module:
    """A module whose functions are themselves and whose classes give handles."""

    def __init__(self, module: ModuleType):
        self._module = module

    def __getattr__(self, name: str) -> Callable[..., Any]:
        value = getattr(self._module, name)
        if not isinstance(value, type):
            return value

        def made(*args: Any, **kwargs: Any) -> Any:
            return _handle()(value(*args, **kwargs))

        return made


@cache
def _handle() -> type:
    """The handle of a reference's module. It copies arrays, as the wire copies a student's: a recorded answer must not change
    when weights are loaded later."""
    from autograder.wall.shared.handle import ModuleHandle  # it brings torch along

    class Handle(ModuleHandle):
        def parameters(self) -> dict:
            return {name: array.copy() for name, array in super().parameters().items()}

        def buffers(self) -> dict:
            return {name: array.copy() for name, array in super().buffers().items()}

    return Handle
