"""What a hand-in holds, seen before the deadline: numbers, code and texts, and what would be lost.

Each function yields notes: a key of ``words/*.yml`` and the values that go into the sentence. Standard library only: students
get a copy of this file beside their tests.
"""

from __future__ import annotations

import ast
import difflib
import sys
from collections.abc import Collection, Iterator, Mapping

MAX_SOURCE = 256 * 1024  # characters of a file that is looked through

Note = tuple[str, dict]


def numbers(values: Mapping[str, object], asked: Collection[str]) -> Iterator[Note]:
    """How many of the numbers ``asked`` have a value, and each key that nobody asks, with the nearest that is asked."""
    yield "inventory.numbers", {"filled": sum(key in values for key in asked), "all": len(asked)}
    for key in values:
        if key not in asked:
            yield unknown(key, [one for one in asked if one not in values])


def unknown(key: str, asked: Collection[str]) -> Note:
    """The note for a key that nobody asks: with the nearest of those that are asked, where one is near."""
    near = difflib.get_close_matches(key, asked, 1)
    return ("inventory.misspelt", {"key": key, "near": near[0]}) if near else ("inventory.unknown", {"key": key})


def code(name: str, source: str, known: Collection[str]) -> Iterator[Note]:
    """What would be lost of a file of code: a name that is defined twice, a module that is not there when it is graded.

    ``known`` are the modules that may be imported besides the standard library. A file that is not Python gives nothing:
    its tests say so.
    """
    if len(source) > MAX_SOURCE:
        return
    try:
        tree = ast.parse(source)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return
    first: dict[str, int] = {}
    for node in tree.body:
        if isinstance(node, (ast.FunctionDef, ast.ClassDef)):
            if node.name in first:
                values = {"file": name, "name": node.name, "first": first[node.name], "last": node.lineno}
                yield "inventory.twice", values
            first[node.name] = node.lineno
    seen: set[str] = set()
    for module, number in _imported(tree):
        top = module.partition(".")[0]
        if top not in known and top not in sys.stdlib_module_names and top not in seen:
            seen.add(top)
            yield "inventory.module", {"file": name, "line": number, "module": top}


def _imported(tree: ast.Module) -> Iterator[tuple[str, int]]:
    """Each module that is imported, and the line that imports it."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from ((alias.name, node.lineno) for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            yield node.module, node.lineno


def texts(written: Mapping[str, str], asked: Collection[str]) -> Iterator[Note]:
    """The number of words of each text that is asked."""
    for name in asked:
        words = len(written.get(name, "").split())
        yield ("inventory.text", {"name": name, "words": words}) if words else ("inventory.no_text", {"name": name})
