"""What each lost point came from: a number that others follow from, and what the total would be had only it been right."""

from __future__ import annotations

from dataclasses import dataclass

from autograder.course.course import Course
from autograder.course.policy import keys
from autograder.marking import lateness
from autograder.model import Outcome, Result


@dataclass(frozen=True)
class Alone:
    """A wrong number that others followed from. Had it alone been right, the total would be ``cents``."""

    cents: int
    following: tuple[str, ...]  # the keys that would be right with it


def had_it_been_right(result: Result, course: Course) -> dict[str, Alone]:
    """By part, for each wrong number from which credited numbers of the same sheet follow and nothing else that is wrong."""
    numbers = {part.part.key: part for part in result.parts if part.kind == "numbers"}
    steps = course.config.follow.steps
    wrong = {key for key, part in numbers.items() if part.outcome not in (Outcome.PASSED, Outcome.AWAITING)}
    credited = {key for key in wrong if any(message.key == "follow.credit" for message in numbers[key].messages)}
    roots = {key: _roots(key, steps, wrong, credited) for key in credited}
    policy, alone = course.config.late, {}
    for key in sorted(wrong - credited):
        following = tuple(other for other in credited if roots[other] == {key})
        if following:
            gained = sum(numbers[one].max_cents - (numbers[one].cents or 0) for one in (key, *following))
            total = lateness.final_cents(result, policy, result.cents + gained)
            alone[numbers[key].id] = Alone(total, tuple(sorted(following)))
    return alone


def _roots(key: str, steps: dict, wrong: set[str], credited: set[str], depth: int = 0) -> set[str]:
    """The wrong numbers that a credited one comes from, through credited ones between."""
    roots: set[str] = set()
    for source in keys(steps[key]) if key in steps and depth < len(steps) + 1 else ():
        if source in credited:
            roots |= _roots(source, steps, wrong, credited, depth + 1)
        elif source in wrong:
            roots.add(source)
    return roots
