"""Wrong counts of a whole DenseNet, piece by piece.

The stem makes c maps with a kernel of e places; a layer sees c and makes k; a transition takes w to n; c maps are normalised
at the end, ``less`` were there one more transition, and give n classes.
"""

from math import ceil

from autograder.course.mistakes import mistakes
from solutions import q4_densenet as right
from solutions.q4_densenet_misconceptions import DENSENET, LAYERS, NORM, layers


def _parts(growth_rate, block_layers, init_features, num_classes, compression, bottleneck, stem, reduced=int):
    c = init_features
    yield "stem", {"c": c, "e": 49 if stem == "imagenet" else 9}
    if stem == "imagenet":
        yield "stem_norm", {"c": c}
    for index, number in enumerate(block_layers):
        if index:
            w, c = c, reduced(c * compression)
            yield "transition", {"w": w, "n": c}
        yield from layers(c, growth_rate, number, bottleneck)
        c += growth_rate * number
    ending = {"c": c, "less": max(int(c * compression), 1)}
    yield "closing", ending
    yield "classes", {**ending, "n": num_classes}


def _rounded_up(**call):
    return _parts(**call, reduced=ceil)


densenet = mistakes(of=right.densenet_parameters, parts=_parts, pieces={
    **LAYERS, "stem": "3·c·e", "stem_norm": "2·c", "transition": "2·w + w·n", "closing": "2·c", "classes": "c·n + n"})

densenet.instead("densenet_compression_forgotten", DENSENET, compression=1.0,
    en="What does a transition do to the number of channels, besides to their size?",
    fa="لایهٔ گذار جز اندازهٔ نقشه‌ها با شمار آن‌ها چه می‌کند؟")
densenet("densenet_final_norm_forgotten", source=DENSENET, closing="0",
    en="The features leave the last block normalised; where are the numbers of that normalisation?",
    fa="ویژگی‌ها پس از بلوک آخر نرمال می‌شوند؛ عددهای آن نرمال‌سازی کجا حساب شده‌اند؟")
densenet("densenet_classifier_forgotten", source=DENSENET, classes="0",
    en="How do the pooled features become scores for the classes?",
    fa="ویژگی‌های ادغام‌شده چگونه به امتیاز کلاس‌ها تبدیل می‌شوند؟")
densenet("densenet_classifier_bias_forgotten", source=DENSENET, classes="c·n",
    en="Does the last layer add something to each class's weighted sum?",
    fa="آیا لایهٔ آخر به جمع وزن‌دار هر کلاس چیزی می‌افزاید؟")
densenet("densenet_running_statistics_counted", source=NORM, plain="4·c + 9·c·k", narrowed="4·c + 4·c·k + 16·k + 36·k·k", stem_norm="4·c", transition="4·w + w·n", closing="4·c",
    en="Which of the numbers that batch norm stores are parameters, and which are only statistics?",
    fa="از عددهایی که نرمال‌سازی دسته‌ای نگه می‌دارد کدام‌ها پارامترند و کدام‌ها فقط آماره؟")
densenet("densenet_batch_norm_left_out", source=NORM, plain="9·c·k", narrowed="4·c·k + 36·k·k", stem_norm="0", transition="w·n", closing="0",
    en="Which layers of the network, besides convolutions and the classifier, have something to learn?",
    fa="جز پیچش‌ها و طبقه‌بند، کدام لایه‌های شبکه چیزی برای یادگیری دارند؟")
densenet("densenet_transitions_left_out", source=DENSENET, transition="0",
    en="With what does a transition change the number of channels, and is it free of parameters?",
    fa="لایهٔ گذار شمار کانال‌ها را با چه چیزی تغییر می‌دهد و آیا آن بی‌پارامتر است؟")
densenet("densenet_transition_norm_forgotten", source=DENSENET, transition="w·n",
    en="What comes before the transition's convolution?", fa="پیش از پیچشِ لایهٔ گذار چه می‌آید؟")
densenet("densenet_transition_after_the_last_block", source=DENSENET, closing="2·c + c·less + 2·less", classes="less·n + n",
    en="Between what and what does a transition stand, and is there anything of that kind after the last block?",
    fa="لایهٔ گذار میان چه چیزهایی قرار دارد و آیا پس از بلوک آخر هم چنین جایی هست؟")
densenet("densenet_transition_three_by_three", source=DENSENET, transition="2·w + 9·w·n",
    en="How large a kernel does a transition need to mix channels without looking round?",
    fa="لایهٔ گذار برای آمیختن کانال‌ها، بی‌آنکه به پیرامون نگاه کند، به هسته‌ای با چه اندازه نیاز دارد؟")
densenet("densenet_compression_rounded_up", source=DENSENET, parts=_rounded_up,
    en="When a share of the channels is not whole, which whole number does the paper take?",
    fa="وقتی کسری از کانال‌ها عدد درستی نشود، مقاله کدام عدد درست را برمی‌گزیند؟")
densenet("densenet_stem_forgotten", source=DENSENET, stem="0", stem_norm="0",
    en="Does the network have layers before its first dense block?", fa="آیا شبکه پیش از نخستین بلوک چگال لایه‌ای دارد؟")
densenet("densenet_stem_norm_forgotten", source=DENSENET, stem_norm="0",
    en="What follows the very first convolution when the images are large?",
    fa="وقتی تصویرها بزرگ‌اند، پس از نخستین پیچش چه می‌آید؟")
densenet.instead("densenet_stem_argument_ignored", DENSENET, stem="'imagenet'",
    en="Do networks for small pictures begin with the same kernel as those for large ones?",
    fa="آیا شبکه‌های ویژهٔ تصویرهای کوچک با همان هسته‌ای آغاز می‌شوند که شبکه‌های ویژهٔ تصویرهای بزرگ؟")
densenet("densenet_stem_sees_one_channel", source=DENSENET, stem="c·e",
    en="Which channels does the stem's filter see in a colour picture?",
    fa="فیلترِ نخستین پیچش در تصویر رنگی کدام کانال‌ها را می‌بیند؟")
densenet.instead("densenet_number_of_classes_ignored", num_classes=1000,
    en="Where does the number of classes enter, and is it always that of ImageNet?",
    fa="شمار کلاس‌ها در کجا به کار می‌آید و آیا همیشه همان شمار ImageNet است؟")
