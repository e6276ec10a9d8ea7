"""What only looks as if it had not been attempted."""

from autograder.course.course import Course
from autograder.intake.notebook import Notebook
from autograder.marking import unread
from autograder.model import Outcome, PartResult, Sources
from tests.engine.toy_course import TOY


def test_a_failed_cell_with_an_answer_says_nothing_of_a_function_with_the_same_name():
    book = Notebook(((3, 'answers |= {"q1.area": 36,0}'), (5, "def volume(:\n    return 1")))
    course = Course.load(TOY / "grader_config.yml")
    blank = [
        PartResult(part.id, part.cents, 0, Outcome.NOT_ATTEMPTED) for part in course.parts if part.name in ("area", "volume")
    ]
    said = {part.id: part for part in unread.explained(blank, Sources(), book, (3, 5), (), course)}
    outcomes = {id: part.outcome for id, part in said.items()}
    assert outcomes == {
        "q1.code.area": Outcome.NOT_ATTEMPTED,
        "q1.numbers.area": Outcome.UNREAD,
        "q1.code.volume": Outcome.UNREAD,
        "q1.numbers.volume": Outcome.NOT_ATTEMPTED,
    }
    assert said["q1.numbers.area"].messages[0].values == {"name": "q1.area", "cell": 3}
