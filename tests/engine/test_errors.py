"""The engine's own error is one line: what happened, where, what to do next."""

import ast

from autograder.errors import ConvgradeError
from tests.engine.toy_course import REPOSITORY


def test_an_error_says_where_what_and_what_to_do():
    assert str(ConvgradeError("it is broken", where="a.yml:3", todo="Mend it.")) == "a.yml:3: it is broken. Mend it."
    assert str(ConvgradeError("it is broken", where="a.yml")) == "a.yml: it is broken"
    assert str(ConvgradeError("it is broken", todo="Mend it.")) == "it is broken. Mend it."
    assert str(ConvgradeError("it is broken")) == "it is broken"


def test_every_error_says_where_and_what_to_do():
    missing = [
        f"{path.relative_to(REPOSITORY)}:{call.lineno}"
        for path in sorted((REPOSITORY / "autograder").rglob("*.py"))
        for call in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(call, ast.Call) and isinstance(call.func, ast.Name) and call.func.id == "ConvgradeError"
        if not {"where", "todo"} <= {keyword.arg for keyword in call.keywords}
    ]
    assert missing == []
