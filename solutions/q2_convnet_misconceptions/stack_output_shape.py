"""Wrong shapes after a stack of layers: c channels of the image."""

from math import prod

from autograder.course.mistakes import mistakes
from solutions import q2_convnet as right
from solutions.q2_convnet_misconceptions import CONV, CS231N, POOL, POOLS, last_pooling, without

shape = mistakes(of=right.stack_output_shape, c="image_shape₁")


def _widths(image_shape, layers):
    return [image_shape[0], *(layer["out_channels"] for layer in layers if layer["kind"] == "conv")]


def _pooled_by_steps_of_one(layers):
    """A pooling layer without a stride of its own moves one pixel at a time."""
    return [{"stride": 1, **layer} if layer["kind"] in POOLS else layer for layer in layers]


shape("stack_channels_last", "right₂ , right₃ , right₁", CONV,
    en="In which order does torch name channels, height and width?",
    fa="torch کانال‌ها و ارتفاع و پهنا را با چه ترتیبی می‌آورد؟")
shape("stack_input_channels_kept", "c , right₂ , right₃", CS231N,
    en="How many maps does a layer with that many filters give: as many as came in?",
    fa="لایه‌ای با این شمار فیلتر چند نقشه می‌دهد: به شمار آنچه وارد شده است؟")
shape("stack_one_map_only", "1 , right₂ , right₃", CS231N,
    en="How many maps lie on top of each other at the end, one for all filters or one for each?",
    fa="در پایان چند نقشه روی هم قرار دارند: یکی برای همهٔ فیلترها یا برای هر فیلتر یکی؟")
shape.instead("stack_pooling_ignored", CS231N, layers=without(POOLS),
    en="What does pooling leave of the height and the width?", fa="پس از ادغام (pooling) از ارتفاع و پهنا چه می‌ماند؟")
shape.instead("stack_one_pooling_too_few", layers=lambda layers: [*layers[: last_pooling(layers)], *layers[last_pooling(layers) + 1 :]],
    en="Have you followed the image through all the pooling layers, the last one included?",
    fa="آیا تصویر را از همهٔ لایه‌های ادغام گذرانده‌اید، آخرین لایه را هم؟")
shape.instead("stack_one_pooling_too_many", layers=lambda layers: [*layers, *layers[last_pooling(layers) :][:1]],
    en="How many pooling layers are there, counted one by one?", fa="اگر یکی‌یکی بشمارید، چند لایهٔ ادغام وجود دارد؟")
shape.instead("stack_pool_stride_defaults_to_one", POOL, layers=_pooled_by_steps_of_one,
    en="Which stride does a pooling layer take when the list leaves it out?",
    fa="اگر گام لایهٔ ادغام در فهرست نیامده باشد، کدام گام به کار می‌رود؟")
shape("stack_height_and_width_swapped", "right₁ , right₃ , right₂", CONV,
    en="Is it height or width that follows the channels?", fa="پس از کانال‌ها ارتفاع می‌آید یا پهنا؟")
shape("stack_with_batch_dimension", "1 , right₁ , right₂ , right₃", CONV,
    en="Does the shape of one image's output have a place for the batch?",
    fa="آیا در شکلِ خروجیِ یک تصویر جایی برای بُعد دسته (batch) هست؟")


@shape.mistake(en="Does a filter give a map for each channel that it sees, or a single map for all of them together?",
               fa="آیا فیلتر برای هر کانالی که می‌بیند یک نقشه می‌دهد یا برای همه با هم تنها یک نقشه؟",
               source=CS231N,
               arithmetic=lambda image_shape, layers: ["·".join(map(str, _widths(image_shape, layers)))])
def stack_channels_multiplied(image_shape, layers):
    return (prod(_widths(image_shape, layers)), *right.stack_output_shape(image_shape, layers)[1:])
