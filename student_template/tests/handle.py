"""What a marker may ask of a ``torch.nn.Module``, in numpy arrays: outputs, parameters, gradients.

It runs beside the module, behind the wall or in a student's own checkout (students get a copy of this file with their
tests), so that the same test asks the same things in both.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Any

import numpy as np
import torch
from torch.overrides import TorchFunctionMode


class ModuleHandle:
    """A module that is called with arrays and answers with arrays: no torch object goes in or comes out."""

    def __init__(self, module: torch.nn.Module):
        self._module = module

    def __call__(self, x: np.ndarray) -> np.ndarray:
        """The output for an input whose first axis is the batch; no gradient is kept."""
        with torch.no_grad():
            return self._module(torch.from_numpy(np.array(x))).numpy()

    def train(self) -> None:
        self._module.train()

    def eval(self) -> None:
        self._module.eval()

    def double(self) -> None:
        """Turn every parameter and buffer into double precision."""
        self._module.double()

    def parameters(self) -> dict[str, np.ndarray]:
        """Every learnable array by name, in the order of registration."""
        return {name: tensor.detach().numpy() for name, tensor in self._module.named_parameters()}

    def buffers(self) -> dict[str, np.ndarray]:
        """Every array that is kept but not learnt, such as running statistics."""
        return {name: tensor.detach().numpy() for name, tensor in self._module.named_buffers()}

    def load(self, arrays: dict[str, np.ndarray]) -> None:
        """Copy arrays into the parameters and buffers of those names. Raises KeyError and, for a shape, RuntimeError."""
        named = dict(self._module.named_parameters()) | dict(self._module.named_buffers())
        with torch.no_grad():
            for name, array in arrays.items():
                named[name].copy_(torch.from_numpy(np.require(array, requirements="W")))

    def gradients(self, x: np.ndarray, cotangent: np.ndarray) -> tuple[np.ndarray, dict[str, np.ndarray]]:
        """Gradients of ``(output * cotangent).sum()``: into the input, and into each parameter by name.

        A parameter that does not reach the output has a gradient of zeros.
        """
        named = dict(self._module.named_parameters())
        image = torch.from_numpy(np.array(x)).requires_grad_()
        wanted = [image, *named.values()]
        try:
            gradients: Sequence[torch.Tensor | None] = torch.autograd.grad(
                self._valued(image, cotangent), wanted, allow_unused=True
            )
        except RuntimeError:  # a reentrant checkpoint knows backward() alone
            self._module.zero_grad()
            self._valued(image, cotangent).backward()
            gradients = [tensor.grad for tensor in wanted]
            self._module.zero_grad()
        arrays = [
            np.zeros(tuple(tensor.shape), tensor.detach().numpy().dtype) if grad is None else grad.numpy()
            for tensor, grad in zip(wanted, gradients, strict=True)
        ]
        return arrays[0], dict(zip(named, arrays[1:], strict=True))

    def _valued(self, image: torch.Tensor, cotangent: np.ndarray) -> torch.Tensor:
        # The module is given a copy: one that changes its input in place may do so, as in a network's middle.
        return (self._module(image.clone()) * torch.from_numpy(np.array(cotangent))).sum()

    def order_of_use(self, x: np.ndarray) -> list[str]:
        """Names of the parameters in the order in which a forward pass first uses each; unused ones are left out.

        The pass leaves running statistics as they were.
        """
        before = [(buffer, buffer.clone()) for buffer in self._module.buffers()]
        names = {id(parameter): name for name, parameter in self._module.named_parameters()}
        watch = _Uses()
        with torch.enable_grad():
            with watch:
                output = self._module(torch.from_numpy(np.array(x)))
            ids = [*watch.seen, *_leaves(output)]
        with torch.no_grad():
            for buffer, was in before:
                buffer.copy_(was)
        return [names[id] for id in dict.fromkeys(ids) if id in names]

    def leaves_input(self, x: np.ndarray) -> bool:
        """Whether a forward pass leaves its input as it was."""
        tensor = torch.from_numpy(np.array(x))
        with torch.no_grad():
            self._module(tensor)
        return bool(np.array_equal(tensor.numpy(), x))


class _Uses(TorchFunctionMode):
    """Notes the parameters that torch's functions are called with, by id, in the order of the calls."""

    def __init__(self) -> None:
        super().__init__()
        self.seen: dict[int, None] = {}

    def __torch_function__(self, function: Callable, types: Any, args: tuple = (), kwargs: dict | None = None) -> Any:
        kwargs = kwargs or {}
        value = function(*args, **kwargs)
        if isinstance(value, (torch.Tensor, tuple, list)) and not isinstance(value, torch.Size):
            # By keyword, a weight counts before its bias.
            self._note([*args, *(kwargs[name] for name in sorted(kwargs, reverse=True))])
        return value

    def _note(self, values: Any) -> None:
        for value in values:
            if isinstance(value, torch.nn.Parameter):
                self.seen.setdefault(id(value))
            elif isinstance(value, (tuple, list)):
                self._note(value)


def _leaves(output: Any) -> Iterator[int]:
    """Ids of the tensors that an output was computed from, by the graph of its gradient, first used first.

    It also shows what runs outside Python, such as a scripted module.
    """
    leaves, ahead, known = [], [getattr(output, "grad_fn", None)], set()
    while ahead:
        node = ahead.pop()
        if node is None or node in known:
            continue
        known.add(node)
        for place, (earlier, _) in enumerate(node.next_functions):
            if hasattr(earlier, "variable"):
                leaves.append((getattr(node, "_sequence_nr", int)(), place, id(earlier.variable)))
            ahead.append(earlier)
    yield from (leaf for _, _, leaf in sorted(leaves))
