"""When an answer is the right one."""

import numpy as np
import pytest

from autograder.marking.compare import same


@pytest.mark.parametrize("row", [[5, 6], (5.0, 6.0), np.array([5, 6]), np.array([5.0, 6.0], dtype=np.float32)])
def test_a_row_of_numbers_stands_for_a_tuple_whatever_holds_it(row):
    assert same(row, (5, 6)) and not same(row, (5, 7)) and not same(row, (5, 6, 7)) and not same(row, 5)


@pytest.mark.parametrize("no_row", [np.array([[5, 6]]), np.array(["5", "6"]), np.array([5 + 0j, 6]), np.array([True, True])])
def test_what_is_no_row_of_numbers_does_not(no_row):
    assert not same(no_row, (5, 6)) and not same(no_row, (1, 1))
