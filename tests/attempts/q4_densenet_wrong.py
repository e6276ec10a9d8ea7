"""Wrong answers to question 4 that the hidden suite must not let pass."""

import inspect

import torch
from torch import nn

from autograder.course.author import wrong
from solutions import q4_densenet as right
from tests.attempts import kinds

FUNCTIONS = [right.dense_layer_input_channels, right.dense_block_output_channels, right.dense_block_parameters]
FUNCTIONS += [right.densenet_parameters]
OF_EVERY_KIND = [
    *(one for function in FUNCTIONS for one in kinds.of_function(function)),
    *kinds.accepting(right.dense_layer_input_channels, "in_channels", "growth_rate", "layer"),
    *kinds.accepting(right.dense_block_output_channels, "in_channels", "growth_rate", "num_layers"),
    *kinds.accepting(right.dense_block_parameters, "in_channels", "growth_rate", "num_layers"),
    *kinds.accepting(right.densenet_parameters, "growth_rate", "block_layers", "init_features", "num_classes"),
    *kinds.of_module(right.DenseBlock, default={}, batch_norm=True),
]


def refusing(name, **instead):
    """Takes what is not one of these for one."""

    def call(*args, **kwargs):
        try:
            return right.densenet_parameters(*args, **kwargs)
        except ValueError:
            return right.densenet_parameters(*args[: 4 - len(instead)], **{**kwargs, **instead})

    return kinds.attempts("densenet_parameters", [kinds.named(name, call)])


NOT_REFUSED = [*refusing("other_stems_taken", stem="cifar"), *refusing("any_compression_taken", compression=0.5)]


@wrong("densenet_parameters")
def compression_rounded(
    growth_rate, block_layers, init_features, num_classes=1000, compression=0.5, bottleneck=True, stem="imagenet"
):
    """Kept channels are rounded to the nearest, not cut."""
    value = right.densenet_parameters(growth_rate, block_layers, init_features, num_classes, compression, bottleneck, stem)
    channels = init_features
    for layers in block_layers[:-1]:
        channels += layers * growth_rate
        if round(channels * compression) != int(channels * compression):
            return value + 1
        channels = int(channels * compression)
    return value


# ---- DenseBlock


def altered(name, *, loses=(), norm=None, join=None, new=None):
    """The right block with its normalisations replaced, or what becomes of new maps."""

    class Made(right.DenseBlock):
        def __init__(self, *args):
            super().__init__(*args)
            for layer in self.layers:
                layer[0] = norm(layer[0].num_features) if norm else layer[0]

        def forward(self, x):
            for layer in self.layers:
                made = layer(x)
                made = new(self, made) if new else made
                x = join(x, made) if join else torch.cat([x, made], dim=1)
            return x

    return wrong("DenseBlock", loses=loses)(kinds.named(name, Made))


class _Frozen(nn.BatchNorm2d):
    """Normalises by the statistics that it was made with, in training too."""

    def forward(self, x):
        return nn.functional.batch_norm(x, self.running_mean, self.running_var, self.weight, self.bias)


class _InEvaluationToo(nn.BatchNorm2d):
    """Keeps statistics, and normalises by those of the batch in evaluation as well."""

    def forward(self, x):
        if self.training:
            return super().forward(x)
        return nn.functional.batch_norm(x, None, None, self.weight, self.bias, training=True)


class _Moving(nn.BatchNorm2d):
    """Moves its statistics in evaluation as well."""

    def forward(self, x):
        y = super().forward(x)
        if not self.training:
            self.running_mean.add_(0.1)
        return y


VALUES = ["test_block_outputs", "test_block_evaluation"]
TRACKED = ["test_block_statistics", "test_block_steady", "test_block_evaluation"]
ALTERED = [
    altered("new_maps_in_front", loses=VALUES, join=lambda x, made: torch.cat([made, x], dim=1)),
    altered("eps_of_a_thousandth", loses=VALUES, norm=lambda n: nn.BatchNorm2d(n, eps=1e-3)),
    altered("slow_statistics", loses=["test_block_statistics"], norm=lambda n: nn.BatchNorm2d(n, momentum=0.01)),
    altered("averaged_statistics", loses=["test_block_statistics"], norm=lambda n: nn.BatchNorm2d(n, momentum=None)),
    altered("quick_statistics", loses=["test_block_statistics"], norm=lambda n: nn.BatchNorm2d(n, momentum=0.5)),
    altered("no_statistics", loses=TRACKED, norm=lambda n: nn.BatchNorm2d(n, track_running_stats=False)),
    altered("statistics_not_used", loses=TRACKED, norm=_InEvaluationToo),
    altered("statistics_frozen", norm=_Frozen),
    altered("statistics_moved_in_evaluation", norm=_Moving),
    altered("instances_normalised", norm=lambda n: nn.InstanceNorm2d(n, affine=True)),
    altered("groups_normalised", norm=lambda n: nn.GroupNorm(1, n)),
    altered("no_scale", norm=lambda n: nn.BatchNorm2d(n, affine=False)),
    altered(
        "dropout",
        loses=["test_block_outputs", "test_block_gradients"],
        new=lambda self, y: nn.functional.dropout(y, 0.2, self.training),
    ),
    altered("relu_in_evaluation", new=lambda self, y: y if self.training else y.relu()),
    altered("maps_cut_in_evaluation", new=lambda self, y: y if self.training else y.clamp(-6, 6)),
    altered(
        "maps_detached_in_evaluation",
        loses=["test_block_gradients"],
        new=lambda self, y: y if self.training else y.detach(),
    ),
    altered("maps_detached", loses=["test_block_gradients"], new=lambda self, y: y.detach() if y.requires_grad else y),
]


@wrong("DenseBlock")
class each_layer_sees_its_neighbour(right.DenseBlock):
    """Of what came before, all but the newest maps are blanked."""

    def forward(self, x):
        for layer in self.layers:
            seen = x.clone()
            seen[:, : -self.layers[0][2].out_channels] = 0
            x = torch.cat([x, layer(seen)], dim=1)
        return x


def later(name, norm, *loses):
    """The right block with another normalisation in every layer after the first."""

    class Made(right.DenseBlock):
        def __init__(self, *args):
            super().__init__(*args)
            for layer in self.layers[1:]:
                layer[0] = norm(layer[0].num_features)

    return wrong("DenseBlock", loses=loses)(kinds.named(name, Made))


class _FreshInEvaluation(nn.BatchNorm2d):
    """Keeps statistics, and normalises in evaluation by those it was made with."""

    def forward(self, x):
        if self.training:
            return super().forward(x)
        mean, variance = torch.zeros_like(self.running_mean), torch.ones_like(self.running_var)
        return nn.functional.batch_norm(x, mean, variance, self.weight, self.bias)


@wrong("DenseBlock")
class activations_cut_at_6(right.DenseBlock):
    def __init__(self, *args):
        super().__init__(*args)
        for layer in self.layers:
            layer[1] = nn.ReLU6()


LATER = [
    later("later_statistics_quick", lambda n: nn.BatchNorm2d(n, momentum=0.5), "test_block_statistics"),
    later("later_statistics_averaged", lambda n: nn.BatchNorm2d(n, momentum=None), "test_block_statistics"),
    later("later_statistics_frozen", lambda n: nn.BatchNorm2d(n, momentum=0.0), "test_block_statistics"),
    later("later_statistics_not_used", _FreshInEvaluation, "test_block_statistics"),
]


def block(name, run, *loses):
    """The right block whose forward pass is ``run(self, x, right)``; ``self.made_with`` are its three arguments."""

    class Made(right.DenseBlock):
        def __init__(self, *args):
            super().__init__(*args)
            self.made_with = args

        def forward(self, x):
            return run(self, x, super().forward)

    return wrong("DenseBlock", loses=loses)(kinds.named(name, Made))


ONLY_SOMETIMES = [
    block("growth_of_1", lambda self, x, run: run(x) * (self.made_with[1] > 1), "test_block_outputs"),
    block("one_channel", lambda self, x, run: run(x) * (self.made_with[0] > 1), "test_block_outputs"),
    block("more_than_three_layers", lambda self, x, run: run(x) * (self.made_with[2] < 4), "test_block_outputs"),
    block("one_pixel", lambda self, x, run: run(x) * (x.shape[2] > 1), "test_block_outputs"),
    block("wide_images", lambda self, x, run: run(x) * (x.shape[2] >= x.shape[3]), "test_block_outputs"),
    block(
        "square_images",
        lambda self, x, run: run(x) * (x.shape[2] != x.shape[3]),
        "test_block_outputs",
        "test_block_statistics",
    ),
    block(
        "zeros_in_training_in_single",
        lambda self, x, run: run(x) * (not self.training or x.dtype == torch.float64),
        "test_block_outputs",
    ),
    block(
        "relu_in_single",
        lambda self, x, run: run(x) if x.dtype == torch.float64 else run(x).relu(),
        "test_block_outputs",
        "test_block_steady",
    ),
]


_LAYERS = {}


@wrong("DenseBlock", loses=["test_block_steady"])
class one_set_of_layers_for_all_blocks(right.DenseBlock):
    def __init__(self, *args):
        super().__init__(*args)
        self.layers = _LAYERS.setdefault(args, self.layers)


def in_some_networks(name, when, *loses):
    """One value too many where ``when(block_layers, compression, bottleneck, growth_rate)`` holds."""

    def call(growth_rate, block_layers, init, classes=1000, compression=0.5, bottleneck=True, stem="imagenet"):
        count = right.densenet_parameters(growth_rate, block_layers, init, classes, compression, bottleneck, stem)
        return count + bool(when(block_layers, compression, bottleneck, growth_rate))

    call.__signature__ = inspect.signature(right.densenet_parameters)
    return wrong("densenet_parameters", loses=loses)(kinds.named(name, call))


IN_SOME = [
    in_some_networks(
        "bottleneck_without_compression", lambda b, c, bottle, g: bottle and c == 1 and len(b) > 1, "test_densenet"
    ),
    in_some_networks("more_than_four_blocks", lambda b, c, bottle, g: len(b) > 4, "test_densenet"),
    in_some_networks("bottleneck_with_growth_of_1", lambda b, c, bottle, g: bottle and g == 1, "test_densenet"),
]
