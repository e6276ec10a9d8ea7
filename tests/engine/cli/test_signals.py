"""The first signal ends a run in order, further ones are ignored, and what a command says and returns then."""

import signal

import pytest

from autograder.cli import signals
from autograder.cli.signals import Interrupted, once


@pytest.fixture(autouse=True)
def handlers():
    before = {one: signal.getsignal(one) for one in signals.SIGNALS}
    yield before
    for one, handler in before.items():
        signal.signal(one, handler)


@pytest.mark.parametrize("number", signals.SIGNALS)
def test_the_first_signal_raises_and_the_next_ones_do_not(number):
    with pytest.raises(Interrupted) as error, once():
        signal.raise_signal(number)
    assert error.value.number == number
    signal.raise_signal(signal.SIGTERM)  # what is still to be put away is put away
    signal.raise_signal(signal.SIGINT)


def test_after_some_seconds_a_signal_means_again_what_it_meant(monkeypatch):
    monkeypatch.setattr(signals, "AGAIN_SECONDS", 0.0)
    with pytest.raises(Interrupted), once():
        try:
            signal.raise_signal(signal.SIGINT)
        except Interrupted:  # as where Python drops an exception
            signal.raise_signal(signal.SIGINT)


def test_without_a_signal_everything_is_as_it_was(handlers):
    with once():
        assert signal.getsignal(signal.SIGTERM) is not handlers[signal.SIGTERM]
    with pytest.raises(ValueError), once():
        raise ValueError
    assert {one: signal.getsignal(one) for one in signals.SIGNALS} == handlers


def test_a_signal_that_the_caller_had_ignored_stays_ignored():
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    with once():
        signal.raise_signal(signal.SIGINT)
        assert signal.getsignal(signal.SIGINT) is signal.SIG_IGN


def test_the_status_is_the_one_that_a_shell_gives():
    wrapped = RuntimeError()
    wrapped.__cause__ = Interrupted(signal.SIGTERM)
    assert [signals.status(one) for one in (Interrupted(signal.SIGTERM), wrapped, KeyboardInterrupt())] == [143, 143, 130]


def test_before_the_last_word_both_are_ignored():
    signals.deaf()
    signal.raise_signal(signal.SIGTERM)
    signal.raise_signal(signal.SIGINT)


def test_how_to_go_on_is_the_same_command_without_beginning_anew():
    words = ["grade", "my class", "--fresh", "--out", "r"]
    assert signals.again(words) == "convgrade grade 'my class' --out r"
    assert signals.to_go_on(words).endswith("goes on from there: convgrade grade 'my class' --out r")
    assert signals.to_go_on(["report"]) == signals.to_go_on([]) == ""
