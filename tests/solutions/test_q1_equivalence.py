"""Question 1: the reference against torch's own linear layer and convolution, and the sheet against its table."""

from __future__ import annotations

from importlib import import_module
from types import SimpleNamespace

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from torch import nn

from autograder.course.author import Number
from solutions import q1_equivalence as q1
from solutions import q1_equivalence_numbers as numbers
from solutions.measure import parameter_count
from solutions.q1_equivalence_torch import linear, whole_image_conv

OF = SimpleNamespace(**{stem: import_module(f"solutions.{stem}") for stem in ("q1_equivalence", "q2_convnet")})
SHEET = {"linear_parameters": 505, "conv_parameters": 505, "conv_output_shape": (5, 1, 1)}
examples = settings(max_examples=settings.default.max_examples * 4 // 5)

small = st.integers(1, 4)
sides = st.integers(1, 7)
strides = st.integers(1, 3) | st.tuples(st.integers(1, 3), st.integers(1, 3))
paddings = st.integers(0, 2) | st.tuples(st.integers(0, 2), st.integers(0, 2))


def drawn(seed: int, *shape: int) -> np.ndarray:
    return np.random.default_rng(seed).normal(size=shape)


def test_the_sheet_has_these_numbers_and_no_other():
    assert {name for name, value in vars(numbers).items() if isinstance(value, Number)} == set(SHEET)


@pytest.mark.parametrize("name", SHEET)
def test_number_is_the_witness_and_the_table(name):
    number = getattr(numbers, name)
    assert number.recipe(OF) == number.torch() == SHEET[name]


@examples
@given(st.integers(1, 5000), st.integers(1, 500), st.booleans())
def test_linear_parameters_are_torchs(in_features, out_features, bias):
    assert q1.linear_parameters(in_features, out_features, bias) == parameter_count(linear(in_features, out_features, bias))


@pytest.mark.parametrize("sizes", [(0, 5), (5, 0), (-1, 5), (5, -1), (2.5, 5), (5, "5")])
def test_linear_parameters_refuses(sizes):
    with pytest.raises(ValueError):
        q1.linear_parameters(*sizes)


@pytest.mark.parametrize(("channels", "filters", "size"), [(1, 5, 10), (3, 7, 4), (2, 1, 1)])
def test_both_networks_have_as_many_parameters(channels, filters, size):
    assert q1.linear_parameters(channels * size * size, filters) == parameter_count(
        whole_image_conv(channels, filters, size)
    )


@examples
@given(small, small, sides, sides, st.integers(0, 99))
def test_conv_from_linear_does_what_the_linear_layer_does(filters, channels, height, width, seed):
    weight, bias = drawn(seed, filters, channels * height * width), drawn(seed + 1, filters)
    images = drawn(seed + 2, 2, channels, height, width)
    kernel, offset = q1.conv_from_linear(weight, bias, (channels, height, width))
    assert kernel.shape == (filters, channels, height, width) and offset.shape == (filters,)
    ours = nn.functional.conv2d(*map(torch.tensor, (images, kernel, offset)))
    theirs = nn.functional.linear(*map(torch.tensor, (images.reshape(2, -1), weight, bias)))
    assert ours.shape == (2, filters, 1, 1)
    np.testing.assert_allclose(ours.flatten(1), theirs, atol=1e-10)


@examples
@given(small, small, sides, sides, sides, sides, strides, paddings, st.integers(0, 99))
def test_linear_from_conv_does_what_the_convolution_does(
    filters, channels, height, width, kernel_height, kernel_width, stride, padding, seed
):
    """Where torch refuses the convolution, so does the reference."""
    weight, bias = drawn(seed, filters, channels, kernel_height, kernel_width), drawn(seed + 1, filters)
    images = drawn(seed + 2, 2, channels, height, width)
    shape = (channels, height, width)
    try:
        theirs = nn.functional.conv2d(*map(torch.tensor, (images, weight, bias)), stride=stride, padding=padding)
    except RuntimeError:
        with pytest.raises(ValueError):
            q1.linear_from_conv(weight, bias, shape, stride, padding)
        return
    matrix, offset = q1.linear_from_conv(weight, bias, shape, stride, padding)
    assert matrix.shape == (theirs[0].numel(), channels * height * width) and offset.shape == (theirs[0].numel(),)
    ours = nn.functional.linear(*map(torch.tensor, (images.reshape(2, -1), matrix, offset)))
    np.testing.assert_allclose(ours, theirs.flatten(1), atol=1e-10)


@examples
@given(small, small, sides, sides, st.integers(0, 99))
def test_there_and_back_again(filters, channels, height, width, seed):
    weight, bias = drawn(seed, filters, channels * height * width), drawn(seed + 1, filters)
    shape = (channels, height, width)
    again = q1.linear_from_conv(*q1.conv_from_linear(weight, bias, shape), shape)
    np.testing.assert_array_equal(again[0], weight)
    np.testing.assert_array_equal(again[1], bias)


def test_arguments_are_left_as_they_were():
    weight, bias = drawn(0, 2, 3, 2, 2), drawn(1, 2)
    before = weight.copy(), bias.copy()
    q1.linear_from_conv(weight, bias, (3, 5, 4), 1, 1)
    q1.conv_from_linear(weight.reshape(2, -1), bias, (3, 2, 2))
    np.testing.assert_array_equal(weight, before[0])
    np.testing.assert_array_equal(bias, before[1])


@pytest.mark.parametrize(
    ("weight", "bias", "image"),
    [
        ((5, 99), (5,), (1, 10, 10)),
        ((100, 5), (5,), (1, 10, 10)),
        ((5, 100), (4,), (1, 10, 10)),
        ((5, 100), (5, 1), (1, 10, 10)),
        ((5, 1, 10, 10), (5,), (1, 10, 10)),
        ((5, 0), (5,), (1, 0, 10)),
        ((5, 100), (5,), (-1, -10, 10)),
    ],
)
def test_conv_from_linear_refuses_shapes_that_do_not_fit(weight, bias, image):
    with pytest.raises(ValueError):
        q1.conv_from_linear(np.ones(weight), np.ones(bias), image)


@pytest.mark.parametrize(
    ("weight", "bias", "image", "options"),
    [
        ((2, 3, 3, 3), (2,), (1, 8, 8), {}),
        ((2, 3, 3, 3), (3,), (3, 8, 8), {}),
        ((2, 27), (2,), (3, 8, 8), {}),
        ((2, 3, 9, 3), (2,), (3, 8, 8), {}),
        ((2, 3, 3, 0), (2,), (3, 8, 8), {}),
        ((2, 3, 3, 3), (2,), (3, 0, 8), {"padding": 2}),
        ((2, 3, 3, 3), (2,), (3, 8, 8), {"stride": 0}),
        ((2, 3, 3, 3), (2,), (3, 8, 8), {"stride": (1, 0)}),
        ((2, 3, 3, 3), (2,), (3, 8, 8), {"padding": -1}),
    ],
)
def test_linear_from_conv_refuses(weight, bias, image, options):
    with pytest.raises(ValueError):
        q1.linear_from_conv(np.ones(weight), np.ones(bias), image, **options)
