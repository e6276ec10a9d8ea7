"""The answer key: the reference solutions, and the value that they give for every number on the sheet."""

from __future__ import annotations

from collections.abc import Mapping
from copy import copy

from autograder.course.author import Number
from autograder.course.course import Course
from autograder.course.reference import Reference


class AnswerKey:
    """``right`` are the solutions, ``numbers`` and ``traces`` what the course declares, ``values`` the right number for each key.

    A key is one variant's; ``of`` gives another's, made once.
    """

    def __init__(self, course: Course, variant: int = 1):
        self.course, self.variant = course, variant
        self.right = Reference(course, variant=variant)
        self.numbers, self.traces = course.numbers(variant), course.traces()
        self.values = {key: number.recipe(self.right) for key, number in self.numbers.items()}
        self._keys: dict[int, AnswerKey] = {variant: self}

    def with_numbers(self, numbers: Mapping[str, Number]) -> AnswerKey:
        """The same for other numbers, with other parameters for instance."""
        other = copy(self)
        other.numbers = dict(numbers)
        other.values = {key: number.recipe(self.right) for key, number in numbers.items()}
        other._keys = {self.variant: other}
        return other

    def of(self, variant: int) -> AnswerKey:
        """The key of a variant. 0 (not known) gives variant 1's, since no number that varies is graded then."""
        variant = variant or 1
        if variant not in self._keys:
            self._keys[variant] = AnswerKey(self.course, variant)
            self._keys[variant]._keys = self._keys
        return self._keys[variant]
