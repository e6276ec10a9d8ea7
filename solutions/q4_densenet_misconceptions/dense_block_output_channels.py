"""Wrong numbers of maps at a block's end: c enter, k are added a layer, n layers, one fewer m, one more p."""

from autograder.course.mistakes import mistakes
from solutions import q4_densenet as right
from solutions.q4_densenet_misconceptions import DENSENET, RESNET

block = mistakes(of=right.dense_block_output_channels,
                 c="in_channels", k="growth_rate", n="num_layers", m="n − 1", p="n + 1")

block("block_growth_rate_alone", "k", DENSENET,
    en="Is it asked what the last layer makes, or what the block holds after it?",
    fa="آنچه لایهٔ آخر می‌سازد خواسته شده است یا آنچه بلوک پس از آن در دست دارد؟")
block("block_one_layer_short", "c + m·k", DENSENET,
    en="Do the last layer's maps go along with the others?", fa="آیا نقشه‌های لایهٔ آخر هم همراه بقیه می‌آیند؟")
block("block_one_layer_too_many", "c + p·k", DENSENET,
    en="How many layers have added their maps by then, the block's input not counted among them?",
    fa="تا آن‌جا چند لایه نقشه‌هایشان را افزوده‌اند، بی آنکه ورودی بلوک را لایه بشمارید؟")
block("block_input_forgotten", "n·k", DENSENET,
    en="What entered the block, and is it there at the end?", fa="چه چیزی وارد بلوک شد و آیا در پایان هنوز هست؟")
block("block_maps_added_as_in_resnet", "c", RESNET,
    en="Does a dense connection sum maps or set them side by side, and which of these changes their number?",
    fa="اتصال چگال نقشه‌ها را جمع می‌کند یا کنار هم می‌گذارد و کدام‌یک شمار آن‌ها را تغییر می‌دهد؟")
block("block_doubled_by_each_layer", "c·2^n", DENSENET,
    en="How many maps does each layer add: the same number every time, or as many as it was given?",
    fa="هر لایه چند نقشه می‌افزاید: هر بار همان شمار، یا به شمار آنچه گرفته است؟")
block("block_growth_rate_as_factor", "c·k·n", DENSENET,
    en="Is the growth rate a factor, or a number of maps?", fa="نرخ رشد یک ضریب است یا شماری از نقشه‌ها؟")
block("block_concatenations_summed", "p·c + k·(n·p/2)", DENSENET,
    en="Does a block hand on every concatenation that its layers made on the way, or the last one?",
    fa="آیا بلوک همهٔ الحاق‌هایی را که لایه‌هایش در راه ساخته‌اند تحویل می‌دهد یا آخرین را؟")
