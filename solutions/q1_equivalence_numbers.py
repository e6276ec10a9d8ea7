"""The answer sheet of question 1: a one-channel image of ``v.side`` by ``v.side`` and ``v.classes`` classes."""

from autograder.course.author import alike, number
from solutions.measure import output_shape, parameter_count
from solutions.q1_equivalence_torch import linear, whole_image_conv


def _conv(v):
    return {"kind": "conv", "out_channels": v.classes, "kernel_size": v.side}


linear_parameters = number(
    lambda of, v: of.q1_equivalence.linear_parameters(v.side * v.side, v.classes),
    torch=lambda v: parameter_count(linear(v.side * v.side, v.classes)),
)
conv_parameters = number(
    lambda of, v: of.q2_convnet.conv2d_parameters(1, v.classes, v.side),
    torch=lambda v: parameter_count(whole_image_conv(1, v.classes, v.side)),
)
conv_output_shape = number(
    lambda of, v: of.q2_convnet.stack_output_shape((1, v.side, v.side), [_conv(v)]),
    torch=lambda v: output_shape(whole_image_conv(1, v.classes, v.side), (1, v.side, v.side)),
)
parity = alike(lambda v: (v.side % 2, v.classes % 2))
