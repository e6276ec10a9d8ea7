"""Questions that need not be asked again: everything that decides their outcome is as it was when that was recorded.

A question's process holds the files that its tests ask and those that these name, and nothing else of the hand-in. So its
outcome is the same in every hand-in with the same files, the same numbers that it reads and the same tests. Only a repeatable outcome
is reused: passed, failed or raised, never a call that timed out or ended its process.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import lru_cache

from autograder.course.course import Course
from autograder.gradebook.fingerprint import Hashes, digest
from autograder.marking.hand_in import HandIn
from autograder.marking.numbers import numbers

# What can import a file without naming it.
_HIDES_NAMES = re.compile(r"importlib|__import__|\bexec\b|\beval\b|\bmeta_path\b|\bsys\b")


def keys(hand_in: HandIn, course: Course, of_course: Hashes, variant: str = "") -> dict[str, tuple[str, str]]:
    """By question, the two keys of its outcome: the first if only the files that its tests ask were used, the second if those of
    its numbers were used too.

    ``variant`` says which sheet its numbers are asked from, where there are several.
    """
    answers = None if hand_in.cells else numbers(hand_in.sources, None, course)

    def sheet(question: str) -> str:
        if answers is None:
            return repr(hand_in.sources.answers)
        read = of_course.reads[question]
        return repr([(key, answers.values.get(key), answers.unread.get(key)) for key in read])

    def key(question: str, asks: Mapping[str, tuple[str, ...]]) -> str:
        held = files(question, hand_in, asks)
        sources = {stem: text for stem, text in hand_in.sources.code.items() if held is None or stem in held}
        its = (sorted(hand_in.sources.code), sorted(sources.items()), hand_in.cells)
        wide = "wide" if asks is of_course.may_ask else ""
        return digest(
            of_course.questions[question], of_course.limits, repr(its), sheet(question), wide, *[variant] * bool(variant)
        )

    return {one.id: (key(one.id, of_course.asks), key(one.id, of_course.may_ask)) for one in course.questions}


def files(question: str, hand_in: HandIn, asks: Mapping[str, tuple[str, ...]]) -> frozenset[str] | None:
    """The stems of the files that a question's process holds. None: all of them, since a name may be hidden in one."""
    code = hand_in.sources.code
    if hand_in.cells:
        return None
    held, todo = set[str](), [stem for stem in asks[question] if stem in code]
    while todo:
        stem = todo.pop()
        if stem in held:
            continue
        held.add(stem)
        if _hides_names(code[stem]):
            return None
        todo += [other for other in code if other not in held and _named(other, code[stem])]
    return frozenset(held)


@lru_cache(maxsize=16)  # of one hand-in, question after question
def _hides_names(text: str) -> bool:
    return _HIDES_NAMES.search(text) is not None


def _named(stem: str, text: str) -> bool:
    return stem in text and re.search(rf"\b{re.escape(stem)}\b", text) is not None
