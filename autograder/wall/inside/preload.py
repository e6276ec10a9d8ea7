"""What a submission may import without a file system: imported in the zygote, before it goes where there is none."""

from __future__ import annotations

import importlib
import os
import tempfile

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
# Imported lazily by torch or Python itself; needed where a lazy import would find no file (tiers C to E).
LAZY = """
torch._dynamo torch.fx multiprocessing multiprocessing.popen_fork asyncio concurrent.futures concurrent.futures.thread
""".split()


def usual() -> None:
    """The modules that students of this homework use, and one tiny convolution, so that what is lazy in torch is warm."""
    for name in STANDARD + THIRD:
        importlib.import_module(name)
    import torch

    from . import handle, notebook  # noqa: F401

    torch.set_num_threads(1)
    image = torch.zeros(1, 1, 4, 4, requires_grad=True)
    torch.nn.Conv2d(1, 1, 3)(image).sum().backward()


def everything() -> None:
    with tempfile.TemporaryDirectory() as cache:  # torch._dynamo makes its cache folder at import, and names it to all
        os.environ["TORCHINDUCTOR_CACHE_DIR"] = cache
        for name in LAZY:
            importlib.import_module(name)
        from . import notebook

        notebook.warm()
    del os.environ["TORCHINDUCTOR_CACHE_DIR"]
