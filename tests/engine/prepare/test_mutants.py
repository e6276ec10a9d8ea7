"""Mutants: each small change once, in the order of the source, and every one of them is a program."""

import ast

import pytest

from autograder.prepare.mutants import mutants


def of(body: str, head: str = "def f(a, b=2):") -> list[str]:
    """The mutants of a function's body, without its name."""
    return [
        one.id.removeprefix("f: ") for one in mutants(f"{head}\n" + "\n".join(f"    {line}" for line in body.split("\n")))
    ]


def test_an_operator_is_exchanged_a_term_dropped_and_a_constant_one_off():
    assert of("return a + 3", "def f(a):") == ["a + 3 -> a - 3", "a + 3 -> a", "a + 3 -> 3", "3 -> 4", "3 -> 2"]
    assert of("return a * a", "def f(a):") == ["a * a -> a + a", "a * a -> a // a", "a * a -> a"], "none twice"
    assert of("return 0", "def f():") == ["0 -> 1"]
    assert of("return True", "def f():") == ["True -> False"]


@pytest.mark.parametrize(
    ("was", "became"),
    [("a < b", ["a <= b", "a >= b"]), ("a <= b", ["a < b", "a > b"]), ("a > b", ["a >= b", "a <= b"]), ("a >= b", ["a > b", "a < b"]),
     ("a == b", ["a != b"]), ("a != b", ["a == b"]), ("a in b", ["a not in b"]), ("a not in b", ["a in b"]),
     ("a and b", ["a or b", "b", "a"]), ("a or b", ["a and b", "b", "a"]), ("not a", ["a"]), ("-a", ["a"]),
     ("a if a else b", ["a", "b"]), ("a(a, b)", ["a(b, a)"]), ("a // b", ["a * b", "a", "b"])],
)  # fmt: skip
def test_each_kind_of_change(was, became):
    assert of(f"return {was}", "def f(a, b):") == [f"{was} -> {one}" for one in became]


def test_a_guard_and_an_addition_are_dropped():
    assert "if a: return b -> pass" in of("if a:\n    return b\nreturn 1")
    assert "a += b -> pass" in of("a += b\nreturn a")


def test_a_default_is_an_answer_too_and_an_annotation_or_a_docstring_is_none():
    assert of('"""Adds 1."""\nx: Literal[1] = a\nreturn x', "@cache(1)\ndef f(a: Size[1], b=2) -> Size[3]:") == [
        "2 -> 3",
        "2 -> 1",
    ]


def test_what_an_error_says_is_not_marked():
    assert of("raise ValueError(1 + 1)", "def f():") == []
    assert of("return zip(a, strict=True)", "def f(a):") == []


def test_mutants_of_the_same_words_are_counted_and_others_of_the_module_stay_as_they_are():
    source = "LEAST = 1\n\ndef f(a):\n    return a[1] * a[1]\n\nclass C:\n    size = 1\n"
    found = list(mutants(source))
    assert [one.id for one in found if one.was == "1"] == [
        "f: 1 -> 2", "f: 1 -> 0", "f: 1 -> 2 #2", "f: 1 -> 0 #2", "C: 1 -> 2", "C: 1 -> 0",
    ]  # fmt: skip
    second = next(one for one in found if one.id == "f: 1 -> 2 #2")
    assert ast.unparse(second.tree).split("\n") == [
        "LEAST = 1", "", "def f(a):", "    return a[1] * a[2]", "", "class C:", "    size = 1",
    ]  # fmt: skip


def test_every_mutant_compiles_and_differs_from_what_it_was_made_of():
    source = 'def f(a, b=2):\n    """Doc."""\n    if a < b and not b:\n        a += 1\n    return [max(a, -b), f"{a}"][0 if a else 1] % 3\n'
    right = ast.unparse(ast.parse(source))
    found = [ast.unparse(one.tree) for one in mutants(source) if compile(one.tree, "mutant", "exec")]
    assert len(found) > 20 and right not in found and len(set(found)) == len(found)


def test_a_long_piece_is_shown_shortened():
    long = " + ".join(["a"] * 20)
    assert all(len(one.was) <= 70 for one in mutants(f"def f(a):\n    return {long}\n"))
    assert any(one.was.endswith("…") for one in mutants(f"def f(a):\n    return {long}\n"))
