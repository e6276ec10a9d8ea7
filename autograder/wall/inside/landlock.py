"""Landlock: a second wall over files, which needs no privilege (Documentation/userspace-api/landlock.rst of Linux).

Three system calls and two structures, so they are made here rather than by a dependency. The rule set grants reading
below the folders it is given and nothing else: no writing, no device, and from ABI 4 on no TCP, from ABI 6 on no signal
to and no abstract socket of a process outside.
"""

from __future__ import annotations

import ctypes
import os

from . import libc

_CREATE, _ADD, _RESTRICT = 444, 445, 446
_READ = (1 << 0) | (1 << 2) | (1 << 3)  # execute (mapping a library), read a file, list a folder
_WRITE_IN = (1 << 1) | (1 << 4) | (1 << 5) | (1 << 7) | (1 << 8) | (1 << 14)  # write, remove, make folder and file, truncate
_ALL_FILE = {1: (1 << 13) - 1, 2: (1 << 14) - 1, 3: (1 << 15) - 1, 4: (1 << 15) - 1, 5: (1 << 16) - 1}
_TCP = 0b11
_SCOPES = 0b11
_syscall = ctypes.CDLL(None, use_errno=True).syscall


def abi() -> int:
    """The kernel's Landlock version, 0 where it has none."""
    return max(0, _syscall(_CREATE, None, 0, 1))


def restrict(readable: list[str], writable: list[str]) -> None:
    """Leave this process and its children reading below ``readable`` and writing below ``writable``, nothing else.

    Raises OSError where the kernel refuses. Not for a machine whose ``abi()`` is 0.
    """
    version = abi()
    handled = _ALL_FILE[min(version, 5)]
    attributes = (ctypes.c_uint64 * 3)(handled, _TCP if version >= 4 else 0, _SCOPES if version >= 6 else 0)
    size = 24 if version >= 6 else 16 if version >= 4 else 8
    ruleset = _checked(_syscall(_CREATE, attributes, size, 0))
    try:
        for path in readable:
            _allow(ruleset, path, _READ)
        for path in writable:
            _allow(ruleset, path, (_READ | _WRITE_IN) & handled)
        libc.prctl(libc.PR_SET_NO_NEW_PRIVS, 1)
        _checked(_syscall(_RESTRICT, ruleset, 0))
    finally:
        os.close(ruleset)


class _Below(ctypes.Structure):
    _pack_ = 1
    _fields_ = (("access", ctypes.c_uint64), ("parent", ctypes.c_int32))


def _allow(ruleset: int, path: str, access: int) -> None:
    folder = os.open(path, os.O_PATH | os.O_CLOEXEC)
    try:
        _checked(_syscall(_ADD, ruleset, 1, ctypes.byref(_Below(access, folder)), 0))
    finally:
        os.close(folder)


def _checked(result: int) -> int:
    if result < 0:
        number = ctypes.get_errno()
        raise OSError(number, f"landlock: {os.strerror(number)}")
    return result
