"""Hands in the attacks and two honest neighbours, has the engine grade them, and judges how each ended."""

from __future__ import annotations

import dataclasses
import json
import os
import shutil
import tempfile
from collections.abc import Iterable
from pathlib import Path

import msgspec

from autograder.course.answer_key import AnswerKey
from autograder.course.config import Isolation
from autograder.course.course import Course
from autograder.gradebook.dealt import SECRET
from autograder.gradebook.gradebook import Gradebook
from autograder.gradebook.ledger import GRADEBOOK
from autograder.model import Result, Struct, Tier
from autograder.runner import class_run

from .portable import ATTACKS, Attempt
from .watch import Watch

NEIGHBOURS = ("0-neighbour", "zz-neighbour")  # collected before and after every attack
UNSAFE = "nothing stands against it at this tier, and it would reach this machine"


class Held(Struct):
    """The outcome of one attack. ``held`` is None if it was not tried or left no trace of a try; ``seen`` says more."""

    name: str
    tried: str
    stopped_by: str
    held: bool | None
    seen: str = ""


def not_tried() -> list[Held]:
    """For a machine where they would do harm: neither namespaces nor seccomp."""
    return [Held(one.name, one.tried, "", None, UNSAFE) for one in ATTACKS]


def tried(course: Course, attempts: Iterable[Attempt] = ATTACKS, jobs: int = 2) -> list[Held]:
    """Grade ``attempts`` on this course as a class is graded, whatever tier it requires. Raises ConvgradeError as grading does."""
    attempts = list(attempts)
    # An attack reports through its message, so the message is kept whatever a student would be shown.
    config = msgspec.structs.replace(course.config, isolation=Isolation(Tier.E), feedback="full")
    course = dataclasses.replace(course, config=config)
    root = Path(tempfile.mkdtemp(prefix="convgrade-attack-"))
    root.chmod(0o755)  # the wall is to stop them, not a folder's mode
    try:
        with Watch(root) as watch:
            hand_ins, out = root / "class", root / "out"
            right = _hand_in(attempts, course, watch, hand_ins, out)
            summary = class_run.grade_class(hand_ins, course, out, jobs=jobs, same_sheet=True)
            with Gradebook(out / GRADEBOOK) as book:
                results = {result.id: result for result in book.latest()}
            left = [f"process {pid}" for pid in sorted(watch.left())] + watch.files("/tmp", str(root))
            left += ["something was sent"] * bool(watch.heard())
    finally:
        shutil.rmtree(root, ignore_errors=True)
    held = [_judged(one, results.get(one.name)) for one in attempts]
    lost = [name for name in NEIGHBOURS if name not in results or results[name].cents != right]
    not_graded = [row.id for row in summary.rows if row.status == "not graded"]
    return [
        *held,
        Held("neighbours", "takes marks from its neighbours", "a process of its own each", not lost, ", ".join(lost)),
        Held("left", "leaves a process or a file, or is heard", "all of the above", not left, ", ".join(left)[:300]),
        Held("run", "ends the run", "all of the above", not not_graded, ", ".join(not_graded)),
    ]


def _hand_in(attempts: list[Attempt], course: Course, watch: Watch, hand_ins: Path, out: Path) -> int:
    """Write the class. Returns the points, in hundredths, that each neighbour must come to."""
    stems = course.known_files.stems
    secret = [path for top in ("tests/hidden", "solutions") for path in sorted((course.root / top).rglob("*.py"))]
    dealt_by = course.root / SECRET
    secret += [dealt_by] * dealt_by.is_file()
    places = {
        "HIDDEN": [*map(str, secret), str(course.config_path)],
        "NEIGHBOUR": [str(hand_ins / name / "answers.toml") for name in NEIGHBOURS],
        "OUT": [str(out / name) for name in ("results.json", "grades.csv", GRADEBOOK)],
        "NAMES": [part.name for part in course.parts if part.kind == "code"],
        "MEMORY": course.config.limits.memory_mb,
        "PID": os.getpid(),
        "PORT": watch.port,
        "SOCKET": watch.socket,
        "TOKEN": watch.token,
    }
    for one in attempts:
        if one.archive is not None:
            hand_ins.mkdir(exist_ok=True)
            (hand_ins / f"{one.name}.zip").write_bytes(one.archive(watch.token))
            continue
        text = one.text
        for name, place in places.items():
            text = text.replace(f"@{name}@", str(place))
        (hand_ins / one.name).mkdir(parents=True)
        for stem in stems if one.everywhere else stems[:1]:
            (hand_ins / one.name / f"{stem}.py").write_text(text, "utf-8")
    answers = "".join(f"{key} = {json.dumps(value)}\n" for key, value in AnswerKey(course).values.items())
    for name in NEIGHBOURS:
        (hand_ins / name).mkdir(parents=True)
        (hand_ins / name / "answers.toml").write_text(answers, "utf-8")
    return sum(part.cents for part in course.parts if part.kind == "numbers")


def _judged(one: Attempt, result: Result | None) -> Held:
    if result is None:
        return Held(one.name, one.tried, "", False, "it has no grade")
    stopped_by = one.stopped_by(Tier(result.isolation))
    if result.cents:
        return Held(one.name, one.tried, stopped_by, False, f"it earned {result.cents / 100:g} points")
    messages = [*result.messages, *(message for part in result.parts for message in part.messages)]
    shown = [message for message in messages if message.key == one.shows]
    if not shown:
        return Held(one.name, one.tried, stopped_by, None, f"no trace of it: {', '.join(sorted({m.key for m in messages}))}")
    if not one.tells:
        return Held(one.name, one.tried, stopped_by, True)
    kind, text = (str(shown[0].values.get(name, "")) for name in ("type", "text"))
    return Held(one.name, one.tried, stopped_by, {"Refused": True, "GotIn": False}.get(kind), text)
