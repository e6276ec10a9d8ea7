"""Wrong answers that people give to question 4: the channels and parameters of dense blocks and whole DenseNets.

A module for each asked function, a table in each. This one holds where the ideas were met, and the pieces of a dense layer.
"""

NORM = "https://docs.pytorch.org/docs/stable/generated/torch.nn.BatchNorm2d.html"
MODULES = "https://docs.pytorch.org/docs/stable/generated/torch.nn.ModuleList.html"
DENSENET = "Huang, Liu, van der Maaten and Weinberger, Densely Connected Convolutional Networks, arXiv:1608.06993"
RESNET = "He, Zhang, Ren and Sun, Deep Residual Learning for Image Recognition, arXiv:1512.03385"
PREACTIVATION = "He, Zhang, Ren and Sun, Identity Mappings in Deep Residual Networks, arXiv:1603.05027"

# A dense layer that sees c maps and makes k.
LAYERS = {"plain": "2·c + 9·c·k", "narrowed": "2·c + 4·c·k + 8·k + 36·k·k"}


def layers(in_channels, growth_rate, num_layers, bottleneck=False):
    """The layers of a block, plain ones or ones narrowed by a bottleneck. ``last`` is whether one is the block's last."""
    for layer in range(num_layers):
        letters = {"c": in_channels + layer * growth_rate, "k": growth_rate, "last": layer == num_layers - 1}
        yield "narrowed" if bottleneck else "plain", letters
