"""What takes torch seconds to import at its first use is there already, for those in whose files its words stand."""

import importlib
import importlib.util
import json
import subprocess
import sys
from importlib import metadata
from importlib.machinery import PathFinder

import pytest

from autograder.wall.inside import preload
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


@pytest.fixture
def two(tmp_path, monkeypatch):
    """Two installed packages, ``of_grading_q`` and ``beside_q``, of which the latter is treated as not installed."""
    for name in ("of_grading_q", "beside_q"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "__init__.py").write_text("")
        (tmp_path / name / "beside_q.py").write_text("")
        (tmp_path / f"{name}-1.0.dist-info").mkdir()
        (tmp_path / f"{name}-1.0.dist-info" / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {name}\nVersion: 1.0\n")
    monkeypatch.syspath_prepend(tmp_path)
    # Another package that some test has imported may have put a finder of its own there, which lists all that is installed.
    own = [one for one in sys.meta_path if not type(one).__module__.startswith("importlib_metadata")]
    monkeypatch.setattr(sys, "meta_path", own)
    preload.only_of_grading(["beside_q"], ["beside_q"])
    yield
    for name in [name for name in sys.modules if name.partition(".")[0] in ("of_grading_q", "beside_q")]:
        del sys.modules[name]


def failure(name):
    with pytest.raises(ModuleNotFoundError) as caught:
        importlib.import_module(name)
    return type(caught.value), str(caught.value).replace(name, "it"), caught.value.name == name


def test_a_module_beside_grading_is_as_one_that_is_not_installed(two):
    assert failure("beside_q") == failure("nowhere_q")
    assert importlib.util.find_spec("beside_q") is None
    with pytest.raises(ModuleNotFoundError, match="'beside_q'"):
        importlib.import_module("beside_q.beside_q")


def test_a_module_of_grading_is_found_and_so_is_one_inside_it_by_any_name(two):
    assert importlib.import_module("of_grading_q.beside_q").__name__ == "of_grading_q.beside_q"
    importlib.invalidate_caches()
    assert importlib.util.find_spec("json") is not None


def test_nor_is_it_said_to_be_installed(two):
    assert metadata.version("of_grading_q") == "1.0"
    with pytest.raises(metadata.PackageNotFoundError):
        metadata.version("beside_q")
    names = {one.metadata["Name"] for one in metadata.distributions()}
    assert "of_grading_q" in names and "beside_q" not in names


def test_a_process_without_student_code_may_have_all_again(two):
    preload.all_that_is_installed()
    assert PathFinder in sys.meta_path and not any(isinstance(one, preload.OfGrading) for one in sys.meta_path)
    assert importlib.import_module("beside_q") is not None
