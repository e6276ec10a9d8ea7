"""The author's words: numbers over parameters, parameters of hidden tests, attempts, sizes."""

from types import ModuleType, SimpleNamespace

import numpy as np
import pytest

from autograder.course import author
from autograder.course.author import Number, Partly
from autograder.course.variants import Parameters, on_desk

OF = SimpleNamespace(q1_box=SimpleNamespace(area=lambda height, width: height * width))
SHEET = {"q1_box": Parameters({"height": 3, "width": 5}, 2)}


def area(of, v):
    return of.q1_box.area(v.height, v.width)


def test_a_number_on_a_sheet_needs_no_parameters_any_more():
    number = author.number(area, torch=lambda v: v.height * v.width, counted=lambda of, v: v.width).on(SHEET, "q1_box")
    assert (number.recipe(OF), number.torch(), number.counted(OF)) == (15, 15, 5)


def test_a_number_without_parameters_is_the_same_on_every_sheet():
    number = author.number(lambda of: of.q1_box.area(2, 2), torch=lambda: 4)
    on = number.on(SHEET, "q1_box")
    assert (number.recipe(OF), number.torch(), on.recipe(OF), on.torch()) == (4, 4, 4, 4) and on.counted is None


def test_parameters_that_are_left_out_are_those_of_the_sheet_on_the_desk():
    recipe = author.number(named("q1_box_numbers"), torch=lambda: 0).recipe
    assert recipe(OF, Parameters({"height": 7, "width": 1})) == 7
    with on_desk(SHEET):
        assert recipe(OF) == 15


def named(module):
    """The recipe as if it were written in a module of the solutions."""

    def recipe(of, v):
        return area(of, v)

    recipe.__module__ = f"solutions.{module}"
    return recipe


def test_while_a_number_is_worked_out_its_own_sheet_lies_on_the_desk():
    from autograder.course import variants

    number = author.number(lambda of, v: variants.current(), torch=lambda v: 0).on(SHEET, "q1_box")
    assert (variants.current(), number.recipe(OF), variants.current()) == (1, 2, 1)


def test_a_question_that_is_not_on_the_sheet_has_no_parameters():
    assert author.number(lambda of, v: len(v), torch=lambda v: 0).on(SHEET, "q2_other").recipe(OF) == 0


def test_every_number_of_a_module_is_a_parameter_of_the_hidden_test_with_its_part():
    module = ModuleType("solutions.q1_box_numbers")
    module.area, module.volume = (author.number(area, torch=lambda: 0) for _ in range(2))
    module.parity, module.helper = author.alike(lambda v: 0), len
    made = author.sheet(module)
    assert [one.id for one in made] == ["area", "volume"]
    keyed = [one.values[0] for one in made]
    assert [(one.key, one.stem) for one in keyed] == [("q1.area", "q1_box"), ("q1.volume", "q1_box")]
    marks = [mark for one in made for mark in one.marks]
    assert [(mark.name, mark.args) for mark in marks] == [("part", ("q1.numbers.area",)), ("part", ("q1.numbers.volume",))]
    assert all(mark.kwargs["en"] and mark.kwargs["fa"] for mark in marks)
    assert keyed[0].recipe(SimpleNamespace(sheet=SHEET, **vars(OF))) == 15, "on the sheet of the student who is asked"


def test_a_modules_size_is_the_number_of_values_that_it_sends():
    module = SimpleNamespace(parameters=lambda: {"weight": np.zeros((4, 3, 5)), "bias": np.zeros(4), "none": np.zeros(0)})
    assert author.size(module) == 64


def test_an_attempt_is_what_it_replaces_and_what_it_should_come_to():
    @author.wrong("area", loses=["test_a", "test_b"])
    def perimeter(height, width):
        return 2 * (height + width)

    @author.right("area")
    def turned(height, width):
        return width * height

    assert (perimeter.replaces, perimeter.name, perimeter.right) == ("area", "perimeter", False)
    assert perimeter.loses == {"test_a", "test_b"} and perimeter.made(2, 3) == 10
    assert (turned.name, turned.right, turned.loses) == ("turned", True, frozenset())


def test_a_trace_keeps_its_steps_in_order():
    steps = [("a", len), ("b", max)]
    assert author.trace("area", "a box", iter(steps)).steps == tuple(steps)


def test_partly_right_is_a_failed_check_that_says_its_share():
    with pytest.raises(AssertionError, match="2 of 5 cases are right") as caught:
        raise Partly(2, 5)
    assert (caught.value.right, caught.value.cases) == (2, 5)
    assert isinstance(author.number(area, torch=lambda: 0), Number)
