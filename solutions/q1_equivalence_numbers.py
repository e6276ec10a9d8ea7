"""The answer sheet of question 1: a one-channel 10×10 image and 5 classes."""

from autograder.course.author import number
from solutions.measure import output_shape, parameter_count
from solutions.q1_equivalence_torch import linear, whole_image_conv

linear_parameters = number(
    lambda of: of.q1_equivalence.linear_parameters(10 * 10, 5),
    torch=lambda: parameter_count(linear(10 * 10, 5)),
)
conv_parameters = number(
    lambda of: of.q2_convnet.conv2d_parameters(1, 5, 10),
    torch=lambda: parameter_count(whole_image_conv(1, 5, 10)),
)
conv_output_shape = number(
    lambda of: of.q2_convnet.stack_output_shape((1, 10, 10), [{"kind": "conv", "out_channels": 5, "kernel_size": 10}]),
    torch=lambda: output_shape(whole_image_conv(1, 5, 10), (1, 10, 10)),
)
