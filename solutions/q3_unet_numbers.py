"""The answer sheet of question 3: an encoder of four halvings on 256×256 images, U-Net's levels of 64, 128, 256, 512."""

from math import prod

from autograder.author import number
from solutions.measure import output_shape, parameter_count
from solutions.q3_unet_torch import double_conv, encoder

bottleneck_shape = number(
    lambda of: of.q3_unet.bottleneck_shape(256, 4),
    torch=lambda: output_shape(encoder(4), (64, 256, 256))[1:],
)
bottleneck_pixels = number(
    lambda of: prod(of.q3_unet.bottleneck_shape(256, 4)),
    torch=lambda: prod(output_shape(encoder(4), (64, 256, 256))[1:]),
)
second_level_parameters = number(
    lambda of: of.q3_unet.double_conv_parameters(64, 128),
    torch=lambda: parameter_count(double_conv(64, 128)),
)
