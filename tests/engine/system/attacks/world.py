"""Where the attacks are graded: a course with canaries in it, a class, results, and somebody who listens."""

from __future__ import annotations

import hashlib
import os
import secrets
import shutil
import tempfile
import time
from functools import partial
from pathlib import Path

from autograder.course.course import Course
from autograder.model import Tier
from autograder.prepare.attacks.watch import Watch
from autograder.runner import class_run, local
from autograder.runner.local import Workers
from tests.engine.system.attacks.attack import AREA, SCALE, VOLUME, Attack, attack
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


class World:
    """One tier, its attacks and all that surrounds them. Use as a context manager; ``grade`` once."""

    def __init__(self, tier: Tier, attacks: list[Attack], feedback: str = "hint"):
        self.tier, self.attacks, self.level = tier, attacks, feedback
        self.canaries: dict[str, str] = {}

    def __enter__(self) -> World:
        self.root = Path(tempfile.mkdtemp(prefix="attacks-"))
        self.root.chmod(0o755)  # the wall is to stop them, not a folder's mode
        self.config = copied(self.root)
        self.course, self.hand_ins, self.out = self.config.parent, self.root / "class", self.root / "out"
        self.hand_ins.mkdir()
        self.out.mkdir()
        self._plant()
        self.watch = Watch(self.root).__enter__()
        self.canaries["environment"] = self.watch.secret
        for one in [*self.attacks, *map(self._neighbour, NEIGHBOURS)]:
            one.hand_in(self.hand_ins, self.filled)
        self.before = (self._mounts(), self._digest())
        return self

    def __exit__(self, *_: object) -> None:
        self.watch.__exit__()
        shutil.rmtree(self.root, ignore_errors=True)

    def canary(self, where: str) -> str:
        return self.canaries.setdefault(where, f"canary-{secrets.token_hex(8)}")

    def filled(self, text: str) -> str:
        """``text`` with the names of this world's places in it."""
        places = {
            "COURSE": self.course, "CLASS": self.hand_ins, "OUT": self.out, "PID": os.getpid(), "TOKEN": self.watch.token,
            "PORT": self.watch.port, "SOCKET": self.watch.socket,
        }  # fmt: skip
        for name, place in places.items():
            text = text.replace(f"@{name}@", str(place))
        return text

    def _plant(self) -> None:
        config = self.config.read_text("utf-8")
        before, _, after = config.partition("limits:\n")
        config = f"# {self.canary('config')}\n{before}{LIMITS}\n{after[after.index('feedback') :]}"
        self.config.write_text(config.replace("feedback: hint", f"feedback: {self.level}"), "utf-8")
        hidden = self.course / "tests" / "hidden" / "test_q1_box.py"
        loud = LOUD.replace("CANARY", self.canary("a hidden check"))
        hidden.write_text(f"{hidden.read_text('utf-8')}\n# {self.canary('hidden suite')}\n{loud}", "utf-8")
        solution = self.course / "solutions" / "q1_box.py"
        solution.write_text(f'{solution.read_text("utf-8")}\nSECRET = "{self.canary("solution")}"\n', "utf-8")
        (self.out / "planted.txt").write_text(self.canary("results"))

    def _neighbour(self, name: str) -> Attack:
        return attack(
            name,
            stops="",
            score=80,
            source=f"# {self.canary('neighbour')}\n{AREA}{VOLUME}{SCALE}",
            answers="[q1]\narea = 221\nvolume = 4199\n",
            files={"written.md": "## w1\n\nA point of an image.\n"},
        )

    def grade(self) -> None:
        """Grade the class by the engine itself, with no stronger wall than this tier's."""
        whole, local.Workers = local.Workers, partial(Workers, at_most=self.tier)
        started = time.monotonic()
        try:
            summary = class_run.grade_class(self.hand_ins, Course.load(self.config), self.out, jobs=2)
        finally:
            local.Workers = whole
            self.seconds = time.monotonic() - started
            self.left = self.watch.left()
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
        return self.watch.files(*tops)

    def left_mounts(self) -> list[str]:
        return sorted(self._mounts() - self.before[0])

    def left_sockets(self) -> list[str]:
        return [line for line in Path("/proc/net/unix").read_text().splitlines() if self.watch.token in line]

    def heard(self) -> list[bytes]:
        return self.watch.heard()

    def changed_in_course(self) -> list[str]:
        after = self._digest()
        return sorted(path for path in self.before[1].keys() | after if self.before[1].get(path) != after.get(path))

    def _digest(self) -> dict[str, str]:
        """Every file of the course, of the neighbours and what is planted, by content."""
        files = [path for top in (self.course, *(self.hand_ins / name for name in NEIGHBOURS)) for path in top.rglob("*")]
        files = [path for path in [*files, self.out / "planted.txt"] if path.is_file() and "__pycache__" not in path.parts]
        return {str(path): hashlib.sha256(path.read_bytes()).hexdigest() for path in files}

    @staticmethod
    def _mounts() -> set[str]:
        return set(Path("/proc/self/mounts").read_text().splitlines())
