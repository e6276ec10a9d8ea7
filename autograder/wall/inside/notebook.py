"""A notebook's cells run as a notebook runs them: IPython's shell in the submission's own process, without a kernel.

Magics and top-level ``await`` behave. What would need another process, a network or a display (``!pip``, ``%cd``,
``%%bash``, ``%matplotlib``) does nothing, is noted, and the rest of the cell runs.
"""

from __future__ import annotations

from functools import cache
from types import FunctionType, ModuleType
from typing import Any

from .stand_ins import Nothing

# Nothing is missed without these.
IDLE_MAGICS = ("matplotlib", "pylab", "load_ext", "autoreload", "config", "reset", "reset_selective")
SHELL_MAGICS = ("pip", "conda", "mamba", "uv", "system", "sx", "sc", "cd", "pushd", "popd", "run", "load", "env", "set_env")
MOST_NOTED, MOST_TEXT = 20, 200
SHELL_CELLS = tuple("bash sh script system sx ruby perl html javascript js latex svg writefile file".split())


@cache
def shell() -> Any:
    """IPython's shell with everything taken out that reads or writes a file or starts a process.

    Imported here and not above: a tenth of a second that only notebooks are to pay, where there are files to import from.
    """
    from IPython.core import history, interactiveshell
    from IPython.core.compilerop import CachingCompiler
    from IPython.utils.text import SList

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

        idle: list[str] = []  # what did nothing in the cell that runs

        def ask_exit(self) -> None:
            self.idle.append("exit()")

        def system(self, cmd: str = "", *_: Any, **__: Any) -> None:
            self.idle.append(f"!{cmd}")

        system_raw = system_piped = system

        def getoutput(self, cmd: str = "", *_: Any, **__: Any) -> Any:
            self.idle.append(f"!{cmd}")
            return SList()

        getoutput_raw = getoutput

        def run_line_magic(self, magic_name: str, line: str, _stack_depth: int = 1) -> Any:
            if magic_name in IDLE_MAGICS:
                return None
            if magic_name in SHELL_MAGICS or self.find_line_magic(magic_name) is None:
                self.idle.append(f"%{magic_name} {line}")
                return SList() if magic_name in ("sx", "system", "sc") else None
            return super().run_line_magic(magic_name, line, _stack_depth + 1)

        def run_cell_magic(self, magic_name: str, line: str, cell: str) -> Any:
            if magic_name in SHELL_CELLS or self.find_cell_magic(magic_name) is None:
                self.idle.append(f"%%{magic_name} {line}")
                return None
            return super().run_cell_magic(magic_name, line, cell)

    return Shell.instance(ipython_dir="/nowhere")  # told, so that none is looked for or made


class Cells:
    """The notebook of one submission: a shell, and what its cells have defined."""

    def __init__(self) -> None:
        self.shell = shell()
        # What the first cell of the template makes: it may have been deleted.
        self.names.update({"answers": {}, "grader": Nothing()})
        self.answers: dict[Any, Any] = {}  # the dict of that name as it was last, with what it has lost since
        self.functions: dict[str, Any] = {}
        self.notes: list[list[Any]] = []
        self.lost: Any = None
        self.source = ""
        self.reported: set[str] = set()

    def run(self, number: int, source: str) -> None:
        """Run a cell. Raises what the cell raised."""
        self.shell.compile.number, self.source = number, source
        self.shell.idle.clear()
        try:
            self._run(source)
        finally:
            self.notes += [[number, "idle", command[:MOST_TEXT]] for command in self.shell.idle]
            self._keep(number)

    def new_notes(self) -> list[list[Any]]:
        """What has been noted since the last time: the cell's number, ``idle`` or ``reused``, a command or a name."""
        notes, self.notes = self.notes[:MOST_NOTED], []
        return notes

    def _keep(self, number: int) -> None:
        """Keep what a later cell may put something else in the place of: ``answers``, and functions."""
        answers = self.names.get("answers")
        now = dict(answers) if isinstance(answers, dict) else {}
        if self.answers and not self.answers.keys() <= now.keys() and self.lost is not answers:
            self.notes.append([number, "reused", "answers"])
            self.lost = answers
        self.answers = {**self.answers, **now}
        for name, value in list(self.names.items()):
            if isinstance(value, (FunctionType, type)):
                self.functions[name] = value
            elif name in self.functions and not callable(value) and name not in self.reported:
                self.reported.add(name)
                self.notes.append([number, "reused", name])

    def _run(self, source: str) -> None:
        result = self.shell.run_cell(source, store_history=False, silent=True)
        error = result.error_before_exec or result.error_in_exec
        if error is not None:
            raise error

    @property
    def names(self) -> dict[str, Any]:
        return self.shell.user_ns


def warm() -> None:
    """Make the shell and run what imports lazily, while there are files to import from. Leaves no name behind."""
    cells = Cells()
    for source in ("import asyncio as a\nawait a.sleep(0)\ndel a", "%time pass", "1 / 0", "def f(:", "pass;"):
        try:
            cells.run(0, source)
        except (ZeroDivisionError, SyntaxError):
            pass
    from IPython.core import async_helpers

    if async_helpers._asyncio_event_loop is not None:
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
