"""Fixtures of the public tests: your own files, imported as they are, and your answer sheet.

``student.q2_convnet.conv2d_parameters(3, 16, 5)`` calls your function. A stub that still raises NotImplementedError, or an
answer left at "?", shows as *not attempted*: neither passed nor failed.
"""

import importlib.util
import sys
import types
from pathlib import Path

import pytest

HOME = Path(__file__).resolve().parent.parent
MARKER = "part(id, en, fa): the part of the homework that a test belongs to, and what it checks"
NEEDED = ("numpy", "torch")
LATER = "agrees with a later question"
NOT_YET = "not attempted yet / هنوز حل نشده"
NOTES = []  # of the answer sheet: what could not be read


def pytest_configure(config):
    config.addinivalue_line("markers", MARKER)
    missing = [name for name in NEEDED if importlib.util.find_spec(name) is None]
    if missing:
        todo = f"{sys.executable} -m pip install -r requirements.txt"
        pytest.exit(f"not installed / نصب نیست: {', '.join(missing)}. Type / بنویسید: {todo}", returncode=3)


def pytest_terminal_summary(terminalreporter):
    if NOTES:
        terminalreporter.section("answers.toml")
        for note in NOTES:
            terminalreporter.write_line(note)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item, call):
    report = yield
    if call.excinfo is not None and isinstance(call.excinfo.value, NotImplementedError):
        report.outcome = "skipped"
        why = f" ({call.excinfo.value})" if str(call.excinfo.value) else ""
        report.longrepr = (str(item.path), item.location[1] + 1, f"Skipped: {NOT_YET}{why}")
    return report


def _beside(name):
    """A module that lies beside this file, whatever else has its name."""
    spec = importlib.util.spec_from_file_location(f"public_{name}", Path(__file__).with_name(f"{name}.py"))
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


class _File:
    """One of your files; a class in it gives an object the tests can ask for outputs, parameters and gradients."""

    def __init__(self, stem, notebook=None):
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
        except SyntaxError as error:
            told = _told(error, stem)
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
            pytest.fail(f"{self._module.__name__}.py has no {name} / نام {name} در این پرونده نیست", pytrace=False)
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


def _told(error, stem):
    """A syntax error with the character to replace, where one that is no ASCII is to blame."""
    column = error.offset or 0
    sign = (error.text or "")[column - 1 : column]
    place = f"{stem}.py, line {error.lineno}, column {column}"
    if sign and not sign.isascii():
        instead = sign.translate(_beside("sheet").FOREIGN)
        todo = f"; type {instead} instead / به جای آن {instead} بنویسید" if instead != sign else ""
        return f"{place}: the character {sign} cannot stand there / نویسهٔ {sign} مجاز نیست{todo}"
    return f"{place}: {error.msg}"


class _Student:
    def __init__(self, notebook=None):
        self._notebook = notebook

    def __repr__(self):
        return "student"

    def __getattr__(self, stem):
        if stem.startswith("_"):
            raise AttributeError(stem)
        return _File(stem, self._notebook)


class _Answers:
    def __init__(self, values, unread=None):
        self.values, self.unread = values, unread or {}

    def __getitem__(self, key):
        __tracebackhide__ = True
        if key in self.unread:
            raise AssertionError(self.unread[key])
        if self.values.get(key, "?") == "?":
            raise NotImplementedError(key)
        return self.values[key]


def _sheet():
    """The answers of ``answers.toml``, and why others could not be read."""
    path = HOME / "answers.toml"
    values, notes = _beside("sheet").parse(path.read_bytes()) if path.is_file() else ({}, [])
    unread = {}
    for kind, told in notes:
        if kind in ("sheet.bad_line", "sheet.not_plain"):
            what = f"line / سطر {told['line']}: {told['text']}" if "line" in told else told["key"]
            said = f"answers.toml, {what} – cannot be read; write key = 50 or key = [7, 8] / خوانده نمی‌شود"
            if "key" in told and told["key"] not in values:
                unread[told["key"]] = said
            else:
                NOTES.append(said)
        elif kind in ("sheet.too_large", "sheet.not_text", "sheet.too_many_bad_lines"):
            NOTES.append("answers.toml cannot be read at all: start again from a fresh copy / از نسخه‌ای تازه آغاز کنید")
    return _Answers(values, unread)


def _notebook(request):
    """The notebook whose cell asked for a check (``in_notebook.py``); None where the files are tested."""
    return getattr(request.config, "notebook", None)


@pytest.fixture
def student(request):
    if _notebook(request) is not None:
        return _Student(_notebook(request))
    if str(HOME) not in sys.path:
        sys.path.insert(0, str(HOME))
    return _Student()


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
        told = f"{ask.written(args, kwargs)} gave {came!r}: there is nothing like that, so it should raise ValueError"
        raise AssertionError(f"{told} / چنین چیزی نیست و باید ValueError بدهد")

    return check


def _form(key, answer, sizes):
    """What is wrong about the form of an answer; empty where nothing is."""
    given = answer if sizes else [answer]
    wanted, fa = (f"a list of {sizes} whole numbers", f"فهرستی از {sizes} عدد") if sizes else ("a whole number", "یک عدد")
    fits = isinstance(given, list) and len(given) == (sizes or 1)
    if fits and all(type(size) in (int, float) and size > 0 and size == int(size) for size in given):
        return ""
    return f"{key}: {wanted} was asked, your answer is {answer!r} / {fa} خواسته شده است"


@pytest.fixture
def form(answers):
    """``form(key)`` fails unless the answer is a positive whole number; ``form(key, 3)`` unless it is a list of three."""

    def check(key, sizes=None):
        __tracebackhide__ = True
        told = _form(key, answers[key], sizes)
        if told:
            raise AssertionError(told)

    return check


@pytest.fixture
def earlier(answers):
    """``earlier(key)`` or ``earlier(key, 3)`` is an answer that another follows from, once it has the form that was asked."""

    def found(key, sizes=None):
        __tracebackhide__ = True
        if key in answers.unread or _form(key, answers[key], sizes):
            pytest.skip(f"{key} comes first / نخست {key}")
        return answers[key]

    return found


@pytest.fixture
def agree(answers):
    """``agree(key, value)`` fails where the sheet and your own code say different things. Which is right, it cannot say."""

    def check(key, own, *, en="your own code", fa="کد خودتان"):
        __tracebackhide__ = True
        answer = answers[key]
        own = list(own) if isinstance(own, tuple) else own
        if answer != own:
            told = f"{key}: your answer is {answer}, {en} says {own}; one of them needs another look"
            raise AssertionError(f"{told} / پاسخ شما {answer} است و {fa} {own} می‌گوید؛ یکی را باید دوباره دید")

    return check
