"""What grading would refuse of a course, and the late policy in one sentence."""

import pytest
from msgspec.structs import replace

from autograder.course.course import Course
from autograder.course.policy import Late
from autograder.errors import ConvgradeError
from autograder.prepare import refusals
from tests.engine.toy_course import copied


@pytest.mark.parametrize(
    ("policy", "sentence"),
    [
        (Late(), "no deadline: nothing is late"),
        (
            Late("2026-11-20T23:59:00+03:30", 15, 10, 50, "own.csv"),
            "due Friday, 20 November 2026, 23:59 +0330; 10 % of the points for each day that was begun after 15 minutes of grace, "
            "never more than 50 %; own deadlines in own.csv",
        ),
        (Late("2026-11-20T23:59Z", 0, 12.5), "due Friday, 20 November 2026, 23:59 +0000; 12.5 % of the points for each day that was begun"),
        (Late("soon"), "due soon; 0 % of the points for each day that was begun"),
    ],
)  # fmt: skip
def test_the_late_policy_is_one_sentence(policy, sentence):
    assert refusals.late_policy(policy) == sentence


@pytest.mark.parametrize(
    ("limits", "said"),
    [
        ("call_seconds: 31", r"limits\.call_seconds is 31, more than the 30 s of all together"),
        ("import_seconds: 30.5", r"limits\.import_seconds is 30\.5, more than the 30 s"),
        ("scratch_mb: 513\n  memory_mb: 512", r"limits\.scratch_mb is more than limits\.memory_mb"),
    ],
)
def test_limits_that_contradict_each_other_are_refused(tmp_path, limits, said):
    config = copied(tmp_path)
    name = limits.partition(":")[0]
    lines = [line for line in config.read_text("utf-8").splitlines() if not line.strip().startswith(f"{name}:")]
    config.write_text("\n".join(lines).replace("limits:", f"limits:\n  {limits}") + "\n", "utf-8")
    course = Course.load(config)
    with pytest.raises(ConvgradeError, match=said) as caught:
        refusals.check_limits(course)
    assert caught.value.where == str(config) and caught.value.todo


def test_limits_that_are_equal_contradict_nothing(tmp_path):
    course = Course.load(copied(tmp_path))
    equal = replace(course.config.limits, call_seconds=30, import_seconds=30, scratch_mb=course.config.limits.memory_mb)
    refusals.check_limits(Course(course.root, course.config_path, replace(course.config, limits=equal), course.questions))
