"""Wrong answers to question 1."""

from autograder.author import misconception


@misconception(
    replaces="area",
    en="What does an image have besides its edges?",
    fa="تصویر جز لبه‌هایش چه دارد؟",
    route=lambda height, width=4: f"2·({height} + {width})",
)
def perimeter(height, width=4):
    if min(height, width) < 1:
        raise ValueError("below 1")
    return 2 * (height + width)
