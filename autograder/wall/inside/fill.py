"""The random weights that a large layer begins with: drawn once up to a bound, then repeated.

A network of a paper's size has tens of millions of weights, which the marker replaces with its own. Drawing them took longer
than anything else that such a network is asked.
"""

from __future__ import annotations

from typing import Any

import torch
from torch.nn import init

DRAWN = 65_521  # a prime: no row of a weight begins where another does, so no two units of a layer are the same


def repeat() -> None:
    """Replace ``torch.nn.init.kaiming_uniform_``, with which torch's linear layers and convolutions begin."""
    original = init.kaiming_uniform_

    def kaiming_uniform_(tensor: torch.Tensor, *args: Any, **kwargs: Any) -> torch.Tensor:
        times = tensor.numel() // DRAWN
        as_layers_do = not args and kwargs.keys() <= {"a"}
        if times < 2 or tensor.ndim < 2 or not as_layers_do or not tensor.is_contiguous():
            return original(tensor, *args, **kwargs)
        with torch.no_grad():
            # The bound of the values depends on the size of a row alone, so the first rows get the values of the whole.
            original(tensor[: -(-DRAWN // tensor[0].numel())], **kwargs)
            values = tensor.view(-1)
            repeated, rest = values[: times * DRAWN].view(times, DRAWN), values[times * DRAWN :]
            repeated[1:] = repeated[0]
            rest.copy_(repeated[0, : len(rest)])
        return tensor

    init.kaiming_uniform_ = kaiming_uniform_
