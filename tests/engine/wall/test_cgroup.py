"""A submission's own cgroup: whether a folder is fit to make one in, what is written into it, and what is read out of it."""

import os

import pytest

from autograder.wall import cgroup
from autograder.wall.cgroup import BESIDE_MB, Group


@pytest.fixture
def folder(tmp_path):
    (tmp_path / "cgroup.controllers").write_text("cpuset cpu io memory pids\n")
    (tmp_path / "cgroup.procs").write_text("")
    return tmp_path


def test_a_folder_with_the_controllers_that_may_be_written_is_fit(folder):
    assert cgroup.unfit(folder) == ""


@pytest.mark.parametrize(
    "controllers, why",
    [("cpu pids", "without the controllers memory (it has cpu pids)"), ("", "memory and pids (it has none)")],
)
def test_what_a_folder_lacks_is_named(folder, controllers, why):
    (folder / "cgroup.controllers").write_text(controllers)
    assert why in cgroup.unfit(folder)


def test_a_folder_that_is_none_of_the_kernels_says_so(tmp_path):
    assert "No such file" in cgroup.unfit(tmp_path)


def test_limits_are_in_bytes_with_what_a_fork_begins_with():
    assert cgroup.limits(1024, 64) == {"memory.max": (1024 + BESIDE_MB) * 1024 * 1024, "memory.oom.group": 1, "pids.max": 66}


def test_a_parent_hands_its_controllers_on_and_is_gone_afterwards(folder):
    with cgroup.parent(folder, ("memory", "pids")) as group:
        assert group.parent == folder
        assert (
            (group / "cgroup.subtree_control").read_text()
            == (folder / "cgroup.subtree_control").read_text()
            == "+memory +pids"
        )
        (group / "cgroup.subtree_control").unlink()  # the kernel's own files do not keep a folder
    assert not group.exists()


def test_inside_a_group_of_its_own_this_process_steps_aside_first(folder):
    (folder / "cgroup.type").write_text("domain\n")
    beside = folder / f"convgrade-{os.getpid()}"
    beside.mkdir()
    with cgroup.parent(folder):
        assert (beside / "cgroup.procs").read_text() == "0"


def test_where_the_kernel_refuses_there_is_no_parent(folder):
    (folder / "cgroup.subtree_control").mkdir()  # cannot be written
    with cgroup.parent(folder) as group:
        assert group is None
    assert not [path for path in folder.iterdir() if path.name.startswith("convgrade-")]


def test_a_group_that_cannot_be_made_whole_raises(folder):
    with pytest.raises(OSError):
        Group.made(folder / "nowhere", {})


def test_what_the_kernel_counts_is_read_and_nothing_is_0(folder):
    group = Group(folder, -1)
    assert (group.cpu_seconds, group.out_of_memory) == (0.0, False)
    (folder / "cpu.stat").write_text("usage_usec 2500000\nuser_usec 1\n")
    (folder / "memory.events").write_text("low 0\noom 3\noom_kill 0\n")
    assert (group.cpu_seconds, group.out_of_memory) == (2.5, False)
    (folder / "memory.events").write_text("oom_kill 1\n")
    assert group.out_of_memory
    (folder / "cpu.stat").write_text("garbage")
    assert group.cpu_seconds == 0.0 and group.counted("memory.events", "no_such_field") == 0


def test_closing_a_group_kills_what_is_in_it_and_closes_its_descriptor_and_may_be_done_twice(tmp_path):
    folder = tmp_path / "group"
    folder.mkdir()
    group = Group(folder, os.open(os.devnull, os.O_WRONLY))
    descriptor = group.procs
    (folder / "cgroup.kill").symlink_to(tmp_path / "killed")  # what is written there can be seen after the folder is gone
    (tmp_path / "killed").write_text("")
    cgroup.REMOVE_SECONDS, before = 0.0, cgroup.REMOVE_SECONDS
    try:
        group.close()
    finally:
        cgroup.REMOVE_SECONDS = before
    assert (tmp_path / "killed").read_text() == "1" and group.procs == -1
    with pytest.raises(OSError):
        os.fstat(descriptor)
    (folder / "cgroup.kill").unlink()
    folder.rmdir()
    group.close()
