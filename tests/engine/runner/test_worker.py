"""The fork that grades one submission ends itself whatever happens in it, and its worker says how that came."""

import os
import socket
from types import SimpleNamespace

import pytest

from autograder import grade
from autograder.marking.bounds import TooMuch
from autograder.model import Fingerprint, Limits, Submission
from autograder.runner import worker
from autograder.runner.messages import Done, Failed, Reply, Task, receive

TASK = Task(Submission("ada"), Fingerprint("", "", "", "", ""))


@pytest.fixture
def answered(monkeypatch):
    """The worker's answer where its fork meets ``error`` while it grades or passes on what came."""

    def one(error):
        def meets(*_):
            raise error

        monkeypatch.setattr(worker, "_grade", meets)
        monkeypatch.setattr(grade, "given_up", lambda *_: {"given": "up"})
        course = SimpleNamespace(config=SimpleNamespace(limits=Limits()), questions=[1])
        bench = SimpleNamespace(course=course, zygote=SimpleNamespace(sweep=lambda: None))
        ours, theirs = socket.socketpair()
        here = os.getpid()
        try:
            with ours, theirs:
                assert worker._answer(theirs, TASK, bench) == []
                return receive(ours, Reply)
        finally:
            if os.getpid() != here:
                os._exit(77)  # it ran on in the fork

    return one


@pytest.mark.parametrize("error", [BrokenPipeError("gone"), ValueError("odd"), SystemExit(5)])
def test_a_fork_that_meets_an_error_of_its_own_ends(answered, error, capfd):
    assert answered(error) == Failed("the grading process ended with status 1", where="ada")
    assert type(error).__name__ in capfd.readouterr().err


@pytest.mark.parametrize("error", [TooMuch(), MemoryError()])
def test_a_fork_that_hits_a_limit_while_it_passes_its_result_on_has_given_up(answered, error):
    assert isinstance(answered(error), Done)
