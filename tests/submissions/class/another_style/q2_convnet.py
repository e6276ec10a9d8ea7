"""Question 2 by asking torch itself, on the meta device: nothing is computed."""

import numpy as np
import torch
from torch import nn
from torch.nn import functional


def pair(value: int | tuple[int, int], least: int) -> tuple[int, int]:
    """``value`` as (height, width). Raises ValueError where a component is no whole number of at least ``least``."""
    both = tuple(value) if isinstance(value, (tuple, list)) else (value, value)
    if len(both) != 2:
        raise ValueError(f"{value!r} is no int and no (height, width) pair")
    return whole(both[0], least), whole(both[1], least)


def whole(value: int, least: int = 1) -> int:
    """``value`` itself. Raises ValueError where it is no whole number of at least ``least``."""
    if isinstance(value, bool) or not hasattr(value, "__index__") or value.__index__() < least:
        raise ValueError(f"{value!r} is no whole number of at least {least}")
    return value.__index__()


def _mod(make, x):
    try:
        m = make().to("meta")
        return m(torch.empty(x, device="meta")).shape
    except (RuntimeError, TypeError) as e:
        raise ValueError(str(e)) from e


def _two(v):
    return [v, v] if isinstance(v, int) else list(v)


def _positive(*vs):
    for v in vs:
        if any(x < 1 for x in _two(v)):
            raise ValueError("below 1")


def conv2d_output_size(size, kernel_size, stride=1, padding=0, dilation=1):
    _positive(size, kernel_size, stride, dilation)
    if min(_two(padding)) < 0:
        raise ValueError("padding")
    h, w = _two(size)
    return list(_mod(lambda: nn.Conv2d(1, 1, kernel_size, stride, padding, dilation), (1, 1, h, w))[2:])


def pool2d_output_size(size, kernel_size, stride=None, padding=0, ceil_mode=False):
    _positive(size, kernel_size, *([] if stride is None else [stride]))
    if min(_two(padding)) < 0:
        raise ValueError("padding")
    h, w = _two(size)
    return np.array(_mod(lambda: nn.MaxPool2d(kernel_size, stride, padding, ceil_mode=ceil_mode), (1, 1, h, w))[2:])


def conv2d_parameters(in_channels, out_channels, kernel_size, groups=1, bias=True):
    _positive(in_channels, out_channels, kernel_size, groups)
    return sum(p.numel() for p in nn.Conv2d(in_channels, out_channels, kernel_size, groups=groups, bias=bias).parameters())


KEYS = {
    "conv": "kind out_channels kernel_size stride padding dilation groups bias",
    "maxpool": "kind kernel_size stride padding ceil_mode",
    "avgpool": "kind kernel_size stride padding ceil_mode",
    "relu": "kind",
    "batchnorm": "kind",
}


def _checked(layer):
    if layer.get("kind") not in KEYS or set(layer) - set(KEYS[layer["kind"]].split()):
        raise ValueError(layer)
    if any(key in KEYS[layer["kind"]] and key not in layer for key in ("out_channels", "kernel_size")):
        raise ValueError(layer)
    _positive(
        *(
            layer[key]
            for key in ("out_channels", "kernel_size", "stride", "dilation", "groups")
            if layer.get(key) is not None
        )
    )
    if min(_two(layer.get("padding", 0))) < 0:
        raise ValueError(layer)


def _layers(channels, layers):
    made = []
    for layer in layers:
        _checked(layer)
        layer = dict(layer)
        kind = layer.pop("kind")
        try:
            if kind == "conv":
                _positive(layer["out_channels"], layer["kernel_size"], layer.get("stride", 1), layer.get("dilation", 1))
                made.append(nn.Conv2d(channels, **layer))
                channels = layer["out_channels"]
            elif kind in ("maxpool", "avgpool"):
                _positive(layer["kernel_size"], layer.get("stride", None) or 1)
                made.append((nn.MaxPool2d if kind == "maxpool" else nn.AvgPool2d)(**layer))
            elif kind == "relu":
                made.append(nn.ReLU(**layer))
            elif kind == "batchnorm":
                made.append(nn.BatchNorm2d(channels, **layer))
            else:
                raise ValueError(kind)
        except TypeError as e:
            raise ValueError(str(e)) from e
    return nn.Sequential(*made)


def stack_output_shape(image_shape, layers):
    _positive(list(image_shape))
    return _mod(lambda: _layers(image_shape[0], layers).eval(), (1, *image_shape))[1:]


def stack_parameters(in_channels, layers):
    _positive(in_channels)
    return float(sum(p.numel() for p in _layers(in_channels, layers).parameters()))


def head_parameters(feature_shape, num_classes, pooling="flatten"):
    c, h, w = feature_shape
    _positive(c, h, w, num_classes)
    if pooling not in ("flatten", "gap"):
        raise ValueError
    return np.int64(num_classes) * (c * (h * w if pooling == "flatten" else 1) + 1)


def receptive_field(layers):
    r = np.array([1, 1])
    j = np.array([1, 1])
    for layer in layers:
        _checked(layer)
        if "kernel_size" not in layer:
            continue
        k = np.array(_two(layer["kernel_size"]))
        s = np.array(
            _two(
                layer.get("stride")
                or (
                    1
                    if layer["kind"] == "conv" and layer.get("stride") is None
                    else layer.get("stride", layer["kernel_size"])
                )
            )
        )
        d = np.array(_two(layer.get("dilation", 1)))
        if min(*k, *s, *d) < 1:
            raise ValueError
        r = r + (k - 1) * d * j
        j = j * s
    return tuple(r)


class ConvNet(nn.Module):
    def __init__(self, num_classes=10, pooling="flatten"):
        super().__init__()
        if pooling not in ("flatten", "gap"):
            raise ValueError(pooling)
        _positive(num_classes)
        self.w1 = nn.Parameter(torch.randn(16, 3, 5, 5) * 0.1)
        self.b1 = nn.Parameter(torch.zeros(16))
        self.w2 = nn.Parameter(torch.randn(16, 16, 5, 5) * 0.1)
        self.b2 = nn.Parameter(torch.zeros(16))
        self.w3 = nn.Parameter(torch.randn(16, 16, 5, 5) * 0.1)
        self.b3 = nn.Parameter(torch.zeros(16))
        self.pooling = pooling
        self.fc = nn.Linear(4096 if pooling == "flatten" else 16, num_classes)

    def forward(self, x):
        for w, b in ((self.w1, self.b1), (self.w2, self.b2), (self.w3, self.b3)):
            x = functional.max_pool2d(functional.relu(functional.conv2d(x, w, b, padding=2)), 2)
        x = x.mean((2, 3)) if self.pooling == "gap" else x.flatten(1)
        return self.fc(x)
