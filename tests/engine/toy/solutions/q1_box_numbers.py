"""The answer sheet of question 1."""

from autograder.course.author import alike, number
from solutions.q1_box_torch import image

area = number(lambda of, v: of.q1_box.area(v.height, v.width), torch=lambda v: image(v.height, v.width).numel())
volume = number(
    lambda of, v: of.q1_box.volume(v.height, v.width, v.channels),
    torch=lambda v: image(v.channels, v.height, v.width).numel(),
)
parity = alike(lambda v: (v.height % 2, v.width % 2, v.channels % 2, v.height < v.width))
