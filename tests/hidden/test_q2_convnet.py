"""Question 2, hidden: sizes, parameters and receptive field on chosen layers; ConvNet by what it does.

The inputs are chosen, not drawn: unequal channels, kernels that are not square either way round, strides, dilation,
groups, missing biases and odd sizes, so that different mistakes give different answers.
"""

from functools import cache

import numpy as np
import pytest

from autograder.course.author import sheet
from autograder.marking.compare import same
from solutions import q2_convnet as solution
from solutions import q2_convnet_numbers as numbers
from tests.hidden import asking, drawing, modules


@pytest.mark.parametrize("number", sheet(numbers))
def test_number(answers, reference, number):
    assert same(answers[number.key], number.recipe(reference))


def part(name, en, fa, weight=1):
    return pytest.mark.part(f"q2.code.{name}", en=en, fa=fa, weight=weight)


def agrees(student, name, *cases):
    return asking.agrees(getattr(student.q2_convnet, name), getattr(solution, name), *cases)


def refuses(student, name, *cases, but):
    return asking.refuses(getattr(student.q2_convnet, name), *cases, but=but)


@part("conv2d_output_size", "square kernels, no padding", "هسته‌های مربعی، بی‌پد", weight=2)
def test_conv_size(student):
    assert agrees(student, "conv2d_output_size", (32, 5), (28, 3), (9, 9), (64, 7), (11, 1), (1, 1))


@part("conv2d_output_size", "even kernels", "هسته‌های زوج")
def test_conv_size_even(student):
    cases = [(10, 10), (9, 4), (33, 4, 3), ((17, 40), (2, 6)), ((30, 18), (6, 2), (4, 5))]
    assert agrees(student, "conv2d_output_size", *cases)


@part("conv2d_output_size", "images and kernels that are not square", "تصویر و هستهٔ نامربعی")
def test_conv_size_rectangular(student):
    assert agrees(student, "conv2d_output_size", ((32, 20), (5, 3)), ((17, 40), (3, 7)), ((20, 33), 3), (15, (3, 5)))


@part("conv2d_output_size", "padding", "پدگذاری", weight=2)
def test_conv_size_padding(student):
    cases = [(28, 3, 1, 1), (64, 7, 1, 3), (3, 5, 1, 1), ((17, 40), (3, 7), 1, (0, 3)), ((20, 33), (3, 5), 1, (2, 1))]
    assert agrees(student, "conv2d_output_size", *cases)


@part("conv2d_output_size", "strides", "گام‌ها")
def test_conv_size_stride(student):
    cases = [
        (224, 7, 2),
        (33, 5, 3),
        ((32, 21), 3, (2, 3)),
        ((30, 18), (5, 1), (4, 5)),
        (((11, 26), (3, 5)), {"stride": (3, 2)}),
    ]
    assert agrees(student, "conv2d_output_size", *cases)


@part("conv2d_output_size", "dilation", "dilation")
def test_conv_size_dilation(student):
    cases = [((32, 3), {"dilation": 2}), ((29, 40), (3, 5), 1, 0, (3, 2)), ((31, 3), {"dilation": 5}), (5, 3, 1, 0, 2)]
    assert agrees(student, "conv2d_output_size", *cases)


@part("conv2d_output_size", "padding, strides and dilation together", "پد، گام و dilation با هم")
def test_conv_size_together(student):
    assert agrees(
        student,
        "conv2d_output_size",
        (224, 7, 2, 3),
        ((32, 21), 3, (2, 3), (1, 0)),
        (((11, 26), (3, 5)), {"stride": (3, 2), "padding": (2, 0)}),
        (32, 3, 1, 2, 2),
        ((29, 40), (3, 5), (1, 2), (1, 4), (3, 2)),
        ((24, 5), {"stride": 2, "padding": 1, "dilation": 4}),
    )


@part("conv2d_output_size", "layers that torch refuses", "لایه‌هایی که torch نمی‌پذیرد")
def test_conv_size_refuses(student):
    cases = [
        (4, 5),
        ((9, 2), 3),
        ((2, 9), 3),
        (0, 1, 1, 1),
        (4, 3, 1, 0, 2),
        (0, 1),
        ((3, -5), 1, 1, 4),
        (8, 0),
        (8, (3, 0)),
        (8, -3, 1, 4),
        (8, 3, 0),
        (8, 3, (2, 0)),
        (8, 3, -1),
        (8, 3, 1, -1),
        (8, 3, 1, (0, -1)),
        (8, 3, 1, 0, 0),
        (8, 3, 1, 0, (1, -2)),
        (2, 3, 2),
        ((9, 4), 5, 3),
        ((4, 9), 3, (5, 1), 0, 3),
    ]
    assert refuses(student, "conv2d_output_size", *cases, but=[(3, 5, 1, 1), (5, 3, 1, 0, 2), (1, 1)])


@part("pool2d_output_size", "windows and torch's default stride", "پنجره‌ها و گام پیش‌فرض torch", weight=3)
def test_pool_size(student):
    cases = [(32, 2), (31, 3), ((17, 2), {"stride": None}), ((20, 33), (3, 4)), ((28, 30), (2, 5)), (3, 3), (1, 1)]
    assert agrees(student, "pool2d_output_size", *cases)


@part("pool2d_output_size", "strides", "گام‌ها", weight=2)
def test_pool_size_stride(student):
    cases = [(32, 3, 2), ((21, 40), (4, 3), (3, 1)), (((19, 14), 2), {"stride": (1, 3)}), (7, 1, 3)]
    assert agrees(student, "pool2d_output_size", *cases)


@part("pool2d_output_size", "padding", "پدگذاری", weight=2)
def test_pool_size_padding(student):
    cases = [(112, 3, 2, 1), ((21, 40), (4, 3), (3, 1), (2, 1)), (((23, 18), (5, 4)), {"padding": (1, 2)}), (6, 4, 4, 2)]
    assert agrees(student, "pool2d_output_size", *cases, (2, 3, 1, 1))


@part("pool2d_output_size", "ceil_mode", "ceil_mode")
def test_pool_size_ceil(student):
    cases = [(31, 2), (32, 3, 2), ((20, 33), (3, 4)), (5, 2, 3), (7, 1, 3), (2, 3)]
    assert agrees(student, "pool2d_output_size", *((case, {"ceil_mode": True}) for case in cases))


@part(
    "pool2d_output_size",
    "ceil_mode with padding, or where a window would start beyond the image",
    "ceil_mode با پد، یا جایی که پنجره بیرون از تصویر آغاز می‌شد",
)
def test_pool_size_beyond(student):
    cases = [(4, 1, 5), (7, 2, 4), ((9, 6), (2, 1), (5, 4)), ((11, 8), (4, 2), (3, 5), (2, 1)), (4, 2, 5, 1), (3, 2, 3, 1)]
    cases += [(10, 3, 3, 1), ((11, 8), (4, 2), (3, 2), (2, 1))]
    assert agrees(student, "pool2d_output_size", *((case, {"ceil_mode": True}) for case in cases))


@part("pool2d_output_size", "layers that torch refuses", "لایه‌هایی که torch نمی‌پذیرد")
def test_pool_size_refuses(student):
    cases = [
        (0, 2, 2, 1),
        ((4, -1), 1, 1),
        (2, 3),
        ((9, 1), 2),
        ((1, 9), 2),
        (8, 3, 2, 2),
        ((8, 8), (4, 3), 2, (2, 2)),
        ((8, 8), (3, 4), 2, (2, 2)),
        (8, 0),
        (8, (2, -2)),
        (8, 2, 0),
        (8, 2, (1, -1)),
        (8, 3, 2, -1),
        ((1, 3, 1), {"ceil_mode": True}),
        ((8, 2, 0), {"ceil_mode": True}),
        ((0, 2, 2, 1), {"ceil_mode": True}),
    ]
    assert refuses(student, "pool2d_output_size", *cases, but=[(3, 3), (6, 4, 4, 2), (2, 3, 1, 1), (1, 1)])


@part("conv2d_parameters", "square kernels", "هسته‌های مربعی", weight=3)
def test_conv_parameters(student):
    assert agrees(student, "conv2d_parameters", (3, 8, 3), (1, 6, 5), (10, 4, 7), (16, 32, 1), (5, 9, 2))


@part("conv2d_parameters", "kernels that are not square", "هسته‌های نامربعی", weight=2)
def test_conv_parameters_rectangular(student):
    assert agrees(student, "conv2d_parameters", (3, 8, (5, 2)), (4, 7, (1, 6)), (9, 2, (3, 4)), (2, 5, (7, 3)))


@part("conv2d_parameters", "without bias", "بدون بایاس", weight=2)
def test_conv_parameters_without_bias(student):
    assert agrees(
        student, "conv2d_parameters", ((3, 8, 3), {"bias": False}), ((6, 10, (2, 5)), {"bias": False}), (7, 4, 3, 1, False)
    )


@part("conv2d_parameters", "groups", "گروه‌ها", weight=2)
def test_conv_parameters_groups(student):
    cases = [
        (8, 12, 3, 4),
        (6, 18, (3, 5), 3),
        ((10, 10, 5), {"groups": 10}),
        (12, 8, 2, 2, False),
        (6, 9, 2, 3),
        (4, 8, 1, 4),
    ]
    assert agrees(student, "conv2d_parameters", *cases)


@part("conv2d_parameters", "layers that torch refuses", "لایه‌هایی که torch نمی‌پذیرد")
def test_conv_parameters_refuses(student):
    cases = [(6, 8, 3, 3), (8, 6, 3, 4), (0, 4, 3), (4, 0, 3), (4, 4, 0), (4, 4, 3, 0)]
    cases += [(-2, 4, 3), (4, -1, 3), (4, 4, (3, 0)), (4, 4, -3), (4, 4, 3, -2), (0, 4, 3, 1, False), (4, 0, 3, 1, False)]
    assert refuses(student, "conv2d_parameters", *cases, but=[(6, 9, 2, 3), (4, 8, 1, 4)])


def conv(out_channels, kernel_size, **more):
    return {"kind": "conv", "out_channels": out_channels, "kernel_size": kernel_size, **more}


def pool(kind, kernel_size, **more):
    return {"kind": kind, "kernel_size": kernel_size, **more}


RELU, NORM = {"kind": "relu"}, {"kind": "batchnorm"}
PLAIN = [conv(8, 3), RELU, pool("maxpool", 2), conv(12, 5, padding=2), RELU, pool("maxpool", 2)]
STRIDED = [conv(6, 7, stride=2, padding=3), NORM, RELU, pool("maxpool", 3, stride=2, padding=1), conv(10, 3, stride=(2, 1))]
LARGE = [conv(4, (3, 5), dilation=(2, 1), padding=(2, 0)), RELU, pool("avgpool", (2, 3), stride=(1, 2), ceil_mode=True)]
GROUPED = [conv(8, 3, groups=2, bias=False), NORM, conv(12, (1, 4), groups=4), NORM, RELU, conv(5, 1, bias=False)]
# What the handout's table of layers does not have.
NO_LAYER = [
    {"kind": "softmax"},
    conv(4, 3, kind="conv2d"),
    pool("minpool", 2),
    {"kind": "ReLU"},
    {"kernel_size": 3},
    {},
    {"kind": "conv", "out_channels": 4},
    {"kind": "conv", "kernel_size": 3},
    {"kind": "conv"},
    {"kind": "maxpool"},
    {"kind": "avgpool", "stride": 2},
    conv(4, 3, strides=2),
    conv(4, 3, ceil_mode=True),
    conv(4, 3, in_channels=3),
    pool("maxpool", 2, dilation=1),
    pool("avgpool", 2, out_channels=4),
    {"kind": "relu", "kernel_size": 2},
    {"kind": "batchnorm", "num_features": 3},
]
# What torch refuses of any layer, whatever the image. Functions that count or measure need look at what they use alone.
UNCOUNTED = [conv(4, 3, stride=0), conv(4, 3, dilation=0), conv(4, 3, padding=-1)]
UNCOUNTED += [pool("maxpool", 0), pool("avgpool", 2, stride=(1, 0)), pool("maxpool", 3, padding=-1)]
UNMEASURED = [conv(0, 3), conv(4, 3, groups=0), conv(4, 3, padding=-1), pool("maxpool", 3, padding=-1)]
IMPOSSIBLE = [conv(0, 3), conv(4, 0), conv(4, (3, -1)), conv(4, 3, groups=0), *UNCOUNTED]
COUNTED = [layer for layer in IMPOSSIBLE if layer not in UNCOUNTED]
MEASURED = [layer for layer in IMPOSSIBLE if layer not in UNMEASURED]


@part("stack_output_shape", "convolution, ReLU and pooling in turn", "پیچش، ReLU و ادغام پشت سر هم", weight=4)
def test_stack_shape(student):
    assert agrees(
        student, "stack_output_shape", ((3, 32, 32), PLAIN), ((1, 40, 29), PLAIN), ((5, 24, 36), PLAIN[:3]), ((3, 9, 7), [])
    )


@part("stack_output_shape", "strides, dilation, average pooling, groups", "گام، dilation، ادغام میانگین و گروه‌ها", weight=3)
def test_stack_shape_strided(student):
    assert agrees(
        student,
        "stack_output_shape",
        ((3, 64, 96), STRIDED),
        ((4, 19, 16), GROUPED),
        ((2, 30, 44), [conv(4, (3, 5), dilation=(2, 1), padding=(2, 0)), pool("avgpool", (2, 3), stride=(1, 2)), NORM]),
        ((4, 6, 9), GROUPED),
        ((3, 8, 8), [pool("maxpool", 8)]),
        ((3, 8, 8), [conv(5, 3)]),
        ((2, 9, 14), [pool("avgpool", (3, 4), padding=(1, 2)), conv(3, (2, 4), stride=(2, 1), padding=(1, 0))]),
    )


@part("stack_output_shape", "ceil_mode", "ceil_mode", weight=2)
def test_stack_shape_ceil(student):
    assert agrees(
        student,
        "stack_output_shape",
        ((2, 30, 41), LARGE),
        ((2, 33, 22), LARGE + LARGE),
        ((3, 7, 10), [pool("maxpool", 2, stride=4, ceil_mode=True), pool("avgpool", 2, ceil_mode=True)]),
        ((5, 8, 11), [pool("avgpool", (2, 4), stride=(5, 3), padding=(1, 2), ceil_mode=True)]),
        ((2, 11, 8), [pool("maxpool", (4, 2), stride=(3, 5), padding=(2, 1), ceil_mode=True)]),
    )


@part("stack_output_shape", "layers that torch refuses or that do not exist", "لایه‌هایی که torch نمی‌پذیرد یا وجود ندارند")
def test_stack_shape_refuses(student):
    cases = [
        ((3, 5, 5), PLAIN),
        ((3, 9, 9), GROUPED),
        ((0, 9, 9), [RELU]),
        ((3, 0, 9), []),
        ((3, 9, -1), []),
        ((3, 9, 9), [pool("maxpool", 3, padding=2)]),
        ((4, 9, 9), [conv(6, 3, groups=4)]),
        ((3, 2, 9), [conv(4, 3, stride=2)]),
        ((3, 9, 2), [pool("avgpool", 3)]),
        *(((3, 9, 9), [layer]) for layer in [*NO_LAYER, *IMPOSSIBLE]),
        *(((3, 9, 9), [conv(4, 3), layer]) for layer in NO_LAYER[:1]),
    ]
    assert refuses(student, "stack_output_shape", *cases, but=[((4, 6, 9), GROUPED), ((3, 8, 8), [pool("maxpool", 8)])])


@part("stack_parameters", "convolutions whose channels change", "پیچش‌هایی با کانال‌های متفاوت", weight=4)
def test_stack_parameters(student):
    cases = [
        (3, PLAIN),
        (1, PLAIN),
        (4, PLAIN[:3]),
        (2, [conv(7, 3), conv(5, 2), conv(9, 4)]),
        (6, []),
        (1, [pool("maxpool", 2)]),
    ]
    assert agrees(student, "stack_parameters", *cases)


@part("stack_parameters", "batch normalisation", "نرمال‌سازی دسته‌ای", weight=2)
def test_stack_parameters_norm(student):
    assert agrees(
        student, "stack_parameters", (3, STRIDED), (5, [NORM]), (3, [NORM, conv(7, 3), NORM, RELU, pool("avgpool", 2), NORM])
    )


@part(
    "stack_parameters",
    "groups, missing biases, kernels that are not square",
    "گروه‌ها، نبودِ بایاس و هسته‌های نامربعی",
    weight=3,
)
def test_stack_parameters_groups(student):
    cases = [(4, GROUPED), (2, LARGE), (6, [conv(9, (2, 3), groups=3, bias=False), conv(4, 5)]), (8, GROUPED)]
    assert agrees(student, "stack_parameters", *cases)


@part("stack_parameters", "layers that torch refuses or that do not exist", "لایه‌هایی که torch نمی‌پذیرد یا وجود ندارند")
def test_stack_parameters_refuses(student):
    cases = [
        (3, GROUPED),
        (4, [conv(6, 3, groups=4)]),
        (0, PLAIN),
        (-1, []),
        *((4, [layer]) for layer in [*NO_LAYER, *COUNTED]),
    ]
    assert refuses(student, "stack_parameters", *cases, but=[(8, GROUPED), (1, [pool("maxpool", 2)])])


@part("head_parameters", "flatten", "flatten", weight=5)
def test_head_flatten(student):
    cases = [((8, 4, 6), 10), ((3, 7, 2), 5), ((16, 1, 1), 4, "flatten"), ((2, 9, 5), 1), ((1, 1, 1), 1)]
    assert agrees(student, "head_parameters", *cases)


@part("head_parameters", "global average pooling", "میانگین‌گیری سراسری", weight=4)
def test_head_gap(student):
    cases = [((8, 4, 6), 10, "gap"), ((3, 7, 2), 5, "gap"), (((12, 2, 9), 7), {"pooling": "gap"}), ((1, 1, 1), 1, "gap")]
    assert agrees(student, "head_parameters", *cases)


@part("head_parameters", "sizes and poolings that do not exist", "اندازه و ادغامی که وجود ندارد")
def test_head_refuses(student):
    cases = [
        ((8, 4, 4), 10, "max"),
        ((8, 4, 4), 10, ""),
        ((8, 4, 4), 10, "GAP"),
        ((8, 4, 4), 10, "flat"),
        ((8, 4, 4), 0),
        ((8, 4, 4), -1),
        ((0, 4, 4), 10),
        ((8, 4, 0), 10),
    ]
    cases += [
        ((8, -4, -4), 10),
        ((8, 4, 4), 0, "gap"),
        ((0, 4, 4), 10, "gap"),
        ((8, 0, 4), 10, "gap"),
        ((8, 4, 0), 10, "gap"),
    ]
    assert refuses(student, "head_parameters", *cases, but=[((1, 1, 1), 1), ((1, 1, 1), 1, "gap")])


@part("receptive_field", "convolutions one after another", "پیچش‌های پشت سر هم", weight=3)
def test_field(student):
    cases = [([conv(4, 3)],), ([conv(4, 3), conv(8, 5), RELU, conv(2, 7)],), ([],), ([conv(1, 1), RELU, NORM],)]
    assert agrees(student, "receptive_field", *cases, ([conv(3, 5, padding=9), conv(3, 3)],))


@part("receptive_field", "strides and pooling", "گام و ادغام", weight=2)
def test_field_pooling(student):
    cases = [
        (STRIDED,),
        ([pool("avgpool", 3), conv(2, 5, stride=3), conv(2, 3)],),
        ([conv(2, 3), pool("maxpool", 3), conv(2, 3), pool("maxpool", 3, stride=1), conv(2, 5)],),
        ([conv(2, 1, stride=2), conv(2, 3, stride=2), conv(2, 3)],),
        ([conv(4, 3, groups=2, bias=False), pool("avgpool", 3, ceil_mode=True), conv(6, 3, groups=2)],),
    ]
    assert agrees(student, "receptive_field", *cases)


@part("receptive_field", "even kernels and windows", "هسته‌ها و پنجره‌های زوج", weight=2)
def test_field_even(student):
    cases = [(PLAIN,), (PLAIN + PLAIN,), ([pool("maxpool", 2)],), ([conv(4, 2), conv(8, 4, stride=3), conv(2, 2)],)]
    assert agrees(student, "receptive_field", *cases)


@part("receptive_field", "dilation and kernels that are not square", "dilation و هسته‌های نامربعی", weight=2)
def test_field_dilation(student):
    assert agrees(
        student,
        "receptive_field",
        ([conv(2, (3, 5), dilation=(2, 1)), pool("avgpool", (1, 3), stride=(1, 2)), pool("maxpool", (3, 1)), conv(2, 3)],),
        ([conv(2, 3, dilation=2), conv(2, (5, 3), dilation=(1, 4), stride=(1, 3)), conv(2, (1, 3))],),
        ([pool("maxpool", (3, 5), stride=(3, 1)), conv(3, 3, dilation=(3, 2)), conv(3, 3)],),
    )


@part("receptive_field", "layers that do not exist", "لایه‌هایی که وجود ندارند")
def test_field_refuses(student):
    cases = [([layer],) for layer in [*NO_LAYER, *MEASURED]]
    assert refuses(student, "receptive_field", *cases, but=[([pool("maxpool", 2)],), ([conv(3, 4, padding=9)],)])


def image(height=128, width=128, batch=1, seed=7):
    return drawing.normal(batch, 3, height, width, seed=seed)


SMALL = image(40, 32, batch=2)  # the head with global average pooling takes any size, as the stub says; a small one is quick


@cache
def expected(reference, *args):
    return reference.q2_convnet.ConvNet(*args)


@part("ConvNet", "output shapes", "شکل خروجی")
def test_convnet_shapes(student):
    for args, images, shape in [((3,), image(batch=2), (2, 3)), ((4, "gap"), SMALL, (2, 4)), ((1, "gap"), SMALL, (2, 1))]:
        assert student.q2_convnet.ConvNet(*args)(images.astype(np.float32)).shape == shape


@part("ConvNet", "number of parameters", "شمار پارامترها")
def test_convnet_parameters(student, reference):
    for args in [(), (3, "gap")]:
        assert modules.total(student.q2_convnet.ConvNet(*args)) == modules.total(expected(reference, *args))


@part("ConvNet", "same outputs for the same weights, flatten", "خروجی یکسان با وزن‌های یکسان، flatten", weight=3)
def test_convnet_flatten(student, reference):
    for args, seed in [((), 11), ((3,), 14)]:
        net, want = student.q2_convnet.ConvNet(*args), expected(reference, *args)
        assert modules.loaded_alike(net, want, [image(batch=2)], seed=seed, single=True)


@part(
    "ConvNet",
    "same outputs for the same weights, global average pooling",
    "خروجی یکسان با وزن‌های یکسان، میانگین‌گیری سراسری",
    weight=3,
)
def test_convnet_gap(student, reference):
    net, want = student.q2_convnet.ConvNet(5, "gap"), expected(reference, 5, "gap")
    assert modules.loaded_alike(net, want, [SMALL, 20 * image()], seed=12)


@part(
    "ConvNet",
    "global average pooling, sizes that 8 does not divide",
    "میانگین‌گیری سراسری، اندازه‌هایی که بر ۸ بخش‌پذیر نیستند",
)
def test_convnet_sizes(student, reference):
    net, want = student.q2_convnet.ConvNet(pooling="gap"), expected(reference, 10, "gap")
    assert modules.loaded_alike(net, want, [image(13, 27, batch=2), image(38, 9, batch=2), np.abs(image(8, 8))], seed=13)
    net, want = student.q2_convnet.ConvNet(1, "gap"), expected(reference, 1, "gap")
    assert modules.loaded_alike(net, want, [image(9, 15, batch=2)], seed=15)


@part("ConvNet", "gradients reach the images and every weight", "گرادیان به تصویرها و همهٔ وزن‌ها می‌رسد")
def test_convnet_gradients(student):
    assert modules.flows(student.q2_convnet.ConvNet(5, "gap"), image(16, 24, batch=2))
    assert modules.passes_back(student.q2_convnet.ConvNet(2), image(), (1, 2))


@part(
    "ConvNet",
    "the same for each image in every mode and precision, flatten",
    "یکسان برای هر تصویر، در هر حالت و هر دقت، flatten",
)
def test_convnet_steady(student):
    assert modules.steady(student.q2_convnet.ConvNet(3), image(batch=2, seed=8), (2, 3))


@part(
    "ConvNet",
    "the same for each image in every mode and precision, global average pooling",
    "یکسان برای هر تصویر، در هر حالت و هر دقت، میانگین‌گیری سراسری",
)
def test_convnet_gap_steady(student):
    net, another = student.q2_convnet.ConvNet(pooling="gap"), student.q2_convnet.ConvNet(pooling="gap")
    assert modules.apart(net, another, image(8, 9))
    assert modules.steady(net, image(18, 20, batch=3, seed=9), (3, 10))


@part("ConvNet", "poolings that do not exist", "ادغامی که وجود ندارد")
def test_convnet_refuses(student):
    cases = [(10, "max"), (10, "avg"), (10, ""), (10, "GAP"), (10, "flat")]
    assert refuses(student, "ConvNet", *cases, but=[(1, "gap"), (2, "gap")])
