"""Witnesses of question 3: U-Net in PyTorch, padded or as in the paper."""

from __future__ import annotations

import torch
from torch import nn


def double_conv(in_channels: int, out_channels: int, padding: int = 1, device: str = "meta") -> nn.Sequential:
    return nn.Sequential(
        nn.Conv2d(in_channels, out_channels, 3, padding=padding, device=device),
        nn.ReLU(),
        nn.Conv2d(out_channels, out_channels, 3, padding=padding, device=device),
        nn.ReLU(),
    )


def encoder(levels: int) -> nn.Sequential:
    """What an encoder with padded convolutions does to the size of an image: pooling alone."""
    return nn.Sequential(*(nn.MaxPool2d(2) for _ in range(levels)))


class PaperUNet(nn.Module):
    """Ronneberger, Fischer and Brox 2015; ``padding=0`` is theirs, with skips cropped at their middle."""

    def __init__(self, in_channels: int, num_classes: int, base: int = 64, levels: int = 4, padding: int = 0, device="meta"):
        super().__init__()
        self.first = double_conv(in_channels, base, padding, device)
        self.down, self.rise, self.up = nn.ModuleList(), nn.ModuleList(), nn.ModuleList()
        for level in range(levels):
            narrow, wide = base * 2**level, base * 2 ** (level + 1)
            self.down.append(nn.Sequential(nn.MaxPool2d(2), double_conv(narrow, wide, padding, device)))
            self.rise.insert(0, nn.ConvTranspose2d(wide, narrow, 2, 2, device=device))
            self.up.insert(0, double_conv(wide, narrow, padding, device))
        self.final = nn.Conv2d(base, num_classes, 1, device=device)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        held = [self.first(x)]
        for down in self.down:
            held.append(down(held[-1]))
        x = held.pop()
        for rise, up in zip(self.rise, self.up, strict=True):
            x = rise(x)
            x = up(torch.cat([_middle(held.pop(), x.shape[2:]), x], dim=1))
        return self.final(x)

    def bottom(self, x: torch.Tensor) -> torch.Tensor:
        """What the lowest level gives."""
        x = self.first(x)
        for down in self.down:
            x = down(x)
        return x


def _middle(x: torch.Tensor, size: torch.Size) -> torch.Tensor:
    top, left = ((have - want) // 2 for have, want in zip(x.shape[2:], size, strict=True))
    return x[:, :, top : top + size[0], left : left + size[1]]
