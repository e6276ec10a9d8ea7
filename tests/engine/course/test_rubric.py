"""A rubric is read with every mistake in it named by its line, and its hashes tell which readings still hold."""

from types import SimpleNamespace

import pytest
from msgspec.structs import replace

from autograder.course import rubric
from autograder.course.course import Course
from autograder.course.question import Question
from autograder.course.rubric import Criterion, Rubric
from autograder.errors import ConvgradeError
from autograder.model import Part, Text
from tests.engine.toy_course import REPOSITORY

GOOD = """w1:
  criteria:
    - {id: what, points: 1.5, en: "Says what.", fa: "می‌گوید چه."}
    - {id: why, points: 0.5, en: "Says why.", fa: "می‌گوید چرا."}
  sample: {en: " A pixel. ", fa: ""}
"""


def course(folder, text: str = GOOD):
    (folder / "assignment").mkdir(exist_ok=True)
    question = Question(folder, "q1_box")
    question.path("rubric").write_text(text, "utf-8")
    return SimpleNamespace(questions=(question,), parts=(Part("q1.numbers.area", 100), Part("q1.written.w1", 200)))


def test_criteria_have_their_points_in_hundredths_and_both_languages(tmp_path):
    one = course(tmp_path)
    read = rubric.load(one)
    assert read == rubric.known(one) and list(read) == ["q1.written.w1"]
    (its,) = read.values()
    assert its.criteria == (
        Criterion("what", 150, Text("Says what.", "می‌گوید چه.")), Criterion("why", 50, Text("Says why.", "می‌گوید چرا.")),
    )  # fmt: skip
    assert its.sample == Text("A pixel.") and its.max_cents == 200
    assert rubric.paths(one) == [tmp_path / "assignment/q1_box.rubric.yml"]


def test_an_answer_earns_the_criteria_that_it_meets():
    its = Rubric("q1.written.w1", (Criterion("what", 150, Text()), Criterion("why", 50, Text())))
    met = [{}, {"what": True}, {"what": False, "why": True}, {"what": True, "why": True, "gone": True}]
    assert [its.cents(one) for one in met] == [0, 150, 50, 200]


def test_the_hash_is_of_what_a_marker_decides_by_alone(tmp_path):
    (its,) = rubric.load(course(tmp_path)).values()
    first, other = its.criteria
    changed = [replace(first, id="which"), replace(first, cents=149), replace(first, text=Text("Says what!", first.text.fa)),
               replace(first, text=Text(first.text.en, "چه؟"))]  # fmt: skip
    hashes = {replace(its, criteria=(one, other)).hash for one in [first, *changed]}
    assert len(hashes) == 5 and replace(its, sample=Text("Another.")).hash == its.hash
    assert first.sentence != changed[2].sentence and first.sentence == changed[1].sentence


@pytest.mark.parametrize(
    ("was", "now", "line", "said"),
    [
        ("w1:", "w2:", 1, "w1 has no criteria"),
        ("criteria:", "criterion:", 1, "w1 has no criteria"),
        ("id: what", "id: What", 3, "no usable id"),
        ("id: what, ", "", 3, "no usable id"),
        ("id: what", "id: 3", 3, "no usable id"),
        ("id: why", "id: what", 4, "two criteria what"),
        ("points: 1.5", "points: 1.505", 3, "has 1.505 for points"),
        ("points: 1.5", "points: 0", 3, "has 0 for points"),
        ("points: 1.5", "points: true", 3, "has True for points"),
        ("points: 1.5", "points: .nan", 3, "has nan for points"),
        ("points: 1.5", "points: .inf", 3, "has inf for points"),
        ("points: 1.5", "points: '1.5'", 3, "has '1.5' for points"),
        ("points: 1.5", "points: 1.25", 2, "add up to 1.75 points, and q1.written.w1 has 2.00"),
        (', fa: "می‌گوید چرا."', "", 4, "no sentence in fa"),
        ('en: "Says why."', 'en: " "', 4, "no sentence in en"),
        ('en: "Says why."', "en: [why]", 4, "text in two languages"),
        ("sample: {en", "sample: {en: [a], de", 5, "text in two languages"),
    ],
)
def test_a_rubric_that_cannot_be_used_is_named_with_its_line(tmp_path, was, now, line, said):
    assert was in GOOD
    one = course(tmp_path, GOOD.replace(was, now))
    with pytest.raises(ConvgradeError) as caught:
        rubric.load(one)
    assert said in caught.value.what and caught.value.todo
    assert caught.value.where == f"{tmp_path}/assignment/q1_box.rubric.yml:{line}"
    assert rubric.known(one) == {}, "grading goes on without"


def test_there_are_no_more_criteria_than_keys_to_mark_them_with(tmp_path):
    def with_criteria(count):
        each = "".join(f'    - {{id: c{n}, points: {2 / 8}, en: "a", fa: "ب"}}\n' for n in range(count))
        return course(tmp_path, f"w1:\n  criteria:\n{each}")

    assert len(rubric.load(with_criteria(8))["q1.written.w1"].criteria) == 8
    with pytest.raises(ConvgradeError, match="more than 9"):
        rubric.load(with_criteria(10))


def test_a_rubric_that_is_not_there_is_asked_for(tmp_path):
    one = course(tmp_path)
    one.questions[0].path("rubric").unlink()
    with pytest.raises(ConvgradeError, match="cannot be read"):
        rubric.load(one)


@pytest.mark.parametrize("was, now", [("w1:", "w1: ["), ("  criteria:", "  - criteria:\n  criteria:")])
def test_what_is_no_yaml_is_named_with_a_line(tmp_path, was, now):
    with pytest.raises(ConvgradeError, match="not YAML") as caught:
        rubric.load(course(tmp_path, GOOD.replace(was, now, 1)))
    assert "q1_box.rubric.yml:" in caught.value.where


def test_the_homework_s_own_rubrics_can_be_used():
    rubrics = rubric.load(Course.load(REPOSITORY / "grader_config.yml"))
    assert rubrics and all(one.sample.en and one.sample.fa and one.max_cents > 0 for one in rubrics.values())
