"""Question 4: DenseNet, the channels a dense block holds and the parameters of the whole network.

Source of the network: Huang, Liu, van der Maaten and Weinberger, "Densely Connected Convolutional Networks", 2017. Its
convolutions have no bias, each batch normalisation has a scale and a shift for every channel.

‏پرسش ۴: شبکهٔ DenseNet، کانال‌هایی که یک بلوک چگال در خود دارد و پارامترهای کل شبکه.
‏پیچش‌های آن بایاس ندارند و هر نرمال‌سازی دسته‌ای برای هر کانال یک مقیاس و یک جابه‌جایی دارد.
"""

from __future__ import annotations

import torch
from torch import nn


def dense_layer_input_channels(in_channels: int, growth_rate: int, layer: int) -> int:
    """Channels that layer number ``layer`` (counted from 1) of a dense block receives.

    The block is given ``in_channels`` channels, each of its layers adds ``growth_rate``. Raises ValueError for values
    below 1.

    ‏شمار کانال‌هایی که لایهٔ شمارهٔ ‎``layer``‎ (از ۱) در یک بلوک چگال می‌گیرد.
    ‏به بلوک ‎``in_channels``‎ کانال داده می‌شود و هر لایه ‎``growth_rate``‎ کانال می‌افزاید.
    ‏برای مقدار کمتر از ۱ ValueError بدهید.
    """
    raise NotImplementedError


def dense_block_output_channels(in_channels: int, growth_rate: int, num_layers: int) -> int:
    """Channels that a dense block of ``num_layers`` layers holds at its end, everything concatenated.

    Raises ValueError for values below 1.

    ‏شمار کانال‌های پایان یک بلوک چگال با ‎``num_layers``‎ لایه، پس از الحاق همه.
    ‏برای مقدار کمتر از ۱ ValueError بدهید.
    """
    raise NotImplementedError


def dense_block_parameters(in_channels: int, growth_rate: int, num_layers: int, bottleneck: bool = False) -> int:
    """Number of learnable values of a dense block.

    A layer is BN-ReLU-Conv3×3; with ``bottleneck`` it is BN-ReLU-Conv1×1 to 4·growth_rate channels, BN-ReLU-Conv3×3.
    Raises ValueError for values below 1.

    ‏شمار مقدارهای یادگرفتنی یک بلوک چگال.
    ‏هر لایه BN-ReLU-Conv‎3×3‎ است؛
    ‏با ‎``bottleneck``‎ نخست BN-ReLU-Conv‎1×1‎ به 4·growth_rate کانال و سپس BN-ReLU-Conv‎3×3‎.
    ‏برای مقدار کمتر از ۱ ValueError بدهید.
    """
    raise NotImplementedError


def densenet_parameters(
    growth_rate: int,
    block_layers: tuple[int, ...],
    init_features: int,
    num_classes: int = 1000,
    compression: float = 0.5,
    bottleneck: bool = True,
    stem: str = "imagenet",
) -> int:
    """Number of learnable values of a DenseNet for images of 3 channels.

    Stem "imagenet": Conv7×7 to ``init_features``, BN. Stem "cifar": Conv3×3 to ``init_features``. Between two blocks a
    transition: BN, Conv1×1 that keeps ``int(compression · channels)`` channels, average pooling. After the last
    block: BN, global average pooling, Linear with bias. Raises ValueError for values below 1, no block, a compression
    that is not above 0 and at most 1, and another stem.

    ‏شمار مقدارهای یادگرفتنی یک DenseNet برای تصویرهای ۳کاناله.
    ‏ساقهٔ ‎"imagenet"‎: پیچش ‎7×7‎ به ‎``init_features``‎ و BN؛
    ‏ساقهٔ ‎"cifar"‎: پیچش ‎3×3‎ به ‎``init_features``‎.
    ‏میان دو بلوک یک گذار: BN، پیچش ‎1×1‎ که ‎``int(compression · channels)``‎ کانال نگه می‌دارد، ادغام میانگین.
    ‏پس از آخرین بلوک: BN، میانگین‌گیری سراسری، Linear با بایاس.
    ‏برای مقدار کمتر از ۱، نبودِ بلوک، compression بیرون از بازهٔ ۰ (باز) تا ۱، و ساقهٔ دیگر ValueError بدهید.
    """
    raise NotImplementedError


class DenseBlock(nn.Module):
    """A dense block: ``(batch, in_channels, H, W)`` to ``(batch, in_channels + num_layers · growth_rate, H, W)``.

    Each layer is ``BatchNorm2d`` with torch's defaults, ReLU, 3×3 convolution with padding 1 and without bias that gives ``growth_rate`` maps
    of everything before it; its maps go behind: ``torch.cat([x, new], dim=1)``. Raises ValueError for values below 1.

    ‏یک بلوک چگال: ‎``(batch, in_channels, H, W)``‎ به ‎``(batch, in_channels + num_layers · growth_rate, H, W)``‎.
    ‏هر لایه ‎``BatchNorm2d``‎ با پیش‌فرض‌های torch، ReLU و پیچش ‎3×3‎ با padding ۱ و بدون بایاس است که از هر آنچه پیش
    ‏از آن است ‎``growth_rate``‎ نقشه می‌سازد؛
    ‏نقشه‌های تازه در پایان می‌آیند: ‎``torch.cat([x, new], dim=1)``‎.
    ‏برای مقدار کمتر از ۱ ValueError بدهید.
    """

    def __init__(self, in_channels: int, growth_rate: int, num_layers: int):
        super().__init__()
        raise NotImplementedError

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        raise NotImplementedError
