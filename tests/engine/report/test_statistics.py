"""The class report's statistics against cases worked by hand."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from autograder.report.class_page import statistics

# Four submissions, three parts of 2, 4 and 2 points; sums 8, 5, 2, 1.
SCORES = np.array([[2, 4, 2], [2, 2, 1], [1, 1, 0], [0, 0, 1]], float)


def test_facility_is_the_mean_share_of_the_points():
    assert statistics.facility(SCORES, np.array([2.0, 4.0, 2.0])) == pytest.approx([5 / 8, 7 / 16, 4 / 8])


def test_facility_of_a_part_without_points_and_of_nobody_is_unknown():
    assert np.isnan(statistics.facility(SCORES, np.array([2.0, 0.0, 2.0]))[1])
    assert np.isnan(statistics.facility(np.zeros((0, 3)), np.ones(3))).all()


def test_item_rest_leaves_the_part_itself_out():
    # Part 1: scores 2 2 1 0 (mean 5/4) against the rest 6 3 1 1 (mean 11/4).
    # Deviations .75 .75 −.25 −1.25 and 3.25 .25 −1.75 −1.75: products 2.4375 + .1875 + .4375 + 2.1875 = 5.25;
    # squares 2.75 and 16.75.
    assert statistics.item_rest(SCORES)[0] == pytest.approx(5.25 / np.sqrt(2.75 * 16.75))
    # Part 3: 2 1 0 1 (mean 1) against 6 4 2 0 (mean 3): 1·3 + 0 + (−1)(−1) + 0 = 4; squares 2 and 20.
    assert statistics.item_rest(SCORES)[2] == pytest.approx(4 / np.sqrt(40))


def test_alpha_by_hand():
    # Variances with n − 1 = 3 below: parts 2.75/3, 8.75/3, 2/3; sums 8 5 2 1 (mean 4): 16 + 1 + 4 + 9 = 30, so 30/3.
    # 3/2 · (1 − (2.75 + 8.75 + 2) / 30) = 3/2 · 16.5/30 = 0.825.
    assert statistics.alpha(SCORES) == pytest.approx(0.825)


def test_alpha_of_two_parts_is_the_spearman_brown_of_equal_variances():
    # Two parts of equal variance and correlation r: alpha = 2r / (1 + r). Here r = 1/2, so 2/3.
    scores = np.array([[1, 1], [-1, -1], [1, 0], [-1, 0], [0, 1], [0, -1]], float)
    r = np.corrcoef(scores.T)[0, 1]
    assert r == pytest.approx(0.5)
    assert statistics.alpha(scores) == pytest.approx(2 / 3)


def test_alpha_if_deleted_is_alpha_of_what_is_left():
    # Without part 2: parts 1 and 3, sums 4 3 1 1 (mean 9/4): deviations 1.75 .75 −1.25 −1.25, squares 6.75.
    # 2 · (1 − (2.75 + 2) / 6.75) = 2 · 2/6.75.
    assert statistics.alpha_if_deleted(SCORES)[1] == pytest.approx(4 / 6.75)


@pytest.mark.parametrize(
    "scores",
    [np.zeros((0, 3)), np.ones((1, 3)), np.ones((5, 3)), np.ones((5, 1))],
    ids=["nobody", "one", "alike", "one part"],
)
def test_what_cannot_be_known_is_not_a_number(scores):
    assert np.isnan(statistics.alpha(scores))
    assert np.isnan(statistics.alpha_interval(scores)).all()
    assert np.isnan(statistics.item_rest(scores)).all()


def test_the_interval_holds_alpha_and_narrows_with_the_class():
    random = np.random.default_rng(3)

    def width(count):
        skill = random.normal(size=(count, 1))
        scores = skill + random.normal(size=(count, 8))
        low, high = statistics.alpha_interval(scores)
        assert low < statistics.alpha(scores) < high
        return high - low

    assert width(400) < width(25) / 2


def test_the_interval_is_that_of_drawing_classes_one_by_one():
    random = np.random.default_rng(5)
    scores = random.normal(size=(30, 1)) + random.normal(size=(30, 4))
    drawn = [statistics.alpha(scores[random.integers(0, 30, 30)]) for _ in range(4000)]
    assert statistics.alpha_interval(scores) == pytest.approx(np.quantile(drawn, [0.025, 0.975]), abs=0.02)


def test_the_interval_is_the_same_each_time():
    assert statistics.alpha_interval(SCORES) == statistics.alpha_interval(SCORES.copy())


def test_chance_correlation():
    assert statistics.chance_correlation(103) == pytest.approx(np.tanh(0.196), abs=1e-4)  # 1.96 / √100
    assert statistics.chance_correlation(3) == 1.0
    random = np.random.default_rng(11)
    found = [abs(np.corrcoef(random.normal(size=(2, 20)))[0, 1]) for _ in range(4000)]
    assert np.mean(np.array(found) > statistics.chance_correlation(20)) == pytest.approx(0.05, abs=0.012)


def test_histogram_puts_edges_where_they_belong():
    shares = np.array([0, 0.0999, 0.1, 0.3, 0.7, 0.9, 1.0])
    assert statistics.histogram(shares).tolist() == [2, 1, 0, 1, 0, 0, 0, 1, 0, 2]


@given(st.lists(st.floats(0, 1), max_size=50))
def test_histogram_counts_everybody_once(shares):
    assert statistics.histogram(np.array(shares)).sum() == len(shares)


def test_quartiles_by_hand():
    # Definition 7 on 1 2 3 4: places 1 + 3/4, 1 + 3/2, 1 + 9/4.
    assert statistics.quartiles(np.array([4.0, 1.0, 3.0, 2.0])) == (1.75, 2.5, 3.25)
    assert np.isnan(statistics.quartiles(np.array([]))).all()
