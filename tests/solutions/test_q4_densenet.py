"""Question 4: the reference against DenseNet in PyTorch, and the published counts."""

from __future__ import annotations

from importlib import import_module
from types import SimpleNamespace

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from autograder.course.author import Number
from solutions import q4_densenet as q4
from solutions import q4_densenet_numbers as numbers
from solutions.measure import output_shape, parameter_count
from solutions.q4_densenet_torch import Concatenating, densenet

OF = SimpleNamespace(q4_densenet=import_module("solutions.q4_densenet"))
SHEET = {"third_layer_input_maps": 192, "third_layer_output_channels": 104}
examples = settings(max_examples=settings.default.max_examples * 3 // 5)

IMAGENET = {  # torchvision's models
    "121": ((32, (6, 12, 24, 16), 64), 7_978_856),
    "169": ((32, (6, 12, 32, 32), 64), 14_149_480),
    "201": ((32, (6, 12, 48, 32), 64), 20_013_928),
    "161": ((48, (6, 12, 36, 24), 96), 28_681_000),
}
CIFAR = {  # table 2 of "Densely Connected Convolutional Networks": depth and growth, count, the table's millions
    "BC-100-12": ((12, (16,) * 3, 24, 10, 0.5, True, "cifar"), 769_162, "0.8"),
    "BC-250-24": ((24, (41,) * 3, 48, 10, 0.5, True, "cifar"), 15_324_406, "15.3"),
    "BC-190-40": ((40, (31,) * 3, 80, 10, 0.5, True, "cifar"), 25_624_430, "25.6"),
    "40-12": ((12, (12,) * 3, 16, 10, 1.0, False, "cifar"), 1_019_722, "1.0"),
    "100-12": ((12, (32,) * 3, 16, 10, 1.0, False, "cifar"), 6_979_642, "7.0"),
    "100-24": ((24, (32,) * 3, 16, 10, 1.0, False, "cifar"), 27_249_082, "27.2"),
}

channels = st.integers(1, 40)
growths = st.integers(1, 24)
depths = st.integers(1, 6)


# ---- the sheet and what is published


def test_the_sheet_has_these_numbers_and_no_other():
    assert {name for name, value in vars(numbers).items() if isinstance(value, Number)} == set(SHEET)


@pytest.mark.parametrize("name", SHEET)
def test_number_is_the_witness_and_the_table(name):
    number = getattr(numbers, name)
    assert number.recipe(OF) == number.torch() == SHEET[name]


@pytest.mark.parametrize("depth", IMAGENET)
def test_published_counts_for_imagenet(depth):
    arguments, published = IMAGENET[depth]
    assert q4.densenet_parameters(*arguments) == parameter_count(densenet(*arguments)) == published


@pytest.mark.parametrize("name", CIFAR)
def test_published_counts_for_cifar(name):
    arguments, published, millions = CIFAR[name]
    assert q4.densenet_parameters(*arguments) == parameter_count(densenet(*arguments)) == published
    assert f"{published / 1e6:.1f}" == millions


# ---- against torch


@examples
@given(channels, growths, depths)
def test_a_layer_receives_what_torch_concatenates(into, growth, layers):
    block = Concatenating(into, [growth] * layers)
    assert [q4.dense_layer_input_channels(into, growth, layer) for layer in range(1, layers + 1)] == block.inputs
    assert [layer[0].num_features for layer in block.layers] == block.inputs


@examples
@given(channels, growths, depths)
def test_a_block_holds_what_torch_concatenates(into, growth, layers):
    theirs = output_shape(Concatenating(into, [growth] * layers), (into, 4, 4))
    assert theirs == (q4.dense_block_output_channels(into, growth, layers), 4, 4)


@examples
@given(channels, growths, depths, st.booleans())
def test_dense_block_parameters_are_torchs(into, growth, layers, bottleneck):
    theirs = parameter_count(Concatenating(into, [growth] * layers, bottleneck))
    assert q4.dense_block_parameters(into, growth, layers, bottleneck) == theirs


def test_a_block_has_no_bottleneck_unless_asked():
    assert q4.dense_block_parameters(8, 4, 3) == q4.dense_block_parameters(8, 4, 3, False)


@examples
@given(
    growths,
    st.lists(st.integers(1, 4), min_size=1, max_size=4).map(tuple),
    st.integers(1, 32),
    st.integers(1, 100),
    st.floats(0, 1, exclude_min=True) | st.sampled_from([0.25, 0.5, 1.0, 1]),
    st.booleans(),
    st.sampled_from(["imagenet", "cifar"]),
)
def test_densenet_parameters_are_torchs(growth, blocks, init, classes, compression, bottleneck, stem):
    """Where a transition would keep no channel at all, the reference refuses and torch's convolution cannot run."""
    arguments = growth, blocks, init, classes, compression, bottleneck, stem
    held = init
    for number, layers in enumerate(blocks):
        held = (int(held * compression) if number else held) + layers * growth
        if number and held == layers * growth:
            with pytest.raises(ValueError):
                q4.densenet_parameters(*arguments)
            return
    assert q4.densenet_parameters(*arguments) == parameter_count(densenet(*arguments))


@pytest.mark.parametrize("stem", ["imagenet", "cifar"])
def test_the_witness_runs(stem):
    assert output_shape(densenet(4, (2, 3), 8, 7, stem=stem), (3, 32, 32)) == (7,)


@settings(max_examples=settings.default.max_examples // 3)
@given(st.integers(1, 6), st.integers(1, 5), st.integers(1, 4), st.booleans())
def test_dense_block_is_the_witness_with_the_same_weights(into, growth, layers, training):
    torch.manual_seed(0)
    ours, theirs = (
        q4.DenseBlock(into, growth, layers).double(),
        Concatenating(into, [growth] * layers, device="cpu").double(),
    )
    kept = ours.state_dict()
    assert {name: value.shape for name, value in kept.items()} == {n: v.shape for n, v in theirs.state_dict().items()}
    drawn = {name: torch.rand_like(v) + 0.5 if v.is_floating_point() else v for name, v in kept.items()}
    drawn = {name: v - 1 if v.dim() == 4 else v for name, v in drawn.items()}  # a variance stays positive
    ours.load_state_dict(drawn), theirs.load_state_dict(drawn)
    ours.train(training), theirs.train(training)
    images = torch.randn(2, into, 5, 4, dtype=torch.float64)
    with torch.no_grad():
        output = ours(images)
        torch.testing.assert_close(output, theirs(images))
    assert output.shape == (2, q4.dense_block_output_channels(into, growth, layers), 5, 4)
    torch.testing.assert_close(output[:, :into], images)
    assert parameter_count(ours) == q4.dense_block_parameters(into, growth, layers)


# ---- refusals


@pytest.mark.parametrize("wrong", range(3))
@pytest.mark.parametrize("value", [0, -1, 1.5])
@pytest.mark.parametrize(
    "function",
    [q4.dense_layer_input_channels, q4.dense_block_output_channels, q4.dense_block_parameters, q4.DenseBlock],
    ids=lambda function: function.__name__,
)
def test_values_below_one_are_refused(function, value, wrong):
    arguments = [4, 3, 2]
    arguments[wrong] = value
    with pytest.raises(ValueError):
        function(*arguments)


@pytest.mark.parametrize(
    "changed",
    [
        {"growth_rate": 0},
        {"block_layers": ()},
        {"block_layers": (2, 0)},
        {"init_features": 0},
        {"num_classes": 0},
        {"compression": 0},
        {"compression": -0.5},
        {"compression": 1.5},
        {"compression": float("nan")},
        {"compression": 0.01},
        {"stem": "mnist"},
    ],
    ids=str,
)
def test_densenet_parameters_refuses(changed):
    with pytest.raises(ValueError):
        q4.densenet_parameters(**{"growth_rate": 4, "block_layers": (2, 2), "init_features": 8, **changed})
