"""The arithmetic behind a wrong number, as a student may have done it: ``416 = 16·5·5 + 16``.

A misconception tells the arithmetic of the function that it replaces. It is shown only where it gives what the student gave:
the number, or one of the numbers of a shape.
"""

from __future__ import annotations

import ast
import operator
import re
from collections.abc import Sequence
from typing import Any

from autograder.author import Misconception
from autograder.marking.recorder import Answered

_SIGNS = {"·": "*", "−": "-", "^": "**"}
_DEEDS = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
    ast.FloorDiv: operator.floordiv,
    ast.Pow: operator.pow,
}


def route(misconception: Misconception, asked: Sequence[Answered], value: Any) -> str:
    """``value = arithmetic``; empty where there is none, or where it leads elsewhere.

    ``asked`` are the calls that a recipe made of the replaced function: of several no single one gave the number.
    """
    if misconception.route is None or len(asked) != 1:
        return ""
    (call,) = asked
    written = misconception.route(*call.args, **call.kwargs)
    given, came = list(value) if isinstance(value, (list, tuple)) else [value], worth(written)
    if came == given:
        told = value
    elif len(came) == 1 and came[0] in given:
        told = came[0]
    else:
        return ""
    return "" if written == str(told) else f"{told} = {written}"


def worth(written: str) -> list[int]:
    """What each part of a route comes to, in whole numbers, as sizes are rounded: down, but for ``⌈a/2⌉``.

    Parts stand beside each other with `` , `` between; ``2^3`` is a power, ``max(a, b)`` is known. Raises ValueError for more.
    """
    text = re.sub(r"⌈(.+?)/(\d+)⌉", r"-(-(\1)//\2)", written)
    for sign, python in _SIGNS.items():
        text = text.replace(sign, python)
    text = re.sub(r"(?<!/)/(?!/)", "//", text)
    return [_worth(ast.parse(part.strip(), mode="eval").body) for part in text.split(" , ")]


def _worth(node: ast.expr) -> int:
    match node:
        case ast.Constant(value=int(number)):
            return number
        case ast.UnaryOp(op=ast.USub()):
            return -_worth(node.operand)
        case ast.Call(func=ast.Name(id="max")):
            return max(map(_worth, node.args))
        case ast.BinOp() if type(node.op) in _DEEDS:
            return _DEEDS[type(node.op)](_worth(node.left), _worth(node.right))
    raise ValueError(f"no arithmetic of a route: {ast.unparse(node)}")
