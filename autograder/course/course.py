"""A course assignment on disk: the one table of roles, the questions found by it, their parts.

Nothing here imports torch or a question: the command can list and plan without either.
"""

from __future__ import annotations

import ast
import importlib
import json
import re
import sys
from collections.abc import Iterable
from dataclasses import dataclass, replace
from functools import cached_property
from inspect import signature
from itertools import pairwise
from pathlib import Path
from types import ModuleType
from typing import Any

from autograder.course import config as config_file
from autograder.course import variants
from autograder.errors import ConvgradeError
from autograder.model import LANGUAGES, Part

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
GENERATED = ("stub",)
OPTIONAL = ("drawing", "variants")
TEMPLATE = "student_template"
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
        return self.root / ROLES[role].format(stem=self.stem, language=language)

    def paths(self, role: str) -> list[Path]:
        """Every file of a role: one a language for the handout, the modules of a package, else one."""
        paths = list(dict.fromkeys(self.path(role, language) for language in LANGUAGES))
        packages = [path.parent for path in paths if path.name == "__init__.py" and path.is_file()]
        return [path for package in packages for path in sorted(package.glob("*.py"))] or paths

    @cached_property
    def asked(self) -> tuple[str, ...]:
        """The functions and classes that students are asked to write, in the solution's order."""
        return tuple(_public(self.path("solution")))


@dataclass(frozen=True)
class KnownFiles:
    """The names of files that are looked at in a submission; everything else is left alone."""

    stems: tuple[str, ...]
    answers: str = "answers.toml"
    written: str = "written.md"
    regrade: str = "regrade.md"  # read where it is; none of the homework's own files
    template: frozenset[str] = frozenset()  # paths of what students were handed out, none of it worth a word
    blank: frozenset[bytes] = frozenset()  # what is in those of these files that are to be filled in, without white space

    def handed_out(self, path: str) -> bool:
        """Whether a file was handed out with the homework, in whatever folder it lies now."""
        steps = path.replace("\\", "/").rsplit("/", 4)[-4:]
        return any("/".join(steps[at:]) in self.template for at in range(len(steps)))

    def untouched(self, data: bytes) -> bool:
        """Whether a file is as it was handed out, white space aside."""
        return b"".join(data.split()) in self.blank

    @property
    def names(self) -> tuple[str, ...]:
        return (*(f"{stem}.py" for stem in self.stems), self.answers, self.written)


@dataclass(frozen=True)
class Course:
    """The assignment whose ``grader_config.yml`` this is; ``root`` is that file's folder."""

    root: Path
    config_path: Path
    config: config_file.Config
    questions: tuple[Question, ...]

    @staticmethod
    def load(config_path: Path) -> Course:
        """Read and check the config and find the questions. Raises ConvgradeError with file and line."""
        config_path = Path(config_path).resolve()
        root = config_path.parent
        config = config_file.load(config_path)
        questions = tuple(Question(root, stem) for stem in stems(root))
        _check_ids_differ(questions, root)
        _no_file_missing(questions)
        course = Course(root, config_path, config, questions)
        config_file.check_points(config, config_path, course.parts_asked)
        config_file.check_variants(config, config_path, course.pooled)
        named = [f"{question.id}.{name}" for question in questions for name in course.pool(question).given(1)]
        config_file.check_follow(config, config_path, course.number_keys, named)
        return course

    @cached_property
    def parts(self) -> tuple[Part, ...]:
        """Every part with its points, question by question in the config's order."""
        return tuple(Part(id, round(points * 100)) for id, points in self.config.points.items())

    @cached_property
    def parts_asked(self) -> tuple[str, ...]:
        """The parts that the files themselves ask: numbers, public functions and classes, written headings."""
        return tuple(
            f"{question.id}.{kind}.{name}"
            for question in self.questions
            for kind, names in (
                ("numbers", _assigned(question.path("numbers"))),
                ("code", question.asked),
                ("written", _written(question.path("handout"))),
            )
            for name in names
        )

    @property
    def number_keys(self) -> tuple[str, ...]:
        """Keys of the answer sheet, such as ``q2.receptive_field``."""
        return tuple(f"{part.question}.{part.name}" for part in self.parts if part.kind == "numbers")

    @cached_property
    def list_keys(self) -> tuple[str, ...]:
        """Those of them that ask for a list, as the released template says; none before its first release."""
        path = self.root / TEMPLATE / "tests" / "facts.json"
        return tuple(json.loads(path.read_text("utf-8")).get("lists", ())) if path.is_file() else ()

    @property
    def written(self) -> tuple[str, ...]:
        """Names of the written parts, such as ``w1``."""
        return tuple(part.name for part in self.parts if part.kind == "written")

    @cached_property
    def known_files(self) -> KnownFiles:
        top = self.root / TEMPLATE
        template = frozenset(path.relative_to(top).as_posix() for path in top.rglob("*") if path.is_file())
        known = KnownFiles(tuple(question.stem for question in self.questions), template=template)
        blank = frozenset(b"".join((top / name).read_bytes().split()) for name in known.names if name in template)
        return replace(known, blank=blank)

    def question(self, id: str) -> Question:
        return next(question for question in self.questions if question.id == id)

    def module(self, name: str) -> ModuleType:
        """Import one of the course's own modules, such as ``solutions.q2_convnet_numbers``.

        Raises ConvgradeError for a folder without code, and where this process already holds a module of that name from
        another course.
        """
        if str(self.root) not in sys.path:
            sys.path.insert(0, str(self.root))
        module = importlib.import_module(name)
        ours = self.root.joinpath(*name.split("."))
        if module.__file__ is None:
            raise ConvgradeError(f"{name} is a folder without code", where=str(ours), todo="Put an __init__.py into it.")
        if Path(module.__file__).resolve() not in (ours.with_suffix(".py").resolve(), (ours / "__init__.py").resolve()):
            raise ConvgradeError(
                f"{name} is another course's", where=str(module.__file__), todo="Grade one course in one process."
            )
        return module

    # ---- variants

    def pool(self, question: Question) -> variants.Pool:
        """The variants of a question."""
        return variants.pool(self.root, question.stem)

    def sheet(self, variant: int = 1) -> variants.Parameters:
        """What a student of this variant is given, by the stem of the question. Raises IndexError where there is none such."""
        return {question.stem: self.pool(question).given(variant) for question in self.questions}

    @cached_property
    def varying(self) -> tuple[Question, ...]:
        """The questions that have variants."""
        return tuple(question for question in self.questions if len(self.pool(question).rows) > 1)

    @cached_property
    def pooled(self) -> int:
        """How many variants there are of every question that varies."""
        return min((len(self.pool(question).rows) for question in self.varying), default=1)

    @cached_property
    def withdrawn(self) -> dict[int, str]:
        """The variants that nobody is given any more, and why."""
        return {number: why for question in self.varying for number, why in self.pool(question).withdrawn.items()}

    @property
    def offered(self) -> tuple[int, ...]:
        """The variants that are dealt: as many as the config asks for, the first ones that are not withdrawn."""
        kept = [number for number in range(1, self.pooled + 1) if number not in self.withdrawn]
        return tuple(kept[: self.config.variants])

    # ---- what imports the solutions

    def drawings(self, question: Question, language: str, variant: int = 1) -> list[Any]:
        """A question's drawings for the handout; none where its author drew none. Imports the solutions."""
        if not question.path("drawing").is_file():
            return []
        drawn = self.module(f"assignment.{question.path('drawing').stem}").drawings
        more = (self.pool(question).given(variant),) if len(signature(drawn).parameters) > 1 else ()
        return drawn(language, *more)

    def numbers(self, variant: int = 1) -> dict[str, Any]:
        """``q2.receptive_field`` -> its ``author.Number`` on the sheet of a variant. Imports the solutions."""
        from autograder.course.author import Number

        sheet = self.sheet(variant)
        numbers: dict[str, Any] = {}
        for question in self.questions:
            module = self.module(f"solutions.{question.stem}_numbers")
            for name, value in vars(module).items():
                if isinstance(value, Number):
                    numbers[f"{question.id}.{name}"] = value.on(sheet, question.stem)
        return numbers

    def traces(self) -> dict[str, Any]:
        """``q2.code.receptive_field`` -> its ``author.Trace``. Imports the solutions."""
        from autograder.course.author import Trace

        traces = {}
        for question in self.questions:
            for value in vars(self.module(f"solutions.{question.stem}_numbers")).values():
                if isinstance(value, Trace):
                    traces[f"{question.id}.code.{value.function}"] = value
        return traces


def stems(root: Path) -> list[str]:
    """The stems of the questions that have a solution in the course at ``root``."""
    return sorted(path.stem for path in root.glob("solutions/q*_*.py") if is_stem(path.stem))


def is_stem(name: str) -> bool:
    """Whether a question can have this name."""
    return _STEM.fullmatch(name) is not None and not name.endswith(_SUFFIXES)


def _check_ids_differ(questions: tuple[Question, ...], root: Path) -> None:
    if not questions:
        todo = "Write solutions/q1_<name>.py, or name another --config."
        raise ConvgradeError("there is no question here", where=str(root / "solutions"), todo=todo)
    for one, other in pairwise(questions):
        if one.id == other.id:
            todo = f"Rename {other.stem} in every role."
            raise ConvgradeError(
                f"{one.stem} and {other.stem} are both {one.id}", where=str(other.path("solution")), todo=todo
            )


def _no_file_missing(questions: Iterable[Question]) -> None:
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
        raise ConvgradeError(f"not Python: {error.msg}", where=f"{path}:{error.lineno}", todo="Mend that line.") from None


def _assigned(path: Path) -> list[str]:
    """Names assigned a ``number(...)`` at the top of a module, in order."""
    return [
        node.targets[0].id
        for node in _tree(path).body
        if isinstance(node, ast.Assign)
        and isinstance(node.targets[0], ast.Name)
        and isinstance(node.value, ast.Call)
        and isinstance(node.value.func, ast.Name)
        and node.value.func.id == "number"
    ]


def _public(path: Path) -> list[str]:
    """Public functions and classes of a module, in order: what a question asks to be written."""
    kinds = (ast.FunctionDef, ast.ClassDef)
    return [node.name for node in _tree(path).body if isinstance(node, kinds) and not node.name.startswith("_")]


def _written(path: Path) -> list[str]:
    return re.findall(r"^### `(w\d+)`", path.read_text(encoding="utf-8"), flags=re.MULTILINE)
