"""Question 1, hidden."""

import numpy as np
import pytest

from autograder.course.author import sheet
from autograder.marking.compare import same
from solutions import q1_box as solution
from solutions import q1_box_numbers as numbers


@pytest.mark.parametrize("number", sheet(numbers))
def test_number(answers, reference, number):
    assert same(answers[number.key], number.recipe(reference))


@pytest.mark.part("q1.code.area", en="images of many sizes", fa="تصویرهایی با اندازه‌های گوناگون")
def test_area_of_many_sizes(student):
    for height, width in [(2, 3), (7, 1), (5, 8), (1, 1)]:
        assert same(student.q1_box.area(height, width), solution.area(height, width))


@pytest.mark.part("q1.code.area", en="sizes below 1", fa="اندازهٔ کمتر از ۱")
def test_area_refuses_sizes_below_one(student):
    assert same(student.q1_box.area(3), 12)
    with pytest.raises(ValueError):
        student.q1_box.area(0, 3)


@pytest.mark.part("q1.code.volume", en="several channels", fa="چند کانال")
def test_volume_of_several_channels(student):
    for sizes in [(2, 3, 4), (1, 7, 1), (5, 5, 3)]:
        assert same(student.q1_box.volume(*sizes), solution.volume(*sizes))


@pytest.mark.part("q1.code.Scale", en="the marker's weight", fa="وزنی که سنجنده می‌گذارد")
def test_scale_with_a_weight_of_the_markers(student):
    scale = student.q1_box.Scale()
    (name,) = scale.parameters()
    scale.load({name: np.array([3.0], dtype=np.float32)})
    image = np.arange(6, dtype=np.float32).reshape(1, 1, 2, 3)
    assert same(scale(image), 3 * image)
