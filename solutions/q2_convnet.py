"""Question 2: a small convolutional network, its shapes, its parameters and its receptive field.

Arguments have the names and meanings of ``torch.nn``; a size is an int (square) or ``(height, width)``; an image shape
is ``(channels, height, width)``, without a batch dimension.

پرسش ۲: یک شبکهٔ پیچشی کوچک، شکل‌ها، پارامترها و میدان پذیرش آن. نام و معنای آرگومان‌ها همان ``torch.nn`` است؛ اندازه یا یک
عدد صحیح است (مربع) یا ``(height, width)``؛ شکل تصویر ``(channels, height, width)`` است و بُعد دسته ندارد.
"""

from __future__ import annotations

from math import prod

import torch
from torch import nn

from solutions._checks import pair, whole


def conv2d_output_size(
    size: int | tuple[int, int],
    kernel_size: int | tuple[int, int],
    stride: int | tuple[int, int] = 1,
    padding: int | tuple[int, int] = 0,
    dilation: int | tuple[int, int] = 1,
) -> tuple[int, int]:
    """The (height, width) that ``torch.nn.Conv2d`` gives for an image of ``size``, in pixels.

    Raises ValueError where torch refuses the layer: a size, kernel, stride or dilation below 1, a negative padding, a
    dilated kernel larger than the padded image.
    Source: https://docs.pytorch.org/docs/stable/generated/torch.nn.Conv2d.html

    ‏(ارتفاع، پهنا)ی خروجی ``torch.nn.Conv2d`` برای تصویری به اندازهٔ ``size``، به پیکسل. هرجا torch لایه را نپذیرد
    ValueError بدهید: اندازه، هسته، گام یا dilation کمتر از ۱، padding منفی، یا هستهٔ بازشده‌ای بزرگ‌تر از تصویرِ پدگذاری‌شده.
    """
    sizes, kernels, strides = pair(size, 1), pair(kernel_size, 1), pair(stride, 1)
    paddings, dilations = pair(padding, 0), pair(dilation, 1)
    height, width = (
        (s + 2 * p - d * (k - 1) - 1) // t + 1
        for s, k, t, p, d in zip(sizes, kernels, strides, paddings, dilations, strict=True)
    )
    if height < 1 or width < 1:
        raise ValueError("the kernel is larger than the padded image")
    return height, width


def pool2d_output_size(
    size: int | tuple[int, int],
    kernel_size: int | tuple[int, int],
    stride: int | tuple[int, int] | None = None,
    padding: int | tuple[int, int] = 0,
    ceil_mode: bool = False,
) -> tuple[int, int]:
    """The (height, width) that ``torch.nn.MaxPool2d`` or ``AvgPool2d`` gives for an image of ``size``, in pixels.

    A ``stride`` of None is torch's default. With ``ceil_mode`` a window may hang over the far edge, but each must start
    inside the image or its near padding. Raises ValueError where torch refuses: values below 1 (padding: below 0), a
    padding of more than half the kernel, a kernel that fits nowhere.
    Source: https://docs.pytorch.org/docs/stable/generated/torch.nn.MaxPool2d.html

    ‏(ارتفاع، پهنا)ی خروجی ``torch.nn.MaxPool2d`` یا ``AvgPool2d``، به پیکسل. ``stride=None`` یعنی پیش‌فرض torch. با
    ``ceil_mode`` پنجره می‌تواند از لبهٔ دور بیرون بزند، ولی باید درون تصویر یا پدِ نزدیک آغاز شود. هرجا torch نپذیرد ValueError
    بدهید: مقدار کمتر از ۱ (padding کمتر از ۰)، padding بیش از نصف هسته، هسته‌ای که هیچ‌جا جا نمی‌شود.
    """
    kernels = pair(kernel_size, 1)
    strides = kernels if stride is None else pair(stride, 1)
    height, width = (
        _pooled(s, k, t, p, ceil_mode) for s, k, t, p in zip(pair(size, 1), kernels, strides, pair(padding, 0), strict=True)
    )
    return height, width


def _pooled(size: int, kernel: int, stride: int, padding: int, ceil_mode: bool) -> int:
    if 2 * padding > kernel:
        raise ValueError("the padding is more than half the kernel")
    room = size + 2 * padding - kernel
    steps = -(-room // stride) if ceil_mode else room // stride
    if ceil_mode and steps * stride >= size + padding:
        steps -= 1  # the last window would start in the far padding
    if steps < 0:
        raise ValueError("the kernel is larger than the padded image")
    return steps + 1


def conv2d_parameters(
    in_channels: int,
    out_channels: int,
    kernel_size: int | tuple[int, int],
    groups: int = 1,
    bias: bool = True,
) -> int:
    """Number of learnable values of ``torch.nn.Conv2d``.

    Raises ValueError for values below 1 and for channels that ``groups`` does not divide.
    Source: https://docs.pytorch.org/docs/stable/generated/torch.nn.Conv2d.html

    شمار مقدارهای یادگرفتنی ``torch.nn.Conv2d``. برای مقدارهای کمتر از ۱ و کانال‌هایی که بر ``groups`` بخش‌پذیر نیستند ValueError
    بدهید.
    """
    inputs, outputs, shared = whole(in_channels), whole(out_channels), whole(groups)
    if inputs % shared or outputs % shared:
        raise ValueError("groups must divide in_channels and out_channels")
    return outputs * (inputs // shared) * prod(pair(kernel_size, 1)) + (outputs if bias else 0)


def stack_output_shape(image_shape: tuple[int, int, int], layers: list[dict]) -> tuple[int, int, int]:
    """The (channels, height, width) that an image of ``image_shape`` has after ``layers``.

    Each layer is a dict with a ``kind`` ("conv", "maxpool", "avgpool", "relu", "batchnorm") and torch's argument names;
    keys left out take torch's defaults. Raises ValueError where torch refuses a layer, for an unknown kind or key, and
    where a key is missing that has no default.

    ‏(کانال، ارتفاع، پهنا)ی تصویری با شکل ``image_shape`` پس از ``layers``. هر لایه یک dict است با ``kind`` و نام آرگومان‌های torch؛
    کلیدهای نیامده پیش‌فرض torch را دارند. هرجا torch لایه‌ای را نپذیرد، برای kind یا کلید ناشناخته، و اگر کلیدی که پیش‌فرض ندارد
    نیامده باشد، ValueError بدهید.
    """
    channels, height, width = (whole(size) for size in image_shape)
    for layer in map(_complete, layers):
        if layer["kind"] == "conv":
            _parameters(channels, layer)
            channels = layer["out_channels"]
            height, width = conv2d_output_size((height, width), *_picked(layer, "kernel_size stride padding dilation"))
        elif layer["kind"] in ("maxpool", "avgpool"):
            height, width = pool2d_output_size((height, width), *_picked(layer, "kernel_size stride padding ceil_mode"))
    return channels, height, width


def stack_parameters(in_channels: int, layers: list[dict]) -> int:
    """Number of learnable values of ``layers`` (see ``stack_output_shape``) for an image of ``in_channels`` channels.

    Learnable means: counted by ``sum(p.numel() for p in module.parameters())``. Raises ValueError for channels,
    kernels and groups below 1, channels that ``groups`` does not divide, an unknown kind or key, and a missing key.

    شمار مقدارهای یادگرفتنی ``layers`` برای تصویری با ``in_channels`` کانال؛ یعنی آنچه ``module.parameters()`` می‌شمارد. برای کانال، هسته و
    groups کمتر از ۱، کانال‌هایی که بر ``groups`` بخش‌پذیر نیستند، kind یا کلید ناشناخته، و نبودِ کلیدی که لازم است ValueError بدهید.
    """
    channels, total = whole(in_channels), 0
    for layer in map(_complete, layers):
        if layer["kind"] == "conv":
            total += _parameters(channels, layer)
            channels = layer["out_channels"]
        elif layer["kind"] == "batchnorm":
            total += 2 * channels
    return total


def head_parameters(feature_shape: tuple[int, int, int], num_classes: int, pooling: str = "flatten") -> int:
    """Number of learnable values of a head that turns features (channels, height, width) into ``num_classes`` scores.

    "flatten": flatten, then ``torch.nn.Linear`` with bias. "gap": global average pooling over the positions of each
    channel, then ``torch.nn.Linear`` with bias. Raises ValueError for sizes below 1 and any other ``pooling``.

    شمار مقدارهای یادگرفتنی سری که ویژگی‌ها را به ``num_classes`` امتیاز می‌رساند. "flatten": تخت‌کردن و سپس ``torch.nn.Linear`` با بایاس.
    "gap": میانگین‌گیری سراسری روی جایگاه‌های هر کانال و سپس ``torch.nn.Linear`` با بایاس. برای اندازهٔ کمتر از ۱ و هر ``pooling`` دیگر
    ValueError بدهید.
    """
    channels, height, width = (whole(size) for size in feature_shape)
    if pooling not in ("flatten", "gap"):
        raise ValueError(f"pooling is 'flatten' or 'gap', not {pooling!r}")
    features = channels * height * width if pooling == "flatten" else channels
    return (features + 1) * whole(num_classes)


def receptive_field(layers: list[dict]) -> tuple[int, int]:
    """The (height, width), in input pixels, of the window that one output value after ``layers`` can depend on.

    Padding and edges are left aside: the window of a value far from every edge. Raises ValueError for kernels,
    strides and dilations below 1, an unknown kind or key, and a missing key.
    Source: Araujo, Norris and Sim, "Computing Receptive Fields of Convolutional Neural Networks", Distill, 2019.

    ‏(ارتفاع، پهنا)ی پنجره‌ای از ورودی، به پیکسل، که یک مقدار خروجیِ پس از ``layers`` می‌تواند به آن وابسته باشد؛ بدون درنظرگرفتن پد و
    لبه‌ها. برای هسته، گام و dilation کمتر از ۱، kind یا کلید ناشناخته، و نبودِ کلیدی که لازم است ValueError بدهید.
    """
    field, jump = [1, 1], [1, 1]
    for layer in map(_complete, layers):
        if "kernel_size" not in layer:
            continue
        kernels = pair(layer["kernel_size"], 1)
        strides = kernels if layer["stride"] is None else pair(layer["stride"], 1)
        dilations = pair(layer.get("dilation", 1), 1)
        for axis in (0, 1):
            field[axis] += dilations[axis] * (kernels[axis] - 1) * jump[axis]
            jump[axis] *= strides[axis]
    return field[0], field[1]


_CONV = {"out_channels": None, "kernel_size": None, "stride": 1, "padding": 0, "dilation": 1, "groups": 1, "bias": True}
_POOL = {"kernel_size": None, "stride": None, "padding": 0, "ceil_mode": False}
_DEFAULTS = {"conv": _CONV, "maxpool": _POOL, "avgpool": _POOL, "relu": {}, "batchnorm": {}}


def _complete(layer: dict) -> dict:
    """A layer with torch's defaults for what it leaves out. Raises ValueError for what torch does not know."""
    kind = layer.get("kind")
    if kind not in _DEFAULTS:
        raise ValueError(f"no such kind of layer: {kind!r}")
    unknown = set(layer) - set(_DEFAULTS[kind]) - {"kind"}
    if unknown:
        raise ValueError(f"{kind} has no {sorted(unknown)}")
    complete = {**_DEFAULTS[kind], **layer}
    for key in ("out_channels", "kernel_size"):
        if key in complete and complete[key] is None:
            raise ValueError(f"{kind} needs {key}")
    return complete


def _picked(layer: dict, keys: str) -> list:
    return [layer[key] for key in keys.split()]


def _parameters(channels: int, layer: dict) -> int:
    return conv2d_parameters(channels, *_picked(layer, "out_channels kernel_size groups bias"))


class ConvNet(nn.Module):
    """The network of question 2: ``(batch, 3, 128, 128)`` images to ``(batch, num_classes)`` scores.

    Three times: convolution 5×5 with 16 filters, stride 1, padding 2, with bias; ReLU; max pooling 2×2, stride 2. Then the
    head of ``head_parameters``, and no other: ``pooling`` is "flatten" or "gap". With "gap" images may have any size of at
    least 8×8. Scores are logits: nothing follows the last linear layer, in evaluation either. Raises ValueError for
    any other ``pooling``.

    شبکهٔ پرسش ۲: تصویرهای ``(batch, 3, 128, 128)`` به امتیازهای ``(batch, num_classes)``. سه بار: پیچش 5×5 با ۱۶ فیلتر، گام ۱،
    padding ۲، با بایاس؛ ReLU؛ ادغام بیشینهٔ 2×2 با گام ۲. سپس تنها همان سرِ ``head_parameters`` که خواسته شده است؛ ``pooling`` یا
    "flatten" است یا "gap". با "gap" اندازهٔ تصویر هر چه باشد (دست‌کم 8×8) پذیرفته است. امتیازها خام‌اند: پس از آخرین لایهٔ خطی
    چیزی نمی‌آید، در ارزیابی هم. برای هر ``pooling`` دیگر ValueError بدهید.
    """

    def __init__(self, num_classes: int = 10, pooling: str = "flatten"):
        super().__init__()
        if pooling not in ("flatten", "gap"):
            raise ValueError(f"pooling is 'flatten' or 'gap', not {pooling!r}")
        self.features = nn.Sequential(*(_block(channels) for channels in (3, 16, 16)))
        squeeze = nn.Identity() if pooling == "flatten" else nn.AdaptiveAvgPool2d(1)
        self.head = nn.Sequential(squeeze, nn.Flatten(), nn.Linear(4096 if pooling == "flatten" else 16, num_classes))

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return self.head(self.features(x))


def _block(channels: int) -> nn.Sequential:
    return nn.Sequential(nn.Conv2d(channels, 16, 5, padding=2), nn.ReLU(), nn.MaxPool2d(2))
