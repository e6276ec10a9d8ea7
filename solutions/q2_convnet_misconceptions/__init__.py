"""Wrong answers that people give to question 2: output sizes, parameters and receptive fields of a plain network.

A module for each asked function, a table in each. This one holds where the ideas were met, and what the tables over ``layers``
share.
"""

from __future__ import annotations

CONV = "https://docs.pytorch.org/docs/stable/generated/torch.nn.Conv2d.html"
POOL = "https://docs.pytorch.org/docs/stable/generated/torch.nn.MaxPool2d.html"
NORM = "https://docs.pytorch.org/docs/stable/generated/torch.nn.BatchNorm2d.html"
LOSS = "https://docs.pytorch.org/docs/stable/generated/torch.nn.CrossEntropyLoss.html"
FLATTEN = "https://docs.pytorch.org/docs/stable/generated/torch.flatten.html"
MODULES = "https://docs.pytorch.org/docs/stable/generated/torch.nn.ModuleList.html"
TRANSPOSED = "https://docs.pytorch.org/docs/stable/generated/torch.nn.ConvTranspose2d.html"
CS231N = "https://cs231n.github.io/convolutional-networks/"
ARITHMETIC = "Dumoulin and Visin, A guide to convolution arithmetic for deep learning, arXiv:1603.07285"
FIELDS = "https://distill.pub/2019/computing-receptive-fields/"
NETWORK_IN_NETWORK = "Lin, Chen and Yan, Network In Network, arXiv:1312.4400"

POOLS, NORMS = ("maxpool", "avgpool"), ("batchnorm",)


def pair(value):
    return tuple(value) if isinstance(value, tuple | list) else (value, value)


def without(kinds):
    """Rewrites layers: those of ``kinds`` are left out."""
    return lambda layers: [layer for layer in layers if layer["kind"] not in kinds]


def last_pooling(layers):
    """The index of the last pooling layer, the number of layers where there is none."""
    return max((index for index, layer in enumerate(layers) if layer["kind"] in POOLS), default=len(layers))
