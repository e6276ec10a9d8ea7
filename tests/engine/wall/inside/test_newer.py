"""Which newer Python accepts a source that this one refuses."""

import pytest

from autograder.wall.inside.newer import OLDEST, accepting


@pytest.mark.parametrize(
    "source, version",
    [
        ("def f[T](x: T) -> T:\n    return x\n", OLDEST),
        ("type Pair = tuple[int, int]\n", OLDEST),
        ("def f[T = int](x: T) -> T:\n    return x\n", "3.13"),
        ("def f(:\n", ""),
        ("x = (1\n", ""),
        ("\x00", ""),
    ],
)
def test_the_oldest_that_accepts_it_is_named_and_none_where_none_does(source, version):
    assert accepting(source) == version
