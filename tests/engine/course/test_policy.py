"""The config's policies: which ones can be meant, and what a step follows from."""

import pytest

from autograder.course.policy import Late, check_late, keys
from autograder.errors import ConvgradeError

POLICY = Late("2026-11-20T23:59:00+03:30", 15, 10, 50)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("tomorrow", "not a time in ISO 8601"),
        ("2026-11-20T23:59:00", "no time zone"),
        ("2026-11-31T00:00Z", "not a time in ISO 8601"),
    ],
)
def test_a_time_that_cannot_be_meant_is_refused_with_its_place(text, said):
    with pytest.raises(ConvgradeError) as error:
        check_late(Late(text), "grader_config.yml:70")
    assert error.value.where == "grader_config.yml:70" and said in error.value.what and error.value.todo


@pytest.mark.parametrize(
    "policy",
    [
        Late(percent_a_day=10),
        Late("2026-11-20T23:59Z", grace_minutes=-1),
        Late("2026-11-20T23:59Z", percent_a_day=101),
        Late("2026-11-20T23:59Z", cap_percent=float("nan")),
        Late("2026-11-20T23:59Z", extensions="/home/ada/extensions.csv"),
        Late("2026-11-20T23:59Z", extensions="lists/../../extensions.csv"),
    ],
)
def test_a_policy_that_cannot_be_meant_is_refused(policy):
    with pytest.raises(ConvgradeError):
        check_late(policy, "grader_config.yml:70")
    check_late(POLICY, "")
    check_late(Late(), "")
    check_late(Late("2026-11-20T23:59Z", extensions="lists/extensions.csv"), "")


@pytest.mark.parametrize(
    ("step", "known"),
    [
        ("q1.a", ["q1.a"]),
        (7, []),
        ({"first": "q1.shape"}, ["q1.shape"]),
        ({"sum": ["q1.a", 2, {"product": ["q1.b", {"first": "q1.c"}]}]}, ["q1.a", "q1.b", "q1.c"]),
    ],
)
def test_a_step_follows_from_every_key_in_it(step, known):
    assert keys(step) == known


@pytest.mark.parametrize(
    "step",
    [True, 1.5, None, [], {}, {"first": 3}, {"sum": []}, {"sum": "q1.a"}, {"power": ["q1.a"]}, {"first": "q1.a", "sum": ["q1.b"]},
     {"sum": ["q1.a", {"product": [False]}]}],
)  # fmt: skip
def test_what_is_no_step_is_refused(step):
    with pytest.raises(ValueError):
        keys(step)
