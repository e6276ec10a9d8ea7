"""What sixteen variants cost a class: the same hand-ins graded with one sheet for all, and each by its own variant.

    python -m tests.bench.variants [--count 160] [--variants 16] [--jobs 2]

Everybody's code is right and differs in a comment, and two numbers of each sheet are wrong by a known mistake, so that all that
explains numbers is worked out for every variant. What variants add is paid once a worker and variant, so it is told as a share
of a class of 1,000 as well.
"""

from __future__ import annotations

import argparse
import json
import random
import tempfile
from pathlib import Path

from autograder.course.answer_key import AnswerKey
from autograder.course.course import Course
from autograder.diagnosis.explain import Explainer
from tests.bench import ROOT
from tests.bench.cost import CONVGRADE, Cost, copies, measured
from tests.bench.recorded import copied_course

LARGE = 1_000


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m tests.bench.variants", description=__doc__.splitlines()[0])
    parser.add_argument("--count", type=int, default=160)
    parser.add_argument("--variants", type=int, default=16)
    parser.add_argument("--jobs", type=int, default=2)
    chosen = parser.parse_args()
    one, many = (_graded(chosen.count, variants, chosen.jobs) for variants in (1, chosen.variants))
    added = many.cpu - one.cpu
    print(f"{chosen.count} hand-ins, 1 variant: {one.cpu:.1f} CPU-s; {chosen.variants}: {many.cpu:.1f}, {added:+.1f}")
    print(f"of a class of {LARGE}: {100 * added / (one.cpu * LARGE / chosen.count):+.1f} %")


def _graded(count: int, variants: int, jobs: int) -> Cost:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        config = copied_course(folder)
        config.write_text(config.read_text("utf-8") + f"variants: {variants}\n", "utf-8")
        _filled(copies(folder / "class", count), config, variants)
        command = [*CONVGRADE, "grade", str(folder / "class"), "--config", str(config), "--out", str(folder / "out")]
        return measured([*command, "--jobs", str(jobs)], cwd=ROOT)


def _filled(classroom: Path, config: Path, variants: int) -> None:
    """A sheet for each student, two of its numbers wrong, and who has which."""
    course, drawn = Course.load(ROOT / "grader_config.yml"), random.Random(0)
    key = AnswerKey(course)
    explainer, rows = Explainer(course, key), ["id,variant"]
    for number, student in enumerate(sorted(classroom.iterdir())):
        variant = number % variants + 1
        values = dict(key.of(variant).values)
        for name in drawn.sample(sorted(values), 2):
            values[name] = drawn.choice(explainer.numbers_of(variant).single(name))[0]
        sheet = [f"{name} = {json.dumps(value)}" for name, value in values.items()]
        (student / "answers.toml").write_text("\n".join(sheet), "utf-8")
        rows.append(f"{student.name},{variant}")
    if variants > 1:
        (config.parent / "variants.csv").write_text("\n".join(rows), "utf-8")


if __name__ == "__main__":
    main()
