"""Reading what is hidden, and sending it out. What is found is told the only way there is: in an exception's text.

Every secret of the world holds a canary; ``look`` finds one in any bytes without knowing it.
"""

from __future__ import annotations

from .attack import CODE, REST, Attack, attack

LOOK = """
import os, re
def look(data):
    if isinstance(data, str):
        data = data.encode("utf-8", "replace")
    found = re.findall(rb"canary-[0-9a-f]{16}", data)
    if found:
        raise ValueError(found[0].decode())
def read(path):
    try:
        with open(path, "rb") as file:
            look(file.read(1 << 22))
    except OSError:
        pass
def walk(*tops):
    for top in tops:
        for folder, _, names in os.walk(top):
            for name in names:
                look(name)
                read(os.path.join(folder, name))
def attempt(function, *arguments):
    try:
        return function(*arguments)
    except ValueError:
        raise
    except BaseException as error:
        return error
"""
PARTLY = "partly graded"
MOUNTS = "its mounts hold the standard library and site-packages alone; Landlock grants no other reading"


def _reads(
    name: str, volume: str, stops: str = MOUNTS, weakest: str = "D", score: float = REST, status: str = "graded"
) -> Attack:
    return attack(name, stops=stops, score=score, status=status, head=LOOK, volume=f"{volume}\nreturn -1", weakest=weakest)


def _sends(name: str, volume: str, stops: str, weakest: str = "E") -> Attack:
    """Sends to somebody who listens; a refusal is an OSError."""
    return attack(name, stops=stops, score=REST, status=PARTLY, volume=volume, weakest=weakest)


ATTACKS = [
    _reads("opens-hidden-tests", 'walk("@COURSE@/tests")'),
    _reads("opens-solutions", 'walk("@COURSE@/solutions")\nread("@COURSE@/solutions/q1_box.py")'),
    _reads("opens-the-config", 'read("@COURSE@/grader_config.yml")'),
    _reads("opens-its-neighbours", 'walk("@CLASS@")\nread("@CLASS@/neighbour-0/q1_box.py")'),
    _reads("opens-the-results", 'walk("@OUT@")\nread("@OUT@/planted.txt")'),
    _reads(
        "opens-relative-paths",
        'for top in (".", "..", "../../../../..@COURSE@", "/proc/self/root@COURSE@", "/proc/1/root@COURSE@", "/proc/@PID@/cwd"):\n'
        "    read(top + '/grader_config.yml')\n    read(top + '/solutions/q1_box.py')",
    ),
    _reads(
        "imports-solutions",
        'import sys\nsys.path.insert(0, "@COURSE@")\nimport importlib\nfor name in ("solutions.q1_box", '
        '"tests.hidden.test_q1_box", "autograder.course", "conftest"):\n    found = attempt(importlib.import_module, name)\n'
        "    look(repr(vars(found)) if not isinstance(found, BaseException) else '')",
    ),
    _reads(
        "imports-by-location",
        "import importlib.util\nspec = importlib.util.spec_from_file_location('s', '@COURSE@/solutions/q1_box.py')\n"
        "module = importlib.util.module_from_spec(spec)\nattempt(spec.loader.exec_module, module)\nlook(repr(vars(module)))",
    ),
    _reads("reads-bytecode", 'walk("@COURSE@/solutions/__pycache__", "@COURSE@/tests/hidden/__pycache__")'),
    _reads(
        "walks-modules",
        "import sys\nfor module in list(sys.modules.values()):\n    for value in list(getattr(module, '__dict__', {}).values()):\n"
        "        if issubclass(type(value), (str, bytes)): look(value)",
        "no trusted module was ever in its memory",
        "E",
    ),
    _reads(
        "walks-the-heap",
        "import gc\ngc.unfreeze()\nfor one in gc.get_objects():\n    if issubclass(type(one), dict):\n        for value in list(dict.values(one)):\n"
        "            if issubclass(type(value), (str, bytes)) and len(value) < 100_000: look(value)",
        "it is forked from an interpreter that never held a trusted module",
        "E",
    ),
    _reads(
        "walks-frames",
        "import sys\nframe = sys._getframe()\nwhile frame:\n    look(repr(list(frame.f_locals.values()))[:100_000])\n"
        "    frame = frame.f_back\ntry:\n    raise KeyError\nexcept KeyError as error:\n    traceback = error.__traceback__\n"
        "    while traceback:\n        look(repr(traceback.tb_frame.f_globals)[:100_000])\n        traceback = traceback.tb_next",
        "no frame below is the marker's",
        "E",
    ),
    _reads(
        "reads-its-own-memory",
        "import ctypes, re\ntry:\n    maps = open('/proc/self/maps').read()\nexcept OSError:\n    maps = ''\n"
        "for line in maps.splitlines():\n    if '[heap]' in line or '[stack]' in line:\n"
        "        low, high = (int(x, 16) for x in line.split()[0].split('-'))\n        look(ctypes.string_at(low, high - low))",
        "it is forked from an interpreter that never held a secret",
        "E",
    ),
    _reads(
        "reads-environments",
        "for pid in ('self', 1, os.getppid(), @PID@):\n    read(f'/proc/{pid}/environ')\nlook(repr(dict(os.environ)))",
    ),
    _reads(
        "reads-all-of-proc",
        "pids = attempt(os.listdir, '/proc')\nfor pid in pids if isinstance(pids, list) else range(1, 400):\n"
        "    read(f'/proc/{pid}/environ')\n    read(f'/proc/{pid}/cmdline')",
    ),
    _reads(
        "reads-the-coordinators-memory",
        "for pid in (@PID@, os.getppid(), 1):\n    try:\n        memory = open(f'/proc/{pid}/mem', 'rb', buffering=0)\n"
        "        maps = open(f'/proc/{pid}/maps').read()\n    except OSError:\n        continue\n"
        "    for line in [line for line in maps.splitlines() if '[heap]' in line]:\n        low, high = (int(x, 16) for x in line.split()[0].split('-'))\n"
        "        memory.seek(low)\n        look(memory.read(high - low))",
    ),
    _reads(
        "follows-others-descriptors",
        "for pid in (@PID@, os.getppid(), 1, 'self'):\n    names = attempt(os.listdir, f'/proc/{pid}/fd')\n"
        "    for name in names if isinstance(names, list) else range(64):\n        path = f'/proc/{pid}/fd/{name}'\n"
        "        if os.path.isfile(path): read(path)",
    ),
    _reads(
        "traces-another-process",
        "import ctypes\nlibc = ctypes.CDLL(None, use_errno=True)\nfor pid in (@PID@, os.getppid(), 1):\n"
        "    if libc.ptrace(16, pid, 0, 0) == 0:\n        raise ValueError('traced')",
        "seccomp: no ptrace",
        "E",
    ),
    _reads(
        "process-vm-readv",
        "import ctypes\nlibc = ctypes.CDLL(None, use_errno=True)\nbuffer = ctypes.create_string_buffer(1 << 16)\n"
        "vector = (ctypes.c_size_t * 2)(ctypes.addressof(buffer), 1 << 16)\nfor pid in (@PID@, os.getppid()):\n"
        "    there = (ctypes.c_size_t * 2)(id(os.environ), 1 << 12)\n"
        "    if libc.process_vm_readv(pid, vector, ctypes.c_ulong(1), there, ctypes.c_ulong(1), ctypes.c_ulong(0)) > 0:\n"
        "        raise ValueError('read its memory')",
        "seccomp: no process_vm_readv",
        "E",
    ),
    _reads(
        "pidfd-getfd",
        "import ctypes\nlibc = ctypes.CDLL(None, use_errno=True)\nfor pid in (@PID@, os.getppid(), 1):\n"
        "    pidfd = libc.syscall(434, pid, 0)\n    for number in range(32):\n        if pidfd >= 0 and libc.syscall(438, pidfd, number, 0) >= 0:\n"
        "            raise ValueError('took a descriptor')",
        "seccomp: no pidfd_open, no pidfd_getfd",
        "E",
    ),
    _reads(
        "descends-through-its-descriptors",
        "for number in range(64):\n    for path in ('../..', '../../..@COURSE@/grader_config.yml', '@COURSE@/grader_config.yml'):\n"
        "        found = attempt(lambda: os.open(path, os.O_RDONLY, dir_fd=number))\n        if isinstance(found, int) and not os.path.isdir(path): look(os.read(found, 10_000))",
        "no folder's descriptor is left open; mounts",
    ),
    _reads(
        "leaves-its-root",
        "for _ in range(3):\n    attempt(os.chroot, '/tmp')\n    attempt(os.chdir, '../../../../../..')\n    attempt(os.fchdir, 3)\n"
        "attempt(os.chroot, '.')\nread('.@COURSE@/grader_config.yml')\nread('@COURSE@/grader_config.yml')",
        "seccomp: no chroot; no capability",
    ),
    _reads(
        "mounts",
        "import ctypes\nlibc = ctypes.CDLL(None, use_errno=True)\nfor kind in (b'proc', b'sysfs', b'tmpfs'):\n"
        "    if libc.mount(b'none', b'/tmp', kind, 0, None) == 0:\n        raise ValueError('mounted')\n"
        "if libc.unshare(0x10020000) == 0:\n    raise ValueError('unshared')",
        "seccomp: no mount, no unshare; no capability",
        "E",
    ),
    _reads(
        "links-to-the-solutions",
        "for make in (os.symlink, os.link):\n    path = '/tmp/@TOKEN@-' + make.__name__\n"
        "    attempt(make, '@COURSE@/solutions/q1_box.py', path)\n    read(path)",
        "seccomp: no link and no symlink; mounts",
    ),
    _reads(
        "shared-memory-and-swap",
        "walk('/dev/shm', '/dev/mqueue', '/run', '/var/lib/systemd/coredump')\nread('/dev/mem')\nread('/proc/kcore')\n"
        "import ctypes\nlibc = ctypes.CDLL(None, use_errno=True)\nfor key in range(50):\n    if libc.shmget(key, 1, 0) >= 0: raise ValueError('a segment')",
        "mounts; seccomp: no System V memory",
    ),
    _reads(
        "preloads-a-library",
        "os.environ['LD_PRELOAD'] = '/tmp/@TOKEN@.so'\nattempt(os.execv, '/bin/cat', ['cat', '@COURSE@/grader_config.yml'])",
        "seccomp: no exec",
        "E",
    ),
    _reads(
        "writes-into-site-packages",
        "import numpy, sys\nfor folder in [os.path.dirname(os.path.dirname(numpy.__file__)), *sys.path]:\n"
        "    for name in ('@TOKEN@.pth', 'sitecustomize-@TOKEN@.py', 'numpy/@TOKEN@.py'):\n"
        "        found = attempt(open, os.path.join(folder or '.', name), 'w')\n        if not isinstance(found, BaseException):\n"
        "            raise ValueError('wrote there')",
        "read-only mounts; Landlock",
    ),
    _reads(
        "changes-site-packages-in-the-cache",
        "import mmap, numpy\nfound = attempt(open, numpy.__file__, 'r+b')\n"
        "if not isinstance(found, BaseException):\n    raise ValueError('open for writing')\n"
        "found = attempt(os.open, numpy.__file__, os.O_RDONLY)\nif isinstance(found, int):\n"
        "    for make in (lambda: mmap.mmap(found, 0, prot=mmap.PROT_WRITE), lambda: os.ftruncate(found, 1 << 20)):\n"
        "        if not isinstance(attempt(make), BaseException): raise ValueError('changed')",
        "read-only mounts; Landlock; own uid",
    ),
    _reads(
        "finds-the-editable-install",
        "import numpy\nsite = os.path.dirname(os.path.dirname(numpy.__file__))\n"
        "for name in attempt(os.listdir, site) if os.path.isdir(site) else []:\n    if name.endswith('.pth') or name.startswith('__editable__'):\n"
        "        for line in open(os.path.join(site, name)):\n            if os.path.isdir(line.strip()) and os.listdir(line.strip()):\n                raise ValueError('reached ' + line)",
        MOUNTS,
        "B",
    ),
    _reads(
        "asks-who-it-is-graded-by",
        "look(repr([os.getuid(), os.uname(), os.getcwd() if os.path.isdir('.') else '']))",
        "nothing of it is secret",
        "E",
    ),
    _sends(
        "connects-over-tcp",
        "import socket\nsocket.create_connection(('127.0.0.1', @PORT@), 0.3).sendall(b'canary')\nreturn 0",
        "seccomp: no socket; a network of its own",
    ),
    _sends(
        "sends-over-udp",
        "import socket\nsocket.socket(socket.AF_INET, socket.SOCK_DGRAM).sendto(b'canary', ('127.0.0.1', @PORT@))\nreturn 0",
        "seccomp: no socket; a network of its own",
    ),
    _sends("asks-the-dns", "import socket\nsocket.gethostbyname('canary.example.org')\nreturn 0", "seccomp: no socket"),
    _sends(
        "abstract-socket",
        "import socket\ns = socket.socket(socket.AF_UNIX)\ns.connect('\\0@SOCKET@')\ns.sendall(b'canary')\nreturn 0",
        "seccomp: no socket; a network of its own; Landlock",
    ),
    _sends(
        "socket-in-a-folder",
        "import socket\ns = socket.socket(socket.AF_UNIX)\ns.connect('@SOCKET@')\ns.sendall(b'canary')\nreturn 0",
        "seccomp: no socket; mounts",
    ),
    _sends(
        "binds-an-abstract-socket",
        "import socket\ns = socket.socket(socket.AF_UNIX)\ns.bind('\\0@TOKEN@')\ns.listen()\nreturn 0",
        "seccomp: no socket, no bind",
    ),
    attack(
        "leaves-a-flag-on-descriptor-zero",
        stops="an open description of its own",
        score=CODE,
        head="import fcntl, os\nif fcntl.fcntl(0, fcntl.F_GETFL) & os.O_APPEND:\n    raise ValueError('found a flag')\n"
        "fcntl.fcntl(0, fcntl.F_SETFL, os.O_APPEND)\n",
    ),
    attack(
        "finds-a-flag-on-descriptor-zero",
        stops="an open description of its own",
        score=CODE,
        head="import fcntl, os\nif fcntl.fcntl(0, fcntl.F_GETFL) & os.O_APPEND:\n    raise ValueError('found a flag')\n"
        "fcntl.fcntl(0, fcntl.F_SETFL, os.O_APPEND)\n",
    ),
    _sends(
        "sends-by-a-pairs-other-way",
        "import socket\na, b = socket.socketpair(socket.AF_UNIX, socket.SOCK_DGRAM)\na.sendto(b'canary', '@SOCKET@-datagram')\nreturn 0",
        "seccomp: stream pairs only; Landlock's scope, a network and mounts of its own",
        weakest="D",
    ),
    attack(
        "leaves-a-file-for-the-next",
        stops="a scratch of its own, gone with its mounts; Landlock",
        score=CODE,
        head="import os\nfor folder in ('/tmp', '/dev/shm', '/var/tmp', '.', os.environ.get('TMPDIR', '/')):\n    try:\n        open(folder + '/@TOKEN@', 'x').write('1')\n    except OSError:\n        pass\n",
        weakest="D",
    ),
    attack(
        "finds-a-file-of-the-last",
        stops="a scratch of its own",
        score=CODE,
        head="import os\nfor folder in ('/tmp', '/dev/shm', '/var/tmp'):\n    if os.path.exists(folder + '/@TOKEN@'): raise ValueError('found')\n",
        weakest="D",
    ),
    attack(
        "learns-the-check-that-failed",
        stops="a hidden check's output, message and time are shown to nobody",
        score=REST,
        volume="return -1",
    ),
    attack(
        "prints-in-a-hidden-check",
        stops="what a hidden check prints goes nowhere",
        score=REST,
        volume="print('@TOKEN@')\nreturn -1",
    ),
]
