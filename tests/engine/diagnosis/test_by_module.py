"""A class is explained by the catalogue's networks that answer the hidden suite as the student's does."""

import pytest
import torch
from torch import nn

from autograder.course.reference import Reference
from autograder.diagnosis.by_module import Modules
from autograder.diagnosis.catalogue import Catalogue
from autograder.marking.answers import Answers
from autograder.marking.recorder import Recorder
from autograder.marking.suites import collected
from tests.engine.toy_course import at_home, copied

PART = "q1.code.Scale"
SCALE = '''"""Wrong scales."""

import torch
from torch import nn

from autograder.course.mistakes import mistakes
from solutions import q1_box as right

Scale = mistakes(of=right.Scale)


class Base(nn.Module):
    power, sign = 1, 1

    def __init__(self, factor: float = 1.0):
        super().__init__()
        self.factor = nn.Parameter(torch.tensor([factor]))

    def forward(self, x):
        return self.sign * self.factor**self.power * x


Scale.variant("squared", Base, power=2, en="Once or twice?", fa="یک بار یا دو بار؟")
Scale.variant("negated", Base, sign=-1, en="Which sign?", fa="کدام علامت؟")
'''
# A second test, in which it does not matter whether a weight is squared.
WEIGHT_OF_1 = """

@pytest.mark.part("q1.code.Scale", en="a weight of 1", fa="وزن ۱")
def test_scale_with_a_weight_of_1(student):
    scale = student.q1_box.Scale(2.0)
    (name,) = scale.parameters()
    scale.load({name: np.ones(1, dtype=np.float32)})
    assert same(scale(np.arange(2.0).astype(np.float32)), np.arange(2.0).astype(np.float32))
"""


def student(how):
    """A student's class, its weight under a name of the student's own."""

    class Mine(nn.Module):
        def __init__(self, factor=1.0):
            super().__init__()
            self.w = nn.Parameter(torch.tensor([factor]))

        def forward(self, x):
            return how(self.w, x)

    return Mine


STUDENTS = {
    "squared": student(lambda w, x: w * w * x),
    "both": student(lambda w, x: -w * w * x),
    "own": student(lambda w, x: w + x),
    "cubed": student(lambda w, x: w**3 * x),
    "no module": lambda factor=1.0: {"factor": factor},
}


@pytest.fixture(scope="module")
def explained(tmp_path_factory):
    """What explains each student, before and after the stories were worked out, and what was wanted meanwhile."""
    config = copied(tmp_path_factory.mktemp("course"))
    (config.parent / "solutions/q1_box_misconceptions/Scale.py").write_text(SCALE, "utf-8")
    hidden = config.parent / "tests/hidden/test_q1_box.py"
    hidden.write_text(hidden.read_text("utf-8") + WEIGHT_OF_1, "utf-8")
    found = {"pairs": {}}
    with at_home(config) as course:
        right = Reference(course)
        catalogue, asked = Catalogue(course, right), []
        reference, catalogue.reference = catalogue.reference, lambda group: (asked.append(group), reference(group))[1]
        modules = Modules(catalogue)

        def ask(suites):
            def explain(made):
                recorder = Recorder(right.replacing({("q1_box", "Scale"): made}))
                suites.only(PART).ask(recorder, Answers({}))
                groups = modules.explaining("q1_box", "Scale", recorder, PART, suites)
                return [tuple(entry.misconception.name for entry in group) for group in groups]

            found["before"] = {}
            for name, made in STUDENTS.items():
                asked.clear()
                found["before"][name] = explain(made)
                found["pairs"][name] = len({group for group in asked if len(group) == 2})
            found["wanted"] = set(modules.wanted)
            modules.work_out(PART, suites)
            found["after"] = {name: explain(made) for name, made in STUDENTS.items()}
            found["wanted after"] = set(modules.wanted)

        collected(course, ask)
    return found


@pytest.mark.parametrize(
    ("name", "groups"),
    [("squared", [("squared",)]), ("both", [("squared", "negated")]), ("own", []), ("cubed", []), ("no module", [])],
)
def test_a_class_is_explained_by_the_networks_that_answer_as_it_does(explained, name, groups):
    assert explained["before"][name] == explained["after"][name] == groups


def test_a_part_is_wanted_until_its_stories_are_worked_out(explained):
    assert explained["wanted"] == {PART} and explained["wanted after"] == set()


def test_drawing_weights_is_as_it_was_afterwards(explained):
    """While the networks are asked, weights are not drawn; nobody else may be left with that."""
    assert explained
    for draw in (nn.init.kaiming_uniform_, nn.init.uniform_):
        assert draw(torch.zeros(4, 3)).count_nonzero() == 12


def test_a_pair_is_asked_only_where_both_mistakes_may_have_been_made(explained):
    """Who cubes is right about a weight of 1: no sign is wrong, so the pair is out of the question, and not asked."""
    assert explained["pairs"] == {"squared": 0, "both": 1, "own": 1, "cubed": 0, "no module": 0}
