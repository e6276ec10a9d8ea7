"""Check this computer, and say what is missing for the homework and how to get it.

python check_machine.py

It needs Python alone, an old one too, and installs nothing: students get a copy of this file in their folder.
"""

import importlib.util
import json
import platform
import re
import shutil
import struct
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
FACTS = HERE / "tests" / "facts.json"  # the sentences, and the Python that grades
SPACE = 1500  # MB that a virtual environment with torch takes while it is installed


def findings(facts, here):
    """``(fine, key, values)`` for each thing that was checked; ``fine`` is None for mere information."""
    graded = facts["python"]
    running = platform.python_version()
    if sys.version_info[:2] < numbers(facts["least"]):
        yield False, "machine.python_old", {"found": running, "least": facts["least"]}
        return
    same = sys.version_info[:2] == numbers(graded)
    yield True, "machine.python" if same else "machine.python_other", {"found": running, "graded": graded}
    if (platform.system() == "Darwin" and platform.machine() == "x86_64") or struct.calcsize("P") < 8:
        yield False, "machine.no_torch", {"machine": f"{platform.system()} {platform.machine()}"}
        return
    missing = list(packages(here / "requirements.txt"))
    yield from missing
    if missing:
        if sys.prefix == sys.base_prefix:
            yield None, "machine.no_environment", {"folder": str(here)}
        free = shutil.disk_usage(str(here)).free // 1000000
        if free < SPACE:
            yield False, "machine.disk", {"free": free, "needed": SPACE}
        extra = "--extra-index-url https://download.pytorch.org/whl/cpu " if platform.system() == "Linux" else ""
        yield (
            None,
            "machine.install",
            {"command": f"{Path(sys.executable).name} -m pip install {extra}-r requirements.txt"},
        )
    if importlib.util.find_spec("ipykernel") is None:
        yield None, "machine.no_notebook", {}


def packages(requirements):
    """What of a ``requirements.txt`` is missing, of another version, or cannot be imported."""
    from importlib import metadata

    for line in requirements.read_text("utf-8").splitlines():
        wanted = re.match(r"([\w.-]+)(?:==([\w.]+))?\s*$", line)
        if not wanted:
            continue
        name, version = wanted.groups()
        try:
            installed = metadata.version(name).split("+")[0]
        except metadata.PackageNotFoundError:
            yield False, "machine.missing", {"package": name}
            continue
        try:
            importlib.import_module(name)
        except Exception as error:
            why = " ".join(str(error).split())[:200]
            yield False, "machine.broken", {"package": name, "why": f"{type(error).__name__}: {why}"}
            continue
        if version and installed != version:
            yield False, "machine.other_version", {"package": name, "found": installed, "wanted": version}


def numbers(version):
    """``3.11`` as ``(3, 11)``."""
    return tuple(int(one) for one in version.split("."))


def main():
    """Print what was found in both languages; 0 where nothing is missing, else 1."""
    if hasattr(sys.stdout, "reconfigure"):
        sys.stdout.reconfigure(encoding="utf-8", errors="replace")
    if not FACTS.is_file():
        print(
            "! tests/facts.json is missing: unpack the zip again. / فایل tests/facts.json نیست؛ فایل zip را دوباره باز کنید."
        )
        return 1
    facts = json.loads(FACTS.read_text("utf-8"))
    marks = {True: "+", False: "!", None: " "}
    seen = list(findings(facts, HERE))
    ready = all(fine is not False for fine, _, _ in seen)
    for fine, key, values in [*seen, (ready, "machine.ready" if ready else "machine.not_ready", {})]:
        for language in ("en", "fa"):
            print(
                "{} {}".format(marks[fine] if language == "en" else " ", facts["sentences"][language][key].format(**values))
            )
    return 0 if ready else 1


if __name__ == "__main__":
    sys.exit(main())
