"""``student_template/``: what students receive, written from the solutions and the handout, the same bytes each time."""

from __future__ import annotations

import difflib
from collections.abc import Iterator
from pathlib import Path

from autograder.author import Number
from autograder.course import handout
from autograder.course.course import TEMPLATE, Course
from autograder.model import LANGUAGES, PartId
from autograder.prepare import notebook
from autograder.prepare.stub import stub

ENGINE = Path(__file__).parents[1]
# Files of ours that a student's copy of the public tests works with, as they are.
SUPPORT = {"handle.py": ENGINE / "wall/shared/handle.py", "sheet.py": ENGINE / "intake/answer_sheet.py"}
PACKAGES = ("torch", "numpy", "pytest")  # what a student needs
CPU_INDEX = "https://download.pytorch.org/whl/cpu"


def files(course: Course) -> dict[str, str]:
    """Every file of the template by its path, as text."""
    made = {f"{question.stem}.py": stub(question) for question in course.questions}
    made["answers.toml"] = "\n".join(_answers(course))
    made["written.md"] = "\n".join(_written(course))
    for language in LANGUAGES:
        for question in course.questions:
            made[f"handout/{question.stem}.{language}.md"] = question.path("handout", language).read_text("utf-8")
        readme = course.root / "assignment" / f"readme.{language}.md"
        if readme.is_file():
            made["README.md" if language == "en" else f"README.{language}.md"] = readme.read_text("utf-8")
    made |= public_suites(course)
    check = course.root / "assignment" / "student-check.yml"
    if check.is_file():
        made[".github/workflows/check.yml"] = check.read_text("utf-8")
    made[notebook.NAME] = notebook.text(notebook.student(course))
    made |= {f"tests/otter/{question.id}.py": notebook.otter_test(question) for question in course.questions}
    made["requirements.txt"] = _requirements(course.root)
    made["pytest.ini"] = "[pytest]\ntestpaths = tests\naddopts = -q --tb=short --import-mode=importlib -p no:cacheprovider\n"
    return {name: text.rstrip("\n") + "\n" for name, text in sorted(made.items())}


def public_suites(course: Course) -> dict[str, str]:
    """The ``tests/`` of the template alone. Needs neither torch nor the solutions."""
    made = {
        f"tests/test_{question.stem}.py": question.path("public test").read_text("utf-8") for question in course.questions
    }
    for name in ("conftest.py", "in_notebook.py"):
        made[f"tests/{name}"] = (course.root / "tests" / "public" / name).read_text("utf-8")
    return made | {f"tests/{name}": path.read_text("utf-8") for name, path in SUPPORT.items()}


def released(course: Course) -> dict[str, str]:
    """Everything that is made here, by its path from the course's root: the template, and the master notebook."""
    made = {f"{TEMPLATE}/{name}": text for name, text in files(course).items()}
    return {f"assignment/{notebook.NAME}": notebook.text(notebook.master(course)), **made}


def write(course: Course) -> list[Path]:
    """Write all that is released anew; what no longer belongs to the template is removed. Returns what changed."""
    made, changed = released(course), []
    for path in _present(course.root / TEMPLATE):
        if path.relative_to(course.root).as_posix() not in made:
            path.unlink()
            changed.append(path)
    for name, text in made.items():
        path = course.root / name
        data = text.encode()  # the same bytes on every system: no newline is translated
        if not path.is_file() or path.read_bytes() != data:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(data)
            changed.append(path)
    return changed


def drift(course: Course) -> str:
    """How what is on disk differs from what would be written, as a diff; empty where it does not."""
    made = released(course)
    on_disk = [*_present(course.root / TEMPLATE), *(course.root / name for name in made if not name.startswith(TEMPLATE))]
    present = {
        path.relative_to(course.root).as_posix(): path.read_bytes().decode(errors="replace")
        for path in on_disk
        if path.is_file()
    }
    lines: list[str] = []
    for name in sorted(made.keys() | present.keys()):
        old, new = (text.get(name, "").splitlines(keepends=True) for text in (present, made))
        lines += difflib.unified_diff(old, new, name, f"as released: {name}")
    return "".join(lines)


def _present(folder: Path) -> Iterator[Path]:
    """What the template holds. What is hidden or compiled (someone's .venv, caches) is nobody's business here."""
    for path in sorted(folder.rglob("*")):
        inside = path.relative_to(folder).parts
        hidden = any(part.startswith(".") and part != ".github" for part in inside)
        if path.is_file() and not hidden and "__pycache__" not in inside:
            yield path


def _answers(course: Course) -> Iterator[str]:
    """The blank sheet: each key with its question in both languages and the form of its answer, never its value."""
    from autograder.course.reference import Reference

    yield '# The answer sheet. Replace each "?" by your answer: a whole number, or a list such as [1, 2, 3].'
    yield '# برگهٔ پاسخ. به جای هر "?" پاسخ خود را بنویسید: یک عدد صحیح، یا فهرستی مانند [1, 2, 3].'
    numbers, reference = course.numbers(), Reference(course)
    for question in course.questions:
        yield f"\n[{question.id}]"
        told = {language: handout.read(question, language).statements for language in LANGUAGES}
        for key, number in numbers.items():
            if PartId.of_number(key).question == question.id:
                yield ""
                for language in LANGUAGES:
                    yield from (f"# {line}" for line in told[language][key].splitlines() if line)
                yield f"# {_form(number, reference)}"
                yield f'{PartId.of_number(key).name} = "?"'


def _form(number: Number, reference) -> str:
    value = number.recipe(reference)
    if isinstance(value, (list, tuple)):
        return f"a list of {len(value)} whole numbers · فهرستی از {len(value)} عدد صحیح"
    return "a whole number · یک عدد صحیح"


def _written(course: Course) -> Iterator[str]:
    """The written questions, quoted, with room below each; what is quoted does not count as the student's."""
    for name in course.written:
        part = next(part for part in course.parts if part.kind == "written" and part.name == name)
        question = course.question(part.question)
        yield f"## {name}\n"
        for language in LANGUAGES:
            yield from (f"> {line}".rstrip() for line in handout.read(question, language).statements[name].splitlines())
            yield ">"
        yield "\n<!-- your answer below this line · پاسخ شما زیر این سطر -->\n\n"


def _requirements(root: Path) -> str:
    constraints = root / "constraints.txt"
    lines = constraints.read_text("utf-8").splitlines() if constraints.is_file() else []
    pins = [line for line in lines if line and line[0] != "#"]
    wanted = [pin for pin in pins if pin.split("==")[0] in PACKAGES]
    names = [pin.split("==")[0] for pin in wanted]
    loose = [name for name in PACKAGES if name not in names]
    index = f"# On Linux, for the small CPU build of torch: pip install --extra-index-url {CPU_INDEX} -r requirements.txt"
    return "\n".join([index, *wanted, *loose])
