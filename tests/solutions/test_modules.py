"""What the hidden tests take for a module's right output."""

from __future__ import annotations

import numpy as np
import pytest

from tests.hidden.modules import close

WANT = np.arange(24.0).reshape(1, 2, 3, 4)


def test_the_same_array_is_close():
    assert close(WANT + 1e-12, WANT)


@pytest.mark.parametrize("shape", [(0, 2, 3, 4), (0, 1, 1, 1), (0,), (1, 1, 1, 1), (5, 2, 3, 4)])
def test_an_array_of_another_shape_is_not_however_numpy_stretches_it(shape):
    """numpy.allclose says of an empty array that all its values are close, and makes gigabytes of a column and a row."""
    assert not close(np.zeros(shape), WANT)


def test_what_is_no_array_is_not():
    for got in (None, 5.0, WANT.tolist()):
        assert not close(got, WANT)
