"""Who has which answer open: said while the page shows signs of life, and nobody is told of themselves."""

from types import SimpleNamespace

import pytest

from autograder.web import leases
from autograder.web.leases import SECONDS, Leases


@pytest.fixture
def clock(monkeypatch):
    clock = SimpleNamespace(now=1000.0)
    monkeypatch.setattr(leases, "time", SimpleNamespace(monotonic=lambda: clock.now))
    return clock


def test_others_are_named_in_order_and_not_oneself(clock):
    held = Leases()
    for who in ("Sara", "Nika", "Ali"):
        held.hold("a", who)
    assert held.others("a", "Sara") == ["Ali", "Nika"] and held.others("a", "Omid") == ["Ali", "Nika", "Sara"]
    assert held.others("b", "Sara") == []


def test_a_page_without_a_sign_of_life_holds_nothing_any_more(clock):
    held = Leases()
    held.hold("a", "Ali")
    clock.now += SECONDS - 1
    assert held.others("a", "Sara") == ["Ali"]
    held.hold("a", "Ali")
    clock.now += SECONDS - 1
    assert held.others("a", "Sara") == ["Ali"], "a sign of life holds it anew"
    clock.now += 1
    assert held.others("a", "Sara") == []


def test_what_is_released_is_free_and_the_others_keep_it(clock):
    held = Leases()
    held.hold("a", "Ali")
    held.hold("a", "Nika")
    held.release("a", "Ali")
    held.release("a", "Ali")
    held.release("never held", "Ali")
    assert held.others("a", "Sara") == ["Nika"]
