"""How what is installed differs from a lock in ``requirements/``: ``python -m autograder.prepare.lock mark`` ends with 1 where it does."""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator
from importlib import metadata
from pathlib import Path

from packaging.requirements import Requirement

LOCKS = Path(__file__).parents[2] / "requirements"


def differences(lock: Path) -> Iterator[str]:
    """``numpy 2.4.5, not 2.4.6`` for each package of a lock that is missing here or of another version."""
    for line in lock.read_text("utf-8").splitlines() if lock.is_file() else ():
        if not re.match(r"\w", line):
            continue
        wanted = Requirement(line.rstrip("\\ "))
        if wanted.marker is not None and not wanted.marker.evaluate():
            continue
        try:
            there = metadata.version(wanted.name)
        except metadata.PackageNotFoundError:
            there = "missing"
        if there == "missing" or not wanted.specifier.contains(there, prereleases=True):
            yield f"{wanted.name} {there}, not {str(wanted.specifier).removeprefix('==')}"


if __name__ == "__main__":
    sys.exit(any(differences(LOCKS / f"{sys.argv[1]}.txt")))
