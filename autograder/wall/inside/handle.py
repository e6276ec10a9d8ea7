"""What a marker may ask of a ``torch.nn.Module``, in terms of numpy arrays. Provisional."""

from __future__ import annotations

import numpy as np
import torch


class ModuleHandle:
    def __init__(self, module):
        self._module = module

    def __call__(self, x):
        with torch.no_grad():
            return self._module(torch.from_numpy(np.asarray(x))).numpy()

    def train(self):
        self._module.train()

    def eval(self):
        self._module.eval()

    def double(self):
        self._module.double()

    def parameters(self):
        return {n: p.detach().numpy() for n, p in self._module.named_parameters()}

    def buffers(self):
        return {n: p.detach().numpy() for n, p in self._module.named_buffers()}

    def load(self, arrays):
        named = dict(self._module.named_parameters()) | dict(self._module.named_buffers())
        with torch.no_grad():
            for n, a in arrays.items():
                named[n].copy_(torch.from_numpy(np.asarray(a)))

    def gradients(self, x, cotangent):
        t = torch.from_numpy(np.asarray(x)).requires_grad_()
        names, params = zip(*self._module.named_parameters())
        out = (self._module(t) * torch.from_numpy(np.asarray(cotangent))).sum()
        gx, *gp = torch.autograd.grad(out, [t, *params], allow_unused=True)
        return gx.numpy(), {n: g.numpy() for n, g in zip(names, gp) if g is not None}
