"""What an author left behind: unfinished lines of ``convgrade new``, files and names of deleted questions, a handout
whose two languages do not ask the same, a template that is no longer what would be released."""

from __future__ import annotations

import platform
import re
from collections.abc import Iterable, Iterator
from pathlib import Path

from autograder.course import handout
from autograder.course.course import TEMPLATE, Course
from autograder.course.question import ROLES
from autograder.model import LANGUAGES

MARK = "TODO(author)"
SOURCES = ("assignment", "solutions", "tests/hidden", "tests/public", "tests/attempts", "tests/solutions")
KINDS = (".md", ".py", ".yml")
MOST = 5  # names in one line
_WORD = re.compile(r"\bq\d+_[a-z]\w*")
_USED = re.compile(
    r"(?:\bsolutions[./]|\bimport |[\"'`]|\w\.(?=\w+\.))(q\d+_[a-z]\w*)"
)  # in Python, where a variable may look like a stem
# What follows a stem in the names of files and modules that belong to it.
_ENDS = ("_torch", "_numbers", "_misconceptions", "_drawing", "_wrong", "_right")


def of(course: Course) -> Iterator[str]:
    """One line for each thing that was left behind, with its file and what to do."""
    yield from _ownerless(course)
    yield from _named(course)
    yield from _in_one_language(course)


def unfinished(config: Path) -> list[str]:
    """Lines that ``convgrade new`` wrote for an author to replace."""
    lines = []
    for path in [config, *_sources(config.parent)]:
        for at, line in enumerate(path.read_text("utf-8", errors="replace").splitlines(), 1):
            if MARK in line:
                todo = line.partition(MARK)[2].removesuffix("-->").strip(" :.")
                lines.append(f"{_place(path, config.parent)}:{at}: {todo}. Then delete this line.")
    return lines


def _ownerless(course: Course) -> Iterator[str]:
    """Files in a role's place whose question has no solution."""
    stems = {question.stem for question in course.questions}
    places = [where.format(stem="q*_*", language=language) for where in ROLES.values() for language in LANGUAGES]
    for path in sorted({path for place in places for path in course.root.glob(place)}):
        stem = _stem(path.parent.name if path.name == "__init__.py" else path.name)
        if stem and stem not in stems:
            where = _place(path, course.root)
            todo = (
                "Run convgrade release, which removes it"
                if where.startswith(TEMPLATE)
                else f"Delete it, or write solutions/{stem}.py"
            )
            yield f"{where}: there is no question {stem}. {todo}."


def _named(course: Course) -> Iterator[str]:
    """Tests, solutions and texts that name a deleted question."""
    stems = {question.stem for question in course.questions}
    for path in _sources(course.root):
        if _stem(path.name) not in (*stems, "") or _stem(path.parent.name) not in (*stems, ""):
            continue  # it is a removed question's own, and is named already
        for at, line in enumerate(path.read_text("utf-8", errors="replace").splitlines(), 1):
            for stem in dict.fromkeys(map(_stem, (_USED if path.suffix == ".py" else _WORD).findall(line))):
                if stem not in stems:
                    yield f"{_place(path, course.root)}:{at}: names {stem}, and there is no such question. Change that line."


def _in_one_language(course: Course) -> Iterator[str]:
    """What one language's handout asks and the other's does not."""
    for question in course.questions:
        keys = {language: handout.read(question, language).statements.keys() for language in LANGUAGES}
        for one, other in (LANGUAGES, LANGUAGES[::-1]):
            for key in (key for key in keys[one] if key not in keys[other]):
                where = _place(question.path("handout", other), course.root)
                yield f"{where}: `{key}` is asked in the other language only. Write it below a line `### `{key}``."


def template(course: Course) -> Iterator[str]:
    """What students would get is not what the course asks now. The printed papers are not looked at: ``release --check`` does."""
    from autograder.prepare import release

    here, theirs = ".".join(platform.python_version_tuple()[:2]), release.grading_python(course.root)
    if theirs and theirs != here:
        todo = f"Grade with it (make PYTHON=python{theirs} setup), or name {here} there and in assignment/readme.*.md"
        yield f"assignment/student-check.yml: students' own check runs Python {theirs}, and this is {here}. {todo}."
    made = release.texts(course)
    top = course.root / TEMPLATE
    on_disk = {name: path.read_text("utf-8", errors="replace") for name in made if (path := top / name).is_file()}
    old = sorted(name for name, text in made.items() if on_disk.get(name) != text)
    if old:
        more = f" and {len(old) - MOST} more" if len(old) > MOST else ""
        differ = "differs" if len(old) == 1 else "differ"
        yield f"{TEMPLATE}/: {', '.join(old[:MOST])}{more} {differ} from what is asked now. Run convgrade release."


def _sources(root: Path) -> Iterable[Path]:
    """What an author writes, besides the config."""
    return (
        path
        for folder in SOURCES
        for path in sorted((root / folder).rglob("*"))
        if path.suffix in KINDS and path.name != "README.md"
    )


def _stem(name: str) -> str:
    """The stem that a file's or a module's name holds; empty where it holds none."""
    match = _WORD.search(name.removeprefix("test_").split(".")[0])
    stem = match[0] if match else ""
    return next((stem.removesuffix(end) for end in _ENDS if stem.endswith(end)), stem)


def _place(path: Path, root: Path) -> str:
    return path.relative_to(root).as_posix()
