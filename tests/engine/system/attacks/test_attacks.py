"""Every attack, graded by the real engine in one class a tier: what each earns, what it learns, and what it leaves."""

from __future__ import annotations

import json

import pytest

from autograder.model import Tier
from autograder.wall import layers
from tests.engine.system.attacks import breaking, files, fooling, forging, readers, reading
from tests.engine.system.attacks.world import NEIGHBOURS, World
from tests.engine.system.conftest import OFFERED
from tests.engine.toy_course import REPOSITORY

ATTACKS = {
    f"{module.__name__.rpartition('.')[2]}-{one.name}": one
    for module in (forging, fooling, reading, breaking, files, readers)
    for one in module.ATTACKS
}
# Tier E without seccomp stops no signal and no fork bomb: there these attacks would reach the machine that runs the tests.
TIERS = [tier for tier in OFFERED if tier is not Tier.E or not layers.BY_NAME["seccomp"].missing()]
SECONDS = 1800.0  # for one class: seconds where nothing hangs, whatever else the machine does


@pytest.fixture(scope="module", params=TIERS, ids=lambda tier: f"tier-{tier.value}")
def world(request):
    with World(request.param, [one for one in ATTACKS.values() if one.at(request.param, OFFERED[0])]) as world:
        world.grade()
        yield world


@pytest.mark.parametrize("name", ATTACKS)
def test_an_attack_earns_what_its_honest_part_earns(world, name):
    one = ATTACKS[name]
    if not one.at(world.tier, OFFERED[0]):
        assert one.id not in world.rows
        return
    row = world.rows[one.id]
    told = json.loads((world.out / "submissions" / one.id / "results.json").read_text("utf-8"))
    assert (row.cents / 100, row.status, told["score"]) == (one.score, one.status, one.score), world.feedback(one.id)
    assert not world.canaries_in(one.id)
    assert one.says in world.feedback(one.id).replace("\\", "")


def test_there_are_no_two_attacks_of_one_name():
    assert len({one.id.casefold() for one in ATTACKS.values()}) == len(ATTACKS)


def test_more_than_two_hundred_are_graded_at_every_tier_that_promises_anything():
    counts = {tier.value: sum(one.at(tier, Tier.A) for one in ATTACKS.values()) for tier in Tier if tier is not Tier.E}
    assert min(counts.values()) > 200
    told = (REPOSITORY / "SECURITY.md").read_text("utf-8")
    assert all(f"| {tier} | {count} |" in told for tier, count in counts.items()), counts


def test_no_result_is_large(world):
    files = [path for path in (world.out / "submissions").rglob("*") if path.is_file()]
    assert max(path.stat().st_size for path in files) < 1 << 20


def test_the_neighbours_keep_full_marks(world):
    for name in NEIGHBOURS:
        row = world.rows[name]
        assert (row.cents, row.status) == (80_00, "graded")
        assert not world.canaries_in(name)


def test_nothing_is_left(world):
    assert world.left_processes() == []
    assert world.left_files() == []
    assert world.left_mounts() == []
    assert world.left_sockets() == []
    assert world.heard() == []
    assert world.changed_in_course() == []


def test_the_class_ended_in_its_time(world):
    assert world.seconds < SECONDS
