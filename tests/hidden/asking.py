"""Asking a function case after case: all of them, whatever the earlier came to, since a diagnosis needs every answer."""

from __future__ import annotations

from autograder.course.author import Partly
from autograder.marking.compare import same


def case(args):
    """``(args, kwargs)`` of a case written as a tuple of arguments, or as such a pair already."""
    paired = len(args) == 2 and isinstance(args[0], tuple) and isinstance(args[1], dict)
    return args if paired else (args, {})


def agrees(ask, know, *cases, **more) -> bool:
    """Whether ``ask`` gives what ``know`` gives on every case; ``more`` goes into each. Raises at the end.

    The first case is asked again after the others: an answer does not hang on what was asked before.
    """
    cases = [(args, {**kwargs, **more}) for args, kwargs in map(case, cases)]
    cases.append(cases[0])
    came = ask.each(cases)
    for ended in came:
        if isinstance(ended, Exception):
            raise ended
    return all([same(value, right(know, *one)) for value, one in zip(came, cases, strict=True)])


def refuses(ask, *cases, but) -> bool:
    """Whether ``ask`` raises ValueError on every case. Marked case by case; else raises Partly, from what else a case raised.

    ``but`` are cases that are to be answered, whatever with: each that is refused takes away what one refusal earned, and
    who refuses all of them earns nothing.
    """
    cases, answerable = [case(args) for args in cases], [case(args) for args in but]
    ended = ask.each([*answerable, *cases])
    for one in ended:
        if isinstance(one, NotImplementedError):
            raise one
    barred = sum(isinstance(one, ValueError) for one in ended[: len(answerable)])
    refused = ended[len(answerable) :]
    right = sum(isinstance(one, ValueError) for one in refused) - barred
    if right == len(cases):
        return True
    trouble = [one for one in refused if isinstance(one, Exception) and not isinstance(one, ValueError)]
    raise Partly(0 if barred == len(answerable) else max(0, right), len(cases)) from next(iter(trouble), None)


_RIGHT = {}


def right(know, args, kwargs):
    """What the reference answers, worked out once in the life of a warm worker: ``know`` is the same for every submission."""
    key = know, repr(args), repr(kwargs)
    if key not in _RIGHT:
        _RIGHT[key] = know(*args, **kwargs)
    return _RIGHT[key]
