"""Fixtures of the public tests: your own files, imported as they are, and your answer sheet.

``student.<file>.<function>(…)`` calls your function. A stub that still raises NotImplementedError, or an
answer left at "?", shows as *not attempted*: neither passed nor failed.
"""

import importlib
import importlib.util
import json
import signal
import sys
import traceback
import types
from pathlib import Path

import pytest

HOME = Path(__file__).resolve().parent.parent
MARKER = "part(id, en, fa): the part of the homework that a test belongs to, and what it checks"
NEEDED = ("numpy", "torch")
LATER = "agrees with a later question"
NOT_YET = "not attempted yet / هنوز حل نشده"
TEST_SECONDS = 20  # one test's; longer is an endless loop
FACTS = Path(__file__).with_name("facts.json")  # what is asked: keys, files, texts; and the sentences about them


@pytest.hookimpl(tryfirst=True)
def pytest_configure(config):
    config.addinivalue_line("markers", MARKER)
    if not sys.stdout.isatty():
        config.option.color = "no"  # a notebook asks for colours that a file or a pipe shows as signs
    missing = [name for name in NEEDED if importlib.util.find_spec(name) is None]
    if missing:
        todo = f"{sys.executable} -m pip install -r requirements.txt"
        pytest.exit(f"not installed / نصب نیست: {', '.join(missing)}. Type / بنویسید: {todo}", returncode=3)


def pytest_terminal_summary(terminalreporter, config):
    if getattr(config, "notebook", None) is not None:
        return
    terminalreporter.section("what would be handed in / آنچه تحویل داده می‌شود")
    for line in handed_in(HOME):
        terminalreporter.write_line(line)


def handed_in(home):
    """What the folder holds of numbers, code and texts, and what of it would be lost: a line each."""
    if not FACTS.is_file():
        return []
    facts = json.loads(FACTS.read_text("utf-8"))
    _, notes = _beside("inventory").look(home, facts, _beside("sheet"), _beside("written"))
    return [said(facts, key, told) for key, told in notes]


def said(facts, key, values):
    """A sentence in both languages."""
    return " / ".join(facts["sentences"][language][key].format(**values) for language in ("en", "fa"))


def pytest_collection_finish(session):
    importlib.import_module("torch")  # its seconds are no test's


def _alone(missing):
    """Said of an answer that is there, while what it is compared with is not."""
    return f"its form is right; to compare it, {missing} is needed / شکلش درست است؛ برای مقایسه {missing} لازم است"


class TooLong(pytest.fail.Exception):
    """A test did not end."""

    seconds = TEST_SECONDS


@pytest.hookimpl(wrapper=True)
def pytest_runtest_call(item):
    """An endless loop ends after a while, with the name of its test."""
    if not hasattr(signal, "SIGALRM"):  # Windows: the test is named by ``-v``, and Ctrl-C ends it
        return (yield)

    def late(*_):
        told = f"did not end within {TEST_SECONDS} s / در {TEST_SECONDS} ثانیه پایان نیافت"
        raise TooLong(told, pytrace=False)

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
        why = f"{NOT_YET} ({what})" if what else NOT_YET
        if getattr(item, "answered", False):
            why = _alone(what)
        report.longrepr = (str(item.path), item.location[1] + 1, f"Skipped: {why}")
    return report


def _beside(name):
    """A module that lies beside this file, whatever else has its name."""
    spec = importlib.util.spec_from_file_location(f"public_{name}", Path(__file__).with_name(f"{name}.py"))
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module  # where a dataclass looks for its own module
    spec.loader.exec_module(module)
    return module


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
            raise NotImplementedError(f"{stem}.py is missing / {stem}.py نیست")
        told = ""
        try:
            self._module = importlib.import_module(stem)
        except NotImplementedError:
            raise
        except SyntaxError as error:
            told = _told(error, stem)
        except Exception as error:
            told = f"{_place(error, stem)}: {type(error).__name__}: {error}"
        if told and answered:
            pytest.skip(_alone(f"{stem}.py"))
        if told:
            pytest.fail(told, pytrace=False)

    def __repr__(self):
        return self._module.__name__

    def __getattr__(self, name):
        if not hasattr(self._module, name) and self._notebook is not None:
            if not self._module.__name__.startswith(f"{self._notebook.question}_"):
                pytest.skip(f"{LATER}: {self._module.__name__}")
            raise NotImplementedError(f"{name} is not defined yet / هنوز تعریف نشده")
        if not hasattr(self._module, name):
            pytest.fail(f"{self._module.__name__}.py has no {name} / نام {name} در این فایل نیست", pytrace=False)
        return _Asked(name, getattr(self._module, name))


class _Asked:
    """A function or class of yours, shown by its name."""

    def __init__(self, name, found):
        self._name, self._found = name, found

    def __repr__(self):
        return self._name

    def __call__(self, *args, **kwargs):
        __tracebackhide__ = True
        try:
            came = self._found(*args, **kwargs)
        except NotImplementedError as error:
            raise NotImplementedError(str(error) or self._name) from None
        return _beside("handle").ModuleHandle(came) if isinstance(self._found, type) else _row(came)

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


def _told(error, stem):
    """A syntax error with the character to replace, where one that is no ASCII is to blame."""
    column = error.offset or 0
    sign = (error.text or "")[column - 1 : column]
    file = Path(error.filename).name if error.filename else f"{stem}.py"  # also one that this one imports
    place = f"{file}, line {error.lineno}, column {column}"
    if sign and not sign.isascii():
        instead = sign.translate(_beside("sheet").FOREIGN)
        todo = f"; type {instead} instead / به جای آن {instead} بنویسید" if instead != sign else ""
        return f"{place}: the character {sign} cannot stand there / نویسهٔ {sign} مجاز نیست{todo}"
    return f"{place}: {error.msg}"


def _place(error, stem):
    """The line of the student's own files where an import failed."""
    places = [frame for frame in traceback.extract_tb(error.__traceback__) if Path(frame.filename).parent == HOME]
    return f"{Path(places[-1].filename).name}, line {places[-1].lineno}" if places else f"{stem}.py"


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
    path = HOME / "answers.toml"
    facts = json.loads(FACTS.read_text("utf-8")) if FACTS.is_file() else {}
    asked = facts.get("keys"), facts.get("lists", ())
    values, notes = _beside("sheet").parse(path.read_bytes(), *asked) if path.is_file() else ({}, [])
    unread = {}
    for kind, told in notes:
        if kind in ("sheet.bad_line", "sheet.not_plain") and told.get("key", None) not in (None, *values):
            what = f"line {told['line']}: {told['text']}" if "line" in told else told["key"]
            said = f"answers.toml, {what} – cannot be read; write key = 50 or key = [7, 8] / این سطر خوانده نمی‌شود"
            unread[told["key"]] = said
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
        given = _notebook(request).namespace.get("answers")
        return _Answers(given if isinstance(given, dict) else {})
    return _sheet()


@pytest.fixture
def refuses():
    """``refuses(function, 2, 3)`` fails unless the call raises ValueError."""

    def check(ask, *args, **kwargs):
        __tracebackhide__ = True
        try:
            came = ask(*args, **kwargs)
        except ValueError:
            return
        told = f"{ask.written(args, kwargs)} gave {came!r}: no such layer is possible, so it should raise ValueError"
        raise AssertionError(f"{told} / چنین لایه‌ای ممکن نیست؛ تابع باید ValueError بدهد")

    return check


def _form(key, answer, sizes):
    """What is wrong about the form of an answer; empty where nothing is."""
    answer = _plain(answer)
    given = answer if sizes else [answer]
    wanted, fa = (f"a list of {sizes} whole numbers", f"فهرستی از {sizes} عدد") if sizes else ("a whole number", "یک عدد")
    fits = isinstance(given, list) and len(given) == (sizes or 1)
    if fits and all(type(size) in (int, float) and size > 0 and size == int(size) for size in given):
        return ""
    return f"{key}: write {wanted}; your answer is {answer!r} / {fa} بنویسید؛ پاسخ شما {answer!r} است"


@pytest.fixture
def form(answers, request):
    """``form(key)`` fails unless the answer is a positive whole number; ``form(key, 3)`` unless it is a list of three."""

    def check(key, sizes=None):
        __tracebackhide__ = True
        told = _form(key, answers[key], sizes)
        if told:
            raise AssertionError(told)
        request.node.answered = True

    return check


@pytest.fixture
def earlier(answers):
    """``earlier(key)`` or ``earlier(key, 3)`` is an answer that another follows from, once it has the form that was asked."""

    def found(key, sizes=None):
        __tracebackhide__ = True
        if key in answers.unread or _form(key, answers[key], sizes):
            pytest.skip(_alone(key))
        return _plain(answers[key])

    return found


@pytest.fixture
def agree(answers):
    """``agree(key, value)`` fails where the sheet and your own code say different things. Which is right, it cannot say."""

    def check(key, own, *, en="your own code", fa="کد خودتان"):
        __tracebackhide__ = True
        answer, own = _plain(answers[key]), _plain(own)
        if answer != own:
            told = f"{key}: your answer is {answer}, {en} says {own}; check both, since one of them is wrong"
            raise AssertionError(f"{told} / پاسخ شما {answer} است و {fa} {own} می‌گوید؛ یکی از این دو را دوباره بررسی کنید")

    return check
