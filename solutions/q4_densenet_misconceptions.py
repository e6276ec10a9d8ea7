"""Wrong answers that people give to question 4: the channels and parameters of dense blocks and whole DenseNets.

Every entry differs from ``q4_densenet`` by one idea; it asks the reference first, so it refuses what the reference
refuses.
"""

from __future__ import annotations

from math import ceil

import torch
from torch import nn

from autograder.author import misconception
from solutions import q4_densenet as right

NORM = "https://docs.pytorch.org/docs/stable/generated/torch.nn.BatchNorm2d.html"
MODULES = "https://docs.pytorch.org/docs/stable/generated/torch.nn.ModuleList.html"
DENSENET = "Huang, Liu, van der Maaten and Weinberger, Densely Connected Convolutional Networks, arXiv:1608.06993"
RESNET = "He, Zhang, Ren and Sun, Deep Residual Learning for Image Recognition, arXiv:1512.03385"
PREACTIVATION = "He, Zhang, Ren and Sun, Identity Mappings in Deep Residual Networks, arXiv:1603.05027"


# ---- dense_layer_input_channels


@misconception(
    replaces="dense_layer_input_channels",
    en="Does a dense layer hear only its neighbour, or every layer before it?",
    fa="آیا لایهٔ چگال تنها از همسایه‌اش می‌گیرد یا از همهٔ لایه‌های پیش از خود؟",
    route=lambda in_channels, growth_rate, layer: str(growth_rate if layer > 1 else in_channels),
    source=DENSENET,
)
def maps_of_the_previous_layer_only(in_channels, growth_rate, layer):
    right.dense_layer_input_channels(in_channels, growth_rate, layer)
    return growth_rate if layer > 1 else in_channels


@misconception(
    replaces="dense_layer_input_channels",
    en="Can a layer receive the maps that it is about to make?",
    fa="آیا لایه می‌تواند نقشه‌هایی را دریافت کند که هنوز خودش نساخته است؟",
    route=lambda in_channels, growth_rate, layer: f"{in_channels} + {layer}·{growth_rate}",
    source=DENSENET,
)
def maps_of_its_own_included(in_channels, growth_rate, layer):
    return right.dense_layer_input_channels(in_channels, growth_rate, layer) + growth_rate


@misconception(
    replaces="dense_layer_input_channels",
    en="Are the earlier maps laid side by side, or summed as in a residual network?",
    fa="نقشه‌های پیشین کنار هم گذاشته می‌شوند یا مانند شبکهٔ باقی‌مانده‌ای با هم جمع می‌شوند؟",
    route=lambda in_channels, growth_rate, layer: f"max({in_channels}, {growth_rate})" if layer > 1 else f"{in_channels}",
    source=RESNET,
)
def maps_added_as_in_resnet(in_channels, growth_rate, layer):
    right.dense_layer_input_channels(in_channels, growth_rate, layer)
    return max(in_channels, growth_rate) if layer > 1 else in_channels


@misconception(
    replaces="dense_layer_input_channels",
    en="What was there before the first layer of the block, and is it still handed on?",
    fa="پیش از نخستین لایهٔ بلوک چه چیزی بود و آیا هنوز دست به دست می‌شود؟",
    route=lambda in_channels, growth_rate, layer: f"{layer - 1}·{growth_rate}",
    source=DENSENET,
)
def maps_of_the_block_input_forgotten(in_channels, growth_rate, layer):
    return right.dense_layer_input_channels(in_channels, growth_rate, layer) - in_channels


@misconception(
    replaces="dense_layer_input_channels",
    en="How many layers have spoken before this one, if the first one is called layer one?",
    fa="اگر لایهٔ نخست را لایهٔ یک بنامیم، پیش از این لایه چند لایه خروجی داده‌اند؟",
    route=lambda in_channels, growth_rate, layer: f"{in_channels} + {max(layer - 2, 0)}·{growth_rate}",
    source=DENSENET,
)
def maps_one_layer_short(in_channels, growth_rate, layer):
    right.dense_layer_input_channels(in_channels, growth_rate, layer)
    return in_channels + max(layer - 2, 0) * growth_rate


@misconception(
    replaces="dense_layer_input_channels",
    en="Is what grows from layer to layer counted by adding or by multiplying?",
    fa="آنچه لایه به لایه می‌افزاید با جمع حساب می‌شود یا با ضرب؟",
    source=DENSENET,
)
def maps_doubled_by_each_layer(in_channels, growth_rate, layer):
    right.dense_layer_input_channels(in_channels, growth_rate, layer)
    return in_channels * 2 ** (layer - 1)


@misconception(
    replaces="dense_layer_input_channels",
    en="Among the maps that a layer receives, can there be those that it has yet to make itself?",
    fa="آیا در میان نقشه‌هایی که لایه دریافت می‌کند، نقشه‌هایی هم هست که خودش تازه باید بسازد؟",
    route=lambda in_channels, growth_rate, layer: " + ".join(
        str(n) for n in (in_channels, *(growth_rate * 2**earlier for earlier in range(layer)))
    ),
    source=DENSENET,
)
def maps_of_its_own_included_widths_doubling(in_channels, growth_rate, layer):
    # the sheet's layers get wider by two each, and its third layer's own maps belong to that row
    right.dense_layer_input_channels(in_channels, growth_rate, layer)
    return in_channels + growth_rate * (2**layer - 1)


@misconception(
    replaces="dense_layer_input_channels",
    en="Layers are counted from one here; what would a layer before the first one be?",
    fa="اینجا شمارش لایه‌ها از یک آغاز می‌شود؛ لایهٔ پیش از نخستین چه معنایی دارد؟",
)
def maps_impossible_not_refused(in_channels, growth_rate, layer):
    return in_channels + growth_rate * (layer - 1)


# ---- dense_block_output_channels


@misconception(
    replaces="dense_block_output_channels",
    en="Is it asked what the last layer makes, or what the block holds after it?",
    fa="آنچه لایهٔ آخر می‌سازد خواسته شده است یا آنچه بلوک پس از آن در دست دارد؟",
    route=lambda in_channels, growth_rate, num_layers: str(growth_rate),
    source=DENSENET,
)
def block_growth_rate_alone(in_channels, growth_rate, num_layers):
    right.dense_block_output_channels(in_channels, growth_rate, num_layers)
    return growth_rate if num_layers else in_channels


@misconception(
    replaces="dense_block_output_channels",
    en="Do the last layer's maps go along with the others?",
    fa="آیا نقشه‌های لایهٔ آخر هم همراه بقیه می‌آیند؟",
    route=lambda in_channels, growth_rate, num_layers: f"{in_channels} + {num_layers - 1}·{growth_rate}",
    source=DENSENET,
)
def block_one_layer_short(in_channels, growth_rate, num_layers):
    return right.dense_block_output_channels(in_channels, growth_rate, num_layers) - growth_rate * bool(num_layers)


@misconception(
    replaces="dense_block_output_channels",
    en="How many layers have added their maps by then, the block's input not counted among them?",
    fa="تا آن‌جا چند لایه نقشه‌هایشان را افزوده‌اند، بی آنکه ورودی بلوک را لایه بشمارید؟",
    route=lambda in_channels, growth_rate, num_layers: f"{in_channels} + {num_layers + 1}·{growth_rate}",
    source=DENSENET,
)
def block_one_layer_too_many(in_channels, growth_rate, num_layers):
    return right.dense_block_output_channels(in_channels, growth_rate, num_layers) + growth_rate


@misconception(
    replaces="dense_block_output_channels",
    en="What entered the block, and is it there at the end?",
    fa="چه چیزی وارد بلوک شد و آیا در پایان هنوز هست؟",
    route=lambda in_channels, growth_rate, num_layers: f"{num_layers}·{growth_rate}",
    source=DENSENET,
)
def block_input_forgotten(in_channels, growth_rate, num_layers):
    return right.dense_block_output_channels(in_channels, growth_rate, num_layers) - in_channels


@misconception(
    replaces="dense_block_output_channels",
    en="Does a dense connection sum maps or set them side by side, and which of these changes their number?",
    fa="اتصال چگال نقشه‌ها را جمع می‌کند یا کنار هم می‌گذارد و کدام‌یک شمار آن‌ها را تغییر می‌دهد؟",
    route=lambda in_channels, growth_rate, num_layers: str(in_channels),
    source=RESNET,
)
def block_maps_added_as_in_resnet(in_channels, growth_rate, num_layers):
    right.dense_block_output_channels(in_channels, growth_rate, num_layers)
    return in_channels


@misconception(
    replaces="dense_block_output_channels",
    en="How many maps does each layer add: the same number every time, or as many as it was given?",
    fa="هر لایه چند نقشه می‌افزاید: هر بار همان شمار، یا به شمار آنچه گرفته است؟",
    route=lambda in_channels, growth_rate, num_layers: f"{in_channels}·2^{num_layers}",
    source=DENSENET,
)
def block_doubled_by_each_layer(in_channels, growth_rate, num_layers):
    right.dense_block_output_channels(in_channels, growth_rate, num_layers)
    return in_channels * 2**num_layers


@misconception(
    replaces="dense_block_output_channels",
    en="Is the growth rate a factor, or a number of maps?",
    fa="نرخ رشد یک ضریب است یا شماری از نقشه‌ها؟",
    route=lambda in_channels, growth_rate, num_layers: f"{in_channels}·{growth_rate}·{num_layers}",
    source=DENSENET,
)
def block_growth_rate_as_factor(in_channels, growth_rate, num_layers):
    right.dense_block_output_channels(in_channels, growth_rate, num_layers)
    return in_channels * growth_rate * num_layers


@misconception(
    replaces="dense_block_output_channels",
    en="Does a block hand on every concatenation that its layers made on the way, or the last one?",
    fa="آیا بلوک همهٔ الحاق‌هایی را که لایه‌هایش در راه ساخته‌اند تحویل می‌دهد یا آخرین را؟",
    source=DENSENET,
)
def block_concatenations_summed(in_channels, growth_rate, num_layers):
    right.dense_block_output_channels(in_channels, growth_rate, num_layers)
    return sum(in_channels + growth_rate * layer for layer in range(num_layers + 1))


# ---- dense_block_parameters


def _layer(channels, growth_rate, bottleneck, *, norm=2, width=4, kernel=9, bias=0):
    """Parameters of one BN-ReLU-conv layer that sees ``channels``; right unless a piece is replaced."""
    if not bottleneck:
        return norm * channels + (channels * kernel + bias) * growth_rate
    inner = width * growth_rate
    squeeze = norm * channels + (channels + bias) * inner
    return squeeze + norm * inner + (inner * kernel + bias) * growth_rate


def _block(asked, sees=lambda in_channels, growth_rate, layer: in_channels + growth_rate * (layer - 1), **pieces):
    """The block's parameters for ``asked`` (in_channels, growth_rate, num_layers, bottleneck), some pieces replaced."""
    right.dense_block_parameters(*asked)
    in_channels, growth_rate, num_layers, bottleneck = asked
    layers = range(1, num_layers + 1)
    return sum(_layer(sees(in_channels, growth_rate, layer), growth_rate, bottleneck, **pieces) for layer in layers)


@misconception(
    replaces="dense_block_parameters",
    en="Which of batch norm's four numbers a channel are changed by the gradient?",
    fa="از چهار عددی که نرمال‌سازی دسته‌ای برای هر کانال دارد، کدام‌ها با گرادیان تغییر می‌کنند؟",
    source=NORM,
)
def block_running_statistics_counted(in_channels, growth_rate, num_layers, bottleneck=False):
    return _block((in_channels, growth_rate, num_layers, bottleneck), norm=4)


@misconception(
    replaces="dense_block_parameters",
    en="What stands before each convolution of the block, and does it learn anything?",
    fa="پیش از هر پیچشِ بلوک چه چیزی هست و آیا چیزی یاد می‌گیرد؟",
    source=DENSENET,
)
def block_batch_norm_left_out(in_channels, growth_rate, num_layers, bottleneck=False):
    return _block((in_channels, growth_rate, num_layers, bottleneck), norm=0)


@misconception(
    replaces="dense_block_parameters",
    en="Batch norm scales each channel; what else does it learn for it?",
    fa="نرمال‌سازی دسته‌ای هر کانال را ضریب می‌دهد؛ دیگر چه چیزی برای آن یاد می‌گیرد؟",
    source=NORM,
)
def block_batch_norm_scale_only(in_channels, growth_rate, num_layers, bottleneck=False):
    return _block((in_channels, growth_rate, num_layers, bottleneck), norm=1)


@misconception(
    replaces="dense_block_parameters",
    en="Which maps does batch norm normalise when it comes before the convolution?",
    fa="وقتی نرمال‌سازی دسته‌ای پیش از پیچش می‌آید، کدام نقشه‌ها را نرمال می‌کند؟",
    source=PREACTIVATION,
)
def block_batch_norm_after_conv(in_channels, growth_rate, num_layers, bottleneck=False):
    without = block_batch_norm_left_out.wrong(in_channels, growth_rate, num_layers, bottleneck)
    return without + 2 * num_layers * (growth_rate + bool(bottleneck) * 4 * growth_rate)


@misconception(
    replaces="dense_block_parameters",
    en="A convolution whose output goes into batch norm sooner or later: is a bias of its own of any use to it?",
    fa="پیچشی که خروجی‌اش دیر یا زود نرمال می‌شود، آیا از بایاسِ خودش سودی می‌برد؟",
    source=DENSENET,
)
def block_conv_bias_counted(in_channels, growth_rate, num_layers, bottleneck=False):
    return _block((in_channels, growth_rate, num_layers, bottleneck), bias=1)


@misconception(
    replaces="dense_block_parameters",
    en="Does the tenth layer of a block see as much as the first?",
    fa="آیا لایهٔ دهمِ یک بلوک به اندازهٔ لایهٔ نخست می‌بیند؟",
    source=DENSENET,
)
def block_every_layer_sees_the_block_input(in_channels, growth_rate, num_layers, bottleneck=False):
    return _block((in_channels, growth_rate, num_layers, bottleneck), sees=lambda first, growth, layer: first)


@misconception(
    replaces="dense_block_parameters",
    en="From how many of the earlier layers does each layer take its input?",
    fa="هر لایه ورودی خود را از چند لایهٔ پیشین می‌گیرد؟",
    source=DENSENET,
)
def block_layers_chained(in_channels, growth_rate, num_layers, bottleneck=False):
    asked = (in_channels, growth_rate, num_layers, bottleneck)
    return _block(asked, sees=maps_of_the_previous_layer_only.wrong)


@misconception(
    replaces="dense_block_parameters",
    en="When a layer begins its work, which maps exist already?",
    fa="وقتی لایه‌ای کارش را آغاز می‌کند، کدام نقشه‌ها از پیش وجود دارند؟",
    source=DENSENET,
)
def block_layers_see_their_own_maps(in_channels, growth_rate, num_layers, bottleneck=False):
    return _block((in_channels, growth_rate, num_layers, bottleneck), sees=maps_of_its_own_included.wrong)


@misconception(
    replaces="dense_block_parameters",
    en="Which of the layers have been counted, and is the last one among them?",
    fa="کدام لایه‌ها شمرده شده‌اند و آیا آخرین لایه هم در میان آن‌هاست؟",
)
def block_last_layer_left_out(in_channels, growth_rate, num_layers, bottleneck=False):
    right.dense_block_parameters(in_channels, growth_rate, num_layers, bottleneck)
    sees = in_channels + growth_rate * (num_layers - 1)
    return _block((in_channels, growth_rate, num_layers, bottleneck)) - _layer(sees, growth_rate, bottleneck)


@misconception(
    replaces="dense_block_parameters",
    en="What comes before the wide kernel in a DenseNet-B layer?",
    fa="در لایهٔ DenseNet-B پیش از هستهٔ بزرگ چه می‌آید؟",
    source=DENSENET,
)
def block_bottleneck_ignored(in_channels, growth_rate, num_layers, bottleneck=False):
    return right.dense_block_parameters(in_channels, growth_rate, num_layers, False)


@misconception(
    replaces="dense_block_parameters",
    en="How many maps does the bottleneck hand on, measured in growth rates?",
    fa="گلوگاه چند نقشه تحویل می‌دهد، اگر با نرخ رشد بسنجید؟",
    source=DENSENET,
)
def block_bottleneck_width_forgotten(in_channels, growth_rate, num_layers, bottleneck=False):
    return _block((in_channels, growth_rate, num_layers, bottleneck), width=1)


@misconception(
    replaces="dense_block_parameters",
    en="After the bottleneck's small convolution, what stands before the next one?",
    fa="پس از پیچش کوچکِ گلوگاه، پیش از پیچش بعدی چه چیزی هست؟",
    source=DENSENET,
)
def block_second_batch_norm_forgotten(in_channels, growth_rate, num_layers, bottleneck=False):
    whole = right.dense_block_parameters(in_channels, growth_rate, num_layers, bottleneck)
    return whole - 2 * 4 * growth_rate * num_layers * bool(bottleneck)


@misconception(
    replaces="dense_block_parameters",
    en="The bottleneck makes few maps out of many; what then works on those few?",
    fa="گلوگاه از نقشه‌های فراوان شماری کم می‌سازد؛ سپس چه چیزی روی آن شمار کم کار می‌کند؟",
    source=DENSENET,
)
def block_bottleneck_instead_of_the_kernel(in_channels, growth_rate, num_layers, bottleneck=False):
    asked = (in_channels, growth_rate, num_layers, bottleneck)
    second = 4 * growth_rate * (2 + 9 * growth_rate)
    return _block(asked) - num_layers * second * bool(bottleneck)


@misconception(
    replaces="dense_block_parameters",
    en="Is the kernel of a dense layer a row or a window?",
    fa="هستهٔ لایهٔ چگال یک سطر است یا یک پنجره؟",
)
def block_kernel_side_not_squared(in_channels, growth_rate, num_layers, bottleneck=False):
    return _block((in_channels, growth_rate, num_layers, bottleneck), kernel=3)


# ---- densenet_parameters


def _densenet(
    asked, *, block=None, norm=2, first=None, first_norm=None, between=None, closing=None, reduced=None, classes=None
):
    """The network's parameters for ``asked`` (all seven arguments), some pieces replaced.

    ``first(channels)`` is the stem's convolution, ``first_norm(channels)`` its batch norm, ``between(wide, narrow)`` a
    transition, ``closing(channels)`` the last batch norm, ``classes(channels, num_classes)`` the linear layer,
    ``reduced(channels, compression)`` the channels that a transition leaves.
    """
    right.densenet_parameters(*asked)
    growth_rate, block_layers, channels, num_classes, compression, bottleneck, stem = asked
    imagenet = stem == "imagenet"
    first = first or (lambda c: 3 * c * (49 if imagenet else 9))
    first_norm = first_norm or (lambda c: norm * c if imagenet else 0)
    between = between or (lambda wide, narrow: norm * wide + wide * narrow)
    closing = closing or (lambda c: norm * c)
    reduced = reduced or (lambda c, share: int(c * share))
    classes = classes or (lambda c, n: c * n + n)
    block = block or (lambda *piece: _block(piece, norm=norm))
    total = first(channels) + first_norm(channels)
    for index, layers in enumerate(block_layers):
        total += block(channels, growth_rate, layers, bottleneck)
        channels += growth_rate * layers
        if index + 1 < len(block_layers):
            wide, channels = channels, reduced(channels, compression)
            total += between(wide, channels)
    return total + closing(channels) + classes(channels, num_classes)


@misconception(
    replaces="densenet_parameters",
    en="What does a transition do to the number of channels, besides to their size?",
    fa="لایهٔ گذار جز اندازهٔ نقشه‌ها با شمار آن‌ها چه می‌کند؟",
    source=DENSENET,
)
def densenet_compression_forgotten(
    growth_rate, block_layers, init_features, num_classes=1000, compression=0.5, bottleneck=True, stem="imagenet"
):
    right.densenet_parameters(growth_rate, block_layers, init_features, num_classes, compression, bottleneck, stem)
    return right.densenet_parameters(growth_rate, block_layers, init_features, num_classes, 1.0, bottleneck, stem)


@misconception(
    replaces="densenet_parameters",
    en="The features leave the last block normalised; where are the numbers of that normalisation?",
    fa="ویژگی‌ها پس از بلوک آخر نرمال می‌شوند؛ عددهای آن نرمال‌سازی کجا حساب شده‌اند؟",
    source=DENSENET,
)
def densenet_final_norm_forgotten(
    growth_rate, block_layers, init_features, num_classes=1000, compression=0.5, bottleneck=True, stem="imagenet"
):
    return _densenet(
        (growth_rate, block_layers, init_features, num_classes, compression, bottleneck, stem),
        closing=lambda channels: 0,
    )


@misconception(
    replaces="densenet_parameters",
    en="How do the pooled features become scores for the classes?",
    fa="ویژگی‌های ادغام‌شده چگونه به امتیاز کلاس‌ها تبدیل می‌شوند؟",
    source=DENSENET,
)
def densenet_classifier_forgotten(
    growth_rate, block_layers, init_features, num_classes=1000, compression=0.5, bottleneck=True, stem="imagenet"
):
    return _densenet(
        (growth_rate, block_layers, init_features, num_classes, compression, bottleneck, stem),
        classes=lambda channels, n: 0,
    )


@misconception(
    replaces="densenet_parameters",
    en="Does the last layer add something to each class's weighted sum?",
    fa="آیا لایهٔ آخر به جمع وزن‌دار هر کلاس چیزی می‌افزاید؟",
    source=DENSENET,
)
def densenet_classifier_bias_forgotten(
    growth_rate, block_layers, init_features, num_classes=1000, compression=0.5, bottleneck=True, stem="imagenet"
):
    return _densenet(
        (growth_rate, block_layers, init_features, num_classes, compression, bottleneck, stem),
        classes=lambda channels, n: channels * n,
    )


@misconception(
    replaces="densenet_parameters",
    en="Which of the numbers that batch norm stores are parameters, and which are only statistics?",
    fa="از عددهایی که نرمال‌سازی دسته‌ای نگه می‌دارد کدام‌ها پارامترند و کدام‌ها فقط آماره؟",
    source=NORM,
)
def densenet_running_statistics_counted(
    growth_rate, block_layers, init_features, num_classes=1000, compression=0.5, bottleneck=True, stem="imagenet"
):
    return _densenet((growth_rate, block_layers, init_features, num_classes, compression, bottleneck, stem), norm=4)


@misconception(
    replaces="densenet_parameters",
    en="Which layers of the network, besides convolutions and the classifier, have something to learn?",
    fa="جز پیچش‌ها و طبقه‌بند، کدام لایه‌های شبکه چیزی برای یادگیری دارند؟",
    source=NORM,
)
def densenet_batch_norm_left_out(
    growth_rate, block_layers, init_features, num_classes=1000, compression=0.5, bottleneck=True, stem="imagenet"
):
    return _densenet((growth_rate, block_layers, init_features, num_classes, compression, bottleneck, stem), norm=0)


@misconception(
    replaces="densenet_parameters",
    en="With what does a transition change the number of channels, and is it free of parameters?",
    fa="لایهٔ گذار شمار کانال‌ها را با چه چیزی تغییر می‌دهد و آیا آن بی‌پارامتر است؟",
    source=DENSENET,
)
def densenet_transitions_left_out(
    growth_rate, block_layers, init_features, num_classes=1000, compression=0.5, bottleneck=True, stem="imagenet"
):
    return _densenet(
        (growth_rate, block_layers, init_features, num_classes, compression, bottleneck, stem),
        between=lambda wide, narrow: 0,
    )


@misconception(
    replaces="densenet_parameters",
    en="What comes before the transition's convolution?",
    fa="پیش از پیچشِ لایهٔ گذار چه می‌آید؟",
    source=DENSENET,
)
def densenet_transition_norm_forgotten(
    growth_rate, block_layers, init_features, num_classes=1000, compression=0.5, bottleneck=True, stem="imagenet"
):
    return _densenet(
        (growth_rate, block_layers, init_features, num_classes, compression, bottleneck, stem),
        between=lambda wide, narrow: wide * narrow,
    )


@misconception(
    replaces="densenet_parameters",
    en="Between what and what does a transition stand, and is there anything of that kind after the last block?",
    fa="لایهٔ گذار میان چه چیزهایی قرار دارد و آیا پس از بلوک آخر هم چنین جایی هست؟",
    source=DENSENET,
)
def densenet_transition_after_the_last_block(
    growth_rate, block_layers, init_features, num_classes=1000, compression=0.5, bottleneck=True, stem="imagenet"
):
    widths = []

    def closing(channels):
        narrow = max(int(channels * compression), 1)
        widths.append(narrow)
        return 2 * channels + channels * narrow + 2 * narrow

    return _densenet(
        (growth_rate, block_layers, init_features, num_classes, compression, bottleneck, stem),
        closing=closing,
        classes=lambda channels, n: widths[-1] * n + n,
    )


@misconception(
    replaces="densenet_parameters",
    en="How large a kernel does a transition need to mix channels without looking round?",
    fa="لایهٔ گذار برای آمیختن کانال‌ها، بی‌آنکه به پیرامون نگاه کند، به هسته‌ای با چه اندازه نیاز دارد؟",
    source=DENSENET,
)
def densenet_transition_three_by_three(
    growth_rate, block_layers, init_features, num_classes=1000, compression=0.5, bottleneck=True, stem="imagenet"
):
    return _densenet(
        (growth_rate, block_layers, init_features, num_classes, compression, bottleneck, stem),
        between=lambda wide, narrow: 2 * wide + 9 * wide * narrow,
    )


@misconception(
    replaces="densenet_parameters",
    en="When a share of the channels is not whole, which whole number does the paper take?",
    fa="وقتی کسری از کانال‌ها عدد درستی نشود، مقاله کدام عدد درست را برمی‌گزیند؟",
    source=DENSENET,
)
def densenet_compression_rounded_up(
    growth_rate, block_layers, init_features, num_classes=1000, compression=0.5, bottleneck=True, stem="imagenet"
):
    return _densenet(
        (growth_rate, block_layers, init_features, num_classes, compression, bottleneck, stem),
        reduced=lambda channels, share: ceil(channels * share),
    )


@misconception(
    replaces="densenet_parameters",
    en="Does the network have layers before its first dense block?",
    fa="آیا شبکه پیش از نخستین بلوک چگال لایه‌ای دارد؟",
    source=DENSENET,
)
def densenet_stem_forgotten(
    growth_rate, block_layers, init_features, num_classes=1000, compression=0.5, bottleneck=True, stem="imagenet"
):
    return _densenet(
        (growth_rate, block_layers, init_features, num_classes, compression, bottleneck, stem),
        first=lambda channels: 0,
        first_norm=lambda channels: 0,
    )


@misconception(
    replaces="densenet_parameters",
    en="What follows the very first convolution when the images are large?",
    fa="وقتی تصویرها بزرگ‌اند، پس از نخستین پیچش چه می‌آید؟",
    source=DENSENET,
)
def densenet_stem_norm_forgotten(
    growth_rate, block_layers, init_features, num_classes=1000, compression=0.5, bottleneck=True, stem="imagenet"
):
    return _densenet(
        (growth_rate, block_layers, init_features, num_classes, compression, bottleneck, stem),
        first_norm=lambda channels: 0,
    )


@misconception(
    replaces="densenet_parameters",
    en="Do networks for small pictures begin with the same kernel as those for large ones?",
    fa="آیا شبکه‌های ویژهٔ تصویرهای کوچک با همان هسته‌ای آغاز می‌شوند که شبکه‌های ویژهٔ تصویرهای بزرگ؟",
    source=DENSENET,
)
def densenet_stem_argument_ignored(
    growth_rate, block_layers, init_features, num_classes=1000, compression=0.5, bottleneck=True, stem="imagenet"
):
    right.densenet_parameters(growth_rate, block_layers, init_features, num_classes, compression, bottleneck, stem)
    return right.densenet_parameters(
        growth_rate, block_layers, init_features, num_classes, compression, bottleneck, "imagenet"
    )


@misconception(
    replaces="densenet_parameters",
    en="Which channels does the stem's filter see in a colour picture?",
    fa="فیلترِ نخستین پیچش در تصویر رنگی کدام کانال‌ها را می‌بیند؟",
    source=DENSENET,
)
def densenet_stem_sees_one_channel(
    growth_rate, block_layers, init_features, num_classes=1000, compression=0.5, bottleneck=True, stem="imagenet"
):
    return _densenet(
        (growth_rate, block_layers, init_features, num_classes, compression, bottleneck, stem),
        first=lambda channels: channels * (49 if stem == "imagenet" else 9),
    )


@misconception(
    replaces="densenet_parameters",
    en="What does each layer of a DenseNet-B do before its larger convolution?",
    fa="هر لایهٔ DenseNet-B پیش از پیچش بزرگ‌ترش چه می‌کند؟",
    source=DENSENET,
)
def densenet_bottleneck_ignored(
    growth_rate, block_layers, init_features, num_classes=1000, compression=0.5, bottleneck=True, stem="imagenet"
):
    right.densenet_parameters(growth_rate, block_layers, init_features, num_classes, compression, bottleneck, stem)
    return right.densenet_parameters(growth_rate, block_layers, init_features, num_classes, compression, False, stem)


@misconception(
    replaces="densenet_parameters",
    en="How wide is the bottleneck, compared with what the layer finally adds?",
    fa="گلوگاه در سنجش با آنچه لایه سرانجام می‌افزاید چند کانال دارد؟",
    source=DENSENET,
)
def densenet_bottleneck_width_forgotten(
    growth_rate, block_layers, init_features, num_classes=1000, compression=0.5, bottleneck=True, stem="imagenet"
):
    return _densenet(
        (growth_rate, block_layers, init_features, num_classes, compression, bottleneck, stem),
        block=block_bottleneck_width_forgotten.wrong,
    )


@misconception(
    replaces="densenet_parameters",
    en="What does the last layer of a block see that the first one does not?",
    fa="آخرین لایهٔ بلوک چه چیزی را می‌بیند که نخستین لایه نمی‌بیند؟",
    source=DENSENET,
)
def densenet_layers_see_the_block_input_only(
    growth_rate, block_layers, init_features, num_classes=1000, compression=0.5, bottleneck=True, stem="imagenet"
):
    return _densenet(
        (growth_rate, block_layers, init_features, num_classes, compression, bottleneck, stem),
        block=block_every_layer_sees_the_block_input.wrong,
    )


@misconception(
    replaces="densenet_parameters",
    en="Do convolutions that are followed by a normalisation keep a bias here?",
    fa="آیا پیچش‌هایی که پس از آن‌ها نرمال‌سازی می‌آید، اینجا بایاس دارند؟",
    source=DENSENET,
)
def densenet_conv_bias_counted(
    growth_rate, block_layers, init_features, num_classes=1000, compression=0.5, bottleneck=True, stem="imagenet"
):
    return _densenet(
        (growth_rate, block_layers, init_features, num_classes, compression, bottleneck, stem),
        block=block_conv_bias_counted.wrong,
    )


@misconception(
    replaces="densenet_parameters",
    en="Where does the number of classes enter, and is it always that of ImageNet?",
    fa="شمار کلاس‌ها در کجا به کار می‌آید و آیا همیشه همان شمار ImageNet است؟",
)
def densenet_number_of_classes_ignored(
    growth_rate, block_layers, init_features, num_classes=1000, compression=0.5, bottleneck=True, stem="imagenet"
):
    right.densenet_parameters(growth_rate, block_layers, init_features, num_classes, compression, bottleneck, stem)
    return right.densenet_parameters(growth_rate, block_layers, init_features, 1000, compression, bottleneck, stem)


# ---- DenseBlock


class _DenseBlock(nn.Module):
    """BN-ReLU-conv layers that see all maps before them, each choice open to change."""

    bias, kernel = False, 3

    def __init__(self, in_channels, growth_rate, num_layers):
        super().__init__()
        with torch.device("meta"):
            right.DenseBlock(in_channels, growth_rate, num_layers)  # refuses what the reference refuses
        self.in_channels = in_channels
        layers = range(1, num_layers + 1)
        self.layers = self.hold([self.layer(self.sees(in_channels, growth_rate, n), growth_rate) for n in layers])

    def sees(self, in_channels, growth_rate, layer):
        return in_channels + growth_rate * (layer - 1)

    def conv(self, channels, growth_rate):
        return nn.Conv2d(channels, growth_rate, self.kernel, padding=self.kernel // 2, bias=self.bias)

    def layer(self, channels, growth_rate):
        return nn.Sequential(nn.BatchNorm2d(channels), nn.ReLU(), self.conv(channels, growth_rate))

    def hold(self, layers):
        return nn.ModuleList(layers)

    def shown(self, maps):
        """What of all ``maps`` so far, the block's input first, the next layer sees."""
        return torch.cat(maps, dim=1)

    def returned(self, maps):
        return torch.cat(maps, dim=1)

    def forward(self, images):
        maps = [images]
        for layer in self.layers:
            maps.append(layer(self.shown(maps)))
        return self.returned(maps)


@misconception(
    replaces="DenseBlock",
    en="What does the block hand on: what its last layer made, or all that was made in it?",
    fa="بلوک چه چیزی تحویل می‌دهد: ساختهٔ آخرین لایه یا همهٔ آنچه در آن ساخته شده است؟",
    source=DENSENET,
)
class module_last_output_only(_DenseBlock):
    def returned(self, maps):
        return maps[-1]


@misconception(
    replaces="DenseBlock",
    en="What did the block receive, and where is it in what the block gives?",
    fa="بلوک چه چیزی دریافت کرد و آن چیز در خروجی بلوک کجاست؟",
    source=DENSENET,
)
class module_block_input_left_out(_DenseBlock):
    def returned(self, maps):
        return torch.cat(maps[1:] or maps, dim=1)


@misconception(
    replaces="DenseBlock",
    en="Which earlier layers does a layer of the block listen to?",
    fa="هر لایهٔ بلوک به کدام لایه‌های پیشین گوش می‌دهد؟",
    source=DENSENET,
)
class module_layers_chained(_DenseBlock):
    def sees(self, in_channels, growth_rate, layer):
        return growth_rate if layer > 1 else in_channels

    def shown(self, maps):
        return maps[-1]


@misconception(
    replaces="DenseBlock",
    en="Every layer of the block widens what the next one sees; who sees those new maps here?",
    fa="هر لایهٔ بلوک دیدِ لایهٔ بعدی را گسترده‌تر می‌کند؛ اینجا چه کسی نقشه‌های تازه را می‌بیند؟",
    source=DENSENET,
)
class module_every_layer_sees_the_block_input(_DenseBlock):
    def sees(self, in_channels, growth_rate, layer):
        return in_channels

    def shown(self, maps):
        return maps[0]


@misconception(
    replaces="DenseBlock",
    en="Where among the maps that are there already do a layer's new ones go?",
    fa="نقشه‌های تازهٔ هر لایه در کجای نقشه‌های موجود می‌نشینند؟",
    source=DENSENET,
)
class module_new_maps_in_front(_DenseBlock):
    def shown(self, maps):
        return torch.cat(maps[::-1], dim=1)

    def returned(self, maps):
        return torch.cat(maps[::-1], dim=1)


@misconception(
    replaces="DenseBlock",
    en="How do maps meet in a dense block, and how do they in a residual one?",
    fa="نقشه‌ها در بلوک چگال چگونه به هم می‌پیوندند و در بلوک باقی‌مانده‌ای چگونه؟",
    source=RESNET,
)
class module_maps_added_as_in_resnet(_DenseBlock):
    def layer(self, channels, growth_rate):
        return super().layer(self.in_channels, self.in_channels)

    def shown(self, maps):
        return sum(maps)

    def returned(self, maps):
        return sum(maps)


@misconception(
    replaces="DenseBlock",
    en="Which of a dense layer's three operations comes first, and is it there?",
    fa="از سه عملِ لایهٔ چگال کدام نخست می‌آید و آیا اینجا هست؟",
    source=DENSENET,
)
class module_batch_norm_missing(_DenseBlock):
    def layer(self, channels, growth_rate):
        return nn.Sequential(nn.ReLU(), self.conv(channels, growth_rate))


@misconception(
    replaces="DenseBlock",
    en="Does the paper normalise what goes into the convolution, or what comes out of it?",
    fa="مقاله آنچه را وارد پیچش می‌شود نرمال می‌کند یا آنچه را از آن بیرون می‌آید؟",
    source=PREACTIVATION,
)
class module_conv_before_batch_norm(_DenseBlock):
    def layer(self, channels, growth_rate):
        return nn.Sequential(self.conv(channels, growth_rate), nn.BatchNorm2d(growth_rate), nn.ReLU())


@misconception(
    replaces="DenseBlock",
    en="Which is applied to the maps first, the normalisation or the ReLU?",
    fa="نخست کدام روی نقشه‌ها اعمال می‌شود: نرمال‌سازی یا ReLU؟",
    source=PREACTIVATION,
)
class module_relu_before_batch_norm(_DenseBlock):
    def layer(self, channels, growth_rate):
        return nn.Sequential(nn.ReLU(), nn.BatchNorm2d(channels), self.conv(channels, growth_rate))


@misconception(
    replaces="DenseBlock",
    en="Between normalisation and convolution, what bends the straight line?",
    fa="میان نرمال‌سازی و پیچش چه چیزی خط راست را خم می‌کند؟",
    source=DENSENET,
)
class module_relu_missing(_DenseBlock):
    def layer(self, channels, growth_rate):
        return nn.Sequential(nn.BatchNorm2d(channels), self.conv(channels, growth_rate))


@misconception(
    replaces="DenseBlock",
    en="Does a convolution need an offset of its own where every map is normalised before it is used?",
    fa="جایی که هر نقشه پیش از به کار رفتن نرمال می‌شود، آیا پیچش به بایاسِ خودش نیاز دارد؟",
    source=DENSENET,
)
class module_bias_in_the_convolution(_DenseBlock):
    bias = True


@misconception(
    replaces="DenseBlock",
    en="Does a dense layer look only at its own pixel, or round it as well?",
    fa="لایهٔ چگال تنها پیکسل خودش را می‌بیند یا پیرامون آن را هم؟",
    source=DENSENET,
)
class module_one_by_one_convolution(_DenseBlock):
    kernel = 1


@misconception(
    replaces="DenseBlock",
    en="Would an optimiser find the layers of your block, if it asked for its parameters?",
    fa="اگر بهینه‌ساز پارامترهای بلوک شما را بخواهد، آیا لایه‌هایش را می‌یابد؟",
    source=MODULES,
)
class module_layers_in_a_plain_list(_DenseBlock):
    def hold(self, layers):
        return layers


@misconception(
    replaces="DenseBlock",
    en="Which mean does batch norm subtract once training is over?",
    fa="نرمال‌سازی دسته‌ای پس از پایان آموزش کدام میانگین را کم می‌کند؟",
    source=NORM,
)
class module_batch_statistics_in_evaluation(_DenseBlock):
    def layer(self, channels, growth_rate):
        norm = nn.BatchNorm2d(channels, track_running_stats=False)
        return nn.Sequential(norm, nn.ReLU(), self.conv(channels, growth_rate))


@misconception(
    replaces="DenseBlock",
    en="How many layers were asked, and how many did your loop make?",
    fa="چند لایه خواسته شده بود و حلقهٔ شما چند لایه ساخت؟",
)
class module_one_layer_short(_DenseBlock):
    def hold(self, layers):
        return nn.ModuleList(layers[:-1])
