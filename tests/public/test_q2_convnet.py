"""Question 2, public: small cases you can check by hand. Passing them is not full marks: hidden checks ask more."""

import numpy as np
import pytest

from autograder.course.variants import sheet

CONV = {"kind": "conv", "out_channels": sheet.filters, "kernel_size": sheet.kernel, "stride": 1, "padding": sheet.padding}
BLOCKS = [CONV, {"kind": "relu"}, {"kind": "maxpool", "kernel_size": 2, "stride": 2}] * 3
EARLIER = {"en": "what follows from your earlier answers", "fa": "آنچه از پاسخ‌های پیشین خودتان به دست می‌آید"}


def part(kind, name):
    return pytest.mark.part(f"q2.{kind}.{name}", en=name, fa=name)


@part("code", "conv2d_output_size")
def test_conv2d_output_size(student):
    assert student.q2_convnet.conv2d_output_size(7, 3) == (5, 5), "7 pixels, kernel 3 / ۷ پیکسل، هستهٔ ۳"
    assert student.q2_convnet.conv2d_output_size((7, 9), 3, stride=2) == (3, 4), "stride 2 / گام ۲"


@part("code", "conv2d_output_size")
def test_conv2d_output_size_with_padding_and_dilation(student):
    assert student.q2_convnet.conv2d_output_size(8, 3, stride=2, padding=1) == (4, 4), (
        "a step that does not fit / گامی که جا نمی‌شود"
    )
    assert student.q2_convnet.conv2d_output_size(9, 3, dilation=2) == (5, 5), "3 weights over 5 pixels / ۳ وزن روی ۵ پیکسل"
    assert student.q2_convnet.conv2d_output_size(6, (3, 1), padding=(1, 0)) == (6, 6), "height before width / نخست ارتفاع"


@part("code", "conv2d_output_size")
def test_conv2d_output_size_refuses(student, refuses):
    refuses(student.q2_convnet.conv2d_output_size, 2, 3)


@part("code", "pool2d_output_size")
def test_pool2d_output_size(student):
    assert student.q2_convnet.pool2d_output_size(6, 2) == (3, 3), "the stride is the window's by default / گام پیش‌فرض"
    assert student.q2_convnet.pool2d_output_size(5, 2) == (2, 2)
    assert student.q2_convnet.pool2d_output_size(5, 2, ceil_mode=True) == (3, 3), "ceil_mode"
    assert student.q2_convnet.pool2d_output_size(7, 3, 1) == (5, 5), "windows that overlap / پنجره‌های روی‌هم‌افتاده"


@part("code", "conv2d_parameters")
def test_conv2d_parameters(student):
    assert student.q2_convnet.conv2d_parameters(1, 2, 3) == 20, "two filters of 3×3 and their biases / دو فیلتر 3×3 با بایاس"
    assert student.q2_convnet.conv2d_parameters(1, 2, 3, bias=False) == 18, "without bias / بدون بایاس"
    assert student.q2_convnet.conv2d_parameters(2, 3, (1, 2)) == 15, "each filter sees 2 channels / هر فیلتر ۲ کانال می‌بیند"


@part("code", "stack_output_shape")
def test_stack_output_shape(student):
    layers = [{"kind": "conv", "out_channels": 4, "kernel_size": 3}, {"kind": "maxpool", "kernel_size": 2}]
    assert student.q2_convnet.stack_output_shape((1, 6, 8), layers) == (4, 2, 3), "(channels, height, width)"


@part("code", "stack_output_shape")
def test_stack_output_shape_of_two_convolutions(student):
    layers = [
        {"kind": "conv", "out_channels": 4, "kernel_size": 3, "stride": 2, "padding": 1},
        {"kind": "relu"},
        {"kind": "conv", "out_channels": 5, "kernel_size": (3, 1)},
    ]
    assert student.q2_convnet.stack_output_shape((2, 8, 6), layers) == (5, 2, 3), "layer by layer / لایه به لایه"


@part("code", "stack_parameters")
def test_stack_parameters_of_two_convolutions(student):
    layers = [{"kind": "conv", "out_channels": 2, "kernel_size": 1}, {"kind": "conv", "out_channels": 3, "kernel_size": 1}]
    assert student.q2_convnet.stack_parameters(4, layers) == 10 + 9, "the second sees 2 channels / دومی ۲ کانال می‌بیند"


@part("code", "stack_parameters")
def test_stack_parameters(student):
    layers = [{"kind": "conv", "out_channels": 2, "kernel_size": 1}, {"kind": "batchnorm"}, {"kind": "relu"}]
    assert student.q2_convnet.stack_parameters(1, layers) == 8, "conv 4, batch norm 4 / پیچش ۴، نرمال‌سازی ۴"


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


@part("code", "receptive_field")
def test_receptive_field_of_two_layers(student):
    first = {"kind": "conv", "out_channels": 1, "kernel_size": 3, "stride": 2}
    second = {"kind": "conv", "out_channels": 1, "kernel_size": 3}
    assert student.q2_convnet.receptive_field([first, second]) == (7, 7), "3 + 2·2: steps of 2 pixels / گام‌های ۲ پیکسلی"
    pooling = {"kind": "maxpool", "kernel_size": 2}
    assert student.q2_convnet.receptive_field([second, pooling, second]) == (8, 8), "3 + 1 + 2·2"


def by_hand(net):
    """Give a network weights that one can work with by hand: each convolution passes its input on, channel sums, no biases."""
    state = {}
    for name, array in net.parameters().items():
        weights = np.zeros_like(array)
        if array.ndim == 4:
            weights[:, :, array.shape[2] // 2, array.shape[3] // 2] = 1 / array.shape[1]
        elif array.ndim == 2:
            weights[:] = 1
        state[name] = weights
    net.load(state)


@part("code", "ConvNet")
def test_convnet_on_an_image_with_one_bright_pixel(student):
    net = student.q2_convnet.ConvNet(num_classes=3, pooling="gap")
    net.eval()
    by_hand(net)
    image = np.zeros((2, 3, 64, 64), dtype=np.float32)
    image[1, :, 40, 41] = 4096
    dark, bright = net(image)
    assert np.allclose(dark, 0), "a dark image / تصویر تاریک"
    assert np.allclose(bright, 16 * 4096 / 64), (
        "the largest value of each window goes on, and all positions of the last maps are averaged / "
        "از هر پنجره بزرگ‌ترین مقدار می‌ماند و میانگین همهٔ جایگاه‌های آخرین نقشه‌ها گرفته می‌شود"
    )


@part("code", "ConvNet")
def test_convnet_gives_scores_as_they_are(student):
    for pooling in ("flatten", "gap"):
        net = student.q2_convnet.ConvNet(num_classes=3, pooling=pooling)
        by_hand(net)
        for mode in (net.train, net.eval):
            mode()
            assert np.allclose(net(np.zeros((2, 3, 128, 128), dtype=np.float32)), 0), (
                "scores are logits: nothing follows the last linear layer / امتیازها خام‌اند: پس از آخرین لایهٔ خطی چیزی نمی‌آید"
            )


@part("code", "ConvNet")
def test_convnet_has_the_head_that_is_asked_for_and_no_other(student):
    def count(num_classes, pooling):
        net = student.q2_convnet.ConvNet(num_classes=num_classes, pooling=pooling)
        return sum(array.size for array in net.parameters().values())

    flatten, gap = (count(3, pooling) - count(2, pooling) for pooling in ("flatten", "gap"))
    assert flatten > gap, (
        'one class more costs "flatten" more parameters than "gap", unless both heads are there / '
        "یک کلاس بیشتر در flatten پارامترهای بیشتری می‌خواهد تا در gap، مگر آنکه هر دو سر ساخته شده باشند"
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
    agree("q2.first_conv_output_shape", student.q2_convnet.stack_output_shape((3, sheet.side, sheet.side), [CONV]))


@part("numbers", "first_conv_output_values")
def test_first_conv_output_values_answer(form, earlier, agree):
    form("q2.first_conv_output_values")
    channels, height, width = earlier("q2.first_conv_output_shape", 3)
    agree("q2.first_conv_output_values", channels * height * width, **EARLIER)


@part("numbers", "first_conv_parameters")
def test_first_conv_parameters_answer(student, form, agree):
    form("q2.first_conv_parameters")
    agree("q2.first_conv_parameters", student.q2_convnet.conv2d_parameters(3, sheet.filters, sheet.kernel))


@part("numbers", "stack_output_shape")
def test_stack_output_shape_answer(student, form, agree):
    form("q2.stack_output_shape", 3)
    agree("q2.stack_output_shape", student.q2_convnet.stack_output_shape((3, sheet.side, sheet.side), BLOCKS))


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
    agree(f"q2.{pooling}_head_parameters", student.q2_convnet.head_parameters(features, sheet.classes, pooling))


@each_head("total")
def test_total_answer(form, earlier, agree, pooling):
    form(f"q2.{pooling}_total_parameters")
    total = earlier("q2.stack_parameters") + earlier(f"q2.{pooling}_head_parameters")
    agree(f"q2.{pooling}_total_parameters", total, **EARLIER)


@part("numbers", "receptive_field")
def test_receptive_field_answer(student, form, agree):
    form("q2.receptive_field")
    agree("q2.receptive_field", student.q2_convnet.receptive_field(BLOCKS)[0])
