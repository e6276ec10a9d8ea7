"""Wrong counts of a stack of layers, piece by piece.

A convolution gives o maps from filters of h by w, b whether biased, z whether it is the last that is; c channels reach it and a
filter sees f of them, ``image`` if those were the image's, ``own`` if they were its own maps; n layers of its kind come before.
"""

from autograder.course.mistakes import mistakes
from solutions import q2_convnet as right
from solutions.q2_convnet_misconceptions import CS231N, NORM, NORMS, POOLS, pair


def _parts(in_channels, layers):
    convs = [layer for layer in layers if layer["kind"] == "conv"]
    biased = [index for index, layer in enumerate(convs) if layer.get("bias", True)]
    c, n = in_channels, 0
    for layer in layers:
        h, w = pair(layer.get("kernel_size", 1))
        if layer["kind"] == "conv":
            o, g = layer["out_channels"], layer.get("groups", 1)
            seen = {"f": c // g, "image": max(in_channels // g, 1), "own": max(o // g, 1)}
            yield "conv", {**seen, "n": n, "o": o, "h": h, "w": w, "b": n in biased, "z": biased[-1:] == [n]}
            c, n = o, n + 1
        elif layer["kind"] in POOLS:
            yield "pool", {"c": c, "h": h, "w": w}
        elif layer["kind"] in NORMS:
            yield "norm", {"c": c}


stack = mistakes(of=right.stack_parameters, parts=_parts, pieces={"conv": "o·f·h·w + b·o", "norm": "2·c", "pool": "0"})

stack("stack_input_channels_forgotten_and_bias_once", source=CS231N, conv="o·h·w + z·o",
    akin="conv_input_channels_forgotten",
    en="Which channels does each filter see in each layer, and does every layer have biases of its own?",
    fa="در هر لایه هر فیلتر کدام کانال‌ها را می‌بیند و آیا هر لایه بایاس‌های خودش را دارد؟")
stack("stack_later_input_channels_forgotten", source=CS231N, conv="o·h·w + b·o if n > 0 else o·f·h·w + b·o",
    en="The first layer sees the image; what do the later ones see?",
    fa="لایهٔ نخست تصویر را می‌بیند؛ لایه‌های بعدی چه چیزی را می‌بینند؟")
stack("stack_first_conv_only", source=CS231N, conv="o·f·h·w + b·o if n = 0 else 0",
    en="Are the filters of the second and third convolution the same as those of the first?",
    fa="آیا فیلترهای پیچش دوم و سوم همان فیلترهای پیچش نخست‌اند؟")
stack("stack_every_layer_sees_the_image", source=CS231N, conv="o·image·h·w + b·o",
    en="How many channels come out of the first convolution, and who sees them?",
    fa="از پیچش نخست چند کانال بیرون می‌آید و چه کسی آن‌ها را می‌بیند؟")
stack("stack_every_layer_sees_its_own_width", source=CS231N, conv="o·own·h·w + b·o",
    en="What does the very first convolution look at?", fa="نخستین پیچش به چه چیزی نگاه می‌کند؟")
stack("stack_bias_counted_once", conv="o·f·h·w + z·o",
    en="Does every layer have biases of its own, or do the layers share one set?",
    fa="آیا هر لایه بایاس‌های خودش را دارد یا همهٔ لایه‌ها یک مجموعهٔ مشترک دارند؟")
stack("stack_pooling_window_learnt", source=CS231N, pool="h·w",
    en="Taking the largest value of a window: what is there to be learnt?",
    fa="برداشتن بزرگ‌ترین مقدارِ یک پنجره: چه چیزی برای یادگیری در آن هست؟")
stack("stack_pooling_window_learnt_per_channel", source=CS231N, pool="c·h·w",
    en="Pooling treats each map by a fixed rule; which numbers of that rule could training change?",
    fa="ادغام با هر نقشه به قاعده‌ای ثابت رفتار می‌کند؛ آموزش کدام عددِ این قاعده را می‌تواند تغییر دهد؟")
stack("stack_batch_norm_left_out", source=NORM, norm="0",
    en="After batch norm has normalised a channel, what may it still learn to do with it?",
    fa="نرمال‌سازی دسته‌ای پس از نرمال کردن هر کانال، چه چیزی را می‌تواند دربارهٔ آن یاد بگیرد؟")
stack("stack_running_statistics_counted", source=NORM, norm="4·c",
    en="Are the running mean and variance learnt by gradient, or only kept?",
    fa="آیا میانگین و واریانسِ جاری با گرادیان یاد گرفته می‌شوند یا فقط نگه داشته می‌شوند؟")
stack("stack_batch_norm_one_pair", source=NORM, norm="2",
    en="Does batch norm learn its scale and shift for the whole layer, or channel by channel?",
    fa="نرمال‌سازی دسته‌ای ضریب و جابه‌جایی را برای کل لایه یاد می‌گیرد یا کانال‌به‌کانال؟")
