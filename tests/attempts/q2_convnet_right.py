"""Right answers to question 2 in other forms than the reference's."""

import functools
import operator

import numpy as np
import torch
from torch import nn
from torch.nn import functional
from torch.utils import checkpoint

from autograder.course.author import right
from solutions import q2_convnet as known


class Refused(ValueError):
    """A student's own kind of ValueError."""


@right("conv2d_output_size")
def with_an_error_of_its_own(size, kernel_size, stride=1, padding=0, dilation=1):
    try:
        return tuple(torch.Size(known.conv2d_output_size(size, kernel_size, stride, padding, dilation)))
    except ValueError as error:
        raise Refused(str(error)) from error


@right("pool2d_output_size")
def as_numpys_integers(size, kernel_size, stride=None, padding=0, ceil_mode=False):
    return np.array(known.pool2d_output_size(size, kernel_size, stride, padding, ceil_mode))


@right("stack_output_shape")
def as_a_list(image_shape, layers):
    return list(known.stack_output_shape(image_shape, layers))


@right("receptive_field")
def backwards(layers):
    """From the last layer to the first: a window of one value grows by what each layer sees."""
    known.receptive_field(layers)
    field = [1, 1]
    for layer in reversed(layers):
        if "kernel_size" not in layer:
            continue
        for axis in (0, 1):
            kernel, stride, dilation = (
                _along(value, axis) for value in (layer["kernel_size"], _stride(layer), layer.get("dilation", 1))
            )
            field[axis] = (field[axis] - 1) * stride + dilation * (kernel - 1) + 1
    return tuple(field)


def _stride(layer):
    default = layer["kernel_size"] if "pool" in layer["kind"] else 1
    return default if layer.get("stride") is None else layer["stride"]


def _along(value, axis):
    return value[axis] if isinstance(value, tuple) else value


# ---- ConvNet


def asked(num_classes, pooling):
    if num_classes < 1 or pooling not in ("flatten", "gap"):
        raise ValueError(f"{num_classes} classes, pooling {pooling!r}")
    return 4096 if pooling == "flatten" else 16


@right("ConvNet")
class HeadFirst(nn.Module):
    """Registered from the end to the beginning; one pooling for all."""

    def __init__(self, num_classes=10, pooling="flatten"):
        super().__init__()
        self.fc = nn.Linear(asked(num_classes, pooling), num_classes)
        self.conv3 = nn.Conv2d(16, 16, 5, padding="same")
        self.conv2 = nn.Conv2d(16, 16, 5, 1, 2)
        self.conv1 = nn.Conv2d(3, 16, 5, 1, 2)
        self.pool = nn.MaxPool2d(2, 2)
        self.gap = pooling == "gap"

    def forward(self, x):
        for conv in (self.conv1, self.conv2, self.conv3):
            x = self.pool(functional.relu(conv(x)))
        return self.fc(x.mean((2, 3)) if self.gap else x.flatten(1))


@right("ConvNet")
class BareParameters(nn.Module):
    """No layer of torch's; biases are registered before weights, and the weights in no order."""

    def __init__(self, num_classes=10, pooling="flatten"):
        super().__init__()
        features = asked(num_classes, pooling)
        self.biases = nn.ParameterList(nn.Parameter(torch.zeros(16)) for _ in range(3))
        self.score_bias = nn.Parameter(torch.zeros(num_classes))
        self.third = nn.Parameter(torch.randn(16, 16, 5, 5) / 20)
        self.first = nn.Parameter(torch.randn(16, 3, 5, 5) / 9)
        self.score = nn.Parameter(torch.randn(num_classes, features) / features)
        self.second = nn.Parameter(torch.randn(16, 16, 5, 5) / 20)
        self.pooling = pooling

    def forward(self, x):
        for weight, bias in zip((self.first, self.second, self.third), self.biases, strict=True):
            x = functional.max_pool2d(functional.conv2d(x, weight, padding=2) + bias.view(1, -1, 1, 1), 2).clamp_min(0)
        x = functional.adaptive_avg_pool2d(x, 1) if self.pooling == "gap" else x
        return torch.einsum("bi,oi->bo", x.reshape(len(x), -1), self.score) + self.score_bias


@right("ConvNet")
class OneSequence(nn.Sequential):
    """A subclass of Sequential, its ReLUs in place."""

    def __init__(self, num_classes=10, pooling="flatten"):
        features = asked(num_classes, pooling)
        blocks = [[nn.Conv2d(c, 16, 5, padding=2), nn.ReLU(inplace=True), nn.MaxPool2d(2)] for c in (3, 16, 16)]
        average = [nn.AdaptiveAvgPool2d((1, 1))] if pooling == "gap" else []
        super().__init__(
            *functools.reduce(operator.iadd, blocks, []), *average, nn.Flatten(), nn.Linear(features, num_classes)
        )


@right("ConvNet")
class InADict(nn.Module):
    """A ModuleDict out of order, with the asked head alone in it; each block is checkpointed."""

    def __init__(self, num_classes=10, pooling="flatten"):
        super().__init__()
        features = asked(num_classes, pooling)
        self.parts = nn.ModuleDict({"c": nn.Conv2d(16, 16, 5, padding=2), "a": nn.Conv2d(3, 16, 5, padding=2)})
        self.parts[pooling] = nn.Linear(features, num_classes)
        self.parts["b"] = nn.Conv2d(16, 16, 5, padding=2)
        self.pooling = pooling

    def forward(self, x):
        for name in "abc":
            x = checkpoint.checkpoint(self.block, self.parts[name], x, use_reentrant=False)
        return self.parts[self.pooling](x.mean(dim=(-2, -1)) if self.pooling == "gap" else torch.flatten(x, start_dim=1))

    def block(self, conv, x):
        return functional.max_pool2d(conv(x).relu(), 2)


@right("ConvNet")
class Scripted(nn.Module):
    """The blocks run outside Python, the last registered first."""

    def __init__(self, num_classes=10, pooling="flatten"):
        super().__init__()
        self.head = nn.Linear(asked(num_classes, pooling), num_classes)
        for number, channels in ((3, 16), (2, 16), (1, 3)):
            block = nn.Sequential(nn.Conv2d(channels, 16, 5, padding=2), nn.ReLU(), nn.MaxPool2d(2))
            setattr(self, f"block{number}", torch.jit.script(block))
        self.pooling = pooling

    def forward(self, x):
        x = self.block3(self.block2(self.block1(x)))
        return self.head(x.mean((2, 3)) if self.pooling == "gap" else x.flatten(1))


@right("ConvNet")
class ChannelsLast(nn.Module):
    """Another layout in memory, and the head of another size of module."""

    def __init__(self, num_classes=10, pooling="flatten"):
        super().__init__()
        head = nn.Linear(asked(num_classes, pooling), num_classes)
        self.net = nn.ModuleList([head, *(nn.Conv2d(c, 16, 5, padding=2) for c in (16, 16, 3))])
        self.pooling = pooling

    def forward(self, x):
        x = x.to(memory_format=torch.channels_last)
        for conv in list(self.net)[:0:-1]:
            x = nn.functional.relu(nn.functional.max_pool2d(conv(x), 2))
        x = x.mean((2, 3)) if self.pooling == "gap" else x.contiguous().view(x.size(0), -1)
        return self.net[0](x)
