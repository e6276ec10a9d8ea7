"""The answer key: the reference solutions, and what they make of every number of the sheet."""

from __future__ import annotations

from autograder.course.course import Course
from autograder.course.reference import Reference


class AnswerKey:
    """``right`` are the solutions, ``numbers`` and ``traces`` what the course declares, ``values`` the right number for each key."""

    def __init__(self, course: Course):
        self.right = Reference(course)
        self.numbers, self.traces = course.numbers(), course.traces()
        self.values = {key: number.recipe(self.right) for key, number in self.numbers.items()}
