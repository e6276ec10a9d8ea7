"""The answer sheet of question 3: an encoder of four halvings on 256×256 images, U-Net's levels of 64, 128, 256, 512."""

from math import prod

from autograder.course.author import number
from solutions.measure import output_shape, parameter_count
from solutions.q3_unet_torch import double_conv, encoder

IMAGE = 256  # the side of the image, in pixels
CHANNELS = (64, 128, 256, 512)  # of the encoder's levels, from the top
HALVINGS = len(CHANNELS)

bottleneck_shape = number(
    lambda of: of.q3_unet.bottleneck_shape(IMAGE, HALVINGS),
    torch=lambda: output_shape(encoder(HALVINGS), (64, IMAGE, IMAGE))[1:],
)
bottleneck_pixels = number(
    lambda of: prod(of.q3_unet.bottleneck_shape(IMAGE, HALVINGS)),
    torch=lambda: prod(output_shape(encoder(HALVINGS), (64, IMAGE, IMAGE))[1:]),
)
second_level_parameters = number(
    lambda of: of.q3_unet.double_conv_parameters(*CHANNELS[:2]),
    torch=lambda: parameter_count(double_conv(*CHANNELS[:2])),
)
