"""What a hand-in holds, seen before the deadline: numbers, code and texts, and what would be lost.

Each function yields notes: a key of ``words/*.yml`` and the values that go into the sentence. Standard library only: students
get a copy of this file beside their tests.
"""

from __future__ import annotations

import ast
import difflib
import json
import re
import sys
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from types import ModuleType

AT_HAND = ("IPython", "in_notebook")  # modules that every notebook of the homework may import
PLACEHOLDER = "_Type your answer here, replacing this text._"
MAX_SOURCE = 256 * 1024  # characters of a file that is looked through

Note = tuple[str, dict]


@dataclass
class Notebook:
    """What a notebook holds that is not blank, read without running it."""

    keys: set[str] = field(default_factory=set)
    names: set[str] = field(default_factory=set)  # functions and classes whose last definition is more than a stub
    texts: dict[str, str] = field(default_factory=dict)
    notes: list[Note] = field(default_factory=list)


def look(home: Path, facts: Mapping, sheet: ModuleType, written: ModuleType) -> tuple[dict[str, str], list[Note]]:
    """The texts that would be handed in from the folder ``home``, and notes on all that is there.

    ``facts`` is what ``tests/facts.json`` holds; ``sheet`` and ``written`` are the modules that read the answer sheet and the
    texts: a student's copies have other names than ours.
    """
    answers, prose = home / "answers.toml", home / "written.md"
    values, notes = ({}, [])
    if answers.is_file():
        values, notes = sheet.parse(answers.read_bytes(), facts["keys"], facts.get("lists", ()))
    notes = [_before_the_deadline(note) for note in notes]
    texts_of: dict[str, str] = {}
    if prose.is_file():
        text = written.Text(prose.read_text("utf-8", errors="replace"))
        texts_of = written.read([text], facts["written"], set(facts["lines"])).answers
    solved: set[str] = set()
    book = Notebook()
    coded: list[Note] = []
    for name in facts["files"]:
        file = home / name
        if name.endswith(".py") and file.is_file():
            source = file.read_text("utf-8", errors="replace")
            coded += code(name, source, facts["modules"])
            solved |= _solved([_parsed(source)])
        elif name.endswith(".ipynb") and file.is_file():
            book = notebook(name, file.read_bytes(), facts)
            twofold = sorted((book.keys & values.keys()) | (book.names & solved) | (book.texts.keys() & texts_of.keys()))
            if twofold:
                book.notes.append(("inventory.both", {"file": name, "names": ", ".join(twofold)[:300]}))
    notes = [*notes, *numbers({**values, **dict.fromkeys(book.keys, 0)}, facts["keys"]), *coded, *book.notes]
    own = texts_of | book.texts
    return own, [*notes, *texts(own, facts["written"])]


def _before_the_deadline(note: Note) -> Note:
    """A note on the answer sheet; for a key that nobody asks for, the note says what would happen to it."""
    key, values = note
    if key == "sheet.near_key":
        return "inventory.misspelt", {"key": values["written"], "near": values["key"]}
    return ("inventory.unknown", values) if key == "sheet.unknown_key" else note


def notebook(name: str, data: bytes, facts: Mapping) -> Notebook:
    """What a notebook's cells hold. One that cannot be read gives a note and nothing else."""
    book = Notebook()
    try:
        cells = [(number, _source(cell), cell) for number, cell in enumerate(json.loads(data)["cells"], 1)]
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        book.notes.append(("inventory.no_notebook", {"file": name}))
        return book
    sources = [(number, _plain(source)) for number, source, cell in cells if cell.get("cell_type") == "code"]
    for _, source, cell in cells:
        metadata = cell.get("metadata")
        ids = (cell.get("id"), metadata.get("id") if isinstance(metadata, dict) else None)
        part = next((one for one in facts["written"] if one in ids), None)
        text = re.sub(r"<!--.*?-->", "", source.replace(PLACEHOLDER, ""), flags=re.DOTALL).strip()
        if part and text:
            book.texts[part] = text
    for key in dict.fromkeys(key for _, source in sources for key in _KEYS.findall(source)):
        if key in facts["keys"]:
            book.keys.add(key)
        elif key.startswith(tuple({f"{one.partition('.')[0]}." for one in facts["keys"]})):
            book.notes.append(unknown(key, [one for one in facts["keys"] if one not in book.keys]))
    trees: list[tuple[int, ast.Module]] = []
    for number, source in sources:
        try:
            trees.append((number, _tree(source)))
        except SyntaxError as error:
            values = {"file": name, "cell": number, "line": error.lineno or 1}
            book.notes.append(("inventory.syntax_cell", values))
    book.names = _solved([tree for _, tree in trees])
    for again, first, last in _twice(
        (node.name, _contents(node), number) for number, tree in trees for node in _definitions(tree)
    ):
        book.notes.append(("inventory.twice_cells", {"file": name, "name": again, "first": first, "last": last}))
    seen: set[str] = set()
    for number, tree in trees:
        for module, _ in _missing(tree, {*facts["modules"], *AT_HAND}):
            if module not in seen:
                seen.add(module)
                book.notes.append(("inventory.module_cell", {"file": name, "cell": number, "module": module}))
    return book


# A key with a value that is not blank.
_KEYS = re.compile(r"""["'](\w+\.\w+)["']\s*(?:\]\s*=(?!=)|:)\s*(?!\s|["']\s*\??\s*["'])""")
# A line that begins with %, ! or ?, that sets a name to what such a line gives, or that ends with ?.
_OWN_LINE = re.compile(r"^([ \t]*)([%!?](?:[^\n\\]|\\\n|\\.)*+\\?|[\w, \t]+=[ \t]*[%!].*|[\w.*]+\?\??[ \t]*)$", re.MULTILINE)


def _source(cell: Mapping) -> str:
    source = cell.get("source", "")
    return source if isinstance(source, str) else "".join(source)


def _plain(source: str) -> str:
    """A cell's Python: lines of the notebook's own (``%cd``, ``files = !ls``, ``zip?``) do nothing; a cell in another language
    is empty."""
    return "" if source.lstrip().startswith("%%") else _OWN_LINE.sub(_nothing, source)


def _nothing(line: re.Match) -> str:
    return f"{line[1]}pass" + "\n" * line[2].count("\n")  # so that the lines below keep their numbers


def _tree(source: str) -> ast.Module:
    """The tree of a source; an empty one for what is too long or too deep. Raises SyntaxError for what is not Python."""
    try:
        return ast.parse(source if len(source) <= MAX_SOURCE else "")
    except (RecursionError, MemoryError):
        return ast.Module([], [])
    except ValueError:  # a null character
        raise SyntaxError from None


def _parsed(source: str) -> ast.Module:
    """The tree of a source; an empty one for what is not Python."""
    try:
        return _tree(source)
    except SyntaxError:
        return ast.Module([], [])


def _definitions(tree: ast.Module) -> Iterator[ast.FunctionDef | ast.ClassDef]:
    """The functions and classes at the top level."""
    return (node for node in tree.body if isinstance(node, (ast.FunctionDef, ast.ClassDef)))


def _twice(places: Iterable[tuple[str, str, int]]) -> Iterator[tuple[str, int, int]]:
    """Each name that is defined again, unless in the same words: where it was defined before, and where it is now.

    ``places`` are name, words and place; with no words known, any two definitions differ.
    """
    before: dict[str, tuple[str, int]] = {}
    for name, words, place in places:
        if name in before and not (words and words == before[name][0]):
            yield name, before[name][1], place
        before[name] = words, place


def _contents(node: ast.AST) -> str:
    """The words of a definition, equal for two that do the same: a helper may stand in each question's cell. "" if too deep."""
    try:
        return ast.dump(node)
    except RecursionError:
        return ""


def _solved(trees: Iterable[ast.Module]) -> set[str]:
    """Functions and classes whose last definition at the top level is more than a stub."""
    last: dict[str, bool] = {}
    for tree in trees:
        for node in _definitions(tree):
            raised = [one.exc for one in ast.walk(node) if isinstance(one, ast.Raise)]
            last[node.name] = not any(isinstance(one, ast.Name) and one.id == "NotImplementedError" for one in raised)
    return {name for name, whole in last.items() if whole}


def numbers(values: Mapping[str, object], keys: Collection[str]) -> Iterator[Note]:
    """How many of ``keys`` have a value, and each key that nobody asks for, with the nearest one that is."""
    yield "inventory.numbers", {"filled": sum(key in values for key in keys), "all": len(keys)}
    for key in values:
        if key not in keys:
            yield unknown(key, [one for one in keys if one not in values])


def unknown(key: str, keys: Collection[str]) -> Note:
    """The note on a key that nobody asks for, with the nearest of ``keys`` if one is near."""
    near = difflib.get_close_matches(key, keys, 1)
    return ("inventory.misspelt", {"key": key, "near": near[0]}) if near else ("inventory.unknown", {"key": key})


def code(name: str, source: str, known: Collection[str]) -> Iterator[Note]:
    """What would be lost of a file of code: all of it for a syntax error, a name that is defined twice, a module that is not there
    when it is graded.

    ``known`` are the modules that may be imported besides the standard library.
    """
    try:
        tree = _tree(source)
    except SyntaxError as error:
        yield "inventory.syntax", {"file": name, "line": error.lineno or 1}
        return
    for again, first, last in _twice((node.name, "", node.lineno) for node in _definitions(tree)):
        yield "inventory.twice", {"file": name, "name": again, "first": first, "last": last}
    for module, number in _missing(tree, known):
        yield "inventory.module", {"file": name, "line": number, "module": module}


def _missing(tree: ast.Module, known: Collection[str]) -> Iterator[tuple[str, int]]:
    """Each module that will not be there when this is graded, once, and the line that imports it first."""
    seen: set[str] = set()
    for module, number in _imported(tree):
        top = module.partition(".")[0]
        if top not in known and top not in sys.stdlib_module_names and top not in seen:
            seen.add(top)
            yield top, number


def _imported(tree: ast.Module) -> Iterator[tuple[str, int]]:
    """Each module that is imported, and the line that imports it."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from ((alias.name, node.lineno) for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            yield node.module, node.lineno


def texts(written: Mapping[str, str], names: Collection[str]) -> Iterator[Note]:
    """The number of words in each of the texts ``names``."""
    for name in names:
        words = len(written.get(name, "").split())
        yield ("inventory.text", {"name": name, "words": words}) if words else ("inventory.no_text", {"name": name})
