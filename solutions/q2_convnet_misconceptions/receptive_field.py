"""Wrong receptive fields, layer by layer along each axis.

A window of k with dilation d spans e values of the map before it, which lie j pixels apart: jc if only convolutions had
strides, jp if only pooling had, jb if only the layer before had. It moves t values a step. ``kept``: before the last pooling.
"""

from math import prod

from autograder.course.mistakes import mistakes
from solutions import q2_convnet as right
from solutions.q2_convnet_misconceptions import ARITHMETIC, CONV, FIELDS, POOLS, last_pooling, pair


def _parts(layers):
    yield "start", {}
    j = jc = jp = (1, 1)
    jb: tuple[int, ...] = (1, 1)
    for index, layer in enumerate(layers):
        if "kernel_size" not in layer:
            continue
        kind = "pool" if layer["kind"] in POOLS else "conv"
        k, d = pair(layer["kernel_size"]), pair(layer.get("dilation", 1))
        t = k if kind == "pool" and layer.get("stride") is None else pair(layer.get("stride", 1))
        e = tuple(a * (b - 1) + 1 for a, b in zip(d, k, strict=True))
        kept = index < last_pooling(layers)
        yield kind, {"k": k, "d": d, "t": t, "e": e, "j": j, "jc": jc, "jp": jp, "jb": jb, "kept": kept}
        j = _times(j, t)
        jc, jp = (jc, _times(jp, t)) if kind == "pool" else (_times(jc, t), jp)
        jb = tuple(stride if extent > 1 or stride > 1 else b for stride, extent, b in zip(t, e, jb, strict=True))


def _times(a, b):
    return a[0] * b[0], a[1] * b[1]


def _kernels(layers):
    """Each axis's kernels of convolutions, dilated."""
    windows = [letters["e"] for kind, letters in _parts(layers) if kind == "conv"]
    return [[window[axis] for window in windows] for axis in (0, 1)]


field = mistakes(of=right.receptive_field, per="axis", parts=_parts,
                 pieces={"start": "1", "conv": "d·(k − 1)·j", "pool": "d·(k − 1)·j"})

field("field_pooling_ignored", source=FIELDS, conv="d·(k − 1)·jc", pool="0",
    en="How many input pixels lie between two neighbours of a map that has been pooled?",
    fa="میان دو همسایه در نقشه‌ای که ادغام شده است چند پیکسلِ ورودی فاصله است؟")
field("field_pooling_window_ignored", source=FIELDS, pool="0",
    en="Pooling spreads later kernels apart; how many values does its own window see?",
    fa="ادغام، هسته‌های بعدی را از هم باز می‌کند؛ پنجرهٔ خودش چند مقدار را می‌بیند؟")
field("field_pooling_stride_ignored", source=FIELDS, conv="d·(k − 1)·jc", pool="d·(k − 1)·jc",
    en="Pooling's window is seen; what does its stride do to every layer that comes after?",
    fa="پنجرهٔ ادغام را دیده‌اید؛ گامِ آن با همهٔ لایه‌های پس از خود چه می‌کند؟")
field("field_before_the_last_pooling", conv="kept·d·(k − 1)·j", pool="kept·d·(k − 1)·j",
    en="Is the field asked before or after the last pooling?", fa="میدان پذیرش پیش از آخرین ادغام خواسته شده است یا پس از آن؟")
field("field_kernels_summed", source=FIELDS, start="0", conv="e", pool="0",
    en="Two kernels one after the other share the value on which they meet; how far do they reach together?",
    fa="دو هستهٔ پیاپی در مقداری که به هم می‌رسند مشترک‌اند؛ با هم تا کجا می‌رسند؟")
field("field_all_windows_summed", source=FIELDS, start="0", conv="e", pool="e",
    en="Windows of pooling and of convolution follow one another; do their widths simply add up?",
    fa="پنجره‌های ادغام و پیچش پشت سر هم می‌آیند؛ آیا پهناهایشان به‌سادگی جمع می‌شوند؟")
field("field_dilation_ignored", source=FIELDS, conv="(k − 1)·j",
    en="How many pixels does a kernel span when there are gaps between its weights?",
    fa="هسته‌ای که میان وزن‌هایش فاصله هست چند پیکسل را دربر می‌گیرد؟")
field("field_dilated_kernel_k_times_d", source=ARITHMETIC, conv="(k·d − 1)·j",
    en="How many gaps does a dilated kernel have, and does anything follow its last weight?",
    fa="هستهٔ بازشده (dilated) چند فاصله دارد و آیا پس از آخرین وزنش چیزی هست؟")
field("field_own_stride_counted", source=FIELDS, conv="d·(k − 1)·j·t", pool="d·(k − 1)·j·t",
    en="Which layers' strides does a kernel feel: its own, or those before it?",
    fa="هر هسته گامِ کدام لایه‌ها را حس می‌کند: گام خودش یا گامِ لایه‌های پیشین را؟")
field("field_strides_not_accumulated", source=FIELDS, conv="d·(k − 1)·jb", pool="d·(k − 1)·jb",
    en="Is it only the layer just before that spreads a kernel, or all the layers before?",
    fa="آیا تنها لایهٔ پیشین است که هسته را از هم باز می‌کند یا همهٔ لایه‌های پیشین؟")
field("field_starts_from_nothing", source=FIELDS, start="0",
    en="Before any layer, how many pixels does a value see?", fa="پیش از هر لایه‌ای، هر مقدار چند پیکسل را می‌بیند؟")
field("field_kernel_not_less_one", source=FIELDS, conv="e·j", pool="e·j",
    en="A kernel begins on a value already seen; how many new ones does it bring on that axis?",
    fa="هسته از مقداری آغاز می‌کند که پیش‌تر دیده شده است؛ در آن راستا چند مقدار تازه می‌آورد؟")
field("field_conv_stride_ignored", source=FIELDS, conv="d·(k − 1)·jp", pool="d·(k − 1)·jp",
    en="Does a convolution that skips positions bring later values closer together or further apart in the image?",
    fa="پیچشی که از روی جاها می‌پرد، مقدارهای بعدی را در تصویر به هم نزدیک‌تر می‌کند یا دورتر؟")
field("field_height_and_width_swapped", "right₂ , right₁", CONV,
    en="Which axis does the first number of a kernel's pair belong to?",
    fa="نخستین عدد در جفتِ هسته به کدام راستا مربوط است؟")
field.instead("field_layers_in_reverse", FIELDS, layers=lambda layers: list(layers)[::-1],
    en="If you walk back from the output, which layer do you meet first?",
    fa="اگر از خروجی به عقب برگردید، نخست به کدام لایه می‌رسید؟")
field("field_area_instead_of_sides", "right₁·right₂ , right₁·right₂",
    en="What is asked: how wide the region is, or how many pixels it holds?",
    fa="چه چیزی خواسته شده است: پهنای ناحیه یا شمار پیکسل‌های آن؟")
field("field_jump_forgotten", source=FIELDS, conv="d·(k − 1)", pool="d·(k − 1)",
    en="After a layer with a stride, how many input pixels does the next kernel pass over from one value to its neighbour?",
    fa="پس از لایه‌ای گام‌دار، هستهٔ بعدی از یک مقدار تا همسایه‌اش از روی چند پیکسلِ ورودی می‌گذرد؟")


@field.mistake(en="Does a second kernel multiply what the first one sees, or widen it at its rim?",
               fa="آیا هستهٔ دوم دیدِ هستهٔ اول را چند برابر می‌کند یا تنها از لبه‌ها آن را می‌گستراند؟",
               source=FIELDS,
               arithmetic=lambda layers: ["·".join(map(str, kernels)) for kernels in _kernels(layers)])
def field_kernels_multiplied(layers):
    right.receptive_field(layers)
    return tuple(map(prod, _kernels(layers)))
