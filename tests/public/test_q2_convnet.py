"""Question 2, public: small cases you can check by hand. Passing them is not full marks: hidden checks ask more."""

import numpy as np
import pytest

CONV = {"kind": "conv", "out_channels": 16, "kernel_size": 5, "stride": 1, "padding": 2}
BLOCKS = [CONV, {"kind": "relu"}, {"kind": "maxpool", "kernel_size": 2, "stride": 2}] * 3
EARLIER = {"en": "what follows from your earlier answers", "fa": "آنچه از پاسخ‌های پیشین خودتان به دست می‌آید"}


def part(kind, name):
    return pytest.mark.part(f"q2.{kind}.{name}", en=name, fa=name)


@part("code", "conv2d_output_size")
def test_conv2d_output_size(student):
    assert student.q2_convnet.conv2d_output_size(7, 3) == (5, 5), "7 pixels, kernel 3 / ۷ پیکسل، هستهٔ ۳"
    assert student.q2_convnet.conv2d_output_size((7, 9), 3, stride=2) == (3, 4), "stride 2 / گام ۲"


@part("code", "conv2d_output_size")
def test_conv2d_output_size_refuses(student, refuses):
    refuses(student.q2_convnet.conv2d_output_size, 2, 3)


@part("code", "pool2d_output_size")
def test_pool2d_output_size(student):
    assert student.q2_convnet.pool2d_output_size(6, 2) == (3, 3), "the stride is the window's by default / گام پیش‌فرض"
    assert student.q2_convnet.pool2d_output_size(5, 2) == (2, 2)
    assert student.q2_convnet.pool2d_output_size(5, 2, ceil_mode=True) == (3, 3), "ceil_mode"


@part("code", "conv2d_parameters")
def test_conv2d_parameters(student):
    assert student.q2_convnet.conv2d_parameters(1, 2, 3) == 20, "two filters of 3×3 and their biases / دو فیلتر 3×3 با بایاس"
    assert student.q2_convnet.conv2d_parameters(1, 2, 3, bias=False) == 18, "without bias / بدون بایاس"


@part("code", "stack_output_shape")
def test_stack_output_shape(student):
    layers = [{"kind": "conv", "out_channels": 4, "kernel_size": 3}, {"kind": "maxpool", "kernel_size": 2}]
    assert student.q2_convnet.stack_output_shape((1, 6, 8), layers) == (4, 2, 3), "(channels, height, width)"


@part("code", "stack_parameters")
def test_stack_parameters(student):
    layers = [{"kind": "conv", "out_channels": 2, "kernel_size": 1}, {"kind": "batchnorm"}, {"kind": "relu"}]
    assert student.q2_convnet.stack_parameters(1, layers) == 8, "conv 4, batch norm 4"


@part("code", "head_parameters")
def test_head_parameters(student):
    assert student.q2_convnet.head_parameters((2, 3, 1), 4, "flatten") == 28, (
        "6 values and a bias for each of 4 classes / ۶ مقدار و یک بایاس برای هر کلاس"
    )
    assert student.q2_convnet.head_parameters((2, 3, 1), 4, "gap") == 12, "one value a channel / از هر کانال یک مقدار"


@part("code", "receptive_field")
def test_receptive_field(student):
    assert student.q2_convnet.receptive_field([{"kind": "conv", "out_channels": 1, "kernel_size": (3, 2)}]) == (3, 2), (
        "one kernel / یک هسته"
    )


@part("code", "ConvNet")
def test_convnet(student):
    for pooling in ("flatten", "gap"):
        net = student.q2_convnet.ConvNet(num_classes=4, pooling=pooling)
        assert net.parameters(), "no learnable parameters were found / پارامتر یادگرفتنی پیدا نشد"
        assert net(np.zeros((2, 3, 128, 128), dtype=np.float32)).shape == (2, 4), "(batch, num_classes)"
        if pooling == "gap":
            assert net(np.zeros((1, 3, 40, 24), dtype=np.float32)).shape == (1, 4), "images of any size / تصویر به هر اندازه"
        net.double()  # marked in double precision: leave the numbers as precise as they come
        assert net(np.zeros((1, 3, 128, 128))).dtype == np.float64, "double precision / دقت دوبرابر"


@part("numbers", "first_conv_output_shape")
def test_first_conv_output_shape_answer(student, form, agree):
    form("q2.first_conv_output_shape", 3)
    agree("q2.first_conv_output_shape", student.q2_convnet.stack_output_shape((3, 128, 128), [CONV]))


@part("numbers", "first_conv_output_values")
def test_first_conv_output_values_answer(form, earlier, agree):
    form("q2.first_conv_output_values")
    channels, height, width = earlier("q2.first_conv_output_shape", 3)
    agree("q2.first_conv_output_values", channels * height * width, **EARLIER)


@part("numbers", "first_conv_parameters")
def test_first_conv_parameters_answer(student, form, agree):
    form("q2.first_conv_parameters")
    agree("q2.first_conv_parameters", student.q2_convnet.conv2d_parameters(3, 16, 5))


@part("numbers", "stack_output_shape")
def test_stack_output_shape_answer(student, form, agree):
    form("q2.stack_output_shape", 3)
    agree("q2.stack_output_shape", student.q2_convnet.stack_output_shape((3, 128, 128), BLOCKS))


@part("numbers", "stack_parameters")
def test_stack_parameters_answer(student, form, agree):
    form("q2.stack_parameters")
    agree("q2.stack_parameters", student.q2_convnet.stack_parameters(3, BLOCKS))


def each_head(what):
    names = {pooling: f"{pooling}_{what}_parameters" for pooling in ("flatten", "gap")}
    cases = [pytest.param(pooling, marks=part("numbers", name)) for pooling, name in names.items()]
    return pytest.mark.parametrize("pooling", cases)


@each_head("head")
def test_head_answer(student, form, earlier, agree, pooling):
    form(f"q2.{pooling}_head_parameters")
    features = tuple(earlier("q2.stack_output_shape", 3))
    agree(f"q2.{pooling}_head_parameters", student.q2_convnet.head_parameters(features, 10, pooling))


@each_head("total")
def test_total_answer(form, earlier, agree, pooling):
    form(f"q2.{pooling}_total_parameters")
    total = earlier("q2.stack_parameters") + earlier(f"q2.{pooling}_head_parameters")
    agree(f"q2.{pooling}_total_parameters", total, **EARLIER)


@part("numbers", "receptive_field")
def test_receptive_field_answer(student, form, agree):
    form("q2.receptive_field")
    agree("q2.receptive_field", student.q2_convnet.receptive_field(BLOCKS)[0])
