"""The answer sheet of question 4: what a third dense layer receives, and what a block holds after it.

The first number's layers give 64, 128 and 256 maps. Seen from the third, the first layer's maps are what the block was
given and the second layer's are one growth of 128, which is how the asked function tells it.
"""

from autograder.course.author import number
from solutions.measure import output_shape
from solutions.q4_densenet_torch import Concatenating

third_layer_input_maps = number(
    lambda of: of.q4_densenet.dense_layer_input_channels(64, 128, 2),
    torch=lambda: Concatenating(1, [64, 128, 256]).inputs[2] - 1,  # the image's own channel is not asked for
)
CHANNELS, GROWTH, LAYERS = 32, 24, 3  # what the second number's block is given, and how it grows
third_layer_output_channels = number(
    lambda of: of.q4_densenet.dense_block_output_channels(CHANNELS, GROWTH, LAYERS),
    torch=lambda: output_shape(Concatenating(CHANNELS, [GROWTH] * LAYERS), (CHANNELS, 8, 8))[0],
)
