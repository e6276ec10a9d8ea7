"""Wrong kernels made of a linear layer's weight: [K, C·H·W] -> [K, C, H, W]."""

import numpy as np

from autograder.course.mistakes import mistakes
from solutions import q1_equivalence as right
from solutions.q1_equivalence_misconceptions import CONV, FLATTEN, LINEAR

kernels = mistakes(of=right.conv_from_linear)


@kernels.mistake(en="In which order did flattening lay out channels, rows and columns?",
                 fa="تخت کردن، کانال‌ها و سطرها و ستون‌ها را با چه ترتیبی کنار هم چیده است؟",
                 source=FLATTEN)
def kernel_read_channels_last(weight, bias, image_shape):
    kernel, offset = right.conv_from_linear(weight, bias, image_shape)
    filters, channels, height, width = kernel.shape
    return np.asarray(weight).reshape(filters, height, width, channels).transpose(0, 3, 1, 2), offset


@kernels.mistake(en="Does torch's Conv2d turn the kernel round before it multiplies, as signal processing's convolution does?",
                 fa="آیا Conv2d در torch مانند پیچشِ پردازش سیگنال، هسته را پیش از ضرب می‌چرخاند؟",
                 source=CONV)
def kernel_flipped(weight, bias, image_shape):
    kernel, offset = right.conv_from_linear(weight, bias, image_shape)
    return kernel[:, :, ::-1, ::-1], offset


@kernels.mistake(en="Which of the two sides of the image varies fastest in the flattened vector?",
                 fa="در بردار تخت‌شده کدام ضلع تصویر تندتر تغییر می‌کند؟")
def kernel_rows_and_columns_swapped(weight, bias, image_shape):
    kernel, offset = right.conv_from_linear(weight, bias, image_shape)
    filters, channels, height, width = kernel.shape
    return kernel.reshape(filters, channels, width, height).swapaxes(2, 3), offset


@kernels.mistake(en="Which axis of a linear layer's weight runs over its outputs, the first or the second?",
                 fa="کدام محور وزنِ لایهٔ خطی روی خروجی‌ها می‌رود، اولی یا دومی؟",
                 source=LINEAR)
def linear_weight_read_transposed(weight, bias, image_shape):
    kernel, offset = right.conv_from_linear(weight, bias, image_shape)
    return np.asarray(weight).T.reshape(kernel.shape), offset


@kernels.mistake(en="Which does a convolution's weight tensor name first, its filters or the channels that they look at?",
                 fa="در تنسورِ وزنِ پیچش نخست فیلترها می‌آیند یا کانال‌هایی که فیلترها می‌بینند؟",
                 source=CONV)
def kernel_channels_before_filters(weight, bias, image_shape):
    kernel, offset = right.conv_from_linear(weight, bias, image_shape)
    return kernel.swapaxes(0, 1), offset


@kernels.mistake(en="The linear layer shifts every class by something of its own; where has that gone in the convolution?",
                 fa="لایهٔ خطی هر کلاس را به اندازه‌ای ویژهٔ خودش جابه‌جا می‌کند؛ این مقدار در پیچش کجا رفته است؟")
def bias_left_behind(weight, bias, image_shape):
    kernel, offset = right.conv_from_linear(weight, bias, image_shape)
    return kernel, np.zeros_like(offset)


@kernels.mistake(en="A filter sums over all its channels and adds its bias; how many times does it add it?",
                 fa="هر فیلتر روی همهٔ کانال‌هایش جمع می‌زند و سپس بایاس را می‌افزاید؛ این کار را چند بار انجام می‌دهد؟")
def bias_added_per_channel(weight, bias, image_shape):
    kernel, offset = right.conv_from_linear(weight, bias, image_shape)
    return kernel, offset * kernel.shape[1]
