"""Fixtures of the engine's own tests: a real wall at each tier this machine offers."""

import re
import signal

import pytest

from autograder.model import Limits, Tier
from autograder.wall.launch import Base
from autograder.wall.session import Session, Zygote
from autograder.wall.student import Student

# A shell that starts the tests in its background has them ignore Ctrl-C, and every command they start as well.
signal.signal(signal.SIGINT, signal.default_int_handler)


def offered() -> list[Tier]:
    """The tiers that hold on this machine, found by trying each."""
    tiers = []
    for tier in Tier:
        base = Base(at_most=tier, preload=False)
        base.close()
        if base.verdict.layers.tier is tier:
            tiers.append(tier)
    return tiers


OFFERED = offered()


@pytest.fixture(scope="session", params=OFFERED, ids=lambda tier: f"tier-{tier.value}")
def zygote(request):
    """A real zygote behind the wall of each tier in turn; ``.tier`` says which."""
    base = Base(at_most=request.param)
    zygote = Zygote(base.zygote())
    zygote.tier = request.param
    yield zygote
    zygote.control.close()
    base.close()


@pytest.fixture
def behind(zygote):
    """``behind(source)`` is a student whose one file ``q.py`` holds ``source``."""
    sessions = []

    def start(source: str, **limits) -> Student:
        session = Session(zygote, {"q": source}, Limits(**{"call_seconds": 2.0, **limits}))
        sessions.append(session)
        return Student(session)

    yield start
    for session in sessions:
        session.__exit__()


@pytest.hookimpl(tryfirst=True)  # before pytest looks at the marks
def pytest_collection_modifyitems(items):
    """Mark what asks a weaker tier as thorough."""
    for item in items:
        tier = re.search(r"tier-([A-E])", item.nodeid)
        if tier and tier[1] != OFFERED[0].value:
            item.add_marker(pytest.mark.thorough)
