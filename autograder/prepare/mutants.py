"""Mutants of a reference solution: one small change each, of the kinds that people make and that weak tests let through.

Operators after the usual ones of mutation testing (DeMillo, Lipton and Sayward, "Hints on Test Data Selection", 1978): a
constant one off, an operator or comparison exchanged, a term dropped, arguments swapped, a guard dropped.
"""

from __future__ import annotations

import ast
import copy
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

_OPERATORS = {
    ast.Add: (ast.Sub,),
    ast.Sub: (ast.Add,),
    ast.Mult: (ast.Add, ast.FloorDiv),
    ast.FloorDiv: (ast.Mult,),
    ast.Mod: (ast.FloorDiv,),
    ast.LShift: (ast.RShift,),
    ast.RShift: (ast.LShift,),
}
_COMPARISONS = {
    ast.Lt: (ast.LtE, ast.GtE),
    ast.LtE: (ast.Lt, ast.Gt),
    ast.Gt: (ast.GtE, ast.LtE),
    ast.GtE: (ast.Gt, ast.Lt),
    ast.Eq: (ast.NotEq,),
    ast.NotEq: (ast.Eq,),
    ast.In: (ast.NotIn,),
    ast.NotIn: (ast.In,),
}


@dataclass(frozen=True)
class Mutant:
    """``where`` is the function or class, ``was`` and ``became`` the piece of source before and after."""

    where: str
    was: str
    became: str
    number: int  # counts mutants of the same words, from 1
    tree: ast.Module

    @property
    def id(self) -> str:
        again = f" #{self.number}" if self.number > 1 else ""
        return f"{self.where}: {self.was} -> {self.became}{again}"


def mutants(source: str) -> Iterator[Mutant]:
    """Every mutant of a module's source, in the order of the source, none twice."""
    right = ast.unparse(ast.parse(source))
    seen: set[tuple[str, str]] = set()
    counts: Counter[tuple[str, str, str]] = Counter()
    for holder in ast.parse(source).body:
        if not isinstance(holder, (ast.FunctionDef, ast.ClassDef)):
            continue
        for path, node in _inside(holder):
            for replaced in _variants(node):
                tree = ast.parse(source)
                target = next(one for one in tree.body if getattr(one, "name", None) == holder.name)
                _put(target, path, replaced)
                text = ast.unparse(ast.fix_missing_locations(tree))
                if text != right and (holder.name, text) not in seen:
                    seen.add((holder.name, text))
                    words = (holder.name, _on_one_line(node), _on_one_line(replaced))
                    counts[words] += 1
                    yield Mutant(*words, counts[words], tree)


def _inside(holder: ast.AST) -> Iterator[tuple[tuple, ast.AST]]:
    """Nodes of a function's or class's body with the way to each; annotations, decorators and docstrings left out."""

    def walk(node: ast.AST, path: tuple) -> Iterator[tuple[tuple, ast.AST]]:
        for name, value in ast.iter_fields(node):
            if name in ("annotation", "returns", "decorator_list", "bases", "type_params"):
                continue
            for index, child in enumerate(value) if isinstance(value, list) else [(None, value)]:
                if isinstance(child, ast.Expr) and isinstance(child.value, ast.Constant):
                    continue
                if isinstance(child, ast.Raise) or (isinstance(child, ast.keyword) and child.arg == "strict"):
                    continue  # error messages and zip's `strict=` are not graded
                if isinstance(child, ast.AST):
                    yield (*path, (name, index)), child
                    yield from walk(child, (*path, (name, index)))

    yield from walk(holder, ())


def _variants(node: ast.AST) -> Iterator[ast.AST]:
    match node:
        case ast.Constant(value=bool() as value):
            yield ast.Constant(not value)
        case ast.Constant(value=int() | float() as value):
            yield ast.Constant(value + 1)
            if value != 0:
                yield ast.Constant(value - 1)
        case ast.BinOp():
            for operator in _OPERATORS.get(type(node.op), ()):
                yield ast.BinOp(node.left, operator(), node.right)
            yield node.left
            yield node.right
        case ast.Compare(ops=[operator]):
            for other in _COMPARISONS.get(type(operator), ()):
                yield ast.Compare(node.left, [other()], node.comparators)
        case ast.BoolOp():
            yield ast.BoolOp(ast.And() if isinstance(node.op, ast.Or) else ast.Or(), node.values)
            for index in range(len(node.values)):
                rest = node.values[:index] + node.values[index + 1 :]
                yield rest[0] if len(rest) == 1 else ast.BoolOp(node.op, rest)
        case ast.IfExp():
            yield node.body
            yield node.orelse
        case ast.If(orelse=[]):
            yield ast.Pass()  # a guard or a case dropped
        case ast.AugAssign():
            yield ast.Pass()
        case ast.Call(args=[first, second, *rest]) if not isinstance(first, ast.Starred) and not isinstance(
            second, ast.Starred
        ):
            yield ast.Call(node.func, [second, first, *rest], node.keywords)
        case ast.keyword():
            return
        case ast.UnaryOp(op=ast.Not() | ast.USub()):
            yield node.operand


def _put(target: ast.AST, path: tuple, replaced: ast.AST) -> None:
    for name, index in path[:-1]:
        value = getattr(target, name)
        target = value if index is None else value[index]
    name, index = path[-1]
    if index is None:
        setattr(target, name, copy.deepcopy(replaced))
    else:
        getattr(target, name)[index] = copy.deepcopy(replaced)


def _on_one_line(node: ast.AST) -> str:
    """A piece of source on one line, short enough to read."""
    text = " ".join(ast.unparse(ast.fix_missing_locations(copy.deepcopy(node))).split())
    return text if len(text) <= 70 else text[:69] + "…"
