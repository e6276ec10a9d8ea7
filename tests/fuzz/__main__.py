"""Give many inputs to each fuzz target, and say what came of it.

    make fuzz                                                # 100,000 inputs for each target, guided by coverage
    python -m tests.fuzz --inputs 5000 wire sheet            # fewer, for two of them
    python -m tests.fuzz wire --input build/fuzz/wire/crash-…    # one input once more, with its traceback

Guided by coverage where atheris is installed (the extra ``fuzz``); otherwise the seeds with random changes, which finds less.
An input that breaks a promise is kept below ``build/fuzz``: it belongs into ``tests/fuzz/corpus`` once the fault is mended.
"""

from __future__ import annotations

import argparse
import os
import re
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

from tests.fuzz.promise import kept
from tests.fuzz.seeds import CORPUS
from tests.fuzz.targets import TARGETS

KEPT = Path("build/fuzz")


@dataclass(frozen=True)
class Run:
    """What came of one target."""

    inputs: int
    seconds: float
    branches: str
    peak_mb: str
    status: int
    log: str


def run(target: str, inputs: int, seed: int) -> Run:
    """Fuzz one target in a process of its own, which ends at the first broken promise."""
    found = KEPT / target
    found.mkdir(parents=True, exist_ok=True)
    memory = "/dev/shm" if os.path.isdir("/dev/shm") else None
    with tempfile.TemporaryDirectory(dir=memory) as scratch:
        one = [sys.executable, "-m", "tests.fuzz.one", target, str(inputs), str(seed), str(found)]
        environment = {**os.environ, "TMPDIR": scratch}
        started = time.monotonic()
        done = subprocess.run(one, env=environment, stderr=subprocess.PIPE, text=True, errors="replace")
        seconds = time.monotonic() - started
    (found / "log").write_text(done.stderr)
    units = _last(r"stat::number_of_executed_units:\s*(\d+)", done.stderr)
    return Run(
        int(units or 0),
        seconds,
        _last(r"\bcov: (\d+)", done.stderr),
        _last(r"stat::peak_rss_mb:\s*(\d+)", done.stderr),
        done.returncode,
        done.stderr,
    )


def _last(pattern: str, text: str) -> str:
    return (re.findall(pattern, text) or [""])[-1]


def main() -> int:
    parser = argparse.ArgumentParser(
        prog="python -m tests.fuzz", description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("targets", nargs="*", metavar="target", help=", ".join(TARGETS))
    parser.add_argument("--inputs", type=int, default=100_000, help="for each target (100000)")
    parser.add_argument("--seed", type=int, default=1, help="of the random numbers (1)")
    parser.add_argument("--input", type=Path, help="give this one file to the target, here")
    called = parser.parse_args()
    unknown = [name for name in called.targets if name not in TARGETS]
    if unknown:
        parser.error(f"no such target: {unknown[0]}; there are {', '.join(TARGETS)}")
    if called.input:
        if len(called.targets) != 1:
            parser.error("--input needs the one target that the file is for")
        kept(TARGETS[called.targets[0]], called.input.read_bytes())
        print("every promise held")
        return 0
    print(
        "guided by coverage (atheris)"
        if find_spec("atheris")
        else "not guided: atheris is not installed (make fuzz installs it)"
    )
    print(f"{'target':10}{'seeds':>6}{'inputs':>9}{'seconds':>9}{'branches':>10}{'peak MB':>9}  result")
    broken = 0
    for name in called.targets or TARGETS:
        ran = run(name, called.inputs, called.seed)
        held = ran.status == 0 and ran.inputs >= called.inputs
        broken += not held
        seeds = len(list((CORPUS / name).iterdir()))
        result = "held" if held else f"BROKEN: see {KEPT / name}"
        print(
            f"{name:10}{seeds:6}{ran.inputs:9}{ran.seconds:9.0f}{ran.branches or '-':>10}{ran.peak_mb or '-':>9}  {result}",
            flush=True,
        )
        if not held:
            print("\n".join(ran.log.splitlines()[-25:]), file=sys.stderr)
    return 1 if broken else 0


if __name__ == "__main__":
    sys.exit(main())
