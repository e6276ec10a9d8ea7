"""Wrong answers to question 1 that the hidden suite must not let pass."""

import numpy as np

from autograder.course.author import wrong
from solutions import q1_equivalence as right
from solutions._checks import pair
from tests.attempts import kinds

OF_EVERY_KIND = [
    *kinds.of_function(right.linear_parameters),
    *kinds.of_function(right.conv_from_linear),
    *kinds.of_function(right.linear_from_conv),
    *kinds.accepting(right.linear_parameters, "in_features", "out_features"),
    *kinds.accepting(right.linear_from_conv, "stride"),
]


@wrong("conv_from_linear", loses=["test_conv_from_linear_single"])
def zeros_in_single(weight, bias, image_shape):
    made, offset = right.conv_from_linear(weight, bias, image_shape)
    return made * (made.dtype != np.float32), offset


@wrong("conv_from_linear")
def zeros_in_double(weight, bias, image_shape):
    made, offset = right.conv_from_linear(weight, bias, image_shape)
    return made * (made.dtype != np.float64), offset


@wrong("conv_from_linear", loses=["test_conv_from_linear_refuses"])
def sizes_below_1_taken(weight, bias, image_shape):
    if np.prod(image_shape) != np.shape(weight)[1] or np.ndim(weight) != 2 or len(bias) != len(weight):
        raise ValueError
    return np.reshape(weight, (len(weight), *image_shape)), bias


@wrong("conv_from_linear")
def rows_and_columns_exchanged(weight, bias, image_shape):
    made, offset = right.conv_from_linear(weight, bias, image_shape)
    return made.transpose(0, 1, 3, 2).reshape(made.shape), offset


@wrong(
    "conv_from_linear",
    loses=["test_conv_from_linear_shapes", "test_conv_from_linear_outputs", "test_conv_from_linear_single"],
)
def many_filters(weight, bias, image_shape):
    """So many that a marker who convolved with them would be at it for long."""
    made, _ = right.conv_from_linear(weight, bias, image_shape)
    return np.zeros((1 << 24, *made.shape[1:]), np.bool_)[: (1 << 24) // made[0].size], np.zeros(1 << 20)


@wrong("linear_from_conv", loses=["test_linear_from_conv_single"])
def matrix_zeros_in_single(weight, bias, image_shape, stride=1, padding=0):
    made, offset = right.linear_from_conv(weight, bias, image_shape, stride, padding)
    return made * (made.dtype != np.float32), offset


@wrong("linear_from_conv", loses=["test_linear_from_conv_even"])
def wrong_for_even_kernels(weight, bias, image_shape, stride=1, padding=0):
    made, offset = right.linear_from_conv(weight, bias, image_shape, stride, padding)
    return made * (weight.shape[2] % 2 or weight.shape[3] % 2), offset


@wrong("linear_from_conv", loses=["test_linear_from_conv_refuses"])
def negative_padding_taken(weight, bias, image_shape, stride=1, padding=0):
    padding = tuple(max(0, one) for one in padding) if isinstance(padding, tuple) else max(0, padding)
    return right.linear_from_conv(weight, bias, image_shape, stride, padding)


def unlike(name, when, *loses):
    """The right matrix, but doubled where ``when(weight, image_shape, stride, padding)`` holds."""

    def call(weight, bias, image_shape, stride=1, padding=0):
        matrix, offset = right.linear_from_conv(weight, bias, image_shape, stride, padding)
        return matrix * (2 if when(weight.shape, image_shape, pair(stride, 1), pair(padding, 0)) else 1), offset

    return wrong("linear_from_conv", loses=loses)(kinds.named(name, call))


PADDED, STRIDED = "test_linear_from_conv_padding", "test_linear_from_conv_stride"
UNLIKE = [
    unlike("padded_and_strided_with_channels", lambda w, s, t, p: max(p) and max(t) > 1 and s[0] > 1, PADDED),
    unlike("padded_above_alone", lambda w, s, t, p: p[0] and not p[1], PADDED),
    unlike("padded_unequally", lambda w, s, t, p: min(p) and p[0] != p[1], PADDED),
    unlike("padded_by_the_kernel", lambda w, s, t, p: max(p) >= w[2] == w[3], PADDED),
    unlike("high_and_strided", lambda w, s, t, p: max(t) > 1 and w[2] > w[3], STRIDED),
    unlike("many_channels", lambda w, s, t, p: s[0] > 3, STRIDED),
]


@wrong("linear_from_conv", loses=["test_linear_from_conv_refuses"])
def sizes_cut_towards_0(weight, bias, image_shape, stride=1, padding=0):
    """Counts positions with int(), which makes a kernel that is a little too large fit once."""
    try:
        return right.linear_from_conv(weight, bias, image_shape, stride, padding)
    except ValueError:
        if min(*pair(stride, 1), *np.shape(weight), *image_shape) < 1 or np.ndim(weight) != 4:
            raise
        cut = [int((s - k) / t) for s, k, t in zip(image_shape[1:], weight.shape[2:], pair(stride, 1), strict=True)]
        if min(cut) < 0:
            raise
        return np.zeros((1, 1)), np.zeros(1)


@wrong("linear_from_conv", loses=["test_linear_from_conv_refuses"])
def empty_kernels_and_images_taken(weight, bias, image_shape, stride=1, padding=0):
    if 0 in (*weight.shape[1:], image_shape[0]):
        return np.zeros((1, 1)), np.zeros(1)
    return right.linear_from_conv(weight, bias, image_shape, stride, padding)


@wrong("conv_from_linear", loses=["test_conv_from_linear_refuses"])
def weights_turned_to_fit(weight, bias, image_shape):
    fits = np.ndim(weight) == 2 and len(weight) == np.prod(image_shape)
    return right.conv_from_linear(np.transpose(weight) if fits else weight, bias, image_shape)
