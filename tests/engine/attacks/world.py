"""Where the attacks are graded: a course with canaries in it, a class, results, and somebody who listens."""

from __future__ import annotations

import ctypes
import hashlib
import os
import secrets
import shutil
import signal
import socket
import tempfile
import time
from functools import partial
from pathlib import Path

from autograder import run
from autograder.course import Course
from autograder.model import Tier
from autograder.pool import Workers
from tests.engine.attacks.attack import AREA, SCALE, VOLUME, Attack, attack
from tests.engine.toy_course import copied

NEIGHBOURS = ("neighbour-0", "aa-neighbour", "m-neighbour", "zz-neighbour")
LIMITS = """limits:
  call_seconds: 1
  import_seconds: 2
  submission_seconds: 10
  memory_mb: 300
  processes: 32
  open_files: 48
  scratch_mb: 2
  reply_mb: 2
"""
# A hidden check that prints and says what only the marker may know, and takes time.
LOUD = """

@pytest.mark.part("q1.code.volume", en="a loud check", fa="آزمونی پرحرف")
def test_loud(student):
    print("CANARY")
    assert same(student.q1_box.volume(3, 3, 3), 27), "CANARY"
"""
PR_SET_CHILD_SUBREAPER = 36


class World:
    """One tier, its attacks and all that surrounds them. Use as a context manager; ``grade`` once."""

    def __init__(self, tier: Tier, attacks: list[Attack]):
        self.tier, self.attacks = tier, attacks
        self.token = f"left{secrets.token_hex(6)}"
        self.canaries: dict[str, str] = {}

    def __enter__(self) -> World:
        self.root = Path(tempfile.mkdtemp(prefix="attacks-"))
        self.root.chmod(0o755)  # the wall is to stop them, not a folder's mode
        self.config = copied(self.root)
        self.course, self.hand_ins, self.out = self.config.parent, self.root / "class", self.root / "out"
        self.hand_ins.mkdir()
        self.out.mkdir()
        self._plant()
        self._listen()
        for one in [*self.attacks, *map(self._neighbour, NEIGHBOURS)]:
            one.hand_in(self.hand_ins, self.filled)
        self.before = (self._processes(), self._mounts(), self._digest())
        return self

    def __exit__(self, *_: object) -> None:
        for one in self.listeners:
            one.close()
        os.environ.pop("ATTACKED", None)
        shutil.rmtree(self.root, ignore_errors=True)

    def canary(self, where: str) -> str:
        return self.canaries.setdefault(where, f"canary-{secrets.token_hex(8)}")

    def filled(self, text: str) -> str:
        """``text`` with the names of this world's places in it."""
        places = {
            "COURSE": self.course, "CLASS": self.hand_ins, "OUT": self.out, "PID": os.getpid(), "TOKEN": self.token,
            "PORT": self.port, "SOCKET": self.socket,
        }  # fmt: skip
        for name, place in places.items():
            text = text.replace(f"@{name}@", str(place))
        return text

    def _plant(self) -> None:
        config = self.config.read_text("utf-8")
        before, _, after = config.partition("limits:\n")
        config = f"# {self.canary('config')}\n{before}{LIMITS}\n{after[after.index('feedback') :]}"
        self.config.write_text(config, "utf-8")
        hidden = self.course / "tests" / "hidden" / "test_q1_box.py"
        loud = LOUD.replace("CANARY", self.canary("a hidden check"))
        hidden.write_text(f"{hidden.read_text('utf-8')}\n# {self.canary('hidden suite')}\n{loud}", "utf-8")
        solution = self.course / "solutions" / "q1_box.py"
        solution.write_text(f'{solution.read_text("utf-8")}\nSECRET = "{self.canary("solution")}"\n', "utf-8")
        (self.out / "planted.txt").write_text(self.canary("results"))
        os.environ["ATTACKED"] = self.canary("environment")

    def _neighbour(self, name: str) -> Attack:
        return attack(
            name,
            stops="",
            score=80,
            source=f"# {self.canary('neighbour')}\n{AREA}{VOLUME}{SCALE}",
            answers="[q1]\narea = 221\nvolume = 4199\n",
            files={"written.md": "## w1\n\nA point of an image.\n"},
        )

    def _listen(self) -> None:
        """On TCP and UDP of the loopback, on an abstract socket and on two in a folder."""
        tcp, udp = socket.socket(), socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        tcp.bind(("127.0.0.1", 0))
        self.port = tcp.getsockname()[1]
        udp.bind(("127.0.0.1", self.port))
        self.socket = str(self.root / "listens")
        unix = [socket.socket(socket.AF_UNIX), socket.socket(socket.AF_UNIX)]
        unix[0].bind(f"\0{self.socket}")
        unix[1].bind(self.socket)
        datagram = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        datagram.bind(f"{self.socket}-datagram")
        for path in (self.socket, f"{self.socket}-datagram"):
            os.chmod(path, 0o777)
        for one in (tcp, *unix):
            one.listen()
        self.listeners = [tcp, udp, *unix, datagram]
        for one in self.listeners:
            one.setblocking(False)

    def grade(self) -> None:
        """Grade the class by the engine itself, with no stronger wall than this tier's."""
        whole, run.Workers = run.Workers, partial(Workers, at_most=self.tier)
        reaper = ctypes.CDLL(None).prctl
        reaper(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)  # a daemon that outlives its parents is then ours to be found
        started = time.monotonic()
        try:
            summary = run.grade_class(self.hand_ins, Course.load(self.config), self.out, jobs=2)
        finally:
            run.Workers = whole
            self.seconds = time.monotonic() - started
            self.left = self._processes() - self.before[0]
            for pid in self.left:
                os.kill(pid, signal.SIGKILL)
            reaper(PR_SET_CHILD_SUBREAPER, 0, 0, 0, 0)
        self.rows = {row.id: row for row in summary.rows}

    def feedback(self, id: str) -> str:
        return (self.out / "submissions" / id / "feedback.md").read_text("utf-8")

    def canaries_in(self, id: str) -> list[str]:
        """Where the canaries come from that stand in any file of a submission's results."""
        texts = [path.read_text("utf-8", "replace") for path in (self.out / "submissions" / id).iterdir()]
        return [where for where, canary in self.canaries.items() if any(canary in text for text in texts)]

    def left_processes(self) -> list[int]:
        return sorted(self.left)

    def left_files(self) -> list[str]:
        tops = ["/tmp", "/var/tmp", "/dev/shm", "/run", str(self.root), os.getcwd(), os.path.dirname(os.__file__)]
        return [path for top in tops for path in _named(top, self.token)]

    def left_mounts(self) -> list[str]:
        return sorted(self._mounts() - self.before[1])

    def left_sockets(self) -> list[str]:
        return [line for line in Path("/proc/net/unix").read_text().splitlines() if self.token in line]

    def heard(self) -> list[bytes]:
        """What reached any of the listeners."""
        heard = []
        for one in self.listeners:
            try:
                heard.append(one.accept()[1] if one.type == socket.SOCK_STREAM else one.recv(100))
            except BlockingIOError:
                pass
        return heard

    def changed_in_course(self) -> list[str]:
        after = self._digest()
        return sorted(path for path in self.before[2].keys() | after if self.before[2].get(path) != after.get(path))

    def _digest(self) -> dict[str, str]:
        """Every file of the course, of the neighbours and what is planted, by content."""
        files = [path for top in (self.course, *(self.hand_ins / name for name in NEIGHBOURS)) for path in top.rglob("*")]
        files = [path for path in [*files, self.out / "planted.txt"] if path.is_file() and "__pycache__" not in path.parts]
        return {str(path): hashlib.sha256(path.read_bytes()).hexdigest() for path in files}

    @staticmethod
    def _mounts() -> set[str]:
        return set(Path("/proc/self/mounts").read_text().splitlines())

    @staticmethod
    def _processes() -> set[int]:
        """Every live process that descends from this one."""
        parents = {}
        for name in filter(str.isdigit, os.listdir("/proc")):
            try:
                state, parent, *_ = Path(f"/proc/{name}/stat").read_text().rpartition(")")[2].split()
            except OSError:
                continue  # it has ended since the folder was listed
            if state != "Z":
                parents[int(name)] = int(parent)
        ours, found = {os.getpid()}, set()
        while ours:
            ours = {pid for pid, parent in parents.items() if parent in ours}
            found |= ours
        return found


def _named(top: str, token: str) -> list[str]:
    """Paths at most three folders below ``top`` whose names hold ``token``."""
    found = []
    for folder, folders, names in os.walk(top):
        found += [os.path.join(folder, name) for name in [*folders, *names] if token in name]
        if folder.count("/") - top.count("/") >= 3:
            folders.clear()
    return found
