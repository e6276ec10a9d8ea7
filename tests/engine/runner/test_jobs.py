"""As many workers as cores, and no more than there is memory for, the machine's or a container's."""

import os

import pytest

from autograder.runner import jobs
from autograder.runner.jobs import ALONE_MB, WORKER_MB

CORES = len(os.sched_getaffinity(0))


@pytest.fixture
def machine(tmp_path, monkeypatch):
    """A machine with so much memory, and groups with these bounds, the outermost first."""

    def made(free, *groups):
        (tmp_path / "meminfo").write_text(f"MemTotal: 999 kB\nMemAvailable:  {free * 1024} kB\n")
        folder, inner = tmp_path / "groups", ""
        folder.mkdir()
        for number, (most, now, files) in enumerate(groups):
            folder = tmp_path / "groups" / inner
            folder.mkdir(exist_ok=True)
            (folder / "memory.max").write_text(f"{most}\n")
            (folder / "memory.current").write_text(f"{now}\n")
            (folder / "memory.stat").write_text(f"anon 1\ninactive_file {files}\n")
            inner = f"{inner}/{number}".lstrip("/")
        (tmp_path / "cgroup").write_text(f"0::/{inner.rpartition('/')[0]}\n")
        for name, place in (("MEMORY", "meminfo"), ("GROUP", "cgroup"), ("GROUPS", "groups")):
            monkeypatch.setattr(jobs, name, tmp_path / place)

    return made


def test_a_machine_with_memory_has_a_worker_a_core(machine):
    machine(64_000)
    assert jobs.room_for(1024) == CORES


@pytest.mark.parametrize("workers", [1, 2])
def test_memory_bounds_the_workers(machine, monkeypatch, workers):
    monkeypatch.setattr(os, "sched_getaffinity", lambda pid: range(16))
    machine(ALONE_MB + 1024 + workers * WORKER_MB + 10)
    assert jobs.room_for(1024) == workers


def test_there_is_always_one(machine):
    machine(100)
    assert jobs.room_for(1024) == 1


def test_a_container_inside_a_large_machine_counts(machine):
    machine(64_000, (1000 << 20, 300 << 20, 0), (600 << 20, 300 << 20, 50 << 20), ("max", 300 << 20, 0))
    assert jobs.free_mb() == 350


def test_where_the_system_tells_nothing_cores_count(monkeypatch, tmp_path):
    monkeypatch.setattr(jobs, "MEMORY", tmp_path / "none")
    assert jobs.free_mb() is None and jobs.room_for(1024) == CORES
