"""Question 1, hidden: a linear layer and a convolution as one map, on weights that the marker draws."""

import numpy as np
import pytest
import torch
from torch.nn import functional

from autograder.author import sheet
from autograder.marking.compare import same
from solutions import q1_equivalence as solution
from solutions import q1_equivalence_numbers as numbers
from tests.hidden import asking, drawing


@pytest.mark.parametrize("number", sheet(numbers))
def test_number(answers, reference, number):
    assert same(answers[number.key], number.recipe(reference))


def part(name, en, fa):
    return pytest.mark.part(f"q1.code.{name}", en=en, fa=fa)


# Weights that were kept in single precision are as right as they can be: the tolerance is wider, no wrong layout fits it.
NEARLY = 1e-5


def layer(got):
    """A student's (weight, bias) as arrays in double precision, be they arrays of any precision or nested lists."""
    weight, bias = got
    return np.asarray(weight, dtype=np.float64), np.asarray(bias, dtype=np.float64)


def drawn(seed, *shape):
    return drawing.normal(*shape, seed=seed)


@part("linear_parameters", "layers with bias", "لایه‌های با بایاس")
def test_linear_parameters(student):
    cases = [(100, 5), (3, 7), (7, 3), (1, 1), (12, 40)]
    assert asking.agrees(student.q1_equivalence.linear_parameters, solution.linear_parameters, *cases)


@part("linear_parameters", "layers without bias", "لایه‌های بدون بایاس")
def test_linear_parameters_without_bias(student):
    for sizes in [(100, 5), (3, 7), (8, 2)]:
        assert same(student.q1_equivalence.linear_parameters(*sizes, bias=False), sizes[0] * sizes[1])
    assert same(student.q1_equivalence.linear_parameters(4, 6, True), 30)


@part("linear_parameters", "sizes that torch refuses", "اندازه‌هایی که torch نمی‌پذیرد")
def test_linear_parameters_refuses(student):
    assert same(student.q1_equivalence.linear_parameters(2, 1), 3)
    for sizes in [(0, 5), (5, 0), (-3, 4)]:
        with pytest.raises(ValueError):
            student.q1_equivalence.linear_parameters(*sizes)
    assert same(student.q1_equivalence.linear_parameters(1, 9), 18)


LINEAR = [((1, 4, 4), 3), ((2, 3, 5), 4), ((3, 5, 2), 2)]


@part("conv_from_linear", "shapes of weight and bias", "شکل وزن و بایاس")
def test_conv_from_linear_shapes(student):
    for number, (shape, outputs) in enumerate(LINEAR):
        given = drawn(number, outputs, np.prod(shape)), drawn(9, outputs)
        weight, bias = layer(student.q1_equivalence.conv_from_linear(*given, shape))
        assert weight.shape == (outputs, *shape) and bias.shape == (outputs,)


@part("conv_from_linear", "the same outputs as the linear layer", "همان خروجی لایهٔ خطی")
def test_conv_from_linear_outputs(student):
    for number, (shape, outputs) in enumerate(LINEAR):
        given, offset = drawn(number, outputs, np.prod(shape)), drawn(number + 20, outputs)
        weight, bias = layer(student.q1_equivalence.conv_from_linear(given, offset, shape))
        image = torch.tensor(drawn(number + 40, 2, *shape))
        want = functional.linear(image.flatten(1), torch.tensor(given), torch.tensor(offset))
        got = functional.conv2d(image, torch.from_numpy(weight), torch.from_numpy(bias))
        assert same(got.flatten(1).numpy(), want.numpy(), tolerance=NEARLY)


@part("conv_from_linear", "shapes that do not fit", "شکل‌هایی که به هم نمی‌خورند")
def test_conv_from_linear_refuses(student):
    weight, _ = layer(student.q1_equivalence.conv_from_linear(drawn(1, 2, 12), drawn(2, 2), (3, 2, 2)))
    assert weight.shape == (2, 3, 2, 2)
    for given, offset, shape in [
        ((2, 12), (2,), (3, 2, 3)),
        ((2, 12), (3,), (3, 2, 2)),
        ((2, 0), (2,), (1, 0, 3)),
        ((2, 12, 1), (2,), (3, 2, 2)),
    ]:
        with pytest.raises(ValueError):
            student.q1_equivalence.conv_from_linear(drawn(1, *given), drawn(2, *offset), shape)


def as_convolution(student, filters, kernel, shape, seed=0, **how):
    """The student's matrix on a random image beside torch's own convolution; ``how`` is stride and padding, if any."""
    weight, bias = drawn(seed, filters, shape[0], *kernel), drawn(seed + 1, filters)
    matrix, offset = layer(student.q1_equivalence.linear_from_conv(weight, bias, shape, **how))
    image = torch.tensor(drawn(seed + 2, 2, *shape))
    want = functional.conv2d(image, torch.tensor(weight), torch.tensor(bias), **how).flatten(1)
    assert matrix.shape == (want.shape[1], image[0].numel()) and offset.shape == (want.shape[1],)
    got = functional.linear(image.flatten(1), torch.from_numpy(matrix), torch.from_numpy(offset))
    return same(got.numpy(), want.numpy(), tolerance=NEARLY)


@part("linear_from_conv", "one channel and several, rectangular kernels", "یک کانال و چند کانال، هسته‌های مستطیلی")
def test_linear_from_conv(student):
    assert as_convolution(student, 2, (3, 3), (1, 5, 5), seed=1)
    assert as_convolution(student, 3, (2, 3), (2, 4, 6), seed=2)
    assert as_convolution(student, 2, (3, 1), (3, 5, 4), seed=3)


@part("linear_from_conv", "strides", "گام‌ها")
def test_linear_from_conv_stride(student):
    assert as_convolution(student, 2, (3, 3), (2, 7, 6), stride=2, seed=4)
    assert as_convolution(student, 2, (2, 2), (1, 6, 7), stride=(1, 3), seed=5)


@part("linear_from_conv", "padding", "پدگذاری")
def test_linear_from_conv_padding(student):
    assert as_convolution(student, 2, (3, 3), (2, 4, 5), padding=1, seed=6)
    assert as_convolution(student, 3, (3, 5), (1, 4, 4), stride=(2, 1), padding=(0, 2), seed=7)
    assert as_convolution(student, 1, (7, 7), (1, 4, 3), padding=3, seed=9)


@part("linear_from_conv", "layers that torch refuses", "لایه‌هایی که torch نمی‌پذیرد")
def test_linear_from_conv_refuses(student):
    assert as_convolution(student, 1, (4, 4), (2, 4, 4), seed=8)
    cases = [((5, 1), 2, (2, 4, 4), 2), ((3, 3), 3, (2, 4, 4), 2), ((1, 6), 1, (1, 9, 5), 2)]
    for kernel, channels, shape, biases in [*cases, ((3, 3), 1, (2, 4, 4), 2), ((3, 3), 2, (2, 4, 4), 3)]:
        with pytest.raises(ValueError):
            student.q1_equivalence.linear_from_conv(drawn(1, 2, channels, *kernel), drawn(2, biases), shape)
