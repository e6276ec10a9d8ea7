"""``otter run`` many times over, each in a process of its own that has otter imported already."""

from __future__ import annotations

import multiprocessing
import os
import sys
from collections.abc import Iterable, Iterator
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

from otter.cli import cli

AT_ONCE = 3  # more than cores: each spends a while waiting, for a kernel or for what hangs


def runs(calls: Iterable[tuple[Path, Path, Path]]) -> Iterator[tuple[int, str]]:
    """Status and output of ``otter run -a PACKAGE SUBMISSION -o OUT`` for each (package, submission, out), in order."""
    processes = multiprocessing.get_context("forkserver")
    processes.set_forkserver_preload([__name__])
    with ProcessPoolExecutor(AT_ONCE, mp_context=processes, max_tasks_per_child=1) as pool:
        yield from pool.map(_run, calls)


def _run(call: tuple[Path, Path, Path]) -> tuple[int, str]:
    package, submission, out = call
    out.mkdir(parents=True)
    said = out / "said.txt"
    with said.open("w") as file:
        for descriptor in (1, 2):
            os.dup2(file.fileno(), descriptor)
    try:
        cli.main(["run", "-a", str(package), str(submission), "-o", str(out), "--no-logo"])
        status = 0
    except SystemExit as ended:
        status = int(ended.code or 0)
    except BaseException as error:  # as Python ends: with the error and status 1
        print(f"{type(error).__name__}: {error}", file=sys.stderr)
        status = 1
    for stream in (sys.stdout, sys.stderr):
        stream.flush()
    return status, said.read_text("utf-8", "replace")
