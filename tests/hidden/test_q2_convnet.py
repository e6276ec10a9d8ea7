"""Question 2, hidden: sizes, parameters and receptive field on chosen layers; ConvNet by what it does.

The inputs are chosen, not drawn: unequal channels, kernels that are not square either way round, strides, dilation,
groups, missing biases and odd sizes, so that different mistakes give different answers.
"""

from functools import cache

import numpy as np
import pytest

from autograder.author import sheet
from autograder.marking.compare import same
from solutions import q2_convnet as solution
from solutions import q2_convnet_numbers as numbers
from tests.hidden import asking, drawing, modules


@pytest.mark.parametrize("number", sheet(numbers))
def test_number(answers, reference, number):
    assert same(answers[number.key], number.recipe(reference))


def part(name, en, fa):
    return pytest.mark.part(f"q2.code.{name}", en=en, fa=fa)


def agrees(student, name, *cases):
    return asking.agrees(getattr(student.q2_convnet, name), getattr(solution, name), *cases)


def refuses(student, name, *cases):
    return asking.refuses(getattr(student.q2_convnet, name), *cases)


@part("conv2d_output_size", "square kernels, no padding and some", "هسته‌های مربعی، بی‌پد و با پد")
def test_conv_size(student):
    assert agrees(student, "conv2d_output_size", (32, 5), (28, 3, 1, 1), (10, 10), (64, 7, 1, 3), (9, 4, 1, 1))


@part("conv2d_output_size", "images and kernels that are not square", "تصویر و هستهٔ نامربعی")
def test_conv_size_rectangular(student):
    assert agrees(
        student, "conv2d_output_size", ((32, 20), (5, 3)), ((17, 40), (2, 7), 1, (0, 3)), ((20, 33), (3, 6), 1, (2, 1))
    )


@part("conv2d_output_size", "strides", "گام‌ها")
def test_conv_size_stride(student):
    assert agrees(
        student,
        "conv2d_output_size",
        (224, 7, 2, 3),
        (33, 4, 3),
        ((32, 21), 4, (2, 3), (1, 0)),
        ((30, 18), (5, 2), (4, 5)),
        (((11, 26), (3, 4)), {"stride": (3, 2), "padding": (2, 0)}),
    )


@part("conv2d_output_size", "dilation", "dilation")
def test_conv_size_dilation(student):
    assert agrees(
        student,
        "conv2d_output_size",
        (32, 3, 1, 2, 2),
        ((29, 40), (3, 5), (1, 2), (1, 4), (3, 2)),
        ((31, 2), {"dilation": 5}),
        ((24, 4), {"stride": 2, "padding": 1, "dilation": 4}),
    )


@part("conv2d_output_size", "layers that torch refuses", "لایه‌هایی که torch نمی‌پذیرد")
def test_conv_size_refuses(student):
    assert agrees(student, "conv2d_output_size", (3, 5, 1, 1), (5, 3, 1, 0, 2), (1, 1))
    assert refuses(
        student,
        "conv2d_output_size",
        (4, 5),
        ((9, 2), 3),
        ((2, 9), 3),
        (0, 1, 1, 1),
        (4, 3, 1, 0, 2),
        (8, 0),
        (8, 3, 0),
        (8, 3, 1, -1),
        (8, 3, 1, 0, 0),
        (0, 1),
    )


@part("pool2d_output_size", "windows and torch's default stride", "پنجره‌ها و گام پیش‌فرض torch")
def test_pool_size(student):
    assert agrees(student, "pool2d_output_size", (32, 2), (31, 3), (17, 2), ((20, 33), (3, 4)), ((28, 30), (2, 5)))


@part("pool2d_output_size", "strides and padding", "گام و پدگذاری")
def test_pool_size_stride(student):
    assert agrees(
        student,
        "pool2d_output_size",
        (32, 3, 2),
        (112, 3, 2, 1),
        ((21, 40), (4, 3), (3, 1), (2, 1)),
        (((19, 14), 2), {"stride": (1, 3)}),
        (((23, 18), (5, 4)), {"padding": (1, 2)}),
    )


@part("pool2d_output_size", "ceil_mode", "ceil_mode")
def test_pool_size_ceil(student):
    cases = [
        (31, 2),
        (32, 3, 2),
        (10, 3, 3, 1),
        ((20, 33), (3, 4)),
        (5, 2, 3),
        (7, 1, 3),
        ((11, 8), (4, 2), (3, 5), (2, 1)),
        (4, 2, 5, 1),
    ]
    assert agrees(student, "pool2d_output_size", *((case, {"ceil_mode": True}) for case in cases))


@part("pool2d_output_size", "layers that torch refuses", "لایه‌هایی که torch نمی‌پذیرد")
def test_pool_size_refuses(student):
    assert agrees(student, "pool2d_output_size", (3, 3), (6, 4, 4, 2), (2, 3, 1, 1), (1, 1))
    assert refuses(
        student, "pool2d_output_size", (0, 2, 2, 1), (2, 3), (8, 3, 2, 2), (8, 0), (8, 2, 0), (8, 3, 2, -1), ((9, 1), 2)
    )


@part("conv2d_parameters", "square kernels", "هسته‌های مربعی")
def test_conv_parameters(student):
    assert agrees(student, "conv2d_parameters", (3, 8, 3), (1, 6, 5), (10, 4, 7), (16, 32, 1), (5, 9, 2))


@part("conv2d_parameters", "kernels that are not square", "هسته‌های نامربعی")
def test_conv_parameters_rectangular(student):
    assert agrees(student, "conv2d_parameters", (3, 8, (5, 2)), (4, 7, (1, 6)), (9, 2, (3, 4)), (2, 5, (7, 3)))


@part("conv2d_parameters", "without bias", "بدون بایاس")
def test_conv_parameters_without_bias(student):
    assert agrees(
        student, "conv2d_parameters", ((3, 8, 3), {"bias": False}), ((6, 10, (2, 5)), {"bias": False}), (7, 4, 3, 1, False)
    )


@part("conv2d_parameters", "groups", "گروه‌ها")
def test_conv_parameters_groups(student):
    assert agrees(
        student, "conv2d_parameters", (8, 12, 3, 4), (6, 18, (3, 5), 3), ((10, 10, 5), {"groups": 10}), (12, 8, 2, 2, False)
    )


@part("conv2d_parameters", "layers that torch refuses", "لایه‌هایی که torch نمی‌پذیرد")
def test_conv_parameters_refuses(student):
    assert agrees(student, "conv2d_parameters", (6, 9, 2, 3), (4, 8, 1, 4))
    assert refuses(student, "conv2d_parameters", (6, 8, 3, 3), (8, 6, 3, 4), (0, 4, 3), (4, 0, 3), (4, 4, 0), (4, 4, 3, 0))


def conv(out_channels, kernel_size, **more):
    return {"kind": "conv", "out_channels": out_channels, "kernel_size": kernel_size, **more}


def pool(kind, kernel_size, **more):
    return {"kind": kind, "kernel_size": kernel_size, **more}


RELU, NORM = {"kind": "relu"}, {"kind": "batchnorm"}
PLAIN = [conv(8, 3), RELU, pool("maxpool", 2), conv(12, 5, padding=2), RELU, pool("maxpool", 2)]
STRIDED = [conv(6, 7, stride=2, padding=3), NORM, RELU, pool("maxpool", 3, stride=2, padding=1), conv(10, 3, stride=(2, 1))]
LARGE = [conv(4, (3, 5), dilation=(2, 1), padding=(2, 0)), RELU, pool("avgpool", (2, 3), stride=(1, 2), ceil_mode=True)]
GROUPED = [conv(8, 3, groups=2, bias=False), NORM, conv(12, (1, 4), groups=4), NORM, RELU, conv(5, 1, bias=False)]


@part("stack_output_shape", "convolution, ReLU and pooling in turn", "پیچش، ReLU و ادغام پشت سر هم")
def test_stack_shape(student):
    assert agrees(
        student, "stack_output_shape", ((3, 32, 32), PLAIN), ((1, 40, 29), PLAIN), ((5, 24, 36), PLAIN[:3]), ((3, 9, 7), [])
    )


@part("stack_output_shape", "strides, dilation, ceil_mode, average pooling", "گام، dilation، ceil_mode و ادغام میانگین")
def test_stack_shape_strided(student):
    assert agrees(
        student,
        "stack_output_shape",
        ((3, 64, 96), STRIDED),
        ((2, 30, 41), LARGE),
        ((4, 19, 16), GROUPED),
        ((2, 33, 22), LARGE + LARGE),
    )


@part("stack_output_shape", "layers that torch refuses", "لایه‌هایی که torch نمی‌پذیرد")
def test_stack_shape_refuses(student):
    assert agrees(student, "stack_output_shape", ((4, 6, 9), GROUPED), ((3, 8, 8), [pool("maxpool", 8)]))
    assert refuses(
        student,
        "stack_output_shape",
        ((3, 5, 5), PLAIN),
        ((3, 9, 9), GROUPED),
        ((3, 9, 9), [{"kind": "softmax"}]),
        ((3, 9, 9), [pool("maxpool", 3, padding=2)]),
    )


@part("stack_parameters", "convolutions whose channels change", "پیچش‌هایی با کانال‌های متفاوت")
def test_stack_parameters(student):
    assert agrees(
        student,
        "stack_parameters",
        (3, PLAIN),
        (1, PLAIN),
        (4, PLAIN[:3]),
        (2, [conv(7, 3), conv(5, 2), conv(9, 4)]),
        (6, []),
    )


@part("stack_parameters", "batch normalisation", "نرمال‌سازی دسته‌ای")
def test_stack_parameters_norm(student):
    assert agrees(
        student, "stack_parameters", (3, STRIDED), (5, [NORM]), (3, [NORM, conv(7, 3), NORM, RELU, pool("avgpool", 2), NORM])
    )


@part("stack_parameters", "groups, missing biases, kernels that are not square", "گروه‌ها، نبودِ بایاس و هسته‌های نامربعی")
def test_stack_parameters_groups(student):
    assert agrees(
        student, "stack_parameters", (4, GROUPED), (2, LARGE), (6, [conv(9, (2, 3), groups=3, bias=False), conv(4, 5)])
    )


@part("stack_parameters", "layers that torch refuses", "لایه‌هایی که torch نمی‌پذیرد")
def test_stack_parameters_refuses(student):
    assert agrees(student, "stack_parameters", (8, GROUPED), (1, [pool("maxpool", 2)]))
    assert refuses(student, "stack_parameters", (3, GROUPED), (0, PLAIN), (3, [{"kind": "dropout"}]), (3, [conv(0, 3)]))


@part("head_parameters", "flatten", "flatten")
def test_head_flatten(student):
    assert agrees(student, "head_parameters", ((8, 4, 6), 10), ((3, 7, 2), 5), ((16, 1, 1), 4, "flatten"), ((2, 9, 5), 1))


@part("head_parameters", "global average pooling", "میانگین‌گیری سراسری")
def test_head_gap(student):
    assert agrees(
        student, "head_parameters", ((8, 4, 6), 10, "gap"), ((3, 7, 2), 5, "gap"), (((12, 2, 9), 7), {"pooling": "gap"})
    )


@part("head_parameters", "sizes and poolings that do not exist", "اندازه و ادغامی که وجود ندارد")
def test_head_refuses(student):
    assert agrees(student, "head_parameters", ((1, 1, 1), 1), ((1, 1, 1), 1, "gap"))
    assert refuses(student, "head_parameters", ((8, 4, 4), 10, "max"), ((8, 4, 4), 0), ((0, 4, 4), 10), ((8, 4, 0), 10))


@part("receptive_field", "convolutions one after another", "پیچش‌های پشت سر هم")
def test_field(student):
    assert agrees(
        student,
        "receptive_field",
        ([conv(4, 3)],),
        ([conv(4, 3), conv(8, 5), RELU, conv(2, 2)],),
        ([],),
        ([conv(1, 1), RELU],),
    )


@part("receptive_field", "strides and pooling", "گام و ادغام")
def test_field_pooling(student):
    assert agrees(
        student,
        "receptive_field",
        (PLAIN,),
        (PLAIN + PLAIN,),
        (STRIDED,),
        ([pool("avgpool", 3), conv(2, 4, stride=3), conv(2, 2)],),
    )


@part("receptive_field", "dilation and kernels that are not square", "dilation و هسته‌های نامربعی")
def test_field_dilation(student):
    assert agrees(
        student,
        "receptive_field",
        (LARGE,),
        ([conv(2, 3, dilation=2), conv(2, (5, 2), dilation=(1, 4), stride=(1, 3)), conv(2, (2, 3))],),
        ([pool("maxpool", (2, 4), stride=(3, 1)), conv(3, 3, dilation=(3, 2)), conv(3, 2)],),
    )


@part("receptive_field", "layers that do not exist", "لایه‌هایی که وجود ندارند")
def test_field_refuses(student):
    assert agrees(student, "receptive_field", ([pool("maxpool", 2)],), ([conv(3, 4, padding=9)],))
    impossible = [conv(3, 0), conv(3, 3, stride=0), conv(3, 3, dilation=0), conv(3, 3, strides=2), {"kind": "softmax"}]
    assert refuses(student, "receptive_field", *(([layer],) for layer in impossible))


def image(height=128, width=128, batch=1, seed=7):
    return drawing.normal(batch, 3, height, width, seed=seed)


SMALL = image(40, 32, batch=2)  # the head with global average pooling takes any size, as the stub says; a small one is quick


@cache
def expected(reference, *args):
    return reference.q2_convnet.ConvNet(*args)


@part("ConvNet", "output shapes", "شکل خروجی")
def test_convnet_shapes(student):
    for args, images, shape in [((), image(), (1, 10)), ((4, "gap"), SMALL, (2, 4))]:
        assert student.q2_convnet.ConvNet(*args)(images.astype(np.float32)).shape == shape


@part("ConvNet", "number of parameters", "شمار پارامترها")
def test_convnet_parameters(student, reference):
    for args in [(), (3, "gap")]:
        assert modules.total(student.q2_convnet.ConvNet(*args)) == modules.total(expected(reference, *args))


@part("ConvNet", "same outputs for the same weights, flatten", "خروجی یکسان با وزن‌های یکسان، flatten")
def test_convnet_flatten(student, reference):
    assert modules.loaded_alike(student.q2_convnet.ConvNet(2), expected(reference, 2), [image()], seed=11, single=True)


@part(
    "ConvNet",
    "same outputs for the same weights, global average pooling",
    "خروجی یکسان با وزن‌های یکسان، میانگین‌گیری سراسری",
)
def test_convnet_gap(student, reference):
    net, want = student.q2_convnet.ConvNet(5, "gap"), expected(reference, 5, "gap")
    assert modules.loaded_alike(net, want, [SMALL, image(24, 48)], seed=12)
    assert modules.same_gradients(net, want, SMALL)
    assert modules.same_in_evaluation(net, want, SMALL[:1])


@part("ConvNet", "a pooling that does not exist", "ادغامی که وجود ندارد")
def test_convnet_refuses(student):
    assert student.q2_convnet.ConvNet(2, "gap")(SMALL.astype(np.float32)).shape == (2, 2)
    with pytest.raises(ValueError):
        student.q2_convnet.ConvNet(10, "max")
