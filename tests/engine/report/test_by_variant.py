"""How numbers went in each variant, and which differ more than chance makes them."""

import numpy as np

from autograder.model import Fingerprint, Message, Outcome, PartResult, Result
from autograder.report.class_page.by_variant import ByVariant, Rate, by_chance

PRINT = Fingerprint("s", "h", "o", "c", "e")


def one(id, variant, right, **more):
    outcome = Outcome.PASSED if right else Outcome.FAILED
    part = PartResult("q1.numbers.area", 100, 100 * right, outcome, "7")
    return Result(id, "", "graded", (part,), PRINT, "A", variant=variant, **more)


def test_wilsons_interval():
    low, high = Rate(1, 8, 10).interval
    assert round(low, 3) == 0.490 and round(high, 3) == 0.943  # Wilson (1927), as in Newcombe (1998), table I
    assert Rate(1, 0, 10).interval[0] == 0 and round(Rate(1, 10, 10).interval[1], 9) == 1


def test_equal_shares_are_chance_and_very_different_ones_are_not():
    assert by_chance([Rate(1, 10, 20), Rate(2, 10, 20)]) > 0.9
    assert by_chance([Rate(1, 19, 20), Rate(2, 4, 20)]) < 0.001
    assert by_chance([Rate(1, 20, 20), Rate(2, 20, 20)]) == 1 and by_chance([Rate(1, 3, 20)]) == 1


def test_of_two_variants_it_is_fishers_exact_test():
    """Pearson's chi-square orders the tables of two equally large groups as their probabilities do: 8 of 10 against 3 of 10."""
    assert abs(by_chance([Rate(1, 8, 10), Rate(2, 3, 10)]) - 0.0698) < 0.006


def test_chance_alone_is_seldom_named():
    random = np.random.default_rng(3)
    named = 0
    for _ in range(40):
        rates = [Rate(variant, int(random.binomial(30, 0.6)), 30) for variant in range(1, 9)]
        named += by_chance(rates, draws=2_000) <= 0.05
    assert named <= 6


def test_a_number_that_is_harder_in_one_variant_is_named_and_others_are_not():
    class_ = ByVariant()
    for number in range(40):
        class_.take(one(f"a{number}", 1, number % 10 != 0))
        class_.take(one(f"b{number}", 2, number % 4 == 0))
    (told,) = class_.numbers()
    assert told.key == "q1.area" and told.apart and [rate.right for rate in told.rates] == [36, 10]


def test_answers_right_for_another_variant_and_odd_sheets_are_listed():
    class_ = ByVariant()
    class_.take(one("ada", 1, False, elsewhere={"q1.area": (2, 3)}))
    class_.take(one("bob", 0, False, messages=(Message("variant.unknown"),)))
    class_.take(Result("cyd", "", "graded", (), PRINT, "A"))
    assert class_.elsewhere == [("ada", "q1.area", "7", 1, (2, 3))]
    assert [id for id, _ in class_.odd] == ["bob"] and list(class_.fates) == ["q1.area"]
    assert list(class_.fates["q1.area"]) == [1]
