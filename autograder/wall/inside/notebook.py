"""A notebook's cells run as a notebook runs them: IPython's shell in the submission's own process, without a kernel.

Magics and top-level ``await`` behave. What would need another process or a display server is refused with a clear
message, or does nothing where an honest notebook has it in its first cell (``%matplotlib inline``).
"""

from __future__ import annotations

from functools import cache
from types import ModuleType
from typing import Any

NO_SHELL = "shell commands (!, %%bash, %pip) are not available where this is graded"
IDLE_MAGICS = ("matplotlib", "pylab", "load_ext", "autoreload")
SHELL_MAGICS = ("pip", "conda", "mamba", "uv", "system", "sx", "sc")
SHELL_CELLS = ("bash", "sh", "script", "system", "sx", "ruby", "perl", "html", "javascript", "js", "latex", "svg")


@cache
def shell() -> Any:
    """IPython's shell with everything taken out that reads or writes a file or starts a process.

    Imported here and not above: a tenth of a second that only notebooks are to pay, where there are files to import from.
    """
    from IPython.core import history, interactiveshell
    from IPython.core.compilerop import CachingCompiler

    class Compiler(CachingCompiler):
        number = 0

        def get_code_name(self, raw_code: str, transformed_code: str, number: int) -> str:
            return f"cell {self.number}"

    class Shell(interactiveshell.InteractiveShell):
        compiler_class = Compiler

        def init_profile_dir(self, profile_dir: Any) -> None:
            self.profile_dir = None

        def init_history(self) -> None:
            self.history_manager = history.HistoryManager(shell=self, parent=self, hist_file=":memory:", enabled=False)

        def init_virtualenv(self) -> None:
            pass

        def init_pdb(self) -> None:
            pass

        def _ipython_dir_changed(self, change: Any) -> None:
            pass

        def showtraceback(self, *_: Any, **__: Any) -> None:
            pass

        showsyntaxerror = showindentationerror = showtraceback

        def system(self, *_: Any, **__: Any) -> Any:
            raise OSError(NO_SHELL)

        system_raw = system_piped = getoutput = getoutput_raw = system

    return Shell.instance(ipython_dir="/nowhere")  # told, so that none is looked for or made


class Cells:
    """The notebook of one submission: a shell, and what its cells have defined."""

    def __init__(self) -> None:
        self.shell = shell()
        for name in IDLE_MAGICS:
            self.shell.register_magic_function(_idle, "line", name)
        for name in SHELL_MAGICS:
            self.shell.register_magic_function(_refused, "line", name)
        for name in SHELL_CELLS:
            self.shell.register_magic_function(_refused_cell, "cell", name)

    def run(self, number: int, source: str) -> None:
        """Run a cell. Raises what the cell raised."""
        self.shell.compile.number = number
        result = self.shell.run_cell(source, store_history=False, silent=True)
        error = result.error_before_exec or result.error_in_exec
        if error is not None:
            raise error

    @property
    def names(self) -> dict[str, Any]:
        return self.shell.user_ns


def _idle(line: str) -> None:
    return None


def _refused(line: str) -> None:
    raise OSError(NO_SHELL)


def _refused_cell(line: str, cell: str = "") -> None:
    raise OSError(NO_SHELL)


def warm() -> None:
    """Make the shell and run what imports lazily, while there are files to import from. Leaves no name behind."""
    cells = Cells()
    for source in ("import asyncio as a\nawait a.sleep(0)\ndel a", "%time pass", "1 / 0", "def f(:", "pass;"):
        try:
            cells.run(0, source)
        except (ZeroDivisionError, SyntaxError):
            pass
    from IPython.core import async_helpers

    async_helpers._asyncio_event_loop.close()  # a child has none of its descriptors and makes its own
    async_helpers._asyncio_event_loop = None


class Module(ModuleType):
    """``from q2_convnet import conv2d_parameters`` in a notebook that has defined it in a cell."""

    def __init__(self, name: str, names: dict[str, Any]):
        super().__init__(name)
        self.__names = names

    def __getattr__(self, name: str) -> Any:
        names = self.__dict__["_Module__names"]
        if name in names and not name.startswith("__"):
            return names[name]
        raise AttributeError(f"no cell defines {name}")
