"""The homework as a notebook: ``assignment/hw3.ipynb`` in otter assign's format, ``student_template/hw3.ipynb`` for students.

Both are one list of cells, made of the handout, the stubs and the solutions; the master's solutions stand between otter's
markers, the student's notebook holds what otter assign would leave. Format:
https://otter-grader.readthedocs.io/en/latest/otter_assign/notebook_format.html
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import nbformat
import yaml
from nbformat import NotebookNode

from autograder.course import handout
from autograder.course.course import Course
from autograder.course.question import Question
from autograder.course.sheet import FIRST, Sheet
from autograder.model import LANGUAGES, Language
from autograder.prepare.notebook_cells import answers, prelude, solved_and_stub

NAME = "hw3.ipynb"
CONFIG = """# ASSIGNMENT CONFIG
init_cell: false
check_all_cell: false
export_cell: false
solutions_pdf: false
template_pdf: false
files:
  - public
tests:
  files: false
  ok_format: false
"""
INTRODUCTION = """\
Fill in the cells below and run them in order. Each question ends in a check: it looks at the form of your work and at small cases,
it does not know the answers, and passing it is not full marks. Hand in this notebook alone, or together with `answers.toml`,
`written.md` and `q*.py`: where one thing stands in both, the notebook counts.

<div dir="rtl" lang="fa">

سلول‌های زیر را پر کنید و به ترتیب اجرا کنید. هر پرسش با یک بررسی پایان می‌یابد: شکل کار و نمونه‌های کوچک را می‌بیند، پاسخ را نمی‌داند و
گذشتن از آن نمرهٔ کامل نیست. همین نوت‌بوک را به‌تنهایی یا همراه `answers.toml`، `written.md` و `q*.py` تحویل دهید: هرچه در هر دو باشد،
نوت‌بوک به حساب می‌آید.

</div>"""
START = """\
# Run this cell first. · نخست این سلول را اجرا کنید.
import sys
import zipfile
from pathlib import Path

answers = {}  # your numbers, by their keys
sys.path += ["tests", "public", "hw3/tests", "drive/MyDrive/hw3/tests"]  # where the public tests are
try:
    for handed_out in Path(".").glob("*.zip"):  # on Colab: the zip that you were given, dropped into the pane Files
        with zipfile.ZipFile(handed_out) as archive:
            for name in archive.namelist():
                inside = Path("tests", name.partition("tests/")[2])
                if inside.suffix in (".py", ".json") and ".." not in inside.parts and not inside.exists():
                    inside.parent.mkdir(parents=True, exist_ok=True)
                    inside.write_bytes(archive.read(name))
except Exception as error:
    print("the zip could not be opened:", error)
try:
    from in_notebook import grader_for

    grader = grader_for(globals())
except ImportError:  # away from the folder tests/ the notebook still runs; nothing is checked

    class grader:
        check = staticmethod(lambda question: f"{question}: the folder tests/ is not beside this notebook")
"""
PASSED = "Every public test passes; hidden checks ask more. / آزمون‌های پنهان بیشتر می‌پرسند."
OTTER_TEST = '''"""The public tests of question {number}, for otter-grader: otter check -t tests/otter -q {question}"""

from otter.test_files import test_case

OK_FORMAT = False

name = "{question}"
points = 1


@test_case(points=None, hidden=False, success_message="{passed}")
def test_public(env):
    import sys

    sys.path.append("tests")
    from in_notebook import check

    told = check("{question}", env)
    assert not told, told
'''
CHECK = """\
\""" # BEGIN TEST CONFIG
success_message: "{passed}"
\""" # END TEST CONFIG
def test_public(env):
    from in_notebook import check

    told = check("{question}", env)
    assert not told, told
"""
ANSWER_HERE = "_Type your answer here, replacing this text._"  # otter's words for the same


@dataclass(frozen=True)
class Block:
    """One cell as each notebook holds it; None where it is not in that notebook."""

    id: str
    kind: str  # code, markdown, raw
    student: str | None
    master: str | None


def master(course: Course) -> NotebookNode:
    """The notebook that ``otter assign`` takes, with solutions."""
    return _notebook([(block, block.master) for block in _blocks(course)])


def student(course: Course, sheet: Sheet = FIRST) -> NotebookNode:
    """The notebook that students receive; it works with otter-grader installed and without."""
    return _notebook([(block, block.student) for block in _blocks(course, sheet)])


def text(notebook: NotebookNode) -> str:
    """The notebook as its file holds it, the same bytes each time."""
    return nbformat.writes(notebook) + "\n"


def otter_test(question: Question) -> str:
    """The public suite of a question as otter's test file: for ``otter check`` and ``grader.check("q2")``."""
    return OTTER_TEST.format(number=question.id[1:], question=question.id, passed=PASSED)


def _notebook(cells: list[tuple[Block, str | None]]) -> NotebookNode:
    make = {"code": nbformat.v4.new_code_cell, "markdown": nbformat.v4.new_markdown_cell, "raw": nbformat.v4.new_raw_cell}
    made = [make[block.kind](source.rstrip("\n"), id=block.id) for block, source in cells if source is not None]
    kernel = {"display_name": "Python 3", "language": "python", "name": "python3"}
    return nbformat.v4.new_notebook(cells=made, metadata={"kernelspec": kernel, "language_info": {"name": "python"}})


def _blocks(course: Course, sheet: Sheet = FIRST) -> Iterator[Block]:
    yield _mark("config", CONFIG)
    yield _same("title", "markdown", f"# {course.config.title}\n\n{INTRODUCTION}")
    yield _same("start", "code", START)
    if sheet.code:
        yield _same("sheet", "code", "\n".join(sheet.lines()))
    for question in course.questions:
        yield from _question(course, question, sheet.variant)


def _question(course: Course, question: Question, variant: int) -> Iterator[Block]:
    handouts = {language: handout.read(question, language, variant) for language in LANGUAGES}
    id, writing = question.id, []
    yield _mark(f"{id}-question", f"# BEGIN QUESTION\nname: {id}\npoints: 1\ncheck_cell: false")
    yield _same(id, "markdown", _both(*(f"## {handouts[one].title}\n\n{handouts[one].introduction}" for one in LANGUAGES)))
    earlier = course.questions[: course.questions.index(question)]
    yield from _solved(f"{id}-imports", prelude(question, earlier))
    for number, sections in enumerate(zip(*(handouts[language].sections for language in LANGUAGES), strict=True), 1):
        keys = sections[0].keys
        if set(keys) & set(course.written):
            writing.append(sections)
            continue
        yield _same(f"{id}-section-{number}", "markdown", _both(*(f"### {one.heading}\n\n{one.words}" for one in sections)))
        numbers = bool(keys) and keys[0].startswith(f"{id}.")
        for key in keys:
            yield _same(f"{id}-asked-{_id(key)}", "markdown", _statement(key, handouts))
            if not numbers:
                yield from _solved(f"{id}-{key}", solved_and_stub(question, key))
        if numbers:
            yield from _solved(f"{id}-answers", answers(course, keys, variant))
    yield _mark(f"{id}-tests", "# BEGIN TESTS")
    yield Block(f"{id}-test", "code", None, CHECK.format(question=id, passed=PASSED))
    yield _mark(f"{id}-tests-end", "# END TESTS")
    yield _same(f"{id}-check", "code", f'grader.check("{id}")')
    yield _mark(f"{id}-question-end", "# END QUESTION")
    for sections in writing:
        yield _same(f"{id}-writing", "markdown", _both(*(f"### {one.heading}\n\n{one.words}" for one in sections)))
        rubrics = yaml.safe_load(question.path("rubric").read_text("utf-8"))
        for key in sections[0].keys:
            yield _mark(f"{key}-question", f"# BEGIN QUESTION\nname: {key}\nmanual: true")
            yield _same(f"asked-{key}", "markdown", f"#### {key}\n\n{_quoted(_statement(key, handouts, headed=False))}")
            yield _mark(f"{key}-solution", "# BEGIN SOLUTION")
            sample = rubrics[key].get("sample") or dict.fromkeys(LANGUAGES, "–")
            yield Block(key, "markdown", ANSWER_HERE, _both(*(sample[language] for language in LANGUAGES)))
            yield _mark(f"{key}-solution-end", "# END SOLUTION")
            yield _mark(f"{key}-question-end", "# END QUESTION")


def _same(id: str, kind: str, source: str) -> Block:
    return Block(id, kind, source, source)


def _mark(id: str, source: str) -> Block:
    return Block(id, "raw", None, source)


def _solved(id: str, code: tuple[str, str]) -> Iterator[Block]:
    """A code cell that the master holds solved, between otter's markers, with what students find as the prompt."""
    solved, stub = code
    prompt = f"r''' # BEGIN PROMPT\n{stub}\n''' # END PROMPT"
    yield _mark(f"{id}-solution", "# BEGIN SOLUTION")
    yield Block(id, "code", stub, f"# BEGIN SOLUTION NO PROMPT\n{solved}\n# END SOLUTION\n{prompt}")
    yield _mark(f"{id}-solution-end", "# END SOLUTION")


def _statement(key: str, handouts: Mapping[Language, handout.Handout], *, headed: bool = True) -> str:
    text = _both(*(handouts[language].statements[key] for language in LANGUAGES))
    return f"#### `{key}`\n\n{text}" if headed else text


def _both(english: str, persian: str) -> str:
    return f"{english.strip()}\n\n{handout.directed(persian, 'fa')}"


def _quoted(text: str) -> str:
    """As in ``written.md``: what is quoted does not count as the student's."""
    return "\n".join(f"> {line}".rstrip() for line in text.splitlines())


def _id(key: str) -> str:
    return key.replace(".", "-")
