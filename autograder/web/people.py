"""Who marks: a name and a secret link for each person and run, then a cookie for each browser."""

from __future__ import annotations

import getpass
import secrets
from collections.abc import Sequence
from dataclasses import dataclass, field

from autograder.errors import ConvgradeError
from autograder.text import line

MOST_NAME = 40
MOST_SESSIONS = 200


@dataclass(frozen=True)
class Marker:
    name: str
    token: str  # in this person's link; it ends with the run
    leads: bool  # sees flags, disagreements and agreement figures first


@dataclass
class People:
    markers: tuple[Marker, ...]
    sessions: dict[str, Marker] = field(default_factory=dict)  # the cookie's value -> whose it is

    @classmethod
    def named(cls, names: Sequence[str]) -> People:
        """A link for each name; without names, for the person at this machine. Raises ConvgradeError for names that are unusable."""
        cleaned = [line(name)[:MOST_NAME] for name in names] or [line(_own_name())[:MOST_NAME] or "marker"]
        if not all(cleaned) or len({name.casefold() for name in cleaned}) < len(cleaned):
            todo = "Give --marker once for each person."
            raise ConvgradeError("every marker needs a name of their own", where="--marker", todo=todo)
        return cls(tuple(Marker(name, secrets.token_urlsafe(24), at == 0) for at, name in enumerate(cleaned)))

    def enter(self, token: str) -> str | None:
        """The value of a new cookie for the owner of this link; None for a link from another run."""
        marker = next((one for one in self.markers if secrets.compare_digest(one.token.encode(), token.encode())), None)
        if marker is None:
            return None
        while len(self.sessions) >= MOST_SESSIONS:
            del self.sessions[next(iter(self.sessions))]
        session = secrets.token_urlsafe(24)
        self.sessions[session] = marker
        return session

    def of(self, session: str | None) -> Marker | None:
        """Whose cookie this is."""
        return self.sessions.get(session or "")


def _own_name() -> str:
    try:
        return getpass.getuser()
    except (KeyError, OSError):  # a user without a name, as in some containers
        return "marker"
