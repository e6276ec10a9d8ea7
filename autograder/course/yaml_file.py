"""A YAML file of the course as plain data, with the line of every key, so that whatever is wrong is told with its place."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

from autograder.errors import ConvgradeError

MEND = "Check this line and the one above for a missing colon or wrong indentation."


@dataclass(frozen=True)
class Lines:
    """The lines of a file's keys, each by its path from the top, such as ``("limits", "memory_mb")``."""

    path: Path = Path()
    numbers: Mapping[tuple, int] = field(default_factory=dict)

    def where(self, *at: str | int) -> str:
        """``file:line`` of a key; where the file does not have it, of the nearest one above it that it has."""
        while at and at not in self.numbers:
            at = at[:-1]
        return f"{self.path}:{self.numbers.get(at, 1)}"

    def wrong(self, at: tuple, what: str, todo: str) -> ConvgradeError:
        """The error that says what is wrong with a key."""
        return ConvgradeError(what, where=self.where(*at), todo=todo)


def read_yaml(path: Path, unreadable: str, todo: str) -> tuple[Any, Lines]:
    """A YAML file as plain data, and the lines of its keys.

    Raises ConvgradeError with ``file:line``; ``unreadable`` and ``todo`` are used where there is no such file.
    """
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise ConvgradeError(f"{unreadable}: {error}", where=str(path), todo=todo) from None
    numbers: dict[tuple, int] = {}
    try:
        loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)  # the same in C: the config is read by every process
        return _built(yaml.compose(text, Loader=loader), (), numbers, path), Lines(path, numbers)
    except RecursionError:
        raise ConvgradeError("a YAML alias refers to itself", where=str(path), todo="Remove the alias.") from None
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        where = f"{path}:{mark.line + 1}" if mark else str(path)
        raise ConvgradeError(f"not YAML: {getattr(error, 'problem', error)}", where=where, todo=MEND) from None


def _built(node: yaml.Node | None, at: tuple, numbers: dict[tuple, int], path: Path) -> Any:
    """Plain data of a YAML node, remembering the line of each key; a key given twice is an error."""
    if node is None:
        return {}
    numbers.setdefault(at, node.start_mark.line + 1)
    if isinstance(node, yaml.MappingNode):
        built = {}
        for key_node, value_node in node.value:
            key = str(key_node.value)
            line = key_node.start_mark.line + 1
            if key in built:
                raise ConvgradeError(f"{key} is given twice", where=f"{path}:{line}", todo="Keep one of the two lines.")
            numbers[(*at, key)] = line
            built[key] = _built(value_node, (*at, key), numbers, path)
        return built
    if isinstance(node, yaml.SequenceNode):
        return [_built(item, (*at, index), numbers, path) for index, item in enumerate(node.value)]
    if node.tag == "tag:yaml.org,2002:timestamp":
        return node.value  # a deadline keeps its time zone as it was written
    return yaml.SafeLoader("").construct_object(node)
