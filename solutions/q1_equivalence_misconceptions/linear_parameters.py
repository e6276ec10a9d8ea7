"""Wrong counts of a linear layer: i values in, o out, b whether biased, r the side of a square image of i pixels."""

from autograder.course.mistakes import mistakes
from solutions import q1_equivalence as right
from solutions.q1_equivalence_misconceptions import LINEAR

linear = mistakes(of=right.linear_parameters, i="in_features", o="out_features", b="bias", r="√max(i, 0)")

linear("linear_bias_forgotten", "i·o", LINEAR,
    en="Besides its weights, what does each output of a linear layer learn?",
    fa="هر خروجی لایهٔ خطی، جز وزن‌هایش، چه چیز دیگری یاد می‌گیرد؟")
linear("linear_one_bias_for_the_layer", "i·o + b", LINEAR,
    en="Do all the classes share a single bias, or is it learnt class by class?",
    fa="آیا همهٔ کلاس‌ها یک بایاس مشترک دارند یا بایاس برای هر کلاس جداگانه یاد گرفته می‌شود؟")
linear("linear_bias_per_input", "i·o + b·i", LINEAR,
    en="On which side of a linear layer are the biases added: to what comes in or to what goes out?",
    fa="بایاس‌های لایهٔ خطی در کدام سو افزوده می‌شوند: به ورودی‌ها یا به خروجی‌ها؟")
linear("linear_bias_per_weight", "i·o + b·i·o",
    en="A neuron sums its weighted inputs first; how often is a bias added to that sum?",
    fa="نورون نخست ورودی‌های وزن‌دار را جمع می‌کند؛ به این جمع چند بار بایاس افزوده می‌شود؟")
linear("linear_neurons_counted", "i + o",
    en="Is it the neurons that are learnt, or the connections between them?",
    fa="آنچه یاد گرفته می‌شود خودِ نورون‌هاست یا اتصال‌های میان آن‌ها؟")
linear("linear_side_taken_for_area", "r·o + b·o",
    en="After flattening, does each neuron see one side of the image or every pixel of it?",
    fa="پس از تخت کردن، هر نورون یک ضلع تصویر را می‌بیند یا همهٔ پیکسل‌های آن را؟")
linear("linear_bias_argument_ignored", "i·o + o", LINEAR,
    en="What does the argument bias=False take away from the layer?", fa="آرگومان bias=False چه چیزی را از لایه برمی‌دارد؟")
linear("linear_batch_counted_as_input", "(1 + i)·o + b·o",
    en="Is the layer's own size changed by how many images pass through it, or by a batch dimension put first?",
    fa="آیا شمار تصویرهایی که از لایه می‌گذرند، یا بُعد دسته در آغاز ورودی، اندازهٔ خود لایه را تغییر می‌دهد؟")
linear("linear_impossible_not_refused", "i·o + b·o", LINEAR, refuses=False,
    en="No layer has fewer than one value on either side; what should a size below that lead to?",
    fa="هیچ لایه‌ای در هیچ سو کمتر از یک مقدار ندارد؛ برای اندازه‌ای کوچک‌تر از آن چه باید رخ دهد؟")
