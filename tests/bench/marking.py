"""The marking page's times in a real browser, and whether a killed server loses anything."""

from __future__ import annotations

import random
import statistics
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

from autograder.course.course import Course
from tests.bench import ROOT
from tests.engine.web import made
from tests.engine.web.hammer import NAMES, hammered
from tests.engine.web.served import browser, ended, opened, started

STUDENTS, KEYS, SAVES = 400, 60, 30
KILLED_SAVES, KILLS = 1_000, 10
WORDS = "the encoder hands its maps to decoder at same size where they are concatenated so that fine detail is kept and borders stay sharp"
WATCH = """() => {
  window.painted = [];
  const after = (then) => requestAnimationFrame(() => requestAnimationFrame(then));
  document.addEventListener('keydown', (event) => {
    const label = document.querySelector('#answer h1')?.textContent;
    const wait = () => after(() => {
      if (event.key === 'Enter' && document.querySelector('#answer h1')?.textContent === label) return wait();
      window.painted.push([event.key, performance.now() - event.timeStamp]);
    });
    wait();
  }, true);
}"""


@dataclass(frozen=True)
class Marking:
    """Seconds to start and to open; milliseconds for each key and each save, and until the server has it; what a kill lost."""

    students: int
    questions: int
    start: float
    open: float
    keys: list[float]
    saves: list[float]
    confirmed: list[float]
    lost: int
    twice: int


def measured(students: int = STUDENTS) -> Marking:
    """Everything, on a made-up class of the homework's own size."""
    with tempfile.TemporaryDirectory() as folder:
        config = ROOT / "grader_config.yml"
        course = Course.load(config)
        out = Path(folder) / "results"
        chance = random.Random(1)
        texts = {
            f"s{at:03}": {name: " ".join(chance.choices(WORDS.split(), k=90)) for name in course.written}
            for at in range(students)
        }
        made.graded(out, course, texts)
        before = time.perf_counter()
        served = started(config, out)
        start = time.perf_counter() - before
        try:
            with browser() as one, opened(one, served.links["Sara"]) as page:
                opening = [_opened(page, served, name) for name in course.written]
                keys, saves, confirmed = _pressed(page)
        finally:
            ended(served)
        toy = made.course_in(Path(folder))
        made.graded(Path(folder) / "toy-results", Course.load(toy), {f"s{at}": f"A dot, number {at}." for at in range(40)})
        sent, kept = hammered(toy, Path(folder) / "toy-results", KILLED_SAVES // len(NAMES), KILLS, 1.0)
    lost, twice = len({*sent} - {*kept}), len(kept) - len({*kept})
    return Marking(students, len(course.written), start, max(opening), keys, saves, confirmed, lost, twice)


def _opened(page, served, name: str) -> float:
    before = time.perf_counter()
    page.goto(f"{served.address}/en/mark/{name}", wait_until="commit")
    page.wait_for_selector("#answer .head")
    return time.perf_counter() - before


def _pressed(page) -> tuple[list[float], list[float], list[float]]:
    page.evaluate(WATCH)
    confirmed = []
    for at in range(KEYS):
        page.keyboard.press(str(at % 4 + 1))
        page.wait_for_timeout(30)
    for _ in range(SAVES):
        page.keyboard.press("a")
        page.wait_for_timeout(40)
        before = time.perf_counter()
        page.keyboard.press("Enter")
        page.wait_for_function(
            "() => document.querySelector('#saved').textContent === JSON.parse(document.getElementById('data').textContent).words.saved"
        )
        confirmed.append(1000 * (time.perf_counter() - before))
        page.wait_for_timeout(250)
    painted = page.evaluate("() => window.painted")
    return [ms for key, ms in painted if key.isdigit()], [ms for key, ms in painted if key == "Enter"], confirmed


def told(found: Marking) -> str:
    """The figures as a table of Markdown."""

    def spread(ms: list[float]) -> str:
        return f"{statistics.median(ms):.0f} ms ({sorted(ms)[int(0.95 * len(ms))]:.0f} ms for 95 %)"

    rows = [
        (
            f"`convgrade mark` until its link works, {found.students} students × {found.questions} answers",
            f"{found.start:.1f} s",
        ),
        ("a question opens (the slowest of all)", f"{found.open:.2f} s"),
        ("a key until its effect is painted", spread(found.keys)),
        ("save until the next answer is painted", spread(found.saves)),
        ("save until the server has confirmed it", spread(found.confirmed)),
        (
            f"{KILLED_SAVES} saves by four markers, the server killed {KILLS} times",
            f"{found.lost} lost, {found.twice} twice",
        ),
    ]
    return "\n".join(["| marking page | |", "|---|---|", *(f"| {name} | {value} |" for name, value in rows)])
