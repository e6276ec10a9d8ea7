"""Wrong answers to question 2 that the hidden suite must not let pass."""

import inspect

import torch
from torch import nn

from autograder.course.author import wrong
from solutions import q2_convnet as right
from tests.attempts import kinds

FUNCTIONS = [
    right.conv2d_output_size,
    right.pool2d_output_size,
    right.conv2d_parameters,
    right.stack_output_shape,
    right.stack_parameters,
    right.head_parameters,
    right.receptive_field,
]
OF_EVERY_KIND = [
    *(one for function in FUNCTIONS for one in kinds.of_function(function)),
    *kinds.accepting(right.conv2d_output_size, "size", "kernel_size", "stride", "dilation"),
    *kinds.accepting(right.pool2d_output_size, "size", "kernel_size", "stride"),
    *kinds.accepting(right.conv2d_parameters, "in_channels", "out_channels", "kernel_size", "groups"),
    *kinds.accepting(right.stack_output_shape, "image_shape"),
    *kinds.accepting(right.stack_parameters, "in_channels"),
    *kinds.accepting(right.head_parameters, "feature_shape", "num_classes"),
    *kinds.of_module(right.ConvNet, default={"num_classes": 10, "pooling": "flatten"}, below_1=False),
]


def pooled(size, kernel_size, stride, padding, rule):
    """``rule(size, kernel, stride, padding)`` along both axes, where torch takes the layer."""
    right.pool2d_output_size(size, kernel_size, stride, padding, True)
    stride = kernel_size if stride is None else stride
    both = [value if isinstance(value, tuple) else (value, value) for value in (size, kernel_size, stride, padding)]
    return tuple(rule(*axis) for axis in zip(*both, strict=True))


@wrong("pool2d_output_size", loses=["test_pool_size_beyond"])
def last_window_never_dropped(size, kernel_size, stride=None, padding=0, ceil_mode=False):
    if not ceil_mode:
        return right.pool2d_output_size(size, kernel_size, stride, padding)
    return pooled(size, kernel_size, stride, padding, lambda s, k, t, p: -((k - s - 2 * p) // t) + 1)


@wrong("pool2d_output_size", loses=["test_pool_size_beyond"])
def last_window_dropped_where_there_is_padding(size, kernel_size, stride=None, padding=0, ceil_mode=False):
    if not ceil_mode:
        return right.pool2d_output_size(size, kernel_size, stride, padding)

    def rule(s, k, t, p):
        steps = -((k - s - 2 * p) // t)
        return steps + (not (p and steps * t >= s + p))

    return pooled(size, kernel_size, stride, padding, rule)


@wrong("pool2d_output_size", loses=["test_pool_size_beyond"])
def last_window_dropped_where_there_is_none(size, kernel_size, stride=None, padding=0, ceil_mode=False):
    if not ceil_mode:
        return right.pool2d_output_size(size, kernel_size, stride, padding)

    def rule(s, k, t, p):
        steps = -((k - s - 2 * p) // t)
        return steps + (not (not p and steps * t >= s))

    return pooled(size, kernel_size, stride, padding, rule)


@wrong("conv2d_output_size", loses=["test_conv_size_even"])
def size_wrong_for_even_kernels(size, kernel_size, stride=1, padding=0, dilation=1):
    height, width = right.conv2d_output_size(size, kernel_size, stride, padding, dilation)
    kernels = kernel_size if isinstance(kernel_size, tuple) else (kernel_size, kernel_size)
    return height + (kernels[0] % 2 == 0), width + (kernels[1] % 2 == 0)


@wrong("receptive_field", loses=["test_field_even"])
def field_wrong_for_even_kernels(layers):
    right.receptive_field(layers)
    odd = [{**layer, "kernel_size": _odd(layer["kernel_size"])} if "kernel_size" in layer else layer for layer in layers]
    strides = [{"stride": layer["kernel_size"], **layer} if "pool" in layer["kind"] else layer for layer in layers]
    return right.receptive_field(
        [{**one, "stride": two["stride"]} if "pool" in two["kind"] else one for one, two in zip(odd, strides, strict=True)]
    )


def _odd(kernel):
    return tuple(map(_odd, kernel)) if isinstance(kernel, tuple) else 2 * (kernel // 2) + 1


KEYS = {"conv": {"out_channels", "kernel_size", "stride", "padding", "dilation", "groups", "bias"}}
KEYS |= {key: {"kernel_size", "stride", "padding", "ceil_mode"} for key in ("maxpool", "avgpool")}
NEEDED = {"out_channels": 1, "kernel_size": 1}


def lenient(name, function, mend):
    """``function`` on layers that ``mend`` has made acceptable."""

    def call(first, *more):
        *before, layers = (first, *more)
        return function(*before, [mend(layer) for layer in layers])

    return kinds.attempts(function.__name__, [kinds.named(name, call)])


def unknown_keys_dropped(layer):
    known = KEYS.get(layer.get("kind"), set()) | {"kind"}
    return {key: value for key, value in layer.items() if key in known}


def keys_of_any_kind_taken(layer):
    anywhere = set().union(*KEYS.values())
    return unknown_keys_dropped(layer) if set(layer) - {"kind"} <= anywhere else layer


def missing_keys_made_up(layer):
    keys = KEYS.get(layer.get("kind"), ())
    return {**{key: value for key, value in NEEDED.items() if key in keys}, **layer}


def out_channels_made_up(layer):
    return {"out_channels": 1, **layer} if layer.get("kind") == "conv" else layer


def kernel_size_made_up(layer):
    return {"kernel_size": 1, **layer} if layer.get("kind") in KEYS else layer


def missing_kind_is_relu(layer):
    return layer if "kind" in layer else {"kind": "relu"}


def unknown_kind_is_relu(layer):
    return layer if layer.get("kind") in (*KEYS, "relu", "batchnorm", None) else {"kind": "relu"}


def kind_by_its_beginning(layer):
    kind = str(layer.get("kind"))
    return {**layer, "kind": "conv"} if kind.startswith("conv") else layer


def kind_by_its_end(layer):
    kind = str(layer.get("kind"))
    return {**layer, "kind": "maxpool"} if kind.endswith("pool") and kind != "avgpool" else layer


def kind_in_capitals_taken(layer):
    return {**layer, "kind": layer["kind"].lower()} if "kind" in layer else layer


def taken_for_1(key):
    def mend(layer):
        return {**layer, key: kinds._at_least_one(layer[key])} if key in layer else layer

    return kinds.named(f"{key}_below_1_taken", mend)


MENDS = [unknown_keys_dropped, keys_of_any_kind_taken, missing_keys_made_up, out_channels_made_up, kernel_size_made_up]
MENDS += [missing_kind_is_relu, unknown_kind_is_relu]
MENDS += [kind_by_its_beginning, kind_by_its_end, kind_in_capitals_taken]
# Each function refuses what it uses of a layer.
BELOW_1 = {
    "stack_output_shape": ("out_channels", "kernel_size", "stride", "dilation", "groups"),
    "stack_parameters": ("out_channels", "kernel_size", "groups"),
    "receptive_field": ("kernel_size", "stride", "dilation"),
}
LENIENT = [
    one
    for function in (right.stack_output_shape, right.stack_parameters, right.receptive_field)
    for mend in [*MENDS, *map(taken_for_1, BELOW_1[function.__name__])]
    for one in lenient(mend.__name__, function, mend)
]


@wrong("stack_output_shape", loses=["test_stack_shape_ceil", "test_stack_shape_refuses"])
def ceil_mode_dropped(image_shape, layers):
    return right.stack_output_shape(image_shape, [_without(layer, "ceil_mode") for layer in layers])


@wrong("stack_output_shape", loses=["test_stack_shape_ceil"])
def ceil_mode_without_the_drop(image_shape, layers):
    channels, height, width = image_shape
    for layer in layers:
        after = right.stack_output_shape((channels, height, width), [layer])
        if layer.get("ceil_mode"):
            rest = layer["kernel_size"], layer.get("stride"), layer.get("padding", 0)
            after = (after[0], *pooled((height, width), *rest, lambda s, k, t, p: -((k - s - 2 * p) // t) + 1))
        channels, height, width = after
    return right.stack_output_shape(image_shape, []) if not layers else (channels, height, width)


def _without(layer, key):
    right.stack_output_shape((3, 99, 99), [layer]) if layer.get("kind") in ("maxpool", "avgpool") else None
    return {name: value for name, value in layer.items() if name != key}


# ---- ConvNet


@wrong("ConvNet")
class images_of_a_batch_in_one_row(right.ConvNet):
    def forward(self, x):
        return self.head[2](self.head[0](self.features(x)).reshape(1, -1))


def network(name, run, *loses):
    """The right network whose forward pass is ``run(self, x, right)``; ``self.made_with`` are its two arguments."""

    class Made(right.ConvNet):
        def __init__(self, num_classes=10, pooling="flatten"):
            super().__init__(num_classes, pooling)
            self.made_with = num_classes, pooling

        def forward(self, x):
            return run(self, x, super().forward)

    return wrong("ConvNet", loses=loses)(kinds.named(name, Made))


def flat(self):
    return self.made_with[1] == "flatten"


ONLY_SOMETIMES = [
    network("flatten_doubled_but_for_10", lambda self, x, run: run(x) * (1 + (flat(self) and self.made_with[0] != 10))),
    network("flatten_doubled_for_10", lambda self, x, run: run(x) * (1 + (self.made_with == (10, "flatten")))),
    network("gap_doubled_but_for_10", lambda self, x, run: run(x) * (1 + (not flat(self) and self.made_with[0] != 10))),
    network("gap_doubled_for_10", lambda self, x, run: run(x) * (1 + (self.made_with == (10, "gap")))),
    network("gap_doubled_at_128", lambda self, x, run: run(x) * (1 + (not flat(self) and x.shape[2:] == (128, 128)))),
    network(
        "flatten_without_gradient_in_evaluation",
        lambda self, x, run: run(x if self.training or not flat(self) else x.detach()),
        "test_convnet_gradients",
    ),
    network(
        "flatten_without_gradient_in_training",
        lambda self, x, run: run(x.detach() if self.training and flat(self) else x),
        "test_convnet_gradients",
    ),
    network("sigmoid_for_one_class", lambda self, x, run: run(x).sigmoid() if self.made_with[0] == 1 else run(x)),
]


def spelling(name, mend):
    def call(num_classes=10, pooling="flatten"):
        return right.ConvNet(num_classes, mend(pooling))

    return wrong("ConvNet", loses=["test_convnet_refuses"])(kinds._class(name, call))


SPELLINGS = [
    spelling("capitals_taken", str.lower),
    spelling("beginnings_taken", lambda pooling: "flatten" if pooling and "flatten".startswith(pooling) else pooling),
]


@wrong("head_parameters", loses=["test_head_refuses"])
def capitals_taken(feature_shape, num_classes, pooling="flatten"):
    return right.head_parameters(feature_shape, num_classes, pooling.lower())


@wrong("head_parameters", loses=["test_head_refuses"])
def beginnings_taken(feature_shape, num_classes, pooling="flatten"):
    whole = "flatten" if pooling and "flatten".startswith(pooling) else pooling
    return right.head_parameters(feature_shape, num_classes, whole)


@wrong("receptive_field", loses=["test_field_dilation"])
def default_stride_of_the_height(layers):
    right.receptive_field(layers)
    return right.receptive_field([_stride_of_the_height(layer) for layer in layers])


def _stride_of_the_height(layer):
    if "pool" not in layer["kind"] or not isinstance(layer["kernel_size"], tuple):
        return layer
    return {"stride": layer["kernel_size"][0], **layer}


@wrong("ConvNet", loses=["test_convnet_steady"])
class softmax_in_evaluation_with_flatten(right.ConvNet):
    def __init__(self, num_classes=10, pooling="flatten"):
        super().__init__(num_classes, pooling)
        self.pooling = pooling

    def forward(self, x):
        y = super().forward(x)
        return y if self.training or self.pooling == "gap" else y.softmax(1)


@wrong("ConvNet", loses=["test_convnet_gap_steady"])
class softmax_in_evaluation_with_gap(right.ConvNet):
    def __init__(self, num_classes=10, pooling="flatten"):
        super().__init__(num_classes, pooling)
        self.pooling = pooling

    def forward(self, x):
        y = super().forward(x)
        return y if self.training or self.pooling == "flatten" else y.softmax(1)


@wrong("ConvNet", loses=["test_convnet_gap_steady"])
class poolings_with_ceil_mode_in_evaluation(right.ConvNet):
    def forward(self, x):
        for module in self.features.modules():
            if isinstance(module, nn.MaxPool2d):
                module.ceil_mode = not self.training
        return super().forward(x)


@wrong("ConvNet", loses=["test_convnet_sizes"])
class poolings_with_ceil_mode(right.ConvNet):
    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        for module in self.features.modules():
            if isinstance(module, nn.MaxPool2d):
                module.ceil_mode = True


@wrong("ConvNet", loses=["test_convnet_sizes"])
class images_made_square(right.ConvNet):
    """Sizes are rounded up to what 8 divides."""

    def forward(self, x):
        return super().forward(nn.functional.pad(x, (0, -x.shape[3] % 8, 0, -x.shape[2] % 8)))


@wrong("ConvNet", loses=["test_convnet_parameters"])
class both_heads(right.ConvNet):
    def __init__(self, num_classes=10, pooling="flatten"):
        super().__init__(num_classes, pooling)
        self.other = nn.Linear(16 if pooling == "flatten" else 4096, num_classes)


@wrong("ConvNet", loses=["test_convnet_refuses"])
class other_poolings_are_gap(right.ConvNet):
    def __init__(self, num_classes=10, pooling="flatten"):
        super().__init__(num_classes, "flatten" if pooling == "flatten" else "gap")


@wrong("ConvNet")
class average_of_all(right.ConvNet):
    """Global average pooling over the batch as well."""

    def __init__(self, num_classes=10, pooling="flatten"):
        super().__init__(num_classes, pooling)
        self.pooling = pooling

    def forward(self, x):
        y = super().forward(x)
        return y if self.pooling == "flatten" else y.mean(0, keepdim=True).expand(y.shape)


@wrong("ConvNet")
class scores_scaled(right.ConvNet):
    def forward(self, x):
        return super().forward(x) * torch.tensor(1.001)


@wrong("ConvNet", loses=["test_convnet_steady", "test_convnet_gap_steady"])
class relu_at_the_end_in_evaluation(right.ConvNet):
    def forward(self, x):
        y = super().forward(x)
        return y if self.training else y.relu()


@wrong("ConvNet", loses=["test_convnet_flatten", "test_convnet_gap"])
class activations_cut_at_6(right.ConvNet):
    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        for block in self.features:
            block[1] = nn.ReLU6()


@wrong("ConvNet", loses=["test_convnet_shapes", "test_convnet_sizes"])
class one_class_squeezed(right.ConvNet):
    def forward(self, x):
        return super().forward(x).squeeze(1)


@wrong("ConvNet", loses=["test_convnet_steady"])
class one_image_squeezed_in_training(right.ConvNet):
    def __init__(self, num_classes=10, pooling="flatten"):
        super().__init__(num_classes, pooling)
        self.pooling = pooling

    def forward(self, x):
        y = super().forward(x)
        return y.squeeze(0) if self.training and self.pooling == "flatten" else y


@wrong("ConvNet", loses=["test_convnet_gradients"])
class features_detached_before_flatten(right.ConvNet):
    def __init__(self, num_classes=10, pooling="flatten"):
        super().__init__(num_classes, pooling)
        self.pooling = pooling

    def forward(self, x):
        x = self.features(x)
        return self.head(x.detach() if self.pooling == "flatten" else x)


_OF_ALL = {}


@wrong("ConvNet", loses=["test_convnet_gap_steady"])
class one_head_for_all_networks(right.ConvNet):
    def __init__(self, num_classes=10, pooling="flatten"):
        super().__init__(num_classes, pooling)
        self.features = self.features if pooling == "flatten" else _OF_ALL.setdefault(num_classes, self.features)

    def double(self):
        _OF_ALL.clear()
        return super().double()


# ---- sizes


def cut_towards_0(name, function):
    """Counts positions with int() where // belongs, so that a kernel that is a little too large fits once."""

    def call(size, kernel_size, *more, **named):
        try:
            return function(size, kernel_size, *more, **named)
        except ValueError:
            bound = inspect.signature(function).bind(size, kernel_size, *more, **named)
            bound.apply_defaults()
            values = [bound.arguments.get(key, 1) for key in ("size", "kernel_size", "stride", "padding", "dilation")]
            axes = list(zip(*(value if isinstance(value, tuple) else (value, value) for value in values), strict=True))
            if any(min(s, k, t, d) < 1 or p < 0 for s, k, t, p, d in axes):
                raise
            sides = tuple(int((s + 2 * p - d * (k - 1) - 1) / t) + 1 for s, k, t, p, d in axes)
            if min(sides) < 1:
                raise
            return sides

    return kinds.named(name, call)


CUT = kinds.attempts("conv2d_output_size", [cut_towards_0("sizes_cut_towards_0", right.conv2d_output_size)])


@wrong("pool2d_output_size", loses=["test_pool_size_refuses"])
def padding_held_against_the_width_alone(size, kernel_size, stride=None, padding=0, ceil_mode=False):
    try:
        return right.pool2d_output_size(size, kernel_size, stride, padding, ceil_mode)
    except ValueError:
        if isinstance(kernel_size, tuple) and isinstance(padding, tuple) and 2 * padding[0] > kernel_size[0] > 0:
            return (1, 1) if 2 * padding[1] <= kernel_size[1] else right.pool2d_output_size(0, 1)
        raise


def refusing_key(function, key):
    def call(*args):
        if any(key in layer for layer in args[-1]):
            raise ValueError
        return function(*args)

    return kinds.attempts(function.__name__, [kinds.named(f"{key}_refused", call)])


KEYS_REFUSED = [
    one
    for function in (right.stack_output_shape, right.stack_parameters, right.receptive_field)
    for key in ("stride", "padding", "dilation", "groups", "bias", "ceil_mode")
    for one in refusing_key(function, key)
]


def output_channels_not_divided(function):
    """Holds ``groups`` against the channels that come in alone."""

    def call(first, layers):
        channels, mended = (first[0] if isinstance(first, tuple) else first), []
        for layer in layers:
            groups, out = layer.get("groups", 1), layer.get("out_channels", channels)
            mended.append({**layer, "groups": 1} if groups > 0 and channels % groups == 0 and out % groups else layer)
            channels = out
        return function(first, mended)

    return kinds.attempts(function.__name__, [kinds.named("output_channels_not_divided", call)])


NOT_DIVIDED = [*output_channels_not_divided(right.stack_output_shape), *output_channels_not_divided(right.stack_parameters)]


@wrong("stack_output_shape", loses=["test_stack_shape_refuses"])
def kernels_cut_to_the_image(image_shape, layers):
    channels, height, width = image_shape
    for layer in layers:
        try:
            channels, height, width = right.stack_output_shape((channels, height, width), [layer])
        except ValueError:
            if layer.get("kind") != "conv" or layer.get("stride", 1) in (0, 1):
                raise
            channels, height, width = layer["out_channels"], 1, 1
    return right.stack_output_shape(image_shape, []) if not layers else (channels, height, width)


@wrong("stack_output_shape", loses=["test_stack_shape_ceil"])
def ceil_mode_dropped_with_padding(image_shape, layers):
    padded = [layer.get("kind") == "maxpool" and "padding" in layer for layer in layers]
    dropped = [_without(layer, "ceil_mode") if bare else layer for layer, bare in zip(layers, padded, strict=True)]
    return right.stack_output_shape(image_shape, dropped)


@wrong("stack_output_shape", loses=["test_stack_shape_strided"])
def padding_of_average_pooling_dropped(image_shape, layers):
    padded = [layer.get("kind") == "avgpool" and not layer.get("ceil_mode") for layer in layers]
    dropped = [_without(layer, "padding") if bare else layer for layer, bare in zip(layers, padded, strict=True)]
    return right.stack_output_shape(image_shape, dropped)
