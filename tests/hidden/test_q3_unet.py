"""Question 3, hidden: U-Net's sizes and parameters; the module by what it does."""

from collections import Counter
from functools import cache

import numpy as np
import pytest

from autograder.course.author import sheet
from autograder.marking.compare import same
from solutions import q3_unet as solution
from solutions import q3_unet_numbers as numbers
from tests.hidden import asking, drawing, modules


@pytest.mark.parametrize("number", sheet(numbers))
def test_number(answers, reference, number):
    assert same(answers[number.key], number.recipe(reference))


def part(name, en, fa, weight=1):
    return pytest.mark.part(f"q3.code.{name}", en=en, fa=fa, weight=weight)


def agrees(student, name, *cases):
    return asking.agrees(getattr(student.q3_unet, name), getattr(solution, name), *cases)


def refuses(student, name, *cases, but):
    return asking.refuses(getattr(student.q3_unet, name), *cases, but=but)


@part("bottleneck_shape", "four halvings", "چهار بار نصف‌شدن", weight=4)
def test_bottleneck(student):
    assert agrees(student, "bottleneck_shape", (512,), (96,), ((256, 96),), (64, 4), (16, 4))


@part("bottleneck_shape", "four halvings, odd sizes", "چهار بار نصف‌شدن، اندازه‌های فرد", weight=2)
def test_bottleneck_odd(student):
    assert agrees(student, "bottleneck_shape", (47,), ((100, 75),), ((33, 1000), 4), (31,))


@part("bottleneck_shape", "other depths", "ژرفاهای دیگر", weight=3)
def test_bottleneck_depths(student):
    assert agrees(student, "bottleneck_shape", (64, 3), (160, 5), ((100, 75), 2), ((33, 1000), 3), ((8, 15), 3), (2, 1))


@part("bottleneck_shape", "images that are too small", "تصویرهای بیش از حد کوچک")
def test_bottleneck_refuses(student):
    cases = [(15, 4), ((64, 7), 3), ((7, 64), 3), (0, 1), (64, 0), ((64, 0),), ((-64, 64),), (64, -1), (1, 1)]
    assert refuses(student, "bottleneck_shape", *cases, but=[(16, 4), ((8, 15), 3)])


@part("double_conv_parameters", "3×3 kernels", "هسته‌های 3×3", weight=5)
def test_double_conv(student):
    assert agrees(student, "double_conv_parameters", (1, 8), (16, 32), (24, 6), (5, 7), (2, 1))


@part("double_conv_parameters", "other odd kernels", "هسته‌های فردِ دیگر", weight=3)
def test_double_conv_kernels(student):
    assert agrees(
        student, "double_conv_parameters", (3, 8, 5), (4, 10, (1, 3)), ((5, 9), {"kernel_size": (7, 5)}), (1, 1, 1)
    )


@part("double_conv_parameters", "even kernels", "هسته‌های زوج")
def test_double_conv_even(student):
    assert agrees(student, "double_conv_parameters", (6, 2, (4, 2)), (3, 5, 2), (2, 7, (2, 3)))


@part("double_conv_parameters", "values below 1", "مقدارهای کمتر از ۱")
def test_double_conv_refuses(student):
    cases = [(0, 4), (4, 0), (4, 4, 0), (-1, 4), (4, -1), (4, 4, (3, 0)), (4, 4, -3)]
    assert refuses(student, "double_conv_parameters", *cases, but=[(1, 1, 1), (2, 1)])


@part("unet_output_size", "four halvings, square images", "چهار بار نصف‌شدن، تصویرهای مربعی", weight=4)
def test_output_size(student):
    assert agrees(student, "unet_output_size", (700,), (188,), (572,), (204, 4))


@part("unet_output_size", "four halvings, images that are not square", "چهار بار نصف‌شدن، تصویرهای نامربعی", weight=2)
def test_output_size_rectangular(student):
    assert agrees(student, "unet_output_size", ((572, 700),), ((252, 188),), ((188, 204), 4))


@part("unet_output_size", "other depths", "ژرفاهای دیگر", weight=3)
def test_output_size_depths(student):
    cases = [(44, 2), (20, 1), (188, 3), (380, 5), (18, 1), ((100, 52), 2), ((22, 64), 1), ((92, 140), 3), ((44, 48), 2)]
    assert agrees(student, "unet_output_size", *cases)


@part("unet_output_size", "images that do not fit", "تصویرهایی که جور درنمی‌آیند")
def test_output_size_refuses(student):
    cases = [
        (573,),
        (570,),
        ((572, 571),),
        ((571, 572),),
        ((572, 570),),
        ((570, 572),),
        (12, 1),
        (60,),
        (16, 1),
        ((16, 18), 1),
        ((18, 16), 1),
        (19, 1),
        (572, 0),
        (572, -1),
        (0, 1),
        ((-572, 572),),
        ((572, 60),),
        ((60, 572),),
    ]
    assert refuses(student, "unet_output_size", *cases, but=[(18, 1), ((44, 48), 2), (572,)])


@part("unet_parameters", "the network of the paper and others as deep", "شبکهٔ مقاله و شبکه‌های هم‌ژرفا", weight=5)
def test_parameters(student):
    assert agrees(student, "unet_parameters", (1, 5), (4, 3, 32), (2, 2, 16, 4), ((3, 1), {"base_channels": 1}))


@part("unet_parameters", "other depths and widths", "ژرفا و پهنای دیگر", weight=4)
def test_parameters_depth(student):
    cases = [(3, 2, 8, 1), (1, 7, 5, 2), (2, 4, 12, 3), (5, 1, 3, 5), ((2, 3), {"levels": 2}), (1, 1, 1, 1), (2, 3, 1, 2)]
    assert agrees(student, "unet_parameters", *cases)


@part("unet_parameters", "values below 1", "مقدارهای کمتر از ۱")
def test_parameters_refuses(student):
    cases = [(0, 2), (1, 0), (1, 2, 0), (1, 2, 8, 0), (-1, 2), (1, -2), (1, 2, -8), (1, 2, 8, -1)]
    assert refuses(student, "unet_parameters", *cases, but=[(1, 1, 1, 1), (2, 3, 1, 2)])


def image(channels, height, width, batch=2, seed=1):
    return drawing.normal(batch, channels, height, width, seed=seed)


@cache
def expected(reference, *args):
    return reference.q3_unet.UNet(*args)


@part("UNet", "output shapes", "شکل خروجی")
def test_unet_shapes(student):
    for args, size in [((3, 4, 3, 1), (12, 20)), ((2, 1, 2, 3), (8, 24))]:
        net = student.q3_unet.UNet(*args)
        assert net(image(args[0], *size).astype(np.float32)).shape == (2, args[1], *size)


@part("UNet", "number of parameters", "شمار پارامترها")
def test_unet_parameters(student, reference):
    for args in [(3, 2, 4, 2), (1, 3, 1)]:
        assert modules.total(student.q3_unet.UNet(*args)) == modules.total(expected(reference, *args))


@part("UNet", "same outputs for the same weights", "خروجی یکسان با وزن‌های یکسان", weight=4)
def test_unet_outputs(student, reference):
    net, want = student.q3_unet.UNet(3, 4, 3, 2), expected(reference, 3, 4, 3, 2)
    images = [image(3, 16, 16), 20 * image(3, 8, 12, batch=4, seed=2), image(3, 24, 4, batch=1, seed=8)]
    assert modules.loaded_alike(net, want, images, seed=21)


@part("UNet", "same outputs for the same weights, another depth", "خروجی یکسان با وزن‌های یکسان، ژرفای دیگر")
def test_unet_deeper(student, reference):
    for args, images in [((1, 2, 2, 3), image(1, 16, 8)), ((2, 1, 1, 5), image(2, 32, 64)), ((2, 2, 5, 1), image(2, 6, 10))]:
        assert modules.loaded_alike(student.q3_unet.UNet(*args), expected(reference, *args), [images], seed=22)


@part("UNet", "skip connections reach the output", "اتصال‌های پرشی به خروجی می‌رسند", weight=2)
def test_unet_skips(student):
    """Without its skip the network has no more to say than the pooled values of its one channel, a quarter of the pixels."""
    for levels in (1, 2):
        assert modules.reaches(student.q3_unet.UNet(1, 1, 1, levels), 8, 16)


@part("UNet", "gradients reach the image and every weight", "گرادیان به تصویر و همهٔ وزن‌ها می‌رسد")
def test_unet_gradients(student):
    assert modules.flows(student.q3_unet.UNet(2, 2, 2, 2), image(2, 8, 8, seed=3))


@part("UNet", "the same for each image in every mode and precision", "یکسان برای هر تصویر، در هر حالت و هر دقت", weight=2)
def test_unet_steady(student):
    net, another = student.q3_unet.UNet(2, 3, 3, 2), student.q3_unet.UNet(2, 3, 3, 2)
    assert modules.apart(net, another, image(2, 4, 8))
    assert modules.steady(net, image(2, 8, 12, batch=3, seed=6), (3, 3, 8, 12))


@part("UNet", "arguments below 1", "آرگومان‌های کمتر از ۱")
def test_unet_refuses(student):
    cases = [
        (0, 1, 2, 1),
        (1, 0, 2, 1),
        (1, 1, 0, 1),
        (1, 1, 2, 0),
        (-1, 1, 2, 1),
        (1, -1, 2, 1),
        (1, 1, -2, 1),
        (1, 1, 2, -1),
    ]
    assert refuses(student, "UNet", *cases, but=[(1, 1, 1, 1)])


@part("UNet", "the arguments left out", "آرگومان‌های نیامده", weight=2)
def test_unet_defaults(student, reference):
    """By what the network computes. It has 31 million weights, too many to send or to match: see ``widened``."""
    net, (weights, shapes, x, want) = student.q3_unet.UNet(1, 3), widened(reference)
    theirs = modules.shapes(net)
    assert shapes <= Counter(theirs.values())  # layers that nothing uses cost their own part
    net.load({name: weights[shape] for name, shape in theirs.items() if shape in weights})
    assert modules.close(net(x), want, rtol=1e-3, atol=1e-3 * np.abs(want).max())


TIMES = 32  # the default width over that of a network with two channels at its top


@cache
def widened(reference):
    """Weights for arrays of the default network's shapes, how often it has each shape, an image, and the output for it, which a
    narrow network gives that does the same.

    Arrays of one shape hold the same values, so that it does not matter which is which.
    """
    narrow, x = expected(reference, 1, 3, 2, 4), image(1, 16, 16, batch=1, seed=7).astype(np.float32)
    its = {name: array.shape for name, array in narrow.parameters().items()}
    wide = {
        shape: tuple(size * TIMES if axis < 2 and size % 2 == 0 else size for axis, size in enumerate(shape))
        for shape in its.values()
    }
    weights = {shape: wider(shape, wide[shape], 100 + number) for number, shape in enumerate(wide)}
    narrow.double()
    narrow.load({name: weights[shape][0] for name, shape in its.items()})
    want = narrow(x.astype(np.float64))
    return (
        {wide[shape]: weight for shape, (_, weight) in weights.items()},
        Counter(wide[one] for one in its.values()),
        x,
        want,
    )


def wider(shape, wide, seed):
    """Weights of a narrow network's array, and those of the wide one's that do the same.

    Each channel of the narrow network stands for ``TIMES`` equal ones; only the image's one channel and the three classes are
    not multiplied. What comes out of a convolution differs by the bias alone, so that its weights are one row, sent once.
    """
    if len(shape) == 1:
        bias = drawing.normal(*shape, seed=seed) / 2
        return bias, np.repeat(bias, wide[0] // shape[0])
    out = int(shape[2:] == (2, 2))  # a transposed convolution's second axis
    into = 1 - out
    rows = [1 if axis == out and size % 2 == 0 else size for axis, size in enumerate(shape)]
    weight = drawing.normal(*rows, seed=seed) * np.sqrt(4 / shape[into]) / (1 if out else shape[2])
    times = wide[into] // shape[into]
    return weight, np.repeat(weight, times, axis=into) / times
