"""The sheet held against the student's own code and module, and a shape told layer by layer, behind the real wall."""

from pathlib import Path

import pytest

from autograder.course.author import Number
from autograder.course.course import Course
from autograder.course.reference import Reference
from autograder.diagnosis.consistency import compared as compared_with_counts
from autograder.diagnosis.consistency import counted, traced
from autograder.model import Outcome, PartResult

ROOT = Path(__file__).resolve().parents[3]
NUMBER = PartResult("q2.numbers.gap_total_parameters", 100, 0, Outcome.FAILED)
SHAPE = PartResult("q2.code.stack_output_shape", 100, 0, Outcome.FAILED)

NET = """
import torch
class ConvNet(torch.nn.Module):
    def __init__(self, num_classes, pooling):
        super().__init__()
        self.head = torch.nn.Linear(100, num_classes)
"""
SHAPES = """
def stack_output_shape(image_shape, layers):
    channels, height, width = image_shape
    for layer in layers:
        if layer["kind"] == "conv":
            channels, height, width = layer["out_channels"], height - layer["kernel_size"] + 1, width - layer["kernel_size"] + 1
        elif layer["kind"].endswith("pool"):
            height, width = height // 2, width // 2
    return channels, height, width
"""


@pytest.fixture(scope="module")
def course():
    return Course.load(ROOT / "grader_config.yml")


@pytest.fixture(scope="module")
def right(course):
    return Reference(course)


class As:
    """The one-file student of ``behind`` under the question's own stem."""

    def __init__(self, student):
        self.q2_convnet = student.q


def compared(parts, values, numbers, student):
    """The sheet held against one student who has both the modules to count and the code to call."""
    return compared_with_counts(parts, values, counted(parts[0].question, values, numbers, student), numbers, student)


def test_a_count_that_asks_the_student_nothing_counts_nothing():
    number = Number(lambda of: 5, lambda: 5, counted=lambda of: 5)
    assert counted("q2", {"q2.a": 5}, {"q2.a": number}, object()) == {}


def messages(parts):
    (part,) = parts
    return {message.key: message.values for message in part.messages}


def test_a_sheet_that_says_something_else_than_the_students_module(course, behind):
    told = messages(compared([NUMBER], {"q2.gap_total_parameters": 1216}, course.numbers(), As(behind(NET))))
    assert told == {"cross.module": {"name": "ConvNet", "count": 1010, "says": "1216"}}


def test_a_sheet_that_agrees_with_the_students_module_is_told_nothing(course, behind):
    assert messages(compared([NUMBER], {"q2.gap_total_parameters": 1010}, course.numbers(), As(behind(NET)))) == {}


def test_the_three_blocks_are_counted_in_the_students_network_without_its_head(course, behind):
    """As the example of the issue has it: the sheet says 1216, the module that was handed in has 14048."""
    own = (ROOT / "solutions" / "q2_convnet.py").read_text("utf-8")
    own = own.replace("from solutions._checks import pair, whole\n", "")
    stack = PartResult("q2.numbers.stack_parameters", 250, 0, Outcome.FAILED)
    told = messages(compared([stack], {"q2.stack_parameters": 1216}, course.numbers(), As(behind(own))))
    assert told["cross.module"] == {"name": "ConvNet", "count": 14048, "says": "1216"}


def test_what_is_counted_in_a_module_is_the_number_that_is_asked(course, right):
    counted = {key: number for key, number in course.numbers().items() if number.counted is not None}
    assert {key: number.counted(right) for key, number in counted.items()} == {
        key: number.recipe(right) for key, number in counted.items()
    }
    assert len(counted) == 3


@pytest.mark.parametrize(
    "source", ["", "ConvNet = 5\n", "def ConvNet(*a): raise ValueError\n", "def ConvNet(*a): return 9\n"]
)
def test_work_that_cannot_be_asked_is_told_nothing(course, behind, source):
    assert messages(compared([NUMBER], {"q2.gap_total_parameters": 1}, course.numbers(), As(behind(source)))) == {}


def test_a_number_that_is_no_number_is_not_compared(course, behind):
    for answer in ("1216", True, None):
        assert messages(compared([NUMBER], {"q2.gap_total_parameters": answer}, course.numbers(), As(behind(NET)))) == {}


def test_a_wrong_shape_is_told_layer_by_layer_to_the_first_that_goes_wrong(course, behind, right):
    told = messages(traced([SHAPE], course.traces(), As(behind(SHAPES)), right))["trace.wrong"]
    assert told["where"] == "Conv2d(6, kernel_size=5, padding=2)"
    ways = str(told["way"]).split(" · ")
    assert ways[:3] == ["Conv2d(4, kernel_size=3) → (4, 28, 40)", "ReLU → (4, 28, 40)", "MaxPool2d(2) → (4, 14, 20)"]
    assert ways[3:] == ["Conv2d(6, kernel_size=5, padding=2) → (6, 10, 16)"]


def test_what_is_right_on_the_example_or_fails_on_it_has_no_trace(course, behind, right):
    own = (ROOT / "solutions" / "q2_convnet.py").read_text("utf-8")
    assert messages(traced([SHAPE], course.traces(), As(behind(own)), right)) == {}
    assert messages(traced([SHAPE], course.traces(), As(behind("def stack_output_shape(a, b): 1 / 0\n")), right)) == {}


def test_the_example_is_none_of_the_sheets_or_a_hidden_tests(course, right):
    hidden = (ROOT / "tests" / "hidden" / "test_q2_convnet.py").read_text("utf-8")
    assert "(3, 30, 42)" not in hidden
    for trace in course.traces().values():
        shown = [step(right) for _, step in trace.steps]
        assert all(list(value) not in [[16, 16, 16], [16, 128, 128]] for value in shown)


BOMBS = {
    "a text that many times": """
def bottleneck_shape(*_): return "x", 10**15
""",
    "a list that many times": """
def bottleneck_shape(*_): return [0], 10**15
""",
    "an integer of many digits": """
def bottleneck_shape(*_): return [10**899] * 60
""",
}


@pytest.mark.parametrize("source", BOMBS.values(), ids=BOMBS)
def test_no_arithmetic_is_done_on_what_is_no_number(course, behind, source):
    part = PartResult("q3.numbers.bottleneck_pixels", 100, 0, Outcome.FAILED)
    student = As(behind(source))
    student.q3_unet = student.q2_convnet
    assert messages(compared([part], {"q3.bottleneck_pixels": 7}, course.numbers(), student)) == {}


def test_a_column_and_a_row_are_not_added(course, behind):
    source = """
import numpy
def stack_parameters(*_): return numpy.zeros((1_000_000, 1))
def head_parameters(*_): return numpy.zeros((1, 1_000_000))
def stack_output_shape(*_): return 16, 16, 16
"""
    assert messages(compared([NUMBER], {"q2.gap_total_parameters": 7}, course.numbers(), As(behind(source)))) == {}


def test_a_number_beyond_all_floats_is_compared_with_a_float(course, behind):
    part = PartResult("q2.numbers.first_conv_parameters", 100, 0, Outcome.FAILED)
    student = As(behind("def conv2d_parameters(*_): return 2.5\n"))
    told = messages(compared([part], {"q2.first_conv_parameters": 10**400}, course.numbers(), student))
    assert told["cross.code"]["own"] == "2.5"
