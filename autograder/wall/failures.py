"""What a call over the wall can end in besides a value, as exceptions on the trusted side.

They are built from plain data here; nothing of a student's exception object crosses. Each carries the outcome it
stands for and a message the student may read. What the student's code raised also *is* the builtin type of
that name, so that ``pytest.raises(ValueError)`` in a hidden test means what it says.
"""

from __future__ import annotations

import builtins
import platform
import re
import sys
from typing import Any

from autograder.model import Message, Outcome

INSTEAD = {ord(a): str(i % 10) for i, a in enumerate("۰۱۲۳۴۵۶۷۸۹٠١٢٣٤٥٦٧٨٩")} | {
    ord("،"): ",",
    ord("٬"): "_",
    ord("٫"): ".",
    ord("؛"): ";",
    ord("“"): '"',
    ord("”"): '"',
    ord("‘"): "'",
    ord("’"): "'",
    ord("×"): "*",
    ord("−"): "-",
    ord("–"): "-",
    ord("«"): '"',
    ord("»"): '"',
}


class StudentFailure(Exception):
    """A call that gave no value."""

    outcome = Outcome.ERROR

    def __init__(self, message: Message):
        super().__init__(message.key, message.values)
        self.message = message


class WallBroken(BaseException):
    """The zygote did not do its part: our failure, not the student's. The submission is to be graded anew.

    Not an Exception: no hidden test, nor whoever asks for one, may take it for something that the student's code did.
    """


class NotAttempted(StudentFailure, NotImplementedError):
    """The stub as it was handed out, or nothing at all."""

    outcome = Outcome.NOT_ATTEMPTED


class Malformed(StudentFailure):
    """An answer that is there and cannot be read."""

    outcome = Outcome.FAILED


class TimedOut(StudentFailure):
    outcome = Outcome.TIMEOUT


class Interrupted(TimedOut):
    """A notebook's cell took too long and was interrupted; what it had defined by then is there."""


class Crashed(StudentFailure):
    outcome = Outcome.CRASHED


class StudentRaised(StudentFailure):
    """The student's code raised, or gave back something that is no answer."""


def _twin(kind: type[Exception]) -> type[StudentRaised]:
    return type(f"StudentRaised{kind.__name__}", (StudentRaised, kind), {"__str__": Exception.__str__})


_MAPPED = (
    ArithmeticError, AssertionError, AttributeError, BufferError, EOFError, ImportError, LookupError, MemoryError,
    NameError, OSError, RuntimeError, TypeError, ValueError,
)  # fmt: skip
_TWINS = {
    kind.__name__: _twin(kind)
    for kind in vars(builtins).values()
    if isinstance(kind, type) and issubclass(kind, _MAPPED) and not issubclass(kind, UnicodeError)
}


HERE = ".".join(platform.python_version_tuple()[:2])
_VERSION = re.compile(r"3\.\d\d")
MOST_TEXT, MOST_NAME = 2_000, 200  # characters: every check tells its own, in two languages and four files
_IN_A_FILE = re.compile(r" \((/[^()]*|unknown location)\)$")


def from_told(told: Any, stem: str, allowed: str) -> StudentFailure:
    """The exception for what the far side told of one. ``told`` is untrusted: anything missing reads as nothing."""
    told = told if type(told) is dict else {}
    kind, name = (_text(told.get(key), MOST_NAME) for key in ("type", "name"))
    text = _text(told.get("text"))
    file, lines = f"{stem}.py", _lines(told.get("lines"))
    where = "; ".join(f"{at}, line {line}" for at, line in lines[-3:])
    if told.get("missing") == "file":
        return NotAttempted(Message("check.file_missing", {"file": file}))
    if told.get("missing") == "name":
        return NotAttempted(Message("check.name_missing", {"file": file, "name": text.rsplit(" ", 1)[-1][:MOST_NAME]}))
    if kind == "NotImplementedError":
        return NotAttempted(Message("check.not_attempted"))
    if kind == "SyntaxError" and type(told.get("syntax")) is dict:
        return StudentRaised(_syntax(told["syntax"], file))
    twin = _TWINS.get(kind, StudentRaised)
    if kind == "ModuleNotFoundError":
        module = _text(told.get("module"), MOST_NAME) or text[:MOST_NAME]
        return twin(Message("check.import", {"file": lines[-1][0] if lines else file, "module": module, "allowed": allowed}))
    if kind == "ImportError":  # the module is there, the name is not
        text = _IN_A_FILE.sub("", text)
    if kind == "FileNotFoundError":
        return twin(Message("check.no_file", {"text": text[:300], "where": where or file}))
    if kind == "PermissionError":
        return twin(Message("check.refused", {"text": text[:300], "where": where or file}))
    if kind == "EOFError":
        return twin(Message("check.input", {"where": where}))
    if kind == "RecursionError":
        return twin(Message("check.recursion", {"where": where}))
    if kind == "MemoryError":
        return twin(Message("check.memory", {"where": where}))
    if kind == "SystemExit":
        return StudentRaised(Message("check.exited", {"where": where}))
    return twin(Message("check.error", {"type": name or kind, "text": text[:300], "where": where or file}))


def _syntax(told: dict, file: str) -> Message:
    values = {
        "file": _text(told.get("file"), MOST_NAME) or file,
        "line": _integer(told.get("line")),
        "column": _integer(told.get("column")),
        "text": _text(told.get("text"))[:200],
        "python": f"{sys.version_info[0]}.{sys.version_info[1]}",
    }
    character = _text(told.get("character"))[:1]
    newer = _text(told.get("newer"), 4)
    if not character and _VERSION.fullmatch(newer) and newer != HERE:
        return Message("check.syntax_newer", values | {"newer": newer, "here": HERE})
    if not character:
        return Message("check.syntax", values)
    values |= {"character": character, "name": _text(told.get("name"))[:80], "instead": character.translate(INSTEAD)}
    if values["instead"] == character:
        return Message("check.syntax_foreign", values)
    return Message("check.syntax_character", values)


def _text(value: Any, most: int = MOST_TEXT) -> str:
    return value[:most] if type(value) is str else ""


def _integer(value: Any) -> int:
    """A line or a column; of what is none of any file, 0."""
    return value if type(value) is int and 0 <= value < 1 << 31 else 0


def _lines(value: Any) -> list[tuple[str, int]]:
    if type(value) is not list:
        return []
    pairs = [item for item in value if type(item) is list and len(item) == 2]
    return [(file[:100], _integer(line)) for file, line in pairs if type(file) is str and type(line) is int]
