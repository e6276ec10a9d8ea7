"""Question 3, public: small cases you can check by hand. Passing them is not full marks: hidden checks ask more."""

import numpy as np
import pytest

from autograder.course.variants import sheet


def part(kind, name):
    return pytest.mark.part(f"q3.{kind}.{name}", en=name, fa=name)


@part("code", "bottleneck_shape")
def test_bottleneck_shape(student):
    assert student.q3_unet.bottleneck_shape(8, levels=1) == (4, 4), "halved once / یک بار نصف"
    assert student.q3_unet.bottleneck_shape((8, 12), levels=2) == (2, 3), "halved twice / دو بار نصف"
    assert student.q3_unet.bottleneck_shape((16, 24), levels=3) == (2, 3), "halved three times / سه بار نصف"


@part("code", "double_conv_parameters")
def test_double_conv_parameters(student):
    assert student.q3_unet.double_conv_parameters(1, 1, kernel_size=1) == 4, "twice a weight and a bias / دو بار وزن و بایاس"
    assert student.q3_unet.double_conv_parameters(3, 2, kernel_size=1) == 8 + 6, "3 channels, then 2 / ۳ کانال و سپس ۲"


@part("code", "unet_output_size")
def test_unet_output_size(student, refuses):
    assert student.q3_unet.unet_output_size(28, levels=1) == (12, 12), "28 → 24 → 12 → 8 → 16 → 12"
    assert student.q3_unet.unet_output_size((44, 60), levels=2) == (4, 20), "44 → 40 → 20 → 16 → 8 → 4 → 8 → 4 → 8 → 4"
    refuses(student.q3_unet.unet_output_size, 27, levels=1)


@part("code", "unet_parameters")
def test_unet_parameters(student):
    assert student.q3_unet.unet_parameters(1, 1, base_channels=1, levels=1) == 20 + 58 + 9 + 29 + 2, (
        "level by level / سطح به سطح"
    )


@part("code", "unet_parameters")
def test_unet_parameters_of_two_levels(student):
    count = student.q3_unet.unet_parameters(2, 3, base_channels=1, levels=2)
    encoder, bottleneck = (19 + 10) + (20 + 38), 76 + 148
    decoder = (4 * 2 * 2 * 2 + 2) + (74 + 38) + (2 * 1 * 2 * 2 + 1) + (19 + 10)
    assert count == encoder + bottleneck + decoder + 2 * 3, "each level has twice the channels / هر سطح دو برابر کانال دارد"


@part("code", "UNet")
def test_unet_of_three_levels(student):
    net = student.q3_unet.UNet(2, 3, base_channels=2, levels=3)
    assert net(np.zeros((2, 2, 16, 24), dtype=np.float32)).shape == (2, 3, 16, 24), (
        "each skip meets its own level / هر اتصال به سطح خودش"
    )


@part("code", "UNet")
def test_unet_on_an_image_with_one_bright_pixel(student):
    """With weights of one that pass everything on, the output can be worked out by hand."""
    net = student.q3_unet.UNet(1, 1, base_channels=1, levels=1)
    state = {}
    for name, array in net.parameters().items():
        state[name] = np.zeros_like(array)
        if array.ndim == 4 and array.shape[2] == 3:
            state[name][:, :, 1, 1] = 1
        elif array.ndim == 4:
            state[name][:] = 1
    net.load(state)
    image = np.zeros((1, 1, 4, 4), dtype=np.float32)
    image[0, 0, 2, 3] = 8
    out = net(image)[0, 0]
    assert out[2, 3] == 8 + 4 * 8, "the skip's 8, and 8 from below: twice twice / ۸ از اتصال و ۸ از پایین، دو بار دو برابر"
    assert out[2, 2] == out[3, 2] == out[3, 3] == 4 * 8, (
        "the window's largest value goes down / بزرگ‌ترین مقدار پنجره پایین می‌رود"
    )
    assert out[:2].max() == 0 and out[:, :2].max() == 0, "nothing elsewhere / جای دیگر هیچ"


@part("code", "UNet")
def test_unet(student):
    net = student.q3_unet.UNet(1, 3, base_channels=2, levels=1)
    assert net.parameters(), "no learnable parameters were found / پارامتر یادگرفتنی پیدا نشد"
    assert net(np.zeros((2, 1, 6, 4), dtype=np.float32)).shape == (2, 3, 6, 4), "(batch, num_classes, H, W)"
    net.double()  # marked in double precision: leave the numbers as precise as they come
    assert net(np.zeros((1, 1, 4, 4))).dtype == np.float64, "double precision / دقت دوبرابر"


@part("numbers", "bottleneck_shape")
def test_bottleneck_shape_answer(student, form, agree):
    form("q3.bottleneck_shape", 2)
    agree("q3.bottleneck_shape", student.q3_unet.bottleneck_shape(sheet.side, 4))


@part("numbers", "bottleneck_pixels")
def test_bottleneck_pixels_answer(form, earlier, agree):
    form("q3.bottleneck_pixels")
    height, width = earlier("q3.bottleneck_shape", 2)
    agree("q3.bottleneck_pixels", height * width, en="what follows from your shape", fa="آنچه از شکل خودتان به دست می‌آید")


@part("numbers", "second_level_parameters")
def test_second_level_parameters_answer(student, form, agree):
    form("q3.second_level_parameters")
    agree("q3.second_level_parameters", student.q3_unet.double_conv_parameters(sheet.channels, sheet.below))
