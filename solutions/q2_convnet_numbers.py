"""The answer sheet of question 2: three blocks of convolution, ReLU and max pooling on 128×128 colour images."""

from math import prod

from autograder.course.author import number, size, trace
from solutions.measure import output_shape, parameter_count
from solutions.measure import receptive_field as measured_field
from solutions.q2_convnet_torch import CLASSES, CONV, IMAGE, STACK, head, network, stack


def _counted(of, pooling, classes):
    return size(of.q2_convnet.ConvNet(classes, pooling))


first_conv_output_shape = number(
    lambda of: of.q2_convnet.stack_output_shape(IMAGE, [CONV]),
    torch=lambda: output_shape(stack(3, [CONV]), IMAGE),
)
first_conv_output_values = number(
    lambda of: prod(of.q2_convnet.stack_output_shape(IMAGE, [CONV])),
    torch=lambda: prod(output_shape(stack(3, [CONV]), IMAGE)),
)
first_conv_parameters = number(
    lambda of: of.q2_convnet.conv2d_parameters(3, 16, 5),
    torch=lambda: parameter_count(stack(3, [CONV])),
)
stack_output_shape = number(
    lambda of: of.q2_convnet.stack_output_shape(IMAGE, STACK),
    torch=lambda: output_shape(stack(3, STACK), IMAGE),
)
stack_parameters = number(
    lambda of: of.q2_convnet.stack_parameters(3, STACK),
    torch=lambda: parameter_count(stack(3, STACK)),
    counted=lambda of: (
        2 * _counted(of, "gap", CLASSES) - _counted(of, "gap", 2 * CLASSES)
    ),  # the head's grow with the classes
)
flatten_head_parameters = number(
    lambda of: of.q2_convnet.head_parameters(of.q2_convnet.stack_output_shape(IMAGE, STACK), CLASSES, "flatten"),
    torch=lambda: parameter_count(head(output_shape(stack(3, STACK), IMAGE), "flatten")),
)
flatten_total_parameters = number(
    lambda of: stack_parameters.recipe(of) + flatten_head_parameters.recipe(of),
    torch=lambda: parameter_count(network("flatten")),
    counted=lambda of: _counted(of, "flatten", CLASSES),
)
gap_head_parameters = number(
    lambda of: of.q2_convnet.head_parameters(of.q2_convnet.stack_output_shape(IMAGE, STACK), CLASSES, "gap"),
    torch=lambda: parameter_count(head(output_shape(stack(3, STACK), IMAGE), "gap")),
)
gap_total_parameters = number(
    lambda of: stack_parameters.recipe(of) + gap_head_parameters.recipe(of),
    torch=lambda: parameter_count(network("gap")),
    counted=lambda of: _counted(of, "gap", CLASSES),
)
receptive_field = number(
    lambda of: of.q2_convnet.receptive_field(STACK)[0],
    torch=lambda: measured_field(stack(3, STACK, "cpu"), IMAGE)[0],
)

# A public example, other than the sheet's: what a wrong shape or receptive field is told along.
EXAMPLE = [
    ("Conv2d(4, kernel_size=3)", {"kind": "conv", "out_channels": 4, "kernel_size": 3}),
    ("ReLU", {"kind": "relu"}),
    ("MaxPool2d(2)", {"kind": "maxpool", "kernel_size": 2}),
    ("Conv2d(6, kernel_size=5, padding=2)", {"kind": "conv", "out_channels": 6, "kernel_size": 5, "padding": 2}),
    ("Conv2d(8, kernel_size=3, stride=2)", {"kind": "conv", "out_channels": 8, "kernel_size": 3, "stride": 2}),
    ("AvgPool2d(2, stride=1)", {"kind": "avgpool", "kernel_size": 2, "stride": 1}),
]


def _steps(ask):
    """Each layer's name with what ``ask`` gives for the layers up to it."""
    layers = [layer for _, layer in EXAMPLE]
    return [(name, lambda of, end=end: ask(of, layers[:end])) for end, (name, _) in enumerate(EXAMPLE, 1)]


shape_trace = trace(
    "stack_output_shape", "(3, 30, 42)", _steps(lambda of, layers: of.q2_convnet.stack_output_shape((3, 30, 42), layers))
)
field_trace = trace("receptive_field", "(1, 1)", _steps(lambda of, layers: of.q2_convnet.receptive_field(layers)))
