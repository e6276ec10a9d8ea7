"""The golden results of the sample class: what each submission's results.json must say.

python -m tests.submissions.golden            # grade, show what differs, write tests/submissions/expected/ anew
python -m tests.submissions.golden --check    # only show; end with 1 where something differs
"""

from __future__ import annotations

import argparse
import difflib
import json
import os
import sys
import tempfile
from pathlib import Path

HERE = Path(__file__).resolve().parent
CLASS, EXPECTED = HERE / "class", HERE / "expected"
ROOT = HERE.parents[1]
# What a results.json says of the run rather than of the submission.
OF_THE_RUN = ("engine", "hashes", "isolation")


def steady(data: bytes) -> str:
    """A results.json without what changes with the machine or the engine's version, laid out line by line."""
    whole = json.loads(data)
    del whole["execution_time"]
    for key in OF_THE_RUN:
        del whole["extra_data"][key]
    return json.dumps(whole, ensure_ascii=False, indent=1) + "\n"


def graded(out: Path, path: Path = CLASS, **options) -> dict[str, str]:
    """Grade the sample class for real and return each submission's steady results by id."""
    from autograder.course.course import Course
    from autograder.runner.class_run import grade_class

    course = Course.load(ROOT / "grader_config.yml")
    grade_class(path, course, out, jobs=len(os.sched_getaffinity(0)), **options)
    return {
        folder.name: steady((folder / "results.json").read_bytes()) for folder in sorted((out / "submissions").iterdir())
    }


def difference(found: dict[str, str]) -> str:
    """How the found results differ from the golden ones, as a diff; empty where they do not."""
    golden = {path.stem: path.read_text("utf-8") for path in sorted(EXPECTED.glob("*.json"))}
    lines: list[str] = []
    for id in sorted(golden.keys() | found.keys()):
        old, new = (texts.get(id, "").splitlines(keepends=True) for texts in (golden, found))
        lines += difflib.unified_diff(old, new, f"expected/{id}.json", f"found/{id}.json", n=2)
    return "".join(lines)


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.submissions.golden", description=__doc__.splitlines()[0])
    parser.add_argument("--check", action="store_true", help="only show; end with 1 where something differs")
    check = parser.parse_args().check
    with tempfile.TemporaryDirectory() as out:
        found = graded(Path(out))
    told = difference(found)
    print(told, end="")
    if not check:
        EXPECTED.mkdir(exist_ok=True)
        for path in EXPECTED.glob("*.json"):
            path.unlink()
        for id, text in found.items():
            (EXPECTED / f"{id}.json").write_text(text, "utf-8")
        return 0
    return 1 if told else 0


if __name__ == "__main__":
    sys.exit(main())
