"""Asking a function case after case: all of them, whatever the earlier came to, since a diagnosis needs every answer."""

from __future__ import annotations

import pytest

from autograder.compare import same


def case(args):
    """``(args, kwargs)`` of a case written as a tuple of arguments, or as such a pair already."""
    paired = len(args) == 2 and isinstance(args[0], tuple) and isinstance(args[1], dict)
    return args if paired else (args, {})


def agrees(ask, know, *cases, **more) -> bool:
    """Whether ``ask`` gives what ``know`` gives on every case; ``more`` goes into each. Raises at the end."""
    right, raised = True, None
    for args, kwargs in map(case, cases):
        try:
            right &= same(ask(*args, **kwargs, **more), know(*args, **kwargs, **more))
        except ValueError as error:
            raised = raised or error
    if raised is not None:
        raise raised
    return right


def refuses(ask, *cases) -> bool:
    """Whether ``ask`` raises ValueError on every case. Fails where it does not."""
    answered = []
    for args, kwargs in map(case, cases):
        try:
            ask(*args, **kwargs)
        except ValueError:
            continue
        answered.append(args)
    if answered:
        pytest.fail(f"no ValueError for {answered[0]}")
    return True
