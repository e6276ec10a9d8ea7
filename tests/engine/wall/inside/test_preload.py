"""What takes torch seconds to import at its first use is there already, for those in whose files its words stand."""

import json
import subprocess
import sys

import pytest

from autograder.wall.session import IMPORTS
from tests.engine.toy_course import REPOSITORY

FEW = 12  # modules that may still be imported: nobody notices them
SOURCES = {
    "meta device": "torch.nn.Conv2d(3, 4, 3, device='meta')(torch.empty(1, 3, 8, 8, device='meta')).relu()",
    "meta context": 'with torch.device("meta"): torch.nn.ReLU()(torch.zeros(2))',
    "to meta": "torch.nn.Conv2d(1, 1, 3).to('meta')(torch.empty(1, 1, 8, 8, device='meta'))",
    "assert_close": "torch.testing.assert_close(torch.ones(2), torch.ones(2))",
    "gradcheck": "torch.autograd.gradcheck(torch.sin, torch.ones(2, dtype=torch.double, requires_grad=True))",
    "unpooling": "torch.nn.MaxUnpool2d(2)(*torch.nn.MaxPool2d(2, return_indices=True)(torch.ones(1, 1, 4, 4)))",
    "flops": "from torch.utils.flop_counter import FlopCounterMode\nwith FlopCounterMode(display=False): torch.ones(2, 2) @ torch.ones(2, 2)",
    "sympy": "import sympy",
    "optimizer": "torch.optim.SGD(torch.nn.Linear(2, 2).parameters(), 0.1).step()",
    "checkpoint": "from torch.utils.checkpoint import checkpoint; checkpoint(torch.nn.ReLU(), torch.ones(2), use_reentrant=False)",
    "trace": "torch.jit.trace(torch.nn.Linear(2, 2), torch.ones(1, 2))",
}
# Says, for each source, how many modules it imports in a fork of an interpreter that is as warm as the zygote.
COUNTING = """
import contextlib, json, os, sys, warnings
from autograder.wall.inside import preload
warnings.simplefilter("ignore")
warmed, sources = json.loads(sys.argv[1])
preload.usual()
for what in warmed:
    preload.WARMED[what]()
import torch
def count(source):
    before = len(sys.modules)
    with contextlib.redirect_stdout(None):
        exec(source, {"torch": torch})
    return len(sys.modules) - before
counts = []
for source in sources:
    reader, writer = os.pipe()
    if os.fork() == 0:
        os.write(writer, str(count(source)).encode())
        os._exit(0)
    os.close(writer)
    counts.append(int(os.read(reader, 20)))
print(json.dumps(counts))
"""


def counted(warmed, sources):
    command = [sys.executable, "-c", COUNTING, json.dumps([warmed, sources])]
    return json.loads(subprocess.run(command, cwd=REPOSITORY, capture_output=True, text=True, check=True).stdout)


@pytest.mark.slow
def test_what_a_files_words_announce_is_imported_beforehand():
    needed = {name: [what for what, words in IMPORTS.items() if words.search(source)] for name, source in SOURCES.items()}
    assert all(needed.values())
    cold = counted([], [*SOURCES.values()])
    assert min(cold) > FEW, "each of them imports much by itself"
    for what in IMPORTS:
        names = [name for name in SOURCES if needed[name][0] == what]
        assert max(counted([what], [SOURCES[name] for name in names])) <= FEW, names


@pytest.mark.parametrize(
    "source", ["import torch\nx = torch.nn.ReLU()", "metadata = {'metal': 1}", "a sympathetic profile_of"]
)
def test_nothing_is_where_no_such_word_stands(source):
    assert not any(words.search(source) for words in IMPORTS.values())
