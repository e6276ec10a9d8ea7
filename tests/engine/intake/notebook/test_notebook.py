"""A notebook of too many items is refused, however it hides them."""

import time

import pytest

from autograder.intake import notebook


@pytest.mark.parametrize("inside", [b"[],", b"{},", b'"",', b"1,", b'["\\"",[]],'])
def test_a_notebook_of_too_many_items_is_refused_before_it_is_read(inside, monkeypatch):
    monkeypatch.setattr(notebook, "MAX_ITEMS", 1_000)
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
