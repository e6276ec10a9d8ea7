"""The student's files as modules: compiled from text that came over the channel, never read from a disk."""

from __future__ import annotations

import ast
import importlib
import importlib.abc
import importlib.machinery
import re
import sys
import traceback
from typing import Any

from .stand_ins import Finder

MOST_KEYS = 500

RELATIVE = re.compile(r"\bfrom\s*\.")


class Missing(Exception):
    """A file or a name that was asked for and is not in the submission."""

    def __init__(self, what: str, text: str):
        super().__init__(text)
        self.what = what  # "file" or "name"


class Submission(importlib.abc.MetaPathFinder, importlib.abc.InspectLoader):
    """A finder and loader for the student's own files, so that they may import each other."""

    def __init__(self) -> None:
        self.sources: dict[str, str] = {}
        self.failed: dict[str, BaseException] = {}
        self.stems: list[str] = []
        self.cells: Any = None  # a notebook's, once the first of them runs

    def install(self, sources: dict[str, str], stems: list[str]) -> None:
        """``sources`` are the files; ``stems`` those that a notebook may stand for."""
        self.sources, self.stems = dict(sources), list(stems)
        sys.meta_path[:] = [self, Finder(self.sources, sight=True), *sys.meta_path, Finder(self.sources, sight=False)]

    def find_spec(self, fullname, path=None, target=None):
        if fullname in self.sources or (self.cells is not None and fullname in self.stems):
            return importlib.machinery.ModuleSpec(fullname, self, origin=f"{fullname}.py")
        return None

    def create_module(self, spec):
        if spec.name in self.sources:
            return None
        from .notebook import Module

        return Module(spec.name, self.cells.names)

    def get_source(self, fullname: str) -> str:
        return self.sources[fullname]

    def exec_module(self, module) -> None:
        name = module.__name__
        if name not in self.sources:
            return  # what it holds are the notebook's names
        module.__file__ = f"{name}.py"
        source = self.sources[name]
        if RELATIVE.search(source):
            source = _Beside().visit(ast.parse(source, f"{name}.py"))
        code = compile(source, f"{name}.py", "exec", dont_inherit=True)
        exec(code, module.__dict__)  # noqa: S102 what the wall is for

    def module(self, stem: str) -> Any:
        """The student's module, imported once; a failed import fails the same way again without running twice."""
        if stem not in self.sources:
            raise Missing("file", f"{stem}.py is not in the submission")
        if stem in self.failed:
            raise self.failed[stem]
        try:
            return importlib.import_module(stem)
        except BaseException as error:
            self.failed[stem] = error
            raise

    def named(self, stem: str, name: str) -> Any:
        module = self.module(stem)
        try:
            return module.__dict__[name]
        except KeyError:
            raise Missing("name", f"{stem}.py has no {name}") from None

    def run_cell(self, number: int, source: str) -> list[list[Any]]:
        """Run a cell of the notebook. Raises what it raised. Returns what is to be noted so far: number, key, words."""
        if self.cells is None:
            from .notebook import Cells

            self.cells = Cells()
        self.cells.run(number, source)
        return self.cells.new_notes()

    def in_notebook(self, name: str, kind: str = "value") -> Any:
        """What the notebook's cells have defined by this name; of ``kind`` function, the last function that they have."""
        if self.cells is None or name not in self.cells.names:
            raise Missing("name", f"no cell defines {name}")
        value = self.cells.names[name]
        return value if kind == "value" or callable(value) else self.cells.functions.get(name, value)

    def answer(self, key: str) -> Any:
        """A number of the notebook: ``answers["q2.total"]``, ``answers["q2"]["total"]`` or a variable ``q2_total``."""
        question, _, name = key.partition(".")
        answers = self.cells.answers if self.cells is not None else {}
        inner = answers.get(question)
        if key in answers:
            return answers[key]
        if isinstance(inner, dict) and name in inner:
            return inner[name]
        return self.in_notebook(f"{question}_{name}")

    def answer_keys(self) -> list[str]:
        """The keys of the dict ``answers``, in its order; ``q2.total`` for one of a dict inside it."""
        keys = []
        for key, value in self.cells.answers.items() if self.cells is not None else ():
            keys += [f"{key}.{inner}" for inner in value] if isinstance(value, dict) else [str(key)]
        return keys[:MOST_KEYS]

    def source(self, file: str) -> str:
        """The text of a file, or of the cell that ran last."""
        last = self.cells.source if self.cells is not None else ""
        return self.sources.get(file.removesuffix(".py"), last)

    def lines(self, error: BaseException) -> list[list[Any]]:
        """(file or cell, line) of the student's own frames in a traceback, innermost last, at most the last eight."""
        files = {f"{stem}.py" for stem in self.sources}
        try:
            frames = [(frame.f_code.co_filename, line) for frame, line in traceback.walk_tb(error.__traceback__)]
        except BaseException:
            return []
        return [[file, line] for file, line in frames if file in files or file.startswith("cell ")][-8:]


class _Beside(ast.NodeTransformer):
    """``from .q2_convnet import f`` as ``from q2_convnet import f``: the files lie beside each other and make no package."""

    def visit_ImportFrom(self, node: ast.ImportFrom) -> ast.AST:
        if node.level != 1:
            return node
        made = ast.ImportFrom(node.module, node.names, 0) if node.module else ast.Import(node.names)
        return ast.copy_location(made, node)


def as_handle(value: Any) -> Any:
    """An ``nn.Module`` gets the methods a marker may call; anything else stays what it is and has none."""
    import torch  # in the zygote by now, as is the handle; the probe of the tiers does without both

    from ..shared.handle import ModuleHandle

    return ModuleHandle(value) if isinstance(value, torch.nn.Module) else value
