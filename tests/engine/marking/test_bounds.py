"""The marker's own work is bounded: what is written out, and what time and memory a process of its own may take."""

import time

import numpy as np
import pytest

from autograder.errors import ConvgradeError
from autograder.intake import notebook
from autograder.marking import bounds, failed_call
from autograder.marking.failed_call import MOST_SHOWN, shown
from autograder.text import cell

WIDE = np.zeros((6,) * 7 + (5,), np.float16)  # numpy shortens an axis of more than six: this one has none


def tree(depth: int) -> list:
    return [tree(depth - 1) for _ in range(4)] if depth else [1, 1.0, True, None]


@pytest.mark.parametrize(
    "value, text",
    [
        ([[WIDE]], "[[array(6, 6, 6, 6, 6, 6, 6, 5)]]"),
        ({"a": (WIDE,)}, "{'a': (array(6, 6, 6, 6, 6, 6, 6, 5),)}"),
        ((1, 2.5, "x", None, True), "(1, 2.5, 'x', None, True)"),
        ([], "[]"),
        ((), "()"),
        (10**4000, "…"),
        ({"k": {"j": [1]}}, "{'k': {'j': [1]}}"),
    ],
)
def test_a_value_is_written_out_with_arrays_by_shape_at_any_depth(value, text):
    assert shown(value) == text


@pytest.mark.parametrize(
    "value", [tree(8), ["x" * 10_000_000] * 50, [10**3000] * 5_000, {"k" * 1_000_000: 1}, [[]] * 100_000]
)
def test_no_more_of_a_value_is_looked_at_than_is_shown(value):
    began = time.process_time()
    assert len(shown(value)) <= MOST_SHOWN and len(failed_call._kind(value)) < 400
    assert time.process_time() - began < 0.5


def test_a_process_of_its_own_says_which_limit_it_hit():
    def apart(make):
        return bounds.apart(make, 1, 100, what="the page", todo="")

    assert apart(lambda: b"x") == b"x"
    with pytest.raises(ConvgradeError, match="the page takes more than 1 s of processor time"):
        apart(_busy)
    with pytest.raises(ConvgradeError, match="the page takes more than 100 MB of memory"):
        apart(lambda: bytes(300 << 20))
    with pytest.raises(ConvgradeError, match=r"here: no\. Do that"):
        apart(_refuses)
    with pytest.raises(ConvgradeError, match="an error of its own"):
        apart(lambda: 1 / 0)


def _busy() -> bytes:
    while True:
        try:
            sum(range(1_000_000))
        except Exception:
            pass


def _refuses() -> bytes:
    raise ConvgradeError("no", where="here", todo="Do that")


@pytest.mark.parametrize("inside", [b"[],", b"{},", b'"",', b"1,", b'["\\"",[]],'])
def test_a_notebook_of_too_many_items_is_refused_before_it_is_read(inside, monkeypatch):
    data = b'{"nbformat":4,"cells":[' + inside * (notebook.MAX_ITEMS // inside.count(b",") + 1) + b"[]]}"
    monkeypatch.setattr(notebook.json, "loads", lambda text: pytest.fail("it was read"))
    with pytest.raises(notebook.Broken) as broken:
        notebook.read(data)
    assert broken.value.message.key == "notebook.too_many_items"


def test_what_stands_in_a_text_is_no_item():
    source = '"' + "[{,\\" * 10
    data = (
        b'{"nbformat":4,"cells":[' + notebook.json.dumps({"cell_type": "code", "source": source * 20_000}).encode() + b"]}"
    )
    assert notebook.read(data).cells == ((1, source * 20_000),)


@pytest.mark.parametrize("text", ["\\\\" * 500_000, '\\"' * 500_000, '"\\' * 500_000, '"' * 1_000_000])
def test_items_are_counted_in_linear_time(text):
    began = time.process_time()
    with pytest.raises(notebook.Broken):
        notebook.read(b'{"' + text.encode())
    assert time.process_time() - began < 3


@pytest.mark.parametrize(
    "text, safe",
    [
        ('text;=HYPERLINK("http://b")', 'text;\'=HYPERLINK("http://b")'),
        ("a; +1", "a; '+1"),
        ('a;"=1', "a;\"'=1"),
        ("a|@x", "a|'@x"),
        ("=1", "'=1"),
        ("a;b", "a;b"),
        ("[1, -2]", "[1, -2]"),
    ],
)
def test_a_cell_is_no_formula_behind_a_separator_either(text, safe):
    assert cell(text) == safe


def test_a_tab_parts_no_cell():
    from autograder.text import lines

    assert "\t=" not in cell("x\t=1+1") and lines("x\t=1+1") == "x\t'=1+1"
