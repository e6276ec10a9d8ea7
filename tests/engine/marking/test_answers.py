"""One student's answer sheet, as the suites ask for it."""

import pytest

from autograder.marking.answers import Answers
from autograder.model import Message
from autograder.wall.failures import Malformed, NotAttempted

UNREAD = Message("sheet.not_plain", {"key": "q1.depth", "type": "?"})


@pytest.fixture
def answers():
    return Answers({"q1.area": 36, "q1.shape": [3, 4]}, {"q1.depth": UNREAD}, variant=2)


def test_an_answer_is_what_the_student_wrote(answers):
    assert (answers["q1.area"], answers["q1.shape"], answers.variant) == (36, [3, 4], 2)
    assert "q1.area" in answers and "q1.width" not in answers


def test_a_blank_answer_is_not_attempted_and_one_that_could_not_be_read_says_why(answers):
    with pytest.raises(NotAttempted) as blank:
        answers["q1.width"]
    assert (blank.value.message.key, blank.value.message.values) == ("sheet.blank", {"key": "q1.width"})
    with pytest.raises(Malformed) as unread:
        answers["q1.depth"]
    assert unread.value.message == UNREAD and "q1.depth" not in answers


def test_every_key_that_was_asked_for_is_known_whatever_came_of_it(answers):
    assert answers.read == set()
    answers["q1.area"]
    for key in ("q1.width", "q1.depth"):
        with pytest.raises((NotAttempted, Malformed)):
            answers[key]
    assert "q1.shape" in answers
    assert answers.read == {"q1.area", "q1.width", "q1.depth", "q1.shape"}
