"""``convgrade doctor --attack``: the portable attacks, graded for real, and that it says so where a layer is taken away."""

from __future__ import annotations

import json
import os
import subprocess
from functools import partial

import pytest
from click.testing import CliRunner

from autograder.cli.main import main
from autograder.model import Tier
from autograder.prepare import doctor, release
from autograder.prepare.attacks import portable, trial, watch
from autograder.prepare.typeset import pdf
from autograder.runner import local
from autograder.runner.local import Workers
from autograder.wall.launch import Base
from tests.engine.system.conftest import OFFERED
from tests.engine.toy_course import at_home, copied

LIMITS = "limits:\n  call_seconds: 1\n  import_seconds: 3\n  submission_seconds: 10\n  memory_mb: 256\n"


@pytest.fixture
def config(tmp_path):
    """The toy's, with less time and memory to wait for."""
    path = copied(tmp_path)
    before, _, after = path.read_text("utf-8").partition("limits:\n")
    path.write_text(f"{before}{LIMITS}\n{after[after.index('feedback') :]}", "utf-8")
    return path


def weakened(monkeypatch, tier: Tier, *without: str) -> None:
    monkeypatch.setattr(local, "Workers", partial(Workers, at_most=tier))
    monkeypatch.setattr(local, "Base", partial(Base, without=frozenset(without)))


def tried(config, names: tuple[str, ...], *more: portable.Attempt) -> dict[str, trial.Held]:
    attempts = [one for one in portable.ATTACKS if one.name in names]
    with at_home(config) as course:
        return {one.name: one for one in trial.tried(course, [*attempts, *more], jobs=1)}


def test_every_attack_is_tried_and_held_by_the_command(config, monkeypatch):
    monkeypatch.setattr(pdf, "browser", lambda: None)
    with at_home(config) as course:
        release.write(course)  # a template that was never released is named as well
        done = CliRunner().invoke(main, ["doctor", "--attack", "--json", "--config", str(config)])
    facts = json.loads(done.stdout)
    assert (done.exit_code, {one["name"] for one in facts["attack"] if not one["held"]}) == (0, set()), facts["attack"]
    assert len(facts["attack"]) == len(portable.ATTACKS) + 3
    text = doctor.as_text(facts)
    assert text.count("\nheld ") == len(facts["attack"]) and "NOT HELD" not in text
    assert {"FileNotFoundError", "PermissionError", "MemoryError"} <= set(
        text.replace(",", " ").replace("(", " ").replace(")", " ").split()
    )


@pytest.mark.thorough
def test_files_are_said_to_be_open_where_landlock_alone_closes_them_and_is_taken_away(config, monkeypatch):
    names = ("forges-results", "opens-hidden", "opens-neighbours", "calls-home")
    weakened(monkeypatch, Tier.D, "landlock")
    found = tried(config, names)
    assert {name: found[name].held for name in names} == {
        "forges-results": False,
        "opens-hidden": False,
        "opens-neighbours": False,
        "calls-home": True,
    }
    assert "solutions/" in found["opens-hidden"].seen
    facts = {
        "attack": [{"held": one.held, "tried": one.tried, "stopped_by": "", "seen": one.seen} for one in found.values()]
    }
    assert not doctor.holds(facts)


@pytest.mark.thorough
def test_processes_are_said_to_start_where_seccomp_is_taken_away(config, monkeypatch):
    names = ("leaves-a-process", "forks-a-bomb", "opens-hidden")
    weakened(monkeypatch, OFFERED[0], "seccomp")
    broken = portable.Attempt("broken", "is wrong itself", portable.FILES, "1 / 0\n")
    found = tried(config, names, broken)
    assert {name: found[name].held for name in names} == {
        "leaves-a-process": False,
        "forks-a-bomb": False,
        "opens-hidden": True,
    }
    assert found["leaves-a-process"].seen == "forked"
    assert found["left"].held  # the pid namespace has taken them along
    assert found["broken"].held is None  # what left no trace is not said to have held


def test_nothing_is_tried_where_neither_namespaces_nor_seccomp_stand_between(config):
    with at_home(config) as course:
        facts = doctor.attacked({"layers": {"landlock": False, "seccomp": False}}, course)
    assert {one["held"] for one in facts["attack"]} == {None}
    assert not doctor.holds(facts)
    assert "not tried" in doctor._line(facts["attack"][0]) and trial.UNSAFE in doctor._line(facts["attack"][0])


def test_a_process_that_ends_before_it_is_killed_is_counted_as_left(tmp_path, monkeypatch):
    ended = subprocess.Popen(["true"])
    ended.wait()
    with watch.Watch(tmp_path) as watching:
        monkeypatch.setattr(watch, "processes", lambda: {*watching.before, ended.pid})
        assert watching.left() == {ended.pid}


def test_without_attack_nothing_is_graded_and_no_course_is_needed(tmp_path):
    before = os.getcwd()
    os.chdir(tmp_path)
    try:
        done = CliRunner().invoke(main, ["doctor", "--json"])
    finally:
        os.chdir(before)
    assert done.exit_code == 0 and "attack" not in json.loads(done.stdout)
