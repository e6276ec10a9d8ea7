"""A name and a secret link for each marker and run, and a cookie that only the link gives."""

import getpass

import pytest

from autograder.errors import ConvgradeError
from autograder.web import people
from autograder.web.people import MOST_NAME, MOST_SESSIONS, People


def test_each_name_has_a_link_of_its_own_and_the_first_leads():
    markers = People.named(["Sara", " Ali\n", "نیکا"]).markers
    assert [(one.name, one.leads) for one in markers] == [("Sara", True), ("Ali", False), ("نیکا", False)]
    assert len({one.token for one in markers}) == 3 and all(len(one.token) >= 32 for one in markers)
    assert {one.token for one in markers}.isdisjoint(one.token for one in People.named(["Sara", "Ali"]).markers)


@pytest.mark.parametrize("names", [["Sara", "sara"], ["Sara", ""], ["x" * MOST_NAME + "1", "x" * MOST_NAME + "2"]])
def test_names_that_cannot_be_told_apart_are_refused(names):
    with pytest.raises(ConvgradeError, match="a name of their own") as caught:
        People.named(names)
    assert "--marker" in caught.value.todo and caught.value.where == "--marker"


def test_a_long_name_is_cut():
    (marker,) = People.named(["x" * 100]).markers
    assert marker.name == "x" * MOST_NAME


def test_without_names_the_person_at_this_machine_marks(monkeypatch):
    monkeypatch.setattr(getpass, "getuser", lambda: "sara\x1b[31m")
    assert People.named([]).markers[0].name.startswith("sara") and "\x1b" not in People.named([]).markers[0].name

    def nobody():
        raise KeyError("uid not found")

    monkeypatch.setattr(getpass, "getuser", nobody)
    assert [one.name for one in People.named([]).markers] == ["marker"]
    monkeypatch.setattr(people.getpass, "getuser", lambda: "")
    assert [one.name for one in People.named([]).markers] == ["marker"]


def test_a_link_gives_a_cookie_to_each_browser_and_only_that_cookie_is_somebodys():
    own = People.named(["Sara", "Ali"])
    first, second = own.enter(own.markers[1].token), own.enter(own.markers[1].token)
    assert first != second and own.of(first) == own.of(second) == own.markers[1]
    assert first not in (own.markers[0].token, own.markers[1].token)
    assert own.of(own.markers[1].token) is None and own.of(None) is None and own.of("") is None


@pytest.mark.parametrize("token", ["", "x", "توکن"])
def test_a_link_of_another_run_gives_none(token):
    own = People.named(["Sara"])
    assert own.enter(token) is None and own.enter(People.named(["Sara"]).markers[0].token) is None and own.sessions == {}


def test_so_many_browsers_may_come_and_the_oldest_cookie_goes():
    own = People.named(["Sara"])
    cookies = [own.enter(own.markers[0].token) for _ in range(MOST_SESSIONS + 1)]
    assert len(own.sessions) == MOST_SESSIONS and own.of(cookies[0]) is None and own.of(cookies[1]) and own.of(cookies[-1])
