"""The golden results of the sample class: what each submission comes to, as keys and values, not as sentences.

python -m tests.submissions.golden            # grade, show what differs, write tests/submissions/expected/ anew
python -m tests.submissions.golden --check    # only show; end with 1 where something differs

``expected/<id>.json`` holds scores, outcomes, message keys and diagnoses, so a changed word changes none of them. How the
words read is held by one rendered result in each language, ``expected/rendered.en.md`` and ``rendered.fa.md``.
"""

from __future__ import annotations

import argparse
import difflib
import json
import os
import sys
import tempfile
from pathlib import Path
from typing import Any

HERE = Path(__file__).resolve().parent
CLASS, EXPECTED = HERE / "class", HERE / "expected"
ROOT = HERE.parents[1]
RENDERED = "forgets_channels"  # the submission whose feedback is kept word for word


def facts(result: Any) -> dict[str, Any]:
    """What a result says of the submission, without what changes with the machine or the engine's version."""
    return {
        "status": result.status,
        "cents": result.cents,
        "max_cents": result.max_cents,
        "awaiting_cents": result.awaiting_cents,
        "late_seconds": result.late_seconds,
        "messages": [_message(one) for one in result.messages],
        "parts": {part.id: _part(part) for part in result.parts},
        "diagnoses": [
            {"part": one.part, "route": one.route, "guess": one.guess, "misconceptions": list(one.misconceptions)}
            for one in result.diagnoses
        ],
        "written": {name: len(text) for name, text in result.written.items()},
    }


def laid_out(facts: dict[str, Any]) -> str:
    """The facts as JSON with a line for each part, so that a diff shows whose points changed."""
    lines = []
    for name, value in facts.items():
        if name == "parts":
            parts = ",\n".join(f"  {json.dumps(id)}: {json.dumps(part, ensure_ascii=False)}" for id, part in value.items())
            lines.append(f' "parts": {{\n{parts}\n }}')
        else:
            lines.append(f" {json.dumps(name)}: {json.dumps(value, ensure_ascii=False)}")
    return "{\n" + ",\n".join(lines) + "\n}\n"


def _part(part: Any) -> dict[str, Any]:
    return {
        "outcome": part.outcome.value,
        "cents": part.cents,
        "max_cents": part.max_cents,
        "came": part.came,
        "messages": [_message(one) for one in part.messages],
        "checks": [
            {"id": check.id, "outcome": check.outcome.value} | ({"message": _message(check.message)} if check.message else {})
            for check in part.checks
        ],
    }


def _message(message: Any) -> list[Any]:
    return [message.key, message.values]


def graded(out: Path, path: Path = CLASS, **options) -> dict[str, str]:
    """Grade the sample class for real and return each golden file's text by name."""
    from msgspec.structs import replace

    from autograder.course.course import Course
    from autograder.gradebook import ledger
    from autograder.report import feedback
    from autograder.report.view import views
    from autograder.runner.class_run import grade_class

    course = Course.load(ROOT / "grader_config.yml")
    grade_class(path, course, out, jobs=len(os.sched_getaffinity(0)), **options)
    results, _ = ledger.latest(out)
    found = {f"{one.id}.json": laid_out(facts(one)) for one in results}
    for one in results:
        if one.id == RENDERED:
            one = replace(one, fingerprint=replace(one.fingerprint, engine="a1" * 6))  # another with every change of the engine
            for language in ("en", "fa"):
                page = feedback.markdown(one, views(one, course, [language]))
                found[f"rendered.{language}.md"] = page.decode()
    return found


def difference(found: dict[str, str]) -> str:
    """How the found results differ from the golden ones, as a diff; empty where they do not."""
    golden = {path.name: path.read_text("utf-8") for path in sorted(EXPECTED.iterdir())}
    lines: list[str] = []
    for name in sorted(golden.keys() | found.keys()):
        old, new = (texts.get(name, "").splitlines(keepends=True) for texts in (golden, found))
        lines += difflib.unified_diff(old, new, f"expected/{name}", f"found/{name}", n=2)
    return "".join(lines)


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.submissions.golden", description=__doc__.splitlines()[0])
    parser.add_argument("--check", action="store_true", help="only show; end with 1 where something differs")
    check = parser.parse_args().check
    with tempfile.TemporaryDirectory() as out:
        found = graded(Path(out))
    changes = difference(found) if EXPECTED.is_dir() else ""
    print(changes, end="")
    if not check:
        EXPECTED.mkdir(exist_ok=True)
        for path in EXPECTED.iterdir():
            path.unlink()
        for name, text in found.items():
            (EXPECTED / name).write_text(text, "utf-8")
        return 0
    return 1 if changes else 0


if __name__ == "__main__":
    sys.exit(main())
