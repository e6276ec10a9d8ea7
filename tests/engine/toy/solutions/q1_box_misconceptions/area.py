"""Wrong areas: h height, w width."""

from autograder.course.mistakes import mistakes
from solutions import q1_box as right

area = mistakes(of=right.area, h="height", w="width")

area("perimeter", "2·(h + w)", en="What does an image have besides its edges?", fa="تصویر جز لبه‌هایش چه دارد؟")
