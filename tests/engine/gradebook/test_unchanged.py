"""What need not be asked again: which files a question's process holds, and what its outcome is found by."""

from types import SimpleNamespace

import pytest

from autograder.gradebook import unchanged
from autograder.intake.notebook import NONE, Notebook
from autograder.marking.hand_in import HandIn
from autograder.model import Sources

ASKS = {"q1": ("q1_box",), "q2": ("q1_box", "q2_disc"), "q3": ("q3_ball",)}
HASHES = SimpleNamespace(
    asks=ASKS,
    may_ask={**ASKS, "q3": ("q2_disc", "q3_ball")},
    reads={id: (f"{id}.n",) for id in ASKS},
    questions={id: id for id in ASKS},
    limits="limits",
)
KEYS = ("q1.n", "q2.n", "q3.n")
COURSE = SimpleNamespace(questions=[SimpleNamespace(id=id) for id in ASKS], number_keys=KEYS, list_keys=())
CODE = {"q1_box": "def area(): pass", "q2_disc": "import q1_box", "q3_ball": "def f(): pass"}


def hand_in(answers="", cells=(), **code) -> HandIn:
    return HandIn(Sources({**CODE, **code}, answers), Notebook(cells, ()) if cells else NONE)


def keys(*args, **more):
    return unchanged.keys(hand_in(*args, **more), COURSE, HASHES)


def changed(before, after, wide=False) -> set[str]:
    return {id for id in before if before[id][wide] != after[id][wide]}


def test_a_process_holds_the_files_that_its_tests_ask_and_those_that_these_name():
    assert unchanged.files("q1", hand_in(), ASKS) == {"q1_box"}
    assert unchanged.files("q3", hand_in(q3_ball="from q2_disc import f"), ASKS) == {"q3_ball", "q2_disc", "q1_box"}


@pytest.mark.parametrize("source", ["import importlib", "__import__('q' + '1_box')", "exec(text)", "import sys"])
def test_a_file_that_may_import_without_naming_gets_all(source):
    assert unchanged.files("q1", hand_in(q1_box=source), ASKS) is None


def test_only_the_questions_that_see_a_file_have_another_key():
    assert changed(keys(), keys(q3_ball="def f(): return 1")) == {"q3"}
    assert changed(keys(), keys(q1_box="def area(): return 1")) == {"q1", "q2"}
    assert changed(keys(), keys("[q2]\nn = 5\n")) == {"q2"}
    assert changed(keys(), keys(q2_disc="def f(): return 1"), wide=True) == {"q2", "q3"}, "its numbers may ask that file"
    assert changed(keys("[q2]\nn = 5\n"), keys("[q2]\nn = ۵ # the same number\n")) == set()


def test_a_file_that_imports_another_that_differs_is_not_the_same():
    """The own file is the same byte for byte; what it imports is not."""
    one, other = keys(q3_ball="import q2_disc"), keys(q3_ball="import q2_disc", q2_disc="def f(): return 7")
    assert {"q2", "q3"} <= changed(one, other)


def test_which_files_were_handed_in_counts_since_a_failed_import_names_them():
    fewer = HandIn(Sources({"q1_box": CODE["q1_box"], "q3_ball": CODE["q3_ball"]}, ""))
    assert changed(keys(), unchanged.keys(fewer, COURSE, HASHES)) == {"q1", "q2", "q3"}


def test_with_a_notebook_everything_counts():
    assert changed(keys(cells=((1, "a = 1"),)), keys(cells=((1, "a = 2"),))) == {"q1", "q2", "q3"}
    assert changed(keys(cells=((1, "a = 1"),)), keys(cells=((2, "a = 1"),))) == {"q1", "q2", "q3"}


def test_the_tests_and_the_limits_count():
    for name, other in (("limits", "others"), ("questions", {**HASHES.questions, "q2": "new"})):
        after = unchanged.keys(hand_in(), COURSE, SimpleNamespace(**{**vars(HASHES), name: other}))
        assert changed(keys(), after) == ({"q2"} if name == "questions" else {"q1", "q2", "q3"})
