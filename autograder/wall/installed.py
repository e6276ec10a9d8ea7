"""What is installed on this machine beside what grading needs: to student code it is not there.

A submission is graded alike wherever it is graded. The commands of this project install more than grading needs, and so do
people; what a student may import is the same all the same: the packages of ``requirements/grade.txt``, and torch.
"""

from __future__ import annotations

import re
import sys
from functools import cache
from importlib import metadata
from pathlib import Path

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

LOCK = Path(__file__).parents[2] / "requirements" / "grade.txt"  # present only in a checkout


@cache
def beside_grading(lock: Path = LOCK) -> dict[str, list[str]]:
    """The ``modules`` (names without a dot) and ``distributions`` that are installed and no part of grading.

    A name that a package of grading has as well is not among them, nor is one of the standard library. Nothing is where there is no lock.
    """
    if not lock.is_file():
        return {"modules": [], "distributions": []}
    grading = _locked(lock)
    _add_needed("torch", grading)
    beside: set[str] = set()
    modules: set[str] = set()
    kept = set(sys.stdlib_module_names)
    for one in metadata.distributions():
        name = one.metadata["Name"]
        if not name or canonicalize_name(name) in grading:
            kept |= _modules(one)
        else:
            beside.add(name)
            modules |= _modules(one)
    return {"modules": sorted(modules - kept), "distributions": sorted(beside)}


def _modules(distribution: metadata.Distribution) -> set[str]:
    """The names that a distribution says it holds, or those of all that was installed with it."""
    told = (distribution.read_text("top_level.txt") or "").split()
    lines = told or (distribution.read_text("RECORD") or "").splitlines()
    tops = {re.split("[/.,]", line, maxsplit=1)[0] for line in lines}
    return {top for top in tops if top.isidentifier()}


def _locked(lock: Path) -> set[str]:
    """The packages that a lock names for this system and this Python."""
    lines = [line.rstrip("\\ ") for line in lock.read_text("utf-8").splitlines() if re.match(r"\w", line)]
    return {canonicalize_name(one.name) for one in map(Requirement, lines) if one.marker is None or one.marker.evaluate()}


def _add_needed(name: str, names: set[str]) -> None:
    """Add a package and those that it cannot do without: a torch for graphics cards needs some that no lock names."""
    names.add(canonicalize_name(name))
    try:
        needed = map(Requirement, metadata.requires(name) or ())
    except metadata.PackageNotFoundError:
        return
    for one in needed:
        if canonicalize_name(one.name) not in names and (one.marker is None or one.marker.evaluate({"extra": ""})):
            _add_needed(one.name, names)
