"""Wrong sizes of the bottleneck: s a side of the image, n halvings."""

from autograder.course.mistakes import mistakes
from solutions import q3_unet as right
from solutions.q3_unet_misconceptions import CONV, UNET, pair

bottom = mistakes(of=right.bottleneck_shape, per="axis", s="image_size", n="levels")

bottom("bottleneck_one_level_too_few", "s/2^(n − 1)", UNET,
    en="Starting from the image, after which of the halvings does the bottleneck lie?",
    fa="اگر از خود تصویر آغاز کنید، گلوگاه پس از کدام نصف شدن قرار دارد؟")
bottom("bottleneck_one_level_too_many", "s/2^(n + 1)", UNET,
    en="Is the bottleneck itself halved once more after the encoder's last level?",
    fa="آیا پس از آخرین سطحِ رمزگذار، خودِ گلوگاه هم یک بار دیگر نصف می‌شود؟")
bottom("bottleneck_side_instead_of_area", "image_size₁/2^levels , 1",
    en="A map has two sides; how do they give its number of positions?",
    fa="نقشه دو ضلع دارد؛ شمار جایگاه‌های آن چگونه از این دو به دست می‌آید؟")
bottom("bottleneck_channels_counted", "64·2^levels , image_size₁/2^levels , image_size₂/2^levels", UNET,
    en="Is a position counted once, or once for each map that lies over it?",
    fa="هر جایگاه یک بار شمرده می‌شود یا برای هر نقشه‌ای که روی آن است یک بار؟")
bottom("bottleneck_area_halved", "image_size₁/2^⌈levels/2⌉ , image_size₂/2^⌊levels/2⌋", UNET,
    en="Does halving an image apply to each of its sides, or to its area?",
    fa="نصف کردنِ تصویر برای هر ضلع آن است یا برای مساحت آن؟")
bottom("bottleneck_halvings_added", "s/(2·n)",
    en="If something is halved several times over, do the divisors add up or multiply?",
    fa="اگر چیزی چند بار پیاپی نصف شود، مقسوم‌علیه‌ها جمع می‌شوند یا در هم ضرب؟")
bottom("bottleneck_height_and_width_swapped", "right₂ , right₁", CONV,
    en="Which side of the image does the first number of its size stand for?",
    fa="نخستین عددِ اندازهٔ تصویر برای کدام ضلع آن است؟")
bottom("bottleneck_taken_as_square", "right₁ , right₁",
    en="Must the image be square?", fa="آیا تصویر باید مربع باشد؟")
bottom("bottleneck_impossible_not_refused", "s/2^max(n, 0)", UNET, refuses=False,
    en="How often can so small an image be halved before nothing is left, and what should be said then?",
    fa="تصویری به این کوچکی را چند بار می‌توان نصف کرد تا چیزی نماند و آن‌گاه چه باید گفت؟")


@bottom.mistake(en="Are this encoder's convolutions padded or not, and what do they do to the size?",
                fa="آیا پیچش‌های این رمزگذار پد دارند یا نه و با اندازه چه می‌کنند؟",
                source=UNET)
def bottleneck_of_unpadded_convs(image_size, levels=4):
    right.bottleneck_shape(image_size, levels)
    sides = pair(image_size)
    for _ in range(levels):
        sides = [(side - 4) // 2 for side in sides]
    return tuple(side - 4 for side in sides)
