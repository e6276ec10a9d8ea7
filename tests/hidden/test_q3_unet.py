"""Question 3, hidden: U-Net's sizes and parameters; the module by what it does."""

from functools import cache

import numpy as np
import pytest

from autograder.author import sheet
from autograder.marking.compare import same
from solutions import q3_unet as solution
from solutions import q3_unet_numbers as numbers
from tests.hidden import asking, drawing, modules


@pytest.mark.parametrize("number", sheet(numbers))
def test_number(answers, reference, number):
    assert same(answers[number.key], number.recipe(reference))


def part(name, en, fa):
    return pytest.mark.part(f"q3.code.{name}", en=en, fa=fa)


def agrees(student, name, *cases):
    return asking.agrees(getattr(student.q3_unet, name), getattr(solution, name), *cases)


def refuses(student, name, *cases):
    return asking.refuses(getattr(student.q3_unet, name), *cases)


@part("bottleneck_shape", "square images", "تصویرهای مربعی")
def test_bottleneck(student):
    assert agrees(student, "bottleneck_shape", (512,), (64, 3), (96, 1), (160, 5))


@part("bottleneck_shape", "images that are not square, odd sizes", "تصویرهای نامربعی و اندازه‌های فرد")
def test_bottleneck_rectangular(student):
    assert agrees(student, "bottleneck_shape", ((256, 96), 4), ((100, 75), 2), ((33, 1000), 3), (47,))


@part("bottleneck_shape", "images that are too small", "تصویرهای بیش از حد کوچک")
def test_bottleneck_refuses(student):
    assert agrees(student, "bottleneck_shape", (16, 4), ((8, 15), 3))
    assert refuses(student, "bottleneck_shape", (15, 4), ((64, 7), 3), ((7, 64), 3), (0, 1), (64, 0))


@part("double_conv_parameters", "3×3 kernels", "هسته‌های 3×3")
def test_double_conv(student):
    assert agrees(student, "double_conv_parameters", (1, 8), (16, 32), (24, 6), (5, 7))


@part("double_conv_parameters", "other kernels", "هسته‌های دیگر")
def test_double_conv_kernels(student):
    assert agrees(student, "double_conv_parameters", (3, 8, 5), (4, 10, (1, 3)), (6, 2, (4, 2)), (5, 9, 1))


@part("double_conv_parameters", "sizes that torch refuses", "اندازه‌هایی که torch نمی‌پذیرد")
def test_double_conv_refuses(student):
    assert agrees(student, "double_conv_parameters", (1, 1, 1), (2, 1))
    assert refuses(student, "double_conv_parameters", (0, 4), (4, 0), (4, 4, 0))


@part("unet_output_size", "square images", "تصویرهای مربعی")
def test_output_size(student):
    assert agrees(student, "unet_output_size", (700,), (188,), (44, 2), (20, 1), (220, 4))


@part("unet_output_size", "images that are not square", "تصویرهای نامربعی")
def test_output_size_rectangular(student):
    assert agrees(student, "unet_output_size", ((572, 700),), ((100, 52), 2), ((22, 64), 1), ((92, 140), 3))


@part("unet_output_size", "images that do not fit", "تصویرهایی که جور درنمی‌آیند")
def test_output_size_refuses(student):
    assert agrees(student, "unet_output_size", (18, 1), ((44, 48), 2))
    assert refuses(student, "unet_output_size", (573,), (570,), ((572, 571),), (12, 1), (60,), (19, 1), (572, 0))


@part("unet_parameters", "the network of the paper and others as deep", "شبکهٔ مقاله و شبکه‌های هم‌ژرفا")
def test_parameters(student):
    assert agrees(student, "unet_parameters", (1, 5), (4, 3, 32), (2, 2, 16, 4))


@part("unet_parameters", "other depths and widths", "ژرفا و پهنای دیگر")
def test_parameters_depth(student):
    assert agrees(student, "unet_parameters", (3, 2, 8, 1), (1, 7, 5, 2), (2, 4, 12, 3), (5, 1, 3, 5))


@part("unet_parameters", "arguments below 1", "آرگومان‌های کمتر از ۱")
def test_parameters_refuses(student):
    assert agrees(student, "unet_parameters", (1, 1, 1, 1), (2, 3, 1, 2))
    assert refuses(student, "unet_parameters", (0, 2), (1, 0), (1, 2, 0), (1, 2, 8, 0))


def image(channels, height, width, seed=1):
    return drawing.normal(1, channels, height, width, seed=seed)


@cache
def expected(reference, *args):
    return reference.q3_unet.UNet(*args)


@part("UNet", "output shapes", "شکل خروجی")
def test_unet_shapes(student):
    for args, size in [((3, 4, 3, 1), (12, 20)), ((2, 1, 2, 3), (8, 24))]:
        net = student.q3_unet.UNet(*args)
        assert net(image(args[0], *size).astype(np.float32)).shape == (1, args[1], *size)


@part("UNet", "number of parameters", "شمار پارامترها")
def test_unet_parameters(student, reference):
    for args in [(3, 2, 4, 2), (1, 3, 1)]:
        assert modules.total(student.q3_unet.UNet(*args)) == modules.total(expected(reference, *args))
    assert modules.total(student.q3_unet.UNet(1, 1, levels=1)) == modules.total(expected(reference, 1, 1, 64, 1))


@part("UNet", "same outputs for the same weights", "خروجی یکسان با وزن‌های یکسان")
def test_unet_outputs(student, reference):
    net, want = student.q3_unet.UNet(2, 3, 3, 2), expected(reference, 2, 3, 3, 2)
    assert modules.loaded_alike(net, want, [image(2, 16, 16), image(2, 8, 12, seed=2)], seed=21)
    assert modules.same_gradients(net, want, image(2, 8, 8, seed=3))
    assert modules.same_in_evaluation(net, want, image(2, 8, 8, seed=6))


@part("UNet", "same outputs for the same weights, another depth", "خروجی یکسان با وزن‌های یکسان، ژرفای دیگر")
def test_unet_deeper(student, reference):
    args = (1, 2, 2, 3)
    assert modules.loaded_alike(student.q3_unet.UNet(*args), expected(reference, *args), [image(1, 16, 8)], seed=22)


@part("UNet", "skip connections reach the output", "اتصال‌های پرشی به خروجی می‌رسند")
def test_unet_skips(student, reference):
    """A far corner is out of reach of a window without the bottom; near it the skip alone carries fine detail."""
    net, want = student.q3_unet.UNet(1, 1, 2, 2), expected(reference, 1, 1, 2, 2)
    assert modules.loaded_alike(net, want, [image(1, 16, 16, seed=4)], seed=23)
    spike = np.zeros((1, 1, 16, 16))
    spike[0, 0, 5, 9] = 1.0
    base = image(1, 16, 16, seed=5)
    came, right = [net(base + spike), net(base)], [want(base + spike), want(base)]
    assert all(map(modules.close, came, right))
    got, known = came[0] - came[1], right[0] - right[1]
    assert modules.close(got, known, rtol=1e-5) and np.abs(known).max() > 0


@part("UNet", "arguments below 1", "آرگومان‌های کمتر از ۱")
def test_unet_refuses(student):
    assert student.q3_unet.UNet(1, 1, 1, 1)(image(1, 4, 4).astype(np.float32)).shape == (1, 1, 4, 4)
    for args in [(0, 1, 2, 1), (1, 0, 2, 1), (1, 1, 2, 0)]:
        with pytest.raises(ValueError):
            student.q3_unet.UNet(*args)
