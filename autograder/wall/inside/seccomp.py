"""The system calls that a submission's process may make: a list of what Python and torch need; everything else fails.

libseccomp (Debian's ``libseccomp2``) resolves names and writes the filter for the machine's architecture; it is called
through ctypes, since its own Python binding is not on PyPI and the package there (pyseccomp, last released in 2021) is ctypes
too. The filter lists what is allowed, not what is forbidden: a system call that a future kernel adds is then refused as well.
"""

from __future__ import annotations

import ctypes
import errno
import os

from . import libc

ALLOWED = """
    read write readv writev pread64 pwrite64 lseek close close_range dup dup2 dup3 fsync fdatasync
    open openat openat2 creat stat lstat fstat newfstatat statx access faccessat faccessat2 readlink readlinkat getcwd
    chdir fchdir getdents getdents64 statfs fstatfs mkdir mkdirat rmdir unlink unlinkat rename renameat renameat2
    ftruncate fallocate umask copy_file_range sendfile fadvise64
    munmap mprotect mremap madvise brk msync mincore membarrier
    futex futex_waitv set_robust_list get_robust_list rseq set_tid_address arch_prctl sched_yield
    sched_getaffinity sched_getparam sched_getscheduler sched_get_priority_max sched_get_priority_min getcpu
    rt_sigaction rt_sigprocmask rt_sigreturn rt_sigpending rt_sigsuspend rt_sigtimedwait sigaltstack restart_syscall
    pause alarm setitimer getitimer timer_create timer_settime timer_gettime timer_delete timer_getoverrun
    nanosleep clock_nanosleep clock_gettime clock_getres gettimeofday time times getrusage
    poll ppoll select pselect6 epoll_create epoll_create1 epoll_ctl epoll_wait epoll_pwait epoll_pwait2 eventfd2 pipe
    pipe2 timerfd_create timerfd_settime timerfd_gettime signalfd4 sendto recvfrom sendmsg recvmsg shutdown
    getsockopt setsockopt getsockname getpeername
    getpid getppid gettid getuid geteuid getgid getegid getresuid getresgid getgroups getpgrp getpgid getsid
    getrandom uname sysinfo getrlimit getpriority exit exit_group
""".split()

# Of no use where nothing can be written, and beyond Landlock: they reach every file that the same user owns.
ON_OWN_FILES = "truncate chmod fchmod fchmodat utimensat".split()
# Without those that name who gets a signal, and which: the kernel would then send it, to any process of the same user.
# And without locks: what may be read is the same file for every submission, and a lock on it would speak to another's.
# F_DUPFD, F_GETFD, F_SETFD, F_GETFL, F_SETFL; F_DUPFD_CLOEXEC, F_SETPIPE_SZ, F_GETPIPE_SZ
FCNTL = (*range(5), 1030, 1031, 1032)
# TCGETS (isatty), TIOCGWINSZ, FIONREAD, FIONBIO, FIONCLEX, FIOCLEX, TCGETS2
IOCTL = (0x5401, 0x5413, 0x541B, 0x5421, 0x5450, 0x5451, 0x802C542A)

_ALLOW, _ERRNO = 0x7FFF0000, 0x00050000
_EQUAL, _MASKED_EQUAL = 4, 7
_CLONE_THREAD = 0x10000
_LOW = 0xFFFFFFFF  # of a command the kernel looks at these bits only
_PR_SET_NAME = 15
_AF_UNIX, _SOCK_STREAM, _SOCK_KIND = 1, 1, 0xF
_MAP_SHARED, _MAP_ANONYMOUS = 0x01, 0x20


class Unavailable(OSError):
    """libseccomp is not on this machine."""


class _Compare(ctypes.Structure):
    _fields_ = (("arg", ctypes.c_uint), ("op", ctypes.c_int), ("a", ctypes.c_uint64), ("b", ctypes.c_uint64))


class Filter:
    """The filter as BPF, made once in the zygote and installed in each child by one system call.

    A signal may be sent to the process itself only; ``own_pid`` is 1 inside a pid namespace, else it is told at
    ``install``, for which a filter is then made anew.
    """

    def __init__(self, *, scratch: bool) -> None:
        """``scratch``: whether there are files of the submission's own."""
        self.names = [*ALLOWED, *(ON_OWN_FILES if scratch else [])]
        try:
            self.lib = ctypes.CDLL("libseccomp.so.2", use_errno=True)
        except OSError as error:
            raise Unavailable(f"libseccomp.so.2 is missing (Debian package libseccomp2): {error}") from None
        self.lib.seccomp_init.restype = ctypes.c_void_p
        self.programs: dict[int, bytes] = {}

    def program(self, own_pid: int) -> bytes:
        if own_pid not in self.programs:
            self.programs = {own_pid: self._made(own_pid)}
        return self.programs[own_pid]

    def install(self, own_pid: int) -> None:
        """Put this process, and every thread it will start, behind the filter. There is no way back."""
        data = self.program(own_pid)
        buffer = ctypes.create_string_buffer(data, len(data))

        class Program(ctypes.Structure):
            _fields_ = (("length", ctypes.c_ushort), ("filter", ctypes.c_void_p))

        program = Program(len(data) // 8, ctypes.addressof(buffer))
        libc.prctl(libc.PR_SET_NO_NEW_PRIVS, 1)
        if libc._libc.prctl(libc.PR_SET_SECCOMP, 2, ctypes.byref(program), 0, 0) != 0:
            number = ctypes.get_errno()
            raise OSError(number, f"seccomp: {os.strerror(number)}")

    def _made(self, own_pid: int) -> bytes:
        context = ctypes.c_void_p(self.lib.seccomp_init(_ERRNO | errno.EPERM))
        try:
            for name in self.names:
                number = self._number(name)
                if number >= 0:  # negative: this architecture has no such call
                    self._rule(context, _ALLOW, number)
            for name in ("kill", "tgkill"):
                self._rule(context, _ALLOW, self._number(name), _Compare(0, _EQUAL, own_pid, 0))
            # Its own limits only: those of every process of the same user could be lowered.
            self._rule(context, _ALLOW, self._number("prlimit64"), _Compare(0, _EQUAL, 0, 0))
            for name, commands in (("fcntl", FCNTL), ("ioctl", IOCTL)):
                for command in commands:
                    self._rule(context, _ALLOW, self._number(name), _Compare(1, _MASKED_EQUAL, _LOW, command))
            # A datagram of a pair reaches any socket that has a name; what is sent into a stream goes to its other end alone.
            pair = (_Compare(0, _EQUAL, _AF_UNIX, 0), _Compare(1, _MASKED_EQUAL, _SOCK_KIND, _SOCK_STREAM))
            self._rule(context, _ALLOW, self._number("socketpair"), *pair)
            # Memory that is shared with nobody counts against RLIMIT_DATA; what is shared would be as much again beside it.
            for flags in (0, _MAP_SHARED, _MAP_ANONYMOUS):
                both = _MAP_SHARED | _MAP_ANONYMOUS
                self._rule(context, _ALLOW, self._number("mmap"), _Compare(3, _MASKED_EQUAL, both, flags))
            # The name of a thread may be set; above all, the signal at the parent's death may not be taken back.
            self._rule(context, _ALLOW, self._number("prctl"), _Compare(0, _EQUAL, _PR_SET_NAME, 0))
            # A thread is a clone with CLONE_THREAD; anything else would be a process, and a process could stay behind.
            self._rule(context, _ALLOW, self._number("clone"), _Compare(0, _MASKED_EQUAL, _CLONE_THREAD, _CLONE_THREAD))
            # clone3 hides its flags from a filter; told that it does not exist, the C library falls back to clone.
            self._rule(context, _ERRNO | errno.ENOSYS, self._number("clone3"))
            return self._exported(context)
        finally:
            self.lib.seccomp_release(context)

    def _number(self, name: str) -> int:
        return self.lib.seccomp_syscall_resolve_name(name.encode())

    def _rule(self, context, action: int, number: int, *compares: _Compare) -> None:
        array = (_Compare * len(compares))(*compares)
        result = self.lib.seccomp_rule_add_array(context, ctypes.c_uint32(action), number, len(compares), array)
        if result != 0:
            raise OSError(-result, f"seccomp rule for system call {number}: {os.strerror(-result)}")

    def _exported(self, context) -> bytes:
        reader, writer = os.pipe()
        try:
            if self.lib.seccomp_export_bpf(context, writer) != 0:
                raise OSError("seccomp: the filter could not be written")
            return os.read(reader, 1 << 16)
        finally:
            os.close(reader)
            os.close(writer)
