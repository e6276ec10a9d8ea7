"""``student_template/``: what students receive, written from the solutions and the handout, the same bytes each time.

A stub is the solution's file with its public signatures, types and docstrings, every body replaced by
``raise NotImplementedError`` and everything private taken out, imports of the solutions' own included.
"""

from __future__ import annotations

import difflib
from collections.abc import Iterator
from pathlib import Path

import libcst as cst

from autograder import handout
from autograder.author import Number
from autograder.course import Course, Question
from autograder.model import LANGUAGES

TEMPLATE = "student_template"
ENGINE = Path(__file__).parent
# Files of ours that a student's copy of the public tests works with, as they are.
SUPPORT = {"handle.py": ENGINE / "wall/inside/handle.py", "sheet.py": ENGINE / "sheet.py"}
KEPT_IMPORTS = ("numpy", "torch", "__future__")
PACKAGES = ("torch", "numpy", "pytest")  # what a student needs
CPU_INDEX = "https://download.pytorch.org/whl/cpu"


def files(course: Course) -> dict[str, str]:
    """Every file of the template by its path, as text."""
    from autograder import master  # which takes its stubs from here

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
    made[master.NAME] = master.text(master.student(course))
    made |= {f"tests/otter/{question.id}.py": master.otter_test(question) for question in course.questions}
    made["requirements.txt"] = _requirements(course.root)
    made["pytest.ini"] = "[pytest]\ntestpaths = tests\naddopts = -q --import-mode=importlib -p no:cacheprovider\n"
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
    from autograder import master

    made = {f"{TEMPLATE}/{name}": text for name, text in files(course).items()}
    return {f"assignment/{master.NAME}": master.text(master.master(course)), **made}


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


def stub(question: Question) -> str:
    """The question's file as a student receives it."""
    module = cst.parse_module(question.path("solution").read_text("utf-8"))
    return module.visit(_Stubbing()).code


class _Stubbing(cst.CSTTransformer):
    """Keeps imports of third-party packages, the docstring, and public signatures with their docstrings.

    Comments go too: they tell how the solution works.
    """

    def leave_EmptyLine(self, original_node: cst.EmptyLine, updated_node: cst.EmptyLine):
        return updated_node if original_node.comment is None else cst.RemoveFromParent()

    def leave_TrailingWhitespace(
        self, original_node: cst.TrailingWhitespace, updated_node: cst.TrailingWhitespace
    ) -> cst.TrailingWhitespace:
        return updated_node.with_changes(
            comment=None, whitespace=cst.SimpleWhitespace("") if original_node.comment else updated_node.whitespace
        )

    def leave_Module(self, original_node: cst.Module, updated_node: cst.Module) -> cst.Module:
        return updated_node.with_changes(body=[node for node in updated_node.body if _kept(node)], footer=[])

    def leave_FunctionDef(self, original_node: cst.FunctionDef, updated_node: cst.FunctionDef) -> cst.FunctionDef:
        body = [node for node in updated_node.body.body[:1] if _is_docstring(node)]
        if updated_node.name.value == "__init__":
            body.append(cst.parse_statement("super().__init__()"))
        body.append(cst.parse_statement("raise NotImplementedError"))
        return updated_node.with_changes(body=cst.IndentedBlock(body), decorators=[])

    def leave_ClassDef(self, original_node: cst.ClassDef, updated_node: cst.ClassDef) -> cst.ClassDef:
        body = [node for node in updated_node.body.body if _is_docstring(node) or _is_asked(node)]
        return updated_node.with_changes(body=cst.IndentedBlock(body or [cst.parse_statement("pass")]), decorators=[])


def _is_docstring(node: cst.CSTNode) -> bool:
    return (
        isinstance(node, cst.SimpleStatementLine)
        and isinstance(node.body[0], cst.Expr)
        and isinstance(node.body[0].value, (cst.SimpleString, cst.ConcatenatedString))
    )


def _is_asked(node: cst.CSTNode) -> bool:
    """A function, class or method that a student is to write; private ones are the solution's own way."""
    named = isinstance(node, (cst.FunctionDef, cst.ClassDef))
    return named and (node.name.value == "__init__" or not node.name.value.startswith("_"))


def _kept(node: cst.CSTNode) -> bool:
    if _is_asked(node):
        return True
    if not isinstance(node, cst.SimpleStatementLine):
        return False
    if _is_docstring(node):
        return True
    statement = node.body[0]
    if isinstance(statement, cst.ImportFrom):
        imported = [statement.module] if statement.module is not None and not statement.relative else []
    elif isinstance(statement, cst.Import):
        imported = [alias.name for alias in statement.names]
    else:
        return False
    return bool(imported) and all(cst.Module([]).code_for_node(name).split(".")[0] in KEPT_IMPORTS for name in imported)


def _answers(course: Course) -> Iterator[str]:
    """The blank sheet: each key with its question in both languages and the form of its answer, never its value."""
    from autograder.reference import Reference

    yield '# The answer sheet. Replace each "?" by your answer: a whole number, or a list such as [1, 2, 3].'
    yield '# برگهٔ پاسخ. به جای هر "?" پاسخ خود را بنویسید: یک عدد صحیح، یا فهرستی مانند [1, 2, 3].'
    numbers, reference = course.numbers(), Reference(course)
    for question in course.questions:
        yield f"\n[{question.id}]"
        told = {language: handout.read(question, language).statements for language in LANGUAGES}
        for key, number in numbers.items():
            if key.split(".")[0] == question.id:
                yield ""
                for language in LANGUAGES:
                    yield from (f"# {line}" for line in told[language][key].splitlines() if line)
                yield f"# {_form(number, reference)}"
                yield f'{key.split(".", 1)[1]} = "?"'


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
