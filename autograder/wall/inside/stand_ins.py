"""Stand-ins for modules that are not installed: those for plots and progress do nothing, any other fails where it is used.

A plot, a progress bar or a mounted drive is not part of an answer, so that a file which imports them is graded as if they were
there. Of any other module only the import succeeds: the first use of it raises ModuleNotFoundError, in the function that
uses it and not for the whole file. Only imports of the student's own lines are answered here, and where the student
expects that one may fail, it fails.
"""

from __future__ import annotations

import ast
import dis
import importlib.abc
import importlib.machinery
import itertools
import linecache
import sys
from collections.abc import Callable, Iterator
from types import CodeType, FrameType, FunctionType, ModuleType
from typing import Any

PROGRESS = ("tqdm", "rich", "fastprogress", "progressbar", "progressbar2", "alive_progress")
LOOKING = (
    *("matplotlib", "mpl_toolkits", "pylab", "seaborn", "plotly", "bokeh", "altair", "ipywidgets", "ipympl", "cv2", "PIL"),
    *("imageio", "skimage", "pandas", "tabulate", "termcolor", "colorama", "prettytable", "torchsummary", "torchinfo"),
    *("torchviz", "torchview", "graphviz", "pydot", "netron", "hiddenlayer", "thop", "ptflops", "fvcore", "psutil"),
    *("pynvml", "google", "kaggle_secrets", "gdown", "wandb", "tensorboard", "tensorboardX", "torch.utils.tensorboard"),
    *("GPUtil", "comet_ml", "otter", "nest_asyncio", "jupyterthemes", "line_profiler", "memory_profiler", "dotenv"),
)


class Nothing:
    """An object that accepts every operation and does nothing."""

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        return Nothing()

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        alone = len(args) == 1 and not kwargs and isinstance(args[0], FunctionType)
        return args[0] if alone else Nothing()  # a decorator leaves a function as it is

    def __iter__(self) -> Iterator[Any]:
        return iter([Nothing() for _ in range(_unpacked(sys._getframe(1)))])

    def __mro_entries__(self, bases: tuple) -> tuple:
        return ()

    def __enter__(self) -> Any:
        return self

    def __exit__(self, *_: Any) -> None:
        return None

    def __setitem__(self, *_: Any) -> None:
        return None

    __delitem__ = __setitem__
    __getitem__ = __call__
    __len__ = __int__ = __index__ = lambda self: 0
    __float__ = lambda self: 0.0  # noqa: E731
    __contains__ = __instancecheck__ = __lt__ = __le__ = __gt__ = __ge__ = lambda self, other: False
    __str__ = __repr__ = lambda self: ""
    __format__ = lambda self, how: ""  # noqa: E731


def _no_result(self: Any, *_: Any) -> Any:
    return Nothing()


_BINARY = "add sub mul truediv floordiv mod pow matmul and or xor lshift rshift".split()
OPERATORS = [f"__{side}{name}__" for name in _BINARY for side in ("", "r")] + ["__neg__", "__pos__", "__abs__", "__invert__"]
for _name in OPERATORS:
    setattr(Nothing, _name, _no_result)


class Bar(Nothing):
    """A progress bar: it gives what it was given, and shows nothing."""

    def __init__(self, iterable: Any = None, *_: Any, **more: Any):
        self.iterable = more.get("iterable", iterable) if iterable is None else iterable
        self.n = 0

    def __iter__(self) -> Iterator[Any]:
        return iter(()) if self.iterable is None else iter(self.iterable)

    def __len__(self) -> int:
        return 0 if self.iterable is None else len(self.iterable)

    def __bool__(self) -> bool:
        return True

    def update(self, n: int = 1, *_: Any) -> None:
        self.n += n


class Progress(Nothing):
    """``tqdm``, under any of its names: ``tqdm(x)``, ``tqdm.tqdm(x)``, ``tqdm.trange(3)``, ``rich.progress.track(x)``."""

    def __init__(self, name: str = ""):
        self.__name = name

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        return Progress(name)

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        if self.__dict__.get("_Progress__name") in ("trange", "tnrange"):
            return Bar(range(*args))
        known = args and (hasattr(args[0], "__iter__") or hasattr(args[0], "__getitem__")) and not isinstance(args[0], str)
        return Bar(*args, **kwargs) if known or "iterable" in kwargs or not args else Nothing()

    def __mro_entries__(self, bases: tuple) -> tuple:
        return (Bar,)


class Absent:
    """Something of a module that is not here: using it raises ModuleNotFoundError."""

    def __init__(self, module: str):
        self.__dict__["module"] = module

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        return Absent(self.__dict__["module"])

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        if len(args) == 1 and not kwargs and isinstance(args[0], FunctionType):  # a decorator: raises when that is called
            return _raising(self.__dict__["module"])
        raise _missing(self.__dict__["module"])

    def __mro_entries__(self, bases: tuple) -> tuple:
        return (type("Absent", (), {"__new__": _raising(self.__dict__["module"])}),)

    def __or__(self, other: Any) -> Any:  # an annotation
        return self

    __ror__ = __or__


def fails(self: Absent, *_: Any) -> Any:
    """Any use of what is not here. Raises ModuleNotFoundError."""
    raise _missing(self.__dict__["module"])


for _name in [
    *(name for name in OPERATORS if name not in ("__or__", "__ror__")),
    *"__iter__ __getitem__ __setitem__ __len__ __bool__ __enter__ __int__ __float__ __index__ __contains__ __lt__".split(),
    *"__le__ __gt__ __ge__ __instancecheck__ __array__ __setattr__".split(),
]:
    setattr(Absent, _name, fails)


def _missing(module: str) -> ModuleNotFoundError:
    return ModuleNotFoundError(f"No module named '{module}'", name=module)


def _raising(module: str) -> Callable[..., Any]:
    def use(*_: Any, **__: Any) -> Any:
        raise _missing(module)

    return use


class _Module(ModuleType):
    """A module of which every name is ``made`` at the first look."""

    def __init__(self, name: str, made: Callable[[str], Any]):
        super().__init__(name)
        self.__dict__["_made"] = made
        self.__path__ = []

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        return self.__dict__["_made"](name)

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        return self.__dict__["_made"](self.__name__)(*args, **kwargs)


class Finder(importlib.abc.MetaPathFinder, importlib.abc.Loader):
    """``sight``: what is for looking and for progress, asked before anything else; otherwise the rest, asked last."""

    def __init__(self, sources: dict[str, str], *, sight: bool):
        self.sources, self.sight = sources, sight

    def find_spec(self, fullname: str, path: Any = None, target: Any = None) -> Any:
        known = any(fullname == name or fullname.startswith(f"{name}.") for name in (*PROGRESS, *LOOKING))
        parent = sys.modules.get(fullname.rpartition(".")[0])
        inside = not isinstance(parent, _Module) and parent is not None and fullname != "torch.utils.tensorboard"
        if known is not self.sight or inside or not self._asked_for():
            return None
        return importlib.machinery.ModuleSpec(fullname, self, is_package=True)

    def create_module(self, spec: Any) -> ModuleType:
        top = spec.name.split(".")[0]
        if not self.sight:
            return _Module(spec.name, lambda name: Absent(top))
        return _Module(spec.name, Progress if top in PROGRESS else lambda name: Nothing())

    def exec_module(self, module: ModuleType) -> None:
        return None

    def _asked_for(self) -> bool:
        """Whether a line of the student's imports, and does not itself answer for a module that is not there."""
        frame: FrameType | None = sys._getframe(2)
        while frame is not None and "importlib" in frame.f_code.co_filename:
            if frame.f_code.co_name == "find_spec" and "util" in frame.f_code.co_filename:
                return False  # importlib.util.find_spec: a question, not an import
            frame = frame.f_back
        if frame is None:
            return False
        file = frame.f_code.co_filename
        if file.removesuffix(".py") not in self.sources and not file.startswith("cell "):
            return False
        return self.sight or frame.f_lineno not in _expected_to_fail(self._source(file))

    def _source(self, file: str) -> str:
        return self.sources.get(file.removesuffix(".py")) or "".join(linecache.getlines(file))


def _expected_to_fail(source: str) -> set[int]:
    """Lines in a ``try`` that has an answer for ImportError, or below ``suppress(ImportError)``."""
    lines: set[int] = set()
    try:
        tree = ast.parse(source)
    except SyntaxError:  # a cell with a magic in it: the import is then as any other
        return lines
    for node in ast.walk(tree):
        if isinstance(node, ast.Try) and any(map(_catches, node.handlers)):
            first, last = node.body[0].lineno, node.body[-1].end_lineno
        elif isinstance(node, ast.With) and any("suppress" in ast.dump(item.context_expr) for item in node.items):
            first, last = node.lineno, node.end_lineno
        else:
            continue
        lines.update(range(first, (last or first) + 1))
    return lines


def _catches(handler: ast.ExceptHandler) -> bool:
    names = {one.id for one in ast.walk(handler.type) if isinstance(one, ast.Name)} if handler.type is not None else {""}
    return bool(names & {"", "ImportError", "ModuleNotFoundError", "Exception", "BaseException"})


def _unpacked(frame: FrameType) -> int:
    """How many values ``a, b = …`` in that frame asks for just now; 0 where it does something else."""
    for at, name, count in _instructions(frame.f_code):
        if at == frame.f_lasti:
            return count if name == "UNPACK_SEQUENCE" else count & 0xFF if name == "UNPACK_EX" else 0
    return 0


def _instructions(code: CodeType) -> Iterator[tuple[int, str, int]]:
    for one in itertools.islice(dis.get_instructions(code), 100_000):
        yield one.offset, one.opname, one.arg or 0
