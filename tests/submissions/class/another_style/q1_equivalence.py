"""Question 1 by asking torch itself: the matrix of a convolution is what it makes of every one-pixel image."""

import numpy as np
import torch
from torch.nn import functional


def linear_parameters(in_features, out_features, bias=True):
    if min(in_features, out_features) < 1:
        raise ValueError("sizes start at 1")
    return sum(p.numel() for p in torch.nn.Linear(in_features, out_features, bias).parameters())


def conv_from_linear(weight, bias, image_shape):
    weight = torch.as_tensor(weight, dtype=torch.float32)  # single precision, as torch's layers have it
    if weight.ndim != 2 or weight.shape[1] != np.prod(image_shape) or len(bias) != len(weight) or min(image_shape) < 1:
        raise ValueError("the shapes do not fit")
    return [weight.reshape(-1, *image_shape), bias.tolist()]


def linear_from_conv(weight, bias, image_shape, stride=1, padding=0):
    weight = torch.as_tensor(weight)
    if bias.shape != (len(weight),):
        raise ValueError("one bias a filter")
    if min(image_shape) < 1:
        raise ValueError("no image")
    pixels = torch.eye(int(np.prod(image_shape)), dtype=weight.dtype).reshape(-1, *image_shape)
    try:
        columns = functional.conv2d(pixels, weight, None, stride, padding)
    except RuntimeError as error:
        raise ValueError(str(error)) from error
    return columns.flatten(1).T, bias.repeat(columns[0, 0].numel())
