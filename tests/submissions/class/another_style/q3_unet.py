"""Question 3: U-Net, the sizes along its two arms and its parameters.

Source of the network: Ronneberger, Fischer and Brox, "U-Net: Convolutional Networks for Biomedical Image Segmentation",
2015. ``levels`` counts the times the encoder halves the image.

پرسش ۳: شبکهٔ U-Net، اندازه‌ها در دو بازوی آن و پارامترهایش. ``levels`` شمار دفعه‌هایی است که رمزگذار تصویر را نصف می‌کند.
"""

from __future__ import annotations

import torch
from torch import nn

from q2_convnet import pair, whole
from q2_convnet import conv2d_output_size, conv2d_parameters


def bottleneck_shape(image_size: int | tuple[int, int], levels: int = 4) -> tuple[int, int]:
    """The (height, width) at the bottom of an encoder that halves the image ``levels`` times by 2×2 max pooling.

    Convolutions are padded and change no size; an odd size is halved as ``torch.nn.MaxPool2d(2)`` halves it. Raises
    ValueError for values below 1 and where nothing would be left.

    ‏(ارتفاع، پهنا) در پایین رمزگذاری که تصویر را ``levels`` بار با ادغام بیشینهٔ 2×2 نصف می‌کند. پیچش‌ها پد دارند و اندازه را تغییر نمی‌دهند؛
    اندازهٔ فرد همان‌گونه نصف می‌شود که ``torch.nn.MaxPool2d(2)`` نصف می‌کند. برای مقدار کمتر از ۱ و جایی که چیزی نمی‌ماند ValueError بدهید.
    """
    height, width = (size >> whole(levels) for size in pair(image_size, 1))
    if height < 1 or width < 1:
        raise ValueError(f"an image of {image_size} cannot be halved {levels} times")
    return height, width


def double_conv_parameters(in_channels: int, out_channels: int, kernel_size: int | tuple[int, int] = 3) -> int:
    """Number of learnable values of the two convolutions of one level, both with bias.

    The first takes ``in_channels`` to ``out_channels``, the second keeps them. Raises ValueError for values below 1.

    شمار مقدارهای یادگرفتنی دو پیچشِ یک سطح، هر دو با بایاس. پیچش نخست ``in_channels`` را به ``out_channels`` می‌رساند و دومی همان را نگه
    می‌دارد. برای مقدار کمتر از ۱ ValueError بدهید.
    """
    first = conv2d_parameters(in_channels, out_channels, kernel_size)
    return first + conv2d_parameters(out_channels, out_channels, kernel_size)


def unet_output_size(image_size: int | tuple[int, int], levels: int = 4) -> tuple[int, int]:
    """The (height, width) of the original U-Net's output: 3×3 convolutions without padding, two a level on both arms.

    Down: two convolutions, 2×2 max pooling. Up: 2×2 transposed convolution with stride 2, two convolutions; skips are
    cropped. Raises ValueError for values below 1, where a size to be pooled is odd, and where nothing would be left.

    ‏(ارتفاع، پهنا)ی خروجی U-Net اصلی: پیچش‌های 3×3 بدون پد، دو تا در هر سطحِ هر بازو. پایین: دو پیچش، ادغام بیشینهٔ 2×2. بالا: پیچش
    ترانهادهٔ 2×2 با گام ۲، دو پیچش؛ اتصال‌های پرشی بریده می‌شوند. برای مقدار کمتر از ۱، اندازهٔ فرد پیش از ادغام، و جایی که چیزی نمی‌ماند
    ValueError بدهید.
    """
    sizes, depth = pair(image_size, 1), whole(levels)
    for _ in range(depth):
        sizes = _two_convolutions(sizes)
        if any(size % 2 for size in sizes):
            raise ValueError(f"a size of {sizes} cannot be halved: the skip would not fit")
        sizes = tuple(size // 2 for size in sizes)
    sizes = _two_convolutions(sizes)
    for _ in range(depth):
        sizes = _two_convolutions(tuple(2 * size for size in sizes))
    return sizes


def _two_convolutions(sizes: tuple[int, int]) -> tuple[int, int]:
    return conv2d_output_size(conv2d_output_size(sizes, 3), 3)


def unet_parameters(in_channels: int, num_classes: int, base_channels: int = 64, levels: int = 4) -> int:
    """Number of learnable values of the whole U-Net; every convolution has a bias.

    The first level has ``base_channels`` channels, each deeper one twice as many. Up: a 2×2 transposed convolution that
    halves the channels, the skip concatenated, two 3×3 convolutions. Last, a 1×1 convolution to ``num_classes``. Raises
    ValueError for values below 1.

    شمار مقدارهای یادگرفتنی کل U-Net؛ هر پیچش بایاس دارد. سطح نخست ``base_channels`` کانال دارد و هر سطح ژرف‌تر دو برابر. بالا: پیچش
    ترانهادهٔ 2×2 که کانال‌ها را نصف می‌کند، الحاقِ اتصال پرشی، دو پیچش 3×3. در پایان پیچش 1×1 به ``num_classes``. برای مقدار کمتر از ۱
    ValueError بدهید.
    """
    widths = [whole(base_channels) << level for level in range(whole(levels) + 1)]
    down = sum(map(double_conv_parameters, [in_channels, *widths], widths))
    up = sum(
        conv2d_parameters(deep, shallow, 2) + double_conv_parameters(2 * shallow, shallow)
        for shallow, deep in zip(widths, widths[1:], strict=False)
    )
    return down + up + conv2d_parameters(base_channels, num_classes, 1)


class Double(nn.Module):
    def __init__(self, i, o):
        super().__init__()
        self.second = nn.Conv2d(o, o, 3, padding=1)
        self.first = nn.Conv2d(i, o, 3, padding=1)

    def forward(self, x):
        return torch.relu(self.second(torch.relu(self.first(x))))


class Level(nn.Module):
    """A level with all that is below it."""

    def __init__(self, i, o, levels):
        super().__init__()
        self.inner = Level(o, 2 * o, levels - 1) if levels > 1 else Double(o, 2 * o)
        self.up = nn.ConvTranspose2d(2 * o, o, 2, stride=2)
        self.down = Double(i, o)
        self.dec = Double(2 * o, o)

    def forward(self, x):
        s = self.down(x)
        return self.dec(torch.cat([s, self.up(self.inner(nn.functional.max_pool2d(s, 2)))], dim=1))


class UNet(nn.Module):
    def __init__(self, in_channels, num_classes, base_channels=64, levels=4):
        super().__init__()
        if min(in_channels, num_classes, base_channels, levels) < 1:
            raise ValueError("sizes")
        self.body = Level(in_channels, base_channels, levels)
        self.last = nn.Conv2d(base_channels, num_classes, 1)

    def forward(self, x):
        return self.last(self.body(x))
