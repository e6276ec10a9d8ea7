"""Wrong counts of a convolution: i channels in, o out, f that a filter sees, a kernel of h by w, g groups, b whether biased."""

from autograder.course.mistakes import mistakes
from solutions import q2_convnet as right
from solutions.q2_convnet_misconceptions import CONV, CS231N

conv = mistakes(of=right.conv2d_parameters, i="in_channels", o="out_channels", h="kernel_size₁", w="kernel_size₂",
                g="groups", b="bias", f="i/max(g, 1)",
                sheet={"p": "side·side"})  # positions of the sheet's image, for those who let them into a count of parameters

conv("conv_input_channels_forgotten", "o·h·w + b·o", CS231N,
    en="Which channels does each filter see?", fa="هر فیلتر کدام کانال‌ها را می‌بیند؟")
conv("conv_bias_forgotten", "o·f·h·w", CS231N,
    en="A filter multiplies and sums; what does it add before it hands on its result?",
    fa="فیلتر ضرب می‌کند و جمع می‌زند؛ پیش از دادن نتیجه چه چیزی به آن می‌افزاید؟")
conv("conv_input_channels_and_bias_forgotten", "o·h·w", CS231N,
    en="Which channels does each filter see, and what does it add to its sum?",
    fa="هر فیلتر کدام کانال‌ها را می‌بیند و به حاصل‌جمع خود چه می‌افزاید؟")
conv("conv_one_bias_for_the_layer", "o·f·h·w + b", CONV,
    en="Is the bias the layer's, or each filter's own?", fa="بایاس از آنِ لایه است یا هر فیلتر بایاس خودش را دارد؟")
conv("conv_bias_per_channel_of_a_filter", "o·f·h·w + b·o·f", CS231N,
    en="A filter looks at several channels and gives one map; where is its bias added, in each channel or in the map?",
    fa="فیلتر چند کانال را می‌بیند و یک نقشه می‌دهد؛ بایاس در هر کانال افزوده می‌شود یا در آن نقشه؟")
conv("conv_bias_per_weight", "o·f·h·w + b·o·f·h·w",
    en="A filter sums all its products before it adds its bias; how many biases does it need?",
    fa="فیلتر همهٔ حاصل‌ضرب‌ها را جمع می‌کند و بعد بایاس را می‌افزاید؛ به چند بایاس نیاز دارد؟")
conv("conv_bias_per_input_channel", "o·f·h·w + b·i", CONV,
    en="Are the biases counted on the side that comes in or on the side that goes out?",
    fa="بایاس‌ها را باید از سوی ورودی شمرد یا از سوی خروجی؟")
conv("conv_bias_argument_ignored", "o·f·h·w + o", CONV,
    en="What is left to learn of a layer that was made with bias=False?",
    fa="در لایه‌ای که با bias=False ساخته شده است چه چیزهایی برای یادگیری می‌ماند؟")
conv("conv_filters_squared", "o·o·f·h·w + b·o·o",
    en="Does the number given tell how many filters there are, or how they are laid out along two sides?",
    fa="عددی که داده شده شمار فیلترهاست یا چینش آن‌ها در دو ضلع؟")
conv("conv_kernel_side_not_squared", "o·f·h + b·o", CS231N,
    en="Is the kernel a line or a window with two sides?", fa="هسته یک خط است یا پنجره‌ای با دو ضلع؟")
conv("conv_rectangular_kernel_squared", "o·f·h·h + b·o",
    en="Are the two sides of this kernel equally long?", fa="آیا دو ضلع این هسته به یک اندازه‌اند؟")
conv("conv_weights_not_shared_over_positions", "o·f·h·w·p + b·o", CS231N,
    en="Does the filter learn new weights at each position, or carry the same ones along?",
    fa="آیا فیلتر در هر جای تصویر وزن‌های تازه یاد می‌گیرد یا همان وزن‌ها را با خود می‌برد؟")
conv("conv_multiplications_counted", "o·f·h·w·p", CS231N,
    en="Are you counting what is learnt, or what is multiplied while the image passes through?",
    fa="آنچه می‌شمارید چیزهایی است که یاد گرفته می‌شوند یا ضرب‌هایی که هنگام گذر تصویر انجام می‌شوند؟")
conv("conv_groups_ignored", "o·i·h·w + b·o", CONV,
    en="When the channels are split into groups, which of them does a filter still see?",
    fa="وقتی کانال‌ها به چند گروه بخش می‌شوند، هر فیلتر هنوز کدام‌ها را می‌بیند؟")
conv("conv_groups_multiplied", "o·i·g·h·w + b·o", CONV,
    en="Do groups give a filter more to look at, or less?", fa="گروه‌بندی، دیدِ هر فیلتر را بیشتر می‌کند یا کمتر؟")
conv("conv_groups_divide_both_sides", "(o/g)·f·h·w + b·o", CONV,
    en="You have looked at one group; how many of them make up the layer?",
    fa="شما یک گروه را شمرده‌اید؛ لایه از چند گروه ساخته شده است؟")
conv("conv_impossible_not_refused", "o·f·h·w + b·o", CONV, refuses=False,
    en="Can every number of channels be split into these groups, and what does torch say where it cannot?",
    fa="آیا هر شماری از کانال‌ها به این گروه‌ها بخش‌پذیر است و اگر نباشد torch چه می‌گوید؟")
