"""What is told of the time left is true within a quarter after a tenth of a class, and never makes a leap upwards."""

import random

import pytest

from autograder.cli.pace import MOST_MORE, Pace

TIMES = {"right": 0.3, "wrong": 0.4, "notebook": 0.8}


def course_of(students, workers, known, chance):
    """When each result comes, how long it took, and whether anybody was asked: as workers on one queue give them."""
    free = [3.0] * workers  # they start
    came = [(0.001 * number, 0.0, False) for number in range(known)]
    for _ in range(students - known):
        took = TIMES[chance.choices([*TIMES], [60, 30, 10])[0]] * chance.uniform(0.8, 1.25)
        worker = free.index(min(free))
        free[worker] += took
        came.append((free[worker], took, True))
    return sorted(came)


@pytest.mark.parametrize("workers", [1, 2, 8])
@pytest.mark.parametrize("known", [0, 300])
@pytest.mark.parametrize("seed", range(3))
def test_the_time_left_is_true_after_a_tenth(workers, known, seed):
    came = course_of(600, workers, known, random.Random(seed))
    now = [0.0]
    pace = Pace(600, lambda: now[0])
    told, end = [], came[-1][0]
    for done, (at, took, asked) in enumerate(came, 1):
        now[0] = at
        pace.result(took, by_worker=asked)
        left = pace.left()
        if left is not None:
            assert not told or left <= MOST_MORE * told[-1] + 1e-9
            told.append(left)
        if known + (600 - known) // 10 <= done <= 480:
            assert left == pytest.approx(end - at, rel=0.25)


def test_nothing_is_told_before_anybody_was_asked():
    now = [0.0]
    pace = Pace(10, lambda: now[0])
    pace.result(0.0, by_worker=False)
    assert pace.left() is None and pace.rate == 0
    now[0] = 5.0
    pace.result(2.0, by_worker=True)
    assert (pace.left(), pace.rate) == (16.0, 0.5)
    now[0] = 60.0
    assert pace.left() == 14.0, "one that takes long is not taken for all"
