"""Wrong answers that people give to question 3: the U-Net's sizes and parameters.

Every entry differs from ``q3_unet`` by one idea; it asks the reference first, so it refuses what the reference refuses.
"""

from __future__ import annotations

from itertools import pairwise

import torch
from torch import nn

from autograder.author import misconception
from solutions import q3_unet as right

CONV = "https://docs.pytorch.org/docs/stable/generated/torch.nn.Conv2d.html"
TRANSPOSED = "https://docs.pytorch.org/docs/stable/generated/torch.nn.ConvTranspose2d.html"
NORM = "https://docs.pytorch.org/docs/stable/generated/torch.nn.BatchNorm2d.html"
LOSS = "https://docs.pytorch.org/docs/stable/generated/torch.nn.CrossEntropyLoss.html"
MODULES = "https://docs.pytorch.org/docs/stable/generated/torch.nn.ModuleList.html"
CS231N = "https://cs231n.github.io/convolutional-networks/"
UNET = "Ronneberger, Fischer and Brox, U-Net: Convolutional Networks for Biomedical Image Segmentation, arXiv:1505.04597"
CHECKERBOARD = "https://distill.pub/2016/deconv-checkerboard/"


def _pair(value):
    return tuple(value) if isinstance(value, tuple | list) else (value, value)


# ---- bottleneck_shape


@misconception(
    replaces="bottleneck_shape",
    en="Starting from the image, after which of the halvings does the bottleneck lie?",
    fa="اگر از خود تصویر آغاز کنید، گلوگاه پس از کدام نصف شدن قرار دارد؟",
    route=lambda image_size, levels=4: f"({_pair(image_size)[0]}/2^{levels - 1})·({_pair(image_size)[1]}/2^{levels - 1})",
    source=UNET,
)
def bottleneck_one_level_too_few(image_size, levels=4):
    right.bottleneck_shape(image_size, levels)
    return tuple(side // 2 ** (levels - 1) if levels else side for side in _pair(image_size))


@misconception(
    replaces="bottleneck_shape",
    en="Is the bottleneck itself halved once more after the encoder's last level?",
    fa="آیا پس از آخرین سطحِ رمزگذار، خودِ گلوگاه هم یک بار دیگر نصف می‌شود؟",
    route=lambda image_size, levels=4: f"({_pair(image_size)[0]}/2^{levels + 1})·({_pair(image_size)[1]}/2^{levels + 1})",
    source=UNET,
)
def bottleneck_one_level_too_many(image_size, levels=4):
    right.bottleneck_shape(image_size, levels)
    return tuple(side // 2 ** (levels + 1) for side in _pair(image_size))


@misconception(
    replaces="bottleneck_shape",
    en="A map has two sides; how do they give its number of positions?",
    fa="نقشه دو ضلع دارد؛ شمار جایگاه‌های آن چگونه از این دو به دست می‌آید؟",
    route=lambda image_size, levels=4: f"{_pair(image_size)[0]}/2^{levels}",
)
def bottleneck_side_instead_of_area(image_size, levels=4):
    return right.bottleneck_shape(image_size, levels)[0], 1


@misconception(
    replaces="bottleneck_shape",
    en="Is a position counted once, or once for each map that lies over it?",
    fa="هر جایگاه یک بار شمرده می‌شود یا برای هر نقشه‌ای که روی آن است یک بار؟",
    route=lambda image_size, levels=4: (
        f"{64 * 2**levels}·({_pair(image_size)[0]}/2^{levels})·({_pair(image_size)[1]}/2^{levels})"
    ),
    source=UNET,
)
def bottleneck_channels_counted(image_size, levels=4):
    return (64 * 2**levels, *right.bottleneck_shape(image_size, levels))


@misconception(
    replaces="bottleneck_shape",
    en="Does halving an image apply to each of its sides, or to its area?",
    fa="نصف کردنِ تصویر برای هر ضلع آن است یا برای مساحت آن؟",
    route=lambda image_size, levels=4: f"{_pair(image_size)[0]}·{_pair(image_size)[1]}/2^{levels}",
    source=UNET,
)
def bottleneck_area_halved(image_size, levels=4):
    right.bottleneck_shape(image_size, levels)
    height, width = _pair(image_size)
    return height // 2 ** ((levels + 1) // 2), width // 2 ** (levels // 2)


@misconception(
    replaces="bottleneck_shape",
    en="If something is halved several times over, do the divisors add up or multiply?",
    fa="اگر چیزی چند بار پیاپی نصف شود، مقسوم‌علیه‌ها جمع می‌شوند یا در هم ضرب؟",
    route=lambda image_size, levels=4: f"({_pair(image_size)[0]}/(2·{levels}))·({_pair(image_size)[1]}/(2·{levels}))",
)
def bottleneck_halvings_added(image_size, levels=4):
    right.bottleneck_shape(image_size, levels)
    return tuple(side // max(2 * levels, 1) for side in _pair(image_size))


@misconception(
    replaces="bottleneck_shape",
    en="Are this encoder's convolutions padded or not, and what do they do to the size?",
    fa="آیا پیچش‌های این رمزگذار پد دارند یا نه و با اندازه چه می‌کنند؟",
    source=UNET,
)
def bottleneck_of_unpadded_convs(image_size, levels=4):
    right.bottleneck_shape(image_size, levels)
    sides = _pair(image_size)
    for _ in range(levels):
        sides = [(side - 4) // 2 for side in sides]
    return tuple(side - 4 for side in sides)


@misconception(
    replaces="bottleneck_shape",
    en="Which side of the image does the first number of its size stand for?",
    fa="نخستین عددِ اندازهٔ تصویر برای کدام ضلع آن است؟",
    source=CONV,
)
def bottleneck_height_and_width_swapped(image_size, levels=4):
    return right.bottleneck_shape(image_size, levels)[::-1]


@misconception(
    replaces="bottleneck_shape",
    en="Must the image be square?",
    fa="آیا تصویر باید مربع باشد؟",
)
def bottleneck_taken_as_square(image_size, levels=4):
    height, _ = right.bottleneck_shape(image_size, levels)
    return height, height


@misconception(
    replaces="bottleneck_shape",
    en="How often can so small an image be halved before nothing is left, and what should be said then?",
    fa="تصویری به این کوچکی را چند بار می‌توان نصف کرد تا چیزی نماند و آن‌گاه چه باید گفت؟",
    source=UNET,
)
def bottleneck_impossible_not_refused(image_size, levels=4):
    return tuple(int(side // 2**levels) for side in _pair(image_size))


# ---- double_conv_parameters


def _checked(in_channels, out_channels, kernel_size):
    """The kernel's sides, where the reference takes the call."""
    right.double_conv_parameters(in_channels, out_channels, kernel_size)
    return _pair(kernel_size)


def _one(in_channels, out_channels, kernel_size):
    """Parameters of one convolution with bias."""
    kh, kw = _pair(kernel_size)
    return in_channels * out_channels * kh * kw + out_channels


def _double_told(*convs, per_bias=" + {o}"):
    """A route: each of ``convs``, channels (in, out) in letters, told in brackets."""

    def route(in_channels, out_channels, kernel_size=3):
        kh, kw = _pair(kernel_size)
        numbers = {"i": in_channels, "o": out_channels, "h": kh, "w": kw}
        return " + ".join((f"({conv}·{{h}}·{{w}}" + per_bias + ")").format(**numbers) for conv in convs)

    return route


@misconception(
    replaces="double_conv_parameters",
    en="How many convolutions does a level of the U-Net have?",
    fa="هر سطح U-Net چند پیچش دارد؟",
    route=_double_told("{i}·{o}"),
    source=UNET,
)
def double_first_conv_only(in_channels, out_channels, kernel_size=3):
    _checked(in_channels, out_channels, kernel_size)
    return _one(in_channels, out_channels, kernel_size)


@misconception(
    replaces="double_conv_parameters",
    en="Which convolution of the level changes the number of channels, and has it been counted?",
    fa="کدام پیچشِ این سطح شمار کانال‌ها را تغییر می‌دهد و آیا شمرده شده است؟",
    route=_double_told("{o}·{o}"),
    source=UNET,
)
def double_second_conv_only(in_channels, out_channels, kernel_size=3):
    _checked(in_channels, out_channels, kernel_size)
    return _one(out_channels, out_channels, kernel_size)


@misconception(
    replaces="double_conv_parameters",
    en="How many channels come down into this level from the one above?",
    fa="از سطح بالایی چند کانال به این سطح می‌رسد؟",
    route=_double_told("{o}·{o}", "{o}·{o}"),
    source=UNET,
)
def double_both_see_the_new_width(in_channels, out_channels, kernel_size=3):
    _checked(in_channels, out_channels, kernel_size)
    return 2 * _one(out_channels, out_channels, kernel_size)


@misconception(
    replaces="double_conv_parameters",
    en="What does the second convolution of the level look at?",
    fa="پیچش دومِ این سطح به چه چیزی نگاه می‌کند؟",
    route=_double_told("{i}·{o}", "{i}·{o}"),
    source=UNET,
)
def double_both_see_the_old_width(in_channels, out_channels, kernel_size=3):
    _checked(in_channels, out_channels, kernel_size)
    return 2 * _one(in_channels, out_channels, kernel_size)


@misconception(
    replaces="double_conv_parameters",
    en="Which of the two convolutions brings in the new channels?",
    fa="کدام‌یک از دو پیچش کانال‌های تازه را می‌آورد؟",
    route=lambda in_channels, out_channels, kernel_size=3: " + ".join(
        f"({in_channels}·{out}·{_pair(kernel_size)[0]}·{_pair(kernel_size)[1]} + {out})"
        for out in (in_channels, out_channels)
    ),
    source=UNET,
)
def double_widened_by_the_second(in_channels, out_channels, kernel_size=3):
    _checked(in_channels, out_channels, kernel_size)
    return _one(in_channels, in_channels, kernel_size) + _one(in_channels, out_channels, kernel_size)


@misconception(
    replaces="double_conv_parameters",
    en="Besides its weights, what does each filter of both convolutions learn?",
    fa="هر فیلتر در هر دو پیچش جز وزن‌هایش چه چیزی یاد می‌گیرد؟",
    route=_double_told("{i}·{o}", "{o}·{o}", per_bias=""),
    source=CONV,
)
def double_bias_forgotten(in_channels, out_channels, kernel_size=3):
    return right.double_conv_parameters(in_channels, out_channels, kernel_size) - 2 * out_channels


@misconception(
    replaces="double_conv_parameters",
    en="Do the two convolutions share their biases?",
    fa="آیا دو پیچش در بایاس‌ها شریک‌اند؟",
    route=lambda in_channels, out_channels, kernel_size=3: (
        f"{_double_told('{i}·{o}', '{o}·{o}', per_bias='')(in_channels, out_channels, kernel_size)} + {out_channels}"
    ),
)
def double_bias_counted_once(in_channels, out_channels, kernel_size=3):
    return right.double_conv_parameters(in_channels, out_channels, kernel_size) - out_channels


@misconception(
    replaces="double_conv_parameters",
    en="Which channels does each filter see?",
    fa="هر فیلتر کدام کانال‌ها را می‌بیند؟",
    route=_double_told("{o}", "{o}"),
    source=CS231N,
)
def double_input_channels_forgotten(in_channels, out_channels, kernel_size=3):
    _checked(in_channels, out_channels, kernel_size)
    return 2 * _one(1, out_channels, kernel_size)


@misconception(
    replaces="double_conv_parameters",
    en="Counting from the image, which level is the one that is asked, and how wide is it?",
    fa="اگر از تصویر بشمارید، سطح خواسته‌شده کدام است و چند کانال دارد؟",
    route=lambda in_channels, out_channels, kernel_size=3: _double_told("{i}·{o}", "{o}·{o}")(
        2 * in_channels, 2 * out_channels, kernel_size
    ),
    source=UNET,
)
def double_of_the_level_below(in_channels, out_channels, kernel_size=3):
    _checked(in_channels, out_channels, kernel_size)
    return right.double_conv_parameters(2 * in_channels, 2 * out_channels, kernel_size)


@misconception(
    replaces="double_conv_parameters",
    en="Is the first level the one that takes the image in, or the one below it?",
    fa="سطح نخست همان است که تصویر را می‌گیرد یا سطح پایین‌تر از آن؟",
    source=UNET,
)
def double_of_the_level_above(in_channels, out_channels, kernel_size=3):
    _checked(in_channels, out_channels, kernel_size)
    narrow, wide = max(in_channels // 2, 1), max(out_channels // 2, 1)
    return right.double_conv_parameters(narrow, wide, kernel_size)


@misconception(
    replaces="double_conv_parameters",
    en="How many sides does the kernel have?",
    fa="هسته چند ضلع دارد؟",
    route=lambda in_channels, out_channels, kernel_size=3: " + ".join(
        f"({seen}·{out_channels}·{_pair(kernel_size)[0]} + {out_channels})" for seen in (in_channels, out_channels)
    ),
    source=CS231N,
)
def double_kernel_side_not_squared(in_channels, out_channels, kernel_size=3):
    kh, _ = _checked(in_channels, out_channels, kernel_size)
    return _one(in_channels, out_channels, (kh, 1)) + _one(out_channels, out_channels, (kh, 1))


@misconception(
    replaces="double_conv_parameters",
    en="Are both sides of this kernel alike?",
    fa="آیا هر دو ضلع این هسته یکسان‌اند؟",
)
def double_rectangular_kernel_squared(in_channels, out_channels, kernel_size=3):
    kh, _ = _checked(in_channels, out_channels, kernel_size)
    return right.double_conv_parameters(in_channels, out_channels, kh)


@misconception(
    replaces="double_conv_parameters",
    en="Does the original U-Net have any layer between convolution and ReLU that learns?",
    fa="آیا در U-Net اصلی میان پیچش و ReLU لایه‌ای هست که چیزی یاد بگیرد؟",
    source=UNET,
)
def double_batch_norm_counted(in_channels, out_channels, kernel_size=3):
    return right.double_conv_parameters(in_channels, out_channels, kernel_size) + 2 * 2 * out_channels


# ---- unet_output_size


def _valley(image_size, levels, encoder=4, bottom=4, decoder=4, up=lambda side: 2 * side):
    """Each side through the U of unpadded convolutions, which take off the given numbers of pixels a level."""
    right.unet_output_size(image_size, levels)
    sides = list(_pair(image_size))
    for _ in range(levels):
        sides = [(side - encoder) // 2 for side in sides]
    sides = [side - bottom for side in sides]
    for _ in range(levels):
        sides = [up(side) - decoder for side in sides]
    return tuple(sides)


@misconception(
    replaces="unet_output_size",
    en="What does a convolution without padding do at the border of its input?",
    fa="پیچشِ بدون پد در مرز ورودی چه می‌کند؟",
    source=UNET,
)
def output_padded_convs_assumed(image_size, levels=4):
    right.unet_output_size(image_size, levels)
    return _pair(image_size)


@misconception(
    replaces="unet_output_size",
    en="How many convolutions take their border off at each level?",
    fa="در هر سطح چند پیچش از مرزها می‌کاهند؟",
    source=UNET,
)
def output_one_conv_a_level(image_size, levels=4):
    return _valley(image_size, levels, encoder=2, bottom=2, decoder=2)


@misconception(
    replaces="unet_output_size",
    en="Are there convolutions at the bottom of the U, between the last halving and the first doubling?",
    fa="آیا در پایین‌ترین جای U، میان آخرین نصف شدن و نخستین دو برابر شدن، پیچشی هست؟",
    source=UNET,
)
def output_bottom_convs_forgotten(image_size, levels=4):
    return _valley(image_size, levels, bottom=0)


@misconception(
    replaces="unet_output_size",
    en="What follows on the way up after each concatenation?",
    fa="در مسیر بالا رفتن، پس از هر الحاق چه می‌آید؟",
    source=UNET,
)
def output_decoder_convs_forgotten(image_size, levels=4):
    return _valley(image_size, levels, decoder=0)


@misconception(
    replaces="unet_output_size",
    en="What comes before each halving on the way down?",
    fa="در مسیر پایین رفتن، پیش از هر نصف شدن چه می‌آید؟",
    source=UNET,
)
def output_encoder_convs_forgotten(image_size, levels=4):
    return _valley(image_size, levels, encoder=0)


@misconception(
    replaces="unet_output_size",
    en="By how much does a kernel shorten a row, given that all of it must stay on the row?",
    fa="هسته‌ای که باید کامل روی سطر بماند، سطر را چقدر کوتاه می‌کند؟",
    source=CS231N,
)
def output_kernel_not_less_one(image_size, levels=4):
    return _valley(image_size, levels, encoder=6, bottom=6, decoder=6)


@misconception(
    replaces="unet_output_size",
    en="Which way does the transposed convolution change the size?",
    fa="پیچش ترانهاده اندازه را به کدام سو تغییر می‌دهد؟",
    source=TRANSPOSED,
)
def output_transposed_conv_inverted(image_size, levels=4):
    return _valley(image_size, levels, up=lambda side: side // 2)


@misconception(
    replaces="unet_output_size",
    en="What undoes the halvings on the way up?",
    fa="در مسیر بالا رفتن چه چیزی نصف شدن‌ها را جبران می‌کند؟",
    source=UNET,
)
def output_upsampling_forgotten(image_size, levels=4):
    return _valley(image_size, levels, up=lambda side: side)


@misconception(
    replaces="unet_output_size",
    en="The encoder's maps are larger than the decoder's where they meet; which of the two sizes survives?",
    fa="نقشه‌های رمزگذار هنگام رسیدن به نقشه‌های رمزگشا بزرگ‌ترند؛ کدام اندازه می‌ماند؟",
    route=lambda image_size, levels=4: " , ".join(dict.fromkeys(f"{side} − 4 − 4" for side in _pair(image_size))),
    source=UNET,
)
def output_skip_not_cropped(image_size, levels=4):
    right.unet_output_size(image_size, levels)
    return tuple(side - 8 if levels else side - 4 for side in _pair(image_size))


@misconception(
    replaces="unet_output_size",
    en="How often is the image halved on its way down?",
    fa="تصویر در مسیر پایین رفتن چند بار نصف می‌شود؟",
    source=UNET,
)
def output_one_level_too_few(image_size, levels=4):
    right.unet_output_size(image_size, levels)
    return _valley_of(image_size, levels - 1)


@misconception(
    replaces="unet_output_size",
    en="Is the bottom of the U one of the levels that are halved?",
    fa="آیا پایین‌ترین سطحِ U هم یکی از سطح‌هایی است که نصف می‌شوند؟",
    source=UNET,
)
def output_one_level_too_many(image_size, levels=4):
    right.unet_output_size(image_size, levels)
    return _valley_of(image_size, levels + 1)


def _valley_of(image_size, levels):
    """The right way through another number of levels, whether or not the reference would take it."""
    sides = list(_pair(image_size))
    for _ in range(levels):
        sides = [(side - 4) // 2 for side in sides]
    for _ in range(levels):
        sides = [(side - 4) * 2 for side in sides]
    return tuple(side - 4 for side in sides)


@misconception(
    replaces="unet_output_size",
    en="What becomes of a row or column left over when a map is halved, and can the U then be closed as it was meant?",
    fa="وقتی در نصف کردنِ نقشه سطر یا ستونی زیاد می‌آید چه می‌شود و آیا U آن‌گاه همان‌گونه که باید بسته می‌شود؟",
    source=UNET,
)
def output_impossible_not_refused(image_size, levels=4):
    return _valley_of(image_size, levels)


@misconception(
    replaces="unet_output_size",
    en="Does height or width come first?",
    fa="نخست ارتفاع می‌آید یا پهنا؟",
    source=CONV,
)
def output_height_and_width_swapped(image_size, levels=4):
    return right.unet_output_size(image_size, levels)[::-1]


# ---- unet_parameters


def _transposed(wide, narrow):
    """Parameters of a 2×2 transposed convolution."""
    return _one(wide, narrow, 2)


def _final(base_channels, num_classes):
    """Parameters of the closing 1×1 convolution."""
    return _one(base_channels, num_classes, 1)


def _double(in_channels, out_channels):
    return right.double_conv_parameters(in_channels, out_channels)


def _unet(asked, *, double=_double, joined=lambda narrow: 2 * narrow, decoder=None, up=_transposed, final=_final):
    """The parameters of the U for ``asked`` (in_channels, num_classes, base_channels, levels), some pieces replaced."""
    right.unet_parameters(*asked)
    in_channels, num_classes, base_channels, levels = asked
    widths = [base_channels * 2**level for level in range(levels + 1)]
    total = sum(double(i, o) for i, o in zip([in_channels, *widths], widths, strict=False))
    for narrow, wide in pairwise(widths):
        total += up(wide, narrow) + (decoder or double)(joined(narrow), narrow)
    return total + final(base_channels, num_classes)


@misconception(
    replaces="unet_parameters",
    en="What comes across from the encoder, and how many channels does the decoder's first convolution then see?",
    fa="از رمزگذار چه چیزی می‌رسد و نخستین پیچشِ رمزگشا آن‌گاه چند کانال می‌بیند؟",
    source=UNET,
)
def unet_skip_concatenation_forgotten(in_channels, num_classes, base_channels=64, levels=4):
    return _unet((in_channels, num_classes, base_channels, levels), joined=lambda narrow: narrow)


@misconception(
    replaces="unet_parameters",
    en="How many channels are left after the up-convolution, before the skip joins in?",
    fa="پس از پیچشِ بالابر و پیش از پیوستن اتصال پرشی، چند کانال می‌ماند؟",
    source=UNET,
)
def unet_skip_beside_an_unhalved_map(in_channels, num_classes, base_channels=64, levels=4):
    return _unet((in_channels, num_classes, base_channels, levels), joined=lambda narrow: 3 * narrow)


@misconception(
    replaces="unet_parameters",
    en="With what does the U-Net enlarge its maps, and does that learn anything?",
    fa="U-Net نقشه‌هایش را با چه چیزی بزرگ می‌کند و آیا آن چیز یادگیرنده است؟",
    source=UNET,
)
def unet_up_convolution_left_out(in_channels, num_classes, base_channels=64, levels=4):
    return _unet((in_channels, num_classes, base_channels, levels), up=lambda wide, narrow: 0)


@misconception(
    replaces="unet_parameters",
    en="How large is the kernel of the up-convolution, when each value becomes a small square of its own?",
    fa="وقتی هر مقدار به مربع کوچکی از آنِ خود تبدیل می‌شود، هستهٔ پیچشِ بالابر چه اندازه‌ای دارد؟",
    source=UNET,
)
def unet_up_convolution_three_by_three(in_channels, num_classes, base_channels=64, levels=4):
    return _unet((in_channels, num_classes, base_channels, levels), up=lambda wide, narrow: _one(wide, narrow, 3))


@misconception(
    replaces="unet_parameters",
    en="What does the up-convolution do to the number of channels while it enlarges the map?",
    fa="پیچشِ بالابر هنگام بزرگ کردن نقشه با شمار کانال‌ها چه می‌کند؟",
    source=UNET,
)
def unet_up_convolution_keeps_channels(in_channels, num_classes, base_channels=64, levels=4):
    return _unet((in_channels, num_classes, base_channels, levels), up=lambda wide, narrow: _one(wide, wide, 2))


@misconception(
    replaces="unet_parameters",
    en="On which side of a transposed convolution are the biases, if its channels run from wide to narrow?",
    fa="در پیچش ترانهاده که از کانال‌های بیشتر به کمتر می‌رود، بایاس‌ها در کدام سو هستند؟",
    source=TRANSPOSED,
)
def unet_transposed_conv_inverted(in_channels, num_classes, base_channels=64, levels=4):
    return _unet((in_channels, num_classes, base_channels, levels), up=lambda wide, narrow: _one(narrow, wide, 2))


@misconception(
    replaces="unet_parameters",
    en="How do the many maps at the end become one map a class?",
    fa="نقشه‌های فراوانِ پایانی چگونه به یک نقشه برای هر کلاس تبدیل می‌شوند؟",
    source=UNET,
)
def unet_final_conv_left_out(in_channels, num_classes, base_channels=64, levels=4):
    return _unet((in_channels, num_classes, base_channels, levels), final=lambda base, classes: 0)


@misconception(
    replaces="unet_parameters",
    en="How far round its own pixel does the last convolution look?",
    fa="آخرین پیچش تا کجا پیرامون پیکسل خودش را می‌بیند؟",
    source=UNET,
)
def unet_final_conv_three_by_three(in_channels, num_classes, base_channels=64, levels=4):
    asked = (in_channels, num_classes, base_channels, levels)
    return _unet(asked, final=lambda base, classes: _one(base, classes, 3))


@misconception(
    replaces="unet_parameters",
    en="Does the number of classes already say how many maps come out, or is one added for the background?",
    fa="آیا شمار کلاس‌ها خودش شمار نقشه‌های خروجی است یا یکی هم برای پس‌زمینه افزوده می‌شود؟",
)
def unet_background_class_added(in_channels, num_classes, base_channels=64, levels=4):
    asked = (in_channels, num_classes, base_channels, levels)
    return _unet(asked, final=lambda base, classes: _final(base, classes + 1))


@misconception(
    replaces="unet_parameters",
    en="Which layers lie at the bottom of the U, below the last halving?",
    fa="در کف U، پس از آخرین نصف شدن، کدام لایه‌ها قرار دارند؟",
    source=UNET,
)
def unet_bottom_left_out(in_channels, num_classes, base_channels=64, levels=4):
    asked = (in_channels, num_classes, base_channels, levels)
    bottom = base_channels * 2**levels
    return _unet(asked) - _double(bottom // 2 if levels else in_channels, bottom)


@misconception(
    replaces="unet_parameters",
    en="How many convolutions stand at each level on the way down and on the way up?",
    fa="در هر سطح، هنگام پایین رفتن و هنگام بالا رفتن، چند پیچش هست؟",
    source=UNET,
)
def unet_one_conv_a_level(in_channels, num_classes, base_channels=64, levels=4):
    asked = (in_channels, num_classes, base_channels, levels)
    return _unet(asked, double=lambda i, o: double_first_conv_only.wrong(i, o))


@misconception(
    replaces="unet_parameters",
    en="Is the decoder's level made of as many convolutions as the encoder's?",
    fa="آیا هر سطح رمزگشا به اندازهٔ سطح رمزگذار پیچش دارد؟",
    source=UNET,
)
def unet_one_conv_a_decoder_level(in_channels, num_classes, base_channels=64, levels=4):
    asked = (in_channels, num_classes, base_channels, levels)
    return _unet(asked, decoder=lambda i, o: double_first_conv_only.wrong(i, o))


@misconception(
    replaces="unet_parameters",
    en="Which learnt numbers does a convolution have besides its weights?",
    fa="هر پیچش جز وزن‌ها چه عددهای یادگرفتنیِ دیگری دارد؟",
    source=CONV,
)
def unet_bias_forgotten(in_channels, num_classes, base_channels=64, levels=4):
    asked = (in_channels, num_classes, base_channels, levels)
    return _unet(
        asked,
        double=lambda i, o: double_bias_forgotten.wrong(i, o),
        up=lambda wide, narrow: wide * narrow * 4,
        final=lambda base, classes: base * classes,
    )


@misconception(
    replaces="unet_parameters",
    en="What does the second convolution of each level see?",
    fa="پیچش دومِ هر سطح چه چیزی را می‌بیند؟",
    source=UNET,
)
def unet_second_convs_see_the_old_width(in_channels, num_classes, base_channels=64, levels=4):
    asked = (in_channels, num_classes, base_channels, levels)
    return _unet(asked, double=lambda i, o: double_both_see_the_old_width.wrong(i, o))


@misconception(
    replaces="unet_parameters",
    en="Was batch norm part of the U-Net as it is asked here?",
    fa="آیا نرمال‌سازی دسته‌ای بخشی از U-Net خواسته‌شده در اینجا بود؟",
    source=UNET,
)
def unet_batch_norm_counted(in_channels, num_classes, base_channels=64, levels=4):
    asked = (in_channels, num_classes, base_channels, levels)
    return _unet(asked, double=lambda i, o: double_batch_norm_counted.wrong(i, o))


@misconception(
    replaces="unet_parameters",
    en="How many times are the channels doubled from the first level down to the bottom?",
    fa="کانال‌ها از سطح نخست تا کف چند بار دو برابر می‌شوند؟",
    source=UNET,
)
def unet_one_level_too_few(in_channels, num_classes, base_channels=64, levels=4):
    right.unet_parameters(in_channels, num_classes, base_channels, levels)
    return right.unet_parameters(in_channels, num_classes, base_channels, levels - 1)


@misconception(
    replaces="unet_parameters",
    en="Is the bottom counted among the levels, or does it lie below them?",
    fa="کف U جزو سطح‌ها شمرده می‌شود یا زیر آن‌هاست؟",
    source=UNET,
)
def unet_one_level_too_many(in_channels, num_classes, base_channels=64, levels=4):
    right.unet_parameters(in_channels, num_classes, base_channels, levels)
    return right.unet_parameters(in_channels, num_classes, base_channels, levels + 1)


@misconception(
    replaces="unet_parameters",
    en="Is the image that enters always of a single channel?",
    fa="آیا تصویر ورودی همیشه تک‌کاناله است؟",
    source=CS231N,
)
def unet_image_channels_forgotten(in_channels, num_classes, base_channels=64, levels=4):
    right.unet_parameters(in_channels, num_classes, base_channels, levels)
    return right.unet_parameters(1, num_classes, base_channels, levels)


@misconception(
    replaces="unet_parameters",
    en="You have gone down the U; what is learnt on the way back up?",
    fa="از U پایین آمده‌اید؛ در راه بازگشت به بالا چه چیزی یاد گرفته می‌شود؟",
    source=UNET,
)
def unet_decoder_left_out(in_channels, num_classes, base_channels=64, levels=4):
    asked = (in_channels, num_classes, base_channels, levels)
    return _unet(asked, up=lambda wide, narrow: 0, decoder=lambda i, o: 0)


@misconception(
    replaces="unet_parameters",
    en="Which numbers of channels does this U-Net start from, and is it always the paper's?",
    fa="این U-Net از چند کانال آغاز می‌کند و آیا همیشه همان عددِ مقاله است؟",
    source=UNET,
)
def unet_base_channels_ignored(in_channels, num_classes, base_channels=64, levels=4):
    right.unet_parameters(in_channels, num_classes, base_channels, levels)
    return right.unet_parameters(in_channels, num_classes, 64, levels)


# ---- UNet


class _UNet(nn.Module):
    """The U-Net with padded convolutions, each of its choices open to change."""

    joined, convs, fewer = 2, 2, 0  # halves that the decoder sees; convolutions a level; levels left out
    norm, activation, last = staticmethod(lambda channels: nn.Identity()), nn.ReLU, nn.Identity

    def __init__(self, in_channels, num_classes, base_channels=64, levels=4):
        super().__init__()
        with torch.device("meta"):
            right.UNet(in_channels, num_classes, base_channels, levels)  # refuses what the reference refuses
        widths = [base_channels * 2**level for level in range(levels + 1 - self.fewer)]
        down = [self.stage(i, o) for i, o in zip([in_channels, *widths], widths, strict=False)]
        pairs = list(pairwise(widths))[::-1]
        self.down = self.hold(down)
        self.ups = self.hold([self.up(wide, narrow) for narrow, wide in pairs])
        self.decoders = self.hold([self.stage(self.joined * narrow, narrow) for narrow, _ in pairs])
        self.pool = self.pooling()
        self.final = nn.Conv2d(base_channels, num_classes, 1)
        self.after = self.last()

    def stage(self, in_channels, out_channels):
        layers = []
        for conv in range(self.convs):
            layers += [nn.Conv2d(out_channels if conv else in_channels, out_channels, 3, padding=1)]
            layers += [self.norm(out_channels), self.activation()]
        return nn.Sequential(*layers)

    def up(self, wide, narrow):
        return nn.ConvTranspose2d(wide, narrow, 2, stride=2)

    def pooling(self):
        return nn.MaxPool2d(2)

    def hold(self, layers):
        return nn.ModuleList(layers)

    def join(self, skip, maps):
        return torch.cat([skip, maps], dim=1)

    def forward(self, images):
        skips = []
        for level, convs in enumerate(self.down):
            images = convs(self.pool(images) if level else images)
            skips.append(images)
        for up, decoder, skip in zip(self.ups, self.decoders, skips[-2::-1], strict=True):
            images = decoder(self.join(skip, up(images)))
        return self.after(self.final(images))


@misconception(
    replaces="UNet",
    en="When a skip arrives, are its maps summed with the decoder's or set beside them?",
    fa="وقتی اتصال پرشی می‌رسد، نقشه‌هایش با نقشه‌های رمزگشا جمع می‌شوند یا کنار آن‌ها گذاشته می‌شوند؟",
    source=UNET,
)
class model_skips_added(_UNet):
    joined = 1

    def join(self, skip, maps):
        return skip + maps


@misconception(
    replaces="UNet",
    en="Where can the decoder find the fine detail that pooling has thrown away?",
    fa="رمزگشا جزئیات ریزی را که ادغام دور ریخته است از کجا می‌تواند بیابد؟",
    source=UNET,
)
class model_without_skips(_UNet):
    joined = 1

    def join(self, skip, maps):
        return maps


@misconception(
    replaces="UNet",
    en="Is anything learnt back through the skip, or does it only carry values forward?",
    fa="آیا از راه اتصال پرشی چیزی به عقب هم آموخته می‌شود یا تنها مقدارها را به جلو می‌برد؟",
    source="https://docs.pytorch.org/docs/stable/generated/torch.Tensor.detach.html",
)
class model_skips_detached(_UNet):
    def join(self, skip, maps):
        return torch.cat([skip.detach(), maps], dim=1)


@misconception(
    replaces="UNet",
    en="What does the skip bring that the enlarged map does not have already?",
    fa="اتصال پرشی چه چیزی می‌آورد که نقشهٔ بزرگ‌شده از پیش ندارد؟",
    source=UNET,
)
class model_map_joined_with_itself(_UNet):
    def join(self, skip, maps):
        return torch.cat([maps, maps], dim=1)


@misconception(
    replaces="UNet",
    en="Of the skip and the map that comes up, which does the task put first?",
    fa="از میان اتصال پرشی و نقشه‌ای که بالا می‌آید، تمرین کدام را نخست می‌گذارد؟",
)
class model_skip_behind_the_map(_UNet):
    def join(self, skip, maps):
        return torch.cat([maps, skip], dim=1)


@misconception(
    replaces="UNet",
    en="Is the enlarging asked here a fixed interpolation, or does it have weights to learn?",
    fa="بزرگ‌نماییِ خواسته‌شده در اینجا درون‌یابی ثابت است یا وزن‌هایی برای یادگیری دارد؟",
    source=CHECKERBOARD,
)
class model_bilinear_upsampling(_UNet):
    def up(self, wide, narrow):
        enlarged = nn.Upsample(scale_factor=2, mode="bilinear", align_corners=False)
        return nn.Sequential(enlarged, nn.Conv2d(wide, narrow, 1))


@misconception(
    replaces="UNet",
    en="Does the asked layer repeat each value, or spread it out with weights of its own?",
    fa="لایهٔ خواسته‌شده هر مقدار را تکرار می‌کند یا آن را با وزن‌هایی از آنِ خود می‌گستراند؟",
    source=CHECKERBOARD,
)
class model_nearest_upsampling(_UNet):
    def up(self, wide, narrow):
        return nn.Sequential(nn.Upsample(scale_factor=2, mode="nearest"), nn.Conv2d(wide, narrow, 1))


@misconception(
    replaces="UNet",
    en="How large must the up-convolution's kernel be if the squares that it paints are to touch without overlapping?",
    fa="هستهٔ پیچشِ بالابر چه اندازه باشد تا مربع‌هایی که می‌سازد به هم برسند و روی هم نیفتند؟",
    source=CHECKERBOARD,
)
class model_overlapping_up_convolution(_UNet):
    def up(self, wide, narrow):
        return nn.ConvTranspose2d(wide, narrow, 3, stride=2, padding=1, output_padding=1)


@misconception(
    replaces="UNet",
    en="What turns the chain of convolutions at each level into more than one linear map?",
    fa="در هر سطح چه چیزی زنجیرهٔ پیچش‌ها را از یک نگاشت خطی فراتر می‌برد؟",
    source=UNET,
)
class model_relu_missing(_UNet):
    activation = nn.Identity


@misconception(
    replaces="UNet",
    en="How many convolutions belong to each level?",
    fa="هر سطح چند پیچش دارد؟",
    source=UNET,
)
class model_one_conv_a_level(_UNet):
    convs = 1


@misconception(
    replaces="UNet",
    en="After how many halvings should the bottom be reached?",
    fa="پس از چند بار نصف شدن باید به کف رسید؟",
    source=UNET,
)
class model_one_level_too_few(_UNet):
    fewer = 1


@misconception(
    replaces="UNet",
    en="Was a normalisation asked for behind the convolutions?",
    fa="آیا پس از پیچش‌ها نرمال‌سازی خواسته شده بود؟",
    source=NORM,
)
class model_batch_norm_added(_UNet):
    norm = nn.BatchNorm2d


@misconception(
    replaces="UNet",
    en="Which pooling does the encoder use to halve its maps?",
    fa="رمزگذار با کدام ادغام نقشه‌هایش را نصف می‌کند؟",
    source=UNET,
)
class model_average_pooling(_UNet):
    def pooling(self):
        return nn.AvgPool2d(2)


@misconception(
    replaces="UNet",
    en="Who turns a pixel's scores into probabilities, the network or its loss?",
    fa="چه چیزی امتیازهای هر پیکسل را به احتمال تبدیل می‌کند: شبکه یا تابع زیان؟",
    source=LOSS,
)
class model_softmax_after_logits(_UNet):
    last = staticmethod(lambda: nn.Softmax(dim=1))


@misconception(
    replaces="UNet",
    en="Should the network already squeeze its scores, when the loss can do so more safely?",
    fa="آیا خود شبکه باید امتیازها را فشرده کند، در حالی که تابع زیان این کار را مطمئن‌تر انجام می‌دهد؟",
    source="https://docs.pytorch.org/docs/stable/generated/torch.nn.BCEWithLogitsLoss.html",
)
class model_sigmoid_after_logits(_UNet):
    last = nn.Sigmoid


@misconception(
    replaces="UNet",
    en="What happens to a pixel's negative score behind your last layer?",
    fa="امتیاز منفیِ یک پیکسل پس از آخرین لایهٔ شما چه می‌شود؟",
    source=UNET,
)
class model_relu_after_logits(_UNet):
    last = nn.ReLU


@misconception(
    replaces="UNet",
    en="Which kind of list makes its layers known to the module that holds it?",
    fa="کدام نوع فهرست، لایه‌هایش را به ماژولی که آن را نگه می‌دارد می‌شناساند؟",
    source=MODULES,
)
class model_layers_in_a_plain_list(_UNet):
    def hold(self, layers):
        return layers


@misconception(
    replaces="UNet",
    en="Do the convolutions of this U-Net keep the size of their maps?",
    fa="آیا پیچش‌های این U-Net اندازهٔ نقشه‌ها را نگه می‌دارند؟",
    source=UNET,
)
class model_unpadded_and_cropped(_UNet):
    def stage(self, in_channels, out_channels):
        layers = super().stage(in_channels, out_channels)
        for layer in layers:
            if isinstance(layer, nn.Conv2d):
                layer.padding = (0, 0)
        return layers

    def join(self, skip, maps):
        top, left = ((s - m) // 2 for s, m in zip(skip.shape[2:], maps.shape[2:], strict=True))
        return torch.cat([skip[:, :, top : top + maps.shape[2], left : left + maps.shape[3]], maps], dim=1)
