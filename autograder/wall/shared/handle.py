"""What a marker may ask of a ``torch.nn.Module``, in numpy arrays: outputs, parameters, gradients.

It runs beside the module, behind the wall or in a student's own checkout (students get a copy of this file with their
tests), so that the same test asks the same things in both.
"""

from __future__ import annotations

import numpy as np
import torch


class ModuleHandle:
    """A module to be asked. Arrays go in and come out; nothing of torch's does."""

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
        names = [name for name, _ in self._module.named_parameters()]
        parameters = list(self._module.parameters())
        image = torch.from_numpy(np.array(x)).requires_grad_()
        value = (self._module(image) * torch.from_numpy(np.array(cotangent))).sum()
        into_input, *into_weights = torch.autograd.grad(
            value, [image, *parameters], allow_unused=True, materialize_grads=True
        )
        return into_input.numpy(), {name: grad.numpy() for name, grad in zip(names, into_weights, strict=True)}
