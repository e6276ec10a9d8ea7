"""Wrong counts of a dense block: a layer sees c maps and makes k."""

from autograder.course.mistakes import mistakes
from solutions import q4_densenet as right
from solutions.q4_densenet_misconceptions import DENSENET, LAYERS, NORM, PREACTIVATION, layers

block = mistakes(of=right.dense_block_parameters, parts=layers, pieces=LAYERS)

block("block_running_statistics_counted", source=NORM, plain="4·c + 9·c·k", narrowed="4·c + 4·c·k + 16·k + 36·k·k",
    en="Which of batch norm's four numbers a channel are changed by the gradient?",
    fa="از چهار عددی که نرمال‌سازی دسته‌ای برای هر کانال دارد، کدام‌ها با گرادیان تغییر می‌کنند؟")
block("block_batch_norm_left_out", source=DENSENET, plain="9·c·k", narrowed="4·c·k + 36·k·k",
    en="What stands before each convolution of the block, and does it learn anything?",
    fa="پیش از هر پیچشِ بلوک چه چیزی هست و آیا چیزی یاد می‌گیرد؟")
block("block_batch_norm_scale_only", source=NORM, plain="c + 9·c·k", narrowed="c + 4·c·k + 4·k + 36·k·k",
    en="Batch norm scales each channel; what else does it learn for it?",
    fa="نرمال‌سازی دسته‌ای هر کانال را ضریب می‌دهد؛ دیگر چه چیزی برای آن یاد می‌گیرد؟")
block("block_batch_norm_after_conv", source=PREACTIVATION, plain="9·c·k + 2·k", narrowed="4·c·k + 8·k + 36·k·k + 2·k",
    en="Which maps does batch norm normalise when it comes before the convolution?",
    fa="وقتی نرمال‌سازی دسته‌ای پیش از پیچش می‌آید، کدام نقشه‌ها را نرمال می‌کند؟")
block("block_conv_bias_counted", source=DENSENET, plain="2·c + 9·c·k + k", narrowed="2·c + 4·c·k + 4·k + 8·k + 36·k·k + k",
    en="A convolution whose output goes into batch norm sooner or later: is a bias of its own of any use to it?",
    fa="پیچشی که خروجی‌اش دیر یا زود نرمال می‌شود، آیا از بایاسِ خودش سودی می‌برد؟")
block("block_last_layer_left_out", plain="0 if last else 2·c + 9·c·k", narrowed="0 if last else 2·c + 4·c·k + 8·k + 36·k·k",
    en="Which of the layers have been counted, and is the last one among them?",
    fa="کدام لایه‌ها شمرده شده‌اند و آیا آخرین لایه هم در میان آن‌هاست؟")
block.instead("block_bottleneck_ignored", DENSENET, bottleneck=False,
    en="What comes before the wide kernel in a DenseNet-B layer?", fa="در لایهٔ DenseNet-B پیش از هستهٔ بزرگ چه می‌آید؟")
block("block_bottleneck_width_forgotten", source=DENSENET, narrowed="2·c + c·k + 2·k + 9·k·k",
    en="How many maps does the bottleneck hand on, measured in growth rates?",
    fa="گلوگاه چند نقشه تحویل می‌دهد، اگر با نرخ رشد بسنجید؟")
block("block_second_batch_norm_forgotten", source=DENSENET, narrowed="2·c + 4·c·k + 36·k·k",
    en="After the bottleneck's small convolution, what stands before the next one?",
    fa="پس از پیچش کوچکِ گلوگاه، پیش از پیچش بعدی چه چیزی هست؟")
block("block_bottleneck_instead_of_the_kernel", source=DENSENET, narrowed="2·c + 4·c·k",
    en="The bottleneck makes few maps out of many; what then works on those few?",
    fa="گلوگاه از نقشه‌های فراوان شماری کم می‌سازد؛ سپس چه چیزی روی آن شمار کم کار می‌کند؟")
block("block_kernel_side_not_squared", plain="2·c + 3·c·k", narrowed="2·c + 4·c·k + 8·k + 12·k·k",
    en="Is the kernel of a dense layer a row or a window?", fa="هستهٔ لایهٔ چگال یک سطر است یا یک پنجره؟")
