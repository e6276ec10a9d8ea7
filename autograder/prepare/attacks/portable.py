"""Attacks that fit any course: each is what a hand-in's first file does when it is imported, or an archive.

Nothing here does harm where nothing stops it: processes end by themselves, memory is asked for and not touched, a signal
is signal 0, a file is opened and not written. An attack ends by raising ``Refused`` or ``GotIn``, which is its only way to tell.
It knows the places it is after: ``@HIDDEN@`` (the course's own files), ``@NEIGHBOUR@``, ``@OUT@`` (files of others and of the
results), ``@PID@`` (the coordinator), ``@PORT@`` and ``@SOCKET@`` (somebody listens), ``@MEMORY@`` (the limit in megabytes),
``@NAMES@`` (what is asked of a student) and ``@TOKEN@`` (to be found by).
"""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable
from dataclasses import dataclass

from autograder.model import Tier

START = """
import ctypes, os, re, socket, struct, sys, time
class Refused(Exception): pass
class GotIn(Exception): pass
refused, got_in = [], []
def attempt(what, function, *arguments):
    try:
        found = function(*arguments)
    except BaseException as error:
        refused.append(type(error).__name__)
    else:
        (refused if found is False else got_in).append("nothing found" if found is False else what)
def checked(result):
    if result < 0:
        raise OSError(ctypes.get_errno(), "refused")
libc = ctypes.CDLL(None, use_errno=True)
"""
END = """
if got_in:
    raise GotIn("; ".join(sorted(set(got_in)))[:200])
raise Refused(", ".join(sorted(set(refused))) or "nothing was tried")
"""
# Frames as the channel has them. The suite of many attacks sends worse ones.
FRAMES = """
import json, os, struct
def frame(value, payload=b""):
    header = value if isinstance(value, bytes) else json.dumps(value).encode()
    return struct.pack(">IQ", len(header), len(payload)) + header + payload
def send(*frames):
    for number in range(3, 16):
        try:
            os.write(number, b"".join(frames))
        except OSError:
            pass
"""
FILES = {"AB": "mounts of its own, then Landlock", "C": "an empty root folder", "D": "Landlock", "E": "nothing at this tier"}
ALWAYS = "ABCDE"


@dataclass(frozen=True)
class Attempt:
    """One attack. ``shows`` is the result's message that proves it was really tried and failed."""

    name: str
    tried: str
    stops: dict[str, str]  # letters of tiers -> what stands against it there
    source: str = ""
    archive: Callable[[str], bytes] | None = None  # from the token
    everywhere: bool = False  # in every file of the homework, not the first alone
    tells: bool = True  # by raising Refused or GotIn
    shows: str = "check.import_failed"

    def stopped_by(self, tier: Tier) -> str:
        return next(what for letters, what in self.stops.items() if tier.value in letters)

    @property
    def text(self) -> str:
        return f"{START}{self.source}{END}" if self.tells else self.source


def _slips(token: str) -> bytes:
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w") as archive:
        for place in ("../../", "/tmp/", "../../../../../../tmp/"):
            archive.writestr(f"{place}{token}.py", "raise SystemExit")
        archive.writestr("answers.toml", "")
    return data.getvalue()


ATTACKS = (
    Attempt(
        "forges-results",
        "prints a passing report and opens the results' files for writing",
        {"ABCD": "output is /dev/null; " + FILES["AB"], "E": FILES["E"]},
        'for number in (1, 2):\n    os.write(number, b\'{"score": 100, "tests": []}\\n\')\n'
        'for path in @OUT@:\n    attempt("may write " + path, open, path, "ab")\n',
    ),
    Attempt(
        "injects-frames",
        "answers the marker's calls itself, ahead of time, on every descriptor",
        {ALWAYS: "an answer that nobody asked for ends its process"},
        FRAMES + 'send(frame([2, "ok", None]), *[frame([number, "ok", True]) for number in range(3, 60)])\n',
        tells=False,
        shows="check.reply",
    ),
    Attempt(
        "equals-everything",
        "returns an object that is equal to everything",
        {ALWAYS: "only plain data crosses, and the marker compares"},
        "class Any:\n    def __eq__(self, other): return True\n    def __ne__(self, other): return False\n"
        "    def __hash__(self): return 0\n    def __call__(self, *_, **__): return self\n"
        "    def __getattr__(self, name): return self\n"
        "for name in @NAMES@:\n    globals()[name] = lambda *_, **__: Any()\n",
        everywhere=True,
        tells=False,
        shows="check.failed",
    ),
    Attempt(
        "opens-hidden",
        "opens the hidden suites, the solutions and the config",
        FILES,
        'for path in @HIDDEN@:\n    attempt("opened " + path, open, path, "rb")\n',
    ),
    Attempt(
        "opens-neighbours",
        "opens the hand-in of a neighbour",
        FILES,
        'for path in @NEIGHBOUR@:\n    attempt("opened " + path, open, path, "rb")\n',
    ),
    Attempt(
        "searches-memory",
        "looks for the solutions and the tests in its own memory",
        {ALWAYS: "its zygote never held a trusted module"},
        'def held(): return bool([name for name in sys.modules if name.split(".")[0] in ("solutions", "tests", "autograder")])\n'
        'attempt("found trusted modules", held)\n',
    ),
    Attempt(
        "reads-environment",
        "reads the environment, its own and that of the marker",
        {"AB": "an environment built from nothing; no /proc", "CD": "the same; Landlock", "E": FILES["E"]},
        'def found(read): return re.search(b"canary-[0-9a-f]{16}", read()) is not None\n'
        'attempt("found a secret in its environment", found, lambda: repr(dict(os.environ)).encode())\n'
        'for pid in ("self", os.getppid(), @PID@):\n'
        '    attempt("read a secret of process " + str(pid), found, lambda: open(f"/proc/{pid}/environ", "rb").read())\n',
    ),
    Attempt(
        "calls-home",
        "connects and sends: TCP, UDP, local sockets",
        {ALWAYS: "seccomp: no socket can be made"},
        "def connects(family, kind, address):\n    with socket.socket(family, kind) as one:\n        one.settimeout(1)\n"
        '        one.connect(address)\n        one.send(b"canary")\n'
        'for kind in (socket.SOCK_STREAM, socket.SOCK_DGRAM):\n    attempt("reached 127.0.0.1", connects, socket.AF_INET, kind, ("127.0.0.1", @PORT@))\n'
        'for name in ("\\0@SOCKET@", "@SOCKET@"):\n    attempt("reached a local socket", connects, socket.AF_UNIX, socket.SOCK_STREAM, name)\n',
    ),
    Attempt(
        "leaves-a-process",
        "leaves a process behind, by a double fork",
        {"AB": "seccomp: threads only; the pid namespace", "CDE": "seccomp: threads only"},
        "def daemon():\n    if os.fork() == 0:\n        try:\n            os.setsid()\n            if os.fork() == 0:\n"
        '                time.sleep(20)\n        finally:\n            os._exit(0)\nattempt("forked", daemon)\n',
    ),
    Attempt(
        "forks-a-bomb",
        "starts sixteen processes at once",
        {"ABC": "seccomp: threads only; RLIMIT_NPROC of its own uid", "DE": "seccomp: threads only"},
        "def bomb():\n    for _ in range(16):\n        if os.fork() == 0:\n            try:\n                time.sleep(5)\n"
        '            finally:\n                os._exit(0)\nattempt("forked", bomb)\n',
    ),
    Attempt(
        "reaches-its-parent",
        "signals and traces its parent and the coordinator, reads their memory",
        {"AB": "seccomp; the pid namespace", "CDE": "seccomp: signals to itself only, no ptrace"},
        "for pid in {os.getppid(), @PID@} - {0, os.getpid()}:\n"
        '    attempt("may signal it", os.kill, pid, 0)\n'
        '    attempt("traced it", lambda: checked(libc.ptrace(0x4206, pid, None, None)))\n'
        '    attempt("read its memory", lambda: checked(libc.process_vm_readv(pid, None, 0, None, 0, 0)))\n',
    ),
    Attempt(
        "eats-memory",
        "asks for more memory than the config allows",
        {ALWAYS: "RLIMIT_DATA and RLIMIT_AS"},
        'kept = []\nattempt("had @MEMORY@ MB and more", lambda: kept.extend(bytearray(1 << 26) for _ in range(@MEMORY@ // 64 + 8)))\n'
        "del kept\n",
    ),
    Attempt(
        "shares-memory",
        "asks for as much memory again as a shared mapping, which a process's own limit does not count",
        {ALWAYS: "seccomp: no anonymous mapping that is shared"},
        'import mmap\nattempt("had a shared mapping", mmap.mmap, -1, 1 << 20)\n',
    ),
    Attempt(
        "sends-datagrams",
        "sends a datagram from a pair of sockets to whoever has a name",
        {ALWAYS: "seccomp: stream pairs only"},
        "def sends():\n    one, _ = socket.socketpair(socket.AF_UNIX, socket.SOCK_DGRAM)\n"
        '    one.sendto(b"canary", "@SOCKET@-datagram")\nattempt("reached a named socket", sends)\n',
    ),
    Attempt(
        "flags-descriptor-zero",
        "leaves a flag on standard input for the next process to find",
        {ALWAYS: "an open description of its own"},
        "import fcntl\ndef flagged(): return bool(fcntl.fcntl(0, fcntl.F_GETFL) & os.O_APPEND)\n"
        'attempt("found a flag of another process", flagged)\n'
        "fcntl.fcntl(0, fcntl.F_SETFL, fcntl.fcntl(0, fcntl.F_GETFL) | os.O_APPEND)\n",
        everywhere=True,
    ),
    Attempt(
        "writes-out-arrays",
        "returns an array whose writing out takes minutes",
        {ALWAYS: "no more of a value is looked at than is shown; the marker's own work has limits"},
        "import numpy\nfor name in @NAMES@:\n"
        "    globals()[name] = lambda *_, **__: [[numpy.zeros((6,) * 7 + (5,), numpy.float16)]]\n",
        everywhere=True,
        tells=False,
        shows="check.kind",
    ),
    Attempt(
        "never-ends",
        "loops without end",
        {ALWAYS: "the marker's clock, then SIGKILL"},
        "while True:\n    pass\n",
        tells=False,
        shows="check.import_timeout",
    ),
    Attempt(
        "slips-out-of-its-zip",
        "hands in a zip whose names point outside it",
        {ALWAYS: "archives are read in memory; nothing is extracted"},
        archive=_slips,
        tells=False,
        shows="intake.outside",
    ),
)
