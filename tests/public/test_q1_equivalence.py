"""Question 1, public: small cases you can check by hand. Passing them is not full marks: hidden checks ask more."""

import numpy as np
import pytest

from autograder.course.variants import sheet


def part(kind, name):
    return pytest.mark.part(f"q1.{kind}.{name}", en=name, fa=name)


def plain(array):
    """Nested lists for an array or a tensor; lists as they are."""
    return array.tolist() if hasattr(array, "tolist") else array


@part("code", "linear_parameters")
def test_linear_parameters(student):
    assert student.q1_equivalence.linear_parameters(2, 3) == 9, "2 inputs, 3 outputs, with bias / ۲ ورودی، ۳ خروجی، با بایاس"
    assert student.q1_equivalence.linear_parameters(2, 3, bias=False) == 6, "without bias / بدون بایاس"


@part("code", "linear_parameters")
def test_linear_parameters_refuses(student, refuses):
    refuses(student.q1_equivalence.linear_parameters, 0, 3)


@part("code", "conv_from_linear")
def test_conv_from_linear(student):
    weight = np.array([[1.0, 2.0, 3.0, 4.0, 5.0, 6.0]])
    kernel, bias = student.q1_equivalence.conv_from_linear(weight, np.array([0.5]), (1, 2, 3))
    assert np.shape(kernel) == (1, 1, 2, 3), "(K, C, H, W)"
    assert plain(kernel)[0][0] == [[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]], "row by row / سطر به سطر"
    assert plain(bias) == [0.5]


@part("code", "linear_from_conv")
def test_linear_from_conv(student):
    kernel = np.array([[[[1.0, 2.0]]]])
    matrix, bias = student.q1_equivalence.linear_from_conv(kernel, np.array([3.0]), (1, 1, 3))
    assert plain(matrix) == [[1.0, 2.0, 0.0], [0.0, 1.0, 2.0]], "one row a position / یک سطر برای هر جایگاه"
    assert plain(bias) == [3.0, 3.0]


@part("numbers", "linear_parameters")
def test_linear_parameters_answer(student, form, agree):
    form("q1.linear_parameters")
    agree("q1.linear_parameters", student.q1_equivalence.linear_parameters(sheet.side * sheet.side, sheet.classes))


@part("numbers", "conv_parameters")
def test_conv_parameters_answer(student, form, agree):
    form("q1.conv_parameters")
    agree("q1.conv_parameters", student.q2_convnet.conv2d_parameters(1, sheet.classes, sheet.side))


@part("numbers", "conv_output_shape")
def test_conv_output_shape_answer(student, form, agree):
    form("q1.conv_output_shape", 3)
    layer = {"kind": "conv", "out_channels": sheet.classes, "kernel_size": sheet.side}
    agree("q1.conv_output_shape", student.q2_convnet.stack_output_shape((1, sheet.side, sheet.side), [layer]))
