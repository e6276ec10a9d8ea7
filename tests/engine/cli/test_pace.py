"""The estimate of the time left is right within a quarter after a tenth of a class, and never jumps up by more than half."""

import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from autograder.cli.pace import MOST_MORE, Pace

TIMES = {"right": 0.3, "wrong": 0.4, "notebook": 0.8}
# Of a class as it is (`tests.bench.classroom`), graded by two workers of a slow machine: seconds each, a hang among them.
RECORDED = [
    8.3,
    5.1,
    14.1,
    3.1,
    0.6,
    5.9,
    4.7,
    2.9,
    2.7,
    8.5,
    7.5,
    12.2,
    10.2,
    4.7,
    4.0,
    2.5,
    12.2,
    0.6,
    3.8,
    3.4,
    3.4,
    3.5,
    3.3,
    3.4,
    2.9,
    6.6,
    12.0,
    4.8,
    4.4,
    7.9,
    25.6,
    7.4,
    5.2,
    4.6,
    2.4,
    2.9,
]
# Of another such run: when each result came, and how long it took.
CAME = [
    (10.5, 5.1),
    (18.9, 13.2),
    (19.5, 4.5),
    (31.9, 12.2),
    (33.4, 1.4),
    (34.3, 4.9),
    (37.9, 3.4),
    (39.0, 5.5),
    (44.3, 5.4),
    (52.6, 10.1),
    (65.2, 10.6),
    (66.0, 11.5),
    (75.6, 10.1),
    (88.0, 12.1),
    (93.6, 5.4),
    (95.8, 27.8),
    (97.5, 1.5),
    (109.7, 14.9),
    (110.6, 12.2),
    (128.2, 17.5),
    (133.1, 22.5),
    (147.6, 18.9),
    (148.9, 13.3),
    (154.2, 5.1),
    (155.6, 6.4),
    (165.1, 8.7),
    (181.7, 27.0),
    (196.2, 14.2),
    (202.9, 6.4),
    (211.4, 8.4),
    (212.4, 46.9),
    (219.7, 8.0),
    (221.6, 8.7),
    (226.6, 6.7),
    (228.1, 6.3),
    (232.5, 5.4),
]
HANG = 20.0


def mixed(students, chance):
    return [TIMES[chance.choices([*TIMES], [60, 30, 10])[0]] * chance.uniform(0.8, 1.25) for _ in range(students)]


def as_recorded(students, chance):
    return [chance.choice(RECORDED) for _ in range(students)]


def graded(seconds, workers, known=0, start=0.0):
    """When each result comes, how long it took, and whether anybody was asked: as workers on one queue give them.

    ``known`` come first, in no time. Between their first results the workers work something out, ``start`` seconds each time.
    """
    free = [3.0] * workers  # they start
    came = [(0.001 * number, 0.0, False) for number in range(known)]
    for number, took in enumerate(seconds):
        worker = free.index(min(free))
        free[worker] += took + (start if 0 < number < 12 else 0.0)
        came.append((free[worker], took, True))
    return sorted(came)


def estimates(came):
    """For each result: when it came, and the estimate then."""
    now = [0.0]
    pace = Pace(len(came), lambda: now[0])
    for at, took, asked in came:
        now[0] = at
        pace.result(took, by_worker=asked)
        yield at, pace.left()


def wrong_by(came, end=None):
    """The largest error, as a share, from a tenth of those that were asked to four fifths of the class."""
    known = sum(not asked for _, _, asked in came)
    end = end or came[-1][0]
    counted = list(estimates(came))[known + (len(came) - known) // 10 : len(came) * 4 // 5]
    return max(abs(left / (end - at) - 1) for at, left in counted)


@pytest.mark.parametrize("workers", [1, 2, 8])
@pytest.mark.parametrize("known", [0, 300])
@pytest.mark.parametrize("seconds", [mixed, as_recorded])
@pytest.mark.parametrize("seed", range(3))
def test_the_time_left_is_right_after_a_tenth(workers, known, seconds, seed):
    came = graded(seconds(600, random.Random(seed)), workers, known)
    assert wrong_by(came) <= 0.25


@pytest.mark.parametrize("workers", [1, 2])
@pytest.mark.parametrize("seed", range(3))
def test_hangs_at_the_beginning_are_not_taken_for_all(workers, seed):
    seconds = mixed(300, random.Random(seed))
    seconds[0] = seconds[3] = HANG
    assert wrong_by(graded(seconds, workers)) <= 0.25


@pytest.mark.parametrize("workers", [1, 2, 8])
def test_a_hang_at_the_end_leaves_the_estimates_before_it_right(workers):
    seconds = mixed(300, random.Random(0))
    without = graded(seconds, workers)[-1][0]
    assert wrong_by(graded([*seconds[:-1], HANG], workers), without) <= 0.25


@pytest.mark.parametrize("workers", [1, 2])
def test_hangs_throughout_are_counted(workers):
    seconds = mixed(600, random.Random(0))
    seconds[::10] = [HANG] * 60
    came = list(estimates(graded(seconds, workers)))
    at, left = came[300]
    assert left == pytest.approx(came[-1][0] - at, rel=0.25)


@pytest.mark.parametrize("workers", [1, 2])
def test_a_slow_start_is_not_taken_for_the_rest(workers):
    assert wrong_by(graded(mixed(300, random.Random(0)), workers, start=1.0)) <= 0.25


def test_a_recorded_class_of_thirty_six():
    came = [(at, took, True) for at, took in CAME]
    at, left = list(estimates(came))[len(came) // 10]
    assert left == pytest.approx(came[-1][0] - at, rel=0.25)


@given(
    st.lists(st.tuples(st.sampled_from([0.0, 0.01, 0.3, 5.0, 120.0]), st.floats(0, 30), st.booleans()), min_size=1),
    st.integers(0, 50),
)
@settings(max_examples=150, deadline=None)
def test_it_never_jumps_up_by_more_than_half(results, more):
    """Whatever comes, in whatever order, also where more or fewer come than were counted."""
    now, last = [0.0], None
    pace = Pace(len(results) - 5 + more, lambda: now[0])
    for took, gap, asked in results:
        now[0] += gap
        pace.result(took, by_worker=asked)
        for wait in (0.0, 0.5):
            now[0] += wait
            left = pace.left()
            assert left is None or left >= 0
            assert last is None or left <= MOST_MORE * last + 1e-9
            last = left


def test_nothing_is_estimated_before_anybody_was_asked():
    now = [0.0]
    pace = Pace(10, lambda: now[0])
    pace.result(0.0, by_worker=False)
    assert pace.left() is None and pace.rate == 0
    now[0] = 5.0
    pace.result(2.0, by_worker=True)
    assert (pace.left(), pace.rate) == (16.0, 0.5)
    now[0] = 60.0
    assert pace.left() == 14.0, "one that takes long is not taken for all"
