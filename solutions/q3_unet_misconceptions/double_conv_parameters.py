"""Wrong counts of a level's two convolutions: i channels in, o out, a kernel of h by w.

A level below has bi and bo channels, one above ai and ao.
"""

from autograder.course.mistakes import mistakes
from solutions import q3_unet as right
from solutions.q3_unet_misconceptions import CONV, CS231N, UNET

double = mistakes(of=right.double_conv_parameters, i="in_channels", o="out_channels", h="kernel_size₁", w="kernel_size₂",
                  bi="2·i", bo="2·o", ai="max(i/2, 1)", ao="max(o/2, 1)")

double("double_first_conv_only", "i·o·h·w + o", UNET,
    en="How many convolutions does a level of the U-Net have?", fa="هر سطح U-Net چند پیچش دارد؟")
double("double_second_conv_only", "o·o·h·w + o", UNET,
    en="Which convolution of the level changes the number of channels, and has it been counted?",
    fa="کدام پیچشِ این سطح شمار کانال‌ها را تغییر می‌دهد و آیا شمرده شده است؟")
double("double_both_see_the_new_width", "(o·o·h·w + o) + (o·o·h·w + o)", UNET,
    en="How many channels come down into this level from the one above?", fa="از سطح بالایی چند کانال به این سطح می‌رسد؟")
double("double_both_see_the_old_width", "(i·o·h·w + o) + (i·o·h·w + o)", UNET,
    en="What does the second convolution of the level look at?", fa="پیچش دومِ این سطح به چه چیزی نگاه می‌کند؟")
double("double_widened_by_the_second", "(i·i·h·w + i) + (i·o·h·w + o)", UNET,
    en="Which of the two convolutions brings in the new channels?", fa="کدام‌یک از دو پیچش کانال‌های تازه را می‌آورد؟")
double("double_bias_forgotten", "i·o·h·w + o·o·h·w", CONV,
    en="Besides its weights, what does each filter of both convolutions learn?",
    fa="هر فیلتر در هر دو پیچش جز وزن‌هایش چه چیزی یاد می‌گیرد؟")
double("double_bias_counted_once", "i·o·h·w + o·o·h·w + o",
    en="Do the two convolutions share their biases?", fa="آیا دو پیچش در بایاس‌ها شریک‌اند؟")
double("double_input_channels_forgotten", "(o·h·w + o) + (o·h·w + o)", CS231N,
    en="Which channels does each filter see?", fa="هر فیلتر کدام کانال‌ها را می‌بیند؟")
double("double_of_the_level_below", "(bi·bo·h·w + bo) + (bo·bo·h·w + bo)", UNET,
    en="Counting from the image, which level is the one that is asked, and how wide is it?",
    fa="اگر از تصویر بشمارید، سطح خواسته‌شده کدام است و چند کانال دارد؟")
double("double_of_the_level_above", "(ai·ao·h·w + ao) + (ao·ao·h·w + ao)", UNET,
    en="Is the first level the one that takes the image in, or the one below it?",
    fa="سطح نخست همان است که تصویر را می‌گیرد یا سطح پایین‌تر از آن؟")
double("double_kernel_side_not_squared", "(i·o·h + o) + (o·o·h + o)", CS231N,
    en="How many sides does the kernel have?", fa="هسته چند ضلع دارد؟")
double("double_rectangular_kernel_squared", "(i·o·h·h + o) + (o·o·h·h + o)",
    en="Are both sides of this kernel alike?", fa="آیا هر دو ضلع این هسته یکسان‌اند؟")
double("double_batch_norm_counted", "(i·o·h·w + o) + (o·o·h·w + o) + 4·o", UNET,
    en="Does the original U-Net have any layer between convolution and ReLU that learns?",
    fa="آیا در U-Net اصلی میان پیچش و ReLU لایه‌ای هست که چیزی یاد بگیرد؟")
