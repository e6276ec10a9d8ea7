"""One question on disk: the table of roles, the files found by it, and what they ask for by name."""

from __future__ import annotations

import ast
import re
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise
from pathlib import Path

from autograder.course import fences, variants
from autograder.errors import ConvgradeError
from autograder.model import LANGUAGES

# role -> where a question's file for it stands; {stem} names the question, {language} is en or fa
ROLES = {
    "handout": "assignment/{stem}.{language}.md",
    "drawing": "assignment/{stem}_drawing.py",
    "rubric": "assignment/{stem}.rubric.yml",
    "solution": "solutions/{stem}.py",
    "witness": "solutions/{stem}_torch.py",
    "numbers": "solutions/{stem}_numbers.py",
    "variants": variants.FILE,
    "misconceptions": "solutions/{stem}_misconceptions/__init__.py",
    "public test": "tests/public/test_{stem}.py",
    "hidden test": "tests/hidden/test_{stem}.py",
    "stub": "student_template/{stem}.py",
}
# files of tests/public/ that every course shares: students get them beside the tests of its questions
SHARED_PUBLIC = ("conftest.py", "messages.py", "in_notebook.py")
GENERATED = ("stub",)
OPTIONAL = ("drawing", "variants")
_SUFFIXES = ("_torch", "_numbers")
_STEM = re.compile(r"(q\d+)_\w+")


@dataclass(frozen=True)
class Question:
    """One question: its stem names it in every role."""

    root: Path
    stem: str

    @property
    def id(self) -> str:
        return self.stem.split("_")[0]

    def path(self, role: str, language: str = "en") -> Path:
        """The file of a role; of a handout, the one in this language."""
        return self.root / ROLES[role].format(stem=self.stem, language=language)

    def paths(self, role: str) -> list[Path]:
        """Every file of a role: one a language for the handout, the modules of a package, else one."""
        paths = list(dict.fromkeys(self.path(role, language) for language in LANGUAGES))
        packages = [path.parent for path in paths if path.name == "__init__.py" and path.is_file()]
        return [path for package in packages for path in sorted(package.glob("*.py"))] or paths

    @cached_property
    def code_names(self) -> tuple[str, ...]:
        """The functions and classes that students are asked to write, in the solution's order."""
        return tuple(_public(self.path("solution")))

    @cached_property
    def number_names(self) -> tuple[str, ...]:
        """The numbers that the answer sheet asks for, in the order of their module."""
        return tuple(_assigned(self.path("numbers")))

    @cached_property
    def written_names(self) -> tuple[str, ...]:
        """The written parts, such as ``w1``, in the handout's order."""
        return tuple(_written(self.path("handout")))


def stems(root: Path) -> list[str]:
    """The stems of the questions that have a solution in the course at ``root``, by number."""
    return sorted((path.stem for path in root.glob("solutions/q*_*.py") if is_stem(path.stem)), key=_by_number)


def _by_number(stem: str) -> tuple[int, str]:
    return int(stem.partition("_")[0][1:]), stem


def is_stem(name: str) -> bool:
    """Whether a question can have this name."""
    return _STEM.fullmatch(name) is not None and not name.endswith(_SUFFIXES)


def check(questions: tuple[Question, ...], root: Path) -> None:
    """Check the questions of a course. Raises ConvgradeError if there are none, two share an id, or one lacks a file."""
    if not questions:
        todo = "Write solutions/q1_<name>.py, or name another --config."
        raise ConvgradeError("there is no question here", where=str(root / "solutions"), todo=todo)
    for one, other in pairwise(questions):
        if one.id == other.id:
            todo = f"Rename {other.stem} in every role."
            raise ConvgradeError(
                f"{one.stem} and {other.stem} are both {one.id}", where=str(other.path("solution")), todo=todo
            )
    for question in questions:
        for role in ROLES:
            for path in question.paths(role):
                if _needed(question, role) and not path.is_file():
                    raise ConvgradeError(
                        f"{question.stem} has no file for the role '{role}'",
                        where=str(path),
                        todo="Write it, or remove the question's other files.",
                    )


def _needed(question: Question, role: str) -> bool:
    if role == "rubric":
        handout = question.path("handout")
        return handout.is_file() and bool(_written(handout))
    return role not in GENERATED and role not in OPTIONAL


def _tree(path: Path) -> ast.Module:
    try:
        return ast.parse(path.read_text(encoding="utf-8"), str(path))
    except SyntaxError as error:
        raise ConvgradeError(f"syntax error: {error.msg}", where=f"{path}:{error.lineno}", todo="Fix that line.") from None


def _assigned(path: Path) -> list[str]:
    """Names assigned a ``number(...)`` at the top of a module, in order."""
    return [
        target.id
        for node in _tree(path).body
        if isinstance(node, (ast.Assign, ast.AnnAssign)) and _makes_a_number(node.value)
        for target in (node.targets if isinstance(node, ast.Assign) else [node.target])
        if isinstance(target, ast.Name)
    ]


def _makes_a_number(value: ast.expr | None) -> bool:
    match value:
        case ast.Call(func=ast.Name(id="number") | ast.Attribute(attr="number")):
            return True
    return False


def _public(path: Path) -> list[str]:
    """Public functions and classes of a module, in order: what a question asks to be written."""
    kinds = (ast.FunctionDef, ast.ClassDef)
    return [node.name for node in _tree(path).body if isinstance(node, kinds) and not node.name.startswith("_")]


def _written(path: Path) -> list[str]:
    headings = (re.match(r"### `(w\d+)`", line) for line, in_code in fences.lines(path.read_text("utf-8")) if not in_code)
    return [heading[1] for heading in headings if heading]
