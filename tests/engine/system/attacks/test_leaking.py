"""Hidden inputs that code sends back: none reaches a student's files or the gradebook below the level that shows them."""

from __future__ import annotations

import pytest

from tests.engine.system.attacks.leaking import ATTACKS, MARK
from tests.engine.system.attacks.world import World
from tests.engine.system.conftest import OFFERED

# A number that is returned is a wrong value: nobody is told it below ``full``, and there it stands in the call.
NUMBER = "7361"


@pytest.fixture(
    scope="module", params=["verdict", *(pytest.param(level, marks=pytest.mark.thorough) for level in ("hint", "full"))]
)
def world(request):
    with World(OFFERED[0], ATTACKS, feedback=request.param) as world:
        world.grade()
        yield world


def told(world, id: str) -> str:
    return "".join(path.read_text("utf-8", "replace") for path in (world.out / "submissions" / id).iterdir())


@pytest.mark.parametrize("one", ATTACKS, ids=lambda one: one.name)
def test_no_hidden_input_is_told(world, one):
    row = world.rows[one.id]
    assert row.cents / 100 == one.score and row.status in ("graded", "partly graded")
    if world.level != "full":
        assert MARK not in told(world, one.id) and NUMBER not in told(world, one.id)


def test_the_gradebook_holds_none_either_and_others_cannot_read_it(world):
    files = [path for path in world.out.rglob("*") if path.is_file() and path.name != "planted.txt"]
    assert files and all(path.stat().st_mode & 0o077 == 0 for path in files)
    assert all(path.stat().st_mode & 0o077 == 0 for path in world.out.rglob("*") if path.is_dir())
    whole = b"".join(path.read_bytes() for path in files)
    assert (MARK.encode() in whole) == (world.level == "full")


def test_the_attacks_are_some(world):
    """With the list taken away, at ``full``, many of them send what they have seen."""
    if world.level == "full":
        assert sum(MARK in told(world, one.id) or NUMBER in told(world, one.id) for one in ATTACKS) >= len(ATTACKS) // 3
