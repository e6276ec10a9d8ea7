"""Runs a command as Gradescope's containers do: root without CAP_SYS_ADMIN, and no user namespace to be had.

``python no_namespaces.py COMMAND…``. The bounding set loses the capability for good, and a filter refuses new user
namespaces, which is what such containers' own filter does.
"""

import ctypes
import errno
import os
import sys

from autograder.wall.inside import libc, seccomp

CAP_SYS_ADMIN = 21
ALLOW, ERRNO = 0x7FFF0000, 0x00050000


def enter() -> None:
    lib = ctypes.CDLL("libseccomp.so.2", use_errno=True)
    lib.seccomp_init.restype = ctypes.c_void_p
    context = ctypes.c_void_p(lib.seccomp_init(ALLOW))
    user = seccomp._Compare(0, 7, libc.CLONE_NEWUSER, libc.CLONE_NEWUSER)
    for name, number, compares in [
        ("unshare", errno.EPERM, [user]),
        ("clone", errno.EPERM, [user]),
        ("clone3", errno.ENOSYS, []),
    ]:
        rule = (seccomp._Compare * len(compares))(*compares)
        system_call = lib.seccomp_syscall_resolve_name(name.encode())
        if lib.seccomp_rule_add_array(context, ctypes.c_uint32(ERRNO | number), system_call, len(compares), rule) != 0:
            raise OSError("the rule was refused")
    lib.seccomp_attr_set(context, 3, 0)  # SCMP_FLTATR_CTL_NNP: root's setuid programs stay what they are
    if lib.seccomp_load(context) != 0:
        raise OSError("the filter was refused")
    libc.prctl(libc.PR_CAPBSET_DROP, CAP_SYS_ADMIN)


if __name__ == "__main__":
    enter()
    os.execvp(sys.argv[1], sys.argv[1:])
