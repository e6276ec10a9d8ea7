"""The commands about variants: who is given which, which there could be, and how good they are."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from autograder.course.course import Course
from autograder.errors import ConvgradeError
from autograder.gradebook import dealt
from autograder.text import line


def handed_out(course: Course, roster: Path, out: Path, each: str, *, zipped: bool, new_secret: bool) -> Iterator[str]:
    """Deal, write what is handed out, and say what was done."""
    from autograder.prepare import handed_out as handing

    people = handing.hand_out(course, roster, out, each=each, zipped=zipped, new_secret=new_secret)
    many = Counter(one.variant for one in people)
    yield f"{len(people)} people: " + ", ".join(f"variant {number}: {count}" for number, count in sorted(many.items()))
    yield f"{out}: a {'zip' if zipped else 'folder'} for each {each}. Who has which: {course.root / dealt.TABLE}"
    if len(course.offered) < course.config.variants:
        gone = ", ".join(map(str, sorted(course.withdrawn)))
        yield f"Only {len(course.offered)} of {course.config.variants} variants are dealt, since these are withdrawn: {gone}"
    yield f"Keep {course.root / dealt.SECRET} to yourself, and keep a copy of it."


def pools(course: Course) -> Iterator[str]:
    """The pools as they are."""
    for question in course.questions:
        pool = course.pool(question)
        yield f"{question.id}: {len(pool.rows) or 'no'} variants" + (f" ({', '.join(pool.drawn)})" if pool.rows else "")
        for number, why in sorted(pool.withdrawn.items()):
            yield f"  variant {number} is withdrawn: {line(why)}"
    yield f"dealt: {', '.join(map(str, course.offered))} (`variants: {course.config.variants}` in {course.config_path.name})"


def searched(course: Course, id: str | None, count: int, seed: int) -> Iterator[str]:
    """New variants as lines for a person to read and put into the pools."""
    from autograder.prepare import vetted

    chosen = [question for question in course.questions if id in (None, question.id) and course.pool(question).rows]
    if not chosen:
        todo = "Write its assignment/<stem>.variants.yml first: solutions/README.md says how."
        raise ConvgradeError(
            f"there are no parameters to draw for {id or 'any question'}", where=str(course.root), todo=todo
        )
    for question in chosen:
        yield from vetted.proposed(course, question, count, seed)
