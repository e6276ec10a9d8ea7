"""What large layers begin with behind the wall: values as torch's own, though not all of them are drawn."""

import math

import pytest
import torch
from torch import nn
from torch.nn import init

from autograder.wall.inside import fill


@pytest.fixture
def repeating(monkeypatch):
    monkeypatch.setattr(init, "kaiming_uniform_", init.kaiming_uniform_)  # put back afterwards
    fill.repeat()


@pytest.mark.parametrize(
    "make",
    [
        lambda: nn.Linear(1024, 1024),
        lambda: nn.Linear(fill.DRAWN, 3),  # no values are left over
        lambda: nn.Conv2d(512, 256, 3),
        lambda: nn.ConvTranspose2d(512, 256, 2),
        lambda: nn.Linear(1000, 500).double(),
    ],
)
def test_a_large_layer_has_the_bound_the_mean_and_the_spread_of_torchs(make, repeating):
    weight = make().weight.detach()
    bound = 1 / math.sqrt(weight[0].numel())
    assert weight.abs().max() <= bound and weight.abs().max() > 0.999 * bound
    assert weight.mean().abs() < 0.02 * bound
    assert torch.isclose(weight.std(), torch.tensor(bound / math.sqrt(3), dtype=weight.dtype), rtol=0.02)


@pytest.mark.parametrize("shape", [(1024, 1024), (fill.DRAWN, 4), (4096, 64, 3, 3)])
def test_no_two_units_of_a_large_layer_are_the_same(shape, repeating):
    rows = init.kaiming_uniform_(torch.empty(shape)).flatten(1)
    assert len(torch.unique(rows, dim=0)) == len(rows)


@pytest.mark.parametrize(
    "fills",
    [
        lambda: nn.Conv2d(16, 32, 3).weight,
        lambda: init.kaiming_uniform_(torch.empty(512, 512), mode="fan_out"),
        lambda: init.kaiming_uniform_(torch.empty(512, 512).t()),
        lambda: init.xavier_uniform_(torch.empty(512, 512)),
    ],
)
def test_everything_else_is_torchs_own(fills, monkeypatch):
    torch.manual_seed(3)
    own = fills()
    monkeypatch.setattr(init, "kaiming_uniform_", init.kaiming_uniform_)
    fill.repeat()
    torch.manual_seed(3)
    assert torch.equal(fills(), own)
