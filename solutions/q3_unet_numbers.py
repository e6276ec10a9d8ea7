"""The answer sheet of question 3: an encoder of four halvings, and U-Net's levels, each twice as wide as the one above."""

from math import prod

from autograder.course.author import alike, number
from solutions.measure import output_shape, parameter_count
from solutions.q3_unet_torch import double_conv, encoder

HALVINGS = 4


def levels(v):
    """The channels of the encoder's levels, from the top."""
    return [v.channels * 2**level for level in range(HALVINGS)]


bottleneck_shape = number(
    lambda of, v: of.q3_unet.bottleneck_shape(v.side, HALVINGS),
    torch=lambda v: output_shape(encoder(HALVINGS), (v.channels, v.side, v.side))[1:],
)
bottleneck_pixels = number(
    lambda of, v: prod(of.q3_unet.bottleneck_shape(v.side, HALVINGS)),
    torch=lambda v: prod(output_shape(encoder(HALVINGS), (v.channels, v.side, v.side))[1:]),
)
second_level_parameters = number(
    lambda of, v: of.q3_unet.double_conv_parameters(v.channels, v.below),
    torch=lambda v: parameter_count(double_conv(*levels(v)[:2])),
)
same_steps = alike(lambda v: (v.side % 2**HALVINGS, v.side // 2**HALVINGS % 2, v.channels % 2))
