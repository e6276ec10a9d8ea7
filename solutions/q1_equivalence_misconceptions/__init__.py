"""Wrong answers that people give to question 1: a linear layer and a convolution that do the same.

A module for each asked function, a table in each. This one holds where the ideas were met.
"""

LINEAR = "https://docs.pytorch.org/docs/stable/generated/torch.nn.Linear.html"
CONV = "https://docs.pytorch.org/docs/stable/generated/torch.nn.Conv2d.html"
FLATTEN = "https://docs.pytorch.org/docs/stable/generated/torch.flatten.html"
TILE = "https://numpy.org/doc/stable/reference/generated/numpy.tile.html"
CS231N = "https://cs231n.github.io/convolutional-networks/"  # "Converting FC layers to CONV layers", "Zero-padding"


def pair(value):
    return tuple(value) if isinstance(value, tuple | list) else (value, value)
