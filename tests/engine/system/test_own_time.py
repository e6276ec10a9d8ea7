"""Limits of time are a student's own work: a busy machine costs nobody anything, and nothing gets round them.

None of these tests depends on how fast the machine is: a process that is stopped stands for one that gets no processor.
"""

import os
import signal
import threading
import time

import pytest

from autograder.wall import own_time
from autograder.wall.failures import TimedOut
from autograder.wall.own_time import LOAD, Allowance, OwnTime

BURN = """
import threading, time, os
def burn(seconds):
    end = time.process_time() + seconds
    while time.process_time() < end: pass
    return seconds
"""


def stopped(pid: int, seconds: float) -> threading.Timer:
    """Take the processor from ``pid`` for a while."""
    os.kill(pid, signal.SIGSTOP)
    timer = threading.Timer(seconds, os.kill, (pid, signal.SIGCONT))
    timer.start()
    return timer


def test_time_without_a_processor_is_not_charged(behind):
    student = behind(BURN, call_seconds=0.5)
    assert student.q.burn(0) == 0
    own = student._session.running.own
    timer = stopped(own.pid, 2.0)
    assert student.q.burn(0.2) == 0.2
    timer.join()
    assert own.spent() < 1.5
    assert student.q.burn(0.1) == 0.1 and student._session.generation == 1


@pytest.mark.parametrize(
    "body",
    [
        "while True: pass",
        "time.sleep(1000)",
        "while True: time.sleep(0.001)",
        "threading.Event().wait()",
        "[threading.Thread(target=burn, args=(1000,)).start() for _ in range(4)]; threading.Event().wait()",
        "os.read(os.pipe()[0], 1)",
        "while True: os.write(3, b'')",
    ],
)
def test_work_and_sleep_are_charged(behind, body):
    student = behind(f"{BURN}def f():\n    {body}", call_seconds=0.4)
    with pytest.raises(TimedOut) as caught:
        student.q.f()
    assert caught.value.message.key == "check.timeout"
    assert student.q.burn(0) == 0


def test_an_answer_in_drips_is_charged(behind):
    drips = "import struct\n    os.write(3, struct.pack('>IQ', 1000, 0))\n    while True:\n        os.write(3, b'x')\n        time.sleep(0.02)"
    student = behind(f"{BURN}def f():\n    {drips}", call_seconds=0.4)
    with pytest.raises(TimedOut):
        student.q.f()


def test_what_goes_on_between_calls_is_charged_to_the_question(behind):
    source = f"{BURN}def f(): threading.Thread(target=burn, args=(1000,), daemon=True).start()\n"
    student = behind(source, submission_seconds=1.0, call_seconds=0.5)
    student.q.f()
    with pytest.raises(TimedOut) as caught:
        for _ in range(10_000):
            student.q.burn(0.001)
    assert caught.value.message.key == "result.time_up"


def test_a_process_that_lies_about_its_clock_is_charged_all_the_same(behind):
    lies = "time.process_time = time.monotonic = lambda: 0.0\nos.times = None\n"
    student = behind(f"{BURN}{lies}def f():\n    while True: pass\ndef g(): return 1", call_seconds=0.3)
    with pytest.raises(TimedOut):
        student.q.f()
    assert student.q.g() == 1


def test_without_the_kernels_clock_it_is_the_wall_clock(monkeypatch):
    monkeypatch.setattr(own_time, "clock_of", lambda pid: None)
    own = OwnTime(os.getpid())
    allowance = Allowance(own, 0.2)
    assert allowance.latest - allowance.looked == pytest.approx(0.2)
    with pytest.raises(TimeoutError):
        while True:
            allowance.check()


def test_there_is_an_end_to_waiting_for_a_process_that_gets_no_processor_at_all(behind):
    student = behind(BURN, call_seconds=0.05)
    student.q.burn(0)
    os.kill(student._session.running.own.pid, signal.SIGSTOP)
    started = time.monotonic()
    with pytest.raises(TimedOut):
        student.q.burn(0)
    assert time.monotonic() - started >= LOAD * 0.05


def test_each_question_has_a_time_of_its_own(zygote):
    from autograder.model import Limits
    from autograder.wall.session import Session
    from autograder.wall.student import Student

    with Session(zygote, {"q": BURN}, Limits(submission_seconds=2.0, call_seconds=5.0), questions=2) as session:
        student = Student(session)
        with pytest.raises(TimedOut) as caught:
            student.q.burn(1000)
        assert caught.value.message.key == "result.time_up" and caught.value.message.values["seconds"] == 1.0
        with pytest.raises(TimedOut):
            student.q.burn(0)
        session.anew()
        assert student.q.burn(0.1) == 0.1
