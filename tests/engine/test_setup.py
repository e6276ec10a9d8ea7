"""What is installed: locks that pin everything by hash, and a machine that torch has no build for is told so first."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import tomllib

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from autograder import __version__
from autograder.prepare import lock
from tests.engine.toy_course import REPOSITORY

LOCKS = REPOSITORY / "requirements"
PROJECT = tomllib.loads((REPOSITORY / "pyproject.toml").read_text("utf-8"))["project"]
EXTRAS = sorted(PROJECT["optional-dependencies"])


def locked(name: str) -> dict[str, list[Requirement]]:
    """The packages of a lock; one may stand several times, for different Pythons."""
    found: dict[str, list[Requirement]] = {}
    for line in (LOCKS / f"{name}.txt").read_text("utf-8").splitlines():
        if re.match(r"\w", line):
            one = Requirement(line.rstrip("\\ "))
            found.setdefault(canonicalize_name(one.name), []).append(one)
    return found


@pytest.mark.parametrize("name", ["grade", *EXTRAS])
def test_a_lock_holds_what_is_asked_at_one_version_with_hashes_and_nothing_of_torch(name):
    text = (LOCKS / f"{name}.txt").read_text("utf-8")
    packages = [block for block in re.split(r"\n(?=\w)", text) if re.match(r"\w", block)]
    assert all("==" in block and "--hash=sha256:" in block for block in packages)
    found = locked(name)
    asked = [*PROJECT["dependencies"], *PROJECT["optional-dependencies"].get(name, ())]
    for one in map(Requirement, asked):
        key = canonicalize_name(one.name)
        if key in ("torch", "convgrade"):
            continue
        for pin in found[key]:
            (version,) = pin.specifier
            assert one.specifier.contains(version.version), f"{name}.txt is old: bash requirements/lock"
    assert not [key for key in found if key.startswith(("torch", "nvidia", "triton", "cuda"))]


@pytest.mark.parametrize("name", [name for name in EXTRAS if name not in ("dev", "fuzz")])
def test_locks_agree_with_each_other(name):
    everything = locked("dev")
    for key, pins in locked(name).items():
        assert {str(pin.specifier) for pin in pins} <= {str(pin.specifier) for pin in everything[key]}, key
    assert locked("grade").keys() <= locked(name).keys()


def test_every_lock_has_its_size():
    lines = [line.split() for line in (LOCKS / "sizes").read_text("utf-8").splitlines() if line[0] != "#"]
    assert {name for name, *_ in lines} == {"grade", *EXTRAS}
    assert all(int(download) <= int(disk) for _, download, disk in lines)


def test_what_differs_from_the_lock_is_named(tmp_path):
    here = lock.metadata.version("numpy")
    (tmp_path / "x.txt").write_text(
        f"# a comment\nnumpy=={here} \\\n    --hash=sha256:0\nclick==0.1 \\\n    --hash=sha256:0\n"
        'nowhere==1.0\nelsewhere==1.0 ; python_version < "3"\n'
    )
    click = lock.metadata.version("click")
    assert list(lock.differences(tmp_path / "x.txt")) == [f"click {click}, not 0.1", "nowhere missing, not 1.0"]
    assert list(lock.differences(tmp_path / "no.txt")) == []


@pytest.mark.parametrize(
    "changed, said",
    [
        ("platform.system = lambda: 'Darwin'; platform.machine = lambda: 'x86_64'", "Intel Macs"),
        ("platform.libc_ver = lambda *a, **k: ('', '')", "without glibc"),
        ("platform.machine = lambda: 'riscv64'", "Linux on riscv64"),
        ("sys.version_info = (3, 16, 0, 'final', 0); platform.python_version = lambda: '3.16.0'", "Python 3.16.0"),
        ("sys.version_info = (3, 10, 0, 'final', 0)", "3.11 or newer is needed"),
    ],
)
def test_a_machine_without_a_build_of_torch_is_told_before_anything_is_downloaded(tmp_path, changed, said):
    (tmp_path / "sitecustomize.py").write_text(f"import platform, sys\n{changed}\n")
    python = tmp_path / "python"
    python.write_text(f'#!/bin/sh\nPYTHONPATH="{tmp_path}" exec "{sys.executable}" "$@"\n')
    python.chmod(0o755)
    command = ["make", "setup", f"PYTHON={python}", f"VENV={tmp_path / 'venv'}"]
    done = subprocess.run(command, cwd=REPOSITORY, capture_output=True, text=True, env={"PATH": os.environ["PATH"]})
    assert done.returncode != 0 and said in done.stderr
    assert not (tmp_path / "venv").exists()


def test_this_machine_is_fit():
    done = subprocess.run(["bash", ".ci/preflight", sys.executable], cwd=REPOSITORY, capture_output=True, text=True)
    assert (done.returncode, done.stderr) == (0, "")


def test_the_changelog_begins_with_this_version():
    text = (REPOSITORY / "CHANGELOG.md").read_text("utf-8")
    first, *others = re.findall(r"^## (\S+)(.*)$", text, re.MULTILINE)
    assert first[0] == __version__
    assert not any("unreleased" in more for _, more in others)
