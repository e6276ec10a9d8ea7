"""A hand-in of the toy's question: the area is taken for the perimeter, the rest is right."""

import torch
from torch import nn


def area(height, width=4):
    if min(height, width) < 1:
        raise ValueError
    return 2 * (height + width)


def volume(height, width, channels):
    return height * width * channels


class Scale(nn.Module):
    def __init__(self, factor=1.0):
        super().__init__()
        self.weight = nn.Parameter(torch.tensor([factor]))

    def forward(self, x):
        return self.weight * x
