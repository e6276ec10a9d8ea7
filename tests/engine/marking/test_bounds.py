"""The marker's own work is bounded: what time and memory a process of its own may take."""

import os
import sys

import pytest

from autograder.errors import ConvgradeError
from autograder.marking import bounds


@pytest.mark.slow
def test_a_process_of_its_own_says_which_limit_it_hit():
    def apart(make):
        return bounds.run_limited(make, 1, 100, what="the page", todo="")

    assert apart(lambda: b"x") == b"x"
    with pytest.raises(ConvgradeError, match="the page: it takes more than 1 s of processor time"):
        apart(_busy)
    with pytest.raises(ConvgradeError, match="the page: it takes more than 100 MB of memory"):
        apart(lambda: bytes(300 << 20))
    with pytest.raises(ConvgradeError, match=r"here: no\. Do that"):
        apart(_refuses)
    with pytest.raises(ConvgradeError, match="an error of its own"):
        apart(lambda: 1 / 0)


def test_a_fork_ends_where_there_is_no_stderr(monkeypatch):
    monkeypatch.setattr(sys, "stderr", None)
    if (pid := os.fork()) == 0:
        try:
            bounds.end(3)
        finally:
            os._exit(9)  # it went on in its copy of the test
    assert os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]) == 3


def _busy() -> bytes:
    while True:
        try:
            sum(range(1_000_000))
        except Exception:
            pass


def _refuses() -> bytes:
    raise ConvgradeError("no", where="here", todo="Do that")
