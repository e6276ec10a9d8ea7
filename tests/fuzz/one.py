"""One target's run: ``python -m tests.fuzz.one target inputs seed folder``, as ``python -m tests.fuzz`` starts it.

Ends with an error at the first broken promise, its input kept in the folder.
"""

from __future__ import annotations

import hashlib
import resource
import sys
import tempfile
from pathlib import Path
from random import Random

try:
    import atheris
except ImportError:
    atheris = None

MEMORY_MB = 2_048
SECONDS = 30  # of wall clock for one input, on a busy machine; promise.py counts processor time


def main(name: str, inputs: int, seed: int, found: Path) -> None:
    if atheris is None:
        plain(name, inputs, seed, found)
    else:
        guided(name, inputs, seed, found)


def guided(name: str, inputs: int, seed: int, found: Path) -> None:
    """libFuzzer chooses the inputs by the branches they reach, in the readers and the modules of Python they stand on."""
    read_by = ["autograder", "json", "tarfile", "tomllib", "zipfile"]
    for module in [one for one in sys.modules if one.partition(".")[0] in read_by]:
        del sys.modules[module]  # atheris has imported some itself, not yet counting their branches
    with atheris.instrument_imports(include=read_by):
        from tests.fuzz.mutate import mutated
        from tests.fuzz.promise import kept
        from tests.fuzz.seeds import CORPUS, longest, seeds
        from tests.fuzz.targets import TARGETS
    corpus, target = seeds(name), TARGETS[name]

    def change(data: bytes, most: int, number: int) -> bytes:
        random = Random(number)
        return mutated(data, corpus, random, most) if random.random() < 0.5 else atheris.Mutate(data, most)

    limits = [
        f"-runs={inputs}",
        f"-seed={seed}",
        f"-max_len={longest(name)}",
        "-len_control=0",
        f"-rss_limit_mb={MEMORY_MB}",
        f"-timeout={SECONDS}",
    ]
    told = ["-print_final_stats=1", f"-artifact_prefix={found}/"]
    new = tempfile.mkdtemp()
    atheris.Setup([name, *limits, *told, new, str(CORPUS / name)], lambda data: kept(target, data), custom_mutator=change)
    atheris.Fuzz()


def plain(name: str, inputs: int, seed: int, found: Path) -> None:
    from tests.fuzz.promise import kept
    from tests.fuzz.seeds import inputs_of
    from tests.fuzz.targets import TARGETS

    for data in inputs_of(name, inputs, seed):
        try:
            kept(TARGETS[name], data)
        except BaseException:
            (found / f"crash-{hashlib.sha1(data).hexdigest()}").write_bytes(data)
            raise
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss >> 10
    print(f"stat::number_of_executed_units: {inputs}\nstat::peak_rss_mb: {peak}", file=sys.stderr)


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]), int(sys.argv[3]), Path(sys.argv[4]))
