"""The answer sheet of question 1."""

from autograder.course.author import number
from solutions.q1_box_torch import image

area = number(lambda of: of.q1_box.area(13, 17), torch=lambda: image(13, 17).numel())
volume = number(lambda of: of.q1_box.volume(13, 17, 19), torch=lambda: image(19, 13, 17).numel())
