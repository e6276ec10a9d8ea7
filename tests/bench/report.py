"""What the class report costs: ``python -m tests.bench.report 1000 3000 10000`` measures each size in a process of its own.

The class is made up: results as a gradebook holds them, and for each a source of about twenty functions, a third of them one
of a few common forms. Nothing is graded.
"""

from __future__ import annotations

import json
import random
import resource
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
FUNCTION = """
def part_{name}(first, second, third=1):
    total = {seed}
    for index in range(first):
        total += index * second + third * {seed} - (index % {more}) * (second + third)
        if total > {seed} and index < second or third == {more}:
            total -= first * second * third + {more}
    return total + first * {more} + second * {seed} + third
"""


def results(count: int) -> Iterator:
    """One result after the other, never all at once, as from a gradebook."""
    from autograder.course.course import Course
    from tests.engine.made_class import made

    few = made(Course.load(ROOT / "grader_config.yml"), 200)
    import msgspec

    for number in range(count):
        one = few[number % len(few)]
        yield msgspec.convert(msgspec.to_builtins(msgspec.structs.replace(one, id=f"s{number:05}")), type(one))


def sources(count: int) -> Iterator[tuple[str, dict[str, str]]]:
    for number in range(count):
        drawn = random.Random(number)
        source = "".join(
            FUNCTION.format(name=name, seed=drawn.randrange(13 if name < 7 else 10**6), more=name) for name in range(20)
        )
        yield f"s{number:05}", {"q2_convnet.py": source}


def one(count: int) -> dict[str, float]:
    """The report of ``count`` hand-ins, made in this process."""
    from autograder.course.course import Course
    from autograder.report.class_page import class_report

    course = Course.load(ROOT / "grader_config.yml")
    next(iter(results(1)))  # what is made once
    began, before = time.process_time(), resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    page = class_report.render(results(count), course, sources=sources(count))
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return {
        "students": count,
        "cpu_seconds": round(time.process_time() - began, 1),
        "peak_mb": round(peak / 1024),
        "before_mb": round(before / 1024),
        "page_mb": round(len(page) / 1e6, 1),
    }


def main() -> None:
    sizes = sys.argv[1:] or ["1000", "3000", "10000"]
    if sizes[0] == "--one":
        print(json.dumps(one(int(sizes[1]))))
        return
    for size in sizes:
        done = subprocess.run(
            [sys.executable, "-m", "tests.bench.report", "--one", size], cwd=ROOT, capture_output=True, text=True, check=True
        )
        told = json.loads(done.stdout)
        print(
            f"{told['students']:>6} students: {told['cpu_seconds']:6.1f} CPU-s, {told['peak_mb']} MB at most, {told['before_mb']} MB before, page of {told['page_mb']} MB"
        )


if __name__ == "__main__":
    main()
