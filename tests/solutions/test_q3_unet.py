"""Question 3: the reference against U-Net in PyTorch, and the published counts and sizes."""

from __future__ import annotations

from importlib import import_module
from types import SimpleNamespace

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from autograder.course.author import Number
from solutions import q3_unet as q3
from solutions import q3_unet_numbers as numbers
from solutions.measure import output_shape, parameter_count
from solutions.q3_unet_torch import PaperUNet, double_conv, encoder

OF = SimpleNamespace(q3_unet=import_module("solutions.q3_unet"))
SHEET = {"bottleneck_shape": (16, 16), "bottleneck_pixels": 256, "second_level_parameters": 221440}
examples = settings(max_examples=settings.default.max_examples * 3 // 5)

channels = st.integers(1, 8)


def sizes(least: int, most: int) -> st.SearchStrategy:
    return st.integers(least, most) | st.tuples(st.integers(least, most), st.integers(least, most))


def both(value: int | tuple[int, int]) -> tuple[int, int]:
    return value if isinstance(value, tuple) else (value, value)


# ---- the sheet and what is published


def test_the_sheet_has_these_numbers_and_no_other():
    assert {name for name, value in vars(numbers).items() if isinstance(value, Number)} == set(SHEET)


@pytest.mark.parametrize("name", SHEET)
def test_number_is_the_witness_and_the_table(name):
    number = getattr(numbers, name)
    assert number.recipe(OF) == number.torch() == SHEET[name]


@pytest.mark.parametrize(("into", "out", "published"), [(1, 2, 31_030_658), (3, 1, 31_031_745)])
def test_published_counts(into, out, published):
    assert q3.unet_parameters(into, out) == parameter_count(PaperUNet(into, out)) == published


def test_sizes_of_the_paper():
    paper = PaperUNet(1, 2)
    assert q3.unet_output_size(572) == output_shape(paper, (1, 572, 572))[1:] == (388, 388)
    assert tuple(paper.bottom(torch.empty(1, 1, 572, 572, device="meta")).shape[1:]) == (1024, 28, 28)


# ---- against torch


@examples
@given(sizes(1, 600), st.integers(1, 7))
def test_bottleneck_shape_is_what_torchs_pooling_leaves(size, levels):
    try:
        theirs = output_shape(encoder(levels), (1, *both(size)))[1:]
    except RuntimeError:
        with pytest.raises(ValueError):
            q3.bottleneck_shape(size, levels)
    else:
        assert q3.bottleneck_shape(size, levels) == theirs


def test_bottleneck_shape_has_four_levels_left_out():
    assert q3.bottleneck_shape((256, 100)) == q3.bottleneck_shape((256, 100), 4) == (16, 6)


@examples
@given(st.integers(1, 300), st.integers(1, 300))
def test_double_conv_parameters_are_torchs(into, out):
    assert q3.double_conv_parameters(into, out) == parameter_count(double_conv(into, out))


@examples
@given(channels, channels, sizes(1, 7))
def test_double_conv_parameters_with_another_kernel(into, out, kernel):
    convs = torch.nn.Sequential(torch.nn.Conv2d(into, out, kernel), torch.nn.Conv2d(out, out, kernel))
    assert q3.double_conv_parameters(into, out, kernel) == parameter_count(convs)


def paper_size(size, levels):
    """What the paper's network gives, or None where a convolution refuses or an odd size would be pooled."""
    network, odd = PaperUNet(1, 1, 1, levels), []
    for down in network.down:
        down[0].register_forward_hook(lambda _, given, __: odd.extend(side % 2 for side in given[0].shape[2:]))
    try:
        shape = tuple(network(torch.empty(1, 1, *both(size), device="meta")).shape[2:])
    except RuntimeError:
        return None
    return None if any(odd) else shape


@examples
@given(sizes(1, 400), st.integers(1, 4))
def test_unet_output_size_is_that_of_the_paper_or_refused(size, levels):
    theirs = paper_size(size, levels)
    if theirs is None:
        with pytest.raises(ValueError):
            q3.unet_output_size(size, levels)
    else:
        assert q3.unet_output_size(size, levels) == theirs


@examples
@given(st.integers(1, 4), st.tuples(st.integers(1, 20), st.integers(1, 20)))
def test_unet_output_size_where_every_size_can_be_halved(levels, bottoms):
    """A bottom of b after its convolutions comes from ``(b + 4) * 2**levels + 4 * (2**levels - 1)``."""
    size = tuple((bottom + 4) * 2**levels + 4 * (2**levels - 1) for bottom in bottoms)
    theirs = paper_size(size, levels)
    if theirs is None:
        with pytest.raises(ValueError):
            q3.unet_output_size(size, levels)
    else:
        assert q3.unet_output_size(size, levels) == theirs


@pytest.mark.thorough
def test_some_sizes_are_taken_and_some_refused_at_every_depth():
    for levels in (1, 2, 3, 4):
        taken = [size for size in range(2, 260, 2) if paper_size(size, levels)]
        ours = []
        for size in range(2, 260, 2):
            try:
                ours.append((size, q3.unet_output_size(size, levels)))
            except ValueError:
                continue
        assert taken and [size for size, _ in ours] == taken


@examples
@given(channels, channels, channels, st.integers(1, 4))
def test_unet_parameters_are_those_of_both_networks(into, out, base, levels):
    count = q3.unet_parameters(into, out, base, levels)
    assert count == parameter_count(PaperUNet(into, out, base, levels))
    with torch.device("meta"):
        assert count == parameter_count(q3.UNet(into, out, base, levels))


@settings(max_examples=settings.default.max_examples // 5)
@given(st.integers(1, 3), st.integers(1, 3), st.integers(1, 4), st.integers(1, 3), st.integers(1, 3), st.integers(1, 3))
def test_unet_is_the_padded_network_with_the_same_weights(into, out, base, levels, rows, columns):
    torch.manual_seed(0)
    ours, theirs = q3.UNet(into, out, base, levels).double(), PaperUNet(into, out, base, levels, 1, "cpu").double()
    images = torch.randn(2, into, rows * 2**levels, columns * 2**levels, dtype=torch.float64)
    with torch.no_grad():
        for mine, its in zip(ours.parameters(), theirs.parameters(), strict=True):
            assert mine.shape == its.shape
            its.copy_(torch.randn_like(its) * 0.5)
            mine.copy_(its)
        assert ours(images).shape == (2, out, *images.shape[2:])
        torch.testing.assert_close(ours(images), theirs(images))


# ---- refusals


@pytest.mark.parametrize(
    ("function", "arguments"),
    [
        (q3.bottleneck_shape, (0,)),
        (q3.bottleneck_shape, ((256, 0),)),
        (q3.bottleneck_shape, (256, 0)),
        (q3.bottleneck_shape, (256, -1)),
        (q3.bottleneck_shape, (256.0,)),
        (q3.double_conv_parameters, (0, 64)),
        (q3.double_conv_parameters, (64, 0)),
        (q3.double_conv_parameters, (64, 64, 0)),
        (q3.double_conv_parameters, (64, 64, (3, 0))),
        (q3.unet_output_size, (0,)),
        (q3.unet_output_size, (572, 0)),
        (q3.unet_output_size, ((572, 571),)),
        (q3.unet_parameters, (0, 1)),
        (q3.unet_parameters, (1, 0)),
        (q3.unet_parameters, (1, 1, 0)),
        (q3.unet_parameters, (1, 1, 64, 0)),
        (q3.UNet, (0, 1, 2, 1)),
        (q3.UNet, (1, 0, 2, 1)),
        (q3.UNet, (1, 1, 0, 1)),
        (q3.UNet, (1, 1, 2, 0)),
    ],
)
def test_values_below_one_are_refused(function, arguments):
    with pytest.raises(ValueError):
        function(*arguments)
