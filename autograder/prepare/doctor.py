"""What this machine offers: the wall's tier and why, the packages and cores that grading uses."""

from __future__ import annotations

import os
import platform
from collections.abc import Collection
from importlib import metadata
from typing import Any

import msgspec

from autograder.course.course import Course
from autograder.course.question import ROLES
from autograder.errors import ConvgradeError
from autograder.model import Tier
from autograder.prepare import leftovers, lock, refusals
from autograder.wall import layers
from autograder.wall.inside import landlock
from autograder.wall.launch import Base

PACKAGES = ("torch", "numpy", "pytest", "otter-grader", "nbformat", "ipython")
WEAK = {
    Tier.D: "a submission sees that files and processes exist, not what is in them",
    Tier.E: "it does not withstand a hostile submission",
}


def stands(tier: Tier, names: Collection[str]) -> str:
    """The layers of a wall of this tier on this machine, as a sentence."""
    built_of = ", ".join(layer.words for layer in layers.of(tier) if layer.name in names)
    return f"{built_of}; {WEAK[tier]}" if tier in WEAK else built_of


def report(course: Course | None = None) -> dict[str, Any]:
    """The facts, ready for ``--json``, including those of a course if there is one. Says what could not be determined."""
    facts: dict[str, Any] = {
        "system": f"{platform.system()} {platform.release()} ({platform.machine()})",
        "python": platform.python_version(),
        "cores": len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count(),
        "packages": {name: _version(name) for name in PACKAGES},
        "unlocked": list(lock.differences(lock.LOCKS / "grade.txt")),
        "landlock_abi": landlock.abi() if platform.system() == "Linux" else 0,
        "course": _course(course) if course is not None else None,
    }
    try:
        base = Base(preload=False)
    except ConvgradeError as error:
        return {**facts, "tier": None, "stands": str(error), "refused": {}}
    base.close()
    built = base.verdict.layers
    return {
        **facts,
        "tier": built.tier.value,
        "stands": stands(built.tier, built.names),
        "layers": {layer.name: layer.name in built.names for layer in layers.of(built.tier)},
        "missing": {layer.name: layer.missing() for layer in layers.of(built.tier) if layer.name not in built.names},
        "refused": {tier.value: why for tier, why in base.verdict.refused.items()},
    }


def _course(course: Course) -> dict[str, Any]:
    unfinished = leftovers.unfinished(course.config_path)
    return {
        "title": course.config.title,
        "course": course.config.course_in("en"),
        "parts": len(course.parts),
        "questions": [question.stem for question in course.questions],
        "roles": ROLES,
        "late": refusals.late_policy(course.config.late),
        "refused": unfinished or list(refusals.of(course)),
        "left": [*leftovers.of(course), *(() if unfinished else leftovers.template(course))],
    }


def attacked(facts: dict[str, Any], course: Course) -> dict[str, Any]:
    """The facts, with how each of the attacks on this course ended under ``attack``. Raises ConvgradeError as grading does."""
    from autograder.prepare.attacks import trial

    safe = facts.get("layers", {}).get("seccomp", False)
    return {**facts, "attack": [msgspec.structs.asdict(one) for one in (trial.tried(course) if safe else trial.not_tried())]}


def holds(facts: dict[str, Any]) -> bool:
    """Whether grading would go ahead, nothing was left behind, and every attack was tried, left a trace and held."""
    wrong = (*facts["course"]["refused"], *facts["course"]["left"]) if facts.get("course") else ()
    return not wrong and all(one["held"] for one in facts.get("attack", ()))


def _version(name: str) -> str:
    try:
        return metadata.version(name)
    except metadata.PackageNotFoundError:
        return "not installed"


def as_text(facts: dict[str, Any]) -> str:
    """The same facts for a person."""
    lines = [
        f"system     {facts['system']}, Python {facts['python']}, {facts['cores']} cores",
        "packages   " + ", ".join(f"{name} {version}" for name, version in facts["packages"].items()),
        *(f"           another version than was tested: {one}" for one in facts["unlocked"]),
        f"isolation  tier {facts['tier'] or 'none'}: {facts['stands']}",
    ]
    lines += [f"           not {tier}: {why}" for tier, why in facts["refused"].items()]
    lines += [f"           without {layers.BY_NAME[name].words}: {why}" for name, why in facts.get("missing", {}).items()]
    if facts["course"] is not None:
        course = facts["course"]
        stems = ", ".join(course["questions"])
        lines += [f"course     {course['title']}: {course['parts']} parts", f"questions  {stems}"]
        lines += [f"           {role:14} {where}" for role, where in course["roles"].items()]
        named = f"the course {course['course']}" if course["course"] else "no course: give it a name"
        lines += [f"handout    for {named} (`course:` in the config)", f"late       {course['late']}"]
        lines += [f"REFUSED    {why}" for why in course["refused"]] or ["grading    the course is ready to be graded"]
        lines += [f"LEFT OVER  {why}" for why in course["left"]]
    lines += [_line(one) for one in facts.get("attack", ())]
    return "\n".join(lines)


def _line(one: dict[str, Any]) -> str:
    verdict = {True: "held", False: "NOT HELD", None: "no trace" if one["stopped_by"] else "not tried"}[one["held"]]
    why = f"{one['stopped_by']} ({one['seen']})" if one["stopped_by"] and one["seen"] else one["stopped_by"] or one["seen"]
    return f"{verdict:10} {one['tried']}: {why}"
