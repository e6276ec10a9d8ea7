"""Witnesses of question 1: torch's own linear layer and convolution."""

from __future__ import annotations

from torch import nn


def linear(in_features: int, out_features: int, bias: bool = True) -> nn.Linear:
    return nn.Linear(in_features, out_features, bias, device="meta")


def whole_image_conv(channels: int, filters: int, size: int) -> nn.Conv2d:
    """A convolution whose kernel is as large as the image."""
    return nn.Conv2d(channels, filters, size, device="meta")
