"""Question 1: a fully connected layer and a convolution as one and the same linear map.

Image shapes are ``(channels, height, width)``; flattening is numpy's and torch's own (the last axis runs fastest).

‏پرسش ۱: لایهٔ تمام‌متصل و پیچش، دو چهرهٔ یک نگاشت خطی.
‏شکل تصویر ‎``(channels, height, width)``‎ است و تخت‌کردن همان تخت‌کردن numpy و torch است (محور آخر تندتر
‏می‌گردد).
"""

from __future__ import annotations

import numpy as np


def linear_parameters(in_features: int, out_features: int, bias: bool = True) -> int:
    """Number of learnable values of ``torch.nn.Linear``. Raises ValueError for sizes below 1.

    Source: https://docs.pytorch.org/docs/stable/generated/torch.nn.Linear.html

    ‏شمار مقدارهای یادگرفتنی ‎``torch.nn.Linear``‎.
    ‏برای اندازهٔ کمتر از ۱ ValueError بدهید.
    """
    raise NotImplementedError


def conv_from_linear(
    weight: np.ndarray, bias: np.ndarray, image_shape: tuple[int, int, int]
) -> tuple[np.ndarray, np.ndarray]:
    """The convolution that does what a linear layer does on flattened images of ``image_shape`` = (C, H, W).

    ``weight`` has shape (K, C·H·W), ``bias`` (K,). Returns the convolution's weight, shape (K, C, H, W), and bias, shape
    (K,), such that on any image, without padding and with stride 1, its output holds the linear layer's K
    values. Raises ValueError where the shapes do not fit and for sizes below 1.

    ‏پیچشی که همان کار لایهٔ خطی را روی تصویرهای تخت‌شده با شکل (C, H, W) می‌کند.
    ‏‎``weight``‎ شکل (K, C·H·W) و ‎``bias``‎ شکل (K,) دارد.
    ‏وزن پیچش با شکل (K, C, H, W) و بایاس آن را برگردانید، چنان‌که روی هر تصویر، بدون پد و با گام ۱، خروجی همان K
    ‏مقدار لایهٔ خطی باشد.
    ‏اگر شکل‌ها به هم نخورند، و برای اندازهٔ کمتر از ۱، ValueError بدهید.
    """
    raise NotImplementedError


def linear_from_conv(
    weight: np.ndarray,
    bias: np.ndarray,
    image_shape: tuple[int, int, int],
    stride: int | tuple[int, int] = 1,
    padding: int | tuple[int, int] = 0,
) -> tuple[np.ndarray, np.ndarray]:
    """The linear layer that does what a convolution does on images of ``image_shape`` = (C, H, W), zeros around them.

    ``weight`` has shape (K, C, kh, kw), ``bias`` (K,). Returns the linear layer's weight, shape (K·Ho·Wo, C·H·W), and
    bias, shape (K·Ho·Wo,), such that on a flattened image it gives the convolution's flattened output (K, Ho, Wo).
    Raises ValueError where the shapes do not fit, for sizes below 1, and where torch refuses the convolution.

    ‏لایهٔ خطی‌ای که همان کار پیچش را روی تصویرهای (C, H, W) با پد صفر می‌کند.
    ‏‎``weight``‎ شکل (K, C, kh, kw) و ‎``bias``‎ شکل (K,) دارد.
    ‏وزن لایهٔ خطی با شکل (K·Ho·Wo, C·H·W) و بایاس آن با شکل (K·Ho·Wo,) را برگردانید، چنان‌که روی تصویر تخت‌شده،
    ‏خروجی تخت‌شدهٔ پیچش (K, Ho, Wo) را بدهد.
    ‏اگر شکل‌ها به هم نخورند، برای اندازهٔ کمتر از ۱، یا اگر torch پیچش را نپذیرد ValueError بدهید.
    """
    raise NotImplementedError
