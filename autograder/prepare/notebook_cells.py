"""The code of the notebook's cells: each question's solutions, one public name a cell, beside what students find there."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TypeGuard

import libcst as cst

from autograder.course.course import Course
from autograder.course.question import Question
from autograder.prepare.stub import parsed, stub

Statement = cst.SimpleStatementLine | cst.BaseCompoundStatement


def prelude(question: Question, earlier: Sequence[Question] = ()) -> tuple[str, str]:
    """The imports of a question: with the solutions' own helpers for the master, third-party ones alone for students.

    What an ``earlier`` question asks for has a cell of its own, as has what this one asks for.
    """
    path = question.path("solution")
    module = _parsed(path)
    imports = [node for node in parsed(stub(question)).body if _imported(node)]
    public = "\n".join(cst.Module([node.with_changes(leading_lines=())]).code.strip() for node in imports)
    public = "\n".join(line for line in public.splitlines() if "__future__" not in line) or "import numpy as np"
    own = {name for name, node in _definitions(module).items() if not _is_public(node)}
    cells = {
        name
        for one in (*earlier, question)
        for name, node in _definitions(_parsed(one.path("solution"))).items()
        if _is_public(node)
    }
    borrowed = _from_solutions(module)
    helpers, sources = _with_what_they_need(path, own | borrowed.keys(), cells)
    sources |= {path, *(path.with_name(f"{stem}.py") for stem in borrowed.values())}
    return "\n\n\n".join([*_third_party(sources), *dict.fromkeys(helpers.values())]), public


def solved_and_stub(question: Question, name: str) -> tuple[str, str]:
    """A public function or class as the solutions have it, and as students find it."""
    solved = _definitions(_parsed(question.path("solution")))[name]
    return _code(solved), _code(_definitions(parsed(stub(question)))[name])


def answers(course: Course, keys: tuple[str, ...], variant: int = 1) -> tuple[str, str]:
    """The numbers of a question as an update of the dict ``answers``: right, and blank."""
    from autograder.course.reference import Reference

    numbers, reference = course.numbers(variant), Reference(course, variant=variant)
    right = {key: numbers[key].recipe(reference) for key in keys}
    values = {key: list(value) if isinstance(value, tuple) else value for key, value in right.items()}
    return _update(values), _update(dict.fromkeys(keys, "?"))


def _update(values: dict) -> str:
    lines = [f'    "{key}": {value!r},'.replace("'", '"') for key, value in values.items()]
    return "\n".join(["answers |= {", *lines, "}"])


def _parsed(path: Path) -> cst.Module:
    return parsed(path.read_text("utf-8"))


def _definitions(module: cst.Module) -> dict[str, Statement]:
    """Top-level functions, classes and assigned names."""
    definitions: dict[str, Statement] = {}
    for node in module.body:
        if isinstance(node, (cst.FunctionDef, cst.ClassDef)):
            definitions[node.name.value] = node
        elif isinstance(node, cst.SimpleStatementLine):
            definitions |= dict.fromkeys(_assigned(node.body[0]), node)
    return definitions


def _assigned(line: cst.BaseSmallStatement) -> set[str]:
    """The names that a line gives a value: ``a = b, c = …``, ``a: int = …``."""
    targets: list[cst.CSTNode] = []
    if isinstance(line, cst.Assign):
        targets = [one.target for one in line.targets]
    elif isinstance(line, cst.AnnAssign) and line.value is not None:
        targets = [line.target]
    return {name for one in targets if isinstance(one, (cst.Name, cst.Tuple, cst.List)) for name in _names(one)}


def _is_public(node: cst.CSTNode) -> bool:
    return isinstance(node, (cst.FunctionDef, cst.ClassDef)) and not node.name.value.startswith("_")


def _imported(node: Statement) -> TypeGuard[cst.SimpleStatementLine]:
    return isinstance(node, cst.SimpleStatementLine) and isinstance(node.body[0], (cst.Import, cst.ImportFrom))


def _code(node: Statement) -> str:
    return cst.Module([node.with_changes(leading_lines=())]).code.strip("\n")


def _from_solutions(module: cst.Module) -> dict[str, str]:
    """Names imported from other files of the solutions -> that file's stem."""
    stems: dict[str, str] = {}
    for node in module.body:
        line = node.body[0] if _imported(node) else None
        if isinstance(line, cst.ImportFrom) and line.module is not None and not isinstance(line.names, cst.ImportStar):
            source = cst.Module([]).code_for_node(line.module)
            if source.startswith("solutions."):
                stems |= {alias.evaluated_name: source.split(".")[1] for alias in line.names}
    return stems


def _third_party(sources: set[Path]) -> list[str]:
    """Every import of these files, the solutions' own apart."""
    lines: dict[str, None] = {}
    for source in sorted(sources):
        for node in _parsed(source).body:
            code = _code(node) if _imported(node) else ""
            if code and "solutions" not in code and "__future__" not in code:
                lines[code.strip()] = None
    return ["\n".join(lines)] if lines else []


def _with_what_they_need(path: Path, names: set[str], there: set[str]) -> tuple[dict[str, str], set[Path]]:
    """The definitions of these names and of every name they use, used before user, and the files in which they stand.

    What is ``there`` already is left out.
    """
    needed: dict[str, str] = {}
    sources: set[Path] = set()

    def add(path: Path, name: str) -> None:
        if name in there:
            return
        module = _parsed(path)
        elsewhere, here = _from_solutions(module), _definitions(module)
        if name in elsewhere:
            add(path.with_name(f"{elsewhere[name]}.py"), name)
        elif name in here and name not in needed:
            sources.add(path)
            needed[name] = ""  # on its way: a function may use itself
            for used in sorted(_names(here[name])):
                add(path, used)
            needed[name] = needed.pop(name) or _code(here[name])

    for name in sorted(names):
        add(path, name)
    return needed, sources


def _names(node: cst.CSTNode) -> set[str]:
    class Names(cst.CSTVisitor):
        def __init__(self) -> None:
            self.seen: set[str] = set()

        def visit_Name(self, node: cst.Name) -> None:
            self.seen.add(node.value)

    names = Names()
    node.visit(names)
    return names.seen
