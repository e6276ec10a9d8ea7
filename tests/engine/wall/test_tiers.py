"""How strong the wall may be here: each tier, strongest first, with its layers or the reason why not."""

import sys

from autograder.model import Tier
from autograder.wall import layers, tiers
from autograder.wall.tiers import Layers


def test_without_a_linux_kernel_there_is_the_weakest_tier_and_why(monkeypatch):
    monkeypatch.setattr(sys, "platform", "darwin")
    ((found, why),) = tiers.candidates()
    assert found.tier is Tier.E and "namespaces" not in found.names and "no Linux kernel" in why


def test_every_tier_is_there_in_order_with_its_layers_or_a_reason(monkeypatch):
    refused = {Tier.A: "needs root", Tier.C: "needs root"}
    monkeypatch.setattr(sys, "platform", "linux")
    monkeypatch.setattr(layers, "refused", lambda tier: refused.get(tier, ""))
    monkeypatch.setattr(layers, "standing", lambda tier: (f"layer of {tier.value}",))
    assert tiers.candidates() == [
        (None, "needs root"),
        (Layers(Tier.B, ("layer of B",)), ""),
        (None, "needs root"),
        (Layers(Tier.D, ("layer of D",)), ""),
        (Layers(Tier.E, ("layer of E",)), ""),
    ]
