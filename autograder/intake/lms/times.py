"""Moments as these systems write them, as text in ISO 8601 and UTC."""

from __future__ import annotations

from datetime import UTC

from autograder.course import moments


def instant(text: str) -> str:
    """A point in time, as these systems write it, in ISO 8601 and UTC; "" if it cannot be read. Without a zone it is taken as UTC."""
    moment = moments.parsed(text, zone="UTC")
    try:
        return "" if moment is None else moment.astimezone(UTC).isoformat()
    except OverflowError:
        return ""
