"""Follow-through marks: who earns a step, who does not, and what is said."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from autograder.marking.follow import Follow, Unusable, credited, worked_out
from autograder.model import Outcome, PartResult

TOTAL = {"sum": ["q2.stack", "q2.head"]}
HEAD = {"sum": [{"product": ["q2.shape", 10]}, 10]}
GAP = {"sum": [{"product": [{"first": "q2.shape"}, 10]}, 10]}
FOLLOW = Follow(penalty_percent=20, steps={"q2.total": TOTAL, "q2.head": HEAD, "q2.gap": GAP})
SIZES = {"q2.stack": 0, "q2.head": 0, "q2.shape": 3}


def part(name: str, values, *, outcome=Outcome.FAILED, cents=0):
    (told,) = credited([PartResult(f"q2.numbers.{name}", 100, cents, outcome)], values, FOLLOW, SIZES)
    return told.cents, [message.key for message in told.messages], [message.values for message in told.messages]


def test_what_is_right_for_the_students_own_answers_earns_the_step_less_the_penalty():
    cents, keys, values = part("total", {"q2.stack": 1216, "q2.head": 40970, "q2.total": 42186})
    assert (cents, keys) == (80, ["follow.credit"])
    assert values[0]["sum"] == "1216 + 40970"


def test_a_total_that_does_not_add_up_is_told_and_earns_nothing():
    cents, keys, values = part("total", {"q2.stack": 1216, "q2.head": 40970, "q2.total": 42170})
    assert (cents, keys) == (0, ["follow.does_not_add_up"])
    assert values[0] == {"sum": "1216 + 40970", "is": 42186, "says": 42170}


@pytest.mark.parametrize(
    "earlier", [None, 0, 1, -5, 2.5, "?", [], [16, 0], [1216], True, float("nan"), float("inf"), 10**13]
)
def test_an_earlier_answer_that_is_missing_or_degenerate_gives_nothing_and_is_named(earlier):
    cents, keys, values = part("total", {"q2.stack": earlier, "q2.head": 40970, "q2.total": 40970})
    assert (cents, keys) == (0, ["follow.unusable"])
    assert values[0]["key"] == "q2.stack"


def test_a_shape_counts_as_the_product_of_its_sizes_or_by_its_first():
    assert part("head", {"q2.shape": [16, 12, 12], "q2.head": 23050})[0] == 80
    assert part("gap", {"q2.shape": [12, 12, 16], "q2.gap": 130})[0] == 80
    assert part("head", {"q2.shape": [16, 12, 12], "q2.head": 23040})[0] == 0


@pytest.mark.parametrize("shape", [[1, 1, 1], [16, 12], [4096], 4096, [16, 16, 16, 1]])
def test_a_shape_of_ones_or_of_another_form_is_none_to_follow_from(shape):
    sizes = shape if isinstance(shape, list) else [shape]
    product = 1
    for size in sizes:
        product *= size
    assert part("head", {"q2.shape": shape, "q2.head": 10 * product + 10})[:2] == (0, ["follow.unusable"])
    assert part("gap", {"q2.shape": shape, "q2.gap": 10 * sizes[0] + 10})[:2] == (0, ["follow.unusable"])


def test_the_better_of_plain_and_followed_counts():
    values = {"q2.stack": 2, "q2.head": 3, "q2.total": 5}
    assert part("total", values, cents=90)[0] == 90
    assert part("total", values, outcome=Outcome.PASSED, cents=100) == (100, [], [])


@pytest.mark.parametrize("answer", ["42186", True, None, [42186]])
def test_only_a_number_can_follow(answer):
    assert part("total", {"q2.stack": 1216, "q2.head": 40970, "q2.total": answer})[0] == 0


def test_only_a_total_of_the_sheets_own_numbers_is_told_since_other_arithmetic_would_be_the_solution():
    cents, keys, _ = part("head", {"q2.shape": [16, 16, 16], "q2.head": 40960})
    assert (cents, keys) == (0, [])


@pytest.mark.parametrize(
    ("most", "penalty", "cents"), [(50, 1, 50), (150, 1, 149), (250, 1, 248), (50, 5, 48), (100, 29, 71)]
)
def test_half_a_hundredth_of_the_points_that_remain_goes_up(most, penalty, cents):
    follow = Follow(penalty_percent=penalty, steps={"q2.total": TOTAL})
    failed = [PartResult("q2.numbers.total", most, 0, Outcome.FAILED)]
    (told,) = credited(failed, {"q2.stack": 2, "q2.head": 3, "q2.total": 5}, follow, {})
    assert told.cents == cents


@pytest.mark.parametrize(("channels", "outputs"), [(1, 1216), (3, 3648)])
def test_a_parameter_counts_as_it_is_even_if_it_is_1(channels, outputs):
    follow = Follow(steps={"q2.outputs": {"product": ["q2.stack", "q2.channels"]}})
    failed = [PartResult("q2.numbers.outputs", 100, 0, Outcome.FAILED)]
    values = {"q2.stack": 1216, "q2.outputs": outputs}
    (told,) = credited(failed, values, follow, {"q2.stack": 0}, {"q2.channels": channels})
    assert (told.cents, [message.key for message in told.messages]) == (100, ["follow.credit"])


def test_a_total_with_a_parameter_in_it_is_not_told():
    follow = Follow(steps={"q2.total": {"sum": ["q2.stack", "q2.classes"]}})
    failed = [PartResult("q2.numbers.total", 100, 0, Outcome.FAILED)]
    assert credited(failed, {"q2.stack": 8, "q2.total": 9}, follow, {}, {"q2.classes": 10})[0].messages == ()


@given(st.lists(st.integers(2, 10**6), min_size=1, max_size=4), st.integers(2, 10**6))
def test_a_step_is_its_arithmetic_and_says_so(shape, other):
    step = {"sum": [{"product": ["a", 3]}, "b"]}
    followed = worked_out(step, {"a": shape, "b": other})
    assert followed.value == eval(followed.text.replace("·", "*"))  # our own text over our own numbers
    with pytest.raises(Unusable):
        worked_out(step, {"b": other})


def test_numbers_longer_than_a_result_can_hold_are_told_as_text():
    _, keys, values = part("total", {"q2.stack": 2, "q2.head": 3, "q2.total": 10**30})
    assert keys == ["follow.does_not_add_up"]
    assert (values[0]["is"], values[0]["says"]) == (5, str(10**30))
    _, keys, values = part("head", {"q2.shape": [10**11] * 3, "q2.head": 10**34 + 10})
    assert (keys, values[0]["is"]) == (["follow.credit"], str(10**34 + 10))
