"""Right networks for question 3 that are built in other ways than the reference."""

import torch
from torch import nn
from torch.nn import functional
from torch.utils import checkpoint

from autograder.course.author import right


def widths_of(in_channels, num_classes, base_channels, levels):
    if min(in_channels, num_classes, base_channels, levels) < 1:
        raise ValueError("sizes below 1")
    return [base_channels * 2**level for level in range(levels + 1)]


def double(into, out, **more):
    return nn.Sequential(
        nn.Conv2d(into, out, 3, padding=1), nn.ReLU(**more), nn.Conv2d(out, out, 3, padding=1), nn.ReLU(**more)
    )


@right("UNet")
class UpPathFirst(nn.Module):
    """Everything registered from the end to the beginning."""

    def __init__(self, in_channels, num_classes, base_channels=64, levels=4):
        super().__init__()
        widths = widths_of(in_channels, num_classes, base_channels, levels)
        self.last = nn.Conv2d(base_channels, num_classes, 1)
        self.up = nn.ModuleList(double(2 * out, out) for out in widths[:-1])
        self.rise = nn.ModuleList(nn.ConvTranspose2d(2 * out, out, 2, 2) for out in widths[:-1])
        self.bottom = double(widths[-2], widths[-1])
        self.down = nn.ModuleList(
            double(into, out) for into, out in list(zip([in_channels, *widths], widths[:-1], strict=False))[::-1]
        )

    def forward(self, x):
        held = []
        for level in reversed(self.down):
            held.append(level(x))
            x = functional.max_pool2d(held[-1], 2)
        x = self.bottom(x)
        for rise, level in zip(reversed(self.rise), reversed(self.up), strict=False):
            x = level(torch.cat((held.pop(), rise(x)), 1))
        return self.last(x)


@right("UNet")
class BareParameters(nn.Module):
    """Functions of torch with bare parameters: first all biases, then all weights, from the bottom to the top."""

    def __init__(self, in_channels, num_classes, base_channels=64, levels=4):
        super().__init__()
        widths = widths_of(in_channels, num_classes, base_channels, levels)
        shapes = {}
        for level, (into, out) in enumerate(zip([in_channels, *widths], widths, strict=False)):
            shapes |= {f"down{level}a": (out, into, 3, 3), f"down{level}b": (out, out, 3, 3)}
        for level, out in enumerate(widths[:-1]):
            shapes |= {
                f"up{level}a": (out, 2 * out, 3, 3),
                f"up{level}b": (out, out, 3, 3),
                f"rise{level}": (2 * out, out, 2, 2),
            }
        shapes["last"] = (num_classes, base_channels, 1, 1)
        names = sorted(shapes, reverse=True)
        outs = {name: shapes[name][name.startswith("rise")] for name in names}
        self.biases = nn.ParameterDict({name: nn.Parameter(torch.zeros(outs[name])) for name in names})
        self.weights = nn.ParameterDict({name: nn.Parameter(torch.randn(shapes[name]) / 9) for name in names})
        self.levels = levels

    def both(self, name, x):
        for one in (f"{name}a", f"{name}b"):
            x = functional.relu(functional.conv2d(x, weight=self.weights[one], bias=self.biases[one], padding=1))
        return x

    def forward(self, x):
        held = []
        for level in range(self.levels):
            held.append(self.both(f"down{level}", x))
            x = functional.max_pool2d(held[-1], 2)
        x = self.both(f"down{self.levels}", x)
        for level in reversed(range(self.levels)):
            raised = functional.conv_transpose2d(x, self.weights[f"rise{level}"], self.biases[f"rise{level}"], stride=2)
            x = self.both(f"up{level}", torch.cat([held.pop(), raised], dim=1))
        return functional.conv2d(x, self.weights["last"], self.biases["last"])


class Nested(nn.Module):
    """A level with all that lies below it."""

    def __init__(self, into, out, levels):
        super().__init__()
        self.decoder = double(2 * out, out, inplace=True)
        self.below = Nested(out, 2 * out, levels - 1) if levels > 1 else double(out, 2 * out, inplace=True)
        self.rise = nn.ConvTranspose2d(2 * out, out, kernel_size=2, stride=2)
        self.encoder = double(into, out, inplace=True)
        self.pool = nn.MaxPool2d(2, ceil_mode=True)

    def forward(self, x):
        skip = self.encoder(x)
        up = self.rise(self.below(self.pool(skip)))
        rows, columns = skip.shape[2] - up.shape[2], skip.shape[3] - up.shape[3]
        up = functional.pad(up, (columns // 2, columns - columns // 2, rows // 2, rows - rows // 2))
        return self.decoder(torch.cat([skip, up], dim=1))


@right("UNet")
class Recursive(nn.Module):
    def __init__(self, in_channels, num_classes, base_channels=64, levels=4):
        super().__init__()
        widths_of(in_channels, num_classes, base_channels, levels)
        self.score = nn.Conv2d(base_channels, num_classes, kernel_size=1)
        self.whole = Nested(in_channels, base_channels, levels)

    def forward(self, x):
        return self.score(self.whole(x))


@right("UNet")
class SecondConvolutionsFirst(nn.Module):
    """A ModuleDict; of each level the second convolution is registered before the first, and the same under two names."""

    def __init__(self, in_channels, num_classes, base_channels=64, levels=4):
        super().__init__()
        widths = widths_of(in_channels, num_classes, base_channels, levels)
        parts = {}
        for level, (into, out) in enumerate(zip([in_channels, *widths], widths, strict=False)):
            parts[f"enc{level}_2"] = nn.Conv2d(out, out, 3, padding=1)
            parts[f"enc{level}_1"] = nn.Conv2d(into, out, 3, padding=1)
        for level, out in enumerate(widths[:-1]):
            parts[f"dec{level}_2"] = nn.Conv2d(out, out, 3, padding=1)
            parts[f"dec{level}_1"] = nn.Conv2d(2 * out, out, 3, padding=1)
            parts[f"rise{level}"] = nn.ConvTranspose2d(2 * out, out, 2, stride=2)
        self.parts = nn.ModuleDict(parts)
        self.bottom = self.parts[f"enc{levels}_1"]
        self.outc = nn.Conv2d(base_channels, num_classes, 1)
        self.levels = levels

    def level(self, name, x):
        return self.parts[f"{name}_2"](self.parts[f"{name}_1"](x).relu_()).relu_()

    def forward(self, x):
        held = {}
        for level in range(self.levels):
            held[level] = self.level(f"enc{level}", x)
            x = functional.max_pool2d(held[level], 2)
        x = self.parts[f"enc{self.levels}_2"](functional.relu(self.bottom(x))).relu()
        for level in sorted(held, reverse=True):
            x = self.level(f"dec{level}", torch.cat([held[level], self.parts[f"rise{level}"](x)], dim=1))
        return self.outc(x)


class Checkpointed(UpPathFirst.made):
    reentrant = False

    def forward(self, x):
        held = []
        for level in reversed(self.down):
            held.append(checkpoint.checkpoint(level, x, use_reentrant=self.reentrant))
            x = functional.max_pool2d(held[-1], 2)
        x = checkpoint.checkpoint(self.bottom, x, use_reentrant=self.reentrant)
        for rise, level in zip(reversed(self.rise), reversed(self.up), strict=False):
            x = checkpoint.checkpoint(level, torch.cat((held.pop(), rise(x)), 1), use_reentrant=self.reentrant)
        return self.last(x)


class CheckpointedAgain(Checkpointed):
    reentrant = True


CHECKPOINTED = [right("UNet")(Checkpointed), right("UNet")(CheckpointedAgain)]


@right("UNet")
class MadeOneByOne(nn.Module):
    """Layers are added by name while the network is drawn from the middle outwards; blocks run outside Python."""

    def __init__(self, in_channels, num_classes, base_channels=64, levels=4):
        super().__init__()
        widths = [in_channels, *widths_of(in_channels, num_classes, base_channels, levels)]
        self.levels = levels
        for level in range(levels, -1, -1):
            self.add_module(f"down_{level}", torch.jit.script(double(widths[level], widths[level + 1])))
            if level < levels:
                self.add_module(f"up_{level}", torch.jit.script(double(2 * widths[level + 1], widths[level + 1])))
                self.add_module(f"rise_{level}", nn.ConvTranspose2d(widths[level + 2], widths[level + 1], 2, 2))
        self.add_module("last", nn.Conv2d(base_channels, num_classes, 1))

    def forward(self, x):
        held = [self.down_0(x)]
        for level in range(1, self.levels + 1):
            held.append(getattr(self, f"down_{level}")(functional.max_pool2d(held[-1], 2)))
        x = held[-1]
        for level in range(self.levels - 1, -1, -1):
            x = getattr(self, f"up_{level}")(torch.cat([held[level], getattr(self, f"rise_{level}")(x)], dim=1))
        return self.last(x)


@right("UNet")
class CastBeforehand(BareParameters.made):
    """Takes all its weights into the images' precision before it uses one; gradients are always on."""

    @torch.enable_grad()
    def forward(self, x):
        self.cast = {name: (1 * self.weights[name].to(x.dtype), 1 * self.biases[name].to(x.dtype)) for name in self.weights}
        held = []
        for level in range(self.levels):
            held.append(self.both(f"down{level}", x))
            x = functional.max_pool2d(held[-1], 2)
        x = self.both(f"down{self.levels}", x)
        for level in reversed(range(self.levels)):
            raised = functional.conv_transpose2d(x, *self.cast[f"rise{level}"], stride=2)
            x = self.both(f"up{level}", torch.cat([held.pop(), raised], dim=1))
        return functional.conv2d(x, *self.cast["last"])

    def both(self, name, x):
        for one in (f"{name}a", f"{name}b"):
            x = functional.conv2d(x, *self.cast[one], padding=1).relu()
        return x


@right("UNet")
class BeginsAtZero(UpPathFirst.made):
    """Its last layer is made of zeros, and a method of its own is called ``double``."""

    def __init__(self, in_channels, num_classes, base_channels=64, levels=4):
        super().__init__(in_channels, num_classes, base_channels, levels)
        self.bottom = self.double(*widths_of(in_channels, num_classes, base_channels, levels)[-2:])
        nn.init.zeros_(self.last.weight)
        nn.init.zeros_(self.last.bias)

    def double(self, into, out):
        return double(into, out)
