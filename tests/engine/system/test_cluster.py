"""A real Dask scheduler and real worker processes, each with a copy of the toy course of its own: nothing is lost."""

import json
import logging
import os
import platform
import shutil
import signal
import socket
import subprocess
import sys
import time
from contextlib import contextmanager
from dataclasses import asdict

import pytest

from autograder.course.course import Course
from autograder.errors import ConvgradeError
from autograder.gradebook.fingerprint import fingerprint, hashes
from autograder.model import Fingerprint, Submission
from autograder.runner.class_run import grade_class
from autograder.runner.cluster import Cluster, differs
from autograder.runner.cluster_worker import announced
from autograder.runner.messages import Task
from tests.engine.toy_course import copied

# A hidden test of the course (not a submission: none gets that far) ends the Dask worker that it runs below.
POISON = """

@pytest.mark.part("q1.code.area", en="ends the worker", fa="کارگر را پایان می‌دهد")
def test_poison(student):
    import os, signal, psutil

    if student.q1_box.area(3) == 666:
        dask = [one for one in psutil.Process().parents() if "multiprocessing" in " ".join(one.cmdline())]
        os.kill(dask[0].pid, signal.SIGKILL)
"""
SLOWLY = "import time\ntime.sleep(0.3)\n"


def course_at(folder):
    config = copied(folder)
    test = config.parent / "tests" / "hidden" / "test_q1_box.py"
    test.write_text(test.read_text("utf-8") + POISON, "utf-8")
    return config


def class_at(folder, count, config, poison=()):
    """Every third is right, every third the unfinished one of the toy, every third raises; all are slow."""
    root = config.parent
    solution = (root / "solutions" / "q1_box.py").read_text("utf-8").replace("from __future__ import annotations\n", "")
    for number in range(count):
        one = folder / f"s{number:02d}"
        shutil.copytree(root / "submission", one)
        given = (one / "q1_box.py").read_text("utf-8")
        code = (solution, given, "def area(height, width=4):\n    return [][height]\n")[number % 3]
        if number in poison:
            code = "def area(height, width=4):\n    return 666\n"
        (one / "q1_box.py").write_text(code + "\n" + SLOWLY, "utf-8")
    return folder


@contextmanager
def running(*command, log):
    """A process with a session of its own, as a machine's: all of it is ended."""
    with log.open("wb") as out:
        process = subprocess.Popen(command, stdout=out, stderr=out, start_new_session=True)
    try:
        yield process
    finally:
        process.terminate()
        try:
            process.wait(15)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()


@contextmanager
def scheduler(folder):
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        port = one.getsockname()[1]
    command = [sys.executable, "-m", "dask", "scheduler", "--host", "127.0.0.1", "--port", str(port), "--no-dashboard"]
    with running(*command, log=folder / "scheduler.log"):
        until(lambda: _answers(port))
        yield f"tcp://127.0.0.1:{port}"


def _answers(port):
    with socket.socket() as one:
        return one.connect_ex(("127.0.0.1", port)) == 0


def working(url, config):
    command = [sys.executable, "-m", "autograder", "worker", url, "--jobs", "1", "--config", str(config)]
    return running(*command, log=config.parents[1] / "worker.log")


def until(holds, seconds=20):
    end = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < end, "waited in vain"
        time.sleep(0.05)


def said(config):
    return (config.parents[1] / "worker.log").read_text("utf-8")


@pytest.fixture(scope="module")
def machines(tmp_path_factory):
    """The scheduler's address and two machines: the process and the config of each."""
    with scheduler(tmp_path_factory.mktemp("head")) as url:
        configs = [course_at(tmp_path_factory.mktemp(name)) for name in ("one", "two")]
        with working(url, configs[0]) as one, working(url, configs[1]) as two:
            until(lambda: all("working for" in said(config) for config in configs))
            yield url, [one, two]


@pytest.fixture
def course(tmp_path):
    return Course.load(course_at(tmp_path / "coordinator"))


@pytest.fixture
def lost(caplog):
    """What was said of workers that went."""
    caplog.set_level(logging.WARNING, "convgrade")
    return lambda: [record.getMessage() for record in caplog.records if "is gone" in record.getMessage()]


def graded(out):
    """Every results.json without what a clock says."""
    found = {}
    for path in sorted((out / "submissions").iterdir()):
        result = json.loads((path / "results.json").read_text("utf-8"))
        result.pop("execution_time", None)
        result["extra_data"].pop("seconds", None)
        found[path.name] = result
    return found


@pytest.mark.thorough
def test_a_submission_that_ends_two_workers_is_given_up_and_the_others_are_graded(machines, course, tmp_path, lost):
    url, _ = machines
    folder = class_at(tmp_path / "class", 5, course.config_path, poison=[1])
    summary = grade_class(folder, course, tmp_path / "out", jobs=1, scheduler=url)
    assert [row.id for row in summary.rows] == ["s00", "s01", "s02", "s03", "s04"]
    assert [row.id for row in summary.unreadable] == ["s01"]
    (message,) = summary.unreadable[0].messages
    assert "two workers died while grading it" in message.values["reason"]
    assert len([line for line in lost() if "s01" in line]) == 1


@pytest.mark.thorough
def test_an_interrupted_run_keeps_what_was_recorded(machines, course, tmp_path):
    url, _ = machines
    folder, out = class_at(tmp_path / "class", 8, course.config_path), tmp_path / "out"
    command = [sys.executable, "-m", "autograder", "grade", str(folder), "--scheduler", url, "--out", str(out)]
    run = subprocess.Popen([*command, "--config", str(course.config_path)], stderr=subprocess.PIPE, text=True)
    until(lambda: len(list(out.glob("submissions/*/results.json"))) >= 2)
    run.send_signal(signal.SIGINT)
    _, errors = run.communicate(timeout=20)
    assert run.returncode == 130 and "what was graded is kept" in errors and "Traceback" not in errors
    summary = grade_class(folder, course, out, jobs=1, scheduler=url)
    assert 2 <= summary.known < 8 and len(summary.rows) == 8 and not summary.unreadable


@pytest.mark.thorough
def test_a_machine_that_dies_loses_nothing_and_grades_are_those_of_one_machine(machines, course, tmp_path, lost):
    url, (one, _) = machines
    folder = class_at(tmp_path / "class", 12, course.config_path)
    recorded = []

    def told(result, asked):
        recorded.append(result.id)
        if len(recorded) == 3:
            os.killpg(one.pid, signal.SIGKILL)

    summary = grade_class(folder, course, tmp_path / "cluster", jobs=1, scheduler=url, on_result=told)
    assert one.wait(5) == -signal.SIGKILL
    assert lost(), "the machine held nothing when it died"
    assert sorted(recorded) == [f"s{number:02d}" for number in range(12)] and not summary.unreadable
    grade_class(folder, course, tmp_path / "local", jobs=2)
    local = graded(tmp_path / "local")
    assert graded(tmp_path / "cluster") == local
    assert len({result["score"] for result in local.values()}) == 3


def test_other_files_are_refused_on_both_sides(tmp_path, course):
    config = course_at(tmp_path / "other")
    test = config.parent / "tests" / "hidden" / "test_q1_box.py"
    test.write_text(test.read_text("utf-8") + "# newer\n", "utf-8")
    task = Task(Submission("s"), Fingerprint("s", "h", "o", "c", "e"))
    with scheduler(tmp_path) as url, Cluster(course, url, patience=3) as cluster:
        with working(url, config):
            with pytest.raises(ConvgradeError, match=r"other files than here in tests/hidden\).*[Cc]heck out"):
                until(lambda: "working for" in said(config))
                list(cluster.graded([task]))
            until(lambda: "refused by a coordinator that has other files in tests/hidden" in said(config))


def test_without_a_worker_or_a_scheduler_it_ends_and_says_what_to_do(tmp_path, course):
    task = Task(Submission("s"), Fingerprint("s", "h", "o", "c", "e"))
    with scheduler(tmp_path) as url:
        with Cluster(course, url, patience=1) as cluster:
            with pytest.raises(ConvgradeError, match=rf"none has connected.*convgrade worker {url}"):
                list(cluster.graded([task]))
    with pytest.raises(ConvgradeError, match="no Dask scheduler answers"):
        Cluster(course, "tcp://127.0.0.1:1", patience=1)


def test_other_versions_are_told_by_name_on_both_sides(course):
    ours = {**asdict(hashes(course)), "versions": "Python 3.11.9, torch 2.13.0, numpy 2.4.0"}
    theirs = {**ours, "versions": "Python 3.12.1, torch 2.13.0, numpy 2.4.0"}
    assert announced(ours) != announced(theirs)
    here, there = (dict(pair.split("=") for pair in announced(one).split()[1:]) for one in (ours, theirs))
    told = differs(there, here, " than here")
    assert told == f"{theirs['versions']} instead of {ours['versions']}"
    assert differs({**there, "config": "x"}, here, " than here") == f"other files than here in the config; {told}"
    assert differs(here, here, "") == ""


def test_a_grade_from_other_versions_is_no_longer_known(course, monkeypatch):
    then = fingerprint(Submission("s"), hashes(course))
    assert then == fingerprint(Submission("s"), hashes(course)) and then.versions.startswith("Python 3")
    monkeypatch.setattr(platform, "python_version", lambda: "3.99.0")
    now = fingerprint(Submission("s"), hashes(course))
    assert now != then and now.versions == then.versions.replace(then.versions.split()[1], "3.99.0,", 1)
