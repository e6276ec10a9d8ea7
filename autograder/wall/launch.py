"""Starting the far side: one clean interpreter (``inside/base.py``), and from it pairs of zygote and trusted worker."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import sysconfig
from contextlib import ExitStack, suppress
from dataclasses import dataclass
from pathlib import Path

import msgspec

from autograder.errors import ConvgradeError
from autograder.model import Limits, Tier

from . import cgroup, tiers

HERE = Path(__file__).resolve().parent
ENGINE = HERE.parent
OWN_PACKAGES = ("autograder", "solutions", "tests", "assignment", "student_template")
SYSTEM_LIBRARIES = ("/lib", "/lib64", "/usr/lib", "/usr/lib64", "/usr/local/lib")
END_SECONDS = 0.3  # to end by itself, children first, before it is killed
# Built from nothing: no variable of the instructor's shell reaches the far side. One thread: a pool does not survive fork.
ENVIRONMENT = {
    "LANG": "C.UTF-8",
    "PATH": "/usr/bin:/bin",
    "HOME": "/tmp",
    "OMP_NUM_THREADS": "1",
    "OPENBLAS_NUM_THREADS": "1",
    "MKL_NUM_THREADS": "1",
    "PYTHONHASHSEED": "0",
    # What a convolution works in is megabytes at a time: in huge pages, not in thousands of small ones, each a page fault.
    "GLIBC_TUNABLES": "glibc.malloc.hugetlb=1",
}


@dataclass(frozen=True)
class Verdict:
    """The machine's tier, its layers, and why each stronger tier did not hold."""

    layers: tiers.Layers
    refused: dict[Tier, str]


class Base:
    """The clean interpreter. ``verdict`` is known at once; ``worker`` forks a zygote and a worker that uses it."""

    def __init__(
        self,
        *,
        at_most: Tier = Tier.A,
        limits: Limits | None = None,
        preload: bool = True,
        without: frozenset[str] = frozenset(),
    ):
        """Start it. ``at_most`` leaves stronger tiers out, for tests and for comparing.

        ``without`` (names of ``layers.LAYERS``, such as ``landlock``) takes layers away: only for tests that show what the others hold alone.
        """
        self.without = without
        self.site = site_packages()
        choices = [
            (tier, layers, why)
            for tier, (layers, why) in zip(_tiers(), tiers.candidates(), strict=True)
            if tier.value >= at_most.value
        ]
        plans = [self._plan(layers, limits or Limits()) for _, layers, _ in choices if layers is not None]
        ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        command = [sys.executable, "-I", "-S", "-B", str(HERE / "inside" / "base.py")]
        with theirs:  # a process group of its own: Ctrl-C is the coordinator's to answer
            self.process = subprocess.Popen(
                command, stdin=theirs.fileno(), stdout=subprocess.DEVNULL, env=ENVIRONMENT, cwd="/", process_group=0
            )
        self.control = ours
        self.groups = ExitStack()
        self.cgroup = ""  # the cgroup below which submissions get their own
        start = {"wall": str(ENGINE), "site": self.site, "candidates": plans, "preload": preload}
        try:
            self.verdict = self._verdict(start, choices)
            if "cgroup" in self.verdict.layers.names and "cgroup" not in without:
                self.cgroup = str(self.groups.enter_context(cgroup.parent()) or "")
        except BaseException:
            self.close()
            raise

    def worker(
        self, entry: str, index: int, trusted: list[str], limits: Limits, config: str, feedback: str = ""
    ) -> socket.socket:
        """Fork a zygote and a trusted worker, which runs ``entry`` (``module:function``). The socket is the worker's channel.

        ``trusted`` goes in front of the worker's path only. ``index`` gives the zygote its own range of uids. ``feedback``
        is the level that results are kept for, the config's own where it is empty.
        """
        return self._forked(index, limits, {"entry": entry, "trusted": trusted, "config": config, "feedback": feedback})

    def zygote(self, index: int = 0) -> socket.socket:
        """Fork a zygote alone and return the trusted end of its control socket (see ``zygote_client.Zygote``)."""
        with self._forked(index, Limits(), {"config": None}) as channel:
            _, (control,), _, _ = socket.recv_fds(channel, 16, 1)
        return socket.socket(fileno=control)

    def _forked(self, index: int, limits: Limits, more: dict) -> socket.socket:
        ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_STREAM)
        plan = {**self._plan(self.verdict.layers, limits), "index": index, "preload": True, "cgroup": self.cgroup, **more}
        with theirs:
            socket.send_fds(self.control, [json.dumps(plan).encode()], [theirs.fileno()])
        return ours

    def alive(self) -> bool:
        return self.process.poll() is None

    def close(self) -> None:
        """End the interpreter and, with it, every zygote and worker that it forked, whatever they are doing. Takes less than a second."""
        with suppress(OSError):  # it is gone already, or does not end by itself
            self.control.shutdown(socket.SHUT_WR)
            self.control.settimeout(END_SECONDS)
            while self.control.recv(1 << 16):
                pass
        self.control.close()
        if self.alive():
            with suppress(ProcessLookupError):
                os.killpg(self.process.pid, signal.SIGKILL)  # the group is its own: nothing else is in it
            self.process.wait()
        self.groups.close()

    def _plan(self, layers: tiers.Layers, limits: Limits) -> dict:
        readable = self._readable(layers.tier)
        # A scratch at /tmp would hide a virtual environment that lies below it.
        below_tmp = any(path.startswith("/tmp/") for path in readable)
        return {
            "tier": layers.tier.value,
            "layers": [name for name in layers.names if name not in self.without],
            "readable": readable,
            "scratch": "/scratch" if below_tmp else "/tmp",
            "hidden": [f"{site}/{name}" for site in self.site for name in OWN_PACKAGES],
            "limits": msgspec.structs.asdict(limits),
            "index": 0,
        }

    def _readable(self, tier: Tier) -> list[str]:
        """Folders that may be read behind the wall, at the paths they have here.

        Without mounts nothing inside them can be covered, so where this project itself lies in one, it is left out.
        """
        paths = [sysconfig.get_path("stdlib"), *self.site, *SYSTEM_LIBRARIES]
        paths = [path for path in dict.fromkeys(paths) if os.path.isdir(path)]
        if tier in (Tier.A, Tier.B):
            return paths
        return [path for path in paths if not any((Path(path) / name).is_dir() for name in OWN_PACKAGES)]

    def _verdict(self, start: dict, choices: list) -> Verdict:
        answer = b""
        with suppress(ConnectionError):  # it has ended
            self.control.send(json.dumps(start).encode())
            if start["preload"]:  # found out while the other side tries the walls
                from . import installed  # what it imports is not for a run that asks nobody

                self.control.send(json.dumps(installed.beside_grading()).encode())
            answer = self.control.recv(1 << 16)
        if not answer:
            raise ConvgradeError(
                "the interpreter behind the wall did not start",
                where=sys.executable,
                todo="Its own message stands above; `convgrade doctor` tries it alone.",
            )
        verdicts = iter(json.loads(answer))
        refused: dict[Tier, str] = {}
        for tier, layers, why in choices:
            why = why if layers is None else next(verdicts)
            if not why or (layers is not None and layers.tier is Tier.E):
                return Verdict(layers, refused)
            refused[tier] = why
        raise ConvgradeError("no wall at all can be built here", where=sys.platform, todo="Run `convgrade doctor`.")


def site_packages() -> list[str]:
    """Where third-party packages lie, without this project's own folders (an editable install puts those on the path)."""
    return [
        path
        for path in dict.fromkeys(sys.path)
        if os.path.basename(path) in ("site-packages", "dist-packages") and os.path.isdir(path)
    ]


def _tiers() -> tuple[Tier, ...]:
    return tuple(Tier) if sys.platform == "linux" else (Tier.E,)
