"""A file's functions as tokens: equal whatever they are called, and nothing of the file is parsed or run."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from autograder.report.class_page.source_units import MAX_SOURCE, units


def test_texts_are_alike_whatever_they_say_but_code_after_a_function_is_not_part_of_it():
    one = units('def f(x):\n    raise ValueError(\'a\')\nprint(f)\n@dec\ndef g(): return """b"""\n')
    two = units("def f(y):\n    raise ValueError('#b')\n")
    assert one["f"] == two["f"] and set(one) == {"f", "g"}


def test_a_unit_is_its_tokens_with_names_numbered_as_they_appear():
    assert units("def area(height, width):\n    return height * width * 2.5\n") == {
        "area": (
            *("def", "name0", "(", "name1", ",", "name2", ")", ":"),
            *("return", "name1", "*", "name2", "*", "2.5"),
        )
    }


@pytest.mark.parametrize(
    "other",
    [
        "def g(b):\n    return b + 1",
        "def f(a):\n\n\n        return a + 1",
        "def f(a): return a + 1",
        "def f(a):  # mine\n    # and a comment\n    return a + 1",
        'def f(a):\n    """What it does."""\n    return a + 1',
        "def f(a):\n    return a + \\\n        1",
    ],
)
def test_names_layout_comments_and_docstrings_make_no_difference(other):
    assert [*units(other).values()] == [*units("def f(a):\n    return a + 1\n").values()]


@pytest.mark.parametrize(
    "other",
    [
        "def f(a):\n    return a - 1",
        "def f(a):\n    return a + 2",
        "def f(a, b):\n    return a + 1",
        "def f(a):\n    b = a + 1",
    ],
)
def test_another_way_to_work_it_out_is_another_unit(other):
    assert units(other)["f"] != units("def f(a):\n    return a + 1\n")["f"]


def test_a_name_that_stands_for_two_things_is_not_two_names_that_do():
    assert units("def f(a, b):\n    return a + a")["f"] != units("def f(a, b):\n    return a + b")["f"]


def test_functions_and_classes_at_the_top_are_units_and_what_is_in_them_is_theirs():
    source = (
        "class Net(Base):\n    def forward(self, x):\n        return x\n\nasync def run():\n    pass\nx = 1\ndef f(): pass\n"
    )
    found = units(source)
    assert (
        [*found] == ["Net", "run", "f"] and "def" in found["Net"] and found["f"] == ("def", "name0", "(", ")", ":", "pass")
    )


def test_brackets_that_close_at_the_edge_do_not_end_a_function():
    assert units("def f(\n    a,\n):\n    return a + 1\n").keys() == {"f"}
    assert units("def f(\n    a\n):\n    return a + 1\n")["f"] == units("def f(a):\n    return a + 1\n")["f"]


def test_a_hash_in_a_text_begins_no_comment_and_a_quote_in_a_comment_no_text():
    found = units("def f():\n    x = '# no'\n    # it's\n    return x\n")
    assert found["f"] == ("def", "name0", "(", ")", ":", "name1", "=", "text", "return", "name1")


def test_of_a_long_file_the_beginning_is_looked_at():
    head = "def f():\n    return 1\n"
    assert units(head + "#" * MAX_SOURCE + "\ndef g(): pass\n").keys() == {"f"}


@settings(max_examples=60)
@given(st.text(alphabet="defclas \n\t\\'\"#()x1rb@:", max_size=200))
def test_whatever_it_is_every_unit_has_a_name_and_its_own_head(source):
    for name, tokens in units(source).items():
        assert name and name in source and {*tokens} & {"def", "class", "async"}
