"""Wrong counts of the whole U-Net, piece by piece.

A level takes i channels to o, the bottom too. Up, w channels rise to n; the skip joins them, and a level follows. The final
convolution takes n channels to k classes.
"""

from itertools import pairwise

from autograder.course.mistakes import mistakes
from solutions import q3_unet as right
from solutions.q3_unet_misconceptions import CONV, CS231N, TRANSPOSED, UNET


def _parts(in_channels, num_classes, base_channels, levels):
    widths = [base_channels * 2**level for level in range(levels + 1)]
    for level, (i, o) in enumerate(zip([in_channels, *widths], widths, strict=False)):
        yield "bottom" if level == levels else "level", {"i": i, "o": o}
    for n, w in pairwise(widths):
        yield "rise", {"w": w, "n": n}
        yield "join", {"n": n}
    yield "final", {"n": base_channels, "k": num_classes}


unet = mistakes(of=right.unet_parameters, parts=_parts, pieces={
    "level": "9·i·o + o + 9·o·o + o", "bottom": "9·i·o + o + 9·o·o + o", "rise": "4·w·n + n",
    "join": "9·(2·n)·n + n + 9·n·n + n", "final": "n·k + k"})

unet("unet_skip_concatenation_forgotten", source=UNET, join="9·n·n + n + 9·n·n + n",
    en="What comes across from the encoder, and how many channels does the decoder's first convolution then see?",
    fa="از رمزگذار چه چیزی می‌رسد و نخستین پیچشِ رمزگشا آن‌گاه چند کانال می‌بیند؟")
unet("unet_skip_beside_an_unhalved_map", source=UNET, join="9·(3·n)·n + n + 9·n·n + n",
    en="How many channels are left after the up-convolution, before the skip joins in?",
    fa="پس از پیچشِ بالابر و پیش از پیوستن اتصال پرشی، چند کانال می‌ماند؟")
unet("unet_up_convolution_left_out", source=UNET, rise="0",
    en="With what does the U-Net enlarge its maps, and does that learn anything?",
    fa="U-Net نقشه‌هایش را با چه چیزی بزرگ می‌کند و آیا آن چیز یادگیرنده است؟")
unet("unet_up_convolution_three_by_three", source=UNET, rise="9·w·n + n",
    en="How large is the kernel of the up-convolution, when each value becomes a small square of its own?",
    fa="وقتی هر مقدار به مربع کوچکی از آنِ خود تبدیل می‌شود، هستهٔ پیچشِ بالابر چه اندازه‌ای دارد؟")
unet("unet_up_convolution_keeps_channels", source=UNET, rise="4·w·w + w",
    en="What does the up-convolution do to the number of channels while it enlarges the map?",
    fa="پیچشِ بالابر هنگام بزرگ کردن نقشه با شمار کانال‌ها چه می‌کند؟")
unet("unet_transposed_conv_inverted", source=TRANSPOSED, rise="4·w·n + w",
    en="On which side of a transposed convolution are the biases, if its channels run from wide to narrow?",
    fa="در پیچش ترانهاده که از کانال‌های بیشتر به کمتر می‌رود، بایاس‌ها در کدام سو هستند؟")
unet("unet_final_conv_left_out", source=UNET, final="0",
    en="How do the many maps at the end become one map a class?",
    fa="نقشه‌های فراوانِ پایانی چگونه به یک نقشه برای هر کلاس تبدیل می‌شوند؟")
unet("unet_final_conv_three_by_three", source=UNET, final="9·n·k + k",
    en="How far round its own pixel does the last convolution look?", fa="آخرین پیچش تا کجا پیرامون پیکسل خودش را می‌بیند؟")
unet("unet_background_class_added", final="n·(k + 1) + k + 1",
    en="Does the number of classes already say how many maps come out, or is one added for the background?",
    fa="آیا شمار کلاس‌ها خودش شمار نقشه‌های خروجی است یا یکی هم برای پس‌زمینه افزوده می‌شود؟")
unet("unet_bottom_left_out", source=UNET, bottom="0",
    en="Which layers lie at the bottom of the U, below the last halving?",
    fa="در کف U، پس از آخرین نصف شدن، کدام لایه‌ها قرار دارند؟")
unet("unet_one_conv_a_decoder_level", source=UNET, join="9·(2·n)·n + n",
    en="Is the decoder's level made of as many convolutions as the encoder's?",
    fa="آیا هر سطح رمزگشا به اندازهٔ سطح رمزگذار پیچش دارد؟")
unet("unet_bias_forgotten", source=CONV, level="9·i·o + 9·o·o", bottom="9·i·o + 9·o·o", rise="4·w·n", join="9·(2·n)·n + 9·n·n", final="n·k",
    en="Which learnt numbers does a convolution have besides its weights?",
    fa="هر پیچش جز وزن‌ها چه عددهای یادگرفتنیِ دیگری دارد؟")
unet.instead("unet_one_level_too_few", UNET, levels="levels − 1",
    en="How many times are the channels doubled from the first level down to the bottom?",
    fa="کانال‌ها از سطح نخست تا کف چند بار دو برابر می‌شوند؟")
unet.instead("unet_one_level_too_many", UNET, levels="levels + 1",
    en="Is the bottom counted among the levels, or does it lie below them?",
    fa="کف U جزو سطح‌ها شمرده می‌شود یا زیر آن‌هاست؟")
unet.instead("unet_image_channels_forgotten", CS231N, in_channels=1,
    en="Is the image that enters always of a single channel?", fa="آیا تصویر ورودی همیشه تک‌کاناله است؟")
unet("unet_decoder_left_out", source=UNET, rise="0", join="0",
    en="You have gone down the U; what is learnt on the way back up?",
    fa="از U پایین آمده‌اید؛ در راه بازگشت به بالا چه چیزی یاد گرفته می‌شود؟")
unet.instead("unet_base_channels_ignored", UNET, base_channels=64,
    en="Which numbers of channels does this U-Net start from, and is it always the paper's?",
    fa="این U-Net از چند کانال آغاز می‌کند و آیا همیشه همان عددِ مقاله است؟")
