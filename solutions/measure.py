"""Measuring a PyTorch module: its parameters, its output's shape, its receptive field. Nothing is taken from a formula."""

from __future__ import annotations

import copy

import torch
from torch import nn


def parameter_count(module: nn.Module) -> int:
    """Number of learnable values, each counted once."""
    return sum(parameter.numel() for parameter in module.parameters())


def output_shape(module: nn.Module, input_shape: tuple[int, ...]) -> tuple[int, ...]:
    """The shape (without batch) of what a module makes of an input of ``input_shape`` (without batch).

    Run on the meta device: shapes are worked out by torch itself, no number is.
    """
    with torch.device("meta"):
        image = torch.empty(1, *input_shape)
    return tuple(copy.deepcopy(module).to("meta").eval()(image).shape[1:])


def receptive_field(module: nn.Module, input_shape: tuple[int, int, int]) -> tuple[int, int]:
    """(height, width), in input pixels, of the window that reaches the output value in the middle, by its gradient.

    A window with holes (dilation) counts from its first pixel to its last. ``input_shape`` is (channels, height,
    width), large enough that the window touches no edge. All weights are made positive and everything is in double
    precision, so that no gradient cancels or rounds to zero. Max pooling is replaced by average pooling: it passes a
    gradient to the largest value only, while the output can depend on its whole window.
    """
    positive = _averaging(nn.Sequential(copy.deepcopy(module))).double().eval()
    with torch.no_grad():
        for parameter in positive.parameters():
            parameter.copy_(parameter.abs() + 1.0)
    image = torch.ones(1, *input_shape, dtype=torch.float64, requires_grad=True)
    output = positive(image)
    (gradient,) = torch.autograd.grad(output[0, 0, output.shape[2] // 2, output.shape[3] // 2], image)
    reached = gradient[0].sum(0) > 0
    return _extent(reached.any(dim=1)), _extent(reached.any(dim=0))


def _extent(reached: torch.Tensor) -> int:
    places = reached.nonzero()
    return int(places[-1] - places[0]) + 1


def _averaging(module: nn.Module) -> nn.Module:
    for name, child in module.named_children():
        if isinstance(child, nn.MaxPool2d):
            setattr(module, name, nn.AvgPool2d(child.kernel_size, child.stride, child.padding, child.ceil_mode))
        else:
            _averaging(child)
    return module
