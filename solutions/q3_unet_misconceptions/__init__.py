"""Wrong answers that people give to question 3: the U-Net's sizes and parameters.

A module for each asked function, a table in each. This one holds where the ideas were met.
"""

CONV = "https://docs.pytorch.org/docs/stable/generated/torch.nn.Conv2d.html"
TRANSPOSED = "https://docs.pytorch.org/docs/stable/generated/torch.nn.ConvTranspose2d.html"
NORM = "https://docs.pytorch.org/docs/stable/generated/torch.nn.BatchNorm2d.html"
LOSS = "https://docs.pytorch.org/docs/stable/generated/torch.nn.CrossEntropyLoss.html"
SIGMOID_LOSS = "https://docs.pytorch.org/docs/stable/generated/torch.nn.BCEWithLogitsLoss.html"
DETACH = "https://docs.pytorch.org/docs/stable/generated/torch.Tensor.detach.html"
MODULES = "https://docs.pytorch.org/docs/stable/generated/torch.nn.ModuleList.html"
CS231N = "https://cs231n.github.io/convolutional-networks/"
UNET = "Ronneberger, Fischer and Brox, U-Net: Convolutional Networks for Biomedical Image Segmentation, arXiv:1505.04597"
CHECKERBOARD = "https://distill.pub/2016/deconv-checkerboard/"


def pair(value):
    return tuple(value) if isinstance(value, tuple | list) else (value, value)
