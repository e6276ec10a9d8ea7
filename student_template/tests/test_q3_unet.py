"""Question 3, public: small cases you can check by hand. Passing them is not full marks: hidden checks ask more."""

import numpy as np
import pytest


def part(kind, name):
    return pytest.mark.part(f"q3.{kind}.{name}", en=name, fa=name)


@part("code", "bottleneck_shape")
def test_bottleneck_shape(student):
    assert student.q3_unet.bottleneck_shape(8, levels=1) == (4, 4), "halved once / یک بار نصف"
    assert student.q3_unet.bottleneck_shape((8, 12), levels=2) == (2, 3), "halved twice / دو بار نصف"


@part("code", "double_conv_parameters")
def test_double_conv_parameters(student):
    assert student.q3_unet.double_conv_parameters(1, 1, kernel_size=1) == 4, "twice a weight and a bias / دو بار وزن و بایاس"


@part("code", "unet_output_size")
def test_unet_output_size(student, refuses):
    assert student.q3_unet.unet_output_size(28, levels=1) == (12, 12), "28 → 24 → 12 → 8 → 16 → 12"
    refuses(student.q3_unet.unet_output_size, 27, levels=1)


@part("code", "unet_parameters")
def test_unet_parameters(student):
    assert student.q3_unet.unet_parameters(1, 1, base_channels=1, levels=1) == 20 + 58 + 9 + 29 + 2, (
        "level by level / سطح به سطح"
    )


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
    agree("q3.bottleneck_shape", student.q3_unet.bottleneck_shape(256, 4))


@part("numbers", "bottleneck_pixels")
def test_bottleneck_pixels_answer(form, earlier, agree):
    form("q3.bottleneck_pixels")
    height, width = earlier("q3.bottleneck_shape", 2)
    agree("q3.bottleneck_pixels", height * width, en="what follows from your shape", fa="آنچه از شکل خودتان به دست می‌آید")


@part("numbers", "second_level_parameters")
def test_second_level_parameters_answer(student, form, agree):
    form("q3.second_level_parameters")
    agree("q3.second_level_parameters", student.q3_unet.double_conv_parameters(64, 128))
