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
LATER = "agrees with a later question"
NOT_YET = "not attempted yet / هنوز حل نشده"


def pytest_configure(config):
    config.addinivalue_line("markers", MARKER)


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
        try:
            self._module = importlib.import_module(stem)
        except SyntaxError as error:
            pytest.fail(_told(error, stem), pytrace=False)

    def __getattr__(self, name):
        if not hasattr(self._module, name) and self._notebook is not None:
            if not self._module.__name__.startswith(f"{self._notebook.question}_"):
                pytest.skip(f"{LATER}: {self._module.__name__}")
            raise NotImplementedError(f"{name} is not defined yet / هنوز تعریف نشده")
        if not hasattr(self._module, name):
            pytest.fail(f"{self._module.__name__}.py has no {name} / نام {name} در این پرونده نیست", pytrace=False)
        found = getattr(self._module, name)
        if not isinstance(found, type):
            return lambda *args, **kwargs: _row(found(*args, **kwargs))
        return lambda *args, **kwargs: _beside("handle").ModuleHandle(found(*args, **kwargs))


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

    def __getattr__(self, stem):
        if stem.startswith("_"):
            raise AttributeError(stem)
        return _File(stem, self._notebook)


class _Answers:
    def __init__(self, values):
        self.values = values

    def __getitem__(self, key):
        if self.values.get(key, "?") == "?":
            raise NotImplementedError(key)
        return self.values[key]


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
    sheet = HOME / "answers.toml"
    if not sheet.is_file():
        return _Answers({})
    return _Answers(_beside("sheet").parse(sheet.read_bytes())[0])


@pytest.fixture
def form(answers):
    """``form(key)`` fails unless the answer is a positive whole number; ``form(key, 3)`` unless it is a list of three."""

    def check(key, sizes=None):
        answer = answers[key]
        given = answer if sizes else [answer]
        wanted = f"a list of {sizes} whole numbers" if sizes else "a whole number"
        told = f"{key}: {wanted} was asked, the sheet has {answer!r} / شکل پاسخ درست نیست"
        assert isinstance(given, list) and len(given) == (sizes or 1), told
        whole = [type(size) in (int, float) and size > 0 and size == int(size) for size in given]
        assert all(whole), told

    return check


@pytest.fixture
def agree(answers):
    """``agree(key, value)`` fails where the sheet and your own code say different things. Which is right, it cannot say."""

    def check(key, own, *, en="your own code", fa="کد خودتان"):
        answer = answers[key]
        own = list(own) if isinstance(own, tuple) else own
        assert answer == own, (
            f"{key}: the sheet says {answer}, {en} says {own}; one of them needs another look / "
            f"برگه {answer} می‌گوید و {fa} {own}؛ یکی را باید دوباره دید"
        )

    return check
