"""Witnesses of question 2: the network built layer by layer in PyTorch, to be counted and measured."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Sequence

from torch import nn

BLOCKS = 3


def image(v) -> tuple[int, int, int]:
    """The shape of the question's images, in a variant with the parameters ``v``."""
    return 3, v.side, v.side


def conv(v) -> dict:
    return {"kind": "conv", "out_channels": v.filters, "kernel_size": v.kernel, "stride": 1, "padding": v.padding}


def block(v) -> list[dict]:
    return [conv(v), {"kind": "relu"}, {"kind": "maxpool", "kernel_size": 2, "stride": 2}]


def layers(v) -> list[dict]:
    """The layers of the three blocks."""
    return block(v) * BLOCKS


def stack(in_channels: int, layers: list[dict], device: str = "meta") -> nn.Sequential:
    """The layers of a description in torch's own argument names, as modules."""
    channels = in_channels
    modules: list[nn.Module] = []
    for layer in layers:
        options = {key: value for key, value in layer.items() if key != "kind"}
        match layer["kind"]:
            case "conv":
                modules.append(nn.Conv2d(channels, device=device, **options))
                channels = layer["out_channels"]
            case "maxpool":
                modules.append(nn.MaxPool2d(**options))
            case "avgpool":
                modules.append(nn.AvgPool2d(**options))
            case "batchnorm":
                modules.append(nn.BatchNorm2d(channels, device=device))
            case "relu":
                modules.append(nn.ReLU())
    return nn.Sequential(*modules)


def head(features: Sequence[int], pooling: str, classes: int, device: str = "meta") -> nn.Sequential:
    """A head on features (channels, height, width): flatten or global average pooling, then a linear layer."""
    channels, height, width = features
    squeeze = [nn.AdaptiveAvgPool2d(1)] if pooling == "gap" else []
    inputs = channels if pooling == "gap" else channels * height * width
    return nn.Sequential(*squeeze, nn.Flatten(), nn.Linear(inputs, classes, device=device))


def network(v, pooling: str, device: str = "meta") -> nn.Sequential:
    """The whole network of the question."""
    end = v.side // 2**BLOCKS
    features = (v.filters, end, end)
    parts = [("features", stack(3, layers(v), device)), ("head", head(features, pooling, v.classes, device))]
    return nn.Sequential(OrderedDict(parts))
