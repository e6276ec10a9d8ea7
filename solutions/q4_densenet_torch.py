"""Witnesses of question 4: DenseNet in PyTorch, with the layers and the order of the paper and of torchvision's model."""

from __future__ import annotations

import torch
from torch import nn


def _norm_relu_conv(into: int, out: int, kernel: int, device: str) -> list[nn.Module]:
    conv = nn.Conv2d(into, out, kernel, padding=kernel // 2, bias=False, device=device)
    return [nn.BatchNorm2d(into, device=device), nn.ReLU(), conv]


class Concatenating(nn.Module):
    """A dense block: each layer sees everything before it. ``widths`` are the maps each layer gives."""

    def __init__(self, in_channels: int, widths: list[int], bottleneck: bool = False, device: str = "meta"):
        super().__init__()
        self.layers, self.inputs = nn.ModuleList(), []
        channels = in_channels
        for width in widths:
            self.inputs.append(channels)
            middle = _norm_relu_conv(channels, 4 * width, 1, device) if bottleneck else []
            last = _norm_relu_conv(4 * width if bottleneck else channels, width, 3, device)
            self.layers.append(nn.Sequential(*middle, *last))
            channels += width

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        for layer in self.layers:
            x = torch.cat([x, layer(x)], dim=1)
        return x


def densenet(growth, blocks, init, classes=1000, compression=0.5, bottleneck=True, stem="imagenet", device="meta"):
    """The whole network as a Sequential."""
    if stem == "imagenet":
        first = nn.Conv2d(3, init, 7, 2, 3, bias=False, device=device)
        modules = [first, nn.BatchNorm2d(init, device=device), nn.ReLU(), nn.MaxPool2d(3, 2, 1)]
    else:
        modules = [nn.Conv2d(3, init, 3, padding=1, bias=False, device=device)]
    channels = init
    for number, layers in enumerate(blocks):
        if number:
            kept = int(channels * compression)
            modules += [*_norm_relu_conv(channels, kept, 1, device), nn.AvgPool2d(2)]
            channels = kept
        modules.append(Concatenating(channels, [growth] * layers, bottleneck, device))
        channels += layers * growth
    modules += [nn.BatchNorm2d(channels, device=device), nn.ReLU(), nn.AdaptiveAvgPool2d(1), nn.Flatten()]
    return nn.Sequential(*modules, nn.Linear(channels, classes, device=device))
