"""Wrong answers that people give to question 2: output sizes, parameters and receptive fields of a plain network.

Every entry differs from ``q2_convnet`` by one idea. It asks the reference first, so it refuses what the reference
refuses, and most of those over ``layers`` are the reference on rewritten layers: the idea is in the rewriting.
"""

from __future__ import annotations

from math import ceil, prod

import torch
from torch import nn

from autograder.author import misconception
from solutions import q2_convnet as right

CONV = "https://docs.pytorch.org/docs/stable/generated/torch.nn.Conv2d.html"
POOL = "https://docs.pytorch.org/docs/stable/generated/torch.nn.MaxPool2d.html"
NORM = "https://docs.pytorch.org/docs/stable/generated/torch.nn.BatchNorm2d.html"
LOSS = "https://docs.pytorch.org/docs/stable/generated/torch.nn.CrossEntropyLoss.html"
MODULES = "https://docs.pytorch.org/docs/stable/generated/torch.nn.ModuleList.html"
CS231N = "https://cs231n.github.io/convolutional-networks/"
ARITHMETIC = "Dumoulin and Visin, A guide to convolution arithmetic for deep learning, arXiv:1603.07285"
FIELDS = "https://distill.pub/2019/computing-receptive-fields/"
NETWORK_IN_NETWORK = "Lin, Chen and Yan, Network In Network, arXiv:1312.4400"

HANDOUT_POSITIONS = 128 * 128  # of the handout's image, for those who let them into a count of parameters


def _pair(value):
    return tuple(value) if isinstance(value, tuple | list) else (value, value)


# ---- conv2d_output_size


def _sizes(rule, size, kernel_size, stride, padding, dilation):
    """``rule(size, kernel, stride, padding, dilation)`` along each axis, where torch would take the layer."""
    right.conv2d_output_size(size, kernel_size, stride, padding, dilation)
    return tuple(rule(*axis) for axis in zip(*map(_pair, (size, kernel_size, stride, padding, dilation)), strict=True))


def _size_told(template):
    """A route: ``template`` filled in along each axis, once where both are alike."""

    def route(size, kernel_size, stride=1, padding=0, dilation=1):
        axes = zip(*map(_pair, (size, kernel_size, stride, padding, dilation)), strict=True)
        told = (template.format(s=s, k=k, t=t, p=p, d=d, pp=2 * p, e=d * (k - 1) + 1) for s, k, t, p, d in axes)
        return " , ".join(dict.fromkeys(told))

    return route


@misconception(
    replaces="conv2d_output_size",
    en="In how many places can a kernel stand whose width is that of the whole image?",
    fa="هسته‌ای که پهنایش برابر پهنای کل تصویر است، در چند جا می‌تواند بایستد؟",
    route=_size_told("({s} + {pp} − {d}·{k} − 1)/{t} + 1"),
    source=CONV,
)
def size_kernel_not_less_one(size, kernel_size, stride=1, padding=0, dilation=1):
    return _sizes(lambda s, k, t, p, d: (s + 2 * p - d * k - 1) // t + 1, size, kernel_size, stride, padding, dilation)


@misconception(
    replaces="conv2d_output_size",
    en="After the kernel's last possible step is counted, which place has not been counted yet?",
    fa="وقتی همهٔ گام‌های ممکنِ هسته شمرده شد، کدام جایگاه هنوز شمرده نشده است؟",
    route=_size_told("({s} + {pp} − {e})/{t}"),
    source=CS231N,
)
def size_first_place_forgotten(size, kernel_size, stride=1, padding=0, dilation=1):
    return _sizes(lambda s, k, t, p, d: (s + 2 * p - d * (k - 1) - 1) // t, size, kernel_size, stride, padding, dilation)


@misconception(
    replaces="conv2d_output_size",
    en="How large is the image once zeros have been put round it?",
    fa="پس از آنکه دور تصویر صفر گذاشته شد، تصویر چه اندازه‌ای دارد؟",
    route=_size_told("({s} − {e})/{t} + 1"),
    source=CS231N,
)
def size_padding_ignored(size, kernel_size, stride=1, padding=0, dilation=1):
    return _sizes(lambda s, k, t, p, d: (s - d * (k - 1) - 1) // t + 1, size, kernel_size, stride, padding, dilation)


@misconception(
    replaces="conv2d_output_size",
    en="At how many ends of a row does padding put its zeros?",
    fa="پدگذاری (padding) صفرها را در چند سرِ هر سطر می‌گذارد؟",
    route=_size_told("({s} + {p} − {e})/{t} + 1"),
    source=CONV,
)
def size_padding_on_one_side(size, kernel_size, stride=1, padding=0, dilation=1):
    return _sizes(lambda s, k, t, p, d: (s + p - d * (k - 1) - 1) // t + 1, size, kernel_size, stride, padding, dilation)


@misconception(
    replaces="conv2d_output_size",
    en="Does every convolution keep the size of its input, or only one whose padding makes up for its kernel?",
    fa="آیا هر پیچشی اندازهٔ ورودی را نگه می‌دارد یا تنها آن‌که پدگذاری‌اش با هسته‌اش جور باشد؟",
    route=_size_told("⌈{s}/{t}⌉"),
    source=CONV,
)
def size_always_same(size, kernel_size, stride=1, padding=0, dilation=1):
    return _sizes(lambda s, k, t, p, d: -(-s // t), size, kernel_size, stride, padding, dilation)


@misconception(
    replaces="conv2d_output_size",
    en="What becomes of a last step that would carry the kernel over the edge?",
    fa="گام آخری که هسته را از لبه بیرون می‌برد چه می‌شود؟",
    route=_size_told("⌈({s} + {pp} − {e})/{t}⌉ + 1"),
    source=CONV,
)
def size_rounded_up(size, kernel_size, stride=1, padding=0, dilation=1):
    return _sizes(
        lambda s, k, t, p, d: ceil((s + 2 * p - d * (k - 1) - 1) / t) + 1, size, kernel_size, stride, padding, dilation
    )


@misconception(
    replaces="conv2d_output_size",
    en="What lies between the weights of a dilated kernel, and how wide is it then?",
    fa="میان وزن‌های هستهٔ بازشده (dilated) چه چیزی قرار دارد و پهنای آن چقدر می‌شود؟",
    route=_size_told("({s} + {pp} − {k})/{t} + 1"),
    source=ARITHMETIC,
)
def size_dilation_ignored(size, kernel_size, stride=1, padding=0, dilation=1):
    return _sizes(lambda s, k, t, p, d: (s + 2 * p - k) // t + 1, size, kernel_size, stride, padding, dilation)


@misconception(
    replaces="conv2d_output_size",
    en="Dilation widens the gaps between weights; how many gaps does a kernel have?",
    fa="بازشدن هسته (dilation) فاصله‌های میان وزن‌ها را بیشتر می‌کند؛ هسته چند فاصله دارد؟",
    route=_size_told("({s} + {pp} − {k}·{d})/{t} + 1"),
    source=ARITHMETIC,
)
def size_dilated_kernel_k_times_d(size, kernel_size, stride=1, padding=0, dilation=1):
    return _sizes(lambda s, k, t, p, d: (s + 2 * p - k * d) // t + 1, size, kernel_size, stride, padding, dilation)


@misconception(
    replaces="conv2d_output_size",
    en="How many pixels does the kernel pass over from one output to the next?",
    fa="هسته از یک خروجی تا خروجی بعدی از روی چند پیکسل می‌گذرد؟",
    route=_size_told("{s} + {pp} − {e} + 1"),
    source=CS231N,
)
def size_stride_ignored(size, kernel_size, stride=1, padding=0, dilation=1):
    right.conv2d_output_size(size, kernel_size, stride, padding, dilation)
    return right.conv2d_output_size(size, kernel_size, 1, padding, dilation)


@misconception(
    replaces="conv2d_output_size",
    en="Do you take the steps before or after the kernel's own width has been taken off?",
    fa="گام‌ها را پیش از کم کردن پهنای خودِ هسته حساب می‌کنید یا پس از آن؟",
    route=_size_told("{s}/{t} + {pp} − {e} + 1"),
)
def size_stride_divides_image_only(size, kernel_size, stride=1, padding=0, dilation=1):
    return _sizes(lambda s, k, t, p, d: s // t + 2 * p - d * (k - 1) - 1 + 1, size, kernel_size, stride, padding, dilation)


@misconception(
    replaces="conv2d_output_size",
    en="Which comes first in torch's pairs, height or width?",
    fa="در جفت‌های torch نخست ارتفاع می‌آید یا پهنا؟",
    source=CONV,
)
def size_height_and_width_swapped(size, kernel_size, stride=1, padding=0, dilation=1):
    return right.conv2d_output_size(size, kernel_size, stride, padding, dilation)[::-1]


@misconception(
    replaces="conv2d_output_size",
    en="Must the image and the kernel be square?",
    fa="آیا تصویر و هسته باید مربع باشند؟",
)
def size_taken_as_square(size, kernel_size, stride=1, padding=0, dilation=1):
    height, _ = right.conv2d_output_size(size, kernel_size, stride, padding, dilation)
    return height, height


@misconception(
    replaces="conv2d_output_size",
    en="Which way does an ordinary convolution with a stride change the size, and which way a transposed one?",
    fa="پیچش معمولیِ گام‌دار اندازه را به کدام سو می‌برد و پیچش ترانهاده به کدام سو؟",
    route=_size_told("({s} − 1)·{t} − {pp} + {e}"),
    source="https://docs.pytorch.org/docs/stable/generated/torch.nn.ConvTranspose2d.html",
)
def size_transposed_formula(size, kernel_size, stride=1, padding=0, dilation=1):
    return _sizes(lambda s, k, t, p, d: (s - 1) * t - 2 * p + d * (k - 1) + 1, size, kernel_size, stride, padding, dilation)


@misconception(
    replaces="conv2d_output_size",
    en="Where can a kernel stand that is larger than the padded image, and what does torch say of such a layer?",
    fa="هسته‌ای بزرگ‌تر از تصویرِ پدگذاری‌شده کجا می‌تواند بایستد و torch دربارهٔ چنین لایه‌ای چه می‌گوید؟",
    source=CONV,
)
def size_impossible_not_refused(size, kernel_size, stride=1, padding=0, dilation=1):
    axes = zip(*map(_pair, (size, kernel_size, stride, padding, dilation)), strict=True)
    return tuple((s + 2 * p - d * (k - 1) - 1) // (t or 1) + 1 for s, k, t, p, d in axes)


@misconception(
    replaces="conv2d_output_size",
    en="What is asked: how the output is laid out in a batch, or its two sides?",
    fa="چه چیزی خواسته شده است: چینش خروجی در یک دسته یا دو ضلع آن؟",
)
def size_with_batch_dimension(size, kernel_size, stride=1, padding=0, dilation=1):
    return (1, *right.conv2d_output_size(size, kernel_size, stride, padding, dilation))


# ---- pool2d_output_size


def _pooled(rule, size, kernel_size, stride, padding, ceil_mode):
    """``rule(size, kernel, stride, padding)`` along each axis, where torch would take the layer."""
    right.pool2d_output_size(size, kernel_size, stride, padding, ceil_mode)
    stride = kernel_size if stride is None else stride
    return tuple(rule(*axis) for axis in zip(*map(_pair, (size, kernel_size, stride, padding)), strict=True))


@misconception(
    replaces="pool2d_output_size",
    en="How far do pooling windows lie apart when no stride is given, and is that the same as for a convolution?",
    fa="وقتی گام داده نشده است پنجره‌های ادغام (pooling) چقدر از هم فاصله دارند و آیا این همان رفتار پیچش است؟",
    source=POOL,
)
def pool_stride_defaults_to_one(size, kernel_size, stride=None, padding=0, ceil_mode=False):
    right.pool2d_output_size(size, kernel_size, stride, padding, ceil_mode)
    return right.pool2d_output_size(size, kernel_size, 1 if stride is None else stride, padding, ceil_mode)


@misconception(
    replaces="pool2d_output_size",
    en="Must pooling windows touch each other, or may the stride be chosen apart from the window?",
    fa="آیا پنجره‌های ادغام باید به هم چسبیده باشند یا گام را می‌توان جدا از پنجره برگزید؟",
    source=POOL,
)
def pool_stride_is_the_window(size, kernel_size, stride=None, padding=0, ceil_mode=False):
    right.pool2d_output_size(size, kernel_size, stride, padding, ceil_mode)
    return right.pool2d_output_size(size, kernel_size, None, padding, ceil_mode)


@misconception(
    replaces="pool2d_output_size",
    en="What does ceil_mode change about the last window, which does not fit whole?",
    fa="ceil_mode دربارهٔ پنجرهٔ آخری که کامل جا نمی‌شود چه چیزی را عوض می‌کند؟",
    source=POOL,
)
def pool_ceil_mode_ignored(size, kernel_size, stride=None, padding=0, ceil_mode=False):
    return right.pool2d_output_size(size, kernel_size, stride, padding, False)


@misconception(
    replaces="pool2d_output_size",
    en="Unless it is told otherwise, what does torch do with a last window that does not fit whole?",
    fa="اگر چیز دیگری گفته نشود، torch با پنجرهٔ آخری که کامل جا نمی‌شود چه می‌کند؟",
    source=POOL,
)
def pool_always_rounded_up(size, kernel_size, stride=None, padding=0, ceil_mode=False):
    right.pool2d_output_size(size, kernel_size, stride, padding, ceil_mode)
    return right.pool2d_output_size(size, kernel_size, stride, padding, True)


@misconception(
    replaces="pool2d_output_size",
    en="May a window begin in the padding behind the image, where it would hold no pixel?",
    fa="آیا پنجره‌ای می‌تواند در پدِ پس از تصویر آغاز شود، جایی که هیچ پیکسلی در آن نیست؟",
    source=POOL,
)
def pool_window_beyond_the_image(size, kernel_size, stride=None, padding=0, ceil_mode=False):
    up = (lambda a, b: -(-a // b)) if ceil_mode else (lambda a, b: a // b)
    return _pooled(lambda s, k, t, p: up(s + 2 * p - k, t) + 1, *(size, kernel_size, stride, padding, ceil_mode))


@misconception(
    replaces="pool2d_output_size",
    en="Does pooling always halve, whatever its window and its stride?",
    fa="آیا ادغام همیشه نصف می‌کند، هر پنجره و گامی هم که داشته باشد؟",
    source=POOL,
)
def pool_always_halves(size, kernel_size, stride=None, padding=0, ceil_mode=False):
    return _pooled(lambda s, k, t, p: s // 2, size, kernel_size, stride, padding, ceil_mode)


@misconception(
    replaces="pool2d_output_size",
    en="Does only the stride shrink the image, or does the window's own width take something too?",
    fa="آیا تنها گام تصویر را کوچک می‌کند یا پهنای خودِ پنجره هم چیزی از آن می‌کاهد؟",
    source=ARITHMETIC,
)
def pool_window_ignored(size, kernel_size, stride=None, padding=0, ceil_mode=False):
    return _pooled(
        lambda s, k, t, p: -(-(s + 2 * p) // t) if ceil_mode else (s + 2 * p) // t,
        *(size, kernel_size, stride, padding, ceil_mode),
    )


@misconception(
    replaces="pool2d_output_size",
    en="Can a pooling layer be padded, and what does that do to the number of windows?",
    fa="آیا لایهٔ ادغام هم می‌تواند پد داشته باشد و این با شمار پنجره‌ها چه می‌کند؟",
    source=POOL,
)
def pool_padding_ignored(size, kernel_size, stride=None, padding=0, ceil_mode=False):
    right.pool2d_output_size(size, kernel_size, stride, padding, ceil_mode)
    return right.pool2d_output_size(size, kernel_size, stride, 0, ceil_mode)


@misconception(
    replaces="pool2d_output_size",
    en="In torch's pairs for a pooling window, which side is named first?",
    fa="در جفت‌هایی که torch برای پنجرهٔ ادغام می‌گیرد، نخست کدام ضلع می‌آید؟",
    source=POOL,
)
def pool_height_and_width_swapped(size, kernel_size, stride=None, padding=0, ceil_mode=False):
    return right.pool2d_output_size(size, kernel_size, stride, padding, ceil_mode)[::-1]


@misconception(
    replaces="pool2d_output_size",
    en="How much padding may a window have before some window sees no pixel, and what does torch say beyond that?",
    fa="پدِ پنجرهٔ ادغام تا چه اندازه می‌تواند باشد که هیچ پنجره‌ای بی‌پیکسل نماند و torch بیش از آن را چه می‌گوید؟",
    source=POOL,
)
def pool_impossible_not_refused(size, kernel_size, stride=None, padding=0, ceil_mode=False):
    try:
        return right.pool2d_output_size(size, kernel_size, stride, padding, ceil_mode)
    except ValueError:
        stride = kernel_size if stride is None else stride
        axes = zip(*map(_pair, (size, kernel_size, stride, padding)), strict=True)
        return tuple((s + 2 * p - k) // (t or 1) + 1 for s, k, t, p in axes)


# ---- conv2d_parameters


def _checked(in_channels, out_channels, kernel_size, groups, bias):
    """The kernel's sides, where torch would take the layer."""
    right.conv2d_parameters(in_channels, out_channels, kernel_size, groups, bias)
    return _pair(kernel_size)


def _conv_told(template, per_bias=" + {o}"):
    """A route: ``template`` over the layer's numbers, with the biases where there are any."""

    def route(in_channels, out_channels, kernel_size, groups=1, bias=True):
        h, w = _pair(kernel_size)
        numbers = {"i": in_channels, "o": out_channels, "h": h, "w": w, "g": groups, "f": in_channels // groups}
        return (template + per_bias * bool(bias)).format(**numbers)

    return route


@misconception(
    replaces="conv2d_parameters",
    en="Which channels does each filter see?",
    fa="هر فیلتر کدام کانال‌ها را می‌بیند؟",
    route=_conv_told("{o}·{h}·{w}"),
    source=CS231N,
)
def conv_input_channels_forgotten(in_channels, out_channels, kernel_size, groups=1, bias=True):
    kh, kw = _checked(in_channels, out_channels, kernel_size, groups, bias)
    return out_channels * kh * kw + out_channels * bool(bias)


@misconception(
    replaces="conv2d_parameters",
    en="A filter multiplies and sums; what does it add before it hands on its result?",
    fa="فیلتر ضرب می‌کند و جمع می‌زند؛ پیش از دادن نتیجه چه چیزی به آن می‌افزاید؟",
    route=_conv_told("{o}·{f}·{h}·{w}", per_bias=""),
    source=CS231N,
)
def conv_bias_forgotten(in_channels, out_channels, kernel_size, groups=1, bias=True):
    return right.conv2d_parameters(in_channels, out_channels, kernel_size, groups, bias=False)


@misconception(
    replaces="conv2d_parameters",
    en="Which channels does each filter see, and what does it add to its sum?",
    fa="هر فیلتر کدام کانال‌ها را می‌بیند و به حاصل‌جمع خود چه می‌افزاید؟",
    route=_conv_told("{o}·{h}·{w}", per_bias=""),
    source=CS231N,
)
def conv_input_channels_and_bias_forgotten(in_channels, out_channels, kernel_size, groups=1, bias=True):
    kh, kw = _checked(in_channels, out_channels, kernel_size, groups, bias)
    return out_channels * kh * kw


@misconception(
    replaces="conv2d_parameters",
    en="Is the bias the layer's, or each filter's own?",
    fa="بایاس از آنِ لایه است یا هر فیلتر بایاس خودش را دارد؟",
    route=_conv_told("{o}·{f}·{h}·{w}", per_bias=" + 1"),
    source=CONV,
)
def conv_one_bias_for_the_layer(in_channels, out_channels, kernel_size, groups=1, bias=True):
    return right.conv2d_parameters(in_channels, out_channels, kernel_size, groups, bias=False) + bool(bias)


@misconception(
    replaces="conv2d_parameters",
    en="A filter looks at several channels and gives one map; where is its bias added, in each channel or in the map?",
    fa="فیلتر چند کانال را می‌بیند و یک نقشه می‌دهد؛ بایاس در هر کانال افزوده می‌شود یا در آن نقشه؟",
    route=_conv_told("{o}·{f}·{h}·{w}", per_bias=" + {o}·{f}"),
    source=CS231N,
)
def conv_bias_per_channel_of_a_filter(in_channels, out_channels, kernel_size, groups=1, bias=True):
    without = right.conv2d_parameters(in_channels, out_channels, kernel_size, groups, bias=False)
    return without + out_channels * (in_channels // groups) * bool(bias)


@misconception(
    replaces="conv2d_parameters",
    en="A filter sums all its products before it adds its bias; how many biases does it need?",
    fa="فیلتر همهٔ حاصل‌ضرب‌ها را جمع می‌کند و بعد بایاس را می‌افزاید؛ به چند بایاس نیاز دارد؟",
    route=_conv_told("{o}·{f}·{h}·{w}", per_bias=" + {o}·{f}·{h}·{w}"),
)
def conv_bias_per_weight(in_channels, out_channels, kernel_size, groups=1, bias=True):
    return right.conv2d_parameters(in_channels, out_channels, kernel_size, groups, bias=False) * (1 + bool(bias))


@misconception(
    replaces="conv2d_parameters",
    en="Are the biases counted on the side that comes in or on the side that goes out?",
    fa="بایاس‌ها را باید از سوی ورودی شمرد یا از سوی خروجی؟",
    route=_conv_told("{o}·{f}·{h}·{w}", per_bias=" + {i}"),
    source=CONV,
)
def conv_bias_per_input_channel(in_channels, out_channels, kernel_size, groups=1, bias=True):
    without = right.conv2d_parameters(in_channels, out_channels, kernel_size, groups, bias=False)
    return without + in_channels * bool(bias)


@misconception(
    replaces="conv2d_parameters",
    en="What is left to learn of a layer that was made with bias=False?",
    fa="در لایه‌ای که با bias=False ساخته شده است چه چیزهایی برای یادگیری می‌ماند؟",
    source=CONV,
)
def conv_bias_argument_ignored(in_channels, out_channels, kernel_size, groups=1, bias=True):
    return right.conv2d_parameters(in_channels, out_channels, kernel_size, groups, bias=True)


@misconception(
    replaces="conv2d_parameters",
    en="Does the number given tell how many filters there are, or how they are laid out along two sides?",
    fa="عددی که داده شده شمار فیلترهاست یا چینش آن‌ها در دو ضلع؟",
    route=_conv_told("{o}·{o}·{f}·{h}·{w}", per_bias=" + {o}·{o}"),
)
def conv_filters_squared(in_channels, out_channels, kernel_size, groups=1, bias=True):
    return right.conv2d_parameters(in_channels, out_channels, kernel_size, groups, bias) * out_channels


@misconception(
    replaces="conv2d_parameters",
    en="Is the kernel a line or a window with two sides?",
    fa="هسته یک خط است یا پنجره‌ای با دو ضلع؟",
    route=_conv_told("{o}·{f}·{h}"),
    source=CS231N,
)
def conv_kernel_side_not_squared(in_channels, out_channels, kernel_size, groups=1, bias=True):
    kh, _ = _checked(in_channels, out_channels, kernel_size, groups, bias)
    return out_channels * (in_channels // groups) * kh + out_channels * bool(bias)


@misconception(
    replaces="conv2d_parameters",
    en="Are the two sides of this kernel equally long?",
    fa="آیا دو ضلع این هسته به یک اندازه‌اند؟",
    route=_conv_told("{o}·{f}·{h}·{h}"),
)
def conv_rectangular_kernel_squared(in_channels, out_channels, kernel_size, groups=1, bias=True):
    kh, _ = _checked(in_channels, out_channels, kernel_size, groups, bias)
    return right.conv2d_parameters(in_channels, out_channels, kh, groups, bias)


@misconception(
    replaces="conv2d_parameters",
    en="Does the filter learn new weights at each position, or carry the same ones along?",
    fa="آیا فیلتر در هر جای تصویر وزن‌های تازه یاد می‌گیرد یا همان وزن‌ها را با خود می‌برد؟",
    route=_conv_told(f"{{o}}·{{f}}·{{h}}·{{w}}·{HANDOUT_POSITIONS}"),
    source=CS231N,
)
def conv_weights_not_shared_over_positions(in_channels, out_channels, kernel_size, groups=1, bias=True):
    weights = right.conv2d_parameters(in_channels, out_channels, kernel_size, groups, bias=False)
    return weights * HANDOUT_POSITIONS + out_channels * bool(bias)


@misconception(
    replaces="conv2d_parameters",
    en="Are you counting what is learnt, or what is multiplied while the image passes through?",
    fa="آنچه می‌شمارید چیزهایی است که یاد گرفته می‌شوند یا ضرب‌هایی که هنگام گذر تصویر انجام می‌شوند؟",
    route=_conv_told(f"{{o}}·{{f}}·{{h}}·{{w}}·{HANDOUT_POSITIONS}", per_bias=""),
    source=CS231N,
)
def conv_multiplications_counted(in_channels, out_channels, kernel_size, groups=1, bias=True):
    return right.conv2d_parameters(in_channels, out_channels, kernel_size, groups, bias=False) * HANDOUT_POSITIONS


@misconception(
    replaces="conv2d_parameters",
    en="When the channels are split into groups, which of them does a filter still see?",
    fa="وقتی کانال‌ها به چند گروه بخش می‌شوند، هر فیلتر هنوز کدام‌ها را می‌بیند؟",
    route=_conv_told("{o}·{i}·{h}·{w}"),
    source=CONV,
)
def conv_groups_ignored(in_channels, out_channels, kernel_size, groups=1, bias=True):
    _checked(in_channels, out_channels, kernel_size, groups, bias)
    return right.conv2d_parameters(in_channels, out_channels, kernel_size, 1, bias)


@misconception(
    replaces="conv2d_parameters",
    en="Do groups give a filter more to look at, or less?",
    fa="گروه‌بندی، دیدِ هر فیلتر را بیشتر می‌کند یا کمتر؟",
    route=_conv_told("{o}·{i}·{g}·{h}·{w}"),
    source=CONV,
)
def conv_groups_multiplied(in_channels, out_channels, kernel_size, groups=1, bias=True):
    _checked(in_channels, out_channels, kernel_size, groups, bias)
    return right.conv2d_parameters(in_channels * groups, out_channels, kernel_size, 1, bias)


@misconception(
    replaces="conv2d_parameters",
    en="You have looked at one group; how many of them make up the layer?",
    fa="شما یک گروه را شمرده‌اید؛ لایه از چند گروه ساخته شده است؟",
    route=_conv_told("({o}/{g})·{f}·{h}·{w}"),
    source=CONV,
)
def conv_groups_divide_both_sides(in_channels, out_channels, kernel_size, groups=1, bias=True):
    without = right.conv2d_parameters(in_channels, out_channels, kernel_size, groups, bias=False)
    return without // groups + out_channels * bool(bias)


@misconception(
    replaces="conv2d_parameters",
    en="Can every number of channels be split into these groups, and what does torch say where it cannot?",
    fa="آیا هر شماری از کانال‌ها به این گروه‌ها بخش‌پذیر است و اگر نباشد torch چه می‌گوید؟",
    source=CONV,
)
def conv_impossible_not_refused(in_channels, out_channels, kernel_size, groups=1, bias=True):
    kh, kw = _pair(kernel_size)
    return out_channels * (in_channels // (groups or 1)) * kh * kw + out_channels * bool(bias)


# ---- stacks of layers

CONVS, POOLS, NORMS = ("conv",), ("maxpool", "avgpool"), ("batchnorm",)


def _with(layers, kinds, **changes):
    """The layers again, those of ``kinds`` changed."""
    return [{**layer, **changes} if layer["kind"] in kinds else layer for layer in layers]


def _without(layers, kinds):
    return [layer for layer in layers if layer["kind"] not in kinds]


def _convs(in_channels, layers):
    """Each convolution with the channels that reach it."""
    for layer in layers:
        if layer["kind"] in CONVS:
            yield in_channels, layer
            in_channels = layer["out_channels"]


def _windows(layers):
    """Each pooling layer's window, (height, width)."""
    return [_pair(layer["kernel_size"]) for layer in layers if layer["kind"] in POOLS]


def _before_last_pooling(layers):
    last = max((index for index, layer in enumerate(layers) if layer["kind"] in POOLS), default=len(layers))
    return layers[:last]


def _walk(image_shape, layers, conv=None, pool=None):
    """The shape after ``layers``, sizes by ``conv`` and ``pool`` (the reference's where None)."""
    conv, pool = conv or right.conv2d_output_size, pool or right.pool2d_output_size
    right.stack_output_shape(image_shape, layers)
    channels, *size = image_shape
    for layer in layers:
        options = {key: value for key, value in layer.items() if key not in ("kind", "out_channels", "groups", "bias")}
        if layer["kind"] in CONVS:
            channels, size = layer["out_channels"], conv(tuple(size), **options)
        elif layer["kind"] in POOLS:
            size = pool(tuple(size), **options)
    return (channels, *size)


# ---- stack_output_shape


@misconception(
    replaces="stack_output_shape",
    en="In which order does torch name channels, height and width?",
    fa="torch کانال‌ها و ارتفاع و پهنا را با چه ترتیبی می‌آورد؟",
    source=CONV,
)
def stack_channels_last(image_shape, layers):
    channels, height, width = right.stack_output_shape(image_shape, layers)
    return height, width, channels


@misconception(
    replaces="stack_output_shape",
    en="How many maps does a layer with that many filters give: as many as came in?",
    fa="لایه‌ای با این شمار فیلتر چند نقشه می‌دهد: به شمار آنچه وارد شده است؟",
    source=CS231N,
)
def stack_input_channels_kept(image_shape, layers):
    return (image_shape[0], *right.stack_output_shape(image_shape, layers)[1:])


@misconception(
    replaces="stack_output_shape",
    en="Does a filter give a map for each channel that it sees, or a single map for all of them together?",
    fa="آیا فیلتر برای هر کانالی که می‌بیند یک نقشه می‌دهد یا برای همه با هم تنها یک نقشه؟",
    route=lambda image_shape, layers: "·".join(
        str(n) for n in (image_shape[0], *(layer["out_channels"] for _, layer in _convs(image_shape[0], layers)))
    ),
    source=CS231N,
)
def stack_channels_multiplied(image_shape, layers):
    channels = prod(layer["out_channels"] for _, layer in _convs(image_shape[0], layers)) * image_shape[0]
    return (channels, *right.stack_output_shape(image_shape, layers)[1:])


@misconception(
    replaces="stack_output_shape",
    en="How many maps lie on top of each other at the end, one for all filters or one for each?",
    fa="در پایان چند نقشه روی هم قرار دارند: یکی برای همهٔ فیلترها یا برای هر فیلتر یکی؟",
    source=CS231N,
)
def stack_one_map_only(image_shape, layers):
    return (1, *right.stack_output_shape(image_shape, layers)[1:])


@misconception(
    replaces="stack_output_shape",
    en="What does pooling leave of the height and the width?",
    fa="پس از ادغام (pooling) از ارتفاع و پهنا چه می‌ماند؟",
    source=CS231N,
)
def stack_pooling_ignored(image_shape, layers):
    right.stack_output_shape(image_shape, layers)
    return right.stack_output_shape(image_shape, _without(layers, POOLS))


@misconception(
    replaces="stack_output_shape",
    en="Have you followed the image through all the pooling layers, the last one included?",
    fa="آیا تصویر را از همهٔ لایه‌های ادغام گذرانده‌اید، آخرین لایه را هم؟",
)
def stack_one_pooling_too_few(image_shape, layers):
    right.stack_output_shape(image_shape, layers)
    before = _before_last_pooling(layers)
    return right.stack_output_shape(image_shape, [*before, *layers[len(before) + 1 :]])


@misconception(
    replaces="stack_output_shape",
    en="How many pooling layers are there, counted one by one?",
    fa="اگر یکی‌یکی بشمارید، چند لایهٔ ادغام وجود دارد؟",
)
def stack_one_pooling_too_many(image_shape, layers):
    right.stack_output_shape(image_shape, layers)
    return right.stack_output_shape(image_shape, [*layers, *layers[len(_before_last_pooling(layers)) :][:1]])


@misconception(
    replaces="stack_output_shape",
    en="What do the zeros round each layer's input make up for?",
    fa="صفرهای دورِ ورودیِ هر لایه چه چیزی را جبران می‌کنند؟",
    source=CS231N,
)
def stack_padding_ignored(image_shape, layers):
    right.stack_output_shape(image_shape, layers)
    return right.stack_output_shape(image_shape, _with(layers, CONVS, padding=0))


@misconception(
    replaces="stack_output_shape",
    en="On how many sides of each layer's input is the padding put?",
    fa="پد در چند سوی ورودیِ هر لایه گذاشته می‌شود؟",
    source=CONV,
)
def stack_padding_on_one_side(image_shape, layers):
    return _walk(image_shape, layers, conv=size_padding_on_one_side.wrong)


@misconception(
    replaces="stack_output_shape",
    en="In how many places can each kernel stand along a row, the first place included?",
    fa="هر هسته در طول یک سطر در چند جا می‌تواند بایستد، با احتساب جای نخست؟",
    source=CONV,
)
def stack_kernel_not_less_one(image_shape, layers):
    return _walk(image_shape, layers, conv=size_kernel_not_less_one.wrong)


@misconception(
    replaces="stack_output_shape",
    en="How far does each convolution's kernel move at a step?",
    fa="هستهٔ هر پیچش در هر گام چقدر جابه‌جا می‌شود؟",
    source=CS231N,
)
def stack_conv_stride_ignored(image_shape, layers):
    right.stack_output_shape(image_shape, layers)
    return right.stack_output_shape(image_shape, _with(layers, CONVS, stride=1))


@misconception(
    replaces="stack_output_shape",
    en="How wide is a kernel with gaps between its weights?",
    fa="هسته‌ای که میان وزن‌هایش فاصله هست چقدر پهنا دارد؟",
    source=ARITHMETIC,
)
def stack_dilation_ignored(image_shape, layers):
    right.stack_output_shape(image_shape, layers)
    return right.stack_output_shape(image_shape, _with(layers, CONVS, dilation=1))


@misconception(
    replaces="stack_output_shape",
    en="Which stride does a pooling layer take when the list leaves it out?",
    fa="اگر گام لایهٔ ادغام در فهرست نیامده باشد، کدام گام به کار می‌رود؟",
    source=POOL,
)
def stack_pool_stride_defaults_to_one(image_shape, layers):
    return _walk(image_shape, layers, pool=pool_stride_defaults_to_one.wrong)


@misconception(
    replaces="stack_output_shape",
    en="Which of the pooling layers may keep a last window that is not whole?",
    fa="کدام‌یک از لایه‌های ادغام می‌تواند پنجرهٔ ناقصِ آخر را نگه دارد؟",
    source=POOL,
)
def stack_ceil_mode_ignored(image_shape, layers):
    right.stack_output_shape(image_shape, layers)
    return right.stack_output_shape(image_shape, _with(layers, POOLS, ceil_mode=False))


@misconception(
    replaces="stack_output_shape",
    en="Is it height or width that follows the channels?",
    fa="پس از کانال‌ها ارتفاع می‌آید یا پهنا؟",
    source=CONV,
)
def stack_height_and_width_swapped(image_shape, layers):
    channels, height, width = right.stack_output_shape(image_shape, layers)
    return channels, width, height


@misconception(
    replaces="stack_output_shape",
    en="Does the shape of one image's output have a place for the batch?",
    fa="آیا در شکلِ خروجیِ یک تصویر جایی برای بُعد دسته (batch) هست؟",
    source=CONV,
)
def stack_with_batch_dimension(image_shape, layers):
    return (1, *right.stack_output_shape(image_shape, layers))


# ---- stack_parameters


def _stack_told(channels, per_bias=" + {o}", then=lambda in_channels, layers: []):
    """A route: each convolution's arithmetic, in brackets, and ``then`` more terms.

    ``channels(index, in the first, in this one, out)`` are those that the convolution is taken to see, None for none.
    """

    def route(in_channels, layers):
        steps = []
        for index, (inputs, layer) in enumerate(_convs(in_channels, layers)):
            out, seen = layer["out_channels"], channels(index, in_channels, inputs, layer["out_channels"])
            factors = [out, max(seen // layer.get("groups", 1), 1)] if seen else [out]
            product = "·".join(map(str, (*factors, *_pair(layer["kernel_size"]))))
            steps.append(f"({product}{per_bias.format(o=out)})" if per_bias and layer.get("bias", True) else product)
        steps += [f"2·{width}" for width in _norm_widths(in_channels, layers)]
        return " + ".join([*steps, *map(str, then(in_channels, layers))])

    return route


def _convs_taken_with(channels, in_channels, layers):
    """What the stack holds when each convolution sees ``channels(index, in the first, in this one, out)``."""
    whole = right.stack_parameters(in_channels, layers)
    for index, (inputs, layer) in enumerate(_convs(in_channels, layers)):
        out, kernel, groups = layer["out_channels"], layer["kernel_size"], layer.get("groups", 1)
        seen = max(channels(index, in_channels, inputs, out) // groups, 1)
        whole += out * seen * prod(_pair(kernel)) - right.conv2d_parameters(inputs, out, kernel, groups, bias=False)
    return whole


def _norm_widths(in_channels, layers):
    """The channels that each batch norm normalises."""
    for layer in layers:
        in_channels = layer.get("out_channels", in_channels)
        if layer["kind"] in NORMS:
            yield in_channels


def _biases(in_channels, layers):
    return [layer["out_channels"] for _, layer in _convs(in_channels, layers) if layer.get("bias", True)]


@misconception(
    replaces="stack_parameters",
    en="How many maps reach the second convolution, and does each of its filters look at all of them?",
    fa="به پیچش دوم چند نقشه می‌رسد و آیا هر فیلترِ آن همهٔ آن‌ها را می‌بیند؟",
    route=_stack_told(lambda index, first, inputs, out: None),
    source=CS231N,
)
def stack_input_channels_forgotten(in_channels, layers):
    return _convs_taken_with(lambda index, first, inputs, out: 1, in_channels, layers)


@misconception(
    replaces="stack_parameters",
    en="Which channels does each filter see in each layer, and does every layer have biases of its own?",
    fa="در هر لایه هر فیلتر کدام کانال‌ها را می‌بیند و آیا هر لایه بایاس‌های خودش را دارد؟",
    route=_stack_told(lambda index, first, inputs, out: None, "", lambda *asked: _biases(*asked)[-1:]),
    source=CS231N,
)
def stack_input_channels_forgotten_and_bias_once(in_channels, layers):
    biases = _biases(in_channels, layers)
    return stack_input_channels_forgotten.wrong(in_channels, layers) - sum(biases[:-1])


@misconception(
    replaces="stack_parameters",
    en="The first layer sees the image; what do the later ones see?",
    fa="لایهٔ نخست تصویر را می‌بیند؛ لایه‌های بعدی چه چیزی را می‌بینند؟",
    route=_stack_told(lambda index, first, inputs, out: 1 if index else first),
    source=CS231N,
)
def stack_later_input_channels_forgotten(in_channels, layers):
    return _convs_taken_with(lambda index, first, inputs, out: 1 if index else first, in_channels, layers)


@misconception(
    replaces="stack_parameters",
    en="Are the filters of the second and third convolution the same as those of the first?",
    fa="آیا فیلترهای پیچش دوم و سوم همان فیلترهای پیچش نخست‌اند؟",
    source=CS231N,
)
def stack_first_conv_only(in_channels, layers):
    convs = list(_convs(in_channels, layers))
    later = sum(
        right.conv2d_parameters(
            inputs, layer["out_channels"], layer["kernel_size"], layer.get("groups", 1), layer.get("bias", True)
        )
        for inputs, layer in convs[1:]
    )
    return right.stack_parameters(in_channels, layers) - later


@misconception(
    replaces="stack_parameters",
    en="How many channels come out of the first convolution, and who sees them?",
    fa="از پیچش نخست چند کانال بیرون می‌آید و چه کسی آن‌ها را می‌بیند؟",
    route=_stack_told(lambda index, first, inputs, out: first),
    source=CS231N,
)
def stack_every_layer_sees_the_image(in_channels, layers):
    return _convs_taken_with(lambda index, first, inputs, out: first, in_channels, layers)


@misconception(
    replaces="stack_parameters",
    en="What does the very first convolution look at?",
    fa="نخستین پیچش به چه چیزی نگاه می‌کند؟",
    route=_stack_told(lambda index, first, inputs, out: out),
    source=CS231N,
)
def stack_every_layer_sees_its_own_width(in_channels, layers):
    return _convs_taken_with(lambda index, first, inputs, out: out, in_channels, layers)


@misconception(
    replaces="stack_parameters",
    en="Besides its weights, what does each filter of each layer learn?",
    fa="هر فیلترِ هر لایه جز وزن‌هایش چه چیزی یاد می‌گیرد؟",
    route=_stack_told(lambda index, first, inputs, out: inputs, ""),
    source=CS231N,
)
def stack_bias_forgotten(in_channels, layers):
    return right.stack_parameters(in_channels, layers) - sum(_biases(in_channels, layers))


@misconception(
    replaces="stack_parameters",
    en="Does every layer have biases of its own, or do the layers share one set?",
    fa="آیا هر لایه بایاس‌های خودش را دارد یا همهٔ لایه‌ها یک مجموعهٔ مشترک دارند؟",
    route=_stack_told(lambda index, first, inputs, out: inputs, "", lambda *asked: _biases(*asked)[-1:]),
)
def stack_bias_counted_once(in_channels, layers):
    return right.stack_parameters(in_channels, layers) - sum(_biases(in_channels, layers)[:-1])


@misconception(
    replaces="stack_parameters",
    en="Taking the largest value of a window: what is there to be learnt?",
    fa="برداشتن بزرگ‌ترین مقدارِ یک پنجره: چه چیزی برای یادگیری در آن هست؟",
    source=CS231N,
)
def stack_pooling_window_learnt(in_channels, layers):
    return right.stack_parameters(in_channels, layers) + sum(h * w for h, w in _windows(layers))


@misconception(
    replaces="stack_parameters",
    en="Pooling treats each map by a fixed rule; which numbers of that rule could training change?",
    fa="ادغام با هر نقشه به قاعده‌ای ثابت رفتار می‌کند؛ آموزش کدام عددِ این قاعده را می‌تواند تغییر دهد؟",
    source=CS231N,
)
def stack_pooling_window_learnt_per_channel(in_channels, layers):
    total, channels = right.stack_parameters(in_channels, layers), in_channels
    for layer in layers:
        channels = layer.get("out_channels", channels)
        total += sum(channels * h * w for h, w in _windows([layer]))
    return total


@misconception(
    replaces="stack_parameters",
    en="After batch norm has normalised a channel, what may it still learn to do with it?",
    fa="نرمال‌سازی دسته‌ای پس از نرمال کردن هر کانال، چه چیزی را می‌تواند دربارهٔ آن یاد بگیرد؟",
    source=NORM,
)
def stack_batch_norm_left_out(in_channels, layers):
    right.stack_parameters(in_channels, layers)
    return right.stack_parameters(in_channels, _without(layers, NORMS))


@misconception(
    replaces="stack_parameters",
    en="Are the running mean and variance learnt by gradient, or only kept?",
    fa="آیا میانگین و واریانسِ جاری با گرادیان یاد گرفته می‌شوند یا فقط نگه داشته می‌شوند؟",
    source=NORM,
)
def stack_running_statistics_counted(in_channels, layers):
    return right.stack_parameters(in_channels, layers) + 2 * sum(_norm_widths(in_channels, layers))


@misconception(
    replaces="stack_parameters",
    en="Does batch norm learn its scale and shift for the whole layer, or channel by channel?",
    fa="نرمال‌سازی دسته‌ای ضریب و جابه‌جایی را برای کل لایه یاد می‌گیرد یا کانال‌به‌کانال؟",
    source=NORM,
)
def stack_batch_norm_one_pair(in_channels, layers):
    widths = list(_norm_widths(in_channels, layers))
    return right.stack_parameters(in_channels, layers) - 2 * sum(widths) + 2 * len(widths)


@misconception(
    replaces="stack_parameters",
    en="In a grouped convolution of the stack, which of the channels does one filter see?",
    fa="در پیچشِ گروهیِ این پشته، هر فیلتر کدام کانال‌ها را می‌بیند؟",
    source=CONV,
)
def stack_groups_ignored(in_channels, layers):
    right.stack_parameters(in_channels, layers)
    return right.stack_parameters(in_channels, _with(layers, CONVS, groups=1))


# ---- head_parameters


def _head(feature_shape, num_classes, pooling):
    """What reaches the linear layer: its number of inputs, where the reference takes the call."""
    right.head_parameters(feature_shape, num_classes, pooling)
    return prod(feature_shape) if pooling == "flatten" else feature_shape[0]


@misconception(
    replaces="head_parameters",
    en="What does each class add to its weighted sum?",
    fa="هر کلاس به جمع وزن‌دار خود چه چیزی می‌افزاید؟",
    route=lambda feature_shape, num_classes, pooling="flatten": (
        f"{_head(feature_shape, num_classes, pooling)}·{num_classes}"
    ),
)
def head_bias_forgotten(feature_shape, num_classes, pooling="flatten"):
    return _head(feature_shape, num_classes, pooling) * num_classes


@misconception(
    replaces="head_parameters",
    en="Does flattening keep one map, or all of them?",
    fa="تخت کردن تنها یک نقشه را نگه می‌دارد یا همهٔ نقشه‌ها را؟",
    route=lambda feature_shape, num_classes, pooling="flatten": (
        f"{feature_shape[1]}·{feature_shape[2]}·{num_classes} + {num_classes}"
    ),
)
def head_positions_of_one_map_only(feature_shape, num_classes, pooling="flatten"):
    inputs = _head(feature_shape, num_classes, pooling)
    return (prod(feature_shape[1:]) if pooling == "flatten" else inputs) * num_classes + num_classes


@misconception(
    replaces="head_parameters",
    en="Over what does global average pooling take its mean: over the positions of a map, or over the maps?",
    fa="ادغام میانگین سراسری روی چه چیزی میانگین می‌گیرد: روی جاهای یک نقشه یا روی نقشه‌ها؟",
    route=lambda feature_shape, num_classes, pooling="flatten": (
        f"{feature_shape[1]}·{feature_shape[2]}·{num_classes} + {num_classes}"
    ),
    source=NETWORK_IN_NETWORK,
)
def head_average_over_channels(feature_shape, num_classes, pooling="flatten"):
    inputs = _head(feature_shape, num_classes, pooling)
    return (prod(feature_shape[1:]) if pooling == "gap" else inputs) * num_classes + num_classes


@misconception(
    replaces="head_parameters",
    en="Which is the last layer before flattening, and how large is each map after it?",
    fa="آخرین لایهٔ پیش از تخت کردن کدام است و پس از آن هر نقشه چه اندازه‌ای دارد؟",
    route=lambda feature_shape, num_classes, pooling="flatten": (
        f"{feature_shape[0]}·{2 * feature_shape[1]}·{2 * feature_shape[2]}·{num_classes} + {num_classes}"
    ),
)
def head_flattened_before_the_last_pooling(feature_shape, num_classes, pooling="flatten"):
    inputs = _head(feature_shape, num_classes, pooling)
    return inputs * (4 if pooling == "flatten" else 1) * num_classes + num_classes


@misconception(
    replaces="head_parameters",
    en="What does global average pooling leave of each map before the linear layer?",
    fa="ادغام میانگین سراسری پیش از لایهٔ خطی از هر نقشه چه باقی می‌گذارد؟",
    route=lambda feature_shape, num_classes, pooling="flatten": f"{prod(feature_shape)}·{num_classes} + {num_classes}",
    source=NETWORK_IN_NETWORK,
)
def head_average_forgotten(feature_shape, num_classes, pooling="flatten"):
    right.head_parameters(feature_shape, num_classes, pooling)
    return right.head_parameters(feature_shape, num_classes, "flatten")


@misconception(
    replaces="head_parameters",
    en="Does flattening throw positions away, or lay them side by side?",
    fa="تخت کردن، جاهای مکانی را دور می‌ریزد یا کنار هم می‌چیند؟",
    route=lambda feature_shape, num_classes, pooling="flatten": f"{feature_shape[0]}·{num_classes} + {num_classes}",
)
def head_flatten_taken_for_average(feature_shape, num_classes, pooling="flatten"):
    right.head_parameters(feature_shape, num_classes, pooling)
    return right.head_parameters(feature_shape, num_classes, "gap")


@misconception(
    replaces="head_parameters",
    en="Do the classes share a bias?",
    fa="آیا کلاس‌ها در بایاس شریک‌اند؟",
    route=lambda feature_shape, num_classes, pooling="flatten": (
        f"{_head(feature_shape, num_classes, pooling)}·{num_classes} + 1"
    ),
)
def head_one_bias(feature_shape, num_classes, pooling="flatten"):
    return _head(feature_shape, num_classes, pooling) * num_classes + 1


@misconception(
    replaces="head_parameters",
    en="Is a mean over positions a layer that learns?",
    fa="آیا میانگین گرفتن روی جاهای نقشه لایه‌ای است که یاد می‌گیرد؟",
    route=lambda feature_shape, num_classes, pooling="flatten": (
        f"{feature_shape[0]}·{num_classes} + {num_classes} + {prod(feature_shape)}"
    ),
    source=NETWORK_IN_NETWORK,
)
def head_average_counted_as_learnt(feature_shape, num_classes, pooling="flatten"):
    whole = right.head_parameters(feature_shape, num_classes, pooling)
    return whole + (prod(feature_shape) if pooling == "gap" else 0)


@misconception(
    replaces="head_parameters",
    en="Which ways of closing the network are known here, and what should an unknown one lead to?",
    fa="اینجا کدام شیوه‌های پایان دادن به شبکه شناخته‌شده‌اند و با شیوهٔ ناشناخته چه باید کرد؟",
)
def head_unknown_pooling_accepted(feature_shape, num_classes, pooling="flatten"):
    return right.head_parameters(feature_shape, num_classes, "gap" if pooling == "gap" else "flatten")


# ---- receptive_field


def _strides(layers):
    """The layers with each pooling stride written out."""
    return [
        {**layer, "stride": layer["kernel_size"] if layer.get("stride") is None else layer["stride"]}
        if layer["kind"] in POOLS
        else layer
        for layer in layers
    ]


def _field(layers, grow, start=(1, 1)):
    """The field grown layer by layer: ``grow(field, jump, extent, stride)`` gives an axis's next field and jump."""
    right.receptive_field(layers)
    field, jump = list(start), [1, 1]
    for layer in _strides(layers):
        if "kernel_size" not in layer:
            continue
        kernel, stride = _pair(layer["kernel_size"]), _pair(layer.get("stride", 1))
        dilation = _pair(layer.get("dilation", 1))
        for axis in (0, 1):
            extent = dilation[axis] * (kernel[axis] - 1)
            field[axis], jump[axis] = grow(field[axis], jump[axis], extent, stride[axis])
    return tuple(field)


def _kernels(layers, kinds=CONVS):
    """(heights, widths) of the kernels, dilated."""
    kept = [layer for layer in layers if layer["kind"] in kinds]
    pairs = [
        tuple(d * (k - 1) + 1 for k, d in zip(_pair(x["kernel_size"]), _pair(x.get("dilation", 1)), strict=True))
        for x in kept
    ]
    return tuple(zip(*pairs, strict=True)) or ((), ())


def _field_told(layers):
    """A route along the height: each layer's new pixels times the pixels between two of the values that it sees."""
    told, jump = "1", 1
    for layer in _strides(layers):
        if "kernel_size" in layer:
            kernel = _pair(layer["kernel_size"])[0]
            told += f" + {_pair(layer.get('dilation', 1))[0]}·({kernel} − 1)·{jump}"
            jump *= _pair(layer.get("stride", 1))[0]
    return told


@misconception(
    replaces="receptive_field",
    en="How many input pixels lie between two neighbours of a map that has been pooled?",
    fa="میان دو همسایه در نقشه‌ای که ادغام شده است چند پیکسلِ ورودی فاصله است؟",
    route=lambda layers: _field_told(_without(layers, POOLS)),
    source=FIELDS,
)
def field_pooling_ignored(layers):
    right.receptive_field(layers)
    return right.receptive_field(_without(layers, POOLS))


@misconception(
    replaces="receptive_field",
    en="Pooling spreads later kernels apart; how many values does its own window see?",
    fa="ادغام، هسته‌های بعدی را از هم باز می‌کند؛ پنجرهٔ خودش چند مقدار را می‌بیند؟",
    route=lambda layers: _field_told(_with(_strides(layers), POOLS, kernel_size=1)),
    source=FIELDS,
)
def field_pooling_window_ignored(layers):
    right.receptive_field(layers)
    return right.receptive_field(_with(_strides(layers), POOLS, kernel_size=1, padding=0))


@misconception(
    replaces="receptive_field",
    en="Pooling's window is seen; what does its stride do to every layer that comes after?",
    fa="پنجرهٔ ادغام را دیده‌اید؛ گامِ آن با همهٔ لایه‌های پس از خود چه می‌کند؟",
    route=lambda layers: _field_told(_with(layers, POOLS, stride=1)),
    source=FIELDS,
)
def field_pooling_stride_ignored(layers):
    right.receptive_field(layers)
    return right.receptive_field(_with(layers, POOLS, stride=1))


@misconception(
    replaces="receptive_field",
    en="Is the field asked before or after the last pooling?",
    fa="میدان دید پیش از آخرین ادغام خواسته شده است یا پس از آن؟",
    route=lambda layers: _field_told(_before_last_pooling(layers)),
)
def field_before_the_last_pooling(layers):
    right.receptive_field(layers)
    return right.receptive_field(_before_last_pooling(layers))


@misconception(
    replaces="receptive_field",
    en="Two kernels one after the other share the value on which they meet; how far do they reach together?",
    fa="دو هستهٔ پیاپی در مقداری که به هم می‌رسند مشترک‌اند؛ با هم تا کجا می‌رسند؟",
    route=lambda layers: " + ".join(map(str, _kernels(layers)[0])),
    source=FIELDS,
)
def field_kernels_summed(layers):
    right.receptive_field(layers)
    return tuple(map(sum, _kernels(layers)))


@misconception(
    replaces="receptive_field",
    en="Windows of pooling and of convolution follow one another; do their widths simply add up?",
    fa="پنجره‌های ادغام و پیچش پشت سر هم می‌آیند؛ آیا پهناهایشان به‌سادگی جمع می‌شوند؟",
    route=lambda layers: " + ".join(map(str, _kernels(layers, CONVS + POOLS)[0])),
    source=FIELDS,
)
def field_all_windows_summed(layers):
    right.receptive_field(layers)
    return tuple(map(sum, _kernels(layers, CONVS + POOLS)))


@misconception(
    replaces="receptive_field",
    en="Does a second kernel multiply what the first one sees, or widen it at its rim?",
    fa="آیا هستهٔ دوم دیدِ هستهٔ اول را چند برابر می‌کند یا تنها از لبه‌ها آن را می‌گستراند؟",
    route=lambda layers: "·".join(map(str, _kernels(layers)[0])),
    source=FIELDS,
)
def field_kernels_multiplied(layers):
    right.receptive_field(layers)
    return tuple(map(prod, _kernels(layers)))


@misconception(
    replaces="receptive_field",
    en="How many pixels does a kernel span when there are gaps between its weights?",
    fa="هسته‌ای که میان وزن‌هایش فاصله هست چند پیکسل را دربر می‌گیرد؟",
    source=FIELDS,
)
def field_dilation_ignored(layers):
    right.receptive_field(layers)
    return right.receptive_field(_with(layers, CONVS, dilation=1))


@misconception(
    replaces="receptive_field",
    en="How many gaps does a dilated kernel have, and does anything follow its last weight?",
    fa="هستهٔ بازشده (dilated) چند فاصله دارد و آیا پس از آخرین وزنش چیزی هست؟",
    source=ARITHMETIC,
)
def field_dilated_kernel_k_times_d(layers):
    right.receptive_field(layers)
    spread = [
        {
            **layer,
            "kernel_size": tuple(
                k * d for k, d in zip(_pair(layer["kernel_size"]), _pair(layer.get("dilation", 1)), strict=True)
            ),
            "dilation": 1,
        }
        if layer["kind"] in CONVS
        else layer
        for layer in layers
    ]
    return right.receptive_field(spread)


@misconception(
    replaces="receptive_field",
    en="Which layers' strides does a kernel feel: its own, or those before it?",
    fa="هر هسته گامِ کدام لایه‌ها را حس می‌کند: گام خودش یا گامِ لایه‌های پیشین را؟",
    source=FIELDS,
)
def field_own_stride_counted(layers):
    return _field(layers, lambda r, j, extent, stride: (r + extent * j * stride, j * stride))


@misconception(
    replaces="receptive_field",
    en="Is it only the layer just before that spreads a kernel, or all the layers before?",
    fa="آیا تنها لایهٔ پیشین است که هسته را از هم باز می‌کند یا همهٔ لایه‌های پیشین؟",
    source=FIELDS,
)
def field_strides_not_accumulated(layers):
    return _field(layers, lambda r, j, extent, stride: (r + extent * j, stride if extent or stride > 1 else j))


@misconception(
    replaces="receptive_field",
    en="Before any layer, how many pixels does a value see?",
    fa="پیش از هر لایه‌ای، هر مقدار چند پیکسل را می‌بیند؟",
    source=FIELDS,
)
def field_starts_from_nothing(layers):
    return _field(layers, lambda r, j, extent, stride: (r + extent * j, j * stride), start=(0, 0))


@misconception(
    replaces="receptive_field",
    en="A kernel begins on a value already seen; how many new ones does it bring on that axis?",
    fa="هسته از مقداری آغاز می‌کند که پیش‌تر دیده شده است؛ در آن راستا چند مقدار تازه می‌آورد؟",
    source=FIELDS,
)
def field_kernel_not_less_one(layers):
    return _field(layers, lambda r, j, extent, stride: (r + (extent + 1) * j, j * stride))


@misconception(
    replaces="receptive_field",
    en="Does a convolution that skips positions bring later values closer together or further apart in the image?",
    fa="پیچشی که از روی جاها می‌پرد، مقدارهای بعدی را در تصویر به هم نزدیک‌تر می‌کند یا دورتر؟",
    source=FIELDS,
)
def field_conv_stride_ignored(layers):
    right.receptive_field(layers)
    return right.receptive_field(_with(layers, CONVS, stride=1))


@misconception(
    replaces="receptive_field",
    en="Which axis does the first number of a kernel's pair belong to?",
    fa="نخستین عدد در جفتِ هسته به کدام راستا مربوط است؟",
    source=CONV,
)
def field_height_and_width_swapped(layers):
    return right.receptive_field(layers)[::-1]


@misconception(
    replaces="receptive_field",
    en="If you walk back from the output, which layer do you meet first?",
    fa="اگر از خروجی به عقب برگردید، نخست به کدام لایه می‌رسید؟",
    source=FIELDS,
)
def field_layers_in_reverse(layers):
    right.receptive_field(layers)
    return right.receptive_field(list(layers)[::-1])


@misconception(
    replaces="receptive_field",
    en="What is asked: how wide the region is, or how many pixels it holds?",
    fa="چه چیزی خواسته شده است: پهنای ناحیه یا شمار پیکسل‌های آن؟",
)
def field_area_instead_of_sides(layers):
    height, width = right.receptive_field(layers)
    return height * width, height * width


# ---- ConvNet


class _ConvNet(nn.Module):
    """The network of question 2 for images of 128×128, each of its choices open to change."""

    blocks, padding, bias = 3, 2, True
    norm, activation, pool, last = nn.Identity, nn.ReLU, nn.MaxPool2d, nn.Identity

    def __init__(self, num_classes=10, pooling="flatten"):
        super().__init__()
        with torch.device("meta"):
            right.ConvNet(num_classes, pooling)  # refuses what the reference refuses
        self.pooling, layers = pooling, []
        for block in range(self.blocks):
            layers += [self.conv(block), self.norm(), self.activation(), self.pool(2)]
        self.features = self.hold(layers)
        self.head = nn.Linear(self.values(), num_classes)
        self.after = self.last()

    def conv(self, block):
        return nn.Conv2d(3 if block == 0 else 16, 16, 5, padding=self.padding, bias=self.bias)

    def hold(self, layers):
        return nn.Sequential(*layers)

    def values(self):
        """What reaches the linear layer."""
        return 16 * (128 // 2**self.blocks) ** 2 if self.pooling == "flatten" else 16

    def pooled(self, maps):
        return maps.flatten(1) if self.pooling == "flatten" else maps.mean((2, 3))

    def forward(self, images):
        for layer in self.features:
            images = layer(images)
        return self.after(self.head(self.pooled(images)))


@misconception(
    replaces="ConvNet",
    en="Does the loss expect probabilities, or does it turn scores into probabilities by itself?",
    fa="تابع زیان احتمال می‌خواهد یا خودش امتیازها را به احتمال تبدیل می‌کند؟",
    source=LOSS,
)
class net_softmax_after_logits(_ConvNet):
    last = staticmethod(lambda: nn.Softmax(dim=1))


@misconception(
    replaces="ConvNet",
    en="Which loss wants logarithms of probabilities, and which wants plain scores?",
    fa="کدام تابع زیان لگاریتم احتمال می‌خواهد و کدام امتیاز خام؟",
    source=LOSS,
)
class net_log_softmax_after_logits(_ConvNet):
    last = staticmethod(lambda: nn.LogSoftmax(dim=1))


@misconception(
    replaces="ConvNet",
    en="May a class have a negative score, and what would become of it behind your last layer?",
    fa="آیا امتیاز یک کلاس می‌تواند منفی باشد و پس از آخرین لایهٔ شما چه بر سر آن می‌آید؟",
    source=LOSS,
)
class net_relu_after_logits(_ConvNet):
    last = nn.ReLU


@misconception(
    replaces="ConvNet",
    en="How does a module learn of layers that are kept in an ordinary Python list?",
    fa="اگر لایه‌ها در فهرست معمولی پایتون نگه داشته شوند، ماژول چگونه از آن‌ها باخبر می‌شود؟",
    source=MODULES,
)
class net_layers_in_a_plain_list(_ConvNet):
    def hold(self, layers):
        return layers


@misconception(
    replaces="ConvNet",
    en="What stands between two convolutions that keeps them from being one?",
    fa="میان دو پیچش چه چیزی هست که نمی‌گذارد هر دو یکی شوند؟",
    source=CS231N,
)
class net_relu_missing(_ConvNet):
    activation = nn.Identity


@misconception(
    replaces="ConvNet",
    en="Which value of each window does the asked pooling keep?",
    fa="ادغامِ خواسته‌شده کدام مقدارِ هر پنجره را نگه می‌دارد؟",
    source=POOL,
)
class net_average_pooling(_ConvNet):
    pool = nn.AvgPool2d


@misconception(
    replaces="ConvNet",
    en="Which size should a map have after each of these convolutions, before pooling?",
    fa="نقشه پس از هر یک از این پیچش‌ها و پیش از ادغام باید چه اندازه‌ای داشته باشد؟",
    source=CONV,
)
class net_padding_missing(_ConvNet):
    padding = 0

    def values(self):
        return 16 * 12 * 12 if self.pooling == "flatten" else 16


@misconception(
    replaces="ConvNet",
    en="How many times is the block of convolution, ReLU and pooling asked?",
    fa="بلوکِ پیچش و ReLU و ادغام چند بار خواسته شده است؟",
)
class net_one_block_too_few(_ConvNet):
    blocks = 2


@misconception(
    replaces="ConvNet",
    en="Are the three convolutions three layers, or one layer that is used again?",
    fa="سه پیچش سه لایهٔ جدا هستند یا یک لایه که دوباره به کار می‌رود؟",
)
class net_one_conv_used_again(_ConvNet):
    def conv(self, block):
        if block < 2:
            self._again = [super().conv(block)]
        return self._again[0]


@misconception(
    replaces="ConvNet",
    en="What should the network do with each map when it is asked for global average pooling?",
    fa="وقتی ادغام میانگین سراسری خواسته می‌شود، شبکه باید با هر نقشه چه کند؟",
    source=NETWORK_IN_NETWORK,
)
class net_average_forgotten(_ConvNet):
    def __init__(self, num_classes=10, pooling="flatten"):
        super().__init__(num_classes, pooling if pooling not in ("flatten", "gap") else "flatten")


@misconception(
    replaces="ConvNet",
    en="Along which axes is the global mean taken, and what is left of the maps?",
    fa="میانگین سراسری در راستای کدام محورها گرفته می‌شود و از نقشه‌ها چه می‌ماند؟",
    source=NETWORK_IN_NETWORK,
)
class net_average_over_channels(_ConvNet):
    def values(self):
        return 16 * 16 * (16 if self.pooling == "flatten" else 1)

    def pooled(self, maps):
        return maps.flatten(1) if self.pooling == "flatten" else maps.mean(1).flatten(1)


@misconception(
    replaces="ConvNet",
    en="Is it the mean of each map that is asked, or its peak?",
    fa="آیا میانگین هر نقشه خواسته شده است یا بیشینهٔ آن؟",
    source=NETWORK_IN_NETWORK,
)
class net_global_maximum(_ConvNet):
    def pooled(self, maps):
        return maps.flatten(1) if self.pooling == "flatten" else maps.amax((2, 3))


@misconception(
    replaces="ConvNet",
    en="Which layers were asked, and which have you added of your own accord?",
    fa="کدام لایه‌ها خواسته شده بود و کدام‌ها را خودتان افزوده‌اید؟",
    source=NORM,
)
class net_batch_norm_added(_ConvNet):
    norm = staticmethod(lambda: nn.BatchNorm2d(16))


@misconception(
    replaces="ConvNet",
    en="What does each filter add to its sum?",
    fa="هر فیلتر به حاصل‌جمع خود چه می‌افزاید؟",
    source=CONV,
)
class net_conv_bias_missing(_ConvNet):
    bias = False


@misconception(
    replaces="ConvNet",
    en="Which dimension of a batch must flattening leave alone?",
    fa="تخت کردن کدام بُعدِ دسته را نباید دست بزند؟",
    source="https://docs.pytorch.org/docs/stable/generated/torch.flatten.html",
)
class net_batch_flattened_too(_ConvNet):
    def pooled(self, maps):
        return torch.flatten(maps) if self.pooling == "flatten" else super().pooled(maps)


@misconception(
    replaces="ConvNet",
    en="Can a network be trained on the name of the winning class, or does it need every class's score?",
    fa="آیا شبکه را می‌توان با نام کلاس برنده آموزش داد یا امتیاز همهٔ کلاس‌ها لازم است؟",
    source=LOSS,
)
class net_winner_instead_of_scores(_ConvNet):
    def forward(self, images):
        return super().forward(images).argmax(1)
