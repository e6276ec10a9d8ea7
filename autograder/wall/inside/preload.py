"""Modules that a submission may import: only what belongs to grading, whatever else is installed.

On the tiers without a file system the zygote imports them all before it loses its own.
"""

from __future__ import annotations

import contextlib
import errno
import gc
import importlib
import importlib.abc
import linecache
import multiprocessing.synchronize
import os
import site
import sys
import tempfile
from collections.abc import Collection, Iterator
from functools import cache
from importlib.machinery import PathFinder
from typing import Any

STANDARD = """
    abc argparse array ast base64 bisect calendar cmath collections colorsys contextlib contextvars copy csv ctypes
    dataclasses datetime decimal difflib dis doctest encodings.ascii encodings.idna encodings.latin_1 encodings.utf_16
    encodings.utf_8_sig enum errno fractions functools glob graphlib hashlib heapq html inspect io itertools json keyword
    linecache locale logging math numbers operator os pathlib pickle platform pprint queue random re secrets select
    shutil signal statistics string struct subprocess sys tempfile textwrap threading time timeit token tokenize
    traceback types typing unicodedata unittest uuid warnings weakref zlib
""".split()
THIRD = """
    numpy numpy.fft numpy.linalg numpy.polynomial numpy.random numpy.testing
    torch torch.nn torch.nn.functional torch.nn.utils torch.optim torch.utils.data
""".split()
SCRIPTED = ("torch.nn", "torch.functional", "torch._jit_internal", "torch._tensor")
REHEARSALS = 3  # the first time is slow, the second finds what the first has made
# Imported lazily by torch or Python itself; needed where a lazy import would find no file (tiers C to E).
LAZY = """
numpy.ctypeslib numpy.ma numpy.typing libcst.native
torch.fx torch.nn.utils.prune torch.utils.benchmark torch.utils.flop_counter torch.utils.serialization
multiprocessing multiprocessing.pool multiprocessing.popen_fork multiprocessing.queues asyncio concurrent.futures
concurrent.futures.process concurrent.futures.thread html.parser http.client importlib.metadata importlib.resources
logging.config logging.handlers unittest.mock urllib.request xml.etree.ElementTree
""".split()
# Of the standard library: what opens a window, a browser or a terminal when it is imported, or is there to install Python.
NOT_STANDARD = """
antigravity distutils ensurepip idlelib lib2to3 readline rlcompleter test this tkinter turtle turtledemo venv
""".split()


class OfGrading(importlib.abc.MetaPathFinder):
    """Stands where Python's own finder of installed modules stood, and treats some modules as not installed.

    For those it answers None, as Python's does for a module that is not there, so that the finders after it are asked.
    """

    def __init__(self, modules: Collection[str], distributions: Collection[str]):
        self.modules, self.distributions = frozenset(modules), frozenset(distributions)

    def find_spec(self, fullname: str, path: Any = None, target: Any = None) -> Any:
        return None if path is None and fullname in self.modules else PathFinder.find_spec(fullname, path, target)

    def invalidate_caches(self) -> None:
        PathFinder.invalidate_caches()

    def find_distributions(self, *context: Any) -> Iterator[Any]:
        """What ``importlib.metadata`` lists: pytest imports every plugin that it finds there."""
        from importlib.metadata import MetadataPathFinder  # who asks has imported it

        for one in MetadataPathFinder.find_distributions(*context):
            if not self.distributions or one.metadata["Name"] not in self.distributions:
                yield one


def only_of_grading(modules: Collection[str], distributions: Collection[str]) -> None:
    """Treat these modules and distributions as not installed from here on."""
    finder = OfGrading(modules, distributions)
    sys.meta_path[:] = [finder if one is PathFinder else one for one in sys.meta_path]


def all_that_is_installed() -> None:
    """Undo ``only_of_grading``, for a process that runs no student code."""
    sys.meta_path[:] = [PathFinder if isinstance(one, OfGrading) else one for one in sys.meta_path]


def usual() -> None:
    """The modules that students of this homework use, and a rehearsal of the calls to them, so that both are warm."""
    for name in STANDARD + THIRD:
        importlib.import_module(name)
    import torch

    from . import fill, notebook, steady  # noqa: F401

    site.setquit()  # exit() and quit() are the site's, which is left out with its paths
    site.sethelper()
    multiprocessing.synchronize.SemLock.__init__ = _no_process  # type: ignore[method-assign]  # a patch is meant

    torch.set_num_threads(1)
    tempfile.gettempdir()  # found and kept while there is one: the compiler asks for it where no folder can be written to
    fill.repeat()
    _rehearse()


def _rehearse() -> None:
    """Make a small network of the usual layers and call it, in the wire's format, in every way a student's is called.

    What torch prepares at first use and what Python optimises in frequent code is then present in every fork.
    """
    import numpy as np
    from torch import nn

    from ..shared import wire
    from ..shared.handle import ModuleHandle

    for _ in range(REHEARSALS):
        layers = [
            nn.Conv2d(1, 2, 3, padding=1),
            nn.BatchNorm2d(2),
            nn.ReLU(),
            nn.MaxPool2d(2),
            nn.ConvTranspose2d(2, 1, 2, 2),
        ]
        handle = ModuleHandle(nn.Sequential(*layers, nn.ModuleList([nn.Flatten(), nn.Linear(16, 2)])[0], nn.Linear(16, 2)))
        image = np.zeros((2, 1, 4, 4), np.float32)
        answers = [handle(image), handle.parameters(), handle.buffers(), (1, 2.5, "x", [None, True], {"a": -1})]
        for piece in [*answers, handle.gradients(image, np.zeros((2, 2), np.float32))]:
            _, header, *arrays = wire.encode([1, "ok", piece])
            wire.decode(header, b"".join(arrays))
        handle.double()
        handle.load({name: array for name, array in handle.parameters().items()})
        handle.eval()
        handle(image.astype(np.float64))


@cache
def symbolic() -> None:
    """Import what torch needs for symbolic shapes (sympy too): for the meta device, gradient checks and profiling.

    It takes two seconds and 70 MB, so it is done only for hand-ins that hold one of the words in ``session.IMPORTS``.
    """
    os.environ["TORCHINDUCTOR_CACHE_DIR"] = "/"  # made at every use: a folder that is there and in which nothing is written
    import torch

    torch.relu(torch.empty(1, device="meta"))
    gc.freeze()  # as the zygote has done with what was there before


@cache
def compiler() -> None:
    """Run once whatever makes torch import its compiler: an optimizer step, checkpoint, ``torch.compile``, ``torch.func``.

    Includes ``symbolic``, and takes half a second more.
    """
    symbolic()
    import torch
    from torch.utils.checkpoint import checkpoint

    layer, x = torch.nn.Linear(2, 2), torch.ones(1, 2, requires_grad=True)
    for reentrant in (True, False):
        checkpoint(layer, x, use_reentrant=reentrant).sum().backward()
    torch.optim.SGD(layer.parameters(), 0.1).step()
    torch.func.vmap(torch.func.grad(torch.sum))(x.detach())
    torch.compile(layer, backend="eager")(x).sum().backward()
    torch.jit.script(layer)
    torch.use_deterministic_algorithms(False)
    torch._dynamo.reset()
    _keep_sources()
    gc.freeze()


def _keep_sources() -> None:
    """``torch.jit.script`` reads the source of torch's layers, also where their files are out of sight."""
    for name, module in list(sys.modules.items()):
        file = getattr(module, "__file__", None)
        if name.startswith(SCRIPTED) and isinstance(file, str) and file.endswith(".py"):
            lines = linecache.getlines(file)
            linecache.cache[file] = (sum(map(len, lines)), None, lines, file)  # without a time it is never looked up again


@cache
def shell() -> None:
    """IPython, and what running a cell imports."""
    from . import notebook

    notebook.warm()
    gc.freeze()


# In the zygote, once, when the first hand-in comes that needs it.
WARMED = {"compiler": compiler, "symbolic": symbolic, "notebook": shell}


def _no_process(*_: object, **__: object) -> None:
    """In place of the lock that pools and queues begin with, which would end in a lack of folders, not of processes."""
    raise PermissionError(errno.EPERM, "no process can be started here")


def everything() -> None:
    """All that could be imported later as well: no import finds a file from here on."""
    for name in sorted(sys.stdlib_module_names - set(NOT_STANDARD)):
        if not name.startswith("_"):
            with contextlib.suppress(ImportError):  # not every Python is built with every module
                importlib.import_module(name)
    for name in LAZY:
        importlib.import_module(name)
    compiler()
    shell()
