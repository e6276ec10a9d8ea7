"""The shapes of a module's weights, without the weights: for a network that is too large to be made and sent."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import torch


def shapes(make: Callable[..., Any], *args: Any, **kwargs: Any) -> list[list[int]]:
    """The shape of each parameter of ``make(*args, **kwargs)``, sorted.

    It is made on torch's meta device, which neither sets memory aside nor draws; what cannot be made there is made as usual.
    Raises what making it raises, and TypeError where it is no module.
    """
    try:
        with torch.device("meta"):
            module = make(*args, **kwargs)
    except Exception:
        module = make(*args, **kwargs)
    if not isinstance(module, torch.nn.Module):
        raise TypeError(f"{type(module).__name__} is no torch.nn.Module")
    return sorted([int(size) for size in parameter.shape] for parameter in module.parameters())
