"""Question 1: boxes."""

from __future__ import annotations

from functools import cache

import torch
from torch import nn

_LEAST = 1  # private: not for students


# A comment that tells how the solution works.
@cache
def area(height: int, width: int = 4) -> int:
    """Pixels of an image. Raises ValueError for sizes below 1."""
    return _whole(height) * _whole(width)  # height times width


def volume(height: int, width: int, channels: int) -> int:
    """Values of several channels. Raises ValueError for sizes below 1."""
    return area(height, width) * _whole(channels)


def _whole(size: int) -> int:
    if size < _LEAST:
        raise ValueError(f"{size} is below 1")
    return size


class Scale(nn.Module):
    """Multiplies its input by one learnable number, ``factor`` at first."""

    kind = "a class attribute of the solution"

    def __init__(self, factor: float = 1.0):
        super().__init__()
        self.factor = nn.Parameter(torch.tensor([factor]))

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        """Any shape to the same shape."""
        return self._scaled(x)

    def _scaled(self, x: torch.Tensor) -> torch.Tensor:
        return self.factor * x
