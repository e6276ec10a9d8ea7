"""The shapes of a module's weights are told without the weights, and as they are."""

import pytest
import torch
from torch import nn

from autograder.wall.shared.shapes import shapes


class Looking(nn.Module):
    """It looks at a value while it is made, which a tensor without values has not."""

    def __init__(self, width):
        super().__init__()
        self.scale = nn.Parameter(torch.ones(width))
        if self.scale.sum().item() != width:
            raise ValueError
        self.last = nn.Linear(width, 2)


def test_they_are_those_of_the_module():
    assert (
        shapes(nn.Conv2d, 3, 16, 5)
        == [[16], [16, 3, 5, 5]]
        == sorted(map(list, (p.shape for p in nn.Conv2d(3, 16, 5).parameters())))
    )
    assert shapes(nn.Linear, 4, 2, bias=False) == [[2, 4]]


def test_no_memory_is_set_aside():
    assert shapes(nn.Linear, 1 << 20, 1 << 20) == [[1 << 20], [1 << 20, 1 << 20]], "four terabytes"


def test_what_needs_values_is_made_as_usual():
    assert shapes(Looking, 3) == [[2], [2, 3], [3]]


def test_what_making_it_raises_is_raised_and_what_is_no_module_has_none():
    with pytest.raises(ValueError):
        shapes(lambda: int("x"))
    with pytest.raises(TypeError, match=r"int is no torch\.nn\.Module"):
        shapes(lambda: 3)
