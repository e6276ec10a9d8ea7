"""Question 3's drawing: the U with its skips, from the parameters of the numbers."""

from autograder.course.drawing import Drawing
from solutions.q3_unet_numbers import HALVINGS, levels

WORDS = {
    "en": {
        "caption": "U-Net with {n} halvings. A level is two 3×3 convolutions, each followed by ReLU; its channels stand in it.",
        "described": "Down the left arm, the encoder: levels with {channels} channels, max pooling after each. Below, the bottom. Up the "
        "right arm, the decoder: as many levels with the same channels, a doubling before each. From every level of the encoder a "
        "skip connection leads across to the level of the decoder beside it.",
        "image": "image",
        "output": "output",
        "level": "level {level}",
        "bottom": "bottom (bottleneck)",
        "skip": "skip connection",
        "down": "max pooling 2×2",
        "up": "doubling",
        "encoder": "encoder",
        "decoder": "decoder",
        "last": "1×1 convolution",
        "channels": "{c} channels",
    },
    "fa": {
        "caption": "شبکهٔ U-Net با {n} بار نصف‌کردن. هر سطح دو پیچش ۳×۳ است که پس از هر کدام ReLU می‌آید؛ شمار کانال‌ها درون سطح آمده است.",
        "described": "بازوی چپ رمزگذار است: سطح‌هایی با {channels} کانال که پس از هر کدام ادغام بیشینه می‌آید. پایین، گلوگاه است. بازوی راست "
        "رمزگشاست: به همان تعداد سطح با همان کانال‌ها که پیش از هر کدام تصویر دو برابر می‌شود. از هر سطح رمزگذار یک اتصال پرشی به سطح "
        "هم‌ترازش در رمزگشا می‌رود.",
        "image": "تصویر",
        "output": "خروجی",
        "level": "سطح {level}",
        "bottom": "گلوگاه",
        "skip": "اتصال پرشی",
        "down": "ادغام بیشینهٔ ۲×۲",
        "up": "دو برابر کردن",
        "encoder": "رمزگذار",
        "decoder": "رمزگشا",
        "last": "پیچش ۱×۱",
        "channels": "{c} کانال",
    },
}
PERSIAN = str.maketrans("0123456789", "۰۱۲۳۴۵۶۷۸۹")


def drawings(language: str, v) -> list[Drawing]:
    """The U, with what the question gives: the image's side and the channels of the levels."""

    def said(key: str, **more: object) -> str:
        text = WORDS[language][key].format_map({"n": HALVINGS, "channels": ", ".join(map(str, levels(v)))} | more)
        return text.translate(PERSIAN) if language == "fa" else text

    row, wide, width = 66, 104, 760
    drawn = Drawing(width, 64 + row * (HALVINGS + 1), said("caption"), said("described"))
    middle = width / 2
    arms = []
    for level, channels in enumerate(levels(v)):
        y, inset = 40 + row * level, 30 * level
        left, right = 84 + inset, width - 84 - inset - wide
        arms.append((left, right, y))
        for x in (left, right):
            drawn.box(x, y, wide, 36, "box")
            drawn.words(x + wide / 2, y + 15, said("level", level=level + 1), "small")
            drawn.words(x + wide / 2, y + 30, said("channels", c=channels), "small")
        drawn.line((left + wide + 3, y + 18), (right - 3, y + 18), kind="bow")
    drawn.words(middle, arms[0][2] + 12, said("skip"), "small")
    bottom = 40 + row * HALVINGS
    drawn.box(middle - wide / 2 - 12, bottom, wide + 24, 36, "strong")
    drawn.words(middle, bottom + 22, said("bottom"), "small")
    for upper, lower in zip(arms, arms[1:], strict=False):
        x = lower[0] + 28
        drawn.line((x, upper[2] + 37), (x, lower[2] - 2))
        x = lower[1] + wide - 28
        drawn.line((x, lower[2] - 1), (x, upper[2] + 39))
    left, right, y = arms[-1]
    drawn.line((left + 58, y + 37), (left + 58, bottom + 18), (middle - wide / 2 - 14, bottom + 18))
    drawn.line((middle + wide / 2 + 12, bottom + 18), (right + wide - 58, bottom + 18), (right + wide - 58, y + 39))
    drawn.line((14, 58), (81, 58))
    drawn.words(44, 50, said("image"), "small")
    drawn.words(44, 76, f"{v.side}×{v.side}".translate(PERSIAN if language == "fa" else {}), "small")
    drawn.line((width - 84, 58), (width - 16, 58))
    drawn.words(width - 46, 50, said("output"), "small")
    drawn.words(width - 2, 76, said("last"), "small", "end")
    drawn.words(136, 26, said("encoder"), "label")
    drawn.words(width - 136, 26, said("decoder"), "label")
    second = arms[1][2]
    drawn.words(arms[1][0] + 20, second - 10, said("down"), "small", "end")
    drawn.words(arms[1][1] + wide - 20, second - 10, said("up"), "small", "start")
    return [drawn]
