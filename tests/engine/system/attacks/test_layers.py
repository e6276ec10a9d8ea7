"""Each layer of the wall by itself: what it stops stops being stopped once it is taken away, the others standing or not."""

from __future__ import annotations

import os
import socket
from contextlib import contextmanager
from pathlib import Path

import pytest

from autograder.model import Limits, Tier
from autograder.wall.failures import StudentFailure
from autograder.wall.launch import Base
from autograder.wall.session import Session, Zygote
from autograder.wall.student import Student
from tests.engine.system.conftest import OFFERED

NONE, LANDLOCK, SECCOMP = frozenset(), frozenset({"landlock"}), frozenset({"seccomp"})
BOTH = LANDLOCK | SECCOMP
ROOT = os.geteuid() == 0
# Walls take seconds to build: of those with namespaces the strongest, and those without that promise anything.
TRIED = [tier for tier in OFFERED if tier in (OFFERED[0], Tier.C, Tier.D)]
NAMESPACED = [tier for tier in TRIED if tier in (Tier.A, Tier.B)]
SOURCE = """
import os
def read(path): return open(path).read()
def listed(path): return sorted(os.listdir(path))
def pid(): return os.getpid()
def uid(): return os.getuid()
def signals(pid): return os.kill(pid, 0)
def parent(): return os.getppid()
def forks():
    pid = os.fork()
    if pid == 0:
        os._exit(7)
    return os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])
def connects(port):
    import socket
    socket.create_connection(("127.0.0.1", port), 1).close()
    return "connected"
def socket_pair_of_a_kind():
    import socket
    return socket.socket(socket.AF_INET).fileno() > 0
def unshares():
    import ctypes
    if ctypes.CDLL(None, use_errno=True).unshare(0x10000000) != 0: raise OSError
    return "unshared"
def writes(path):
    with open(path, "w") as file: file.write("x")
    return "written"
def allocates(megabytes): return len(bytearray(megabytes << 20)) >> 20
def opens(count): return len([os.dup(0) for _ in range(count)])
def starts(count):
    import threading, time
    threads = [threading.Thread(target=time.sleep, args=(0.3,)) for _ in range(count)]
    for one in threads: one.start()
    return len(threads)
def limits(pid):
    import resource
    return resource.prlimit(pid, resource.RLIMIT_CORE)[0]
def owns(pid):
    import fcntl, socket
    one, _ = socket.socketpair()
    fcntl.fcntl(one, fcntl.F_SETOWN, pid)
    return "it would get the signals"
def changes(path):
    os.chmod(path, 0o600)
    os.utime(path, (1, 1))
    return "changed"
def locks(how):
    import fcntl, numpy
    file = os.open(numpy.__file__, os.O_RDONLY)
    fcntl.flock(file, fcntl.LOCK_EX) if how == "whole" else fcntl.lockf(file, fcntl.LOCK_SH)
    return "locked"
def flags(change):
    import fcntl
    before = fcntl.fcntl(0, fcntl.F_GETFL)
    fcntl.fcntl(0, fcntl.F_SETFL, before ^ change)
    return before
def sends_a_datagram(path):
    import socket
    one, _ = socket.socketpair(socket.AF_UNIX, socket.SOCK_DGRAM)
    return one.sendto(b"canary", path)
def pairs():
    import asyncio, socket
    one, other = socket.socketpair()
    one.send(b"x")
    return (other.recv(1) == b"x", asyncio.run(asyncio.sleep(0, 7)))
def shares(megabytes):
    import mmap
    memory = mmap.mmap(-1, megabytes << 20)
    for at in range(0, megabytes << 20, 1 << 16): memory[at] = 1
    return megabytes
def core():
    import resource
    return resource.getrlimit(resource.RLIMIT_CORE)[0]
"""


pytestmark = pytest.mark.thorough


@pytest.fixture(scope="module")
def behind():
    """``behind(tier, without)``: a way to ask a submission behind a wall of that tier with layers taken away.

    What it is asked is answered, or is the name of the exception. A tier this machine has not is none to be asked.
    """
    bases = {}

    @contextmanager
    def start(tier: Tier, without: frozenset[str] = NONE, **limits):
        assert tier in OFFERED, f"this machine offers no tier {tier.value}"
        if (tier, without) not in bases:
            base = Base(at_most=tier, without=without)
            assert base.verdict.layers.tier is tier
            bases[tier, without] = base, Zygote(base.zygote())
        with Session(bases[tier, without][1], {"q": SOURCE}, Limits(**{"call_seconds": 3.0, **limits})) as session:
            yield _Asked(Student(session))

    yield start
    for base, zygote in bases.values():
        zygote.control.close()
        base.close()


class _Asked:
    def __init__(self, student: Student):
        self.student = student

    def __getattr__(self, name: str):
        def ask(*arguments):
            try:
                return getattr(self.student.q, name)(*arguments)
            except StudentFailure as failure:
                return type(failure)

        return ask


def refused(answer) -> bool:
    return isinstance(answer, type) and issubclass(answer, StudentFailure)


@pytest.fixture
def secret(tmp_path):
    path = tmp_path / "secret.txt"
    path.write_text("canary")
    return str(path)


@pytest.fixture
def port():
    with socket.create_server(("127.0.0.1", 0)) as listening:
        yield listening.getsockname()[1]


def test_landlock_stops_reading_where_nothing_else_does(behind, secret):
    with behind(Tier.D) as asked:
        assert refused(asked.read(secret))
    with behind(Tier.D, LANDLOCK) as asked:
        assert asked.read(secret) == "canary"


def test_landlock_stops_writing_where_nothing_else_does(behind, secret):
    with behind(Tier.D) as asked:
        assert refused(asked.writes(secret))
    with behind(Tier.D, LANDLOCK) as asked:
        assert asked.writes(secret) == "written"


def test_landlock_stands_a_second_time_behind_the_mounts(behind):
    with behind(OFFERED[0]) as asked:
        assert refused(asked.listed("/"))
    with behind(OFFERED[0], LANDLOCK) as asked:
        seen = asked.listed("/")
        assert "dev" in seen and "proc" not in seen and "root" not in set(seen) - _parents()


def test_the_mounts_hold_without_landlock_and_seccomp(behind, secret):
    for tier in [tier for tier in TRIED if tier is not Tier.D]:
        with behind(tier, BOTH) as asked:
            assert refused(asked.read(secret))
            assert refused(asked.read("/proc/self/environ"))
            assert refused(asked.read("/etc/passwd"))
    with behind(Tier.D, BOTH) as asked:
        assert asked.read(secret) == "canary"
        assert asked.read("/etc/passwd")


def test_the_network_of_its_own_holds_without_seccomp(behind, port):
    for tier in NAMESPACED:
        with behind(tier, BOTH) as asked:
            assert asked.socket_pair_of_a_kind() is True
            assert refused(asked.connects(port))
    with behind(Tier.D, BOTH) as asked:
        assert asked.connects(port) == "connected"


def test_landlock_holds_the_network_without_seccomp(behind, port):
    with behind(Tier.D, SECCOMP) as asked:
        assert refused(asked.connects(port))


def test_processes_of_others_are_out_of_its_pid_namespace(behind):
    for tier in NAMESPACED:
        with behind(tier, BOTH) as asked:
            assert (asked.pid(), asked.parent()) == (1, 0)
            assert refused(asked.signals(os.getpid()))
    with behind(Tier.D, BOTH) as asked:
        assert asked.pid() > 1
        assert asked.signals(os.getpid()) is None


def test_its_own_uid_holds_without_landlock_and_seccomp(behind):
    assert (Tier.C in OFFERED) == ROOT
    for tier in [tier for tier in OFFERED if tier is Tier.C]:
        with behind(tier, BOTH) as asked:
            assert asked.uid() >= 50_000
            assert refused(asked.signals(asked.parent()))
    with behind(Tier.D, BOTH) as asked:
        assert asked.uid() == os.getuid()
        assert asked.signals(asked.parent()) is None


@pytest.mark.parametrize("tier", [OFFERED[0], Tier.D])
@pytest.mark.parametrize("call, answer", [("forks", 7), ("socket_pair_of_a_kind", True)])
def test_seccomp_refuses_what_the_kernel_would_give(behind, tier, call, answer):
    with behind(tier) as asked:
        assert refused(getattr(asked, call)())
    with behind(tier, SECCOMP) as asked:
        assert getattr(asked, call)() == answer


def test_seccomp_refuses_signals_to_others(behind):
    with behind(Tier.D, LANDLOCK) as asked:
        assert refused(asked.signals(os.getpid()))
    with behind(Tier.D, BOTH) as asked:
        assert asked.signals(os.getpid()) is None


def test_seccomp_refuses_signals_to_others_through_a_descriptor(behind):
    with behind(Tier.D, LANDLOCK) as asked:
        assert refused(asked.owns(os.getpid()))
    with behind(Tier.D, BOTH) as asked:
        assert asked.owns(os.getpid()) == "it would get the signals"


def test_seccomp_refuses_limits_of_others(behind):
    with behind(Tier.D) as asked:
        assert refused(asked.limits(os.getpid()))
        assert asked.limits(0) == 0
    with behind(Tier.D, SECCOMP) as asked:
        assert asked.limits(os.getpid()) is not None and not refused(asked.limits(os.getpid()))


def test_seccomp_refuses_what_landlock_lets_be_done_to_files_of_the_same_user(behind, secret):
    with behind(Tier.D) as asked:
        assert refused(asked.changes(secret))
    with behind(Tier.D, SECCOMP) as asked:
        assert asked.changes(secret) == "changed"


@pytest.mark.parametrize("how", ["whole", "range"])
def test_seccomp_refuses_locks_that_another_submission_would_see(behind, how):
    with behind(OFFERED[0]) as asked:
        assert refused(asked.locks(how))
    with behind(OFFERED[0], SECCOMP) as asked:
        assert asked.locks(how) == "locked"


@pytest.mark.parametrize("tier", TRIED)
def test_no_flag_of_standard_input_reaches_the_next_submission(behind, tier):
    def told(without: frozenset[str]) -> list[int]:
        seen = []
        for _ in range(3):
            with behind(tier, without) as asked:
                seen.append(asked.flags(os.O_APPEND))
        return [flags & os.O_APPEND for flags in seen]

    assert told(NONE) == [0, 0, 0]
    assert told(frozenset({"descriptors"})) == [0, os.O_APPEND, 0]


def test_seccomp_refuses_pairs_whose_datagrams_reach_a_named_socket(behind, tmp_path):
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as named:
        named.bind(str(tmp_path / "named"))
        named.settimeout(5)
        for tier in TRIED:
            with behind(tier) as asked:
                assert refused(asked.sends_a_datagram(str(tmp_path / "named")))
                assert asked.pairs() == (True, 7)
        with behind(Tier.D, SECCOMP) as asked:
            assert asked.sends_a_datagram(str(tmp_path / "named")) == 6
        assert named.recv(10) == b"canary"


def test_seccomp_refuses_memory_that_is_counted_beside_what_the_limit_counts(behind):
    """RLIMIT_DATA does not see shared mappings, and RLIMIT_AS must leave room: it would be twice the limit."""
    with behind(Tier.D, memory_mb=500) as asked:
        assert refused(asked.shares(550))
    with behind(Tier.D, SECCOMP, memory_mb=500) as asked:
        assert asked.shares(550) == 550


def test_where_memory_runs_out_the_kernel_takes_a_submission_and_not_its_grader():
    """A bomb a worker is then all that is lost, on a machine that has no room for all that every submission may use."""
    base = Base(at_most=TRIED[-1])
    try:
        zygote = Zygote(base.zygote())
        child, pid, channel = zygote.open(Limits())
        with channel:
            scores = [int(Path(f"/proc/{one}/oom_score_adj").read_text()) for one in (pid, base.process.pid, "self")]
        zygote.end(child)
        zygote.control.close()
    finally:
        base.close()
    assert scores[0] == 900 > max(scores[1:])


def test_seccomp_refuses_namespaces(behind):
    with behind(Tier.D) as asked:
        assert refused(asked.unshares())
    with behind(Tier.D, SECCOMP) as asked:
        assert asked.unshares() == "unshared"


@pytest.mark.parametrize("tier", TRIED)
@pytest.mark.parametrize(
    "call, amount, limit, small, large",
    [("allocates", 300, "memory_mb", 100, 1000), ("opens", 40, "open_files", 20, 100)],
)
def test_a_limit_of_the_config_is_a_limit_of_the_process(behind, tier, call, amount, limit, small, large):
    with behind(tier, **{limit: small}) as asked:
        assert refused(getattr(asked, call)(amount))
    with behind(tier, **{limit: large}) as asked:
        assert getattr(asked, call)(amount) == amount


@pytest.mark.parametrize("tier", [tier for tier in TRIED if tier in (Tier.A, Tier.C)])
def test_a_user_of_its_own_has_a_number_of_threads_of_its_own(behind, tier):
    with behind(tier, processes=8) as asked:
        assert refused(asked.starts(20))
    with behind(tier, processes=60) as asked:
        assert asked.starts(20) == 20


@pytest.mark.parametrize("tier", TRIED)
def test_no_core_is_dumped(behind, tier):
    with behind(tier) as asked:
        assert asked.core() == 0


def _parents() -> set[str]:
    """The first folders of what may be read: an interpreter may live below /root."""
    import sys
    import sysconfig

    return {path.split("/")[1] for path in [sysconfig.get_path("stdlib"), *sys.path] if path.startswith("/")}
