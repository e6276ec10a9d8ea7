"""Asking a function case after case: all of them, whatever the earlier came to, since a diagnosis needs every answer."""

from __future__ import annotations

import pytest

from autograder.marking.compare import same


def case(args):
    """``(args, kwargs)`` of a case written as a tuple of arguments, or as such a pair already."""
    paired = len(args) == 2 and isinstance(args[0], tuple) and isinstance(args[1], dict)
    return args if paired else (args, {})


def agrees(ask, know, *cases, **more) -> bool:
    """Whether ``ask`` gives what ``know`` gives on every case; ``more`` goes into each. Raises at the end."""
    cases = [(args, {**kwargs, **more}) for args, kwargs in map(case, cases)]
    came = ask.each(cases)
    for ended in came:
        if isinstance(ended, Exception):
            raise ended
    return all([same(value, right(know, *one)) for value, one in zip(came, cases, strict=True)])


def refuses(ask, *cases) -> bool:
    """Whether ``ask`` raises ValueError on every case. Fails where it does not."""
    cases = [case(args) for args in cases]
    answered = []
    for (args, _), ended in zip(cases, ask.each(cases), strict=False):
        if not isinstance(ended, Exception):
            answered.append(args)
        elif not isinstance(ended, ValueError):
            raise ended
    if answered:
        pytest.fail(f"no ValueError for {answered[0]}")
    return True


_RIGHT = {}


def right(know, args, kwargs):
    """What the reference answers, worked out once in the life of a warm worker: ``know`` is the same for every submission."""
    key = know, repr(args), repr(kwargs)
    if key not in _RIGHT:
        _RIGHT[key] = know(*args, **kwargs)
    return _RIGHT[key]
