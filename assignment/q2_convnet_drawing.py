"""Question 2's drawing: three blocks and the two heads, from the parameters of the numbers."""

from autograder.drawing import Drawing
from solutions.q2_convnet_torch import BLOCK, CLASSES, CONV, IMAGE, STACK

WORDS = {
    "en": {
        "caption": "The network: three equal blocks, then one of two heads. The shapes in between are for you to find.",
        "described": "An image of shape {image} goes through block 1, block 2 and block 3, each of them a convolution, ReLU and "
        "max pooling, and then either through flatten and a fully connected layer, or through global average pooling and a "
        "fully connected layer, to {classes} scores.",
        "image": "image",
        "block": "block {n}",
        "conv": "conv {k}×{k}, {out} filters",
        "padding": "stride {s}, padding {p}",
        "relu": "ReLU",
        "pool": "max pool {k}×{k}, stride {s}",
        "flatten": "flatten",
        "gap": "global average pooling",
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
        "conv": "پیچش {k}×{k}، {out} فیلتر",
        "padding": "گام {s}، پد {p}",
        "relu": "ReLU",
        "pool": "ادغام بیشینهٔ {k}×{k}، گام {s}",
        "flatten": "تخت‌کردن",
        "gap": "میانگین‌گیری سراسری",
        "linear": "تمام‌متصل",
        "scores": "{classes} امتیاز",
        "or": "یا",
    },
}
PERSIAN = str.maketrans("0123456789", "۰۱۲۳۴۵۶۷۸۹")


def drawings(language: str) -> list[Drawing]:
    """The network from the image to the scores, with the input's shape and a question mark for each that is asked."""
    pool = BLOCK[-1]
    values = {"k": CONV["kernel_size"], "out": CONV["out_channels"], "s": CONV["stride"], "p": CONV["padding"]}
    values |= {"classes": CLASSES, "image": f"({', '.join(map(str, IMAGE))})"}

    def said(key: str, **more: int) -> str:
        text = WORDS[language][key].format_map(values | more)
        return text.translate(PERSIAN) if language == "fa" and key not in ("described",) else text

    drawn = Drawing(780, 236, said("caption"), said("described"))
    blocks = len(STACK) // len(BLOCK)
    drawn.map(12, 92, 56, 56, IMAGE[0], "data")
    drawn.words(44, 72, said("image"), "label")
    drawn.words(44, 172, f"({', '.join(map(str, IMAGE))})", "code")
    x = 108.0
    drawn.line((82, 120), (x - 3, 120))
    for block in range(1, blocks + 1):
        drawn.box(x, 62, 118, 116, "soft", 8)
        drawn.words(x + 59, 54, said("block", n=block), "label")
        for row, (key, more) in enumerate((("conv", {}), ("relu", {}), ("pool", {"k": pool["kernel_size"], "s": pool["stride"]}))):
            y, tall = (70, 44) if row == 0 else (120 + 28 * (row - 1), 24)
            drawn.box(x + 6, y, 106, tall, "box")
            drawn.words(x + 59, y + (18 if row == 0 else 16), said(key, **more), "small")
            if row == 0:
                drawn.words(x + 59, y + 34, said("padding"), "small")
        x += 118
        end = x + 40
        drawn.line((x, 120), (end - 3, 120))
        drawn.words(x + 19, 110, "?", "name")
        x = end
    x -= 40
    drawn.line((x, 120), (x + 20, 120), (x + 20, 62), (x + 37, 62))
    drawn.line((x + 20, 120), (x + 20, 178), (x + 37, 178))
    drawn.words(x + 82, 124, said("or"), "label")
    for y, key in ((62, "flatten"), (178, "gap")):
        drawn.box(x + 38, y - 34, 92, 24, "box")
        drawn.words(x + 84, y - 18, said(key), "small")
        drawn.line((x + 84, y - 10), (x + 84, y + 4))
        drawn.box(x + 38, y + 6, 92, 24, "box")
        drawn.words(x + 84, y + 22, said("linear"), "small")
        drawn.line((x + 130, y + 18), (x + 148, y + 18))
        drawn.words(x + 154, y + 22, said("scores"), "label", "start")
    return [drawn]
