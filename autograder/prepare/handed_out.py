"""The homework for a class in which everybody has a variant: a folder or a zip for each student, or for each variant."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from autograder import files
from autograder.course.course import TEMPLATE, Course
from autograder.errors import ConvgradeError
from autograder.gradebook import dealt
from autograder.gradebook.dealt import Person
from autograder.intake.names import safe_id
from autograder.prepare import release


def hand_out(
    course: Course, roster: Path, out: Path, *, each: str = "student", zipped: bool = True, new_secret: bool = False
) -> list[Person]:
    """Deal variants to whoever of the roster has none, and write what each is to be given below ``out``.

    Returns who has which. Raises ConvgradeError for a roster or a table that cannot be used and for a folder within the
    template; nothing is written then.
    """
    if out.resolve().is_relative_to((course.root / TEMPLATE).resolve()):
        raise ConvgradeError("the homework would lie within the template", where=str(out), todo="Name another folder.")
    class_ = dealt.roster(roster)
    wanted = {dealt.same_id(one.id) for one in class_}
    groups = {dealt.same_id(one.group) for one in class_ if one.group}
    theirs = [
        one
        for one in dealt.table(course)
        if dealt.same_id(one.id) in wanted or (one.group and dealt.same_id(one.group) in groups)
    ]
    gone = [one for one in theirs if one.variant > course.pooled]
    if gone:
        what = f"{gone[0].id} has variant {gone[0].variant}, and the pools hold {course.pooled}"
        raise ConvgradeError(what, where=str(course.root / dealt.TABLE), todo="Write another variant into that row.")
    people = dealt.dealt(course, roster, new_secret=new_secret)
    listed = [one for one in people if dealt.same_id(one.id) in wanted]
    for variant in sorted({one.variant for one in listed}):
        made = release.files(course, dealt.sheet_of(course, variant))
        whose = [safe_id(one.id) for one in listed if one.variant == variant]
        _written(made, out, whose if each == "student" else [f"variant-{variant}"], zipped=zipped)
    return listed


def _written(made: dict[str, bytes], out: Path, names: Iterable[str], *, zipped: bool) -> None:
    packed = files.zipped(made) if zipped else b""
    for name in names:
        if zipped:
            files.write(out / f"{name}.zip", packed)
        for path, data in made.items() if not zipped else ():
            files.write(out / name / path, data)
