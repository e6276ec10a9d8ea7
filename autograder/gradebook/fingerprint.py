"""Content hashes: what decides a grade, the whole course's and each question's own, and what only renders it.

Of the engine, the rooms in ``RENDERS`` put a grade into words and files. A change there renders a class anew and asks nobody
anything; a change anywhere else that can decide a grade asks again. A question's hash covers its own files, those that every
question shares, and the solutions of the questions that its files name; so a hidden test that is changed touches no other
question, and a helper of all of them touches all.

An outcome is kept only as far as the ``feedback`` level allows, so the level is hashed as well.
"""

from __future__ import annotations

import hashlib
import platform
import re
from collections.abc import Iterable
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path

from autograder.course.course import TEMPLATE, Course
from autograder.course.question import Question
from autograder.model import Fingerprint, Submission

SUITES = ("tests/hidden/**/*.py",)
COMPUTING = ("torch", "numpy")
LOCK = ("constraints.txt", "requirements/grade.txt")  # the lock files, which pin every package; present only in a checkout
SOLUTIONS = ("solutions/**/*.py", "assignment/*.variants.yml")
HANDOUT = ("assignment/*.md",)
RUBRICS = ("assignment/*.rubric.yml",)  # with the config: what points and marks are computed by
ENGINE = Path(__file__).parents[1]
RENDERS = ("report", "words")  # rooms of the engine that put a grade into words and files
DISCLOSES = "disclosure.py"  # of the room `report`: what is taken out before anything is kept decides what is kept
ASIDE = ("cli", "export", "gradebook", "prepare", "runner", "web")  # rooms that neither decide a grade nor render its files


@dataclass(frozen=True)
class Hashes:
    """What a grade depends on besides the submission.

    ``questions`` holds each question's hash of the suites and solutions that it depends on.
    """

    suites: str
    solutions: str
    config: str
    engine: str
    look: str  # what only renders a grade: the engine's sentences and pages, and the course's handout
    limits: str  # what the outcome of student code depends on besides suites and solutions
    asking: str  # everything that the outcome of student code depends on; not points, policies or look
    questions: dict[str, str]
    asks: dict[str, tuple[str, ...]]  # by question, the stems of the students' files that its hidden tests ask
    may_ask: dict[str, tuple[str, ...]]  # the same with those that its numbers ask, where one of them is wrong
    reads: dict[str, tuple[str, ...]]  # by question, the keys of the answer sheet that its tests read
    versions: str


def hashes(course: Course, engine: Path | None = None) -> Hashes:
    """The hashes of a course and of an engine, this one unless another folder is named."""
    engine = engine or ENGINE
    computing, of_questions = versions(), _files(course.root, (*SUITES, *SOLUTIONS))
    suites, solutions = (_digest(course.root, _files(course.root, what)) for what in (SUITES, SOLUTIONS))
    decides, renders = _engine(engine)
    template = _digest(course.root, _files(course.root, (f"{TEMPLATE}/*.ipynb",)))
    config = course.config
    known = course.known_files
    asked = (sorted(known.template), sorted(known.blank), course.number_keys, course.list_keys)
    facts = (config.limits, config.isolation, config.feedback, *asked)
    limits = digest(decides, template, computing, repr(facts))
    return Hashes(
        suites=suites,
        solutions=solutions,
        config=_digest(course.root, [course.config_path, *_files(course.root, RUBRICS)]),
        engine=decides,
        look=digest(renders, _digest(course.root, _files(course.root, HANDOUT))),
        limits=limits,
        asking=digest(suites, solutions, limits),
        questions={one.id: _digest(course.root, _files_of(one, course, of_questions)) for one in course.questions},
        asks={one.id: _stems(one, course, _tests(one, course)) for one in course.questions},
        may_ask={one.id: _stems(one, course, _texts(one, course)) for one in course.questions},
        reads={one.id: _read(one, course) for one in course.questions},
        versions=computing,
    )


def _engine(root: Path) -> tuple[str, str]:
    """The hash of what decides a grade, and of what only renders it."""
    files = _files(root, ("**/*.py", "**/*.yml", "**/*.j2", "**/*.css"))
    room = {path: path.relative_to(root).parts[0] for path in files}
    decides = [path for path in files if room[path] not in (*RENDERS, *ASIDE) or path.name == DISCLOSES]
    return _digest(root, decides), _digest(root, [path for path in files if room[path] in RENDERS and path not in decides])


def versions() -> str:
    """What computes here, as in ``Python 3.11.9, torch 2.13.0, numpy 2.4.0, lock 1f0c2d3e4a5b``. Imports none of them."""
    computing = [f"Python {platform.python_version()}", *(f"{name} {version(name)}" for name in COMPUTING)]
    root = ENGINE.parent
    lock = [path for path in map(root.joinpath, LOCK) if path.is_file()]
    return ", ".join([*computing, *([f"lock {_digest(root, lock)[:12]}"] if lock else [])])


def fingerprint(submission: Submission, of_course: Hashes) -> Fingerprint:
    """What the grade of this submission is keyed by."""
    marks = [(one.part, one.text_hash, one.cents, one.comment, sorted(one.criteria.items())) for one in submission.marks]
    read = (content(submission), submission.sure, submission.trouble, submission.notes, submission.name)
    times = (submission.handed_in, submission.late_seconds)
    text = repr((read, times, marks, submission.marked, submission.dealt))
    its = {name: getattr(of_course, name) for name in ("suites", "solutions", "config", "engine", "questions", "versions")}
    return Fingerprint(submission=hashlib.sha256(text.encode()).hexdigest(), **its)


def content(submission: Submission) -> str:
    """A hash of the handed-in bytes alone, independent of the time and of what is known about the hand-in."""
    whole = hashlib.sha256()
    for name, data in sorted(submission.files.items()):
        whole.update(f"{len(name)} {name} {len(data)} ".encode())
        whole.update(data)
    return whole.hexdigest()


def record_key(submission: Submission, of_course: Hashes) -> str:
    """The key of a submission's record: the hand-in, and everything that the outcome of its code depends on."""
    sheet = of_variant(submission)
    read = (content(submission), repr(submission.trouble), *["sure"] * submission.sure)
    return digest(*read, of_course.asking, *[sheet] * bool(sheet))


def of_variant(submission: Submission) -> str:
    """What the student's variant adds to that key; empty where everybody has the same sheet."""
    dealt = submission.dealt
    return "" if dealt is None else f"variant {dealt.variant} {dealt.why}"


def _files_of(question: Question, course: Course, files: list[Path]) -> list[Path]:
    named = _named(question, course)
    return [
        path
        for path in files
        if (owner := _owner(path, course)) in (None, question)
        or (owner in named and not path.is_relative_to(course.root / "tests"))
        or _asks(path, question, course)
    ]


def _owner(path: Path, course: Course) -> Question | None:
    within = path.relative_to(course.root).as_posix()
    return next((one for one in course.questions if _names(within, one)), None)


def _named(question: Question, course: Course) -> list[Question]:
    """The questions whose solutions this one's files name, and those that theirs name."""
    questions, todo = [question], [question]
    while todo:
        one = todo.pop()
        roles = ("solution", "witness", "numbers", "misconceptions", "hidden test")
        files = [path for role in roles if role != "hidden test" or one is question for path in one.paths(role)]
        text = "".join(path.read_text("utf-8") for path in files)
        for other in course.questions:
            if other not in questions and _names(text, other):
                questions.append(other)
                todo.append(other)
    return questions


def _asks(path: Path, question: Question, course: Course) -> bool:
    """Whether another question's hidden test also calls this one's functions: a diagnosis sees those results."""
    return path.is_relative_to(course.root / "tests" / "hidden") and _names(path.read_text("utf-8"), question)


def _names(text: str, question: Question) -> bool:
    return question.stem in text and re.search(rf"(?<![a-z0-9]){question.stem}(?![a-z0-9])", text) is not None


def _files(root: Path, patterns: Iterable[str]) -> list[Path]:
    return sorted({path for pattern in patterns for path in root.glob(pattern) if path.is_file()})


def _tests(question: Question, course: Course) -> str:
    """A question's hidden test, and the helpers of all tests."""
    helpers = [path for path in _files(course.root, SUITES) if _owner(path, course) is None]
    return "\n".join(path.read_text("utf-8") for path in (question.path("hidden test"), *helpers))


def _texts(question: Question, course: Course) -> str:
    return "\n".join([_tests(question, course), question.path("numbers").read_text("utf-8")])


def _stems(question: Question, course: Course, text: str) -> tuple[str, ...]:
    """Stems that a text takes as an attribute of something other than ``solutions``, or names in quotes, and the own one."""
    others = [
        one
        for one in course.questions
        if one.stem in text and re.search(rf"(?<!solutions)\.{one.stem}\b|[\"']{one.stem}[\"']", text)
    ]
    return tuple(one.stem for one in course.questions if one == question or one in others)


def _read(question: Question, course: Course) -> tuple[str, ...]:
    text = _texts(question, course)
    return tuple(key for key in course.number_keys if key.startswith(f"{question.id}.") or key in text)


def digest(*texts: str) -> str:
    """One hash over texts."""
    return hashlib.sha256("\0".join(texts).encode("utf-8", "replace")).hexdigest()


def _digest(root: Path, paths: Iterable[Path]) -> str:
    """One hash over the names and the bytes of files."""
    whole = hashlib.sha256()
    for path in paths:
        data = path.read_bytes()
        whole.update(f"{path.relative_to(root).as_posix()} {len(data)}\n".encode())
        whole.update(data)
    return whole.hexdigest()
