"""Wrong counts of a head: features of c·h·w, n classes, v values that reach the linear layer."""

from autograder.course.mistakes import mistakes
from solutions import q2_convnet as right
from solutions.q2_convnet_misconceptions import NETWORK_IN_NETWORK

head = mistakes(of=right.head_parameters, c="feature_shape₁", h="feature_shape₂", w="feature_shape₃", n="num_classes",
                before="2·h", beside="2·w", v="c·h·w if pooling = 'flatten' else c")

head("head_bias_forgotten", "v·n",
    en="What does each class add to its weighted sum?", fa="هر کلاس به جمع وزن‌دار خود چه چیزی می‌افزاید؟")
head("head_positions_of_one_map_only", "h·w·n + n if pooling = 'flatten' else c·n + n",
    en="Does flattening keep one map, or all of them?", fa="تخت کردن تنها یک نقشه را نگه می‌دارد یا همهٔ نقشه‌ها را؟")
head("head_average_over_channels", "h·w·n + n if pooling = 'gap' else c·h·w·n + n", NETWORK_IN_NETWORK,
    en="Over what does global average pooling take its mean: over the positions of a map, or over the maps?",
    fa="ادغام میانگین سراسری روی چه چیزی میانگین می‌گیرد: روی جاهای یک نقشه یا روی نقشه‌ها؟")
head("head_flattened_before_the_last_pooling", "c·before·beside·n + n if pooling = 'flatten' else c·n + n",
    en="Which is the last layer before flattening, and how large is each map after it?",
    fa="آخرین لایهٔ پیش از تخت کردن کدام است و پس از آن هر نقشه چه اندازه‌ای دارد؟")
head("head_average_forgotten", "c·h·w·n + n", NETWORK_IN_NETWORK,
    en="What does global average pooling leave of each map before the linear layer?",
    fa="ادغام میانگین سراسری پیش از لایهٔ خطی از هر نقشه چه باقی می‌گذارد؟")
head("head_flatten_taken_for_average", "c·n + n",
    en="Does flattening throw positions away, or lay them side by side?",
    fa="تخت کردن، جاهای مکانی را دور می‌ریزد یا کنار هم می‌چیند؟")
head("head_one_bias", "v·n + 1",
    en="Do the classes share a bias?", fa="آیا کلاس‌ها در بایاس شریک‌اند؟")
head("head_average_counted_as_learnt", "c·n + n + c·h·w if pooling = 'gap' else c·h·w·n + n", NETWORK_IN_NETWORK,
    en="Is a mean over positions a layer that learns?", fa="آیا میانگین گرفتن روی جاهای نقشه لایه‌ای است که یاد می‌گیرد؟")


@head.mistake(en="Which ways of closing the network are known here, and what should an unknown one lead to?",
              fa="اینجا کدام شیوه‌های پایان دادن به شبکه شناخته‌شده‌اند و با شیوهٔ ناشناخته چه باید کرد؟")
def head_unknown_pooling_accepted(feature_shape, num_classes, pooling="flatten"):
    return right.head_parameters(feature_shape, num_classes, "gap" if pooling == "gap" else "flatten")
