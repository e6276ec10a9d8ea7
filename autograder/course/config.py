"""``grader_config.yml``: points, limits, what feedback shows, the isolation required.

Every mistake in it is reported with file and line, before anything is graded.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Collection, Mapping
from decimal import Decimal
from pathlib import Path
from typing import Any, Literal, get_args

import msgspec
import yaml

from autograder.course.policy import Follow, Late, check_late, keys
from autograder.errors import ConvgradeError
from autograder.model import Language, Limits, Struct, Text, Tier

Shown = Literal["verdict", "hint", "full"]  # what a student may know of a hidden check that failed


class Isolation(Struct):
    required: Tier = Tier.C


class Config(Struct):
    titles: str | Text = msgspec.field(name="title")
    points: dict[str, float]
    total: float = 100
    course: str | Text = ""  # the course's name, for the handout
    limits: Limits = Limits()
    feedback: Shown = "hint"
    isolation: Isolation = Isolation()
    follow: Follow = Follow()
    late: Late = Late()
    variants: int = 1  # how many versions of the sheet are dealt out

    @property
    def title(self) -> str:
        return self.title_in("en")

    def title_in(self, language: Language) -> str:
        """The homework's title in one language."""
        return _in_language(self.titles, language)

    def course_in(self, language: Language) -> str:
        """The course's name in one language; empty where it is not said."""
        return _in_language(self.course, language)


def _in_language(text: str | Text, language: Language) -> str:
    return text if isinstance(text, str) else getattr(text, language) or text.en or text.fa


BOUNDS = {
    "call_seconds": (0.1, 600),
    "import_seconds": (0.1, 600),
    "submission_seconds": (1, 3600),
    "memory_mb": (256, 1 << 20),
    "processes": (8, 4096),
    "open_files": (16, 4096),
    "scratch_mb": (1, 4096),
    "reply_mb": (1, 1024),
    "marking_seconds": (1, 3600),
    "marking_mb": (64, 1 << 20),
}
MOST_POINTS = 1_000_000  # of a part
MEND = "Check that line and the one above it for a missing colon or wrong indentation."
KINDS = {
    "float": "a number",
    "int": "a whole number",
    "str": "text",
    "object": "a list of keys below it",
    "array": "a list",
    "bool": "true or false",
    "null": "nothing",
}
SECTIONS = {"title": Text, "course": Text, "limits": Limits, "isolation": Isolation, "follow": Follow, "late": Late}
CHOICES = {
    "feedback": get_args(Shown),
    "isolation.required": tuple(tier.value for tier in Tier),
}


def load(path: Path) -> Config:
    """Read and check a config. Raises ConvgradeError with ``file:line`` and what to change."""
    raw, lines = read_yaml(path, "the config cannot be read", "Name it with --config.")
    _points_are_numbers(raw, path, lines)
    try:
        config = msgspec.convert(raw, Config)
    except msgspec.ValidationError as error:
        raise _as_config_error(str(error), path, lines) from None
    for name, (low, high) in BOUNDS.items():
        if not low <= getattr(config.limits, name) <= high:
            where = f"{path}:{_line(lines, ('limits', name))}"
            raise ConvgradeError(f"limits.{name} is out of bounds", where=where, todo=f"Choose between {low} and {high}.")
    check_late(config.late, f"{path}:{_line(lines, ('late',))}")
    _lines_of[path] = lines
    return config


_lines_of: dict[Path, dict[tuple, int]] = {}


def read_yaml(path: Path, unreadable: str, todo: str) -> tuple[Any, dict[tuple, int]]:
    """A YAML file as plain data, and the line of each key by its path from the top, such as ``("limits", "memory_mb")``.

    Raises ConvgradeError with ``file:line``; ``unreadable`` and ``todo`` are used where there is no such file.
    """
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise ConvgradeError(f"{unreadable}: {error}", where=str(path), todo=todo) from None
    lines: dict[tuple, int] = {}
    try:
        loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)  # the same in C: the config is read by every process
        return _built(yaml.compose(text, Loader=loader), (), lines, path), lines
    except RecursionError:
        raise ConvgradeError("an alias that holds itself", where=str(path), todo="Take the alias out.") from None
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        where = f"{path}:{mark.line + 1}" if mark else str(path)
        raise ConvgradeError(f"not YAML: {getattr(error, 'problem', error)}", where=where, todo=MEND) from None


def check_points(config: Config, path: Path, parts: Collection[str]) -> None:
    """Check that exactly the parts of the course have points, and that the points add up to the total."""
    lines = _lines_of.get(path, {})
    for part, points in config.points.items():
        where = f"{path}:{_line(lines, ('points', part))}"
        if part not in parts:
            near = difflib.get_close_matches(part, parts, 1)
            todo = f"Did you mean {near[0]}?" if near else "Take the line out, or write the part."
            raise ConvgradeError(f"{part} has points, but no question asks it", where=where, todo=todo)
        if points < 0 or Decimal(str(points)) * 100 % 1:
            raise ConvgradeError(f"{part} has {points} points", where=where, todo="Give a multiple of 0.01, 0 or more.")
    where = f"{path}:{_line(lines, ('points',))}"
    for part in parts:
        if part not in config.points:
            raise ConvgradeError(f"{part} is asked, but has no points", where=where, todo=f"Add a line `{part}: …`.")
    total = sum(Decimal(str(points)) for points in config.points.values())
    if total != Decimal(str(config.total)):
        raise ConvgradeError(
            f"the points add up to {total}, not to {config.total:g}",
            where=where,
            todo="Change a part's points, or `total:`.",
        )


def check_variants(config: Config, path: Path, there: int) -> None:
    """The pools, each of which holds ``there`` variants, have as many as are asked for.

    Those that were withdrawn count: to withdraw one in the middle of the term must not stop the grading of the others.
    """
    if not 1 <= config.variants <= max(1, there):
        where = f"{path}:{_line(_lines_of.get(path, {}), ('variants',))}"
        todo = f"Choose between 1 and {max(1, there)}, or add variants (`convgrade variants --search`)."
        raise ConvgradeError(f"variants is {config.variants}, and the pools hold {max(1, there)}", where=where, todo=todo)


def check_follow(config: Config, path: Path, number_keys: Collection[str], parameters: Collection[str] = ()) -> None:
    """Every step is well formed and names keys of the sheet, or parameters of a question; the penalty is a percentage."""
    lines = _lines_of.get(path, {})
    if not 0 <= config.follow.penalty_percent <= 100:
        where = f"{path}:{_line(lines, ('follow', 'penalty_percent'))}"
        raise ConvgradeError("follow.penalty_percent is out of bounds", where=where, todo="Choose between 0 and 100.")
    for key, step in config.follow.steps.items():
        where = f"{path}:{_line(lines, ('follow', 'steps', key))}"
        try:
            named = [key, *keys(step)]
        except ValueError as error:
            todo = "Write {sum: […]}, {product: […]} or {first: key} over keys and whole numbers."
            raise ConvgradeError(f"{key} does not follow from a sum or product: {error}", where=where, todo=todo) from None
        for name in named:
            if name not in number_keys and not (name in parameters and name != key):
                near = difflib.get_close_matches(name, [*number_keys, *parameters], 1)
                todo = f"Did you mean {near[0]}?" if near else "Name a key of the answer sheet."
                raise ConvgradeError(f"{name} is not a key of the answer sheet", where=where, todo=todo)


def check_parts(course: Any, marked: Mapping[str, str]) -> None:
    """Every part with automatic points has a hidden test, and every hidden test's part has points.

    ``marked`` is part -> file and line of a test marked with it, as pytest collected them.
    """
    path = course.config_path
    lines = _lines_of.get(path, {})
    automatic = [part.id for part in course.parts if part.kind != "written"]
    for part in automatic:
        if part not in marked:
            where = f"{path}:{_line(lines, ('points', part))}"
            raise ConvgradeError(f"{part} has points, but no hidden test", where=where, todo="Mark a test with it.")
    for part, place in marked.items():
        if part not in automatic:
            near = difflib.get_close_matches(part, automatic, 1)
            todo = f"Did you mean {near[0]}?" if near else f"Give it points in {path.name}."
            raise ConvgradeError(f"a test is marked with {part}, which has no points", where=place, todo=todo)


def _points_are_numbers(raw: Any, path: Path, lines: Mapping[tuple, int]) -> None:
    """Checked here, since msgspec names the mapping of a wrong value but not its key."""
    points = raw.get("points") if isinstance(raw, dict) else None
    for part, value in points.items() if isinstance(points, dict) else ():
        if isinstance(value, bool) or not isinstance(value, (int, float)) or not abs(value) <= MOST_POINTS:
            where = f"{path}:{_line(lines, ('points', part))}"
            todo = f"Give a number, such as 1.5, of at most {MOST_POINTS}."
            raise ConvgradeError(f"{part} has {value!r} for points", where=where, todo=todo)


def _built(node: yaml.Node | None, at: tuple, lines: dict[tuple, int], path: Path) -> Any:
    """Plain data of a YAML node, remembering the line of each key; a key given twice is an error."""
    if node is None:
        return {}
    lines.setdefault(at, node.start_mark.line + 1)
    if isinstance(node, yaml.MappingNode):
        built = {}
        for key_node, value_node in node.value:
            key = str(key_node.value)
            line = key_node.start_mark.line + 1
            if key in built:
                raise ConvgradeError(f"{key} is given twice", where=f"{path}:{line}", todo="Keep one of the two lines.")
            lines[(*at, key)] = line
            built[key] = _built(value_node, (*at, key), lines, path)
        return built
    if isinstance(node, yaml.SequenceNode):
        return [_built(item, (*at, index), lines, path) for index, item in enumerate(node.value)]
    if node.tag == "tag:yaml.org,2002:timestamp":
        return node.value  # a deadline keeps its time zone as it was written
    return yaml.SafeLoader("").construct_object(node)


def _as_config_error(error: str, path: Path, lines: dict[tuple, int]) -> ConvgradeError:
    """msgspec's ``Expected … - at `$.limits.call_seconds` `` as a line of the file and a thing to do."""
    what, _, place = error.partition(" - at ")
    at = tuple(re.findall(r"\.(\w+)", place)) if place else ()
    unknown = re.search(r"unknown field `(\w+)`", what)
    todo = "Change it to what is expected."
    kinds = re.fullmatch(r"Expected `(\w+)`, got `(\w+)`", what)
    if kinds and set(kinds.groups()) <= KINDS.keys():
        what = f"{KINDS[kinds[1]]} is expected, and this is {KINDS[kinds[2]]}"
        todo = f"Write {KINDS[kinds[1]]}{', without quotes' * (kinds[2] == 'str')}."
    if unknown:
        at = (*at, unknown[1])
        known = SECTIONS.get(at[0], Config).__struct_encode_fields__
        near = difflib.get_close_matches(unknown[1], known, 1)
        what, todo = f"unknown key {unknown[1]}", f"Did you mean {near[0]}?" if near else "Take it out."
    missing = re.search(r"missing required field `(\w+)`", what)
    if missing:
        what, todo = f"the key {missing[1]} is missing", f"Add a line `{missing[1]}: …`."
    name = ".".join(map(str, at))
    if name in CHOICES:
        what, todo = "not one of the choices", f"Choose one of {', '.join(CHOICES[name])}."
    return ConvgradeError(f"{name}: {what}" if name and not unknown else what, where=f"{path}:{_line(lines, at)}", todo=todo)


def _line(lines: Mapping[tuple, int], at: tuple) -> int:
    while at and at not in lines:
        at = at[:-1]
    return lines.get(at, 1)
