"""The answer sheet of question 4: what a third dense layer receives, and what a block holds after it.

The first number's layers give ``v.first``, ``v.second`` and ``v.third`` maps. Seen from the third, the first layer's maps are what the block was
given and the second layer's are one growth of ``v.second``, which is how the asked function tells it.
"""

from autograder.course.author import alike, number
from solutions.measure import output_shape
from solutions.q4_densenet_torch import Concatenating

third_layer_input_maps = number(
    lambda of, v: of.q4_densenet.dense_layer_input_channels(v.first, v.second, 2),
    torch=lambda v: Concatenating(1, [v.first, v.second, v.third]).inputs[2] - 1,  # the image's own channel is not asked for
)
LAYERS = 3  # of the second number's block
third_layer_output_channels = number(
    lambda of, v: of.q4_densenet.dense_block_output_channels(v.channels, v.growth, LAYERS),
    torch=lambda v: output_shape(Concatenating(v.channels, [v.growth] * LAYERS), (v.channels, 8, 8))[0],
)
parity = alike(
    lambda v: (v.first % 2, v.second % 2, v.channels % 2, v.growth % 2, v.first < v.second, v.growth < v.channels)
)
