"""The answer sheet of question 2: three blocks of convolution, ReLU and max pooling on square colour images."""

from math import prod

from autograder.course.author import alike, number, size, trace
from solutions.measure import output_shape, parameter_count
from solutions.measure import receptive_field as measured_field
from solutions.q2_convnet_torch import BLOCKS, conv, head, image, layers, network, stack


def _counted(of, v, pooling, classes):
    """What the student's own ConvNet holds. It is the same for everybody: None where the sheet asks for another one."""
    if (v.filters, v.kernel) != (16, 5) or (pooling == "flatten" and v.side != 128):
        return None
    return size(of.q2_convnet.ConvNet(classes, pooling))


def _blocks_counted(of, v):
    """Without the head, whose parameters grow with the classes."""
    once, twice = (_counted(of, v, "gap", many * v.classes) for many in (1, 2))
    return None if once is None else 2 * once - twice


first_conv_output_shape = number(
    lambda of, v: of.q2_convnet.stack_output_shape(image(v), [conv(v)]),
    torch=lambda v: output_shape(stack(3, [conv(v)]), image(v)),
)
first_conv_output_values = number(
    lambda of, v: prod(of.q2_convnet.stack_output_shape(image(v), [conv(v)])),
    torch=lambda v: prod(output_shape(stack(3, [conv(v)]), image(v))),
)
first_conv_parameters = number(
    lambda of, v: of.q2_convnet.conv2d_parameters(3, v.filters, v.kernel),
    torch=lambda v: parameter_count(stack(3, [conv(v)])),
)
stack_output_shape = number(
    lambda of, v: of.q2_convnet.stack_output_shape(image(v), layers(v)),
    torch=lambda v: output_shape(stack(3, layers(v)), image(v)),
)
stack_parameters = number(
    lambda of, v: of.q2_convnet.stack_parameters(3, layers(v)),
    torch=lambda v: parameter_count(stack(3, layers(v))),
    counted=_blocks_counted,
)
flatten_head_parameters = number(
    lambda of, v: of.q2_convnet.head_parameters(of.q2_convnet.stack_output_shape(image(v), layers(v)), v.classes, "flatten"),
    torch=lambda v: parameter_count(head(output_shape(stack(3, layers(v)), image(v)), "flatten", v.classes)),
)
flatten_total_parameters = number(
    lambda of, v: stack_parameters.recipe(of, v) + flatten_head_parameters.recipe(of, v),
    torch=lambda v: parameter_count(network(v, "flatten")),
    counted=lambda of, v: _counted(of, v, "flatten", v.classes),
)
gap_head_parameters = number(
    lambda of, v: of.q2_convnet.head_parameters(of.q2_convnet.stack_output_shape(image(v), layers(v)), v.classes, "gap"),
    torch=lambda v: parameter_count(head(output_shape(stack(3, layers(v)), image(v)), "gap", v.classes)),
)
gap_total_parameters = number(
    lambda of, v: stack_parameters.recipe(of, v) + gap_head_parameters.recipe(of, v),
    torch=lambda v: parameter_count(network(v, "gap")),
    counted=lambda of, v: _counted(of, v, "gap", v.classes),
)
receptive_field = number(
    lambda of, v: of.q2_convnet.receptive_field(layers(v))[0],
    torch=lambda v: measured_field(stack(3, layers(v), "cpu"), (3, 96, 96))[0],  # far from the edges of a larger image
)
same_steps = alike(lambda v: (v.side % 2**BLOCKS, v.side // 2**BLOCKS % 2, v.filters % 2, v.kernel % 2, v.classes % 2))

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
