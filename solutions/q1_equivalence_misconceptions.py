"""Wrong answers that people give to question 1: a linear layer and a convolution that do the same.

Every entry differs from ``q1_equivalence`` by one idea; it asks the reference first, so it refuses what the reference
refuses.
"""

from __future__ import annotations

from math import isqrt

import numpy as np

from autograder.author import misconception
from solutions import q1_equivalence as right

LINEAR = "https://docs.pytorch.org/docs/stable/generated/torch.nn.Linear.html"
CONV = "https://docs.pytorch.org/docs/stable/generated/torch.nn.Conv2d.html"
CS231N = "https://cs231n.github.io/convolutional-networks/"  # "Converting FC layers to CONV layers", "Zero-padding"


def _pair(value):
    return tuple(value) if isinstance(value, tuple | list) else (value, value)


# ---- linear_parameters


@misconception(
    replaces="linear_parameters",
    en="Besides its weights, what does each output of a linear layer learn?",
    fa="هر خروجی لایهٔ خطی، جز وزن‌هایش، چه چیز دیگری یاد می‌گیرد؟",
    route=lambda in_features, out_features, bias=True: f"{in_features}·{out_features}",
    source=LINEAR,
)
def linear_bias_forgotten(in_features, out_features, bias=True):
    return right.linear_parameters(in_features, out_features, bias=False)


@misconception(
    replaces="linear_parameters",
    en="Do all the classes share a single bias, or is it learnt class by class?",
    fa="آیا همهٔ کلاس‌ها یک بایاس مشترک دارند یا بایاس برای هر کلاس جداگانه یاد گرفته می‌شود؟",
    route=lambda in_features, out_features, bias=True: f"{in_features}·{out_features}" + " + 1" * bool(bias),
    source=LINEAR,
)
def linear_one_bias_for_the_layer(in_features, out_features, bias=True):
    return right.linear_parameters(in_features, out_features, bias=False) + bool(bias)


@misconception(
    replaces="linear_parameters",
    en="On which side of a linear layer are the biases added: to what comes in or to what goes out?",
    fa="بایاس‌های لایهٔ خطی در کدام سو افزوده می‌شوند: به ورودی‌ها یا به خروجی‌ها؟",
    route=lambda in_features, out_features, bias=True: f"{in_features}·{out_features}" + f" + {in_features}" * bool(bias),
    source=LINEAR,
)
def linear_bias_per_input(in_features, out_features, bias=True):
    return right.linear_parameters(in_features, out_features, bias=False) + in_features * bool(bias)


@misconception(
    replaces="linear_parameters",
    en="A neuron sums its weighted inputs first; how often is a bias added to that sum?",
    fa="نورون نخست ورودی‌های وزن‌دار را جمع می‌کند؛ به این جمع چند بار بایاس افزوده می‌شود؟",
    route=lambda in_features, out_features, bias=True: (
        f"{in_features}·{out_features}" + f" + {in_features}·{out_features}" * bool(bias)
    ),
)
def linear_bias_per_weight(in_features, out_features, bias=True):
    return right.linear_parameters(in_features, out_features, bias=False) * (1 + bool(bias))


@misconception(
    replaces="linear_parameters",
    en="Is it the neurons that are learnt, or the connections between them?",
    fa="آنچه یاد گرفته می‌شود خودِ نورون‌هاست یا اتصال‌های میان آن‌ها؟",
    route=lambda in_features, out_features, bias=True: f"{in_features} + {out_features}",
)
def linear_neurons_counted(in_features, out_features, bias=True):
    right.linear_parameters(in_features, out_features, bias)
    return in_features + out_features


@misconception(
    replaces="linear_parameters",
    en="After flattening, does each neuron see one side of the image or every pixel of it?",
    fa="پس از تخت کردن، هر نورون یک ضلع تصویر را می‌بیند یا همهٔ پیکسل‌های آن را؟",
    route=lambda in_features, out_features, bias=True: (
        f"{isqrt(in_features)}·{out_features}" + f" + {out_features}" * bool(bias)
    ),
)
def linear_side_taken_for_area(in_features, out_features, bias=True):
    right.linear_parameters(in_features, out_features, bias)
    return isqrt(in_features) * out_features + out_features * bool(bias)


@misconception(
    replaces="linear_parameters",
    en="What does the argument bias=False take away from the layer?",
    fa="آرگومان bias=False چه چیزی را از لایه برمی‌دارد؟",
    route=lambda in_features, out_features, bias=True: f"{in_features}·{out_features} + {out_features}",
    source=LINEAR,
)
def linear_bias_argument_ignored(in_features, out_features, bias=True):
    return right.linear_parameters(in_features, out_features, bias=True)


@misconception(
    replaces="linear_parameters",
    en="Is the layer's own size changed by how many images pass through it, or by a batch dimension put first?",
    fa="آیا شمار تصویرهایی که از لایه می‌گذرند، یا بُعد دسته در آغاز ورودی، اندازهٔ خود لایه را تغییر می‌دهد؟",
    route=lambda in_features, out_features, bias=True: (
        f"(1 + {in_features})·{out_features}" + f" + {out_features}" * bool(bias)
    ),
)
def linear_batch_counted_as_input(in_features, out_features, bias=True):
    right.linear_parameters(in_features, out_features, bias)
    return right.linear_parameters(in_features + 1, out_features, bias)


@misconception(
    replaces="linear_parameters",
    en="No layer has fewer than one value on either side; what should a size below that lead to?",
    fa="هیچ لایه‌ای در هیچ سو کمتر از یک مقدار ندارد؛ برای اندازه‌ای کوچک‌تر از آن چه باید رخ دهد؟",
    source=LINEAR,
)
def linear_impossible_not_refused(in_features, out_features, bias=True):
    return in_features * out_features + out_features * bool(bias)


# ---- conv_from_linear: [K, C·H·W] -> [K, C, H, W]


@misconception(
    replaces="conv_from_linear",
    en="In which order did flattening lay out channels, rows and columns?",
    fa="تخت کردن، کانال‌ها و سطرها و ستون‌ها را با چه ترتیبی کنار هم چیده است؟",
    source="https://docs.pytorch.org/docs/stable/generated/torch.flatten.html",
)
def kernel_read_channels_last(weight, bias, image_shape):
    kernel, offset = right.conv_from_linear(weight, bias, image_shape)
    filters, channels, height, width = kernel.shape
    return np.asarray(weight).reshape(filters, height, width, channels).transpose(0, 3, 1, 2), offset


@misconception(
    replaces="conv_from_linear",
    en="Does torch's Conv2d turn the kernel round before it multiplies, as signal processing's convolution does?",
    fa="آیا Conv2d در torch مانند پیچشِ پردازش سیگنال، هسته را پیش از ضرب می‌چرخاند؟",
    source=CONV,
)
def kernel_flipped(weight, bias, image_shape):
    kernel, offset = right.conv_from_linear(weight, bias, image_shape)
    return kernel[:, :, ::-1, ::-1], offset


@misconception(
    replaces="conv_from_linear",
    en="Which of the two sides of the image varies fastest in the flattened vector?",
    fa="در بردار تخت‌شده کدام ضلع تصویر تندتر تغییر می‌کند؟",
)
def kernel_rows_and_columns_swapped(weight, bias, image_shape):
    kernel, offset = right.conv_from_linear(weight, bias, image_shape)
    filters, channels, height, width = kernel.shape
    return kernel.reshape(filters, channels, width, height).swapaxes(2, 3), offset


@misconception(
    replaces="conv_from_linear",
    en="Which axis of a linear layer's weight runs over its outputs, the first or the second?",
    fa="کدام محور وزنِ لایهٔ خطی روی خروجی‌ها می‌رود، اولی یا دومی؟",
    source=LINEAR,
)
def linear_weight_read_transposed(weight, bias, image_shape):
    kernel, offset = right.conv_from_linear(weight, bias, image_shape)
    return np.asarray(weight).T.reshape(kernel.shape), offset


@misconception(
    replaces="conv_from_linear",
    en="Which does a convolution's weight tensor name first, its filters or the channels that they look at?",
    fa="در تنسورِ وزنِ پیچش نخست فیلترها می‌آیند یا کانال‌هایی که فیلترها می‌بینند؟",
    source=CONV,
)
def kernel_channels_before_filters(weight, bias, image_shape):
    kernel, offset = right.conv_from_linear(weight, bias, image_shape)
    return kernel.swapaxes(0, 1), offset


@misconception(
    replaces="conv_from_linear",
    en="The linear layer shifts every class by something of its own; where has that gone in the convolution?",
    fa="لایهٔ خطی هر کلاس را به اندازه‌ای ویژهٔ خودش جابه‌جا می‌کند؛ این مقدار در پیچش کجا رفته است؟",
)
def bias_left_behind(weight, bias, image_shape):
    kernel, offset = right.conv_from_linear(weight, bias, image_shape)
    return kernel, np.zeros_like(offset)


@misconception(
    replaces="conv_from_linear",
    en="A filter sums over all its channels and adds its bias; how many times does it add it?",
    fa="هر فیلتر روی همهٔ کانال‌هایش جمع می‌زند و سپس بایاس را می‌افزاید؛ این کار را چند بار انجام می‌دهد؟",
)
def bias_added_per_channel(weight, bias, image_shape):
    kernel, offset = right.conv_from_linear(weight, bias, image_shape)
    return kernel, offset * kernel.shape[1]


# ---- linear_from_conv: [K, C, kh, kw] -> [K·Ho·Wo, C·H·W]


def _padded_first(weight, bias, image_shape, stride, before, after):
    """The matrix over an image with ``before`` and ``after`` zeros a side, as [rows, C, H + …, W + …], and its bias."""
    channels, *sides = image_shape
    wide = tuple(side + b + a for side, b, a in zip(sides, before, after, strict=True))
    matrix, offset = right.linear_from_conv(weight, bias, (channels, *wide), stride, 0)
    return matrix.reshape(-1, channels, *wide), offset


@misconception(
    replaces="linear_from_conv",
    en="Where does the filter stand when part of it hangs over the image's edge?",
    fa="وقتی بخشی از فیلتر از لبهٔ تصویر بیرون می‌زند، فیلتر کجا ایستاده است؟",
    source=CS231N,
)
def padding_forgotten(weight, bias, image_shape, stride=1, padding=0):
    right.linear_from_conv(weight, bias, image_shape, stride, padding)
    return right.linear_from_conv(weight, bias, image_shape, stride, 0)


@misconception(
    replaces="linear_from_conv",
    en="How far does the filter move from one output to the next?",
    fa="فیلتر از یک خروجی تا خروجی بعدی چقدر جابه‌جا می‌شود؟",
    source=CS231N,
)
def stride_forgotten(weight, bias, image_shape, stride=1, padding=0):
    right.linear_from_conv(weight, bias, image_shape, stride, padding)
    return right.linear_from_conv(weight, bias, image_shape, 1, padding)


@misconception(
    replaces="linear_from_conv",
    en="On how many sides of the image does torch put the zeros?",
    fa="torch صفرها را در چند سوی تصویر می‌گذارد؟",
    source=CONV,
)
def padding_on_one_side(weight, bias, image_shape, stride=1, padding=0):
    right.linear_from_conv(weight, bias, image_shape, stride, padding)
    top, left = _pair(padding)
    matrix, offset = _padded_first(weight, bias, image_shape, stride, (top, left), (0, 0))
    return matrix[:, :, top:, left:].reshape(len(matrix), -1), offset


@misconception(
    replaces="linear_from_conv",
    en="What stands beyond the edge: nothing, or the opposite side of the image?",
    fa="آن سوی لبه چه چیزی هست: هیچ، یا سوی روبه‌روی تصویر؟",
    source=CONV,
)
def padding_wraps_round(weight, bias, image_shape, stride=1, padding=0):
    right.linear_from_conv(weight, bias, image_shape, stride, padding)
    matrix, offset = _padded_first(weight, bias, image_shape, stride, _pair(padding), _pair(padding))
    folded = np.zeros((len(matrix), *image_shape), matrix.dtype)
    rows = (np.arange(matrix.shape[2]) - _pair(padding)[0]) % image_shape[1]
    columns = (np.arange(matrix.shape[3]) - _pair(padding)[1]) % image_shape[2]
    np.add.at(folded, (slice(None), slice(None), rows[:, None], columns[None, :]), matrix)
    return folded.reshape(len(matrix), -1), offset


@misconception(
    replaces="linear_from_conv",
    en="A filter is used at many positions; does a linear layer have a row for the filter, or for each of its uses?",
    fa="یک فیلتر در جاهای بسیاری به کار می‌رود؛ لایهٔ خطی برای خودِ فیلتر یک سطر دارد یا برای هر بار استفاده از آن؟",
    source=CS231N,
)
def one_row_per_filter(weight, bias, image_shape, stride=1, padding=0):
    matrix, _ = right.linear_from_conv(weight, bias, image_shape, stride, padding)
    return matrix[:: len(matrix) // len(weight)], np.asarray(bias)


@misconception(
    replaces="linear_from_conv",
    en="How many outputs does the linear layer have, and does each of them get its bias?",
    fa="لایهٔ خطی چند خروجی دارد و آیا به هر یک از آن‌ها بایاسش می‌رسد؟",
)
def one_bias_per_filter(weight, bias, image_shape, stride=1, padding=0):
    return right.linear_from_conv(weight, bias, image_shape, stride, padding)[0], np.asarray(bias)


@misconception(
    replaces="linear_from_conv",
    en="Neighbouring outputs of one filter share a bias; in which order do the repeated biases then stand?",
    fa="خروجی‌های همسایهٔ یک فیلتر بایاس یکسانی دارند؛ پس بایاس‌های تکرارشده با چه ترتیبی می‌آیند؟",
    source="https://numpy.org/doc/stable/reference/generated/numpy.tile.html",
)
def bias_tiled_instead_of_repeated(weight, bias, image_shape, stride=1, padding=0):
    matrix, offset = right.linear_from_conv(weight, bias, image_shape, stride, padding)
    return matrix, np.tile(np.asarray(bias), len(offset) // len(weight))


@misconception(
    replaces="linear_from_conv",
    en="In the flattened output, do all positions of one filter come first, or all filters at one position?",
    fa="هنگام تخت کردن خروجی پیچش، نخست همهٔ جاهای یک فیلتر می‌آیند یا همهٔ فیلترها در یک جا؟",
)
def rows_position_by_position(weight, bias, image_shape, stride=1, padding=0):
    matrix, offset = right.linear_from_conv(weight, bias, image_shape, stride, padding)
    order = np.arange(len(matrix)).reshape(len(weight), -1).T.reshape(-1)
    return matrix[order], offset[order]


@misconception(
    replaces="linear_from_conv",
    en="In which order do channels, rows and columns of the image stand in the flattened input?",
    fa="در ورودیِ تخت‌شده، کانال‌ها و سطرها و ستون‌های تصویر با چه ترتیبی می‌آیند؟",
    source="https://docs.pytorch.org/docs/stable/generated/torch.flatten.html",
)
def columns_channels_last(weight, bias, image_shape, stride=1, padding=0):
    matrix, offset = right.linear_from_conv(weight, bias, image_shape, stride, padding)
    return matrix.reshape(-1, *image_shape).transpose(0, 2, 3, 1).reshape(matrix.shape), offset


@misconception(
    replaces="linear_from_conv",
    en="Which weight of the kernel meets the pixel at the window's upper left corner?",
    fa="کدام وزنِ هسته با پیکسل گوشهٔ بالا و چپِ پنجره ضرب می‌شود؟",
    source=CONV,
)
def window_flipped(weight, bias, image_shape, stride=1, padding=0):
    return right.linear_from_conv(np.asarray(weight)[:, :, ::-1, ::-1], bias, image_shape, stride, padding)


@misconception(
    replaces="linear_from_conv",
    en="Through how many of the image's channels does each filter reach?",
    fa="هر فیلتر به چند کانال از کانال‌های تصویر می‌رسد؟",
    source=CS231N,
)
def only_the_first_channel_connected(weight, bias, image_shape, stride=1, padding=0):
    matrix, offset = right.linear_from_conv(weight, bias, image_shape, stride, padding)
    matrix = matrix.reshape(-1, *image_shape).copy()
    matrix[:, 1:] = 0
    return matrix.reshape(len(matrix), -1), offset


@misconception(
    replaces="linear_from_conv",
    en="Each filter brings an offset of its own; where does the linear layer keep it?",
    fa="هر فیلتر مقدار ثابتی از آنِ خود دارد؛ لایهٔ خطی آن را کجا نگه می‌دارد؟",
)
def offset_forgotten(weight, bias, image_shape, stride=1, padding=0):
    matrix, offset = right.linear_from_conv(weight, bias, image_shape, stride, padding)
    return matrix, np.zeros_like(offset)
