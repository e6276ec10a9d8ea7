"""A stub: the solution's file with its public signatures, types and docstrings, without the code.

Every body becomes ``raise NotImplementedError``; what is private goes, imports of the solutions' own included.
"""

from __future__ import annotations

from functools import lru_cache
from typing import TypeGuard

import libcst as cst

from autograder.course.question import Question
from autograder.prepare.directions import sentence_by_sentence

KEPT_IMPORTS = ("numpy", "torch", "__future__")


def stub(question: Question) -> str:
    """The question's file as a student receives it."""
    return _stub(question.path("solution").read_text("utf-8"))


@lru_cache(maxsize=64)
def parsed(source: str) -> cst.Module:
    """The syntax tree of a file, which nobody changes: a release asks for the same few files hundreds of times."""
    return cst.parse_module(source)


@lru_cache(maxsize=64)
def _stub(source: str) -> str:
    return sentence_by_sentence(parsed(source).visit(_Stubbing()).code)


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
        body: list[cst.BaseStatement] = [node for node in updated_node.body.body[:1] if _is_docstring(node)]
        if updated_node.name.value == "__init__":
            body.append(cst.parse_statement("super().__init__()"))
        body.append(cst.parse_statement("raise NotImplementedError"))
        return updated_node.with_changes(body=cst.IndentedBlock(body), decorators=[])

    def leave_ClassDef(self, original_node: cst.ClassDef, updated_node: cst.ClassDef) -> cst.ClassDef:
        body: list[cst.BaseStatement] = [node for node in updated_node.body.body if _is_docstring(node) or _is_public(node)]
        return updated_node.with_changes(body=cst.IndentedBlock(body or [cst.parse_statement("pass")]), decorators=[])


def _is_docstring(node: cst.CSTNode) -> TypeGuard[cst.SimpleStatementLine]:
    return (
        isinstance(node, cst.SimpleStatementLine)
        and isinstance(node.body[0], cst.Expr)
        and isinstance(node.body[0].value, (cst.SimpleString, cst.ConcatenatedString))
    )


def _is_public(node: cst.CSTNode) -> TypeGuard[cst.FunctionDef | cst.ClassDef]:
    """A function, class or method that a student is to write; private ones are the solution's own way."""
    return isinstance(node, (cst.FunctionDef, cst.ClassDef)) and (
        node.name.value == "__init__" or not node.name.value.startswith("_")
    )


def _kept(node: cst.CSTNode) -> bool:
    if _is_public(node):
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
