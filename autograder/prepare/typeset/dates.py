"""A due date as a reader of each language writes it: in Persian by the solar calendar."""

from __future__ import annotations

from datetime import date, datetime

from autograder.model import Language
from autograder.words import digits

MONTHS = {
    "en": "January February March April May June July August September October November December".split(),
    "fa": "فروردین اردیبهشت خرداد تیر مرداد شهریور مهر آبان آذر دی بهمن اسفند".split(),
}
DAYS = {
    "en": "Monday Tuesday Wednesday Thursday Friday Saturday Sunday".split(),
    "fa": "دوشنبه,سه‌شنبه,چهارشنبه,پنجشنبه,جمعه,شنبه,یکشنبه".split(","),
}


def in_words(when: str, language: Language) -> str:
    """An ISO 8601 time, such as ``2026-11-20T23:59:00+03:30``, in words."""
    at = datetime.fromisoformat(when)
    day = DAYS[language][at.weekday()]
    if language == "fa":
        year, month, number = solar(at.date())
        return digits(f"{day} {number} {MONTHS['fa'][month - 1]} {year}، ساعت {at:%H:%M}", language)
    zone = at.strftime("%z")
    return f"{day}, {at.day} {MONTHS['en'][at.month - 1]} {at.year}, {at:%H:%M}" + (
        f" (UTC{zone[:3]}:{zone[3:]})" if zone else ""
    )


def solar(day: date) -> tuple[int, int, int]:
    """Year, month and day of the Solar Hijri calendar, by the rule of 33 years (right from 1206 to 1498).

    Heydari-Malayeri, "A concise review of the Iranian calendar" (2004), section 4: eight leap years in 33.
    """
    since = day.toordinal() - date(1600, 3, 20).toordinal()  # 1 Farvardin 979
    year = 979 + 33 * (since // 12053)
    since %= 12053
    year, since = year + 4 * (since // 1461), since % 1461
    if since >= 366:
        year, since = year + (since - 1) // 365, (since - 1) % 365
    month, number = (since // 31, since % 31) if since < 186 else (6 + (since - 186) // 30, (since - 186) % 30)
    return year, month + 1, number + 1
