"""A table of mistakes: one string is the wrong answer and the arithmetic that is shown."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from autograder.course.formula import evaluate
from autograder.course.mistakes import added, mistakes, read_all
from autograder.course.variants import Parameters, on_desk

WORDS = {"en": "Why?", "fa": "چرا؟"}


def parameters(inputs, outputs, bias=True):
    """The asked function: of a linear layer."""
    if min(inputs, outputs) < 1:
        raise ValueError
    return outputs * inputs + bias * outputs


def output_size(size, kernel, padding=0):
    """Another one, along both axes."""
    pair = [(one if isinstance(one, tuple) else (one, one)) for one in (size, kernel, padding)]
    height, width = (s - k + 2 * p + 1 for s, k, p in zip(*pair, strict=True))
    if min(height, width) < 1:
        raise ValueError
    return height, width


def total(layers):
    """A third, a sum over its parts: (kind, inputs, outputs)."""
    return sum(i * o + o if kind == "linear" else 2 * o for kind, i, o in layers)


def parts(layers):
    for kind, i, o in layers:
        yield kind, {"i": i, "o": o}


def test_what_a_formula_is_worked_out_for_is_an_axis_or_nothing_else():
    with pytest.raises(ValueError, match="per='axes'"):
        mistakes(of=output_size, per="axes")


def linear():
    return mistakes(of=parameters, i="inputs", o="outputs", b="bias")


def test_a_formula_is_the_wrong_answer_and_the_arithmetic_behind_it():
    one = linear()("bias_once", "o·i + b", "met in class", **WORDS)
    assert one.wrong(3, 4) == 13 and one.wrong(inputs=3, outputs=4, bias=False) == 12
    assert one.arithmetic(3, 4) == ["4·3 + 1"] and one.arithmetic(3, 4, False) == ["4·3"]
    assert (one.replaces, one.name, one.source, one.hint.en, one.hint.fa) == (
        "parameters",
        "bias_once",
        "met in class",
        "Why?",
        "چرا؟",
    )
    assert one.wrong.__name__ == "bias_once" and not one.careless and not one.varies


def test_an_entry_refuses_what_the_right_function_refuses_unless_it_is_the_mistake_of_refusing_nothing():
    table = linear()
    careful, careless = table("no_bias", "o·i", **WORDS), table("refuses_nothing", "o·i + b·o", refuses=False, **WORDS)
    with pytest.raises(ValueError):
        careful.wrong(0, 4)
    assert careful.unchecked(0, 4) == 0 and careless.wrong(0, 4) == 4 and careless.careless
    assert [one.name for one in table.entries] == ["no_bias", "refuses_nothing"], "in the order in which they are written"


def test_what_is_made_of_the_right_answer_cannot_be_worked_out_without_one():
    one = linear()("doubled", "2·right", **WORDS)
    assert one.wrong(3, 4) == 32 and one.unchecked is None and one.arithmetic(3, 4) == ["2·16"]


def test_letters_are_made_of_the_arguments_and_the_letters_before_them():
    table = mistakes(of=parameters, i="inputs", twice="2·i", o="outputs")
    assert table("x", "twice·o", **WORDS).wrong(3, 4) == 24


def test_along_an_axis_a_formula_gives_one_number_each():
    table = mistakes(of=output_size, per="axis", s="size", k="kernel", p="padding")
    one = table("padding_once", "s − k + p + 1", **WORDS)
    assert one.wrong((10, 20), 3, (1, 2)) == (9, 20) and one.arithmetic((10, 20), 3, (1, 2)) == [
        "10 − 3 + 1 + 1",
        "20 − 3 + 2 + 1",
    ]
    assert one.wrong(10, 3) == (8, 8), "one number stands for both sides"
    swapped = table("whole", "size₂ − 1 , size₁ − 1", **WORDS)
    assert swapped.wrong((10, 20), 3) == (19, 9)


def test_a_sum_over_parts_has_a_wrong_piece_or_wrong_parts():
    table = mistakes(of=total, parts=parts, pieces={"linear": "i·o + o", "norm": "2·o"})
    layers = [("linear", 3, 4), ("norm", 4, 4), ("linear", 4, 2)]
    no_bias = table("no_bias", linear="i·o", **WORDS)
    assert total(layers) == 16 + 8 + 10 and no_bias.wrong(layers) == 12 + 8 + 8
    assert no_bias.arithmetic(layers) == ["3·4 + 2·4 + 4·2"]
    first = table("first_alone", parts=lambda layers: list(parts(layers))[:1], **WORDS)
    assert first.wrong(layers) == 16 and first.arithmetic(layers) == ["3·4 + 4"]


@pytest.mark.parametrize("given", [{}, {"formula": "1", "linear": "i"}, {"dense": "i·o"}])
def test_an_entry_is_one_formula_or_some_of_the_pieces(given):
    table = mistakes(of=total, parts=parts, pieces={"linear": "i·o + o", "norm": "2·o"})
    with pytest.raises(ValueError, match="takes one formula, or some of the pieces"):
        table("odd", **given, **WORDS)
    with pytest.raises(ValueError, match="parts and the pieces"):
        mistakes(of=total, parts=parts)


def test_the_right_function_may_be_asked_for_something_else():
    one = linear().instead("sides_exchanged", inputs="outputs", outputs=lambda outputs: outputs + 1, bias=False, **WORDS)
    assert one.wrong(3, 4) == 4 * 5 and one.arithmetic is None
    with pytest.raises(ValueError):
        one.wrong(0, 4)


def test_what_no_formula_tells_is_a_function_or_a_class():
    class Layer:
        bias = True

    table = mistakes(of=Layer)
    without = table.variant("without_bias", Layer, bias=False, **WORDS)
    assert without.wrong.__name__ == "without_bias" and without.wrong().bias is False and issubclass(without.wrong, Layer)

    @linear().mistake(**WORDS, arithmetic=lambda inputs, outputs, bias=True: [f"{outputs} + {inputs}"])
    def sides_added(inputs, outputs, bias=True):
        return inputs + outputs

    assert sides_added.wrong(3, 4) == 7 and sides_added.arithmetic(3, 4) == ["4 + 3"] and sides_added.name == "sides_added"


def test_what_is_taken_from_the_sheet_by_mistake_varies_with_it():
    def asked(inputs):
        return inputs

    asked.__module__ = "solutions.q1_box"
    table = mistakes(of=asked, i="inputs", sheet={"side": "side"})
    one, plain = table("from_the_sheet", "i·side", **WORDS), table("plain", "i + 1", **WORDS)
    assert one.varies and not plain.varies
    for side in (5, 7):
        with on_desk({"q1_box": Parameters({"side": side})}):
            assert one.wrong(3) == 3 * side


@pytest.mark.parametrize(
    ("texts", "sum"),
    [([], "0"), (["0", "0"], "0"), (["0", "3·4"], "3·4"), (["3·4", "2"], "3·4 + 2"), (["3 − 1", "2"], "(3 − 1) + 2"),
     (["2·(3 + 1)", "⌈(3 + 1)/2⌉"], "2·(3 + 1) + ⌈(3 + 1)/2⌉")],
)  # fmt: skip
def test_terms_are_added_with_brackets_around_sums(texts, sum):
    assert added(texts) == sum


@settings(max_examples=40)
@given(st.lists(st.sampled_from(["0", "3", "2·4", "3 − 1", "2·(3 + 1) − 1", "(1 + 2)·(3 − 4)"]), max_size=5))
def test_an_added_text_is_worth_the_sum_of_its_terms(texts):
    assert evaluate(added(texts)) == sum(map(evaluate, texts))


def test_the_names_of_a_formula_and_of_pieces_are_found():
    assert read_all("a + b , c₁", {}) == {"a", "b", "c"} and read_all("", {"x": "d·e"}) == {"d", "e"}


def test_a_function_that_was_made_elsewhere_goes_by_the_entrys_name():
    one = linear().by("their_product", lambda inputs, outputs, bias=True: inputs * outputs, **WORDS)
    assert one.wrong(3, 4) == 12 and one.wrong.__name__ == "their_product" and one.unchecked is None
