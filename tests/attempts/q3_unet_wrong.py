"""Wrong answers to question 3 that the hidden suite must not let pass."""

import torch
from torch import nn

from autograder.course.author import wrong
from solutions import q3_unet as right
from tests.attempts import kinds

FUNCTIONS = [right.bottleneck_shape, right.double_conv_parameters, right.unet_output_size, right.unet_parameters]
OF_EVERY_KIND = [
    *(one for function in FUNCTIONS for one in kinds.of_function(function)),
    *kinds.accepting(right.bottleneck_shape, "levels"),
    *kinds.accepting(right.double_conv_parameters, "in_channels", "out_channels", "kernel_size"),
    *kinds.accepting(right.unet_output_size, "levels"),
    *kinds.accepting(right.unet_parameters, "in_channels", "num_classes", "base_channels", "levels"),
    *kinds.of_module(right.UNet, default={"base_channels": 64, "levels": 4}),
]


def only_four_levels(name, test):
    """Right for four halvings, however many are asked."""
    function = getattr(right, name)

    def call(*args, **kwargs):
        value = function(*args, **kwargs)
        at = 3 if name == "unet_parameters" else 1
        return value if (args[at] if len(args) > at else kwargs.get("levels", 4)) == 4 else 0

    return wrong(name, loses=[test])(kinds.named("right_for_four_levels", call))


FOUR_LEVELS = [
    only_four_levels("bottleneck_shape", "test_bottleneck_depths"),
    only_four_levels("unet_output_size", "test_output_size_depths"),
    only_four_levels("unet_parameters", "test_parameters_depth"),
]


@wrong("bottleneck_shape", loses=["test_bottleneck_odd", "test_bottleneck_depths"])
def odd_sizes_rounded_up(image_size, levels=4):
    right.bottleneck_shape(image_size, levels)
    height, width = image_size if isinstance(image_size, tuple) else (image_size, image_size)
    return -(-height >> levels), -(-width >> levels)


@wrong("double_conv_parameters", loses=["test_double_conv_even"])
def wrong_for_even_kernels(in_channels, out_channels, kernel_size=3):
    count = right.double_conv_parameters(in_channels, out_channels, kernel_size)
    sides = kernel_size if isinstance(kernel_size, tuple) else (kernel_size,)
    return count + any(side % 2 == 0 for side in sides)


@wrong("unet_output_size")
def odd_sizes_floored(image_size, levels=4):
    height, width = image_size if isinstance(image_size, tuple) else (image_size, image_size)
    sizes = [height, width]
    for _ in range(levels):
        sizes = [(size - 4) // 2 for size in sizes]
    for _ in range(levels):
        sizes = [2 * (size - 4) for size in sizes]
    if min(sizes) < 5:
        raise ValueError
    return tuple(size - 4 for size in sizes)


# ---- UNet


def altered(name, *, loses=(), up=None, skip=None, meet=None, last=None):
    """The right network with one step of its forward pass replaced."""

    class Made(right.UNet):
        def forward(self, x):
            skips = []
            for level in self.down[:-1]:
                x = level(x)
                skips.append(x)
                x = nn.functional.max_pool2d(x, 2)
            x = self.down[-1](x)
            for rise, level in zip(self.rise, self.up, strict=True):
                raised, held = rise(x), skips.pop()
                raised = up(raised) if up else raised
                held = skip(held) if skip else held
                x = level(meet(held, raised) if meet else torch.cat([held, raised], dim=1))
            x = self.last(x)
            return last(x) if last else x

    return wrong("UNet", loses=loses)(kinds.named(name, Made))


VALUES = ["test_unet_outputs", "test_unet_deeper", "test_unet_defaults"]
ALTERED = [
    altered("skips_behind", loses=VALUES, meet=lambda skip, up: torch.cat([up, skip], dim=1)),
    altered("relu_after_the_up_convolution", up=torch.relu),
    altered("skips_blank", loses=[*VALUES, "test_unet_skips"], skip=torch.zeros_like),
    altered("up_path_twice", loses=[*VALUES, "test_unet_skips"], meet=lambda skip, up: torch.cat([up, up], dim=1)),
    altered("skips_detached", loses=["test_unet_gradients"], skip=torch.Tensor.detach),
    altered("up_path_detached", loses=["test_unet_gradients"], up=torch.Tensor.detach),
    altered("sigmoid_at_the_end", last=torch.sigmoid),
    altered("softmax_at_the_end", last=lambda x: x.softmax(1)),
    altered("skips_normalised", skip=lambda x: x / (1 + x.abs().mean())),
    altered("skips_turned", loses=VALUES, skip=lambda x: x.flip(1)),
]


@wrong("UNet", loses=["test_unet_parameters"])
class layers_that_nothing_uses(right.UNet):
    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.spare = nn.Conv2d(3, 3, 3)


@wrong("UNet")
class inner_skips_blank(right.UNet):
    """Only the uppermost skip carries anything."""

    def forward(self, x):
        skips = []
        for level in self.down[:-1]:
            x = level(x)
            skips.append(x if not skips else torch.zeros_like(x))
            x = nn.functional.max_pool2d(x, 2)
        x = self.down[-1](x)
        for rise, level in zip(self.rise, self.up, strict=True):
            x = level(torch.cat([skips.pop(), rise(x)], dim=1))
        return self.last(x)


@wrong("UNet", loses=["test_unet_steady", "test_unet_gradients"])
class skips_kept_from_the_call_before(right.UNet):
    """In evaluation the skips of the last call are used again where they fit."""

    def forward(self, x):
        held = getattr(self, "held", None)
        skips = []
        for level in self.down[:-1]:
            x = level(x)
            skips.append(x)
            x = nn.functional.max_pool2d(x, 2)
        if not self.training and held and held[0].shape == skips[0].shape:
            skips = held
        self.held = list(skips)
        x = self.down[-1](x)
        for rise, level, skip in zip(self.rise, self.up, skips[::-1], strict=True):
            x = level(torch.cat([skip, rise(x)], dim=1))
        return self.last(x)


@wrong("UNet")
class square_images_only(right.UNet):
    def forward(self, x):
        side = min(x.shape[2:])
        return nn.functional.pad(super().forward(x[:, :, :side, :side]), (0, x.shape[3] - side, 0, x.shape[2] - side))


def network(name, run, *loses):
    """The right network whose forward pass is ``run(self, x, right)``; ``self.made_with`` are its four arguments."""

    class Made(right.UNet):
        def __init__(self, in_channels, num_classes, base_channels=64, levels=4):
            super().__init__(in_channels, num_classes, base_channels, levels)
            self.made_with = in_channels, num_classes, base_channels, levels

        def forward(self, x):
            return run(self, x, super().forward)

    return wrong("UNet", loses=loses)(kinds.named(name, Made))


OUTPUTS, DEEPER, STEADY, DEFAULTS = "test_unet_outputs", "test_unet_deeper", "test_unet_steady", "test_unet_defaults"
ONLY_SOMETIMES = [
    network("relu_at_the_end_in_evaluation", lambda self, x, run: run(x) if self.training else run(x).relu(), STEADY),
    network("five_levels", lambda self, x, run: run(x) * (self.made_with[3] < 5), DEEPER),
    network("one_level", lambda self, x, run: run(x) * (self.made_with[2:] not in [(5, 1), (3, 1)]), DEEPER),
    network("high_images", lambda self, x, run: run(x) * (x.shape[2] <= 2 * x.shape[3]), OUTPUTS),
    network("three_channels", lambda self, x, run: run(x) * (x.shape[1] < 3), OUTPUTS),
    network("large_images", lambda self, x, run: run(x) * (max(x.shape[2:]) < 32), DEEPER),
    network("one_base_channel", lambda self, x, run: run(x) * (self.made_with[2:] != (1, 5)), DEEPER),
    network(
        "one_image_in_training", lambda self, x, run: run(x) * (len(x) > 1 or not self.training), OUTPUTS, STEADY, DEFAULTS
    ),
    network("doubled_with_the_defaults", lambda self, x, run: run(x) * (1 + (self.made_with[2:] == (64, 4))), DEFAULTS),
    network(
        "relu_at_the_end_with_the_defaults",
        lambda self, x, run: run(x).relu() if self.made_with[2] == 64 else run(x),
        DEFAULTS,
    ),
    network("sigmoid_for_one_class", lambda self, x, run: run(x).sigmoid() if self.made_with[1] == 1 else run(x)),
    network("softmax_for_two_classes", lambda self, x, run: run(x).softmax(1) if self.made_with[1] == 2 else run(x)),
    network("as_many_classes_as_channels", lambda self, x, run: run(x) + x * (self.made_with[0] == self.made_with[1])),
    network("four_images", lambda self, x, run: run(x) * (len(x) < 4), OUTPUTS, "test_unet_skips"),
]


def last_relu(name, act, *loses):
    """The right network with another function in place of the last ReLU of each level."""

    class Act(nn.Module):
        def forward(self, x):
            return act(self, x)

    class Made(right.UNet):
        def __init__(self, *args, **kwargs):
            super().__init__(*args, **kwargs)
            for level in (*self.down, *self.up):
                level[3] = Act()

    return wrong("UNet", loses=loses)(kinds.named(name, Made))


OTHER_RELU = [
    last_relu("relu_dropped_in_evaluation", lambda self, x: x.relu() if self.training else x, STEADY),
    last_relu(
        "relu_leaks_in_evaluation", lambda self, x: x.relu() if self.training else x.relu() - 0.2 * (-x).relu(), STEADY
    ),
    last_relu("activations_cut_at_6", lambda self, x: x.clamp(0, 6), OUTPUTS, DEFAULTS),
]


_LAST = {}


@wrong("UNet", loses=[STEADY])
class one_last_layer_for_all_networks(right.UNet):
    def __init__(self, in_channels, num_classes, base_channels=64, levels=4):
        super().__init__(in_channels, num_classes, base_channels, levels)
        self.last = _LAST.setdefault((in_channels, num_classes, base_channels, levels), self.last)


def size_followed(name, down, done):
    """The sizes of both arms, refused as ``down(sizes, level)`` and ``done(bottom, output)`` say."""

    def call(image_size, levels=4):
        sizes = list(image_size if isinstance(image_size, tuple) else (image_size, image_size))
        if levels < 1 or min(sizes) < 1:
            raise ValueError
        for level in range(levels):
            sizes = [size - 4 for size in sizes]
            if down(sizes, level):
                raise ValueError
            sizes = [size // 2 for size in sizes]
        bottom = sizes = [size - 4 for size in sizes]
        for _ in range(levels):
            sizes = [2 * size - 4 for size in sizes]
        if done(bottom, sizes):
            raise ValueError
        return tuple(sizes)

    return wrong("unet_output_size", loses=["test_output_size_refuses"])(kinds.named(name, call))


FOLLOWED = [
    size_followed("only_the_bottom_is_held_against_1", lambda s, _: s[0] % 2 or s[1] % 2, lambda b, o: min(b) < 1),
    size_followed("an_output_of_0_taken", lambda s, _: s[0] % 2 or s[1] % 2, lambda b, o: min(o) < 0),
    size_followed("only_the_width_is_held_against_1", lambda s, _: s[0] % 2 or s[1] % 2, lambda b, o: o[1] < 1),
    size_followed("only_the_height_is_held_against_1", lambda s, _: s[0] % 2 or s[1] % 2, lambda b, o: o[0] < 1),
    size_followed("odd_widths_below_taken", lambda s, n: s[0] % 2 or (not n and s[1] % 2), lambda b, o: min(o) < 1),
    size_followed("odd_heights_below_taken", lambda s, n: s[1] % 2 or (not n and s[0] % 2), lambda b, o: min(o) < 1),
]
