"""Question 3: U-Net, the sizes along its two arms and its parameters.

Source of the network: Ronneberger, Fischer and Brox, "U-Net: Convolutional Networks for Biomedical Image Segmentation",
2015. ``levels`` counts the times the encoder halves the image.

پرسش ۳: شبکهٔ U-Net، اندازه‌ها در دو بازوی آن و پارامترهایش. ``levels`` شمار دفعه‌هایی است که رمزگذار تصویر را نصف می‌کند.
"""

from __future__ import annotations

import torch
from torch import nn

from solutions._checks import pair, whole
from solutions.q2_convnet import conv2d_output_size, conv2d_parameters


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
        height, width = _two_convolutions(sizes)
        if height % 2 or width % 2:
            raise ValueError(f"a size of {(height, width)} cannot be halved: the skip would not fit")
        sizes = height // 2, width // 2
    height, width = _two_convolutions(sizes)
    for _ in range(depth):
        height, width = _two_convolutions((2 * height, 2 * width))
    return height, width


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


class UNet(nn.Module):
    """U-Net with padded convolutions: ``(batch, in_channels, H, W)`` to ``(batch, num_classes, H, W)`` scores.

    H and W are multiples of ``2**levels``. Each level: twice (3×3 convolution, padding 1, bias; ReLU). Down: 2×2 max
    pooling. Up: ``ConvTranspose2d(kernel_size=2, stride=2)`` that halves the channels, no activation after it, then
    ``torch.cat([skip, up], dim=1)``, then a level. Last: 1×1 convolution with bias, nothing after it. Raises ValueError
    for arguments below 1.

    شبکهٔ U-Net با پیچش‌های پددار: ``(batch, in_channels, H, W)`` به ``(batch, num_classes, H, W)``. H و W مضرب ``2**levels`` هستند. هر سطح:
    دو بار (پیچش 3×3 با padding ۱ و بایاس؛ ReLU). پایین: ادغام بیشینهٔ 2×2. بالا: ``ConvTranspose2d(kernel_size=2, stride=2)`` که کانال‌ها را
    نصف می‌کند و پس از آن تابع فعال‌سازی نیست، سپس ``torch.cat([skip, up], dim=1)``، سپس یک سطح. در پایان پیچش 1×1 با بایاس و دیگر هیچ. برای
    آرگومان کمتر از ۱ ValueError بدهید.
    """

    def __init__(self, in_channels: int, num_classes: int, base_channels: int = 64, levels: int = 4):
        super().__init__()
        widths = [whole(base_channels) << level for level in range(whole(levels) + 1)]
        inputs = [whole(in_channels), *widths]
        self.down = nn.ModuleList(_level(into, out) for into, out in zip(inputs, widths, strict=False))
        pairs = list(zip(widths, widths[1:], strict=False))[::-1]
        self.rise = nn.ModuleList(nn.ConvTranspose2d(deep, shallow, 2, stride=2) for shallow, deep in pairs)
        self.up = nn.ModuleList(_level(2 * shallow, shallow) for shallow, _ in pairs)
        self.last = nn.Conv2d(base_channels, whole(num_classes), 1)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        skips = []
        for level in self.down[:-1]:
            x = level(x)
            skips.append(x)
            x = nn.functional.max_pool2d(x, 2)
        x = self.down[-1](x)
        for rise, level in zip(self.rise, self.up, strict=True):
            x = level(torch.cat([skips.pop(), rise(x)], dim=1))
        return self.last(x)


def _level(into: int, out: int) -> nn.Sequential:
    return nn.Sequential(nn.Conv2d(into, out, 3, padding=1), nn.ReLU(), nn.Conv2d(out, out, 3, padding=1), nn.ReLU())
