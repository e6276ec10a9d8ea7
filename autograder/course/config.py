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

from autograder.course.policy import Follow, Late, check_late, keys
from autograder.course.yaml_file import Lines, read_yaml
from autograder.errors import ConvgradeError
from autograder.model import Language, Limits, Struct, Text, Tier

Shown = Literal["verdict", "hint", "full"]  # what a student may know of a hidden check that failed


class Isolation(Struct):
    """The section ``isolation``: the weakest wall to grade behind."""

    required: Tier = Tier.C


class Config(Struct):
    """The whole config, as it stands in the file."""

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


def load(path: Path) -> tuple[Config, Lines]:
    """Read and check a config. Raises ConvgradeError with ``file:line`` and what to change."""
    raw, lines = read_yaml(path, "the config cannot be read", "Name it with --config.")
    _points_are_numbers(raw, lines)
    try:
        config = msgspec.convert(raw, Config)
    except msgspec.ValidationError as error:
        raise _as_config_error(str(error), lines) from None
    for name, (low, high) in BOUNDS.items():
        if not low <= getattr(config.limits, name) <= high:
            raise lines.wrong(("limits", name), f"limits.{name} is out of bounds", f"Choose between {low} and {high}.")
    check_late(config.late, lines.where("late"))
    return config, lines


def check_points(config: Config, lines: Lines, parts: Collection[str]) -> None:
    """Check that exactly the parts of the course have points, and that the points add up to the total."""
    for part, points in config.points.items():
        if part not in parts:
            near = difflib.get_close_matches(part, parts, 1)
            todo = f"Did you mean {near[0]}?" if near else "Take the line out, or write the part."
            raise lines.wrong(("points", part), f"{part} has points, but no question asks it", todo)
        if points < 0 or Decimal(str(points)) * 100 % 1:
            raise lines.wrong(("points", part), f"{part} has {points} points", "Give a multiple of 0.01, 0 or more.")
    for part in parts:
        if part not in config.points:
            raise lines.wrong(("points",), f"{part} is asked, but has no points", f"Add a line `{part}: …`.")
    total = sum(Decimal(str(points)) for points in config.points.values())
    if total != Decimal(str(config.total)):
        what = f"the points add up to {total}, not to {config.total:g}"
        raise lines.wrong(("points",), what, "Change a part's points, or `total:`.")


def check_variants(config: Config, lines: Lines, there: int) -> None:
    """The pools, each of which holds ``there`` variants, have as many as are asked for.

    Those that were withdrawn count: to withdraw one in the middle of the term must not stop the grading of the others.
    """
    most = max(1, there)
    if not 1 <= config.variants <= most:
        what = f"the config asks for {config.variants} variants, but the pools hold {most}"
        todo = f"Choose between 1 and {most}, or add variants (`convgrade variants --search`)."
        raise lines.wrong(("variants",), what, todo)


def check_follow(config: Config, lines: Lines, number_keys: Collection[str], parameters: Collection[str] = ()) -> None:
    """Every step is well formed and names keys of the sheet, or parameters of a question; the penalty is a percentage."""
    if not 0 <= config.follow.penalty_percent <= 100:
        what = "follow.penalty_percent is out of bounds"
        raise lines.wrong(("follow", "penalty_percent"), what, "Choose between 0 and 100.")
    for key, step in config.follow.steps.items():
        at = ("follow", "steps", key)
        try:
            named = [key, *keys(step)]
        except ValueError as error:
            what = f"the step for {key} is not a sum, a product or a first size: {error}"
            todo = "Write {sum: […]}, {product: […]} or {first: key} over keys and whole numbers."
            raise lines.wrong(at, what, todo) from None
        for name in named:
            if name not in number_keys and not (name in parameters and name != key):
                near = difflib.get_close_matches(name, [*number_keys, *parameters], 1)
                todo = f"Did you mean {near[0]}?" if near else "Name a key of the answer sheet."
                raise lines.wrong(at, f"{name} is not a key of the answer sheet", todo)


def check_parts(course: Any, marked: Mapping[str, str]) -> None:
    """Every part with automatic points has a hidden test, and every hidden test's part has points.

    ``marked`` is part -> file and line of a test marked with it, as pytest collected them.
    """
    automatic = [part.id for part in course.parts if part.kind != "written"]
    for part in automatic:
        if part not in marked:
            raise course.lines.wrong(("points", part), f"{part} has points, but no hidden test", "Mark a test with it.")
    for part, place in marked.items():
        if part not in automatic:
            near = difflib.get_close_matches(part, automatic, 1)
            todo = f"Did you mean {near[0]}?" if near else f"Give it points in {course.config_path.name}."
            raise ConvgradeError(f"a test is marked with {part}, which has no points", where=place, todo=todo)


def _points_are_numbers(raw: Any, lines: Lines) -> None:
    """Checked here, since msgspec names the mapping of a wrong value but not its key."""
    points = raw.get("points") if isinstance(raw, dict) else None
    for part, value in points.items() if isinstance(points, dict) else ():
        if isinstance(value, bool) or not isinstance(value, (int, float)) or not abs(value) <= MOST_POINTS:
            todo = f"Give a number, such as 1.5, of at most {MOST_POINTS}."
            raise lines.wrong(("points", part), f"{part} has {value!r} for points", todo)


def _as_config_error(error: str, lines: Lines) -> ConvgradeError:
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
    return lines.wrong(at, f"{name}: {what}" if name and not unknown else what, todo)
