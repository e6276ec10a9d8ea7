"""Question 2: the reference against torch's own layers, run on the meta device or measured, and the sheet against its table.

torch's meta device lets through what its real kernels refuse (a kernel, stride, padding or dilation out of range), so
refusals of such values are compared on the CPU.
"""

from __future__ import annotations

from importlib import import_module
from types import SimpleNamespace

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from torch import nn

from autograder.course.author import Number
from autograder.course.variants import parameters_of
from solutions import q2_convnet as q2
from solutions import q2_convnet_numbers as numbers
from solutions.measure import output_shape, parameter_count
from solutions.measure import receptive_field as measured_field
from solutions.q2_convnet_torch import head, image, layers, network, stack

FIRST = parameters_of(q2.ConvNet)  # the parameters of variant 1
IMAGE, BLOCKS = image(FIRST), layers(FIRST)
OF = SimpleNamespace(q2_convnet=import_module("solutions.q2_convnet"))
SHEET = {
    "first_conv_output_shape": (16, 128, 128),
    "first_conv_output_values": 262144,
    "first_conv_parameters": 1216,
    "stack_output_shape": (16, 16, 16),
    "stack_parameters": 14048,
    "flatten_head_parameters": 40970,
    "flatten_total_parameters": 55018,
    "gap_head_parameters": 170,
    "gap_total_parameters": 14218,
    "receptive_field": 36,
}
REFUSALS = (RuntimeError, ValueError)
examples = settings()
pytestmark = pytest.mark.filterwarnings("ignore:Initializing zero-element tensors")


def either(least: int, most: int) -> st.SearchStrategy:
    """An int or a (height, width) pair."""
    return st.integers(least, most) | st.tuples(st.integers(least, most), st.integers(least, most))


def both(value: int | tuple[int, int]) -> tuple[int, int]:
    return value if isinstance(value, tuple) else (value, value)


def answer(function, *arguments):
    """What ``function`` gives, or "refused"."""
    try:
        return function(*arguments)
    except REFUSALS:
        return "refused"


def referred(function, *arguments):
    """The same for a reference solution, which refuses by ValueError alone."""
    try:
        return function(*arguments)
    except ValueError:
        return "refused"


# ---- the sheet


def test_the_sheet_has_these_numbers_and_no_other():
    assert {name for name, value in vars(numbers).items() if isinstance(value, Number)} == set(SHEET)


@pytest.mark.parametrize("name", SHEET)
def test_number_is_the_witness_and_the_table(name):
    number = getattr(numbers, name)
    assert number.recipe(OF) == number.torch() == SHEET[name]


def test_receptive_field_before_the_last_pooling():
    before = BLOCKS[:-1]
    assert q2.receptive_field(before) == measured_field(stack(3, before, "cpu"), IMAGE) == (32, 32)


# ---- one layer


def conv_size(device, size, kernel_size, stride, padding, dilation):
    conv = nn.Conv2d(1, 1, kernel_size, stride, padding, dilation, device=device)
    return tuple(conv(torch.empty(1, 1, *both(size), device=device)).shape[2:])


def pool_size(device, kind, size, kernel_size, stride, padding, ceil_mode):
    pool = kind(kernel_size, stride, padding, ceil_mode=ceil_mode)
    return tuple(pool(torch.zeros(1, 1, *both(size), device=device)).shape[2:])


@examples
@given(st.tuples(either(1, 300), either(1, 12), either(1, 5), either(0, 6), either(1, 5)))
def test_conv2d_output_size_is_torchs(layer):
    assert referred(q2.conv2d_output_size, *layer) == answer(conv_size, "meta", *layer)


@examples
@given(st.tuples(either(1, 6), either(-1, 7), either(-1, 2), either(-1, 2), either(-1, 2)))
def test_conv2d_output_size_refuses_what_torch_refuses(layer):
    assert referred(q2.conv2d_output_size, *layer) == answer(conv_size, "cpu", *layer)


@examples
@given(
    st.sampled_from([nn.MaxPool2d, nn.AvgPool2d]),
    st.tuples(either(1, 200), either(1, 9), st.none() | either(1, 9), either(0, 4), st.booleans()),
)
def test_pool2d_output_size_is_torchs(kind, layer):
    assert referred(q2.pool2d_output_size, *layer) == answer(pool_size, "meta", kind, *layer)


@settings(max_examples=3 * settings.default.max_examples)
@given(
    st.sampled_from([nn.MaxPool2d, nn.AvgPool2d]),
    st.tuples(either(1, 6), either(2, 6), st.none() | either(1, 7), st.integers(0, 1)),
)
def test_ceil_mode_at_small_sizes_is_torchs(kind, layer):
    """Where the last window hangs over the edge, or would start beyond it."""
    assert referred(q2.pool2d_output_size, *layer, True) == answer(pool_size, "meta", kind, *layer, True)


@examples
@given(
    st.sampled_from([nn.MaxPool2d, nn.AvgPool2d]),
    st.tuples(either(1, 5), either(-1, 6), st.none() | either(-1, 3), either(-1, 3), st.booleans()),
)
def test_pool2d_output_size_refuses_what_torch_refuses(kind, layer):
    assert referred(q2.pool2d_output_size, *layer) == answer(pool_size, "cpu", kind, *layer)


def conv_parameters(in_channels, out_channels, kernel_size, groups, bias):
    """torch counts such a layer, and runs it on the smallest image that it takes, of a pixel at least."""
    conv = nn.Conv2d(in_channels, out_channels, kernel_size, groups=groups, bias=bias)
    conv(torch.zeros(1, in_channels, *(max(side, 1) for side in both(kernel_size))))
    return parameter_count(conv)


@examples
@given(st.tuples(st.integers(1, 12), st.integers(1, 12), either(1, 7), st.integers(1, 4), st.booleans()))
def test_conv2d_parameters_are_torchs(layer):
    assert referred(q2.conv2d_parameters, *layer) == answer(conv_parameters, *layer)


@examples
@given(st.tuples(st.integers(1, 4), st.integers(-1, 4), either(-1, 2), st.integers(-1, 3), st.booleans()))
def test_conv2d_parameters_refuses_what_torch_refuses(layer):
    assert referred(q2.conv2d_parameters, *layer) == answer(conv_parameters, *layer)


@pytest.mark.parametrize("channels", [0, -1, 1.5])
def test_conv2d_parameters_refuses_no_input_channels(channels):
    """Where the kernel is empty too, torch takes an image without channels; the reference never does."""
    for kernel_size in (0, 1, 3):
        with pytest.raises(ValueError):
            q2.conv2d_parameters(channels, 2, kernel_size)


@pytest.mark.parametrize("size", [0, -3, (5, 0), (0, 5), 2.5, (5, 5, 5), (5,), "5", None])
def test_sizes_that_are_none_are_refused(size):
    for function in (q2.conv2d_output_size, q2.pool2d_output_size):
        with pytest.raises(ValueError):
            function(size, 1)
        with pytest.raises(ValueError):
            function(9, size)
    with pytest.raises(ValueError):
        q2.conv2d_parameters(1, 1, size)


# ---- stacks of layers


@st.composite
def layer(draw, largest: int = 5, step: int = 3, dilated: int = 2, groups: int = 2):
    """A layer with some keys left out; not every one fits what comes before it."""
    kind = draw(st.sampled_from(["conv", "conv", "maxpool", "avgpool", "relu", "batchnorm"]))
    if kind in ("relu", "batchnorm"):
        return {"kind": kind}
    kernel = draw(either(1, largest))
    options = {"stride": either(1, step), "padding": either(0, 1)}
    if kind == "conv":
        options |= {"dilation": either(1, dilated), "groups": st.integers(1, groups), "bias": st.booleans()}
        options["padding"] = either(0, 2)
    else:
        options["ceil_mode"] = st.booleans()
    chosen = {key: draw(value) for key, value in options.items() if draw(st.booleans())}
    outputs = {"out_channels": draw(st.integers(1, 6))} if kind == "conv" else {}
    return {"kind": kind, **outputs, "kernel_size": kernel, **chosen}


def torch_shape(image, layers):
    """In evaluation: while training, torch's batch normalisation refuses one image of one pixel."""
    return output_shape(stack(image[0], layers).eval(), image)


@settings(max_examples=2 * settings.default.max_examples)
@given(st.tuples(st.integers(1, 4), st.integers(1, 60), st.integers(1, 60)), st.lists(layer(), max_size=5))
def test_stack_output_shape_is_torchs(image, layers):
    assert referred(q2.stack_output_shape, image, layers) == answer(torch_shape, image, layers)


@settings(max_examples=2 * settings.default.max_examples)
@given(st.integers(1, 4), st.lists(layer(), max_size=6))
def test_stack_parameters_are_torchs(channels, layers):
    assert referred(q2.stack_parameters, channels, layers) == answer(lambda: parameter_count(stack(channels, layers)))


def gradient_window(module: nn.Module, side: int) -> tuple[int, int]:
    """The window of ``measured_field``, with the pixels inside it that dilation and strides pass over."""
    positive = module.double().eval()
    with torch.no_grad():
        for parameter in positive.parameters():
            parameter.copy_(parameter.abs() + 1.0)
    image = torch.ones(1, 1, side, side, dtype=torch.float64, requires_grad=True)
    output = positive(image)
    output[0, 0, output.shape[2] // 2, output.shape[3] // 2].backward()
    rows, columns = image.grad[0, 0].nonzero(as_tuple=True)
    return int(rows.max() - rows.min()) + 1, int(columns.max() - columns.min()) + 1


def averaging(layers):
    return [{**layer, "kind": "avgpool"} if layer["kind"] == "maxpool" else layer for layer in layers]


def without_holes(layers):
    """Undilated, and no window of stride more than its side: then every pixel of the window reaches the output."""
    for layer in layers:
        kernels = both(layer.get("kernel_size", 1))
        strides = both(layer.get("stride", 1 if layer["kind"] == "conv" else kernels))
        if any(s > k for s, k in zip(strides, kernels, strict=True)) and "kernel_size" in layer:
            return False
    return True


def fits(layers):
    return answer(torch_shape, (1, 120, 120), layers) != "refused"


@examples
@given(st.lists(layer(largest=3, step=2, dilated=1, groups=1), max_size=3).filter(fits).filter(without_holes))
def test_receptive_field_is_measured(layers):
    assert q2.receptive_field(layers) == measured_field(stack(1, layers, "cpu"), (1, 120, 120))


@examples
@given(st.lists(layer(largest=3, step=2, dilated=3, groups=1), max_size=3).filter(fits))
def test_receptive_field_is_the_window_around_all_that_reaches_the_output(layers):
    assert q2.receptive_field(layers) == gradient_window(stack(1, averaging(layers), "cpu"), 150)


@pytest.mark.parametrize(
    "layers",
    [
        [{"kind": "dropout"}],
        [{}],
        [{"kind": "conv", "kernel_size": 3}],
        [{"kind": "conv", "out_channels": 4}],
        [{"kind": "maxpool"}],
        [{"kind": "relu", "inplace": True}],
        [{"kind": "maxpool", "kernel_size": 2, "dilation": 2}],
        [{"kind": "conv", "out_channels": 4, "kernel_size": 3, "strides": 2}],
    ],
)
def test_unknown_kinds_and_keys_are_refused(layers):
    for function, subject in ((q2.stack_output_shape, (3, 32, 32)), (q2.stack_parameters, 3)):
        with pytest.raises(ValueError):
            function(subject, layers)
    with pytest.raises(ValueError):
        q2.receptive_field(layers)


@pytest.mark.parametrize("key", ["kernel_size", "stride", "dilation"])
def test_receptive_field_refuses_sizes_below_one(key):
    for value in (0, (1, 0), -1):
        with pytest.raises(ValueError):
            q2.receptive_field([{"kind": "conv", "out_channels": 1, "kernel_size": 3, key: value}])


def test_nothing_at_all_changes_nothing():
    assert q2.stack_output_shape(IMAGE, []) == IMAGE
    assert q2.stack_parameters(3, []) == 0
    assert q2.receptive_field([]) == (1, 1)


def test_layers_are_left_as_they_were():
    layers = [{"kind": "conv", "out_channels": 4, "kernel_size": 3}, {"kind": "maxpool", "kernel_size": 2}]
    before = [dict(layer) for layer in layers]
    q2.stack_output_shape(IMAGE, layers), q2.stack_parameters(3, layers), q2.receptive_field(layers)
    assert layers == before


# ---- heads and the network


@examples
@given(st.tuples(*[st.integers(1, 40)] * 3), st.integers(1, 1000), st.sampled_from(["flatten", "gap"]))
def test_head_parameters_are_torchs(features, classes, pooling):
    squeeze = nn.AdaptiveAvgPool2d(1) if pooling == "gap" else nn.Identity()
    inputs = output_shape(nn.Sequential(squeeze, nn.Flatten()), features)[0]
    assert q2.head_parameters(features, classes, pooling) == parameter_count(nn.Linear(inputs, classes, device="meta"))
    assert q2.head_parameters(features, 10, pooling) == parameter_count(head(features, pooling, 10))


@pytest.mark.parametrize(
    "arguments",
    [((16, 16, 0), 10), ((0, 16, 16), 10), ((16, 16, 16), 0), ((16, 16, 16), 10, "max"), ((16, -1, -16), 10, "gap")],
)
def test_head_parameters_refuses(arguments):
    with pytest.raises(ValueError):
        q2.head_parameters(*arguments)


@pytest.mark.parametrize("pooling", ["flatten", "gap"])
def test_convnet_is_the_network_with_the_same_weights(pooling):
    torch.manual_seed(0)
    ours, theirs = q2.ConvNet(pooling=pooling).double(), network(FIRST, pooling, "cpu").double()
    with torch.no_grad():
        for mine, its in zip(ours.parameters(), theirs.parameters(), strict=True):
            mine.copy_(its)
        images = torch.randn(2, *IMAGE, dtype=torch.float64)
        torch.testing.assert_close(ours(images), theirs(images))
    assert parameter_count(ours) == SHEET[f"{pooling}_total_parameters"]


@pytest.mark.parametrize("pooling", ["flatten", "gap"])
@pytest.mark.parametrize("classes", [1, 7])
def test_convnet_has_as_many_scores_as_classes(pooling, classes):
    ours = q2.ConvNet(classes, pooling)
    assert output_shape(ours, IMAGE) == (classes,)
    assert parameter_count(ours) == 14048 + q2.head_parameters((16, 16, 16), classes, pooling)


def test_convnet_refuses_another_pooling():
    with pytest.raises(ValueError):
        q2.ConvNet(10, "max")
