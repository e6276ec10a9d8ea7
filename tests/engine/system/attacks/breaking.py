"""Breaking the run: what does not end, what eats the machine, what crashes, and what changes its own limits."""

from __future__ import annotations

from .attack import AREA, CODE, REST, VOLUME, Attack, attack

PARTLY = "partly graded"
CLOCK = "every wait ends by the marker's clock; then the process is killed"
SHOWN = "no more of a value is looked at than is shown of it; an array is its shape"
FRESH = "a crash costs its call; the rest is asked of a fresh process"
MEMORY = "RLIMIT_DATA and RLIMIT_AS"
TOLD = "what is told of an exception is cut on the trusted side"


def _breaks(name: str, stops: str, volume: str, *, status: str = PARTLY, score: float = REST, **more) -> Attack:
    return attack(f"break-{name}", stops=stops, score=score, status=status, volume=volume, **more)


def _import(name: str, stops: str, head: str, *, score: float, status: str, **more) -> Attack:
    return attack(f"import-{name}", stops=stops, score=score, status=status, head=head, **more)


ATTACKS = [
    _import("loops", CLOCK, "while True: pass\n", score=0, status=PARTLY, trusted=True, says="q1_box.py"),
    _breaks("loops", CLOCK, "while True: pass", says="did not end within 1 s"),
    _breaks(
        "loops-over-except",
        CLOCK,
        "while True:\n    try:\n        while True: pass\n    except BaseException: pass",
        trusted=True,
    ),
    _breaks("sleeps", CLOCK, "import time\ntime.sleep(600)", trusted=True),
    _breaks("deadlocks", CLOCK, "import threading\nlock = threading.Lock()\nlock.acquire()\nlock.acquire()", trusted=True),
    _breaks(
        "loops-in-repr",
        "a value is told by its type's name; its repr is never asked for",
        "class Any:\n    def __repr__(self):\n        while True: pass\n    __str__ = __repr__\nreturn Any()",
        status="graded",
    ),
    _breaks(
        "loops-in-an-exceptions-text",
        CLOCK,
        "class Any(Exception):\n    def __str__(self):\n        while True: pass\nraise Any",
        trusted=True,
    ),
    _breaks("loops-in-del", CLOCK, "class Any:\n    def __del__(self):\n        while True: pass\nAny()", trusted=True),
    _breaks(
        "loops-in-a-conversion",
        "an int crosses by int's own methods",
        "class Any(int):\n    def __index__(self):\n        while True: pass\n    __int__ = __str__ = __repr__ = __index__\nreturn Any(5)",
        status="graded",
    ),
    _breaks("loops-in-c", CLOCK, "import re\nre.match('(a+)+$', 'a' * 60 + 'b')", trusted=True),
    _breaks(
        "ignores-signals",
        "SIGKILL",
        "import signal\nfor one in set(signal.Signals) - {signal.SIGKILL, signal.SIGSTOP}:\n    signal.signal(one, signal.SIG_IGN)\n"
        "signal.pthread_sigmask(signal.SIG_BLOCK, set(signal.Signals))\nwhile True: pass",
        heavy=True,
    ),
    _breaks(
        "stops-itself",
        CLOCK,
        "import os, signal\nos.kill(os.getpid(), signal.SIGSTOP)\nimport time\ntime.sleep(60)",
        heavy=True,
    ),
    _breaks("reads-input", "standard input is empty", "return int(input())"),
    _breaks("reads-standard-input", "standard input is empty", "import sys\nreturn len(sys.stdin.read())", status="graded"),
    _breaks(
        "reads-descriptor-zero", "standard input is /dev/null", "import os\nreturn len(os.read(0, 100))", status="graded"
    ),
    _breaks("debugger", "standard input is empty", "breakpoint()\nreturn 0"),
    _breaks("fork-bomb", "seccomp: threads only", "import os\nwhile True:\n    os.fork()"),
    _breaks("vfork-and-spawn", "seccomp: no process", "import os\nos.posix_spawn('/bin/true', ['true'], {})\nreturn 0"),
    _breaks("multiprocessing", "seccomp: no process", "import multiprocessing\nmultiprocessing.Pool(50)\nreturn 0"),
    _breaks(
        "thread-bomb",
        "RLIMIT_NPROC for its own uid, RLIMIT_AS, and the clock",
        "import threading, time\nwhile True:\n    threading.Thread(target=time.sleep, args=(600,), daemon=True).start()",
        heavy=True,
    ),
    _breaks("memory-at-once", MEMORY, "return len(bytearray(1 << 40))"),
    _breaks("memory-of-two-gigabytes", MEMORY, "return len(bytearray(2 << 30))"),
    _breaks("memory-slowly", MEMORY, "kept = []\nwhile True:\n    kept.append(bytearray(1 << 22))", heavy=True),
    _breaks("memory-of-tensors", MEMORY, "import torch\nkept = [torch.ones(1 << 22) for _ in range(1000)]\nreturn 0"),
    _breaks("memory-shared", MEMORY, "import mmap\nkept = mmap.mmap(-1, 4 << 30)\nreturn 0"),
    _breaks(
        "memory-of-many-mappings",
        MEMORY,
        "import mmap\nkept = []\nwhile True:\n    kept.append(mmap.mmap(-1, 1 << 24))\n    kept[-1].write(bytes(1 << 24))",
        heavy=True,
    ),
    _breaks("memory-of-a-long-integer", "MemoryError or the clock", "return 1 << (1 << 45)"),
    _breaks(
        "fills-the-disk",
        "its scratch is a tmpfs of a few megabytes; elsewhere nothing can be written; RLIMIT_FSIZE",
        "import os\nfor folder in ('/tmp', '/dev/shm', '/var/tmp', '.'):\n    try:\n"
        "        with open(folder + '/@TOKEN@', 'wb') as file:\n            while True:\n                file.write(bytes(1 << 20))\n"
        "    except OSError:\n        pass\nraise OSError('full')",
        weakest="D",
    ),
    _breaks(
        "a-million-files",
        "nr_inodes of its scratch",
        "import os\nfor number in range(1_000_000):\n    open(f'/tmp/@TOKEN@-{number}', 'w').close()",
        weakest="D",
    ),
    _breaks(
        "deep-folders",
        "nr_inodes of its scratch",
        "import os\nwhile True:\n    os.mkdir('@TOKEN@')\n    os.chdir('@TOKEN@')",
        weakest="D",
    ),
    _breaks("descriptors", "RLIMIT_NOFILE", "import os\nkept = []\nwhile True:\n    kept.append(os.pipe())"),
    _breaks(
        "prints-gigabytes",
        "it is /dev/null; the clock",
        "import os\nwhile True:\n    os.write(1, bytes(1 << 20))",
        heavy=True,
    ),
    _breaks("raises-gigabytes", "an exception's text is cut before it is sent", "raise ValueError('x' * (1 << 27))"),
    _breaks("returns-too-much", "reply_mb", "import numpy\nreturn numpy.zeros(1 << 22)"),
    _breaks("returns-too-many", "the encoder's bound on items", "return [0] * 10_000_000"),
    _breaks("returns-itself", "the encoder's depth", "found = []\nfound.append(found)\nreturn found"),
    _breaks("native-crash", FRESH, "import ctypes\nctypes.string_at(0)"),
    _breaks("aborts", FRESH, "import os\nos.abort()"),
    _breaks("corrupts-memory", FRESH, "import ctypes\nctypes.memset(id(None), 0xFF, 64)\nreturn None"),
    _breaks("frees-twice", FRESH, "import ctypes\nlibc = ctypes.CDLL(None)\nlibc.free(id(5) + 8)\nreturn 0"),
    _breaks("recursion", "Python's own limit", "return volume(height, width, channels)", says="itself"),
    _breaks(
        "stack-overflow",
        FRESH,
        "import sys\nsys.setrecursionlimit(1 << 30)\nclass Any:\n    def __getattr__(self, name): return getattr(self, name + 'x')\n"
        "f = lambda n: f(n + 1)\nrepeat = lambda v: [repeat(v) for _ in map(repeat, [v])]\nrepeat(0)",
    ),
    _breaks(
        "raises-its-limits",
        "hard limits cannot be raised without a capability",
        "import resource\nfor kind in range(16):\n    try:\n        resource.setrlimit(kind, (resource.RLIM_INFINITY,) * 2)\n"
        "    except (OSError, ValueError):\n        pass\nreturn len(bytearray(8 << 30))",
    ),
    _breaks(
        "lowers-its-limits",
        FRESH,
        "import resource\nfor kind in (resource.RLIMIT_NOFILE, resource.RLIMIT_FSIZE, resource.RLIMIT_DATA):\n"
        "    resource.setrlimit(kind, (0, 0))\nimport os\nos._exit(1)",
    ),
    _breaks(
        "priority-and-affinity",
        "seccomp: neither is allowed",
        "import os\nfor change in (lambda: os.nice(-20), lambda: os.sched_setaffinity(0, {0}), lambda: os.setpriority(0, 0, -20),\n"
        "        lambda: os.sched_setscheduler(0, os.SCHED_FIFO, os.sched_param(99))):\n    try:\n        change()\n"
        "        raise ValueError('changed')\n    except OSError:\n        pass\nreturn 0",
        status="graded",
    ),
    _breaks(
        "limits-of-others",
        "seccomp: its own limits only",
        "import resource\nresource.prlimit(@PID@, resource.RLIMIT_CORE)\nreturn 0",
    ),
    _breaks(
        "signals-through-a-descriptor",
        "seccomp: no owner of a descriptor's signals",
        "import fcntl, socket\none, _ = socket.socketpair()\nfcntl.fcntl(one, fcntl.F_SETOWN, @PID@)\nreturn 0",
    ),
    _breaks("modes-of-others-files", "mounts; seccomp: no chmod", "import os\nos.chmod('@OUT@/planted.txt', 0)\nreturn 0"),
    _breaks(
        "times-of-others-files", "mounts; seccomp: no utime", "import os\nos.utime('@OUT@/planted.txt', (1, 1))\nreturn 0"
    ),
    _breaks(
        "returns-an-array-that-numpy-writes-out",
        SHOWN,
        "import numpy\nreturn [[numpy.zeros((6,) * 7, numpy.float16)]]",
        status="graded",
    ),
    _breaks(
        "returns-an-array-in-a-dict-in-a-tuple",
        SHOWN,
        "import numpy\nreturn ({'a': (numpy.zeros((6,) * 7, numpy.float16),)},)",
        status="graded",
    ),
    _breaks(
        "returns-an-array-of-many-axes", "a bound on axes", "import numpy\nreturn numpy.zeros((2,) * 16)", status="graded"
    ),
    _breaks(
        "returns-a-tree-of-types",
        SHOWN,
        "def tree(depth): return [tree(depth - 1) for _ in range(4)] if depth else [1, 1.0, True, None]\nreturn tree(7)",
    ),
    _breaks("returns-long-keys", SHOWN, "return {'k' * 200_000 + str(n): n for n in range(4)}"),
    _breaks("returns-long-texts", SHOWN, "return ['x' * 100_000] * 9"),
    _breaks("returns-long-integers", SHOWN, "return [10 ** 900] * 900"),
    _breaks("returns-an-empty-forest", SHOWN, "return [[]] * 90_000"),
    _breaks(
        "memory-shared-beside-its-own",
        "seccomp: no anonymous mapping that is shared",
        "import mmap\nkept = [bytearray(200 << 20), mmap.mmap(-1, 250 << 20)]\nkept[1].write(bytes(250 << 20))\nreturn 0",
    ),
    _breaks(
        "sockets-of-datagrams",
        "seccomp: stream pairs only",
        "import socket\nsocket.socketpair(socket.AF_UNIX, socket.SOCK_DGRAM)\nreturn 0",
    ),
    _breaks("module-of-a-megabyte", TOLD, "raise ModuleNotFoundError('x', name='y' * 900_000)", trusted=True),
    _breaks("type-of-a-megabyte", TOLD, "raise type('y' * 900_000, (RuntimeError,), {})", trusted=True),
    _breaks(
        "line-beyond-all-numbers",
        TOLD,
        "error = SyntaxError('x')\nerror.lineno = error.offset = 10**30\nraise error",
        trusted=True,
    ),
    _breaks(
        "oversubscribed",
        "a thread is all it gets",
        "import torch\ntorch.set_num_threads(512)\nimage = torch.zeros(64, 64)\nfor _ in range(20):\n    image = image @ image\nreturn 0",
        status=PARTLY,
    ),
    _breaks(
        "profiles-the-marker",
        "its tracing sees its own process",
        "import sys\nsys.settrace(lambda *_: 1 / 0)\nsys.setprofile(lambda *_: None)\nreturn 0",
        status=PARTLY,
    ),
    _breaks(
        "alarm",
        FRESH,
        "import signal\nsignal.alarm(1)\nsignal.setitimer(signal.ITIMER_REAL, 0.05)\nimport time\ntime.sleep(5)",
    ),
    attack(
        "break-every-call-in-turn",
        stops="two timeouts of a function and it is not waited for; the whole submission has its time",
        score=0,
        status=PARTLY,
        source="import time\ndef area(*_): time.sleep(60)\nvolume = Scale = area\n",
        trusted=True,
    ),
    attack(
        "break-the-second-call-only",
        stops=FRESH,
        score=CODE - 10,
        status=PARTLY,
        area="import os, itertools\ncount = itertools.count()\n"
        + AREA.replace("    return", "    if next(count) == 1: os._exit(3)\n    return"),
    ),
    attack(
        "break-once-imported-by-another",
        stops=FRESH,
        score=0,
        status=PARTLY,
        source="import q1_box\n" + AREA.replace("area", "other") + VOLUME + "raise SystemError\n",
    ),
    attack(
        "unlucky-import",
        stops="nothing: a module that is imported and not used",
        score=CODE,
        status="graded",
        head="import tensorflow\n",
    ),
    attack(
        "unlucky-syntax",
        stops="nothing: an honest mistake",
        score=0,
        status=PARTLY,
        source="def area(height, width=4)\n    return 1\n",
        says="line 1",
    ),
    attack("unlucky-digits", stops="nothing: an honest mistake", score=0, status=PARTLY, source="x = ۳۶\n", says="3"),
]
