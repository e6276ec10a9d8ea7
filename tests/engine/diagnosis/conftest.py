"""The toy course with a few more mistakes in its catalogue, and nothing that needs torch."""

import pytest

from tests.engine.toy_course import at_home, without_torch

AREA = """
area("nothing_refused", "h·w", refuses=False, en="Is every size possible?", fa="هر اندازه‌ای ممکن است؟")

@area.mistake(en="By what is it divided?", fa="بر چه تقسیم می‌شود؟")
def divided(height, width=4):
    return height // (width - width)
"""
VOLUME = '''"""Wrong volumes: h height, w width, c channels."""

from autograder.course.mistakes import mistakes
from solutions import q1_box as right

volume = mistakes(of=right.volume, h="height", w="width", c="channels")

volume("channels_added", "h·w + c", en="What does each channel hold?", fa="هر کانال چه دارد؟")
'''


@pytest.fixture(scope="module")
def course(tmp_path_factory):
    config = without_torch(tmp_path_factory.mktemp("course"))
    mistakes = config.parent / "solutions/q1_box_misconceptions"
    with (mistakes / "area.py").open("a", encoding="utf-8") as area:
        area.write(AREA)
    (mistakes / "volume.py").write_text(VOLUME, "utf-8")
    with at_home(config) as course:
        yield course
