"""Limits of a submission's process: counted from what is mapped already, lowered for good, never raised."""

import resource

import msgspec
import pytest

from autograder.model import Limits
from autograder.wall.inside import limits

MEGABYTE = 1 << 20


@pytest.fixture
def lowered(monkeypatch):
    """What ``apply`` would set: this process keeps its own limits."""
    found = {}
    monkeypatch.setattr(resource, "setrlimit", lambda kind, bounds: found.__setitem__(kind, bounds))
    monkeypatch.setattr(limits, "MAPPED", {"size": 5000 * MEGABYTE, "data": 300 * MEGABYTE})
    return found


def test_each_limit_is_soft_and_hard_and_memory_is_beyond_what_is_mapped(monkeypatch, lowered):
    monkeypatch.setattr(resource, "getrlimit", lambda kind: (0, resource.RLIM_INFINITY))
    limits.apply(
        msgspec.structs.asdict(Limits(memory_mb=1000, submission_seconds=60.9, scratch_mb=16, open_files=64, processes=32))
    )
    assert all(soft == hard for soft, hard in lowered.values())
    bounds = {kind: soft for kind, (soft, _) in lowered.items()}
    assert bounds[resource.RLIMIT_DATA] == 1300 * MEGABYTE and bounds[resource.RLIMIT_AS] == 7000 * MEGABYTE
    assert bounds[resource.RLIMIT_CPU] == 121, "a notebook's cells have as much again"
    assert bounds[resource.RLIMIT_FSIZE] == 16 * MEGABYTE and bounds[resource.RLIMIT_CORE] == 0
    assert bounds[resource.RLIMIT_NOFILE] == 64 and bounds[resource.RLIMIT_NPROC] == 32


def test_a_lower_limit_that_is_there_already_stays(monkeypatch, lowered):
    monkeypatch.setattr(resource, "getrlimit", lambda kind: (10, 20))
    limits.apply(msgspec.structs.asdict(Limits()))
    assert lowered[resource.RLIMIT_NOFILE] == (20, 20) and lowered[resource.RLIMIT_CORE] == (0, 0)


def test_what_is_mapped_is_read_from_the_kernel(monkeypatch):
    monkeypatch.setattr(limits, "MAPPED", {"size": 0, "data": 0})
    limits.remember_mapped()
    size, data = limits._mapped()
    assert size >= data > MEGABYTE
