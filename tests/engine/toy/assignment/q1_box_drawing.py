"""The toy question's drawing: a box."""

from autograder.course.drawing import Drawing

WORDS = {
    "en": ("A box.", "A rectangle, wider than it is high."),
    "fa": ("یک جعبه.", "مستطیلی که پهنایش از ارتفاعش بیشتر است."),
}


def drawings(language: str) -> list[Drawing]:
    """One rectangle."""
    drawn = Drawing(120, 60, *WORDS[language])
    drawn.box(10, 10, 100, 40)
    return [drawn]
