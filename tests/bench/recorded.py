"""What it costs when nobody has to be asked: a class of 1,000 whose marks, lateness, points or words changed.

    python -m tests.bench.recorded [--class FOLDER] [--count 1000]

The class is made of the sample class's hand-ins, copied. Each line is the time of a whole run of ``convgrade grade`` over it and
how its CPU-seconds divide: computing grades from what was recorded, putting them into words and pages, and the rest, which reads
hand-ins and the gradebook and writes both it and the files. The run must start no process: an attempt to ends it.
"""

from __future__ import annotations

import argparse
import csv
import shutil
import sys
import tempfile
import time
from collections import Counter
from functools import wraps
from pathlib import Path
from types import ModuleType

from autograder import grade, words
from autograder.course.course import Course
from autograder.gradebook import fingerprint, ledger
from autograder.report import part_view, question_view
from autograder.runner import class_run
from tests.submissions.golden import CLASS, ROOT

LATE = "\nlate:\n  deadline: 2026-11-20T23:59:00+03:30\n  percent_a_day: 10\n"
TIMED = ((grade, "graded"), (grade, "files"), (ledger, "render"))
spent: Counter[str] = Counter()  # CPU-seconds in each of them
STARTS = ("os.fork", "os.forkpty", "os.posix_spawn", "os.exec", "os.system", "subprocess.Popen")


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m tests.bench.recorded", description=__doc__.splitlines()[0])
    parser.add_argument("--class", dest="path", type=Path, default=CLASS)
    parser.add_argument("--count", type=int, default=1000)
    chosen = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="convgrade-") as folder:
        run(Path(folder), chosen.path, chosen.count)


def run(folder: Path, path: Path, count: int) -> None:
    """Grade the class once, then time what changes without asking."""
    for module, name in TIMED:
        _time(module, name)
    config = copied_course(folder)
    filled(folder / "class", path, count)
    graded(folder, config, "asked, equal files once")
    sys.addaudithook(_no_process)
    graded(folder, config, "nothing changed")
    marks = folder / "marks.csv"
    _enter(marks, sorted(one.name for one in (folder / "class").iterdir()), "1.5")
    graded(folder, config, "a mark for everybody", marks_from=(marks,))
    config.write_text(config.read_text("utf-8") + LATE, "utf-8")
    graded(folder, config, "a late policy")
    times = folder / "times.csv"
    times.write_text(
        "id,timestamp\n" + "".join(f"{one.name},2026-11-22T10:00:00+03:30\n" for one in (folder / "class").iterdir())
    )
    graded(folder, config, "a time for everybody", late_from=times)
    text = config.read_text("utf-8")
    config.write_text(
        text.replace("q2.code.ConvNet: 4", "q2.code.ConvNet: 5").replace(
            "q2.numbers.receptive_field: 3", "q2.numbers.receptive_field: 2"
        ),
        "utf-8",
    )
    graded(folder, config, "other points in the config")
    engine = folder / "engine"
    shutil.copytree(fingerprint.ENGINE, engine, ignore=shutil.ignore_patterns("__pycache__"))
    for lock in fingerprint.LOCK:  # part of what grades depend on
        (folder / lock).parent.mkdir(exist_ok=True)
        shutil.copy(ROOT / lock, folder / lock)
    sentences = engine / "words" / "fa.yml"
    sentences.write_text(sentences.read_text("utf-8").replace("kind.written: ", "kind.written: ‌"), "utf-8")
    fingerprint.ENGINE, words.__file__ = engine, str(engine / "words.py")
    for kept in (words.sentences, part_view.own_words, part_view.part_view, question_view.question_view):
        kept.cache_clear()
    graded(folder, config, "a changed word in words/fa.yml")


def copied_course(folder: Path) -> Path:
    """The course without its tests of the engine, in a folder of its own."""
    root = folder / "course"
    for name in ("assignment", "solutions", "student_template", "tests/hidden", "tests/public"):
        shutil.copytree(ROOT / name, root / name, ignore=shutil.ignore_patterns("__pycache__"))
    return Path(shutil.copy(ROOT / "grader_config.yml", root))


def filled(folder: Path, path: Path, count: int) -> None:
    """``count`` hand-ins copied in turn from those of a class that are folders."""
    sources = sorted(one for one in path.iterdir() if one.is_dir() and not one.is_symlink())
    for number in range(count):
        source = sources[number % len(sources)]
        shutil.copytree(source, folder / f"{number:05}-{source.name}", symlinks=True)


def graded(folder: Path, config: Path, what: str, **options) -> None:
    spent.clear()
    began, cpu = time.perf_counter(), time.process_time()
    summary = class_run.grade_class(folder / "class", Course.load(config), folder / "out", jobs=2, **options)
    took, used = time.perf_counter() - began, time.process_time() - cpu
    computing, rendering = spent["graded"] - spent["files"], spent["files"] + spent["render"]
    shares = f"{computing:.2f} computing, {rendering:.2f} rendering, {used - computing - rendering:.2f} reading and writing"
    counts = f"{len(summary.rows)} hand-ins, {summary.graded} asked"
    print(f"{what:32} {counts}: {took:6.2f} s, {used:6.2f} CPU-s here ({shares})", flush=True)


def _time(module: ModuleType, name: str) -> None:
    """Add up what a function takes in ``spent``."""
    timed = getattr(module, name)

    @wraps(timed)
    def timing(*args, **kwargs):
        began = time.process_time()
        try:
            return timed(*args, **kwargs)
        finally:
            spent[name] += time.process_time() - began

    setattr(module, name, timing)


def _enter(path: Path, ids: list[str], points: str) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["id", "part", "points"])
        writer.writerows([id, "q1.written.w1", points] for id in ids)


def _no_process(event: str, arguments: tuple) -> None:
    if event in STARTS:
        raise AssertionError(f"a process was to be started: {event}")


if __name__ == "__main__":
    main()
