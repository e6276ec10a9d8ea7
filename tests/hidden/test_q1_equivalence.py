"""Question 1, hidden: a linear layer and a convolution as one map, on weights that the marker draws."""

import numpy as np
import pytest
import torch
from torch.nn import functional

from autograder.course.author import sheet
from autograder.marking.compare import same
from solutions import q1_equivalence as solution
from solutions import q1_equivalence_numbers as numbers
from tests.hidden import asking, drawing


@pytest.mark.parametrize("number", sheet(numbers))
def test_number(answers, reference, number):
    assert same(answers[number.key], number.recipe(reference))


def part(name, en, fa, weight=1):
    return pytest.mark.part(f"q1.code.{name}", en=en, fa=fa, weight=weight)


def agrees(student, name, *cases):
    return asking.agrees(getattr(student.q1_equivalence, name), getattr(solution, name), *cases)


def refuses(student, name, *cases, but):
    return asking.refuses(getattr(student.q1_equivalence, name), *cases, but=but)


# Weights that were kept in single precision are as right as they can be: the tolerance is wider, no wrong layout fits it.
NEARLY = 1e-5


def layer(got, *shapes):
    """A student's (weight, bias) as arrays in double precision, be they arrays of any precision or nested lists.

    Their shapes are checked before anything is computed with them, however much was sent.
    """
    assert isinstance(got, (tuple, list)) and len(got) == len(shapes)
    arrays = [np.asarray(one) for one in got]
    assert all(array.shape == shape and array.dtype.kind in "iuf" for array, shape in zip(arrays, shapes, strict=True))
    return [array.astype(np.float64) for array in arrays]


def drawn(seed, *shape):
    return drawing.normal(*shape, seed=seed)


@part("linear_parameters", "layers with bias", "لایه‌های با بایاس", weight=5)
def test_linear_parameters(student):
    assert agrees(student, "linear_parameters", (100, 5), (3, 7), (7, 3), (1, 1), (12, 40), (4, 6, True), (1, 9))


@part("linear_parameters", "layers without bias", "لایه‌های بدون بایاس", weight=4)
def test_linear_parameters_without_bias(student):
    cases = [((100, 5), {"bias": False}), ((3, 7), {"bias": False}), (8, 2, False)]
    assert agrees(student, "linear_parameters", *cases)


@part("linear_parameters", "sizes below 1", "اندازه‌های کمتر از ۱")
def test_linear_parameters_refuses(student):
    cases = [(0, 5), (5, 0), (-3, 4), (4, -3), (0, 0), (0, 5, False), (5, -1, False)]
    assert refuses(student, "linear_parameters", *cases, but=[(2, 1), (1, 9)])


# Each with the seed of its weights: the last two are one layer, on images of two shapes.
LINEAR = [(0, (1, 4, 4), 3), (1, (2, 3, 5), 4), (2, (3, 5, 2), 2), (3, (2, 2, 3), 1), (4, (2, 3, 4), 2), (4, (3, 2, 4), 2)]


def from_linear(student, seed, shape, outputs, dtype=np.float64):
    """The student's convolution for a drawn linear layer, which comes too."""
    given, offset = drawn(seed, outputs, np.prod(shape)).astype(dtype), drawn(seed + 20, outputs).astype(dtype)
    got = student.q1_equivalence.conv_from_linear(given, offset, shape)
    return layer(got, (outputs, *shape), (outputs,)), (given.astype(np.float64), offset.astype(np.float64))


def same_scores(student, seed, shape, outputs, dtype=np.float64):
    (weight, bias), (given, offset) = from_linear(student, seed, shape, outputs, dtype)
    image = torch.tensor(drawn(seed + 40, 2, *shape))
    want = functional.linear(image.flatten(1), torch.tensor(given), torch.tensor(offset))
    got = functional.conv2d(image, torch.from_numpy(weight), torch.from_numpy(bias))
    return same(got.flatten(1).numpy(), want.numpy(), tolerance=NEARLY)


@part("conv_from_linear", "shapes of weight and bias", "شکل وزن و بایاس", weight=2)
def test_conv_from_linear_shapes(student):
    for one in LINEAR:
        from_linear(student, *one)


@part("conv_from_linear", "the same outputs as the linear layer", "همان خروجی لایهٔ خطی", weight=6)
def test_conv_from_linear_outputs(student):
    for one in [*LINEAR, LINEAR[0]]:
        assert same_scores(student, *one)


@part("conv_from_linear", "weights in single precision", "وزن‌هایی با دقت ساده")
def test_conv_from_linear_single(student):
    assert same_scores(student, 6, (2, 3, 4), 3, np.float32)


@part("conv_from_linear", "shapes that do not fit, sizes below 1", "شکل‌هایی که به هم نمی‌خورند، اندازه‌های کمتر از ۱")
def test_conv_from_linear_refuses(student):
    cases = [
        ((2, 12), (2,), (3, 2, 3)),
        ((2, 12), (3,), (3, 2, 2)),
        ((2, 0), (2,), (1, 0, 3)),
        ((2, 0), (2,), (0, 2, 3)),
        ((2, 0), (2,), (1, 3, 0)),
        ((2, 12), (2,), (3, -2, -2)),
        ((2, 12, 1), (2,), (3, 2, 2)),
        ((12, 2), (2,), (3, 2, 2)),
    ]
    cases = [(drawn(1, *given), drawn(2, *offset), shape) for given, offset, shape in cases]
    assert refuses(student, "conv_from_linear", *cases, but=[(drawn(1, 2, 12), drawn(2, 2), (3, 2, 2))])


def as_convolution(student, filters, kernel, shape, seed=0, dtype=np.float64, **how):
    """The student's matrix on random images beside torch's own convolution; ``how`` is stride and padding, if any."""
    weight, bias = drawn(seed, filters, shape[0], *kernel).astype(dtype), drawn(seed + 1, filters).astype(dtype)
    image = torch.tensor(drawn(seed + 2, 2, *shape))
    exact = torch.tensor(weight.astype(np.float64)), torch.tensor(bias.astype(np.float64))
    want = functional.conv2d(image, *exact, **how).flatten(1)
    got = student.q1_equivalence.linear_from_conv(weight, bias, shape, **how)
    matrix, offset = layer(got, (want.shape[1], image[0].numel()), (want.shape[1],))
    got = functional.linear(image.flatten(1), torch.from_numpy(matrix), torch.from_numpy(offset))
    return same(got.numpy(), want.numpy(), tolerance=NEARLY)


@part("linear_from_conv", "one channel and several, rectangular kernels", "یک کانال و چند کانال، هسته‌های مستطیلی", weight=3)
def test_linear_from_conv(student):
    assert as_convolution(student, 2, (3, 3), (1, 5, 5), seed=1)
    assert as_convolution(student, 3, (1, 3), (2, 4, 6), seed=2)
    assert as_convolution(student, 2, (3, 1), (3, 5, 4), seed=3)
    assert as_convolution(student, 1, (5, 3), (2, 5, 3), seed=10)
    assert as_convolution(student, 2, (3, 3), (1, 5, 5), seed=1)


@part("linear_from_conv", "even kernels", "هسته‌های زوج")
def test_linear_from_conv_even(student):
    assert as_convolution(student, 1, (4, 4), (2, 4, 4), seed=8)
    assert as_convolution(student, 3, (2, 4), (2, 4, 6), seed=11)
    assert as_convolution(student, 2, (2, 2), (1, 6, 7), seed=5)


@part("linear_from_conv", "strides", "گام‌ها", weight=2)
def test_linear_from_conv_stride(student):
    assert as_convolution(student, 2, (3, 3), (2, 7, 6), stride=2, seed=4)
    assert as_convolution(student, 2, (3, 3), (2, 7, 6), stride=(1, 2), seed=4)
    assert as_convolution(student, 2, (1, 3), (1, 6, 7), stride=(1, 3), seed=5)
    assert as_convolution(student, 1, (1, 1), (2, 5, 5), stride=(4, 2), seed=12)
    assert as_convolution(student, 2, (5, 3), (5, 9, 7), stride=(3, 2), seed=14)


@part("linear_from_conv", "padding", "پدگذاری", weight=2)
def test_linear_from_conv_padding(student):
    assert as_convolution(student, 2, (3, 3), (2, 4, 5), padding=1, seed=6)
    assert as_convolution(student, 3, (3, 5), (1, 4, 4), stride=(2, 1), padding=(0, 2), seed=7)
    assert as_convolution(student, 1, (7, 7), (1, 4, 3), padding=3, seed=9)
    assert as_convolution(student, 2, (3, 3), (3, 6, 5), stride=(2, 3), padding=(1, 0), seed=15)
    assert as_convolution(student, 3, (3, 5), (2, 4, 6), padding=(1, 2), seed=16)
    assert as_convolution(student, 2, (1, 1), (2, 3, 4), padding=1, seed=17)


@part("linear_from_conv", "weights in single precision", "وزن‌هایی با دقت ساده")
def test_linear_from_conv_single(student):
    assert as_convolution(student, 2, (3, 3), (2, 5, 4), seed=13, dtype=np.float32)


@part("linear_from_conv", "layers that torch refuses", "لایه‌هایی که torch نمی‌پذیرد")
def test_linear_from_conv_refuses(student):
    def asked(weight, biases, shape, *how):
        return drawn(1, *weight), drawn(2, *np.atleast_1d(biases)), shape, *how

    cases = [
        asked((2, 2, 5, 1), 2, (2, 4, 4)),
        asked((2, 3, 3, 3), 2, (2, 4, 4)),
        asked((2, 1, 1, 6), 2, (1, 9, 5)),
        asked((2, 1, 3, 3), 2, (2, 4, 4)),
        asked((2, 2, 3, 3), 3, (2, 4, 4)),
        asked((2, 2, 3), 2, (2, 4, 4)),
        asked((2, 1, 3, 3), 2, (1, 4, 4), 0),
        asked((2, 1, 3, 3), 2, (1, 4, 4), (1, 0)),
        asked((2, 1, 3, 3), 2, (1, 4, 4), -1),
        asked((2, 1, 3, 3), 2, (1, 6, 6), 1, -1),
        asked((2, 1, 3, 3), 2, (1, 6, 6), 1, (0, -1)),
        asked((2, 1, 1, 1), 2, (1, 0, 4), 1, 1),
        asked((2, 1, 1, 1), 2, (1, 4, 0), 1, 1),
        asked((2, 0, 1, 1), 2, (0, 4, 4)),
        asked((2, 1, 0, 3), 2, (1, 4, 4)),
        asked((2, 1, 3, 3), 2, (1, 2, 4), 2),
        asked((2, 1, 3, 3), 2, (1, 4, 2), 3),
    ]
    assert refuses(student, "linear_from_conv", *cases, but=[asked((1, 2, 4, 4), 1, (2, 4, 4))])
