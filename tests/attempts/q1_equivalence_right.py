"""Right answers to question 1 in other forms than the reference's."""

import numpy as np
import torch

from autograder.course.author import right
from solutions import q1_equivalence as known


@right("linear_parameters")
def of_torch(in_features, out_features, bias=True):
    if in_features < 1 or out_features < 1:
        raise ValueError("sizes")
    return sum(p.numel() for p in torch.nn.Linear(in_features, out_features, bias, device="meta").parameters())


@right("linear_parameters")
def as_a_whole_float(in_features, out_features, bias=True):
    return float(known.linear_parameters(in_features, out_features, bias))


@right("conv_from_linear")
def as_tensors(weight, bias, image_shape):
    made, offset = known.conv_from_linear(weight, bias, image_shape)
    return torch.tensor(made), torch.tensor(offset)


@right("conv_from_linear")
def as_nested_lists(weight, bias, image_shape):
    made, offset = known.conv_from_linear(weight, bias, image_shape)
    return [made.tolist(), offset.tolist()]


@right("conv_from_linear")
def biases_counted_whatever_their_shape(weight, bias, image_shape):
    if len(bias) != len(weight):
        raise ValueError("one bias an output")
    return known.conv_from_linear(weight, np.ravel(bias), image_shape)


@right("linear_from_conv")
def biases_counted(weight, bias, image_shape, stride=1, padding=0):
    if len(bias) != len(weight):
        raise ValueError("one bias a filter")
    return known.linear_from_conv(weight, np.ravel(bias), image_shape, stride, padding)


@right("linear_from_conv")
def in_single_precision(weight, bias, image_shape, stride=1, padding=0):
    made, offset = known.linear_from_conv(weight, bias, image_shape, stride, padding)
    return made.astype(np.float32), offset.astype(np.float32)


@right("linear_from_conv")
def by_unit_images(weight, bias, image_shape, stride=1, padding=0):
    """Each column is what the convolution makes of one lit pixel."""
    known.linear_from_conv(weight, bias, image_shape, stride, padding)
    units = torch.eye(int(np.prod(image_shape)), dtype=torch.float64).reshape(-1, *image_shape)
    columns = torch.nn.functional.conv2d(units, torch.tensor(weight).double(), None, stride, padding)
    return columns.flatten(1).T, np.repeat(bias, columns[0, 0].numel())
