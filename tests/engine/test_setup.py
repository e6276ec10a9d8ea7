"""What is installed: locks that pin everything by hash, by uv or by pip, and a machine that torch has no build for is told so first."""

from __future__ import annotations

import ensurepip
import os
import re
import runpy
import shutil
import subprocess
import sys
import sysconfig
import tomllib
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from autograder import __version__
from autograder.gradebook import fingerprint
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


def test_a_changed_lock_is_another_version_of_all_that_computes(tmp_path, monkeypatch):
    engine = tmp_path / "autograder"
    (tmp_path / "requirements").mkdir()
    for name in fingerprint.LOCK:
        shutil.copy(REPOSITORY / name, tmp_path / name)
    monkeypatch.setattr(fingerprint, "ENGINE", engine)
    before = fingerprint.versions()
    assert re.search(r", lock [0-9a-f]{12}$", before)
    path = tmp_path / fingerprint.LOCK[1]
    path.write_text(path.read_text("utf-8").replace("numpy==", "numpy==9", 1), "utf-8")
    assert fingerprint.versions() != before


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


# In place of the host's python, the environment's and uv: writes down what it is asked for, and makes what the next step needs.
STAND_IN = """#!/bin/sh
asked="${0##*/} $*"
echo "$asked" >> "$LOG"
if echo "$asked" | grep -qE -- "$REFUSED"; then echo "$asked fails" >&2; exit 1; fi
case "$*" in
    "-c import sys"*) exit 1 ;;
    *--target*) mkdir -p "$VENV/uv/bin"; cp "$0" "$VENV/uv/bin/uv" ;;
    venv* | "-m venv"*) mkdir -p "$VENV/bin"; cp "$0" "$VENV/bin/python" ;;
esac
"""
GETS_UV = "-m pip install .* --require-hashes --requirement requirements/uv.txt --target"
LOCK, TORCH, EDITABLE = (
    "install .*--require-hashes --requirement requirements/grade.txt",
    "install .*torch==",
    "install .*--editable",
)
ANY_INDEX = r"install .*deps torch==\S+"
OF_PYTORCH = "install .*--(default-index|index-url) https://download.pytorch.org/whl/cpu torch=="
BY_UV = [f"uv {what}" for what in ("venv", f"pip {LOCK}", f"pip {TORCH}", f"pip {EDITABLE}")]
BY_PIP = ["host -m venv", *(f"python -m pip {what}" for what in (LOCK, TORCH, EDITABLE))]


@pytest.mark.parametrize(
    "there, refused, steps",
    [
        (["uv"], "nothing", BY_UV),
        ([], "nothing", [f"host {GETS_UV}", *BY_UV]),
        ([], "host -c import pip", ["host -m venv", f"python {GETS_UV}", *BY_UV[1:]]),
        (["uv"], f"uv pip {ANY_INDEX}", [*BY_UV[:2], f"uv pip {OF_PYTORCH}", BY_UV[3]]),
        ([], GETS_UV, BY_PIP),
        (["uv"], "uv venv", BY_PIP),
        (["uv"], "uv pip|python -c import pip", BY_PIP),
        (["uv"], "uv .*--editable|python -c import pip", BY_PIP),
        (["uv", "WITHOUT_UV"], "^uv", BY_PIP),
        (["WITHOUT_UV"], f"python -m pip {ANY_INDEX}", [*BY_PIP[:2], f"python -m pip {OF_PYTORCH}", BY_PIP[3]]),
    ],
)
def test_uv_installs_where_it_is_there_or_can_be_had_and_pip_else(tmp_path, there, refused, steps):
    for name in ("host", *(name for name in there if name == "uv")):
        (tmp_path / name).write_text(STAND_IN)
        (tmp_path / name).chmod(0o755)
    log = tmp_path / "log"
    env = {"PATH": f"{tmp_path}:/usr/bin:/bin", "LOG": str(log), "REFUSED": refused, "VENV": str(tmp_path / "venv")}
    env |= {name: "1" for name in there if name == "WITHOUT_UV"}
    command = ["bash", "requirements/install", "host", env["VENV"], "grade"]
    done = subprocess.run(command, cwd=REPOSITORY, capture_output=True, text=True, env=env)
    assert (done.returncode, done.stdout) == (0, "")
    assert re.fullmatch(
        r"grade: \d+ MB to download, \d+ MB on the disk\n", done.stderr
    )  # what failed on the way makes no noise
    asked = iter(log.read_text("utf-8").splitlines())
    for step in [*steps, "python requirements/byte_code.py"]:
        assert any(re.match(step, one) for one in asked), f"{step}:\n{log.read_text('utf-8')}"
    if "WITHOUT_UV" in there:
        assert not re.search("^uv|uv.txt", log.read_text("utf-8"), re.MULTILINE)
    if sys.platform == "linux":
        assert not re.search(r"torch==[\d.]+(\s|$)", log.read_text("utf-8"))  # gigabytes of CUDA


def test_nothing_is_hidden_where_pip_fails_too(tmp_path):
    (tmp_path / "host").write_text(STAND_IN)
    (tmp_path / "host").chmod(0o755)
    env = {
        "PATH": f"{tmp_path}:/usr/bin:/bin",
        "LOG": str(tmp_path / "log"),
        "REFUSED": "grade.txt",
        "VENV": str(tmp_path / "venv"),
    }
    command = ["bash", "requirements/install", "host", env["VENV"], "grade"]
    done = subprocess.run(command, cwd=REPOSITORY, capture_output=True, text=True, env=env)
    assert done.returncode != 0
    assert len(re.findall("grade.txt fails", done.stderr)) == 1


def test_pips_settings_are_uvs_as_well(tmp_path):
    python = sys._base_executable  # an environment that uv has made has no pip, and every Python brings one along
    folders = (
        Path(ensurepip.__file__).parent / "_bundled",
        Path(sysconfig.get_config_var("WHEEL_PKG_DIR") or "/usr/share/python-wheels"),
    )
    brought = [str(path) for folder in folders for path in folder.glob("pip-*.whl")]
    has_pip = subprocess.run([python, "-c", "import pip"], capture_output=True).returncode == 0
    (tmp_path / "pip.conf").write_text(
        "[global]\nindex-url = https://global.example/simple\nproxy = http://proxy.example:1\ntimeout = 60\ncert = /our own.pem\n"
        "find-links =\n    /wheels\n    https://more.example/it's\n"
        "[install]\nindex-url = https://mirror.example/simple\nextra-index-url = https://one.example https://two.example\n"
        "[list]\nformat = columns\n"
    )
    env = {
        "PATH": os.environ["PATH"],
        "PYTHONPATH": "" if has_pip else brought[0],
        "PIP_CONFIG_FILE": str(tmp_path / "pip.conf"),
        "PIP_TRUSTED_HOST": "mirror.example",
        "ALL_PROXY": "http://set.example",
    }
    show = f'eval "$({python} requirements/pip_for_uv.py)"; env'
    done = subprocess.run(["bash", "-c", show], cwd=REPOSITORY, capture_output=True, text=True, env=env, check=True)
    assert {line for line in done.stdout.splitlines() if line.startswith(("UV_", "ALL_PROXY", "SSL_"))} == {
        "UV_DEFAULT_INDEX=https://mirror.example/simple",
        "UV_INDEX=https://one.example https://two.example",
        "UV_INDEX_STRATEGY=unsafe-best-match",
        "UV_FIND_LINKS=/wheels,https://more.example/it's",
        "UV_HTTP_TIMEOUT=60",
        "SSL_CERT_FILE=/our own.pem",
        "UV_INSECURE_HOST=mirror.example",
        "ALL_PROXY=http://set.example",
    }


@pytest.mark.thorough
def test_all_that_is_imported_beside_student_code_is_compiled_before():
    program = (
        "import runpy, sys\n"
        "from autograder.wall.inside import preload\n"
        "never = runpy.run_path('requirements/byte_code.py')['NEVER']\n"
        "preload.usual(), preload.everything()\n"
        "files = [getattr(module, '__file__', None) or '' for module in sys.modules.values()]\n"
        "print(sum('site-packages' in file for file in files), *filter(never.search, files))\n"
    )
    done = subprocess.run([sys.executable, "-c", program], cwd=REPOSITORY, capture_output=True, text=True, check=True)
    count, *left_out = done.stdout.splitlines()[-1].split(" ")
    assert int(count) > 1000 and not left_out


def test_byte_code_is_made_of_what_is_imported_only(tmp_path):
    packages = tmp_path / "tests" / "site-packages"
    for name in (
        "torch/nn.py",
        "torch/tests/nn.py",
        "torch/testing/_internal/opinfo/core.py",
        "pip/main.py",
        "latest/sympy.py",
    ):
        (packages / name).parent.mkdir(parents=True, exist_ok=True)
        (packages / name).write_text("x = 1\n")
    (packages / "of_another_python.py").write_text("x = \n")
    runpy.run_path(str(LOCKS / "byte_code.py"))["compile_all"](packages)
    assert {path.name.split(".")[0] for path in packages.rglob("*.pyc")} == {"nn", "sympy"}
    assert not list((packages / "torch" / "tests").rglob("*.pyc"))


def test_this_machine_is_fit():
    done = subprocess.run(["bash", ".ci/preflight", sys.executable], cwd=REPOSITORY, capture_output=True, text=True)
    assert (done.returncode, done.stderr) == (0, "")


def test_the_changelog_begins_with_this_version():
    text = (REPOSITORY / "CHANGELOG.md").read_text("utf-8")
    first, *others = re.findall(r"^## (\S+)(.*)$", text, re.MULTILINE)
    assert first[0] == __version__
    assert not any("unreleased" in more for _, more in others)
