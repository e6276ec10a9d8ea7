"""Dates and times as people and programs write them, with any unambiguous time zone."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta, timezone
from functools import cache, lru_cache
from zoneinfo import ZoneInfo, available_timezones

from autograder.errors import ConvgradeError
from autograder.text import LATIN_DIGITS

_MOMENT = re.compile(
    r"(\d{4}-\d\d-\d\d)[T ](\d\d:\d\d(?::\d\d)?)(?:[.,]\d+)?\s*"
    r"(Z|[+-]\d\d(?::?\d\d)?|[A-Za-z]+/[A-Za-z0-9_/+-]+|[A-Z]{2,5})?",
    re.ASCII,
)
FIRST_YEAR = 1970  # before it a date is of another calendar: 1405 is a year of the Persian one


def parsed(text: str, zone: str = "") -> datetime | None:
    """A moment with its zone; None if it cannot be read, or its zone could be several.

    ``zone`` stands for one that is missing. Abbreviations such as CET are taken where every place that uses them on that day
    has the same offset by the time zone database; PST, which is also Manila's, is not.
    """
    match = _MOMENT.fullmatch(text.strip()[:100].translate(LATIN_DIGITS))
    if match is None:
        return None
    day, time, named = match.groups()
    named = named or zone
    try:
        local = datetime.fromisoformat(f"{day}T{time}")
        if local.year < FIRST_YEAR or not named:
            return None
        if named in ("Z", "UTC", "GMT"):
            return local.replace(tzinfo=UTC)
        if named[0] in "+-":
            return datetime.fromisoformat(f"{day}T{time}{named}")
        if "/" in named:
            return local.replace(tzinfo=ZoneInfo(named))
        offsets = _offsets(named, day)
        return local.replace(tzinfo=timezone(next(iter(offsets)))) if len(offsets) == 1 else None
    except (ValueError, OverflowError, OSError, KeyError):  # ZoneInfo raises a KeyError for an unknown zone
        return None


def moment(text: str, *, where: str) -> datetime:
    """A point in time from ISO 8601, also as programs vary it. Raises ConvgradeError for anything else, and for no zone."""
    text = text.strip()
    moment = parsed(text.translate(LATIN_DIGITS))
    if moment is not None:
        return moment
    try:
        moment = datetime.fromisoformat(text.translate(LATIN_DIGITS))
    except ValueError:
        todo = "Write it like 2026-11-20T23:59:00+03:30."
        zone = re.search(r"\s([A-Z]{2,5})$", text)
        what = f"{text!r} is not a time in ISO 8601"
        if zone and parsed(text.translate(LATIN_DIGITS)[: zone.start()], zone="UTC"):
            what, todo = f"the time zone {zone[1]} of {text!r} could be several", "Give the offset: +01:00, -08:00."
        raise ConvgradeError(what, where=where, todo=todo) from None
    if moment.year < FIRST_YEAR:
        todo = "Write the Gregorian date, like 2026-11-20T23:59:00+03:30."
        raise ConvgradeError(f"{text!r} is a date of another calendar", where=where, todo=todo)
    if moment.tzinfo is None:
        todo = f"Add the time zone: {moment.isoformat()}+00:00 for UTC, +03:30 for Tehran."
        raise ConvgradeError(f"{text!r} has no time zone", where=where, todo=todo)
    return moment


@lru_cache(maxsize=256)
def _offsets(abbreviation: str, day: str) -> frozenset[timedelta]:
    """The UTC offsets of all places that use this abbreviation on that day."""
    offsets = set()
    noon = datetime.fromisoformat(f"{day}T12:00")
    for name in _places():
        local = noon.replace(tzinfo=ZoneInfo(name))
        offset = local.utcoffset()
        if offset is not None and local.tzname() == abbreviation:
            offsets.add(offset)
    return frozenset(offsets)


@cache
def _places() -> frozenset[str]:
    return frozenset(available_timezones())
