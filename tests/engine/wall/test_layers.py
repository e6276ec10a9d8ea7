"""The rows that layers are declared in, and cgroups as far as this machine has them."""

import os
import subprocess
import sys
import time
from contextlib import contextmanager
from pathlib import Path

import pytest

from autograder.model import Limits, Tier
from autograder.prepare import doctor
from autograder.wall import cgroup, layers
from tests.engine.toy_course import REPOSITORY


def test_security_md_holds_the_rows():
    assert layers.table() in (REPOSITORY / "SECURITY.md").read_text("utf-8")


@pytest.mark.parametrize("layer", layers.LAYERS, ids=lambda layer: layer.name)
def test_a_layer_says_where_it_is_applied_and_that_is_there(layer):
    assert (REPOSITORY / "autograder" / "wall" / layer.applied).is_file()
    assert (
        layer.tiers
        and set(layer.tiers) <= {tier.value for tier in Tier}
        and layer.words in doctor.stands(Tier(layer.tiers[0]), [layer.name])
    )


def test_a_tier_stands_on_its_layers(monkeypatch):
    standing = layers.standing(Tier.D)
    assert {"seccomp", "descriptors", "rlimits"} <= set(standing)
    gone = [
        layers.Layer(**{**vars(one), "missing": lambda: "gone"}) if one.name == "seccomp" else one for one in layers.LAYERS
    ]
    monkeypatch.setattr(layers, "LAYERS", tuple(gone))
    assert [layers.refused(tier) for tier in (Tier.B, Tier.D)] == ["gone", "gone"] and layers.refused(Tier.E) == ""
    assert "seccomp" not in layers.standing(Tier.E)


# ---- cgroups: version 2, with limits where the controllers are there, without where they are not


@contextmanager
def version_2(folder: Path):
    """The upper folder of the hierarchy of version 2; mounted where none is."""
    for line in Path("/proc/self/mountinfo").read_text().splitlines():
        if " - cgroup2 " in line:
            yield Path(line.split()[4])
            return
    subprocess.run(["mount", "-t", "cgroup2", "none", str(folder)], check=True)
    try:
        yield folder
    finally:
        subprocess.run(["umount", str(folder)], check=True)


@pytest.fixture
def groups(tmp_path):
    """A parent of groups, with the controllers where they can be had: ``(folder, whether limits can be set)``."""
    if os.geteuid() != 0:
        pytest.fail("cgroups are tried as root, as CI runs the tests")
    with version_2(tmp_path) as top:
        limited = not cgroup.unfit(top)
        with cgroup.parent(top, cgroup.CONTROLLERS if limited else ()) as parent:
            assert parent is not None
            yield parent, limited
        assert not parent.exists()


ENTERS = "import os, sys\nos.write(int(sys.argv[1]), b'0')\n"


def run(group: cgroup.Group, code: str) -> subprocess.CompletedProcess:
    command = [sys.executable, "-c", ENTERS + code, str(group.procs)]
    return subprocess.run(command, pass_fds=[group.procs], capture_output=True, timeout=60)


def test_a_groups_processor_time_is_counted_and_the_group_goes(groups):
    parent, limited = groups
    group = cgroup.Group.made(parent, cgroup.limits(200, 20) if limited else {})
    assert run(group, "sum(range(5_000_000))").returncode == 0
    assert group.cpu_seconds > 0.02 and not group.out_of_memory
    group.close()
    assert not group.folder.exists()


def test_what_is_in_a_group_ends_with_it(groups):
    parent, limited = groups
    group = cgroup.Group.made(parent, {})
    command = [sys.executable, "-c", f"{ENTERS}import time\ntime.sleep(60)", str(group.procs)]
    with subprocess.Popen(command, pass_fds=[group.procs]) as process:
        while not (group.folder / "cgroup.procs").read_text().strip():
            time.sleep(0.01)
        group.close()
        assert process.wait(10) == -9 and not group.folder.exists()


@pytest.mark.slow
def test_a_group_bounds_memory_and_tasks_where_it_can(groups):
    parent, limited = groups
    bombs = {
        "memory": "x = bytearray(1 << 30)\nx[::4096] = b'1' * len(x[::4096])",
        "tasks": "[os.fork() or os._exit(0) for _ in range(90)]",
    }
    for name, bomb in bombs.items():
        group = cgroup.Group.made(parent, cgroup.limits(50, 10) if limited else {})
        ended = run(group, bomb).returncode
        assert (ended != 0) == limited, name
        assert group.out_of_memory == (limited and name == "memory")
        group.close()


def test_doctor_says_why_there_is_no_cgroup():
    facts = doctor.report()
    why = cgroup.missing()
    assert facts["layers"].get("cgroup", False) == (not why)
    assert why == facts["missing"].get("cgroup", "") and (not why or why in doctor.as_text(facts))


def test_a_folder_without_controllers_is_named(tmp_path):
    (tmp_path / "cgroup.controllers").write_text("cpu pids\n")
    assert cgroup.unfit(tmp_path) == f"{tmp_path} is without the controllers memory (it has cpu pids)"
    assert "No such file" in cgroup.unfit(tmp_path / "none")
    with cgroup.parent(tmp_path) as parent:
        assert parent is None or parent.parent == tmp_path


def test_the_limits_of_a_group_are_those_of_the_config():
    its = cgroup.limits(Limits().memory_mb, Limits().processes)
    assert its["memory.max"] == (Limits().memory_mb + cgroup.BESIDE_MB) << 20 and its["pids.max"] == Limits().processes + 2
