"""Question 1, public."""

import pytest

from autograder.course.variants import sheet


@pytest.mark.part("q1.code.area", en="area", fa="مساحت")
def test_area(student):
    assert student.q1_box.area(2, 3) == 6, "two by three / دو در سه"


@pytest.mark.part("q1.code.volume", en="volume", fa="حجم")
def test_volume(student):
    assert student.q1_box.volume(2, 3, 1) == 6


@pytest.mark.part("q1.code.Scale", en="scale", fa="مقیاس")
def test_scale(student):
    assert student.q1_box.Scale(2.0).parameters()


@pytest.mark.part("q1.numbers.area", en="form", fa="شکل")
def test_area_answer(form, agree, student):
    form("q1.area")
    agree("q1.area", student.q1_box.area(sheet.height, sheet.width))


@pytest.mark.part("q1.numbers.volume", en="form", fa="شکل")
def test_volume_answer(form):
    form("q1.volume")
