"""From checks to points: a part earns its points times the share of its checks' weight that was earned.

A check that passed earns its weight; one that is marked case by case earns the share of the cases that were right.

Points are whole hundredths throughout, each part rounded by itself (half up), so what is shown adds up exactly.
"""

from __future__ import annotations

from collections.abc import Iterable
from fractions import Fraction
from math import floor

from autograder.model import Check, Message, Outcome, Part, PartResult

SEVERITY = list(Outcome)


def score(parts: Iterable[Part], checks: Iterable[Check], came: dict[str, str], written: dict[str, str]):
    """One PartResult a part, in the parts' order.

    ``came`` holds what the student gave for a part, shortened; ``written`` the written answers by name. A written part
    carries no points yet: a person marks it.
    """
    by_part: dict[str, list[Check]] = {}
    for check in checks:
        by_part.setdefault(check.part, []).append(check)
    return tuple(
        _written(part, written) if part.kind == "written" else _automatic(part, by_part[part.id], came.get(part.id, ""))
        for part in parts
    )


def _automatic(part: Part, checks: list[Check], came: str) -> PartResult:
    share = sum(map(earned, checks)) / sum(check.weight for check in checks)
    cents = floor(part.cents * share + Fraction(1, 2))
    outcome = max((check.outcome for check in checks), key=SEVERITY.index)
    messages = dict.fromkeys(_frozen(check.message) for check in checks if check.message is not None)
    return PartResult(part.id, part.cents, cents, outcome, came, tuple(checks), tuple(map(_thawed, messages)))


def earned(check: Check) -> Fraction:
    """How much of its weight a check earned."""
    right, cases = (1, 1) if check.outcome is Outcome.PASSED else check.cases or (0, 1)
    return Fraction(check.weight * right, cases)


def _written(part: Part, written: dict[str, str]) -> PartResult:
    given = part.name in written
    message = Message("written.awaiting", {"points": part.cents / 100}) if given else Message("written.missing")
    return PartResult(part.id, part.cents, None, Outcome.AWAITING, messages=(message,))


def _frozen(message: Message) -> tuple:
    return message.key, tuple(sorted(message.values.items(), key=lambda item: item[0]))


def _thawed(frozen: tuple) -> Message:
    return Message(frozen[0], dict(frozen[1]))
