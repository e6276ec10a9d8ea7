"""Fixtures of the public tests: your own files, imported as they are, and your answer sheet.

``student.<file>.<function>(…)`` calls your function. A stub that still raises NotImplementedError, or an
answer left at "?", shows as *not attempted*: neither passed nor failed.
"""

import importlib
import importlib.util
import signal
import sys
import types
from pathlib import Path

import pytest

_spec = importlib.util.spec_from_file_location("public_messages", Path(__file__).with_name("messages.py"))
messages = importlib.util.module_from_spec(_spec)
_spec.loader.exec_module(messages)

HOME = messages.HOME
MARKER = "part(id, en, fa): the part of the homework that a test belongs to, and what it checks"
NEEDED = ("numpy", "torch")
TEST_SECONDS = 20  # one test's; longer is an endless loop


@pytest.hookimpl(tryfirst=True)
def pytest_configure(config):
    config.addinivalue_line("markers", MARKER)
    if not sys.stdout.isatty():
        config.option.color = "no"  # a notebook asks for colours that a file or a pipe shows as signs
    missing = [name for name in NEEDED if importlib.util.find_spec(name) is None]
    if missing:
        pytest.exit(messages.not_installed(missing), returncode=3)


def pytest_terminal_summary(terminalreporter, config):
    if getattr(config, "notebook", None) is not None:
        return
    terminalreporter.section("what would be handed in / آنچه تحویل داده می‌شود")
    for line in messages.handed_in(HOME):
        terminalreporter.write_line(line)


def pytest_collection_finish(session):
    importlib.import_module("torch")  # so that no test pays for its seconds


class TooLong(pytest.fail.Exception):
    """A test did not end."""

    seconds = TEST_SECONDS


@pytest.hookimpl(wrapper=True)
def pytest_runtest_call(item):
    """An endless loop ends after a while, with the name of its test."""
    if not hasattr(signal, "SIGALRM"):  # Windows: the test is named by ``-v``, and Ctrl-C ends it
        return (yield)

    def late(*_):
        raise TooLong(messages.too_long(TEST_SECONDS), pytrace=False)

    before = signal.signal(signal.SIGALRM, late)
    signal.alarm(TEST_SECONDS)
    try:
        return (yield)
    finally:
        signal.alarm(0)
        signal.signal(signal.SIGALRM, before)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item, call):
    report = yield
    if call.excinfo is not None and isinstance(call.excinfo.value, NotImplementedError):
        report.outcome = "skipped"
        what = str(call.excinfo.value)
        why = f"{messages.NOT_YET} ({what})" if what else messages.NOT_YET
        if getattr(item, "answered", False):
            why = messages.alone(what)
        report.longrepr = (str(item.path), item.location[1] + 1, f"Skipped: {why}")
    return report


class _File:
    """One of your files; a class in it gives an object the tests can ask for outputs, parameters and gradients."""

    def __init__(self, stem, notebook=None, answered=False):
        __tracebackhide__ = True
        self._notebook = notebook
        if notebook is not None:
            names = notebook.namespace
            self._module = types.SimpleNamespace(__name__=stem, **{name: names[name] for name in names if name[:1] != "_"})
            return
        if not (HOME / f"{stem}.py").is_file():
            raise NotImplementedError(messages.no_file(stem))
        trouble = ""
        try:
            self._module = importlib.import_module(stem)
        except NotImplementedError:
            raise
        except SyntaxError as error:
            trouble = messages.syntax(error, stem)
        except Exception as error:
            trouble = messages.raised(error, stem)
        if trouble and answered:
            pytest.skip(messages.alone(f"{stem}.py"))
        if trouble:
            pytest.fail(trouble, pytrace=False)

    def __repr__(self):
        return self._module.__name__

    def __getattr__(self, name):
        if not hasattr(self._module, name) and self._notebook is not None:
            if not self._module.__name__.startswith(f"{self._notebook.question}_"):
                pytest.skip(f"{messages.LATER}: {self._module.__name__}")
            raise NotImplementedError(f"{name} {messages.NOT_DEFINED}")
        if not hasattr(self._module, name):
            pytest.fail(messages.no_name(self._module.__name__, name), pytrace=False)
        return _Callable(name, getattr(self._module, name))


class _Callable:
    """A function or class of yours, shown by its name."""

    def __init__(self, name, value):
        self._name, self._value = name, value

    def __repr__(self):
        return self._name

    def __call__(self, *args, **kwargs):
        __tracebackhide__ = True
        try:
            result = self._value(*args, **kwargs)
        except NotImplementedError as error:
            raise NotImplementedError(str(error) or self._name) from None
        return messages.beside("handle").ModuleHandle(result) if isinstance(self._value, type) else _row(result)

    def written(self, args, kwargs):
        """The call as one would type it."""
        return f"{self._name}({', '.join([*map(repr, args), *(f'{name}={value!r}' for name, value in kwargs.items())])})"


def _row(value):
    """A list, or a short row in an array or tensor, as the tuple that it stands for; anything else as it is."""
    if getattr(value, "ndim", None) == 1:
        value = value.tolist()
    return tuple(value) if isinstance(value, list) else value


def _plain(value):
    """An answer as the marker takes it: a tuple or a short row as a list, a number of numpy's or torch's as Python's."""
    if hasattr(value, "tolist"):
        value = value.tolist()
    if isinstance(value, (list, tuple)):
        return [_plain(item) for item in value]
    return value


class _Student:
    def __init__(self, notebook=None, test=None):
        self._notebook, self._test = notebook, test

    def __repr__(self):
        return "student"

    def __getattr__(self, stem):
        __tracebackhide__ = True
        if stem.startswith("_"):
            raise AttributeError(stem)
        return _File(stem, self._notebook, getattr(self._test, "answered", False))


class _Answers:
    def __init__(self, values, unread=None):
        self.values, self.unread = values, unread or {}

    def __getitem__(self, key):
        __tracebackhide__ = True
        if key in self.unread:
            raise AssertionError(self.unread[key])
        value = self.values.get(key, "?")
        if value is None or (isinstance(value, str) and value.strip() in ("", "?")):
            raise NotImplementedError(key)
        return value


def _sheet():
    """The answers of ``answers.toml``, and why others could not be read."""
    path, facts = HOME / "answers.toml", messages.facts() or {}
    asked = facts.get("keys"), facts.get("lists", ())
    values, notes = messages.beside("sheet").parse(path.read_bytes(), *asked) if path.is_file() else ({}, [])
    unread = {}
    for kind, note in notes:
        if kind in ("sheet.bad_line", "sheet.not_plain") and note.get("key", None) not in (None, *values):
            unread[note["key"]] = messages.unread(note)
    return _Answers(values, unread)


def _notebook(request):
    """The notebook whose cell asked for a check (``in_notebook.py``); None where the files are tested."""
    return getattr(request.config, "notebook", None)


@pytest.fixture
def student(request):
    if _notebook(request) is not None:
        return _Student(_notebook(request), request.node)
    if str(HOME) not in sys.path:
        sys.path.insert(0, str(HOME))
    return _Student(test=request.node)


@pytest.fixture(scope="session")
def answers(request):
    if _notebook(request) is not None:
        values = _notebook(request).namespace.get("answers")
        return _Answers(values if isinstance(values, dict) else {})
    return _sheet()


@pytest.fixture
def refuses():
    """``refuses(function, 2, 3)`` fails unless the call raises ValueError."""

    def check(ask, *args, **kwargs):
        __tracebackhide__ = True
        try:
            value = ask(*args, **kwargs)
        except ValueError:
            return
        raise AssertionError(messages.not_refused(ask.written(args, kwargs), value))

    return check


@pytest.fixture
def form(answers, request):
    """``form(key)`` fails unless the answer is a positive whole number; ``form(key, 3)`` unless it is a list of three."""

    def check(key, sizes=None):
        __tracebackhide__ = True
        wrong = messages.form(key, _plain(answers[key]), sizes)
        if wrong:
            raise AssertionError(wrong)
        request.node.answered = True

    return check


@pytest.fixture
def earlier(answers):
    """``earlier(key)`` or ``earlier(key, 3)`` is an answer that another follows from, once it has the form that was asked."""

    def answer(key, sizes=None):
        __tracebackhide__ = True
        if key in answers.unread or messages.form(key, _plain(answers[key]), sizes):
            pytest.skip(messages.alone(key))
        return _plain(answers[key])

    return answer


@pytest.fixture
def agree(answers):
    """``agree(key, value)`` fails where the sheet and your own code say different things. Which is right, it cannot say."""

    def check(key, own, *, en="your own code", fa="کد خودتان"):
        __tracebackhide__ = True
        answer, own = _plain(answers[key]), _plain(own)
        if answer != own:
            raise AssertionError(messages.disagreement(key, answer, own, en, fa))

    return check
