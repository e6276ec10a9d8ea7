"""A course assignment on disk: its questions, their parts, their variants.

Nothing here imports torch or a question: the command can list and plan without either.
"""

from __future__ import annotations

import importlib
import json
import sys
from dataclasses import dataclass, field, replace
from functools import cached_property
from inspect import signature
from pathlib import Path
from types import ModuleType
from typing import Any

from autograder.course import config as config_file
from autograder.course import variants
from autograder.course.question import Question, check, stems
from autograder.course.yaml_file import Lines
from autograder.errors import ConvgradeError
from autograder.model import Part

TEMPLATE = "student_template"


@dataclass(frozen=True)
class KnownFiles:
    """The names of files that are looked at in a submission; everything else is left alone."""

    stems: tuple[str, ...]
    answers: str = "answers.toml"
    written: str = "written.md"
    regrade: str = "regrade.md"  # read where it is present; not one of the homework's own files
    # Paths of the files that students received: their presence in a hand-in needs no note.
    template: frozenset[str] = frozenset()
    blank: frozenset[bytes] = frozenset()  # what is in those of these files that are to be filled in, without white space

    def handed_out(self, path: str) -> bool:
        """Whether a file was handed out with the homework, whatever folder it is in now."""
        steps = path.replace("\\", "/").rsplit("/", 4)[-4:]
        return any("/".join(steps[at:]) in self.template for at in range(len(steps)))

    def untouched(self, data: bytes) -> bool:
        """Whether a file is as it was handed out, white space aside."""
        return b"".join(data.split()) in self.blank

    @property
    def names(self) -> tuple[str, ...]:
        """The files that a student fills in."""
        return (*(f"{stem}.py" for stem in self.stems), self.answers, self.written)


@dataclass(frozen=True)
class Course:
    """The assignment whose ``grader_config.yml`` this is; ``root`` is that file's folder."""

    root: Path
    config_path: Path
    config: config_file.Config
    questions: tuple[Question, ...]
    lines: Lines = field(default_factory=Lines, repr=False)  # of the config

    @staticmethod
    def load(config_path: Path) -> Course:
        """Read and check the config and find the questions. Raises ConvgradeError with file and line."""
        config_path = Path(config_path).resolve()
        root = config_path.parent
        config, lines = config_file.load(config_path)
        questions = tuple(Question(root, stem) for stem in stems(root))
        check(questions, root)
        course = Course(root, config_path, config, questions, lines)
        config_file.check_points(config, lines, course.parts_on_disk)
        config_file.check_variants(config, lines, course.pooled)
        named = [f"{question.id}.{name}" for question in questions for name in course.pool(question).parameters(1)]
        config_file.check_follow(config, lines, course.number_keys, named)
        return course

    @cached_property
    def parts(self) -> tuple[Part, ...]:
        """Every part with its points, question by question in the config's order."""
        return tuple(Part(id, round(points * 100)) for id, points in self.config.points.items())

    @cached_property
    def parts_on_disk(self) -> tuple[str, ...]:
        """The parts that the files define: numbers, public functions and classes, written headings."""
        return tuple(
            f"{question.id}.{kind}.{name}"
            for question in self.questions
            for kind, names in (
                ("numbers", question.number_names),
                ("code", question.code_names),
                ("written", question.written_names),
            )
            for name in names
        )

    @cached_property
    def automatic(self) -> tuple[Part, ...]:
        """The parts that no person marks."""
        return tuple(part for part in self.parts if part.kind != "written")

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
        """The names of the homework's files, and what was in them when they were handed out."""
        top = self.root / TEMPLATE
        template = frozenset(path.relative_to(top).as_posix() for path in top.rglob("*") if path.is_file())
        known = KnownFiles(tuple(question.stem for question in self.questions), template=template)
        blank = frozenset(b"".join((top / name).read_bytes().split()) for name in known.names if name in template)
        return replace(known, blank=blank)

    def question(self, id: str) -> Question:
        """The question of this id. Raises KeyError for one that the course does not have."""
        return {question.id: question for question in self.questions}[id]

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

    def sheet(self, variant: int = 1) -> variants.SheetParameters:
        """The parameters of this variant by the question's stem. Raises IndexError where there is no such variant."""
        return {question.stem: self.pool(question).parameters(variant) for question in self.questions}

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
        more = (self.pool(question).parameters(variant),) if len(signature(drawn).parameters) > 1 else ()
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
