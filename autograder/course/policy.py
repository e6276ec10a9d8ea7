"""The policies that the config holds: lateness and follow-through. What they come to is worked out in ``marking``."""

from __future__ import annotations

from pathlib import PurePath
from typing import Any

from autograder.course.moments import moment
from autograder.errors import ConvgradeError
from autograder.model import Struct


class Late(Struct):
    """The section ``late`` of the config. Without a deadline nothing is ever late."""

    deadline: str = ""  # ISO 8601 with time zone: 2026-11-20T23:59:00+03:30
    grace_minutes: float = 0
    percent_a_day: float = 0
    cap_percent: float = 100
    extensions: str = ""  # a CSV beside the config or below it: id,deadline


Step = dict[str, Any] | str | int


class Follow(Struct):
    """The section ``follow`` of the config: what a step is by the key of the sheet that follows by it."""

    penalty_percent: float = 0
    steps: dict[str, dict[str, Any]] = {}


def check_late(policy: Late, where: str) -> None:
    """Refuse a policy that cannot be meant. Raises ConvgradeError with ``where``, the config's file and line."""
    if policy.deadline:
        moment(policy.deadline, where=where)
    elif policy != Late():
        raise ConvgradeError("late has no deadline", where=where, todo="Add `deadline:` with a time zone, or take late out.")
    for name, most in (("grace_minutes", 100_000), ("percent_a_day", 100), ("cap_percent", 100)):
        if not 0 <= getattr(policy, name) <= most:
            raise ConvgradeError(f"late.{name} is out of bounds", where=where, todo=f"Choose between 0 and {most}.")
    table = PurePath(policy.extensions)
    if table.is_absolute() or ".." in table.parts:
        todo = "Put the file beside the config or in a folder below it, and write its path from there."
        raise ConvgradeError(f"late.extensions leads out of the course: {policy.extensions!r}", where=where, todo=todo)


def keys(step: Step) -> list[str]:
    """The sheet keys that a step follows from. Raises ValueError for a text that is not a step."""
    match step:
        case str():
            return [step]
        case bool():
            raise ValueError(step)
        case int():
            return []
        case {"first": str(key)} if len(step) == 1:
            return [key]
        case {"sum": list(inner)} | {"product": list(inner)} if len(step) == 1 and inner:
            return [key for one in inner for key in keys(one)]
    raise ValueError(step)
