"""A class with memory bombs on a machine of little memory: the kernel ends the bombs, and every neighbour keeps its grade."""

import json
import os
import shutil
import subprocess
import sys
from contextlib import suppress
from pathlib import Path

import pytest

from tests.engine.toy_course import REPOSITORY, TOY, copied

pytestmark = pytest.mark.thorough

MEGABYTES = 1200  # for the whole run: less than one bomb may take, and enough for two workers
BOMB = """
kept = []


def area(width, height):
    while True:
        kept.append(bytearray(8 << 20))
        kept[-1][::4096] = b"1" * len(kept[-1][::4096])
"""
MOUNTS = {"/sys/fs/cgroup/memory": "memory.limit_in_bytes", "/sys/fs/cgroup": "memory.max"}  # versions 1 and 2


@pytest.fixture
def machine():
    """The folder of a control group with that much memory; None where this machine lets nobody make one."""
    for mount, limit in MOUNTS.items():
        folder = Path(mount, f"convgrade-test-{os.getpid()}")
        with suppress(OSError):
            folder.mkdir()
            try:
                (folder / limit).write_text(str(MEGABYTES << 20))
                for swap in ("memory.memsw.limit_in_bytes", "memory.swap.max"):
                    with suppress(OSError):
                        (folder / swap).write_text(str(MEGABYTES << 20) if "memsw" in swap else "0")
                yield folder
            finally:
                folder.rmdir()
            return
    yield None


def ended_by_the_kernel(machine: Path) -> int:
    """How many processes of the group the kernel has ended for want of memory."""
    lines = [
        line.split()
        for name in ("memory.oom_control", "memory.events")
        if (machine / name).is_file()
        for line in (machine / name).read_text().splitlines()
    ]
    return next(int(count) for word, count in lines if word == "oom_kill")


def test_every_neighbour_of_a_memory_bomb_is_graded(tmp_path, machine):
    config = copied(tmp_path)
    for name, area in {"ada": "", "bomb1": BOMB, "bomb2": BOMB, "bo": "", "bomb3": BOMB, "cy": ""}.items():
        folder = tmp_path / "class" / name
        shutil.copytree(TOY / "submission", folder)
        right = (TOY / "solutions" / "q1_box.py").read_text("utf-8")
        (folder / "q1_box.py").write_text(f"{right}\n{area}\n# {name}\n", "utf-8")
    grade = [sys.executable, "-m", "autograder", "grade", tmp_path / "class", "--out", tmp_path / "out"]
    command = [*map(str, grade), "--config", str(config), "--jobs", "2", "--json"]
    enter = f"echo $$ > {machine}/cgroup.procs && " if machine else ""
    run = ["sh", "-c", f'{enter}exec "$@"', "sh", *command]
    done = subprocess.run(run, cwd=REPOSITORY, capture_output=True, text=True)
    assert done.returncode in (0, 1), done.stderr
    rows = {one["id"]: one for one in json.loads(done.stdout)["submissions"]}
    honest = {rows[name]["score"] for name in ("ada", "bo", "cy")}
    bombs = {rows[name]["score"] for name in ("bomb1", "bomb2", "bomb3")}
    assert len(honest) == 1 and all(rows[name]["status"] == "graded" for name in ("ada", "bo", "cy")), rows
    assert max(bombs) < min(honest) and "not graded" not in {one["status"] for one in rows.values()}
    if machine:
        assert ended_by_the_kernel(machine) >= len(bombs)
