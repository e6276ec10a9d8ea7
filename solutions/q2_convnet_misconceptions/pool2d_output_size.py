"""Wrong sizes of a pooling layer's output: s size, k window, t stride, p padding."""

from autograder.course.mistakes import mistakes
from solutions import q2_convnet as right
from solutions.q2_convnet_misconceptions import ARITHMETIC, POOL, pair

pool = mistakes(of=right.pool2d_output_size, per="axis",
                s="size", k="kernel_size", t="k if stride = none else stride", p="padding")

pool.instead("pool_stride_defaults_to_one", POOL, stride="1 if stride = none else stride",
    en="How far do pooling windows lie apart when no stride is given, and is that the same as for a convolution?",
    fa="وقتی گام داده نشده است پنجره‌های ادغام (pooling) چقدر از هم فاصله دارند و آیا این همان رفتار پیچش است؟")
pool.instead("pool_stride_is_the_window", POOL, stride=None,
    en="Must pooling windows touch each other, or may the stride be chosen apart from the window?",
    fa="آیا پنجره‌های ادغام باید به هم چسبیده باشند یا گام را می‌توان جدا از پنجره برگزید؟")
pool.instead("pool_ceil_mode_ignored", POOL, ceil_mode=False,
    en="What does ceil_mode change about the last window, which does not fit whole?",
    fa="ceil_mode دربارهٔ پنجرهٔ آخری که کامل جا نمی‌شود چه چیزی را عوض می‌کند؟")
pool.instead("pool_always_rounded_up", POOL, ceil_mode=True,
    en="Unless it is told otherwise, what does torch do with a last window that does not fit whole?",
    fa="اگر چیز دیگری گفته نشود، torch با پنجرهٔ آخری که کامل جا نمی‌شود چه می‌کند؟")
pool("pool_window_beyond_the_image", "⌈(s + 2·p − k)/t⌉ + 1 if ceil_mode else (s + 2·p − k)/t + 1", POOL,
    en="May a window begin in the padding behind the image, where it would hold no pixel?",
    fa="آیا پنجره‌ای می‌تواند در پدِ پس از تصویر آغاز شود، جایی که هیچ پیکسلی در آن نیست؟")
pool("pool_always_halves", "s/2", POOL,
    en="Does pooling always halve, whatever its window and its stride?",
    fa="آیا ادغام همیشه نصف می‌کند، هر پنجره و گامی هم که داشته باشد؟")
pool("pool_window_ignored", "⌈(s + 2·p)/t⌉ if ceil_mode else (s + 2·p)/t", ARITHMETIC,
    en="Does only the stride shrink the image, or does the window's own width take something too?",
    fa="آیا تنها گام تصویر را کوچک می‌کند یا پهنای خودِ پنجره هم چیزی از آن می‌کاهد؟")
pool.instead("pool_padding_ignored", POOL, padding=0,
    en="Can a pooling layer be padded, and what does that do to the number of windows?",
    fa="آیا لایهٔ ادغام هم می‌تواند پد داشته باشد و این با شمار پنجره‌ها چه می‌کند؟")
pool("pool_height_and_width_swapped", "right₂ , right₁", POOL,
    en="In torch's pairs for a pooling window, which side is named first?",
    fa="در جفت‌هایی که torch برای پنجرهٔ ادغام می‌گیرد، نخست کدام ضلع می‌آید؟")


@pool.mistake(en="How much padding may a window have before some window sees no pixel, and what does torch say beyond that?",
              fa="پدِ پنجرهٔ ادغام تا چه اندازه می‌تواند باشد که هیچ پنجره‌ای بی‌پیکسل نماند و torch بیش از آن را چه می‌گوید؟",
              source=POOL)
def pool_impossible_not_refused(size, kernel_size, stride=None, padding=0, ceil_mode=False):
    try:
        return right.pool2d_output_size(size, kernel_size, stride, padding, ceil_mode)
    except ValueError:
        stride = kernel_size if stride is None else stride
        axes = zip(*map(pair, (size, kernel_size, stride, padding)), strict=True)
        return tuple((s + 2 * p - k) // (t or 1) + 1 for s, k, t, p in axes)
