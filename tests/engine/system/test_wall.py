"""The wall itself, at every tier this machine offers: what a call gives, what a failure costs, what is out of reach."""

import os
import sys
import time

import numpy as np
import pytest

from autograder.model import Limits, Tier
from autograder.prepare.attacks.watch import processes
from autograder.wall import installed
from autograder.wall.failures import Crashed, NotAttempted, StudentFailure, StudentRaised, TimedOut
from autograder.wall.session import Session
from autograder.wall.student import Student

ADD = "def add(a, b=1):\n    return a + b\n"


def test_a_call_gives_plain_data_as_it_is(behind):
    student = behind("import numpy as np, torch\n" + ADD + "def echo(x): return x\ndef t(): return torch.arange(3)\n")
    assert student.q.add(2, b=5) == 7
    assert student.q.echo((1, [2.5, None], {"k": True})) == (1, [2.5, None], {"k": True})
    np.testing.assert_array_equal(student.q.echo(np.eye(3)), np.eye(3))
    np.testing.assert_array_equal(student.q.t(), np.arange(3))


def test_numpy_and_torch_integers_are_integers(behind):
    student = behind("import numpy as np, torch\ndef n(): return np.int64(5)\ndef t(): return torch.tensor(5)\n")
    assert type(student.q.n()) is int and type(student.q.t()) is int


def test_a_module_is_asked_through_its_handle(behind):
    student = behind(
        "import torch\nclass Net(torch.nn.Module):\n    def __init__(self, n):\n        super().__init__()\n"
        "        self.layer = torch.nn.Linear(n, 2)\n    def forward(self, x): return self.layer(x)\n"
    )
    net = student.q.Net(3)
    net.double()
    weight, bias = np.arange(6.0).reshape(2, 3), np.array([1.0, -1.0])
    assert {name: array.shape for name, array in net.parameters().items()} == {
        "layer.weight": (2, 3),
        "layer.bias": (2,),
    }
    net.load({"layer.weight": weight, "layer.bias": bias})
    x = np.array([[1.0, 2.0, 3.0]])
    np.testing.assert_allclose(net(x), x @ weight.T + bias)
    into_input, into_weights = net.gradients(x, np.ones((1, 2)))
    np.testing.assert_allclose(into_input, weight.sum(0, keepdims=True))
    np.testing.assert_allclose(into_weights["layer.bias"], [1.0, 1.0])


def test_what_a_student_raises_is_that_builtin_exception(behind):
    student = behind("class Mine(ValueError): pass\ndef f(): raise Mine('too small')\ndef g(): raise AssertionError\n")
    with pytest.raises(ValueError) as caught:
        student.q.f()
    assert caught.value.message.values == {
        "type": "Mine",
        "kind": "ValueError",
        "text": "too small",
        "where": "q.py, line 2",
    }
    with pytest.raises(StudentRaised):
        student.q.g()


def test_stubs_and_missing_names_and_files_are_not_attempted(behind):
    student = behind("def stub(): raise NotImplementedError\n")
    for ask in (student.q.stub, student.q.other, student.elsewhere.f):
        with pytest.raises(NotAttempted):
            ask()


def test_a_syntax_error_names_the_character_and_what_to_type(behind):
    student = behind("def f():\n    return ۳۶\n")
    with pytest.raises(StudentRaised) as caught:
        student.q.f()
    message = caught.value.message
    assert message.key == "check.syntax_character"
    assert (message.values["line"], message.values["character"], message.values["instead"]) == (2, "۳", "3")


@pytest.mark.parametrize(
    "body, error",
    [
        ("while True: pass", TimedOut),
        ("import time; time.sleep(60)", TimedOut),
        (
            "import threading; threading.Lock().acquire(); threading.Lock(); l = threading.Lock(); l.acquire(); l.acquire()",
            TimedOut,
        ),
        ("import signal; signal.signal(signal.SIGTERM, signal.SIG_IGN); signal.pause()", TimedOut),
        ("import os; os._exit(0)", Crashed),
        ("import ctypes; ctypes.string_at(0)", Crashed),
        ("import os; os.abort()", Crashed),
        ("import sys; sys.exit(0)", StudentRaised),
        ("raise KeyboardInterrupt", StudentRaised),
        ("input()", EOFError),
        ("bytearray(1 << 40)", MemoryError),
        ("f()", RecursionError),
    ],
)
def test_a_call_that_does_not_end_well_costs_itself_alone(behind, body, error):
    student = behind(f"def f():\n    {body}\n" + ADD, call_seconds=0.7)
    with pytest.raises(error):
        student.q.f()
    assert student.q.add(1) == 2


def test_a_file_that_hangs_at_import_is_waited_for_once(behind):
    student = behind("while True: pass", import_seconds=0.5)
    for _ in range(3):
        with pytest.raises(TimedOut) as caught:
            student.q.f()
        assert caught.value.message.key == "check.import_timeout"


def test_after_two_timeouts_a_function_is_not_waited_for(behind):
    student = behind("def f():\n    while True: pass\n" + ADD, call_seconds=0.3)
    keys = []
    for _ in range(4):
        with pytest.raises(TimedOut) as caught:
            student.q.f()
        keys.append(caught.value.message.key)
    assert keys == ["check.timeout"] * 2 + ["check.timeout_skipped"] * 2
    assert student.q.add(1) == 2


def test_the_whole_submission_has_a_time(behind):
    student = behind("import time\ndef f(): time.sleep(0.4)\n", submission_seconds=1.0)
    with pytest.raises(TimedOut) as caught:
        for _ in range(10):
            student.q.f()
    assert caught.value.message.key in ("result.time_up", "check.timeout")


@pytest.mark.parametrize(
    "line", ["from two import X", "from .two import X", "import two; X = two.X", "from . import two as t; X = t.X"]
)
def test_the_students_files_import_each_other(zygote, line):
    with Session(zygote, {"one": f"{line}\ndef f(): return X", "two": "X = 41 + 1"}, Limits()) as session:
        assert Student(session).one.f() == 42


HONEST = {  # what f() is to give, and the file
    "threads": (
        [1],
        "import threading, torch\ndef f():\n    out = []\n    t = threading.Thread(target=lambda: out.append(1))\n"
        "    t.start(); t.join()\n    torch.set_num_threads(4)\n    torch.nn.Conv2d(3, 16, 5)(torch.zeros(1, 3, 64, 64))\n    return out",
    ),
    "a pool of threads": (
        3,
        "from concurrent.futures import ThreadPoolExecutor\ndef f():\n    with ThreadPoolExecutor(4) as pool:\n"
        "        return sum(pool.map(abs, [1, -2]))",
    ),
    "threads of torch's own": (
        4,
        "import torch\ntorch.set_num_threads(4)\ntorch.set_num_interop_threads(2)\ndef f(): return torch.get_num_threads()",
    ),
    "warnings and prints": (
        1,
        "import logging, sys, warnings\nwarnings.warn('deprecated'); print('hello'); print('oops', file=sys.stderr, flush=True)\n"
        "logging.basicConfig(level=logging.INFO)\ndef f():\n    print('x' * 100_000)\n    logging.info('y')\n    return 1",
    ),
    "a slow import": (1, "import time\ntime.sleep(0.3)\ndef f(): return 1"),
    "a guard": (1, "def f(): return 1\nif __name__ == '__main__':\n    raise SystemExit(input())"),
    "where it is": (
        True,
        "import os, pathlib\nHERE = os.path.dirname(os.path.abspath(__file__))\nALSO = pathlib.Path(__file__).resolve().parent\n"
        "def f(): return os.getcwd() == HERE == str(ALSO)",
    ),
    "the standard library": (
        [1, 2, 3],
        "from __future__ import annotations\nimport csv, doctest, functools, itertools, sqlite3, tomllib, unittest.mock, urllib.request\n"
        "import xml.etree.ElementTree, zoneinfo\nfrom collections import Counter, namedtuple\nfrom dataclasses import dataclass\n"
        "from typing import NamedTuple\nPair = namedtuple('Pair', 'a b')\nclass One(NamedTuple):\n    x: int\n@dataclass\nclass Three:\n"
        "    x: int = 3\n@functools.lru_cache(None)\ndef f(): return [One(1).x, Pair(1, 2).b, Three().x]",
    ),
    "parts of numpy and torch": (
        2,
        "import io, numpy as np, numpy.ma, torch, torch.nn.utils.parametrizations, torch.nn.utils.prune, torch.utils.checkpoint\n"
        "from numpy.lib.stride_tricks import sliding_window_view\ndef f():\n    net, file = torch.nn.Linear(2, 2), io.BytesIO()\n"
        "    torch.save(net.state_dict(), file)\n    file.seek(0)\n    torch.optim.Adam(net.parameters()).step()\n    return len(torch.load(file))",
    ),
    "sizes are tuples": ([(1, 2), (2, 3)], "import torch\ndef f(): return [torch.Size([1, 2]), torch.zeros(2, 3).shape]"),
    "its own source": (True, "import inspect\ndef f(): return 'inspect' in inspect.getsource(f)"),
}


@pytest.mark.parametrize("name", HONEST)
def test_honest_things_work(behind, name):
    gives, source = HONEST[name]
    assert behind(source, call_seconds=10.0).q.f() == gives


@pytest.mark.parametrize(
    "where", ["tempfile.TemporaryFile('w+')", "open('notes.txt', 'w+')", "open(tempfile.gettempdir() + '/notes.txt', 'w+')"]
)
def test_a_temporary_file_works_or_is_told_of(behind, zygote, where):
    student = behind(f"import tempfile\ndef f():\n    with {where} as t:\n        t.write('x'); t.seek(0); return t.read()")
    if zygote.tier in (Tier.A, Tier.B):
        assert student.q.f() == "x"
    elif zygote.tier in (Tier.C, Tier.D):
        with pytest.raises(PermissionError) as caught:
            student.q.f()
        assert caught.value.message.key == "check.refused"
        assert "q.py, line 3" in caught.value.message.values["where"]


def test_a_file_that_is_not_there_is_named(behind, zygote):
    with pytest.raises(OSError) as caught:
        behind("def f(): return open('data.csv').read()").q.f()
    assert caught.value.message.key == ("check.refused" if zygote.tier is Tier.C else "check.no_file")
    assert "data.csv" in caught.value.message.values["text"]


@pytest.mark.parametrize(
    "source, key, says",
    [
        ("import plots_not_installed.pyplot as plt\ndef f(): return plt.plot(1)", "check.import", "plots_not_installed"),
        ("from torch.nn import Conv2D", "check.import_failed", "cannot import name 'Conv2D' from 'torch.nn'"),
        ("from .two import X\ndef f(): return X", "check.import", "two"),
        ("from ..two import X", "check.import_failed", "relative import"),
        ("exit()", "check.exited", "q.py, line 1"),
        ("import multiprocessing\nmultiprocessing.Pool(2)", "check.refused", "no process can be started here"),
        ("import multiprocessing\nmultiprocessing.Process(target=print).start()", "check.refused", "line 2"),
        ("from concurrent.futures import *\nProcessPoolExecutor(2).submit(print)", "check.refused", "no process can"),
        ("import subprocess\nsubprocess.run(['ls'])", "check.refused", "line 2"),
        ("def f(): return {1, 2}", "check.no_value", "set"),
        ("def f(): return map(int, '12')", "check.no_value", "map"),
        ("def f(): return range(3)", "check.no_value", "range"),
    ],
)
def test_what_cannot_be_had_is_told_plainly_and_alike_at_every_tier(behind, source, key, says):
    student = behind(source if "def f" in source else f"{source}\ndef f(): return 1")
    with pytest.raises(StudentRaised) as caught:
        student.q.f()
    assert caught.value.message.key == key
    assert says in str(caught.value.message.values) and "site-packages" not in str(caught.value.message.values)


BESIDE = """
import importlib.util, sys
there = importlib.util.find_spec("{module}") is not None
try:
    import {module}
except ImportError as error:
    failed = [type(error).__name__, error.name, str(error)]
import {module} as it
import {module}.inner
from {module} import thing
def first(): return [there, *failed]
def used(): return it.get("x")
def given(): return thing
def names(): return sorted(sys.modules)
"""


def test_what_is_installed_beside_grading_is_as_what_is_not_installed(behind):
    all_beside = {*installed.beside_grading()["modules"]}
    beside = [name for name in ("requests", "httpx", "hypothesis", "dill") if name in all_beside]
    assert beside, "the tests need some"
    told = {}
    for module in ["of_nobody", *beside]:
        student = behind(BESIDE.format(module=module))
        assert student.q.first() == [False, "ModuleNotFoundError", module, f"No module named '{module}'"]
        for name in ("used", "given"):
            with pytest.raises(ModuleNotFoundError) as caught:
                getattr(student.q, name)()
            message = caught.value.message
            assert message.key == "check.import" and message.values["module"] == module
            values = {key: str(value).replace(module, "it") for key, value in message.values.items()}
            assert told.setdefault(name, values) == values
        if module == "of_nobody":
            held = {name.partition(".")[0] for name in student.q.names()}
            assert not held & all_beside, "none came with torch, which looks for some of them"


OF_GRADING = """
import numpy, sympy, torch, torch.fx, networkx, yaml, IPython, IPython.display
import torch.utils.data, torch.utils.checkpoint
from importlib import metadata
def f():
    layer, x = torch.nn.Linear(2, 2), torch.ones(1, 2, requires_grad=True)
    torch.utils.checkpoint.checkpoint(layer, x, use_reentrant=False).sum().backward()
    torch.compile(layer, backend="eager")(x)
    torch.optim.SGD(layer.parameters(), 0.1).step()
    batches = len(list(torch.utils.data.DataLoader(range(6), batch_size=3)))
    return [batches, int(sympy.Symbol("x").subs("x", 5)), int(numpy.sum([1, 2])), IPython.version_info[0] > 7]
"""


@pytest.mark.parametrize("notebook", [False, True])
def test_what_is_of_grading_is_all_there(zygote, notebook):
    cells = ((1, "%matplotlib inline\nfrom IPython.display import Markdown\nMarkdown('x')"), (2, OF_GRADING))
    given = ({}, Limits(), cells, ("q",)) if notebook else ({"q": OF_GRADING}, Limits())
    with Session(zygote, *given) as session:
        assert Student(session).q.f() == [2, 5, 3, True]
        assert session.cells is None or session.cells.notes() == ()


def test_nothing_of_this_project_or_machine_can_be_read(behind, zygote, tmp_path):
    if zygote.tier is Tier.E:
        pytest.xfail("tier E promises no such thing, and says so in every result")
    secret = tmp_path / "secret.txt"
    secret.write_text("canary")
    os.chmod(secret, 0o644)
    student = behind("def read(path): return open(path).read()\nimport os\ndef env(): return dict(os.environ)\n")
    import autograder.model

    for path in (secret, "/etc/passwd", autograder.model.__file__, "/proc/1/environ", "/proc/self/maps"):
        with pytest.raises(OSError):
            student.q.read(str(path))
    assert set(student.q.env()) <= {
        "LANG", "PATH", "HOME", "TMPDIR", "OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "PYTHONHASHSEED",
            "TORCHINDUCTOR_CACHE_DIR",
    }  # fmt: skip


def test_no_trusted_module_is_in_its_memory(behind):
    student = behind("import sys\ndef names(): return sorted(sys.modules)\n")
    names = student.q.names()
    assert not [name for name in names if name.split(".")[0] in ("autograder", "solutions", "tests", "pytest", "_pytest")]


@pytest.mark.parametrize(
    "body",
    [
        "import os; os.fork()",
        "import subprocess; subprocess.run(['true'])",
        "import multiprocessing; p = multiprocessing.Process(target=print); p.start()",
        "import socket; socket.socket()",
        "import socket; socket.create_connection(('127.0.0.1', 80))",
        "import os; os.kill(os.getppid(), 9)",
        "import os; os.kill(-1, 9)",
        "import os; os.setuid(0); os.kill(-1, 9); raise OSError",
        "import os; os.mkfifo('/tmp/x')",
        "import os; os.execv('/bin/true', ['true'])",
        "import ctypes; raise OSError if ctypes.CDLL(None).ptrace(16, 1, 0, 0) < 0 else ValueError",
        "import ctypes; raise OSError if ctypes.CDLL(None).unshare(0x10000000) < 0 else ValueError",
    ],
)
def test_what_a_marked_function_never_needs_is_refused(behind, zygote, body):
    if zygote.tier is Tier.E and "setuid" in body:
        pytest.xfail("tier E drops no uid")
    student = behind(f"def f():\n    {body}\n")
    with pytest.raises(OSError):
        student.q.f()


def test_a_reply_larger_than_allowed_is_a_failed_call(behind):
    student = behind("import numpy as np\ndef f(): return np.zeros(3_000_000)\n" + ADD, reply_mb=1)
    with pytest.raises(StudentRaised) as caught:
        student.q.f()
    assert caught.value.message.key == "check.reply"
    assert student.q.add(1) == 2


WRITES_ITSELF = """
import os, struct, time, threading
def frame(n): 
    header = ('[%d, "ok", 1]' % n).encode()
    return struct.pack('>IQ', len(header), 0) + header
def unasked():
    os.write(3, frame(99))
def ahead():
    for n in range(1, 50): os.write(3, frame(n))
def claims():
    os.write(3, struct.pack('>IQ', 2**32 - 1, 2**40))
    time.sleep(5)
def closes():
    os.close(3)
def later():
    threading.Thread(target=lambda: (time.sleep(0.2), os.write(3, frame(4)))).start()
    return 1
def two():
    return 2
"""


def test_frames_of_the_students_own_are_no_answers(behind):
    student = behind(WRITES_ITSELF, call_seconds=1.0)
    for name in ("unasked", "ahead", "claims", "closes"):
        with pytest.raises((StudentRaised, Crashed)):
            getattr(student.q, name)()
        assert student.q.two() == 2
    student.q.later()
    time.sleep(0.5)
    with pytest.raises((StudentRaised, Crashed)):
        student.q.two()  # what lay in the channel unasked ends that process
    assert student.q.two() == 2


def test_all_answers_together_are_bounded(behind):
    """They are kept until a submission is explained: many large ones would fill the memory of the trusted side."""
    student = behind("import numpy\ndef f(): return numpy.zeros(900_000, numpy.uint8)\ndef g(): return 7\n", reply_mb=1)
    for _ in range(9):
        assert student.q.f().size == 900_000
    with pytest.raises(StudentRaised, match="more than 8 MB"):
        student.q.f()
    assert student.q.g() == 7


def test_a_small_header_of_many_values_counts_for_what_it_becomes(behind):
    student = behind("def f(): return [[]] * 90_000\n", reply_mb=1)
    with pytest.raises(StudentRaised, match="more than 8 MB"):
        student.q.f()


def test_a_session_leaves_no_process_behind(zygote):
    source = "import threading, time\nthreading.Thread(target=time.sleep, args=(600,), daemon=True).start()\n" + ADD
    before = processes()
    for _ in range(3):
        with Session(zygote, {"q": source}, Limits()) as session:
            assert Student(session).q.add(1) == 2
    assert processes() <= before


ASKED_IN_ONE_GO = [((n,), {}) for n in range(6)]


def test_calls_asked_in_one_go_come_to_what_they_come_to_one_by_one(behind):
    source = "def f(n):\n    if n == 2: raise ValueError('two')\n    return {3: 'x' * 10, 4: object()}.get(n, n)"
    at_once, alone = behind(source).q.f.each(ASKED_IN_ONE_GO), behind(source).q.f
    for (args, kwargs), came in zip(ASKED_IN_ONE_GO, at_once, strict=True):
        if isinstance(came, StudentFailure):
            with pytest.raises(type(came)) as raised:
                alone(*args, **kwargs)
            assert raised.value.message == came.message
        else:
            assert came == alone(*args, **kwargs)


@pytest.mark.parametrize("deed, kind", [("while True: pass", TimedOut), ("import os; os._exit(3)", Crashed)])
def test_of_calls_asked_in_one_go_the_one_that_ends_the_process_is_the_last(behind, deed, kind):
    student = behind(f"def f(n):\n    if n == 2:\n        {deed}\n    return n", call_seconds=0.5)
    *before, last = student.q.f.each(ASKED_IN_ONE_GO)
    assert before == [0, 1] and type(last) is kind
    assert student.q.f(5) == 5


@pytest.mark.parametrize("ahead", [0, 1, 2], ids=["its-own", "the-next", "one-after-that"])
def test_an_answer_slipped_in_among_calls_asked_in_one_go_ends_the_process(behind, ahead):
    """What a call writes to the channel itself may stand for its own answer; then that comes in place of another's."""
    slips = "\n        ".join(
        [
            "import os, struct",
            f"h = b'[%d,\"ok\",7]' % (FIRST + n + {ahead})",
            "os.write(3, struct.pack('>IQ', len(h), 0) + h)",
        ]
    )
    student = behind(f"FIRST = 3\ndef f(n):\n    if n == 1:\n        {slips}\n    return n")
    came = student.q.f.each(ASKED_IN_ONE_GO)
    told = ["none" if isinstance(one, StudentRaised) else one for one in came]
    assert told == ([0, 7, "none", 3, 4, 5] if ahead == 0 else [0, "none", 2, 3, 4, 5])


TORCH = """
import torch
from torch import nn
from torch.utils.checkpoint import checkpoint
class Net(nn.Module):
    def __init__(self, how):
        super().__init__()
        self.layer, self.how = nn.Linear(3, 2), how
        self.compiled = torch.compile(self.layer, backend="eager")
        self.scripted = torch.jit.script(self.layer)
    def forward(self, x):
        if self.how == "compile": return self.compiled(x)
        if self.how == "script": return self.scripted(x)
        if self.how == "func": return torch.func.functional_call(self.layer, dict(self.layer.named_parameters()), (x,))
        return checkpoint(self.layer, x, use_reentrant=self.how == "reentrant")
def step():
    net = nn.Linear(2, 1)
    for kind in (torch.optim.SGD, torch.optim.Adam, torch.optim.AdamW):
        net(torch.ones(1, 2)).sum().backward()
        nn.utils.clip_grad_norm_(net.parameters(), 1.0)
        kind(net.parameters(), lr=0.1).step()
    nn.utils.parametrizations.weight_norm(net)
    torch.use_deterministic_algorithms(True)
    return float(torch.func.vmap(torch.func.grad(torch.sum))(torch.ones(2, 2)).sum())
"""


@pytest.mark.parametrize("how", ["reentrant", "not reentrant", "compile", "script", "func"])
def test_what_torch_imports_for_seconds_is_there_and_charged_to_nobody(behind, how):
    student = behind(TORCH, call_seconds=1.0)
    net = student.q.Net(how)
    image, cotangent = np.ones((2, 3), np.float32), np.ones((2, 2), np.float32)
    names = list(net.parameters())
    assert net(image).shape == (2, 2)
    if how != "reentrant":  # which knows backward() alone
        _, gradients = net.gradients(image, cotangent)
        assert all(np.any(gradients[name]) for name in names if name.startswith("layer"))
    assert student.q.step() == 4.0
    assert student._session.running.own.spent() < 1.5


@pytest.mark.parametrize(
    "line, newer",
    [
        ('x = f"{d["kind"]}"', "3.12"),
        ("def f[T](x: T) -> T: return x", "3.12"),
        ("type X = int", "3.12"),
        ("def f[T = int](x: T): pass", "3.13"),
        ('x = t"{a}"', "3.14"),
        ("def f(:", ""),
        ('x = f"{d["kind]}"', ""),
    ],
)
def test_what_a_newer_python_accepts_is_said(behind, line, newer):
    with pytest.raises(StudentFailure) as caught:
        behind(f"a = 1\n{line}\ndef g(): return 1").q.g()
    message = caught.value.message
    if newer and tuple(map(int, newer.split("."))) > sys.version_info[:2]:
        assert message.key == "check.syntax_newer"
        assert (message.values["newer"], message.values["here"]) == (newer, "{}.{}".format(*sys.version_info))
    elif not newer:
        assert message.key == "check.syntax"
