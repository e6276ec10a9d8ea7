"""Who has which answer open. Soft: it keeps two people from meeting by chance and never locks anybody out."""

from __future__ import annotations

import time

SECONDS = 45.0  # without a sign of life from the page


class Leases:
    """Who has which answer open, by answer."""

    def __init__(self) -> None:
        self.until: dict[str, dict[str, float]] = {}  # answer -> person -> monotonic time

    def hold(self, answer: str, who: str) -> None:
        """``who`` has the answer open, or is about to."""
        self.until.setdefault(answer, {})[who] = time.monotonic() + SECONDS

    def release(self, answer: str, who: str) -> None:
        """``who`` has closed the answer."""
        self.until.get(answer, {}).pop(who, None)

    def others(self, answer: str, who: str) -> list[str]:
        """Who else has it open."""
        now = time.monotonic()
        return sorted(name for name, until in self.until.get(answer, {}).items() if until > now and name != who)
