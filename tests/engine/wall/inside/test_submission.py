"""The student's files as modules: compiled from text, imported once, and each other's."""

import sys

import pytest

from autograder.wall.inside.submission import MOST_KEYS, Missing, Submission


@pytest.fixture
def submission():
    """A submission of files; what it puts into this interpreter is taken out again."""
    path, modules = list(sys.meta_path), {*sys.modules}

    def one(stems=(), **files):
        made = Submission()
        made.install(files, list(stems))
        return made

    yield one
    sys.meta_path[:] = path
    for name in {*sys.modules} - modules:
        del sys.modules[name]


def test_a_name_of_a_file_is_what_the_file_defines(submission):
    own = submission(qa="x = 5\ndef f(a):\n    return a + x\n")
    assert own.named("qa", "f")(1) == 6 and own.module("qa").__file__ == "qa.py"


def test_a_file_or_a_name_that_is_not_there_is_named(submission):
    own = submission(qa="x = 5\n")
    for stem, name, what in (("qb", "f", "file"), ("qa", "f", "name"), ("qa", "__name", "name")):
        with pytest.raises(Missing, match=stem) as caught:
            own.named(stem, name)
        assert caught.value.what == what


def test_files_may_import_each_other_and_each_runs_once(submission):
    own = submission(qa="import qb\nqb.runs.append(1)\n", qb="runs = []\n", qc="from qb import runs\nimport qa\n")
    assert own.named("qc", "runs") == [1] and own.named("qb", "runs") == [1]


def test_a_relative_import_finds_the_file_beside_it(submission):
    own = submission(qa="from .qb import f as g\nfrom . import qb\nx = g() + qb.f()\n", qb="def f():\n    return 2\n")
    assert own.named("qa", "x") == 4


def test_an_import_that_failed_fails_the_same_way_and_does_not_run_twice(submission):
    own = submission(qa="import sys\nsys.qa_ran = getattr(sys, 'qa_ran', 0) + 1\nraise KeyError('once')\n")
    errors = []
    for _ in range(3):
        with pytest.raises(KeyError) as caught:
            own.named("qa", "x")
        errors.append(caught.value)
    assert errors[0] is errors[1] is errors[2] and sys.qa_ran == 1
    del sys.qa_ran


def test_a_files_own_lines_are_named_and_nobody_elses(submission):
    own = submission(
        qa="import json\ndef f():\n    return json.loads('{')\n", qb="import qa\n\ndef g():\n    return qa.f()\n"
    )
    with pytest.raises(ValueError) as caught:
        own.named("qb", "g")()
    assert own.lines(caught.value) == [["qb.py", 4], ["qa.py", 3]]


def test_of_a_deep_traceback_the_innermost_lines_are_named(submission):
    own = submission(qa="def f(n):\n    if n == 0:\n        raise ValueError\n    return f(n - 1)\n")
    with pytest.raises(ValueError) as caught:
        own.named("qa", "f")(30)
    assert own.lines(caught.value) == [["qa.py", 4]] * 7 + [["qa.py", 3]]


def test_the_text_of_a_file_is_there_for_what_a_failure_shows(submission):
    own = submission(qa="x = 5\n")
    assert own.source("qa.py") == "x = 5\n" and own.source("cell 3") == ""


def test_without_a_notebook_there_are_no_answers_of_one(submission):
    own = submission(qa="q2_total = 5\n")
    assert own.answer_keys() == []
    for ask in (lambda: own.answer("q2.total"), lambda: own.in_notebook("q2_total")):
        with pytest.raises(Missing) as caught:
            ask()
        assert caught.value.what == "name"


def test_answers_of_a_notebook_are_a_dict_a_dict_in_it_or_variables(submission):
    class Ran:
        names, functions, source = {"q2_total": 7, "f": 5}, {"f": len}, "last"
        answers = {"q1.total": 5, "q1": {"size": 3, "total": 0}, "q3": {str(n): n for n in range(2 * MOST_KEYS)}}

    own = submission()
    own.cells = Ran()
    assert [own.answer(key) for key in ("q1.total", "q1.size", "q2.total")] == [5, 3, 7]
    assert own.answer_keys()[:4] == ["q1.total", "q1.size", "q1.total", "q3.0"] and len(own.answer_keys()) == MOST_KEYS
    assert own.in_notebook("f") == 5 and own.in_notebook("f", "function") is len and own.source("cell 9") == "last"
