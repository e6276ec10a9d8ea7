"""Wrong numbers of maps that a layer receives: c enter the block, k are added a layer, m layers are before, s one fewer."""

from autograder.course.mistakes import mistakes
from solutions import q4_densenet as right
from solutions.q4_densenet_misconceptions import DENSENET, RESNET

maps = mistakes(of=right.dense_layer_input_channels, c="in_channels", k="growth_rate", m="layer − 1", s="max(m − 1, 0)")

maps("maps_of_the_previous_layer_only", "k if layer > 1 else c", DENSENET,
    en="Does a dense layer hear only its neighbour, or every layer before it?",
    fa="آیا لایهٔ چگال تنها از همسایه‌اش می‌گیرد یا از همهٔ لایه‌های پیش از خود؟")
maps("maps_of_its_own_included", "c + layer·k", DENSENET,
    en="Can a layer receive the maps that it is about to make?",
    fa="آیا لایه می‌تواند نقشه‌هایی را دریافت کند که هنوز خودش نساخته است؟")
maps("maps_added_as_in_resnet", "max(c, k) if layer > 1 else c", RESNET,
    en="Are the earlier maps laid side by side, or summed as in a residual network?",
    fa="نقشه‌های پیشین کنار هم گذاشته می‌شوند یا مانند شبکهٔ باقی‌مانده‌ای با هم جمع می‌شوند؟")
maps("maps_of_the_block_input_forgotten", "m·k", DENSENET,
    en="What was there before the first layer of the block, and is it still handed on?",
    fa="پیش از نخستین لایهٔ بلوک چه چیزی بود و آیا هنوز دست به دست می‌شود؟")
maps("maps_one_layer_short", "c + s·k", DENSENET,
    en="How many layers have spoken before this one, if the first one is called layer one?",
    fa="اگر لایهٔ نخست را لایهٔ یک بنامیم، پیش از این لایه چند لایه خروجی داده‌اند؟")
maps("maps_doubled_by_each_layer", "c·2^m", DENSENET,
    en="Is what grows from layer to layer counted by adding or by multiplying?",
    fa="آنچه لایه به لایه می‌افزاید با جمع حساب می‌شود یا با ضرب؟")
maps("maps_impossible_not_refused", "c + k·(layer − 1)", refuses=False,
    en="Layers are counted from one here; what would a layer before the first one be?",
    fa="اینجا شمارش لایه‌ها از یک آغاز می‌شود؛ لایهٔ پیش از نخستین چه معنایی دارد؟")


def _doubling(in_channels, growth_rate, layer):
    """The sheet's layers get wider by two each; the third layer's own maps belong to that row."""
    return [in_channels, *(growth_rate * 2**earlier for earlier in range(layer))]


@maps.mistake(en="Among the maps that a layer receives, can there be those that it has yet to make itself?",
              fa="آیا در میان نقشه‌هایی که لایه دریافت می‌کند، نقشه‌هایی هم هست که خودش تازه باید بسازد؟",
              source=DENSENET,
              arithmetic=lambda *call: [" + ".join(map(str, _doubling(*call)))])
def maps_of_its_own_included_widths_doubling(in_channels, growth_rate, layer):
    right.dense_layer_input_channels(in_channels, growth_rate, layer)
    return sum(_doubling(in_channels, growth_rate, layer))
