"""The loop of a submission's process: a request comes, student code runs, one reply goes back.

Student code shares this process, so nothing here is believed by the other side. What is here serves honest students: their values
arrive as they are, and an exception arrives with the line that raised it.
"""

from __future__ import annotations

import signal
import socket
import sys
import unicodedata
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from typing import Any

from ..shared import wire
from ..shared.frames import Incoming
from . import newer, stand_ins, submission

RAISED = (
    "ArithmeticError AssertionError AttributeError BufferError EOFError FloatingPointError ImportError IndexError "
    "KeyError LookupError MemoryError ModuleNotFoundError NameError NotImplementedError OSError OverflowError "
    "PermissionError RecursionError RuntimeError SyntaxError SystemExit TypeError UnboundLocalError UnicodeError "
    "ValueError ZeroDivisionError KeyboardInterrupt FileNotFoundError"
).split()
MAX_TEXT = 2_000


def serve(channel: socket.socket, max_payload: int) -> None:
    """Answer numbered requests in their order until the other side closes the channel."""
    course = submission.Submission()
    objects: list[Any] = []
    if "torch" in sys.modules:  # else this is a probe of the wall, which has no use for it
        from . import steady

        steady.seed()
    incoming = Incoming(max_payload)
    while True:
        try:
            request = incoming.frame(partial(_read, channel))
        except EOFError:
            return
        number, operation, arguments = wire.decode(*request)
        try:
            result = ["ok", _operate(course, objects, operation, arguments)]
            frame = wire.encode([number, *result], lambda value: _kept(objects, value))
        except wire.WireError as error:
            frame = wire.encode([number, "unsendable", str(error)])
        except BaseException as error:
            frame = wire.encode([number, "raised", _report(error, course)])
        for piece in wire.packed(frame):
            channel.sendall(piece)


def _read(channel: socket.socket, memory: memoryview) -> int:
    count = channel.recv_into(memory)
    if not count:
        raise EOFError  # the other side is done with us
    return count


def _operate(course: submission.Submission, objects: list[Any], operation: str, arguments: list) -> Any:
    if operation == "sources":
        files, stems = arguments
        course.install({stem: bytes(source).decode() for stem, source in files.items()}, stems)
        return None
    steadily = sys.modules[f"{__package__}.steady"].steadily
    match operation:
        case "cell":
            at, source = arguments
            with _interruptible():
                return course.run_cell(at, bytes(source).decode())
        case "answer":
            return course.answer(*arguments)
        case "answer keys":
            return course.answer_keys()
        case "in notebook":
            name, args, kwargs = arguments
            return steadily(course.in_notebook(name, "function"), *args, **kwargs)
        case "import":
            (stem,) = arguments
            steadily(course.module, stem)
            return None
        case "call":
            stem, name, args, kwargs = arguments
            return steadily(course.named(stem, name), *args, **kwargs)
        case "method":
            handle, name, args = arguments
            target = objects[handle]
            if name not in wire.METHODS or not hasattr(target, name):
                raise TypeError(f"{type(target).__name__} is not a torch.nn.Module")
            return steadily(getattr(target, name), *args)
    raise ValueError(operation)


@contextmanager
def _interruptible() -> Iterator[None]:
    """Ctrl-C reaches what runs inside, as it does in a notebook, and nothing else."""
    signal.signal(signal.SIGINT, signal.default_int_handler)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, signal.SIG_IGN)


def _kept(objects: list[Any], value: Any) -> Any:
    """Plain data for a tensor, else the object's type and, unless it is one of Python's own, a number to ask for it."""
    import torch

    if isinstance(value, stand_ins.Absent):
        stand_ins.fails(value)
    if isinstance(value, torch.Tensor):
        array = value.detach().cpu().numpy()
        return array.item() if array.ndim == 0 and array.dtype.kind in "iu" else array
    if str(type(value).__module__).partition(".")[0] in sys.stdlib_module_names:
        return wire.Opaque(type(value).__name__)
    objects.append(submission.as_handle(value))
    return wire.Opaque(type(value).__name__, len(objects) - 1)


def _report(error: BaseException, course: submission.Submission) -> dict[str, Any]:
    """An exception as plain data: nearest builtin type, its own name, its text cut short, the student's own lines."""
    kind = next((base.__name__ for base in type(error).__mro__ if base.__name__ in RAISED), "Exception")
    try:
        text = str(error)[:MAX_TEXT]
    except BaseException:
        text = ""
    report: dict[str, Any] = {"type": kind, "name": type(error).__name__, "text": text, "lines": course.lines(error)}
    if isinstance(error, submission.Missing):
        report["missing"] = error.what
    if isinstance(error, SyntaxError):
        line, column = error.lineno or 0, error.offset or 0
        report["syntax"] = {"file": str(error.filename), "line": line, "column": column, "text": str(error.msg)}
        character = (error.text or "")[column - 1 : column] if column > 0 else ""
        if character and not character.isascii():
            report["syntax"]["character"] = character
            report["syntax"]["name"] = unicodedata.name(character, "?")
        else:
            report["syntax"]["newer"] = newer.accepting(course.source(str(error.filename)))
    if isinstance(error, ImportError) and error.name:
        report["module"] = str(error.name)
    return report
