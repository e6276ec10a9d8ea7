"""Each student's variant: dealt evenly over the roster by a secret of the course, then written to a table that counts from then on.

``variants.csv`` beside the config has the columns ``id,name,group,variant``. A row counts once it is written; a person may
change its variant. ``variants.secret``, readable by its owner alone, decides who is dealt what and makes the codes of the
sheets; it belongs to nothing that is handed out, and grading works without it. A secret that replaces a lost one is marked in its
second line: sheets with the old codes are still in use, so codes are no longer checked.
"""

from __future__ import annotations

import csv
import dataclasses
import hashlib
import hmac
import io
import os
import secrets
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from itertools import product
from pathlib import Path

from msgspec.structs import replace

from autograder import files
from autograder.course import sheet
from autograder.course.course import Course
from autograder.errors import ConvgradeError
from autograder.gradebook.roster import folded
from autograder.intake.names import fold, safe_id
from autograder.marking.table import rows
from autograder.model import Dealt, Submission
from autograder.text import cell, line, typed

TABLE, SECRET = "variants.csv", "variants.secret"
COLUMNS = ("id", "name", "group", "variant")
RENEWED = b"renewed"


@dataclass(frozen=True)
class Person:
    """Somebody of the class; ``variant`` 0: not dealt yet. Those of one ``group`` have one variant."""

    id: str
    name: str = ""
    group: str = ""
    variant: int = 0
    where: str = ""


# ---- the secret


def secret(course: Course) -> bytes | None:
    """The course's secret, None without one. Raises ConvgradeError if anybody but its owner can read it."""
    return next(iter(_secret_lines(course)), None)


def _secret_lines(course: Course) -> list[bytes]:
    path = course.root / SECRET
    try:
        with open(path, "rb") as file:
            mode, data = os.fstat(file.fileno()).st_mode, file.read(1024).split()
    except FileNotFoundError:
        return []
    except OSError as error:
        raise ConvgradeError(
            f"the secret cannot be read: {error.strerror}", where=str(path), todo="Give yourself permission to read it."
        ) from None
    if mode & 0o077:
        raise ConvgradeError("others can read the secret", where=str(path), todo=f"Run: chmod 600 {path}")
    if not data or len(data[0]) < 32:
        raise ConvgradeError("the secret is too short to be one", where=str(path), todo="Restore it from a backup.")
    return data


def made_secret(course: Course, *, renewed: bool = False) -> bytes:
    """The course's secret, created if it is missing; ``renewed`` replaces one that was lost."""
    known = secret(course)
    if known is not None:
        return known
    data = secrets.token_hex(32).encode()
    files.write(course.root / SECRET, data + b"\n" + (RENEWED + b"\n") * renewed, "the secret")  # mode 0600
    return data


def _assignment(course: Course) -> str:
    return " ".join(sorted(question.stem for question in course.questions))  # an order that no later version changes


def codes(course: Course) -> dict[str, int]:
    """The variant of each code that a sheet of this course may carry; empty where codes cannot be checked."""
    lines = _secret_lines(course)
    if not lines or RENEWED in lines:
        return {}
    return {sheet.code(lines[0], _assignment(course), number): number for number in range(1, course.pooled + 1)}


def sheet_of(course: Course, variant: int) -> sheet.Sheet:
    """The sheet of a variant with its code. Raises ConvgradeError where the secret is lost."""
    known = secret(course)
    if known is None:
        raise _lost(course)
    return sheet.Sheet(variant, sheet.code(known, _assignment(course), variant))


def _lost(course: Course) -> ConvgradeError:
    todo = (
        "Restore it from a backup, or use --new-secret: everyone in the table keeps their variant, but the codes on sheets "
    )
    todo += "already handed out can no longer be checked."
    return ConvgradeError(f"{TABLE} was dealt with a secret that is lost", where=str(course.root / SECRET), todo=todo)


# ---- the tables


def roster(path: Path) -> list[Person]:
    """The class from a CSV ``id,name,group``, the last two optional. Raises ConvgradeError with file and line."""
    return _people(path, ("id",), ("name", "group"))


def table(course: Course) -> list[Person]:
    """The people in ``variants.csv`` with their variants; empty if nothing was dealt. Raises ConvgradeError with file and line."""
    path = course.root / TABLE
    return _people(path, ("id", "variant"), ("name", "group")) if path.is_file() else []


def _people(path: Path, columns: tuple[str, ...], optional: tuple[str, ...]) -> list[Person]:
    people: dict[str, Person] = {}
    for where, row in rows(path, *columns, optional=optional):
        variant = row.get("variant", "0")
        if not (variant.isascii() and variant.isdigit()):
            raise ConvgradeError(f"{variant!r} is not a variant's number", where=where, todo="Write its number.")
        one = Person(row["id"], typed(row.get("name", "")), typed(row.get("group", "")), int(variant), where)
        other = people.setdefault(same_id(one.id), one)
        if other is not one:
            what = f"{line(one.id)} is there twice, in {other.where} as well"
            raise ConvgradeError(what, where=where, todo="Keep one of the two rows.")
    if not people and columns == ("id",):
        raise ConvgradeError("nobody is on the roster", where=str(path), todo="Give each student a row.")
    _one_a_group(people.values())
    return list(people.values())


def same_id(id: str) -> str:
    """The form in which ids and groups are compared in a table: signs count, so ali.reza and alireza are two people."""
    return fold(safe_id(id))


def _one_a_group(people: Iterable[Person]) -> None:
    first: dict[str, Person] = {}
    for one in people:
        other = first.setdefault(same_id(one.group), one) if one.group and one.variant else one
        if other.variant != one.variant:
            what = f"{line(one.id)} has variant {one.variant}, and {line(other.id)} of the same group {other.variant}"
            raise ConvgradeError(what, where=one.where, todo="Give the group one variant.")


# ---- dealing


def deal(course: Course, people: Sequence[Person], known: bytes, before: Sequence[Person]) -> list[Person]:
    """Everybody with a variant: those who had one ``before`` keep it, the others get theirs so that all variants are given equally
    often.

    Who gets which is decided by an HMAC of the id (of the group), so nobody can foretell it, and the order of the roster does
    not matter.
    """
    written = {same_id(one.id) for one in before}
    everybody = [*before, *(one for one in people if same_id(one.id) not in written)]
    groups = {same_id(one.group): one.variant for one in before if one.group and one.variant}
    counts = Counter({variant: 0 for variant in course.offered})
    counts.update(one.variant for one in before if one.variant in counts)
    units: dict[tuple[str, str], list[Person]] = {}  # a group, or a person without one
    for one in everybody:
        if not one.variant:
            units.setdefault(("group ", same_id(one.group)) if one.group else ("", same_id(one.id)), []).append(one)
    dealt: dict[str, Person] = {}
    for unit in sorted(units, key=lambda unit: (_drawn(known, course, unit), unit)):
        variant = groups.get(unit[1]) if unit[0] else None
        if variant is None:
            least = min(counts.values())
            rarest = sorted(number for number, many in counts.items() if many == least)
            variant = rarest[int.from_bytes(_drawn(known, course, unit)[:8], "big") % len(rarest)]
        for one in units[unit]:
            dealt[one.id] = dataclasses.replace(one, variant=variant)
            counts[variant] += variant in counts
    return [dealt.get(one.id, one) for one in everybody]


def _drawn(known: bytes, course: Course, unit: tuple[str, str]) -> bytes:
    return hmac.new(known, f"deal\0{_assignment(course)}\0{''.join(unit)}".encode(), hashlib.sha256).digest()


def dealt(course: Course, path: Path, *, new_secret: bool = False) -> list[Person]:
    """Deal to everybody on the roster who has no variant yet, and write the table.

    Raises ConvgradeError for a roster that cannot be used, and where the secret of an earlier dealing is lost.
    """
    if course.config.variants == 1:
        todo = f"Write `variants: 8` into {course.config_path.name}; the pools hold {course.pooled}."
        raise ConvgradeError("everybody has the same sheet in this course", where=str(course.config_path), todo=todo)
    people, before = roster(path), table(course)
    if before and secret(course) is None and not new_secret:
        raise _lost(course)
    everybody = deal(course, people, made_secret(course, renewed=bool(before)), before)
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(COLUMNS)
    writer.writerows([cell(one.id), cell(one.name), cell(one.group), one.variant] for one in everybody)
    files.write(course.root / TABLE, text.getvalue().encode(), "the table")
    return everybody


# ---- whose hand-in is of which variant


# How a hand-in's row is found, the surest way first.
_FOUND_BY: dict[str, Callable[[Person], str]] = {
    "id": lambda one: one.id,
    "account": lambda one: one.id.partition("@")[0],  # what Gradescope calls a hand-in
    "group": lambda one: one.group,
    "name": lambda one: one.name,
}


class Dealing:
    """The table as grading asks it. It never guesses a variant."""

    def __init__(self, course: Course):
        self.course, self.people, self.codes = course, table(course), codes(course)
        self.unchecked = bool(self.people) and not self.codes
        self._variants = {  # of those who are found in one way; none of a person who has no variant yet
            way: defaultdict[str, set[int]](set) for way in product(_FOUND_BY, (same_id, folded))
        }
        for (found_by, form), variants in self._variants.items():
            for one in self.people:
                if known := _FOUND_BY[found_by](one):
                    variants[form(known)] |= {one.variant} - {0}

    def with_variant(self, submission: Submission) -> Submission:
        """The submission with its own variant: that of its id, else of its account, its group or its name."""
        for (found_by, form), variants in self._variants.items():
            known = submission.name if found_by == "name" else submission.id
            if known and form(known) in variants:
                return replace(submission, dealt=self._dealt(variants[form(known)]))
        return replace(submission, dealt=self._dealt(set()))

    def _dealt(self, variants: set[int]) -> Dealt:
        if not variants:
            return Dealt(why="variant.unknown", codes=self.codes)
        if len(variants) > 1:
            return Dealt(why="variant.ambiguous", codes=self.codes)
        (variant,) = variants
        if not 1 <= variant <= self.course.pooled:
            return Dealt(why="variant.gone", codes=self.codes)
        return Dealt(variant, codes=self.codes, withdrawn=variant in self.course.withdrawn)


def dealing(course: Course) -> Dealing | None:
    """The table for grading; None in a course where everybody has the same variant.

    Raises ConvgradeError where it is not known at all, so that nobody is graded by a guess.
    """
    path = course.root / TABLE
    if course.config.variants == 1:
        if any(one.variant > 1 for one in table(course)):
            todo = (
                f"Write `variants:` with the number that was dealt into {course.config_path.name}, or move the table away."
            )
            raise ConvgradeError(
                "variants.csv assigns other variants, but the config has only one", where=str(path), todo=todo
            )
        return None
    if not path.is_file():
        todo = "Deal them: convgrade release --roster roster.csv. If they were dealt elsewhere, copy the table here."
        raise ConvgradeError("there is no variants.csv, so nobody's variant is known", where=str(path), todo=todo)
    return Dealing(course)
