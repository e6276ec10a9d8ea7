"""Question 4's drawing: a dense block, every layer with all that came before it, from the parameters of the numbers."""

from autograder.course.drawing import Drawing
from solutions.q4_densenet_numbers import LAYERS

WORDS = {
    "en": {
        "caption": "A dense block of {n} layers with growth rate {g}: each circle concatenates everything that reaches it.",
        "described": "The block is given {c} channels. Each of its {n} layers is batch normalisation, ReLU and a 3×3 convolution, and adds {g} "
        "maps. Bows lead from the block's input and from every layer to all later layers and to the end of the block.",
        "input": "input",
        "layer": "layer {k}",
        "adds": "+{g} maps",
        "given": "{c} channels",
        "output": "output",
        "inside": "BN, ReLU, conv 3×3",
    },
    "fa": {
        "caption": "یک بلوک چگال با {n} لایه و نرخ رشد {g}: هر دایره هرچه را به آن می‌رسد به هم الحاق می‌کند.",
        "described": "ورودی بلوک {c} کانال دارد. هر یک از {n} لایه نرمال‌سازی دسته‌ای، ReLU و یک پیچش ۳×۳ است و {g} نقشه می‌افزاید. کمان‌ها از "
        "ورودی بلوک و از هر لایه به همهٔ لایه‌های بعدی و به پایان بلوک می‌روند.",
        "input": "ورودی",
        "layer": "لایهٔ {k}",
        "adds": "{g} نقشهٔ تازه",
        "given": "{c} کانال",
        "output": "خروجی",
        "inside": "BN, ReLU, conv 3×3",
    },
}
PERSIAN = str.maketrans("0123456789", "۰۱۲۳۴۵۶۷۸۹")


def drawings(language: str, v) -> list[Drawing]:
    """The block with what the question gives: the channels of its input and the growth rate."""

    def said(key: str, **more: int) -> str:
        text = WORDS[language][key].format_map({"n": LAYERS, "g": v.growth, "c": v.channels} | more)
        return text.translate(PERSIAN) if language == "fa" and key != "inside" else text

    step, wide, base = 178, 122, 150
    width = 110 + step * LAYERS + 90
    drawn = Drawing(width, 232, said("caption"), said("described"))
    drawn.map(18, base - 22, 40, 44, 3)
    drawn.words(42, base + 46, said("input"), "label")
    drawn.words(42, base + 64, said("given"), "small")
    joins = [110 + step * k for k in range(LAYERS + 1)]  # where what came before is concatenated
    sources = [66.0]
    for k, x in enumerate(joins):
        for at, source in enumerate(sources[:-1]):
            drawn.arc((source + 6, base - 26), (x, base - 11), 40 + 22 * (k - at), "bow")
        drawn.line((sources[-1], base), (x - 10, base))
        drawn.box(x - 9, base - 9, 18, 18, "join", 9)
        if k < LAYERS:
            drawn.line((x + 9, base), (x + 21, base))
            drawn.box(x + 24, base - 26, wide, 52, "box")
            drawn.words(x + 24 + wide / 2, base - 5, said("layer", k=k + 1), "label")
            drawn.words(x + 24 + wide / 2, base + 15, said("inside"), "small")
            drawn.words(x + 24 + wide / 2, base + 46, said("adds"), "small")
            sources.append(x + 24 + wide)
    drawn.line((joins[-1] + 9, base), (joins[-1] + 44, base))
    drawn.words(joins[-1] + 62, base + 30, said("output"), "label")
    drawn.words(joins[-1] + 54, base + 5, "?", "name", "start")
    return [drawn]
