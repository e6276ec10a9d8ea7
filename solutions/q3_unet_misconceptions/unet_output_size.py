"""Wrong sizes of the original U-Net's output."""

from autograder.course.mistakes import mistakes
from solutions import q3_unet as right
from solutions.q3_unet_misconceptions import CONV, CS231N, TRANSPOSED, UNET, pair

output = mistakes(of=right.unet_output_size, per="axis", s="image_size")


def _valley(encoder=4, bottom=4, decoder=4, up=lambda side: 2 * side, deeper=0, refuses=True):
    """Each side through the U of unpadded convolutions, which take off the given numbers of pixels a level."""

    def wrong(image_size, levels=4):
        if refuses:
            right.unet_output_size(image_size, levels)
        sides = list(pair(image_size))
        for _ in range(levels + deeper):
            sides = [(side - encoder) // 2 for side in sides]
        sides = [side - bottom for side in sides]
        for _ in range(levels + deeper):
            sides = [up(side) - decoder for side in sides]
        return tuple(sides)

    return wrong


output("output_padded_convs_assumed", "s", UNET,
    en="What does a convolution without padding do at the border of its input?", fa="پیچشِ بدون پد در مرز ورودی چه می‌کند؟")
output("output_skip_not_cropped", "s − 4 − 4", UNET,
    en="The encoder's maps are larger than the decoder's where they meet; which of the two sizes survives?",
    fa="نقشه‌های رمزگذار هنگام رسیدن به نقشه‌های رمزگشا بزرگ‌ترند؛ کدام اندازه می‌ماند؟")
output("output_height_and_width_swapped", "right₂ , right₁", CONV,
    en="Does height or width come first?", fa="نخست ارتفاع می‌آید یا پهنا؟")
output.by("output_one_conv_a_level", _valley(encoder=2, bottom=2, decoder=2), UNET,
    en="How many convolutions take their border off at each level?", fa="در هر سطح چند پیچش از مرزها می‌کاهند؟")
output.by("output_bottom_convs_forgotten", _valley(bottom=0), UNET,
    en="Are there convolutions at the bottom of the U, between the last halving and the first doubling?",
    fa="آیا در پایین‌ترین جای U، میان آخرین نصف شدن و نخستین دو برابر شدن، پیچشی هست؟")
output.by("output_decoder_convs_forgotten", _valley(decoder=0), UNET,
    en="What follows on the way up after each concatenation?", fa="در مسیر بالا رفتن، پس از هر الحاق چه می‌آید؟")
output.by("output_encoder_convs_forgotten", _valley(encoder=0), UNET,
    en="What comes before each halving on the way down?", fa="در مسیر پایین رفتن، پیش از هر نصف شدن چه می‌آید؟")
output.by("output_kernel_not_less_one", _valley(encoder=6, bottom=6, decoder=6), CS231N,
    en="By how much does a kernel shorten a row, given that all of it must stay on the row?",
    fa="هسته‌ای که باید کامل روی سطر بماند، سطر را چقدر کوتاه می‌کند؟")
output.by("output_transposed_conv_inverted", _valley(up=lambda side: side // 2), TRANSPOSED,
    en="Which way does the transposed convolution change the size?", fa="پیچش ترانهاده اندازه را به کدام سو تغییر می‌دهد؟")
output.by("output_upsampling_forgotten", _valley(up=lambda side: side), UNET,
    en="What undoes the halvings on the way up?", fa="در مسیر بالا رفتن چه چیزی نصف شدن‌ها را جبران می‌کند؟")
output.by("output_one_level_too_few", _valley(deeper=-1), UNET,
    en="How often is the image halved on its way down?", fa="تصویر در مسیر پایین رفتن چند بار نصف می‌شود؟")
output.by("output_one_level_too_many", _valley(deeper=1), UNET,
    en="Is the bottom of the U one of the levels that are halved?",
    fa="آیا پایین‌ترین سطحِ U هم یکی از سطح‌هایی است که نصف می‌شوند؟")
output.by("output_impossible_not_refused", _valley(refuses=False), UNET,
    en="What becomes of a row or column left over when a map is halved, and can the U then be closed as it was meant?",
    fa="وقتی در نصف کردنِ نقشه سطر یا ستونی زیاد می‌آید چه می‌شود و آیا U آن‌گاه همان‌گونه که باید بسته می‌شود؟")
