"""The packages that grading needs, each at the version it was tested with here."""

from __future__ import annotations

from importlib import metadata

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOTS = ("convgrade", "otter-grader[grading,plugins]", "ipykernel")


def requirements() -> str:
    """``name==version`` lines: everything installed that convgrade and otter-grader depend on, convgrade itself apart."""
    pins: dict[str, str] = {}
    for root in ROOTS:
        _add(Requirement(root), pins)
    pins.pop("convgrade", None)
    return "".join(f"{name}=={version}\n" for name, version in sorted(pins.items()))


def _add(wanted: Requirement, pins: dict[str, str]) -> None:
    name = canonicalize_name(wanted.name)
    if name in pins and not wanted.extras:
        return
    try:
        about = metadata.distribution(name)
    except metadata.PackageNotFoundError:
        return  # for another platform, or torch's CUDA parts
    pins[name] = about.version.split("+")[0]  # 2.13.0+cpu is 2.13.0 from the index that setup.sh names
    for line in about.requires or ():
        inner = Requirement(line)
        extras = ("", *wanted.extras)
        needed = inner.marker is None or any(inner.marker.evaluate({"extra": extra}) for extra in extras)
        if needed and (canonicalize_name(inner.name) not in pins or inner.extras):
            _add(inner, pins)
