"""Question 2's drawing: three blocks and the two heads, from the parameters of the numbers."""

from autograder.course.drawing import Drawing
from solutions.q2_convnet_torch import BLOCKS, block, image

WORDS = {
    "en": {
        "caption": "The network: three equal blocks, then one of two heads. The shapes in between are for you to find.",
        "described": "An image of shape {image} goes through block 1, block 2 and block 3, each of them a convolution, ReLU and "
        "max pooling, and then either through flatten and a fully connected layer, or through global average pooling and a "
        "fully connected layer, to {classes} scores.",
        "image": "image",
        "block": "block {n}",
        "conv": "{out} filters {k}×{k}",
        "conv_more": "stride {s}, padding {p}",
        "relu": "ReLU",
        "pool": "max pooling {k}×{k}",
        "pool_more": "stride {s}",
        "flatten": "flatten",
        "gap": "global average",
        "linear": "fully connected",
        "scores": "{classes} scores",
        "or": "or",
    },
    "fa": {
        "caption": "شبکه: سه بلوک یکسان و سپس یکی از دو سر. شکل‌های میانی را خودتان پیدا کنید.",
        "described": "تصویری با شکل {image} از بلوک ۱، بلوک ۲ و بلوک ۳ می‌گذرد که هر کدام یک پیچش، ReLU و ادغام بیشینه دارند؛ سپس یا "
        "تخت می‌شود و به لایهٔ تمام‌متصل می‌رود، یا میانگین‌گیری سراسری می‌شود و به لایهٔ تمام‌متصل می‌رود، و {classes} امتیاز به دست می‌آید.",
        "image": "تصویر",
        "block": "بلوک {n}",
        "conv": "{out} فیلتر {k}×{k}",
        "conv_more": "گام {s}، پد {p}",
        "relu": "ReLU",
        "pool": "ادغام بیشینهٔ {k}×{k}",
        "pool_more": "گام {s}",
        "flatten": "تخت‌کردن",
        "gap": "میانگین سراسری",
        "linear": "تمام‌متصل",
        "scores": "{classes} امتیاز",
        "or": "یا",
    },
}
PERSIAN = str.maketrans("0123456789", "۰۱۲۳۴۵۶۷۸۹")


def drawings(language: str, v) -> list[Drawing]:
    """The network from the image to the scores, with the input's shape and a question mark for each that is asked."""
    conv, _, pool = block(v)
    shape = f"({', '.join(map(str, image(v)))})"
    values = {"k": conv["kernel_size"], "out": conv["out_channels"], "s": conv["stride"], "p": conv["padding"]}
    values |= {"classes": v.classes, "image": shape}

    def said(key: str, **more: int) -> str:
        text = WORDS[language][key].format_map(values | more)
        return text.translate(PERSIAN) if language == "fa" and key not in ("described",) else text

    drawn = Drawing(860, 250, said("caption"), said("described"))
    wide, base = 130, 128
    drawn.map(12, base - 28, 56, 56, image(v)[0], "data")
    drawn.words(44, base - 48, said("image"), "label")
    drawn.words(46, base + 52, shape, "code")
    x = 116.0
    drawn.line((82, base), (x - 3, base))
    for number in range(1, BLOCKS + 1):
        drawn.box(x, base - 72, wide, 146, "soft", 8)
        drawn.words(x + wide / 2, base - 82, said("block", n=number), "label")
        rows = (
            ("conv", "conv_more", {}),
            ("relu", "", {}),
            ("pool", "pool_more", {"k": pool["kernel_size"], "s": pool["stride"]}),
        )
        y = base - 64
        for key, second, more in rows:
            tall = 46 if second else 26
            drawn.box(x + 7, y, wide - 14, tall, "box")
            drawn.words(x + wide / 2, y + (19 if second else 17), said(key, **more), "small")
            if second:
                drawn.words(x + wide / 2, y + 36, said(second, **more), "small")
            y += tall + 6
        x += wide
        drawn.line((x, base), (x + 37, base), arrow=number < BLOCKS)
        drawn.words(x + 19, base - 9, "?", "name")
        x += 40
    x -= 3
    drawn.line((x, base - 66), (x, base + 66), arrow=False)
    drawn.words(x + 76, base + 5, said("or"), "label")
    for side, key in ((-1, "flatten"), (1, "gap")):
        y = base + side * 66 - 32
        drawn.line((x, base + side * 66), (x + 17, base + side * 66))
        drawn.box(x + 20, y, 112, 64, "soft", 8)
        drawn.box(x + 27, y + 7, 98, 23, "box")
        drawn.words(x + 76, y + 23, said(key), "small")
        drawn.box(x + 27, y + 34, 98, 23, "box")
        drawn.words(x + 76, y + 50, said("linear"), "small")
        drawn.line((x + 132, y + 32), (x + 150, y + 32))
        drawn.words(x + 156, y + 36, said("scores"), "label", "start")
    return [drawn]
