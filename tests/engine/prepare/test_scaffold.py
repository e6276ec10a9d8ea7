"""``convgrade new`` in a copy of the toy: what it writes, that it fails until it is written, and that it then does all a question does."""

from __future__ import annotations

import pytest

from autograder.course.answer_key import AnswerKey
from autograder.course.course import Course
from autograder.course.question import ROLES
from autograder.diagnosis.explain import Explainer
from autograder.errors import ConvgradeError
from autograder.marking.answers import Answers
from autograder.marking.recorder import Recorder
from autograder.marking.suites import collected
from autograder.model import Outcome, PartResult
from autograder.prepare import leftovers, release, scaffold, verify
from tests.engine.toy_course import at_home, copied

SOLUTION = """    if channels < 1 or size < 1:
        raise ValueError("below 1")
    return channels * size * size"""


@pytest.fixture
def config(tmp_path):
    return copied(tmp_path)


def written(paths) -> None:
    """What an author does to the scaffold, at the least."""
    for path in paths:
        lines = path.read_text("utf-8").splitlines()
        text = "\n".join(line for line in lines if leftovers.MARK not in line)
        path.write_text(text.replace("    raise NotImplementedError", SOLUTION) + "\n", "utf-8")


def one_side_only(channels, size):
    if channels < 1 or size < 1:
        raise ValueError("below 1")
    return channels * size


def recognised(course, part, function):
    """The mistakes that explain what the hidden suites hear from ``function``, when its number is right."""
    found = []

    def asked(suites):
        key = AnswerKey(course)
        (one,) = (one for one in course.parts if one.id == part)
        wrong = key.right.replacing({(course.question(one.question).stem, one.name): function})
        recorder, answers = Recorder(wrong), Answers(key.values)
        list(suites.only(part).ask(recorder, answers))
        failed = PartResult(one.id, one.cents, 0, Outcome.FAILED)
        found.extend(Explainer(course, key).explained([failed], answers, recorder, suites))

    collected(course, asked)
    return [id for one in found for id in one.misconceptions]


def test_every_file_of_a_question_is_written_in_both_languages(config):
    made = scaffold.new(config, "q5_attention")
    course = Course.load(config)
    question = course.question("q5")
    assert {path for role in ROLES if role not in ("drawing", "variants", "stub") for path in question.paths(role)} <= set(
        made
    )
    assert {f"q5_attention_{kind}.py" for kind in ("wrong", "right")} <= {path.name for path in made}
    assert [part.id for part in course.parts][-3:] == ["q5.numbers.attention", "q5.code.attention", "q5.written.w2"]
    assert course.config.total == 105
    unfinished = leftovers.unfinished(config)
    package = question.path("misconceptions")  # says nothing that an author must change
    assert {line.split(":")[0] for line in unfinished} == {
        str(path.relative_to(course.root)) for path in made if path != package
    }


@pytest.mark.slow
def test_its_example_fails_until_it_is_written_and_then_does_all_that_a_question_does(config):
    made = scaffold.new(config, "q5_attention")
    with at_home(config) as course, pytest.raises(NotImplementedError):
        course.numbers()["q5.attention"].recipe(verify.Reference(course))
    written(made)
    assert leftovers.unfinished(config) == []
    with at_home(config) as course:
        verdict = verify.verify(course)
        assert [one for one in verdict.wrong if "q1" not in one] == []  # the toy's own suite is weak
        assert verdict.matrix["q5.code.attention"] == [("one_side_only", "x.")]
        assert recognised(course, "q5.code.attention", one_side_only) == ["q5.attention.one_side_only"]
        assert [line.split(":")[0] for line in leftovers.template(course)] == ["student_template/"]
        release.write(course)
        assert (list(leftovers.of(course)), list(leftovers.template(course))) == ([], [])
        assert 'attention = "?"' in (course.root / "student_template" / "answers.toml").read_text("utf-8")


@pytest.mark.parametrize(
    "stem", ["attention", "q5", "q5_", "Q5_attention", "q5_class", "q5_a-b", "q5_a_torch", "../q5_a", "q5_Ä b"]
)
def test_what_cannot_name_a_question_is_refused(config, stem):
    before = sorted(config.parent.rglob("*"))
    with pytest.raises(ConvgradeError, match="q5_attention"):
        scaffold.new(config, stem)
    assert sorted(config.parent.rglob("*")) == before


def test_nothing_that_is_there_is_overwritten(config):
    with pytest.raises(ConvgradeError, match="q1_box is q1 already"):
        scaffold.new(config, "q1_circle")
    (config.parent / "solutions" / "q2_disc_numbers.py").write_text("mine")
    with pytest.raises(ConvgradeError, match="q2_disc_numbers"):
        scaffold.new(config, "q2_disc")
    assert (config.parent / "solutions" / "q2_disc_numbers.py").read_text() == "mine"


def test_the_first_question_of_an_empty_course(config):
    for path in [*config.parent.glob("*/q1_box*.*"), *config.parent.glob("tests/*/test_q1_box.py")]:
        path.unlink()
    text = config.read_text("utf-8")
    points = text[text.index("points:") : text.index("limits:")]
    config.write_text(text.replace(points, "points: {}\n\n").replace("total: 100", "total: 0"), "utf-8")
    scaffold.new(config, "q1_attention")
    course = Course.load(config)
    assert (course.config.total, course.written) == (5, ("w1",))
