"""What is installed beside what grading needs: all of it, and nothing that grading has."""

import sys
from importlib import metadata

import pytest
from packaging.utils import canonicalize_name

from autograder.wall import installed
from autograder.wall.installed import LOCK, beside_grading


@pytest.fixture
def site(tmp_path, monkeypatch):
    """``site(name, files)`` installs a distribution where nothing else is installed."""
    folder = tmp_path / "site-packages"
    folder.mkdir()
    monkeypatch.setattr(sys, "path", [str(folder)])

    def install(name, *files, needs=(), declared=""):
        about = folder / f"{name}-1.0.dist-info"
        about.mkdir()
        lines = ["Metadata-Version: 2.1", f"Name: {name}", "Version: 1.0", *(f"Requires-Dist: {one}" for one in needs)]
        (about / "METADATA").write_text("\n".join(lines) + "\n")
        (about / "RECORD").write_text("".join(f"{file},sha256=x,1\n" for file in (*files, f"{about.name}/METADATA")))
        if declared:
            (about / "top_level.txt").write_text(declared)

    return install


@pytest.fixture
def lock(tmp_path):
    """``lock(line, …)`` is the file of a lock."""

    def write(*lines):
        path = tmp_path / "grade.txt"
        path.write_text("# written by a program\n" + "".join(f"{line} \\\n    --hash=sha256:0a\n" for line in lines))
        return path

    return write


def test_whatever_no_lock_names_is_beside_grading(site, lock):
    site("Py.Own", "own/__init__.py", "own_too.py")
    site("extra", "extra/__init__.py", "_extra.cpython-311-x86_64-linux-gnu.so", "one_file.py", "../../bin/extra")
    site("old_style", "ignored/x.py", declared="declared\n_declared\n")
    found = beside_grading(lock("py-own==1.0", "not-installed==2"))
    assert found == {
        "modules": ["_declared", "_extra", "declared", "extra", "one_file"],
        "distributions": ["extra", "old_style"],
    }


def test_a_name_that_grading_or_python_has_as_well_is_not_refused(site, lock):
    site("own", "shared/own.py")
    site("extra", "shared/extra.py", "typing.py", "extra.py")
    assert beside_grading(lock("own==1.0"))["modules"] == ["extra"]


def test_what_a_lock_names_for_another_system_is_not_of_grading(site, lock):
    site("elsewhere", "elsewhere.py")
    assert beside_grading(lock("elsewhere==1.0 ; sys_platform == 'none'"))["modules"] == ["elsewhere"]


def test_torch_and_what_it_cannot_do_without_are_of_grading_in_any_build(site, lock):
    site("torch", "torch/__init__.py", needs=["cuda-parts", "plots; extra == 'all'", "gone"])
    site("cuda_parts", "cuda/__init__.py", needs=["torch"])
    site("plots", "plots.py")
    assert beside_grading(lock("own==1.0")) == {"modules": ["plots"], "distributions": ["plots"]}


def test_where_there_is_no_lock_nothing_is_refused(site, tmp_path):
    site("extra", "extra.py")
    assert beside_grading(tmp_path / "none.txt") == {"modules": [], "distributions": []}


def test_of_what_the_lock_of_grading_names_nothing_is_refused():
    found = beside_grading()
    own = {*installed._locked(LOCK), "torch"}
    assert not own & {canonicalize_name(name) for name in found["distributions"]}
    assert not set(found["modules"]) & {
        module
        for module, owners in metadata.packages_distributions().items()
        if own & {canonicalize_name(owner) for owner in owners}
    }
    assert not {"torch", "numpy", "IPython", "sympy", "yaml", "pytest", "setuptools"} & {*found["modules"]}
    assert {"hypothesis", "xdist", "autograder"} <= {*found["modules"]}, "what the tests are run by, and the engine"
