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
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from autograder.model import Message, Outcome
from autograder.text import LATIN_DIGITS

INSTEAD = LATIN_DIGITS | str.maketrans("،٬٫؛×−–‘’“”«»", ",_.;*--''" + 4 * '"')


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
    """The student's code raised, or returned something that is not an answer."""


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


# The kinds that are named where an exception's own name and text are not shown.
KINDS = frozenset(_TWINS) | {"Exception", "KeyboardInterrupt", "SyntaxError", "SystemExit", "UnicodeError"}
SIGNALS = frozenset({"SIGSEGV", "SIGABRT", "SIGBUS", "SIGFPE", "SIGILL", "SIGSYS", "SIGXFSZ"})  # what a crash ends in
HERE = ".".join(platform.python_version_tuple()[:2])
_VERSION = re.compile(r"3\.\d\d")
MOST_TEXT, MOST_NAME = 2_000, 200  # characters: every check repeats its own, in two languages and four files
MOST_LINES = 20
_MODULE = re.compile(r"[^\W\d]\w*(\.\w+)*", re.ASCII)
_IN_A_FILE = re.compile(r" \((/[^()]*|unknown location)\)$")


@dataclass(frozen=True)
class FailedRequest:
    """What the trusted side knows of a request that failed: nothing of it comes from the far side."""

    target: str  # "q2_convnet.conv2d_parameters", "q2_convnet" while it is imported, "cell 3"
    sources: Mapping[str, str]  # by the name that a traceback gives it: "q2_convnet.py", "cell 3"
    early: bool  # the process had seen no hidden input when it said this

    @property
    def file(self) -> str:
        return f"{self.target.split('.')[0]}.py"

    @property
    def name(self) -> str:
        return self.target.partition(".")[2]

    @property
    def allowed(self) -> str:
        return ", ".join(["numpy", "torch", *sorted(name for name in self.sources if name.endswith(".py"))])


def from_report(report: Any, request: FailedRequest) -> StudentFailure:
    """The exception that the far side reports. ``report`` is untrusted: anything missing reads as nothing.

    A place is reported only if it is a line of a handed-in file, a module only if such a file names it.
    """
    report = report if type(report) is dict else {}
    kind, name = (_text(report.get(key), MOST_NAME) for key in ("type", "name"))
    kind = kind if kind in KINDS else "Exception"
    text = _text(report.get("text"))
    file, lines = request.file, _lines(report.get("lines"), request.sources)
    where = "; ".join(f"{at}, line {line}" for at, line in (lines[-3:] if request.early else lines[-1:]))
    early = {"early": 1} if request.early else {}
    if report.get("missing") == "file":
        return NotAttempted(Message("check.file_missing", {"file": file}))
    if report.get("missing") == "name":
        return NotAttempted(Message("check.name_missing", {"file": file, "name": request.name}))
    if kind == "NotImplementedError":
        return NotAttempted(Message("check.not_attempted"))
    if kind == "SyntaxError" and type(report.get("syntax")) is dict:
        return StudentRaised(_syntax(report["syntax"], request, where or file))
    twin = _TWINS.get(kind, StudentRaised)
    if kind == "ModuleNotFoundError":
        module = _named(_text(report.get("module"), MOST_NAME), request.sources.values())
        values = {"file": lines[-1][0] if lines else file, "allowed": request.allowed}
        if module:
            return twin(Message("check.import", {**values, "module": module}))
        return twin(Message("check.import_at", {**values, "where": where or file}))
    if kind == "ImportError":  # the module is there, the name is not
        text = _IN_A_FILE.sub("", text)
    if kind == "FileNotFoundError":
        return twin(Message("check.no_file", {"text": text[:300], "where": where or file, **early}))
    if kind == "PermissionError":
        return twin(Message("check.refused", {"text": text[:300], "where": where or file, **early}))
    if kind == "EOFError":
        return twin(Message("check.input", {"where": where}))
    if kind == "RecursionError":
        return twin(Message("check.recursion", {"where": where}))
    if kind == "MemoryError":
        return twin(Message("check.memory", {"where": where}))
    if kind == "SystemExit":
        return StudentRaised(Message("check.exited", {"where": where}))
    values = {"type": name or kind, "kind": kind, "text": text[:300], "where": where or file}
    return twin(Message("check.error", {**values, **early}))


def _named(module: str, sources: Iterable[str]) -> str:
    """``module`` if it is a word of a handed-in source, else "": any other name was built at run time and could carry a message."""
    if not _MODULE.fullmatch(module):
        return ""
    word = re.compile(rf"(?<!\w){re.escape(module)}(?!\w)")
    return module if any(word.search(source) for source in sources) else ""


def _syntax(report: dict, request: FailedRequest, where: str) -> Message:
    file = _text(report.get("file"), MOST_NAME)
    file = file if file in request.sources else request.file
    line, column = _integer(report.get("line")), _integer(report.get("column"))
    if not 0 < line <= _count(request.sources.get(file, "")):
        line = column = 0
    values: dict[str, str | int | float] = {
        "file": file,
        "line": line,
        "column": column,
        "text": _text(report.get("text"))[:200],
        "python": f"{sys.version_info[0]}.{sys.version_info[1]}",
    }
    values |= {"early": 1} if request.early else {"kind": "SyntaxError", "where": where}
    character = _text(report.get("character"))[:1]
    newer = _text(report.get("newer"), 4)
    if not character and _VERSION.fullmatch(newer) and newer != HERE:
        return Message("check.syntax_newer", values | {"newer": newer, "here": HERE})
    if not character:
        return Message("check.syntax", values)
    values |= {"character": character, "name": _text(report.get("name"))[:80], "instead": character.translate(INSTEAD)}
    if values["instead"] == character:
        return Message("check.syntax_foreign", values)
    return Message("check.syntax_character", values)


def _text(value: Any, most: int = MOST_TEXT) -> str:
    return value[:most] if type(value) is str else ""


def _integer(value: Any) -> int:
    """A line or a column; 0 for anything that cannot be one."""
    return value if type(value) is int and 0 <= value < 1 << 31 else 0


def _lines(value: Any, sources: Mapping[str, str]) -> list[tuple[str, int]]:
    """Pairs of a file that was handed in and one of its lines, whatever else the far side has told."""
    if type(value) is not list:
        return []
    pairs = [item for item in value[-MOST_LINES:] if type(item) is list and len(item) == 2]
    lines = [(file, line) for file, line in pairs if type(file) is str and file in sources and type(line) is int]
    return [(file, line) for file, line in lines if 0 < line <= _count(sources[file])]


def _count(source: str) -> int:
    """How many lines a source has."""
    return source.count("\n") + 1
