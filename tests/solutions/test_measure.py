"""What measures the witnesses, on modules whose measures are known by hand."""

from __future__ import annotations

import copy

import pytest
import torch
from torch import nn

from solutions.measure import output_shape, parameter_count, receptive_field


def test_parameters_are_counted():
    assert parameter_count(nn.Linear(100, 5)) == 505
    assert parameter_count(nn.Conv2d(3, 16, 5)) == 1216
    assert parameter_count(nn.Sequential(nn.ReLU(), nn.MaxPool2d(2))) == 0


def test_running_statistics_are_no_parameters():
    assert parameter_count(nn.BatchNorm2d(7)) == 14


def test_a_shared_layer_counts_once():
    shared = nn.Linear(4, 4)
    assert parameter_count(nn.Sequential(shared, nn.ReLU(), shared)) == 20


def test_output_shape_has_no_batch():
    assert output_shape(nn.Conv2d(3, 16, 5, padding=2), (3, 128, 128)) == (16, 128, 128)
    assert output_shape(nn.Sequential(nn.Flatten(), nn.Linear(12, 5)), (3, 2, 2)) == (5,)


@pytest.mark.parametrize("device", ["cpu", "meta"])
def test_output_shape_leaves_the_module_where_it_is(device):
    module = nn.Conv2d(1, 2, 3, device=device)
    assert output_shape(module, (1, 8, 8)) == (2, 6, 6)
    assert module.weight.device.type == device


def test_output_shape_is_refused_where_torch_refuses():
    with pytest.raises(RuntimeError):
        output_shape(nn.Conv2d(1, 1, 9), (1, 8, 8))


@pytest.mark.parametrize(
    ("module", "field"),
    [
        (nn.Sequential(nn.Conv2d(1, 1, 1)), (1, 1)),
        (nn.Sequential(nn.Conv2d(1, 1, (5, 3))), (5, 3)),
        (nn.Sequential(nn.Conv2d(1, 1, 3), nn.ReLU(), nn.Conv2d(1, 1, 3)), (5, 5)),
        (nn.Sequential(nn.Conv2d(1, 1, 3, stride=2), nn.Conv2d(1, 1, 3)), (7, 7)),
        (nn.Sequential(nn.Conv2d(1, 4, 3), nn.BatchNorm2d(4), nn.Conv2d(4, 2, 3, groups=2)), (5, 5)),
        (nn.Sequential(nn.MaxPool2d((2, 3))), (2, 3)),
        (nn.Sequential(nn.MaxPool2d(2), nn.Sequential(nn.MaxPool2d(2))), (4, 4)),
        (nn.Sequential(nn.AvgPool2d(3, stride=1, padding=1)), (3, 3)),
        (nn.Sequential(nn.MaxPool2d(3, stride=2, ceil_mode=True), nn.Conv2d(1, 1, 3)), (7, 7)),
    ],
    ids=str,
)
def test_receptive_field_by_hand(module, field):
    assert receptive_field(module, (1, 41, 41)) == field


def test_nothing_cancels_where_weights_do():
    """A kernel of 1 and -1 with a ReLU that shuts: the window is what can reach the output, not what does."""
    module = nn.Sequential(nn.Conv2d(1, 1, 3), nn.ReLU(), nn.Conv2d(1, 1, 3))
    with torch.no_grad():
        for parameter in module.parameters():
            parameter.copy_(torch.linspace(-1, 0, parameter.numel()).reshape(parameter.shape))
    assert receptive_field(module, (1, 21, 21)) == (5, 5)


def test_receptive_field_sees_every_channel():
    assert receptive_field(nn.Sequential(nn.Conv2d(3, 4, 3)), (3, 15, 15)) == (3, 3)


def test_receptive_field_leaves_the_module_as_it_was():
    module = nn.Sequential(nn.Conv2d(1, 1, 3), nn.MaxPool2d(2))
    before = copy.deepcopy(module.state_dict())
    receptive_field(module, (1, 16, 16))
    assert module.training and isinstance(module[1], nn.MaxPool2d)
    for name, value in module.state_dict().items():
        assert value.dtype == torch.float32
        torch.testing.assert_close(value, before[name], rtol=0, atol=0)
