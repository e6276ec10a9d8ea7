"""What a marker may ask of a ``torch.nn.Module``, in numpy arrays: outputs, parameters, gradients.

It runs beside the module, behind the wall or in a student's own checkout (students get a copy of this file with their
tests), so that the same test asks the same things in both.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import numpy as np
import torch
from torch.overrides import TorchFunctionMode

SMALL = 1 << 14  # values of an input: oneDNN would need longer to compile a convolution of its shape than torch's own take
_onednn, _set_onednn = torch._C._get_mkldnn_enabled, torch._C._set_mkldnn_enabled


class ModuleHandle:
    """A module that is called with arrays and answers with arrays: no torch object goes in or comes out."""

    def __init__(self, module: torch.nn.Module):
        self._module = module

    def __call__(self, x: np.ndarray) -> np.ndarray:
        """The output for an input whose first axis is the batch; no gradient is kept."""
        return self.forward(x)[0]

    def forward(self, x: np.ndarray) -> tuple[np.ndarray, bool]:
        """The output for an input, and whether the input was left as it was."""
        tensor = torch.from_numpy(np.array(x))
        with torch.no_grad(), _quickly(tensor):
            output = self._module(tensor).detach().numpy()  # a module may turn gradients on for itself
        return output, bool(np.array_equal(tensor.numpy(), x))

    def train(self) -> None:
        self._module.train()

    def eval(self) -> None:
        self._module.eval()

    def double(self) -> None:
        """Turn every parameter and buffer into double precision."""
        torch.nn.Module.double(self._module)  # a network's own method of that name may be another thing

    def shapes(self) -> dict[str, tuple[int, ...]]:
        """The shape of every learnable array by name, in the order of registration: for networks too large to be sent."""
        return {name: tuple(tensor.shape) for name, tensor in self._module.named_parameters()}

    def parameters(self) -> dict[str, np.ndarray]:
        """Every learnable array by name, in the order of registration."""
        return {name: tensor.detach().numpy() for name, tensor in self._module.named_parameters()}

    def buffers(self) -> dict[str, np.ndarray]:
        """Every array that is kept but not learnt, such as running statistics."""
        return {name: tensor.detach().numpy() for name, tensor in self._module.named_buffers()}

    def load(self, arrays: dict[str, np.ndarray]) -> None:
        """Copy arrays into the parameters and buffers of those names, along axes of size 1 as often as they have room.

        Raises KeyError and, for a shape that does not fit, RuntimeError.
        """
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
        with _quickly(image):
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
        before = {name: buffer.clone() for name, buffer in self._module.named_buffers()}
        names = {id(parameter): name for name, parameter in self._module.named_parameters()}
        image = torch.from_numpy(np.array(x)).requires_grad_()
        watch = _Uses()
        with torch.enable_grad(), _quickly(image):
            with watch:
                output = self._module(image.clone())
            ids = list(_met(output, image))
        for name, buffer in self._module.named_buffers():  # they may be other tensors than before
            buffer.data.copy_(before.get(name, buffer))
        # The graph alone knows when a weight meets the image; calls know of what it does not reach.
        met = [id for id in ids if id in names]
        called = [id for id in watch.seen if id in names]
        first, then = (met, called) if set(called) <= set(met) else (called, met)
        return [names[id] for id in dict.fromkeys([*first, *then])]


@contextmanager
def _quickly(x: torch.Tensor) -> Iterator[None]:
    """By the convolutions that are the quicker ones for an input whose shape comes but a few times.

    The marker's own networks are asked through this file too, so that both round alike.
    """
    before = _onednn()
    _set_onednn(x.numel() > SMALL)
    try:
        yield
    finally:
        _set_onednn(before)


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


def _met(output: Any, image: torch.Tensor) -> Iterator[int]:
    """Ids of the tensors that an output was computed from, in the order in which each is first joined with the image.

    The graph of its gradient tells: what a module does to its weights beforehand, all at once, is no use of them yet. It also
    shows what runs outside Python, such as a scripted module.
    """
    after: dict[Any, bool] = {}  # whether the image is among what a step was computed from
    ahead = [getattr(output, "grad_fn", None)]
    while ahead:
        node = ahead[-1]
        earlier = [] if node is None or node in after else [step for step, _ in node.next_functions if step is not None]
        ahead += (missing := [step for step in earlier if step not in after])
        if not missing:
            ahead.pop()
            if node is not None and node not in after:
                after[node] = getattr(node, "variable", None) is image or any(after[step] for step in earlier)
    seen: set[Any] = set()
    for node in sorted((step for step in after if after[step]), key=lambda step: getattr(step, "_sequence_nr", int)()):
        beside = [step for step, _ in reversed(node.next_functions) if step is not None and not after[step]]
        while beside:
            step = beside.pop()
            if step not in seen:
                seen.add(step)
                if hasattr(step, "variable"):
                    yield id(step.variable)
                beside += [one for one, _ in reversed(step.next_functions) if one is not None]
