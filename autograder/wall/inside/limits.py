"""Resource limits of a submission's process.

RLIMIT_DATA and RLIMIT_AS are counted from what the zygote already has mapped: torch maps gigabytes that it never uses,
so an absolute bound would either kill it or allow everything. RLIMIT_DATA stops ordinary allocation, RLIMIT_AS the shared
mappings that RLIMIT_DATA does not see. Time is kept on the trusted side (``own_time``); RLIMIT_CPU stands behind it.
"""

from __future__ import annotations

import resource

MEGABYTE = 1 << 20


def apply(limits: dict) -> None:
    """Lower this process's limits for good (soft and hard). ``limits`` has the fields of ``autograder.model.Limits``."""
    memory = limits["memory_mb"] * MEGABYTE
    size, data = _mapped()
    bounds = {
        "RLIMIT_CORE": 0,
        "RLIMIT_CPU": 2 * int(limits["submission_seconds"]) + 1,  # a notebook's cells have as much again
        "RLIMIT_FSIZE": limits["scratch_mb"] * MEGABYTE,
        "RLIMIT_NOFILE": limits["open_files"],
        "RLIMIT_NPROC": limits["processes"],
        "RLIMIT_DATA": data + memory,
        "RLIMIT_AS": size + 2 * memory,
        "RLIMIT_MEMLOCK": 0,
        "RLIMIT_MSGQUEUE": 0,
        "RLIMIT_SIGPENDING": 256,
    }
    for name, bound in bounds.items():
        kind = getattr(resource, name, None)
        if kind is not None:
            _lower(kind, bound)


def _lower(kind: int, bound: int) -> None:
    _, hard = resource.getrlimit(kind)
    if hard != resource.RLIM_INFINITY:
        bound = min(bound, hard)
    resource.setrlimit(kind, (bound, bound))


def _mapped() -> tuple[int, int]:
    """Bytes of address space and of data that are mapped already (0 where the system does not tell)."""
    return MAPPED["size"], MAPPED["data"]


OOM_SCORE = 900  # of 1000: added to the kernel's score of a process when memory runs out


def first_to_end() -> None:
    """Have the kernel choose this process and its children, before any other, where the machine runs out of memory.

    Of those it takes the largest: a bomb, and neither its neighbours nor who grades them.
    """
    try:
        with open("/proc/self/oom_score_adj", "w", encoding="ascii") as file:
            file.write(str(OOM_SCORE))
    except OSError:
        pass  # no Linux /proc


MAPPED = {"size": 0, "data": 0}


def remember_mapped() -> None:
    """Read what the zygote has mapped, while /proc is still in sight."""
    try:
        fields = dict(line.split(":", 1) for line in open("/proc/self/status", encoding="ascii") if ":" in line)
        MAPPED["size"] = int(fields["VmSize"].split()[0]) * 1024
        MAPPED["data"] = int(fields["VmData"].split()[0]) * 1024
    except (OSError, KeyError):
        MAPPED["size"] = MAPPED["data"] = 4096 * MEGABYTE  # no Linux /proc: a generous guess
