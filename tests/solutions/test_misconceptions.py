"""The catalogue of wrong answers: each is wrong, each is told apart, each reaches what the assignment says it does."""

from __future__ import annotations

import inspect
import re
from importlib import import_module
from math import prod
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest
import torch

from autograder.course.author import Number
from autograder.course.course import Course
from autograder.course.formula import evaluate
from autograder.course.mistakes import Misconception
from autograder.course.reference import Reference
from autograder.diagnosis.catalogue import catalogue

STEMS = ("q1_equivalence", "q2_convnet", "q3_unet", "q4_densenet")
SOLUTIONS = {stem: import_module(f"solutions.{stem}") for stem in STEMS}
ROOT = Path(__file__).resolve().parents[2]
CATALOGUE: dict[str, list[Misconception]] = {stem: [] for stem in STEMS}
for one in catalogue(Course.load(ROOT / "grader_config.yml")):
    CATALOGUE[one.stem].append(one.misconception)
ENTRIES = [pytest.param(stem, entry, id=f"{stem[:2]}.{entry.name}") for stem in STEMS for entry in CATALOGUE[stem]]
NUMBERS = {
    f"{stem[:2]}.{name}": value
    for stem in STEMS
    for name, value in vars(import_module(f"solutions.{stem}_numbers")).items()
    if isinstance(value, Number)
}


REFERENCE = Reference(SimpleNamespace(questions=[SimpleNamespace(stem=stem) for stem in STEMS], module=import_module))
RIGHT = {key: number.recipe(REFERENCE) for key, number in NUMBERS.items()}

# ---- inputs that tell the entries apart


def conv(out_channels, kernel_size, **options):
    return {"kind": "conv", "out_channels": out_channels, "kernel_size": kernel_size, **options}


def pool(kernel_size, kind="maxpool", **options):
    return {"kind": kind, "kernel_size": kernel_size, **options}


RELU, NORM = {"kind": "relu"}, {"kind": "batchnorm"}
HANDOUT = [conv(16, 5, padding=2), RELU, pool(2, stride=2)] * 3
STACKS = [
    HANDOUT,
    [conv(8, (3, 5), stride=(2, 1), padding=(1, 2)), NORM, RELU, pool((3, 2), stride=2), conv(12, 3, groups=4)],
    [conv(6, 3, dilation=2, bias=False), NORM, conv(10, (5, 3), groups=2), pool(3, "avgpool", ceil_mode=True)],
    [conv(4, 3, stride=2), pool(2), conv(9, 3, padding=1, dilation=(1, 3)), pool(3, stride=1, padding=1), NORM],
]
VALUES = np.random.default_rng(7)


def conv_case(shape, image_shape, **options):
    return (VALUES.standard_normal(shape), VALUES.standard_normal(shape[0]), image_shape), options


CASES = {  # what the reference accepts: positional arguments and named ones
    "linear_parameters": [((100, 5), {}), ((30, 7), {"bias": False}), ((12, 40), {"bias": True})],
    "conv_from_linear": [
        ((VALUES.standard_normal((4, prod(shape))), VALUES.standard_normal(4), shape), {})
        for shape in ((3, 5, 4), (2, 4, 4), (1, 3, 6))
    ],
    "linear_from_conv": [
        conv_case((4, 3, 3, 2), (3, 6, 5)),
        conv_case((2, 3, 3, 3), (3, 7, 6), stride=2, padding=1),
        conv_case((3, 2, 2, 3), (2, 5, 7), stride=(2, 1), padding=(1, 2)),
    ],
    "conv2d_output_size": [
        ((128, 5), {"padding": 2}),
        (((30, 47), (3, 5)), {"stride": (2, 3), "padding": (1, 2), "dilation": (2, 1)}),
        ((64, 3), {"stride": 2, "padding": 1}),
        (((33, 50), 3), {"stride": 3, "dilation": 3}),
        ((25, 4), {"stride": 2}),
    ],
    "pool2d_output_size": [
        ((128, 2), {}),
        ((29, 3), {"stride": 2, "padding": 1, "ceil_mode": True}),
        (((30, 47), (3, 2)), {"stride": (2, 3)}),
        (((31, 45), (2, 4)), {"ceil_mode": True}),
        ((13, 2), {"stride": 3, "padding": 1, "ceil_mode": True}),
        ((7, 3), {"stride": 1, "padding": 1}),
        (((11, 20), 2), {"stride": 2, "padding": 1, "ceil_mode": True}),
    ],
    "conv2d_parameters": [
        ((3, 16, 5), {}),
        ((12, 18, (3, 5)), {"groups": 3}),
        ((8, 20, (2, 7)), {"bias": False}),
        ((24, 8, 3), {"groups": 4, "bias": False}),
    ],
    "stack_output_shape": [(((channels, 127, 98), stack), {}) for channels, stack in zip((3, 4, 4, 5), STACKS, strict=True)],
    "stack_parameters": [((channels, stack), {}) for channels, stack in zip((3, 4, 4, 5), STACKS, strict=True)],
    "head_parameters": [(((16, 8, 6), 10), {}), (((12, 4, 5), 7), {"pooling": "gap"}), (((5, 3, 2), 3), {})],
    "receptive_field": [((stack,), {}) for stack in STACKS],
    "ConvNet": [((10,), {}), ((7,), {"pooling": "gap"})],
    "bottleneck_shape": [((256,), {}), (((128, 320),), {"levels": 3}), ((512, 5), {})],
    "double_conv_parameters": [((64, 128), {}), ((48, 24), {"kernel_size": (3, 5)}), ((10, 6, 1), {})],
    "unet_output_size": [((572,), {}), (((188, 204),), {"levels": 3}), (((44, 60), 2), {})],
    "unet_parameters": [((1, 2), {}), ((3, 5), {"base_channels": 24, "levels": 3}), ((2, 1, 16, 2), {})],
    "UNet": [((2, 3), {"base_channels": 4, "levels": 2})],
    "dense_layer_input_channels": [((64, 128, 2), {}), ((32, 24, 4), {}), ((20, 12, 3), {}), ((20, 12, 1), {})],
    "dense_block_output_channels": [((32, 24, 3), {}), ((20, 12, 5), {}), ((64, 32, 1), {})],
    "dense_block_parameters": [((32, 24, 3), {}), ((20, 12, 5), {"bottleneck": True}), ((7, 4, 2, True), {})],
    "densenet_parameters": [
        ((32, (6, 12, 24, 16), 64), {}),
        ((12, (16, 16, 16), 25), {"num_classes": 10, "compression": 0.7, "stem": "cifar"}),
        ((12, (4, 3), 16, 100, 1.0, False, "cifar"), {}),
    ],
    "DenseBlock": [((6, 4, 3), {})],
}
IMPOSSIBLE = {  # what the reference refuses
    "linear_parameters": [((0, 5), {})],
    "conv2d_output_size": [((4, 7), {}), ((10, 0), {}), ((5, 3), {"dilation": 4})],
    "pool2d_output_size": [((4, 7), {}), ((8, 2), {"padding": 2})],
    "conv2d_parameters": [((5, 16, 3), {"groups": 2}), ((4, 6, 0), {})],
    "stack_output_shape": [(((3, 4, 4), [conv(2, 7)]), {})],
    "stack_parameters": [((3, [conv(4, 3, groups=2)]), {})],
    "head_parameters": [(((16, 8, 6), 10, "maximum"), {})],
    "ConvNet": [((10, "maximum"), {})],
    "bottleneck_shape": [((8, 5), {})],
    "unet_output_size": [((40, 4), {})],
    "dense_layer_input_channels": [((8, 4, 0), {})],
    "conv_from_linear": [((np.ones((4, 11)), np.ones(4), (1, 3, 4)), {})],
    "linear_from_conv": [((np.ones((2, 1, 5, 5)), np.ones(2), (1, 4, 4)), {})],
    "receptive_field": [(([{"kind": "conv", "out_channels": 4}],), {}), (([{"kind": "pyramid"}],), {})],
    "double_conv_parameters": [((3, 8, 0), {}), ((0, 8), {})],
    "unet_parameters": [((1, 2, 64, 0), {}), ((0, 2), {})],
    "UNet": [((1, 2, 8, 0), {})],
    "dense_block_output_channels": [((8, 4, 0), {})],
    "dense_block_parameters": [((8, 0, 3), {})],
    "densenet_parameters": [((12, (), 16), {}), ((12, (3, 3), 16), {"stem": "else"}), ((12, (3, 3), 16, 10, 1.5), {})],
    "DenseBlock": [((8, 4, 0), {})],
}
IMAGES = {"ConvNet": (2, 3, 128, 128), "UNet": (2, 2, 48, 44), "DenseBlock": (2, 6, 7, 5)}


def outcome(function, name, arguments, options):
    """What comes of a call, comparable: plain data, an exception's name, or a module's behaviour."""
    torch.set_default_dtype(torch.float64)  # layers that a module hides cannot be turned by it later
    try:
        torch.manual_seed(3)
        value = function(*arguments, **options)
        return behaviour(value, IMAGES[name]) if isinstance(value, torch.nn.Module) else plain(value)
    except (ValueError, RuntimeError) as refused:
        return type(refused).__name__
    finally:
        torch.set_default_dtype(torch.float32)


def plain(value):
    if isinstance(value, np.ndarray):
        return value.shape, value.round(9).tolist()
    return tuple(map(plain, value)) if isinstance(value, tuple | list) else value


def behaviour(module, shape):
    """Parameters a module owns up to, and what it makes of one batch with fixed weights: outputs and gradients."""
    for tensor in module.parameters():
        torch.manual_seed(tensor.numel())
        tensor.data = torch.randn_like(tensor) * 0.1
    torch.manual_seed(5)
    images = torch.randn(shape, dtype=torch.float64, requires_grad=True)
    evaluated = module.eval()(images)
    trained = module.train()(images)
    gradient = torch.autograd.grad(trained.square().sum(), images)[0] if trained.requires_grad else trained
    tensors = (evaluated.detach().numpy(), trained.detach().numpy(), gradient.detach().numpy())
    return sum(p.numel() for p in module.parameters()), plain(tensors)


_OUTCOMES: dict[tuple[str, str], list] = {}


def outcomes(name, function):
    key = name, function.__name__
    if key not in _OUTCOMES:
        calls = CASES[name] + IMPOSSIBLE.get(name, [])
        _OUTCOMES[key] = [outcome(function, name, *call) for call in calls]
    return _OUTCOMES[key]


# ---- the entries


def test_the_catalogue_is_large_enough():
    assert sum(map(len, CATALOGUE.values())) >= 75
    assert all(len(entries) >= 15 for entries in CATALOGUE.values())


@pytest.mark.parametrize("stem", STEMS)
def test_no_name_hides_another(stem):
    assert len({entry.name for entry in CATALOGUE[stem]}) == len(CATALOGUE[stem])


def signature(function):
    return [(p.name, p.default) for p in inspect.signature(function).parameters.values()]


@pytest.mark.parametrize(("stem", "entry"), ENTRIES)
def test_an_entry_takes_what_the_asked_function_takes(stem, entry):
    assert signature(entry.wrong) == signature(getattr(SOLUTIONS[stem], entry.replaces))


def digits_of(value):
    return set(map(str, value)) if isinstance(value, list | tuple) else {str(value)}


@pytest.mark.parametrize(("stem", "entry"), ENTRIES)
def test_hints_lead_in_both_languages_and_give_nothing_away(stem, entry):
    assert entry.hint.en.endswith("?") and entry.hint.fa.endswith("؟")
    assert re.search("[آ-ی]", entry.hint.fa) and not re.search("[آ-ی]", entry.hint.en)
    assert not re.search("[كي]", entry.hint.fa)  # the Arabic letters, where Persian has its own
    answers = set().union(*(digits_of(value) for key, value in RIGHT.items() if key.startswith(stem[:2])))
    western = entry.hint.fa.translate(str.maketrans("۰۱۲۳۴۵۶۷۸۹", "0123456789"))
    assert not answers & set(re.findall(r"\d+", f"{entry.hint.en} {western}".replace("Conv2d", "")))


@pytest.mark.parametrize(("stem", "entry"), ENTRIES)
def test_an_entry_differs_from_the_right_answer(stem, entry):
    right = outcomes(entry.replaces, getattr(SOLUTIONS[stem], entry.replaces))
    assert "RuntimeError" not in right
    assert outcomes(entry.replaces, entry.wrong) != right


@pytest.mark.parametrize(("stem", "entry"), ENTRIES)
def test_an_entry_refuses_what_the_reference_refuses(stem, entry):
    if entry.name.endswith(("_not_refused", "_accepted")):
        return
    for arguments, options in IMPOSSIBLE.get(entry.replaces, []):
        with pytest.raises(ValueError):
            entry.wrong(*arguments, **options)


@pytest.mark.parametrize("stem", STEMS)
def test_the_examples_refused_here_are_refused_by_the_reference(stem):
    for name, calls in IMPOSSIBLE.items():
        for arguments, options in calls if hasattr(SOLUTIONS[stem], name) else []:
            with pytest.raises(ValueError):
                getattr(SOLUTIONS[stem], name)(*arguments, **options)


@pytest.mark.parametrize("stem", STEMS)
def test_no_two_entries_say_the_same(stem):
    alike = [
        (one.name, other.name)
        for index, one in enumerate(CATALOGUE[stem])
        for other in CATALOGUE[stem][:index]
        if one.replaces == other.replaces and outcomes(one.replaces, one.wrong) == outcomes(one.replaces, other.wrong)
    ]
    assert alike == []


# ---- arithmetic


@pytest.mark.parametrize(("stem", "entry"), [case for case in ENTRIES if case.values[1].arithmetic])
def test_arithmetic_leads_to_the_wrong_value(stem, entry):
    for arguments, options in CASES[entry.replaces]:
        value = entry.wrong(*arguments, **options)
        numbers = [evaluate(text) for text in entry.arithmetic(*arguments, **options)]
        assert numbers == (list(value)[: len(numbers)] if isinstance(value, tuple) else [value])


# ---- the sheet

SHEET = [
    ("q1.linear_parameters", 500, "linear_bias_forgotten"),
    ("q1.linear_parameters", 501, "linear_one_bias_for_the_layer"),
    ("q1.linear_parameters", 600, "linear_bias_per_input"),
    ("q1.linear_parameters", 55, "linear_side_taken_for_area"),
    ("q1.linear_parameters", 105, "linear_neurons_counted"),
    ("q2.first_conv_parameters", 416, "conv_input_channels_forgotten"),
    ("q2.first_conv_parameters", 1200, "conv_bias_forgotten"),
    ("q2.first_conv_parameters", 400, "conv_input_channels_and_bias_forgotten"),
    ("q2.first_conv_parameters", 1201, "conv_one_bias_for_the_layer"),
    ("q2.first_conv_parameters", 19456, "conv_filters_squared"),
    ("q2.first_conv_parameters", 256, "conv_kernel_side_not_squared"),
    ("q2.first_conv_parameters", 19660816, "conv_weights_not_shared_over_positions"),
    ("q2.first_conv_parameters", 19660800, "conv_multiplications_counted"),
    ("q2.first_conv_output_shape", [16, 127, 127], "size_kernel_not_less_one"),
    ("q2.first_conv_output_shape", [16, 124, 124], "size_padding_ignored"),
    ("q2.first_conv_output_shape", [16, 126, 126], "size_padding_on_one_side"),
    ("q2.first_conv_output_shape", [128, 128, 16], "stack_channels_last"),
    ("q2.first_conv_output_shape", [3, 128, 128], "stack_input_channels_kept"),
    ("q2.first_conv_output_shape", [48, 128, 128], "stack_channels_multiplied"),
    ("q2.first_conv_output_shape", [1, 16, 128, 128], "stack_with_batch_dimension"),
    ("q2.stack_parameters", 1216, "stack_input_channels_forgotten_and_bias_once"),
    ("q2.stack_parameters", 1216, "stack_first_conv_only"),
    ("q2.stack_parameters", 3648, "stack_every_layer_sees_the_image"),
    ("q2.stack_parameters", 19248, "stack_every_layer_sees_its_own_width"),
    ("q2.stack_parameters", 14000, "conv_bias_forgotten"),
    ("q2.stack_parameters", 14016, "stack_bias_counted_once"),
    ("q2.stack_parameters", 14060, "stack_pooling_window_learnt"),
    ("q2.stack_parameters", 14240, "stack_pooling_window_learnt_per_channel"),
    ("q2.stack_output_shape", [16, 128, 128], "stack_pooling_ignored"),
    ("q2.stack_output_shape", [16, 32, 32], "stack_one_pooling_too_few"),
    ("q2.stack_output_shape", [16, 8, 8], "stack_one_pooling_too_many"),
    ("q2.stack_output_shape", [16, 12, 12], "size_padding_ignored"),
    ("q2.flatten_head_parameters", 40960, "head_bias_forgotten"),
    ("q2.flatten_head_parameters", 2570, "head_positions_of_one_map_only"),
    ("q2.flatten_head_parameters", 163850, "head_flattened_before_the_last_pooling"),
    ("q2.gap_head_parameters", 160, "head_bias_forgotten"),
    ("q2.gap_head_parameters", 2570, "head_average_over_channels"),
    ("q2.flatten_total_parameters", 42170, "conv_input_channels_and_bias_forgotten"),
    ("q2.gap_total_parameters", 1370, "conv_input_channels_and_bias_forgotten"),
    ("q2.receptive_field", 13, "field_pooling_ignored"),
    ("q2.receptive_field", 29, "field_pooling_window_ignored"),
    ("q2.receptive_field", 16, "field_pooling_stride_ignored"),
    ("q2.receptive_field", 32, "field_before_the_last_pooling"),
    ("q2.receptive_field", 15, "field_kernels_summed"),
    ("q2.receptive_field", 125, "field_kernels_multiplied"),
    ("q3.bottleneck_pixels", 1024, "bottleneck_one_level_too_few"),
    ("q3.bottleneck_pixels", 64, "bottleneck_one_level_too_many"),
    ("q3.bottleneck_pixels", 16, "bottleneck_side_instead_of_area"),
    ("q3.bottleneck_pixels", 262144, "bottleneck_channels_counted"),
    ("q3.bottleneck_shape", [32, 32], "bottleneck_one_level_too_few"),
    ("q3.bottleneck_shape", [8, 8], "bottleneck_one_level_too_many"),
    ("q3.second_level_parameters", 73856, "double_first_conv_only"),
    ("q3.second_level_parameters", 147584, "double_second_conv_only"),
    ("q3.second_level_parameters", 295168, "double_both_see_the_new_width"),
    ("q3.second_level_parameters", 147712, "double_both_see_the_old_width"),
    ("q3.second_level_parameters", 221184, "double_bias_forgotten"),
    ("q3.second_level_parameters", 2560, "double_input_channels_forgotten"),
    ("q3.second_level_parameters", 885248, "double_of_the_level_below"),
    ("q4.third_layer_input_maps", 128, "maps_of_the_previous_layer_only"),
    ("q4.third_layer_input_maps", 448, "maps_of_its_own_included_widths_doubling"),
    ("q4.third_layer_input_maps", 128, "maps_added_as_in_resnet"),
    ("q4.third_layer_output_channels", 24, "block_growth_rate_alone"),
    ("q4.third_layer_output_channels", 80, "block_one_layer_short"),
    ("q4.third_layer_output_channels", 72, "block_input_forgotten"),
]


@pytest.mark.parametrize(("key", "value", "name"), SHEET, ids=[f"{key}={value}-{name}" for key, value, name in SHEET])
def test_a_known_wrong_value_comes_of_its_entry(key, value, name):
    stem = next(stem for stem in STEMS if name in {entry.name for entry in CATALOGUE[stem]})
    entry = next(entry for entry in CATALOGUE[stem] if entry.name == name)
    came = NUMBERS[key].recipe(REFERENCE.replacing({(stem, entry.replaces): entry.wrong}))
    assert (list(came) if isinstance(came, tuple) else came) == value != RIGHT[key]
