"""A class as it is, drawn: a third right in different styles, half wrong as the catalogue has it, notebooks, stubs, a crash, a hang.

    python -m tests.bench.classroom FOLDER [--students 30] [--times 5]

With more than one time, ``FOLDER/1`` to ``FOLDER/5`` hold what was handed in: each student changes one file from time to time.
"""

from __future__ import annotations

import argparse
import ast
import inspect
import random
import re
import shutil
import textwrap
from pathlib import Path

from autograder.course.answer_key import AnswerKey
from autograder.course.course import Course
from autograder.course.mistakes import Mistakes
from autograder.diagnosis.catalogue import Catalogue, Entry, Group, together
from autograder.prepare.diagnosed import sheet
from tests.bench import ROOT
from tests.submissions.golden import CLASS

# Of every dozen students; the others are wrong.
KINDS = ("right", "another_style", "unparsed", "right", "notebook_right.ipynb", "untouched")
ONCE = ("crashes", "hangs", "notebook_mistakes.ipynb", "plain_list_of_layers")  # in a class of thirty
ROLES = {
    "⌈": "ceil(",
    "⌉": ")",
    "⌊": "floor(",
    "⌋": ")",
    "·": "*",
    "−": "-",
    "^": "**",
    "=": "==",
    "≠": "!=",
    "≤": "<=",
    "≥": ">=",
}
_TOKEN = re.compile(r"[A-Za-z_]\w*[₁₂₃]?|[0-9]+|'[^']*'|\s+|.")
_KEPT = ("if", "else", "max", "min")
HELPERS = """
from math import ceil, floor


def _at(value, place):
    return value[place] if isinstance(value, (tuple, list)) else value


def _along(axis, names):
    return {name: value[axis] if isinstance(value, (tuple, list)) and len(value) == 2 else value for name, value in names.items()}
"""


def drawn(folder: Path, students: int, seed: int = 0) -> Path:
    """Write a class of ``students`` below ``folder``. No two hand in the same file, stubs aside."""
    course = Course.load(ROOT / "grader_config.yml")
    key = AnswerKey(course)
    catalogue = Catalogue(course, key.right)
    wrong = _Wrong(course, catalogue)
    chance = random.Random(seed)
    for number in range(students):
        kind, one = _kind(number), folder / f"student{number:05}"
        if kind.endswith(".ipynb"):
            one.mkdir(parents=True)
            text = (CLASS / kind).read_text("utf-8")
            (one / "hw3.ipynb").write_text(text.replace('"import ', f'"# student {number}\\n",\n    "import ', 1), "utf-8")
            continue
        shutil.copytree(CLASS / (kind if kind and kind != "unparsed" else "right"), one)
        if not kind:
            wrong.write(one, wrong.group(chance), key)
        for file in sorted(one.glob("q*.py")) if kind != "untouched" else ():
            text = file.read_text("utf-8")
            text = ast.unparse(ast.parse(text)) if kind == "unparsed" else text
            file.write_text(f"{text}\n# student {number}\n", "utf-8")
    return folder


def _kind(number: int) -> str:
    once = number % 30 - (30 - len(ONCE))
    return ONCE[once] if once >= 0 else KINDS[number % 12] if number % 12 < len(KINDS) else ""


def repeatable(classroom: Path, folder: Path) -> Path:
    """The class without those who are asked everything again whatever they changed: notebooks, a crash, a hang."""
    shutil.copytree(classroom, folder)
    for number, one in enumerate(sorted(folder.iterdir())):
        if _kind(number) in ("crashes", "hangs") or _kind(number).endswith(".ipynb"):
            shutil.rmtree(one)
    return folder


def again(before: Path, after: Path, time: int) -> Path:
    """The same class with one file of each student changed."""
    shutil.copytree(before, after)
    for one in sorted(after.iterdir()):
        number, files = int(one.name.removeprefix("student")), sorted(one.glob("q*.py")) or sorted(one.glob("*.ipynb"))
        file = files[(number + time) % len(files)]
        text = file.read_text("utf-8")
        changed = (
            text.replace("# student", f"# {time} student", 1) if file.suffix == ".ipynb" else f"{text}\n# time {time}\n"
        )
        file.write_text(changed, "utf-8")
    return after


class _Wrong:
    """Entries of the catalogue as source that a student might write: those that one formula, or one a piece, tells."""

    def __init__(self, course: Course, catalogue: Catalogue):
        self.sources: dict[str, str] = {}
        self.entries: list[Entry] = []
        for entry in catalogue.entries:
            question = course.question(entry.id.split(".")[0])
            module = course.module(f"solutions.{question.stem}_misconceptions.{entry.key[1]}")
            table = next(value for value in vars(module).values() if isinstance(value, Mistakes))
            source = _source(table, entry, ast.parse(inspect.getsource(module)))
            if source:
                self.sources[entry.id] = source
                self.entries.append(entry)

    def group(self, chance: random.Random) -> Group:
        """One mistake, or two that can be made together."""
        while True:
            group = tuple(chance.sample(self.entries, chance.choice([1, 1, 2])))
            if len({entry.key for entry in group}) == len(group) and together(group) is not None:
                return group

    def write(self, folder: Path, group: Group, key: AnswerKey) -> None:
        for stem in {entry.stem for entry in group}:
            file = folder / f"{stem}.py"
            its = [self.sources[entry.id] for entry in group if entry.stem == stem]
            file.write_text("\n".join([file.read_text("utf-8"), HELPERS, *its]), "utf-8")
        values = sheet(key, key.right.replacing(together(group) or {}))
        lines: list[str] = []
        for name, value in sorted(values.items()):
            question, _, number = name.partition(".")
            if f"[{question}]" not in lines:
                lines.append(f"[{question}]")
            lines.append(f"{number} = {value if isinstance(value, (int, list)) else repr(value)}")
        (folder / "answers.toml").write_text("\n".join(lines) + "\n", "utf-8")


def _source(table: Mistakes, entry: Entry, tree: ast.Module) -> str:
    """A definition that takes the right one's place; "" where the entry is told in another way than by formulas."""
    call = next(
        (
            node
            for node in ast.walk(tree)
            if isinstance(node, ast.Call)
            and isinstance(node.func, ast.Name)
            and [ast.literal_eval(one) for one in node.args[:1] if isinstance(one, ast.Constant)]
            == [entry.misconception.name]
        ),
        None,
    )
    if call is None:
        return ""
    given = {one.arg: one.value.value for one in call.keywords if isinstance(one.value, ast.Constant)}
    pieces = {name: text for name, text in given.items() if name in table._pieces}
    texts = [one.value for one in call.args[1:2] if isinstance(one, ast.Constant)]
    formula = texts[0] if texts and not pieces else ""
    if "√" in formula + "".join([*table._letters.values(), *pieces.values()]) or any(
        one.arg == "parts" for one in call.keywords
    ):
        return ""
    if pieces:
        return "" if table._paired else _summed(table, {**table._pieces, **pieces}, entry)
    return _row(table, formula, entry) if formula else ""


def _head(table: Mistakes, entry: Entry) -> str:
    name, names = table.of.__name__, list(table._signature.parameters)
    plain = [one.replace(annotation=inspect.Parameter.empty) for one in table._signature.parameters.values()]
    signature = inspect.Signature(plain)
    right = "None" if entry.misconception.careless else f"_right_{name}({', '.join(f'{one}={one}' for one in names)})"
    given = ", ".join(f"{one!r}: {one}" for one in names)
    return f"_right_{name} = {name}\n\n\ndef {name}{signature}:\n    right = {right}\n    given = {{{given}}}\n"


def _row(table: Mistakes, formula: str, entry: Entry) -> str:
    texts = formula.split(" , ")
    letters = "".join(f"        n[{letter!r}] = {_python(text)}\n" for letter, text in table._letters.items())
    body = _head(table, entry) + "    found = []\n"
    if table._paired and len(texts) == 1:
        body += "    for axis in (0, 1):\n        n = {**_along(axis, given), 'right': right}\n"
        body += letters + f"        found.append({_python(texts[0])})\n"
    else:
        body += "    for _ in (0,):\n        n = {**given, 'right': right}\n" + ("" if table._paired else letters)
        body += "".join(f"        found.append({_python(text)})\n" for text in texts)
    return body + f"    return {'tuple(found)' if table._paired or len(texts) > 1 else 'found[0]'}\n"


def _summed(table: Mistakes, pieces: dict[str, str], entry: Entry) -> str:
    name = table.of.__name__
    parts = textwrap.dedent(inspect.getsource(table._parts)).replace(
        f"def {table._parts.__name__}(", f"def _parts_{name}(", 1
    )
    module = inspect.getsource(inspect.getmodule(table._parts))
    imports = "\n".join(line for line in module.splitlines() if re.match(r"from (itertools|math) import", line))
    rows = "".join(f"        {kind!r}: lambda n: {_python(text)},\n" for kind, text in pieces.items())
    body = (
        f"    pieces = {{\n{rows}    }}\n    return sum(pieces[kind](letters) for kind, letters in _parts_{name}(**given))\n"
    )
    return f"{imports}\n\n\n{parts}\n\n{_head(table, entry)}{body}"


def _python(formula: str) -> str:
    """A formula in Python's signs, its names looked up in ``n``."""
    found, exact = [], 0
    for token in _TOKEN.findall(formula):
        exact += (token in "⌈⌊") - (token in "⌉⌋")
        if token == "/":
            found.append("/" if exact else "//")
        elif token == "none":
            found.append("None")
        elif re.match(r"[A-Za-z_]", token) and token not in _KEPT:
            name, place = token.rstrip("₁₂₃"), "₁₂₃".find(token[-1])
            found.append(f"_at(n[{name!r}], {place})" if place >= 0 else f"n[{name!r}]")
        else:
            found.append(ROLES.get(token, token))
    return "".join(found)


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m tests.bench.classroom", description=__doc__.splitlines()[0])
    parser.add_argument("folder", type=Path)
    parser.add_argument("--students", type=int, default=30)
    parser.add_argument("--times", type=int, default=1)
    chosen = parser.parse_args()
    if chosen.times == 1:
        drawn(chosen.folder, chosen.students)
        return
    before = drawn(chosen.folder / "1", chosen.students)
    for time in range(2, chosen.times + 1):
        before = again(before, chosen.folder / str(time), time)


if __name__ == "__main__":
    main()
