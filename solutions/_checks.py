"""What every solution asks of its arguments before it answers: the refusals of torch's own layers."""

from __future__ import annotations


def pair(value: int | tuple[int, int], least: int) -> tuple[int, int]:
    """``value`` as (height, width). Raises ValueError where a component is no whole number of at least ``least``."""
    both = tuple(value) if isinstance(value, (tuple, list)) else (value, value)
    if len(both) != 2:
        raise ValueError(f"{value!r} is no int and no (height, width) pair")
    return whole(both[0], least), whole(both[1], least)


def whole(value: int, least: int = 1) -> int:
    """``value`` itself. Raises ValueError where it is no whole number of at least ``least``."""
    if isinstance(value, bool) or not hasattr(value, "__index__") or value.__index__() < least:
        raise ValueError(f"{value!r} is no whole number of at least {least}")
    return value.__index__()
