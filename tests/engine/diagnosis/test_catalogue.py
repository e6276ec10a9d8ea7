"""The catalogue finds its entries by their files, and puts mistakes into the solutions and takes them out again."""

import numpy as np
import pytest

from autograder.course.mistakes import Misconception, mistakes
from autograder.course.reference import Reference
from autograder.diagnosis.catalogue import Catalogue, Entry, arguments, catalogue, frozen, together
from autograder.errors import ConvgradeError
from autograder.marking.recorder import Answered
from autograder.model import Text
from tests.engine.toy_course import at_home, without_torch


@pytest.fixture(scope="module")
def known(course):
    return Catalogue(course, Reference(course))


def entry(known, name) -> Entry:
    return next(one for one in known.entries if one.misconception.name == name)


def call(name, *args):
    return Answered("q1_box", name, args, {}, None)


def test_entries_come_function_by_function_in_the_order_in_which_they_are_written(known):
    assert [one.id for one in known.entries] == [
        "q1.area.perimeter", "q1.area.nothing_refused", "q1.area.divided", "q1.volume.channels_added",
    ]  # fmt: skip
    first = known.entries[0]
    assert (first.stem, first.key, first.part, first.is_class) == ("q1_box", ("q1_box", "area"), "q1.code.area", False)


@pytest.mark.parametrize(
    ("name", "text", "said"),
    [
        ("surface", "", "asks for nothing called surface"),
        ("volume", "from solutions.q1_box_misconceptions.area import area as borrowed\n", "table is for area"),
        ("area", 'area("perimeter", "h", en="a", fa="b")\n', "two entries are called q1.area.perimeter"),
    ],
)
def test_a_file_of_mistakes_that_cannot_be_meant_is_named(tmp_path, name, text, said):
    config = without_torch(tmp_path)
    path = config.parent / f"solutions/q1_box_misconceptions/{name}.py"
    path.write_text((path.read_text("utf-8") if path.is_file() else "") + text, "utf-8")
    with at_home(config) as course, pytest.raises(ConvgradeError, match=said) as caught:
        catalogue(course)
    assert caught.value.where == str(path) and caught.value.todo


def test_a_mistake_spreads_to_what_calls_the_function_and_is_gone_afterwards(known):
    calls = []
    with known.mistaken((entry(known, "perimeter"),), calls) as of:
        assert of.q1_box.volume(2, 3, 4) == 40  # 2·(2 + 3)·4
    assert [(one.name, one.args, one.value) for one in calls] == [("area", (2, 3), 10)]
    with known.mistaken(()) as of:
        assert of.q1_box.volume(2, 3, 4) == 24
    with pytest.raises(ZeroDivisionError), known.mistaken((entry(known, "divided"),)) as of:
        of.q1_box.area(2, 3)
    assert known.answer((), call("area", 2, 3)) == 6


def test_what_a_function_uses_is_what_may_change_its_answer(known):
    assert known.used("q1_box", "volume") == {"volume", "area", "_whole"} and "volume" not in known.used("q1_box", "area")
    assert [one.misconception.name for one in known.reaching("q1_box", "volume")] == [
        "perimeter", "nothing_refused", "divided", "channels_added",
    ]  # fmt: skip
    assert entry(known, "channels_added") not in known.reaching("q1_box", "area")


def test_an_answer_may_be_the_exception_that_it_ends_in(known):
    perimeter = (entry(known, "perimeter"),)
    assert known.answer(perimeter, call("area", 2, 3)) == 10
    refused = known.answer(perimeter, call("area", 0, 3))
    assert isinstance(refused, ValueError) and known.answer(perimeter, call("area", 0, 3)) is refused
    of = known.answering(perimeter)
    assert of.q1_box.volume(2, 3, channels=4) == 40
    with pytest.raises(ValueError):
        of.q1_box.area(0, 3)
    assert known.reference(perimeter).q1_box.volume(2, 3, 4) == 40 and known.reference(perimeter) is known.reference(
        perimeter
    )


def test_two_mistakes_go_together_in_two_functions_or_where_one_is_to_refuse_nothing(known):
    perimeter, careless, divided, added = known.entries
    assert together((perimeter, added)) == {
        perimeter.key: perimeter.misconception.wrong,
        added.key: added.misconception.wrong,
    }
    assert (
        together((perimeter, careless))
        == together((careless, perimeter))
        == {perimeter.key: perimeter.misconception.unchecked}
    )
    assert together((perimeter, divided)) is None
    assert known.pairs([perimeter, careless, divided]) == [(perimeter, careless)]


def test_two_classes_go_together_where_they_change_different_things():
    class Layer:
        bias, power = True, 1

    def of(name, **changes):
        table = mistakes(of=Layer)
        return Entry(f"q1.Layer.{name}", "q1_box", table.variant(name, Layer, en="a", fa="b", **changes))

    without, squared, again = of("without", bias=False), of("squared", power=2), of("again", power=3)
    (both,) = together((without, squared)).values()
    assert (both().bias, both().power) == (False, 2) and issubclass(both, Layer)
    assert together((squared, again)) is None
    other = Entry("q1.area.x", "q1_box", Misconception("area", "x", max, Text(), ""))
    assert together((without, other)) is None, "a class and a function never explain one answer"


def test_calls_are_told_apart_by_what_they_were_asked_with():
    asked = [call("area", 1, 2), call("area", 1.0, 2), call("area", (1, 2)), call("area", [1, 2]), call("area", "1, 2"),
             call("area", np.zeros(2)), call("area", np.zeros((2, 1))), call("area", np.zeros(2, np.float32)), call("area", np.ones(2)),
             Answered("q1_box", "area", (), {"x": np.zeros(2)}, None)]  # fmt: skip
    assert len({arguments(one) for one in asked}) == len(asked)
    big = np.zeros(5_000)
    other = big.copy()
    other[2_500] = 1.0  # where numpy's own text leaves out the middle
    assert arguments(call("area", big)) == arguments(call("area", big.copy())) != arguments(call("area", other))
    third = np.array([1 / 3])
    assert arguments(call("area", third)) != arguments(call("area", third + 1e-12)), "numpy's own text has eight digits"
    assert frozen({"a": [1, (True,)]}) == frozen({"a": [1, (True,)]}) != frozen({"a": [1, (1,)]})
