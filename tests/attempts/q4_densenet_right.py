"""Right answers to question 4 that are built in other ways than the reference."""

import torch
from torch import nn
from torch.nn import functional
from torch.utils import checkpoint

from autograder.course.author import right
from solutions import q4_densenet as known


@right("densenet_parameters")
def as_a_whole_float(*args, **kwargs):
    return float(known.densenet_parameters(*args, **kwargs))


def inputs_of(in_channels, growth_rate, num_layers):
    if min(in_channels, growth_rate, num_layers) < 1:
        raise ValueError("sizes below 1")
    return [in_channels + number * growth_rate for number in range(num_layers)]


class DenseLayer(nn.Module):
    """The convolution is registered before the normalisation."""

    def __init__(self, channels, growth_rate):
        super().__init__()
        self.conv = nn.Conv2d(channels, growth_rate, kernel_size=3, padding=1, bias=False)
        self.relu = nn.ReLU(inplace=True)
        self.norm = nn.BatchNorm2d(channels)

    def forward(self, inputs):
        return self.conv(self.relu(self.norm(torch.cat(inputs, 1))))


@right("DenseBlock")
class ListOfFeatures(nn.ModuleDict):
    """A dict of layers, made from the last to the first, as torchvision keeps a list of features."""

    def __init__(self, in_channels, growth_rate, num_layers):
        super().__init__()
        inputs = inputs_of(in_channels, growth_rate, num_layers)
        for number in reversed(range(num_layers)):
            self[f"denselayer{number}"] = DenseLayer(inputs[number], growth_rate)

    def forward(self, x):
        features = [x]
        for number in range(len(self)):
            features.append(self[f"denselayer{number}"](features))
        return torch.cat(features, 1)


@right("DenseBlock")
class ConvolutionsFirst(nn.Module):
    """All convolutions, then all normalisations, both from the last to the first; layers are checkpointed."""

    reentrant = False

    def __init__(self, in_channels, growth_rate, num_layers):
        super().__init__()
        inputs = inputs_of(in_channels, growth_rate, num_layers)[::-1]
        self.convs = nn.ModuleList(nn.Conv2d(channels, growth_rate, 3, 1, 1, bias=False) for channels in inputs)
        self.norms = nn.ModuleList(nn.BatchNorm2d(channels) for channels in inputs)

    def forward(self, x):
        for norm, conv in list(zip(self.norms, self.convs, strict=False))[::-1]:
            x = torch.cat([x, self.layer(conv, norm(x))], 1)
        return x

    def layer(self, conv, x):
        return checkpoint.checkpoint(lambda x: conv(x.relu()), x, use_reentrant=self.reentrant)


class _Reentrant(ConvolutionsFirst.made):
    reentrant = True


REENTRANT = right("DenseBlock")(_Reentrant)


@right("DenseBlock")
class BareParameters(nn.Module):
    """Functions of torch with bare parameters and buffers; shifts before scales, by keyword."""

    def __init__(self, in_channels, growth_rate, num_layers):
        super().__init__()
        inputs = inputs_of(in_channels, growth_rate, num_layers)
        self.shifts = nn.ParameterList(nn.Parameter(torch.zeros(channels)) for channels in reversed(inputs))
        self.weights = nn.ParameterList(nn.Parameter(torch.randn(growth_rate, channels, 3, 3)) for channels in inputs)
        self.scales = nn.ParameterList(nn.Parameter(torch.ones(channels)) for channels in inputs)
        for number, channels in enumerate(inputs):
            self.register_buffer(f"mean{number}", torch.zeros(channels))
            self.register_buffer(f"var{number}", torch.ones(channels))

    def forward(self, x):
        for number, (shift, scale, weight) in enumerate(
            zip(list(self.shifts)[::-1], self.scales, self.weights, strict=False)
        ):
            mean, var = getattr(self, f"mean{number}"), getattr(self, f"var{number}")
            normal = functional.batch_norm(x, mean, var, bias=shift, weight=scale, training=self.training)
            x = torch.cat([x, functional.conv2d(functional.relu(normal), weight, padding=1)], dim=1)
        return x


@right("DenseBlock")
class ByHand(nn.Module):
    """Batch normalisation written out."""

    def __init__(self, in_channels, growth_rate, num_layers):
        super().__init__()
        self.number = num_layers
        for number, channels in enumerate(inputs_of(in_channels, growth_rate, num_layers)):
            self.register_parameter(f"beta{number}", nn.Parameter(torch.zeros(channels)))
            self.register_parameter(f"gamma{number}", nn.Parameter(torch.ones(channels)))
            self.register_buffer(f"moments{number}", torch.stack([torch.zeros(channels), torch.ones(channels)]))
            self.register_buffer(f"mean{number}", torch.zeros(1, channels, 1, 1))
            self.register_buffer(f"var{number}", torch.ones(1, channels, 1, 1))
            setattr(self, f"conv{number}", nn.Conv2d(channels, growth_rate, 3, padding="same", bias=False))

    def normalised(self, x, number):
        mean, var = getattr(self, f"mean{number}"), getattr(self, f"var{number}")
        if self.training:
            count = x.numel() / x.shape[1]
            now = x.mean((0, 2, 3), keepdim=True), x.var((0, 2, 3), unbiased=False, keepdim=True)
            with torch.no_grad():
                mean.mul_(0.9).add_(0.1 * now[0])
                var.mul_(0.9).add_(0.1 * now[1] * count / (count - 1))
            mean, var = now
        scale, shift = (getattr(self, f"{name}{number}").view(1, -1, 1, 1) for name in ("gamma", "beta"))
        return (x - mean) / torch.sqrt(var + 1e-5) * scale + shift

    def forward(self, x):
        for number in range(self.number):
            x = torch.cat([x, getattr(self, f"conv{number}")(self.normalised(x, number).clamp(min=0))], dim=1)
        return x


@right("DenseBlock")
class Recursive(nn.Module):
    """The last layer, with the block of all layers before it."""

    def __init__(self, in_channels, growth_rate, num_layers):
        super().__init__()
        channels = inputs_of(in_channels, growth_rate, num_layers)[-1]
        self.layer = nn.Sequential(
            nn.BatchNorm2d(channels), nn.ReLU(), nn.Conv2d(channels, growth_rate, 3, 1, 1, bias=False)
        )
        self.before = Recursive.made(in_channels, growth_rate, num_layers - 1) if num_layers > 1 else nn.Identity()

    def forward(self, x):
        x = self.before(x)
        return torch.cat([x, self.layer(x)], dim=1)


@right("DenseBlock")
class StatisticsOfALayerTogether(BareParameters.made):
    """The running mean and variance of a layer are the two rows of one buffer."""

    def __init__(self, in_channels, growth_rate, num_layers):
        super().__init__(in_channels, growth_rate, num_layers)
        for number in range(num_layers):
            mean, var = self._buffers.pop(f"mean{number}"), self._buffers.pop(f"var{number}")
            self.register_buffer(f"both{number}", torch.stack([mean, var]))

    def __getattr__(self, name):
        if name.startswith(("mean", "var")):
            return getattr(self, f"both{name.lstrip('meanvr')}")[0 if name[0] == "m" else 1]
        return super().__getattr__(name)


@right("DenseBlock")
class StatisticsOncePerChannel(nn.Module):
    """A channel has the same statistics in whichever layer sees it: they are kept once."""

    def __init__(self, in_channels, growth_rate, num_layers):
        super().__init__()
        inputs = inputs_of(in_channels, growth_rate, num_layers)
        self.shifts = nn.ParameterList(torch.zeros(channels) for channels in inputs)
        self.scales = nn.ParameterList(torch.ones(channels) for channels in inputs)
        self.convs = nn.ModuleList(nn.Conv2d(channels, growth_rate, 3, padding=1, bias=False) for channels in inputs)
        self.register_buffer("mean", torch.zeros(inputs[-1]))
        self.register_buffer("var", torch.ones(inputs[-1]))

    def forward(self, x):
        known = 0
        for scale, shift, conv in zip(self.scales, self.shifts, self.convs, strict=True):
            new = slice(known, known := x.shape[1])
            if self.training:  # of the new channels alone: this passes by those that an earlier layer has seen
                functional.batch_norm(x[:, new], self.mean[new], self.var[new], training=True)
                normal = functional.batch_norm(x, None, None, scale, shift, training=True)
            else:
                normal = functional.batch_norm(x, self.mean[:known], self.var[:known], scale, shift)
            x = torch.cat([x, conv(normal.relu())], dim=1)
        return x
