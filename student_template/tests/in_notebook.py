"""The public tests on what a notebook has defined: ``grader.check("q2")``, with otter-grader installed and without."""

import contextlib
import dis
import importlib.util
import io
import re
import sys
import types
from pathlib import Path

import pytest

HERE = Path(__file__).resolve().parent
_spec = importlib.util.spec_from_file_location("public_messages", HERE / "messages.py")
messages = importlib.util.module_from_spec(_spec)
_spec.loader.exec_module(messages)


class Notebook:
    """A pytest plugin: the fixtures find the notebook's names here, and each test's outcome is kept."""

    def __init__(self, question, namespace):
        self.question, self.namespace = question, namespace
        self.failed, self.open, self.passed = [], [], 0

    def pytest_configure(self, config):
        config.notebook = self  # where conftest.py looks

    def pytest_runtest_logreport(self, report):
        name = report.location[2]
        if report.skipped:
            if "a later question" not in str(report.longrepr):  # what another question still owes is not open here
                self.open.append(f"{name}: {report.longrepr[2].removeprefix('Skipped: ')}")
        elif report.failed:
            crash = getattr(report.longrepr, "reprcrash", None)
            message = (
                re.sub(r"^(AssertionError|[\w.]*TooLong|Failed): ", "", crash.message) if crash else report.longreprtext
            )
            self.failed.append(f"{name}: {message}")
        elif report.when == "call":
            self.passed += 1


def check(question, namespace):
    """Run the public tests of ``question`` ("q2") on these names. Returns what is to be done; empty where nothing is."""
    suites = sorted(HERE.glob(f"test_{question}_*.py"))
    if not suites:
        return f"there are no public tests for {question} / برای {question} آزمونی نیست"
    notebook = Notebook(question, namespace)
    arguments = [
        "-q",
        "--import-mode=importlib",
        "--color=no",
        "-p",
        "no:cacheprovider",
        "--rootdir",
        str(HERE),
        *map(str, suites),
    ]
    with contextlib.redirect_stdout(io.StringIO()) as output:
        status = pytest.main(arguments, plugins=[notebook])
    if status not in (0, 1):
        return output.getvalue()
    lines = [
        f"✗ {line}"
        for line in [*_unknown(question, namespace), *_missing(namespace), *_twice(HERE.parent), *notebook.failed]
    ]
    lines += [f"– {why}" for why in notebook.open]
    if lines:
        lines.append(f"{notebook.passed} passed / موفق. Hidden checks ask more. / آزمون‌های پنهان بیشتر می‌پرسند.")
    return "\n".join(lines)


def _unknown(question, namespace):
    """Keys of ``answers`` that nobody asks for, each with the nearest one that is."""
    facts, look = messages.facts(), messages.beside("inventory")
    answers = namespace.get("answers")
    if not isinstance(answers, dict) or facts is None:
        return []
    open_ones = [key for key in facts["keys"] if key not in answers]
    odd = [str(key) for key in answers if str(key) not in facts["keys"]]
    mine = [key for key in odd if key.startswith(f"{question}.") or not key.startswith(tuple(_questions(facts)))]
    return [messages.sentence(facts, *look.unknown(key, open_ones)) for key in mine]


def _missing(namespace):
    """Modules in use that will not be there when this is graded, though this computer has them."""
    facts, look = messages.facts(), messages.beside("inventory")
    if facts is None:
        return []
    tops = {module.partition(".")[0] for name, value in namespace.items() if name[:1] != "_" for module in _used(value)}
    foreign = tops - {*facts["modules"], *look.AT_HAND, *sys.stdlib_module_names}
    return [messages.sentence(facts, "inventory.module_here", {"module": module}) for module in sorted(foreign)]


def _twice(home):
    """Names that two cells define, in the notebook as it was last saved: a kernel does not know which cells it ran."""
    facts, look = messages.facts(), messages.beside("inventory")
    if facts is None:
        return []
    saved = [home / name for name in facts["files"] if name.endswith(".ipynb") and (home / name).is_file()]
    notes = [note for file in saved for note in look.notebook(file.name, file.read_bytes(), facts).notes]
    return [messages.sentence(facts, key, values) for key, values in notes if key == "inventory.twice_cells"]


def _used(value):
    """The modules that a value of the notebook's is, comes from, or imports where it is a function or class written there."""
    if isinstance(value, types.ModuleType):
        return {value.__name__}
    if not isinstance(value, (type, types.FunctionType)):
        return set()
    if value.__module__ != "__main__":
        return {str(value.__module__)}
    functions = [value, *vars(value).values()] if isinstance(value, type) else [value]
    return {module for one in functions if isinstance(one, types.FunctionType) for module in _imports(one.__code__)}


def _imports(code):
    """The modules that a function's own code imports, by their full names."""
    modules = {one.argval for one in dis.get_instructions(code) if one.opname == "IMPORT_NAME" and one.argval}
    return modules.union(*(_imports(inner) for inner in code.co_consts if isinstance(inner, types.CodeType)))


def _questions(facts):
    return {key.partition(".")[0] + "." for key in facts["keys"]}


class Plain:
    """``grader`` where otter-grader is not installed."""

    def __init__(self, namespace):
        self.namespace = namespace

    def check(self, question):
        report = check(question, self.namespace)
        print(report or f"{question}: every public test passes; hidden checks ask more / آزمون‌های پنهان بیشتر می‌پرسند")


def grader_for(namespace):
    """otter's own grader over ``tests/otter``, or one that does the same."""
    try:
        from otter import Notebook  # the folder tests/otter alone is a package of that name too, an empty one
    except ImportError:
        return Plain(namespace)
    return Notebook(tests_dir=str(HERE / "otter"))
