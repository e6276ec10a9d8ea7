"""``student_template/``: what students receive, written from the solutions and the handout, the same bytes each time."""

from __future__ import annotations

import difflib
import json
import re
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from autograder import words
from autograder.course import handout
from autograder.course.author import Number
from autograder.course.course import TEMPLATE, Course
from autograder.course.question import SHARED_PUBLIC
from autograder.course.sheet import FIRST, Sheet
from autograder.course.variants import in_python
from autograder.model import LANGUAGES, Language, PartId
from autograder.prepare import notebook
from autograder.prepare.stub import stub
from autograder.prepare.typeset import page, pdf
from autograder.wall.inside.stand_ins import LOOKING, PROGRESS

ENGINE = Path(__file__).parents[1]
# Files of ours that a student's copy of the public tests works with, as they are.
SUPPORT = {
    "handle.py": ENGINE / "wall/shared/handle.py",
    "inventory.py": ENGINE / "intake/inventory.py",
    "sheet.py": ENGINE / "intake/answer_sheet.py",
    "written.py": ENGINE / "intake/written.py",
}
PACK = ENGINE / "intake/pack.py"
MACHINE = ENGINE / "prepare/check_machine.py"
TEMPLATE_SENTENCES = ("inventory.", "machine.", "pack.", "sheet.")  # sentences that a student's own copy says
PAPERS = "assignment"  # where the typeset handout stands, beside its Markdown
BINARY = (".pdf", ".html")  # files whose differences nobody can read
PACKAGES = ("torch", "numpy", "pytest")  # what a student needs
LEAST = "3.11"  # the oldest Python that the homework works with
CPU_INDEX = "https://download.pytorch.org/whl/cpu"


def files(course: Course, sheet: Sheet = FIRST) -> dict[str, bytes]:
    """Every file of the template by its path. A paper that cannot be printed here is left as it is on disk."""
    made = {name: text.encode() for name, text in texts(course, sheet).items()}
    typeset = papers(course, sheet)
    return dict(sorted({**made, **{f"handout/{name}": data for name, data in typeset.items()}}.items()))


def papers(course: Course, sheet: Sheet = FIRST) -> dict[str, bytes]:
    """The typeset handout: a page for each language, and its PDF where it can be printed or the one on disk still fits."""
    made = {}
    for language in LANGUAGES:
        html = page.html(course, language, sheet).encode()
        made[f"handout.{language}.html"] = html
        there = course.root / PAPERS / f"handout.{language}.pdf"
        on_disk = there.read_bytes() if there.is_file() else b""
        if pdf.fits(on_disk, html):
            made[there.name] = on_disk
        elif pdf.browser():
            made[there.name] = pdf.printed(html)
    return made


def texts(course: Course, sheet: Sheet = FIRST) -> dict[str, str]:
    """Every file of the template but the typeset handout, by its path."""
    made = {f"{question.stem}.py": stub(question) for question in course.questions}
    made["answers.toml"] = "\n".join(_answers(course, sheet))
    made["written.md"] = "\n".join(_written(course))
    for language in LANGUAGES:
        for question in course.questions:
            made[f"handout/{question.stem}.{language}.md"] = _shown(
                handout.text(question, language, sheet.variant), language
            )
        readme = course.root / "assignment" / f"readme.{language}.md"
        if readme.is_file():
            made["README.md" if language == "en" else f"README.{language}.md"] = _shown(readme.read_text("utf-8"), language)
    made |= public_suites(course, sheet.variant, _lists(course, sheet))
    check = course.root / "assignment" / "student-check.yml"
    if check.is_file():
        made[".github/workflows/check.yml"] = check.read_text("utf-8")
    made[notebook.NAME] = notebook.text(notebook.student(course, sheet))
    made |= {f"tests/otter/{question.id}.py": notebook.otter_test(question) for question in course.questions}
    made |= {"pack.py": PACK.read_text("utf-8"), MACHINE.name: MACHINE.read_text("utf-8")}
    made["requirements.txt"] = _requirements(course.root)
    made["pytest.ini"] = "[pytest]\ntestpaths = tests\naddopts = -q --tb=short --import-mode=importlib -p no:cacheprovider\n"
    return {name: text.rstrip("\n") + "\n" for name, text in sorted(made.items())}


def _shown(text: str, language: Language) -> str:
    """Markdown as students get it: in Persian each piece of code is set apart, to be read from the left."""
    return handout.shown(text.replace(f"{page.ON_PAPER}\n", ""), language)


def public_suites(course: Course, variant: int = 1, lists: Sequence[str] | None = None) -> dict[str, str]:
    """The ``tests/`` of the template alone. Needs neither torch nor the solutions.

    ``lists`` are the keys that ask for a list; None for those that are known since the last release.
    """
    made = {
        f"tests/test_{question.stem}.py": in_python(
            question.path("public test").read_text("utf-8"), course.pool(question).parameters(variant)
        )
        for question in course.questions
    }
    for name in SHARED_PUBLIC:
        made[f"tests/{name}"] = (course.root / "tests" / "public" / name).read_text("utf-8")
    made |= {f"tests/{name}": path.read_text("utf-8") for name, path in SUPPORT.items()}
    return made | {"tests/facts.json": json.dumps(facts(course, lists), ensure_ascii=False, indent=1)}


def facts(course: Course, lists: Sequence[str] | None = None) -> dict[str, Any]:
    """What is asked, by name alone, and the sentences that a student's copy of the tests says about it."""
    by_language = {language: words.sentences(language) for language in LANGUAGES}
    return {
        "files": [*course.known_files.names, notebook.NAME],
        "least": LEAST,
        "python": grading_python(course.root) or LEAST,
        "keys": list(course.number_keys),
        "lists": list(course.list_keys if lists is None else lists),
        "written": list(course.written),
        "lines": sorted({line.strip() for line in "\n".join(_written(course)).splitlines() if line.strip()}),
        "modules": sorted(
            {"numpy", "torch", *course.known_files.stems, *(name.split(".")[0] for name in (*LOOKING, *PROGRESS))}
        ),
        "sentences": {
            language: {key: text for key, text in sentences.items() if key.startswith(TEMPLATE_SENTENCES)}
            for language, sentences in by_language.items()
        },
    }


def grading_python(root: Path) -> str:
    """The Python, such as ``3.11``, of the check that students' own repositories run; empty where there is no such check."""
    check = root / "assignment" / "student-check.yml"
    match = re.search(r"python-version: \W?(\d+\.\d+)", check.read_text("utf-8") if check.is_file() else "")
    return match[1] if match else ""


def released(course: Course) -> dict[str, bytes]:
    """Everything that is made here, by its path from the course's root: the template, the paper, and the master notebook."""
    template = files(course)
    made = {f"{PAPERS}/{name.removeprefix('handout/')}": data for name, data in template.items() if _is_paper(name)}
    made[f"assignment/{notebook.NAME}"] = notebook.text(notebook.master(course)).encode()
    return made | {f"{TEMPLATE}/{name}": data for name, data in template.items()}


def unprinted(course: Course) -> list[str]:
    """The PDFs on disk that do not fit their page; after ``write`` those that could not be printed, having no Chromium."""
    stale = []
    for language in LANGUAGES:
        html, printed = (course.root / PAPERS / f"handout.{language}.{kind}" for kind in ("html", "pdf"))
        if not (printed.is_file() and pdf.fits(printed.read_bytes(), html.read_bytes())):
            stale.append(printed.relative_to(course.root).as_posix())
    return stale


def write(course: Course) -> list[Path]:
    """Write the whole release anew and remove what no longer belongs to the template. Returns the changed paths."""
    made, changed = released(course), []
    for path in _present(course.root / TEMPLATE):
        if path.relative_to(course.root).as_posix() not in made and path.suffix != ".pdf":
            path.unlink()
            changed.append(path)
    for name, data in made.items():
        path = course.root / name
        if not path.is_file() or path.read_bytes() != data:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(data)
            changed.append(path)
    return changed


def drift(course: Course) -> str:
    """How what is on disk differs from what would be written, as a diff; empty where it does not."""
    made = released(course)
    on_disk = [*_present(course.root / TEMPLATE), *(course.root / name for name in made if not name.startswith(TEMPLATE))]
    present = {path.relative_to(course.root).as_posix(): path.read_bytes() for path in on_disk if path.is_file()}
    lines: list[str] = []
    for name in sorted(made.keys() | present.keys()):
        old, new = present.get(name, b""), made.get(name, b"")
        if name.endswith(BINARY):
            lines += [f"{name} does not fit the handout's text\n"] if old != new else []
        else:
            before, after = (data.decode(errors="replace").splitlines(keepends=True) for data in (old, new))
            lines += difflib.unified_diff(before, after, name, f"as released: {name}")
    return "".join(lines)


def _is_paper(name: str) -> bool:
    return name.startswith("handout/handout.")


def _present(folder: Path) -> Iterator[Path]:
    """What the template holds. What is hidden or compiled (someone's .venv, caches) is nobody's business here."""
    for path in sorted(folder.rglob("*")):
        inside = path.relative_to(folder).parts
        hidden = any(part.startswith(".") and part != ".github" for part in inside)
        if path.is_file() and not hidden and "__pycache__" not in inside:
            yield path


def _answers(course: Course, sheet: Sheet) -> Iterator[str]:
    """The blank sheet: each key with its question in both languages and the form of its answer, never its value."""
    from autograder.course.reference import Reference

    yield '# The answer sheet. Replace each "?" by your answer: a whole number, or a list such as [1, 2, 3].'
    yield '# برگهٔ پاسخ. به جای هر "?" پاسخ خود را بنویسید: یک عدد صحیح، یا فهرستی مانند [1, 2, 3].'
    yield from sheet.lines()
    numbers, reference = course.numbers(sheet.variant), Reference(course, variant=sheet.variant)
    for question in course.questions:
        yield f"\n[{question.id}]"
        statements = {language: handout.read(question, language, sheet.variant).statements for language in LANGUAGES}
        for key, number in numbers.items():
            if PartId.of_number(key).question == question.id:
                yield ""
                for language in LANGUAGES:
                    yield from (f"# {line}" for line in statements[language][key].splitlines() if line)
                yield f"# {_form(number, reference)}"
                yield f'{PartId.of_number(key).name} = "?"'


def _lists(course: Course, sheet: Sheet) -> list[str]:
    """The keys that ask for a list."""
    from autograder.course.reference import Reference

    reference = Reference(course, variant=sheet.variant)
    return [key for key, one in course.numbers(sheet.variant).items() if isinstance(one.recipe(reference), (list, tuple))]


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
            statement = handout.directed(handout.read(question, language).statements[name], language)
            yield from (f"> {line}".rstrip() for line in statement.splitlines())
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
