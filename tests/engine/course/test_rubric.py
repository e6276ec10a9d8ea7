"""The rubric's file: what it has to hold, and what a change of it changes."""

import pytest

from autograder.course.course import Course
from autograder.course.rubric import load
from autograder.errors import ConvgradeError
from tests.engine.toy_course import REPOSITORY
from tests.engine.web import made
from tests.engine.web.made import PART


@pytest.fixture
def config(tmp_path):
    return made.course_in(tmp_path)


@pytest.fixture
def course(config):
    return Course.load(config)


@pytest.fixture
def rubric(course):
    return load(course)[PART]


def test_the_homework_s_own_rubrics_can_be_used():
    rubrics = load(Course.load(REPOSITORY / "grader_config.yml"))
    assert all(one.sample.en and one.sample.fa and one.max_cents > 0 for one in rubrics.values())


@pytest.mark.parametrize(
    "old, new, line, told",
    [
        ("points: 10", "points: 9", 2, "add up to 19.00 points, and q1.written.w1 has 20.00"),
        ("points: 10", "points: ten", 4, "criterion what has 'ten' for points"),
        ("points: 10", "points: 0", 4, "criterion what has 0 for points"),
        ("points: 10", "points: 10.001", 4, "criterion what has 10.001 for points"),
        ("id: value", "id: what", 7, "w1 has two criteria what"),
        ("id: value", "id: 7", 7, "a criterion has no usable id"),
        ('fa: "می‌گوید هر پیکسل برای', 'xx: "می‌گوید هر پیکسل برای', 7, "criterion value has no sentence in fa"),
        ("w1:", "w2:", 1, "w1 has no criteria"),
        ("  criteria:", "  criteria: 3\n  more:", 2, "w1 has no criteria"),
        ('    en: "The smallest', '    - "The smallest', 16, "not YAML"),
        ("w1:", "w1: [", 2, "not YAML"),
    ],
)
def test_a_rubric_that_cannot_be_used_is_named_with_its_line(config, course, old, new, line, told):
    path = config.parent / "assignment" / "q1_box.rubric.yml"
    text = path.read_text("utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), "utf-8")
    with pytest.raises(ConvgradeError) as caught:
        load(course)
    assert told in caught.value.what
    if told != "not YAML":
        assert caught.value.where == f"{path}:{line}" and caught.value.todo
    else:
        assert caught.value.where.startswith(f"{path}:")


def test_a_hash_of_a_rubric_changes_with_what_counts_alone(rubric):
    other = rubric.__class__(rubric.part, rubric.criteria, rubric.sample.__class__("another", "نمونه"))
    assert other.hash == rubric.hash
    fewer = rubric.__class__(rubric.part, rubric.criteria[:-1])
    assert fewer.hash != rubric.hash
