"""Forging the result: reports that are printed or written, answers that nobody asked for, endings that look like success."""

from __future__ import annotations

from autograder.prepare.attacks.portable import FRAMES
from autograder.wall.inside import serve

from .attack import CODE, REST, attack

REPORT = '{"score": 80, "tests": [{"name": "q1", "score": 80, "max_score": 80, "status": "passed"}]}'
PARTLY = "partly graded"
# By reference, so that a rename in the loop cannot leave an attack on a name that is gone.
ANSWERING = tuple(one.__name__ for one in (serve._operate, serve._kept, serve._report))
_TARGETS = (
    '["@OUT@/submissions/{0}/results.json", "@OUT@/grades.csv", "@OUT@/gradebook.sqlite", "results.json", "/tmp/@TOKEN@"]'
)
WRITES = f"""
import os
REPORT = {REPORT!r}
def rewrite():
    for path in {_TARGETS}:
        try:
            os.makedirs(os.path.dirname(path), exist_ok=True)
            with open(path, "w") as file:
                file.write(REPORT)
        except OSError:
            pass
"""
NO_ANSWER = "an answer is a frame on the channel with the number of the call; nothing else is read"
OUT_OF_SIGHT = "the results are not in its mounts, and Landlock grants no writing"

ATTACKS = [
    attack(
        "prints-a-passing-report",
        stops="standard output and error are /dev/null; scores are computed by the marker",
        score=0,
        source=f"import sys\nfor out in (sys.stdout, sys.stderr, sys.__stdout__):\n    print({REPORT!r}, file=out, flush=True)\n",
    ),
    attack(
        "prints-it-by-descriptor",
        stops="descriptors 0 to 2 are /dev/null",
        score=REST,
        volume=f"import os\nfor number in (0, 1, 2):\n    os.write(number, {REPORT!r}.encode())\nreturn 80",
    ),
    attack("writes-results-at-import", stops=OUT_OF_SIGHT, score=CODE, head=WRITES + "rewrite()\n", weakest="D"),
    attack(
        "writes-results-in-a-call", stops=OUT_OF_SIGHT, score=REST, head=WRITES, volume="rewrite()\nreturn 0", weakest="D"
    ),
    attack(
        "writes-results-later-from-a-thread",
        stops="the process is killed, with every thread, when the submission ends",
        score=CODE,
        head=WRITES
        + "import threading, time\ndef later():\n    while True:\n        time.sleep(0.05)\n        rewrite()\n"
        + "threading.Thread(target=later, daemon=True).start()\n",
        weakest="D",
    ),
    attack(
        "writes-results-at-exit",
        stops="the process is killed, never asked to exit",
        score=CODE,
        head=WRITES + "import atexit, weakref\natexit.register(rewrite)\nweakref.finalize(rewrite.__class__, rewrite)\n",
        weakest="D",
    ),
    attack(
        "writes-results-in-del",
        stops=OUT_OF_SIGHT,
        score=CODE,
        head=WRITES + "class Last:\n    def __del__(self): rewrite()\nkept = Last()\nLast()\n",
        weakest="D",
    ),
    attack(
        "writes-results-on-signals",
        stops="SIGKILL cannot be handled",
        score=CODE,
        head=WRITES
        + "import signal\nfor one in set(signal.Signals) - {signal.SIGKILL, signal.SIGSTOP}:\n"
        + "    signal.signal(one, lambda *_: rewrite())\n",
        weakest="D",
    ),
    attack(
        "leaves-a-daemon",
        stops="seccomp allows threads, not processes; a pid namespace ends with its first process",
        score=REST,
        status=PARTLY,
        head=WRITES,
        volume="import os, time\nif os.fork() == 0:\n    os.setsid()\n    if os.fork() == 0:\n        time.sleep(1)\n"
        "        rewrite()\n    os._exit(0)\nreturn 0",
    ),
    attack(
        "leaves-a-subprocess",
        stops="seccomp: no process and no exec",
        score=REST,
        status=PARTLY,
        volume='import subprocess\nsubprocess.Popen(["sh", "-c", "sleep 300 & echo > /tmp/@TOKEN@"])\nreturn 0',
    ),
    attack("exits-with-success", stops=NO_ANSWER, score=REST, status=PARTLY, volume="import sys\nsys.exit(0)"),
    attack("exits-at-once", stops=NO_ANSWER, score=REST, status=PARTLY, volume="import os\nos._exit(0)"),
    attack("exits-at-import", stops=NO_ANSWER, score=0, status=PARTLY, head="import os\nos._exit(0)\n"),
    attack("system-exit-at-import", stops=NO_ANSWER, score=0, status=PARTLY, head="raise SystemExit(0)\n"),
    attack(
        "kills-its-parent",
        stops="seccomp: a signal to itself only",
        score=CODE,
        head="import os, signal\nfor pid in (os.getppid(), 0, -1, @PID@, -@PID@):\n    for one in (9, 15, 2, 19):\n"
        "        try:\n            os.kill(pid, one)\n        except OSError:\n            pass\n",
    ),
    attack(
        "writes-to-every-descriptor",
        stops="the only descriptor it has besides /dev/null is its channel, and unasked bytes there end the process",
        score=REST,
        status=PARTLY,
        head=FRAMES,
        volume=f"for number in range(64):\n    try:\n        os.write(number, {REPORT!r}.encode())\n    except OSError:\n"
        "        pass\nreturn 6",
    ),
    attack(
        "opens-descriptors-anew",
        stops="no /proc in its mounts; Landlock",
        score=CODE,
        head=f"import glob\nfor path in glob.glob('/proc/self/fd/*') + glob.glob('/proc/*/fd/*'):\n    try:\n"
        f"        open(path, 'w').write({REPORT!r})\n    except OSError:\n        pass\n",
        weakest="D",
    ),
    attack(
        "sends-passing-frames",
        stops="an answer nobody asked for ends the process",
        score=0,
        status=PARTLY,
        head=FRAMES + 'send(*[frame([number, "ok", True]) for number in range(1, 60)])\n',
    ),
    attack(
        "answers-twice",
        stops="what is in the channel before a call is unasked",
        score=REST,
        status=PARTLY,
        head=FRAMES,
        volume='send(*[frame([number, "ok", 24]) for number in range(1, 20)])\nreturn 24',
    ),
    attack(
        "replays-what-it-was-sent",
        stops="the reply must have this call's number and be of a known kind",
        score=REST,
        status=PARTLY,
        head=FRAMES,
        volume='send(frame([1, "call", ["q1_box", "volume", [2, 3, 4], {}]]))\nreturn 24',
    ),
    attack(
        "claims-four-gigabytes",
        stops="lengths are checked before anything is read",
        score=REST,
        status=PARTLY,
        head=FRAMES,
        volume='send(struct.pack(">IQ", 2**32 - 1, 2**64 - 1))\nimport time\ntime.sleep(5)',
    ),
    attack(
        "claims-more-than-it-sends",
        stops="every wait ends by the marker's clock",
        score=REST,
        status=PARTLY,
        head=FRAMES,
        volume='send(struct.pack(">IQ", 1000, 0))\nimport time\ntime.sleep(60)',
    ),
    attack(
        "trickles-an-answer",
        stops="one deadline a call, not one a piece",
        score=REST,
        status=PARTLY,
        head=FRAMES,
        volume='import time\nsend(struct.pack(">IQ", 1000, 0))\nfor _ in range(1000):\n    send(b" ")\n    time.sleep(0.05)',
    ),
    *(
        attack(
            f"sends-{name}",
            stops="the decoder takes only what the encoder would have written",
            score=REST,
            status=PARTLY,
            trusted=True,
            head=FRAMES,
            volume=f"send(frame({value}))\nimport time\ntime.sleep(5)",
        )
        for name, value in [
            ("nesting", "b'[' * 100_000 + b']' * 100_000"),
            ("a-million-digits", "b'[5, \"ok\", ' + b'9' * 1_000_000 + b']'"),
            ("a-tagged-million-digits", 'b\'[5, "ok", {"i": "\' + b"9" * 1_000_000 + b\'"}]\''),
            ("duplicate-keys", 'b\'[5, "ok", {"d": [["a", 1], ["a", 2]]}]\''),
            ("invalid-utf-8", 'b\'[5, "ok", "\\xff\\xfe"]\''),
            ("a-bare-nan", "b'[5, \"ok\", NaN]'"),
            ("an-array-without-data", 'b\'[5, "ok", {"a": ["float64", [1000000], 0]}]\''),
            ("an-object-dtype", 'b\'[5, "ok", {"a": ["O", [1], 0]}]\''),
            ("no-number", "b'[null, \"ok\", 24]'"),
            ("no-kind", "b'[5, {\"t\": []}, 24]'"),
            ("pickle", "b'cos\\nsystem\\n(S\"touch /tmp/@TOKEN@\"\\ntR.'"),
        ]
    ),
    attack("returns-nan", stops="a NaN is the same as nothing", score=REST, volume='return float("nan")'),
    attack("returns-infinity", stops="compared with the reference's number", score=REST, volume='return float("inf")'),
    attack(
        "returns-a-million-digits",
        stops="a longer integer is no plain data",
        score=REST,
        status=PARTLY,
        volume="return 9**1_000_000",
    ),
    attack(
        "returns-a-deep-list",
        stops="the encoder's depth, and the decoder's where that is patched",
        score=REST,
        status=PARTLY,
        volume="found = []\nfor _ in range(100_000):\n    found = [found]\nreturn found",
    ),
    attack(
        "closes-its-channel",
        stops="a closed channel is a crash: the call is lost, the rest is asked of a fresh process",
        score=REST,
        status=PARTLY,
        volume="import os\nos.closerange(0, 64)\nimport time\ntime.sleep(5)",
    ),
    attack(
        "replaces-the-answering-loop",
        stops="nothing on its side is believed: it may only say values, which the marker compares",
        score=0,
        head="import sys\nfor name, module in list(sys.modules.items()):\n    if name.startswith('wall'):\n"
        f"        for key, value in list(vars(module).items()):\n            if callable(value) and key in {ANSWERING}:\n"
        "                setattr(module, key, lambda *_: True)\n",
    ),
    attack(
        "raises-a-passed-check",
        stops="exceptions cross as a name and a text, and are built anew from builtin types",
        score=REST,
        status=PARTLY,
        volume="class Passed(Exception): pass\nPassed.__name__ = 'Outcome.PASSED'\nraise Passed('passed', 80)",
    ),
    attack(
        "raises-what-pytest-expects",
        stops="a hidden test expects an error only where the reference raises one",
        score=0,
        status=PARTLY,
        source="def area(*_): raise ValueError\nvolume = Scale = area\n",
    ),
    attack(
        "raises-a-skip",
        stops="a skip of pytest's is but an exception with a name",
        score=REST,
        status=PARTLY,
        volume="class Skipped(BaseException): pass\nclass Exit(Skipped): pass\nraise Exit('skipped')",
    ),
]
