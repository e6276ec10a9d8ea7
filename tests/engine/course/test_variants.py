"""Pools of variants: read, held against what they must be, and written into texts."""

import pytest

from autograder.course import handout, variants
from autograder.course.config import load
from autograder.course.course import Course
from autograder.course.variants import Parameters, Pool, filled, in_python, on_desk
from autograder.errors import ConvgradeError
from tests.engine.toy_course import REPOSITORY, at_home, copied

PARAMETERS = Parameters({"side": 12, "kernel": 3})
GOOD = "parameters:\n  side: [10, 12]\n  area: side·side\nvariants:\n  - {side: 10}\n  - {side: 12}\nwithdrawn: {2: a misprint}\n"


def pool(tmp_path, text) -> Pool:
    (tmp_path / "assignment").mkdir(exist_ok=True)
    (tmp_path / "assignment/q1_box.variants.yml").write_text(text, "utf-8")
    variants.pool.cache_clear()
    return variants.pool(tmp_path, "q1_box")


def test_a_pool_gives_each_variant_with_what_follows_from_it(tmp_path):
    its = pool(tmp_path, GOOD)
    assert dict(its.parameters(1)) == {"side": 10, "area": 100} and dict(its.parameters(2)) == {"side": 12, "area": 144}
    assert its.parameters(2).area == 144 and its.parameters(2).variant == 2 and its.withdrawn == {2: "a misprint"}
    with pytest.raises(IndexError):
        its.parameters(3)
    with pytest.raises(AttributeError, match="height"):
        _ = its.parameters(1).height


def test_without_a_file_a_question_is_the_same_for_everybody(tmp_path):
    its = variants.pool(tmp_path, "q9_none")
    assert not its.rows and dict(its.parameters(7)) == {}


@pytest.mark.parametrize(
    "was, now, line, said",
    [
        ("side: [10, 12]", "side: []", 2, "is not a parameter"),
        ("side: [10, 12]", "side: [ten]", 2, "is not a parameter"),
        ("side·side", "side·", 3, "not a formula"),
        ("side·side", "width·side", 3, "width is not a parameter"),
        ("- {side: 12}", "- {side: twelve}", 6, "variant 2 has other parameters"),
        ("- {side: 12}", "- {side: 12, kernel: 3}", 6, "variant 2 has other parameters"),
        ("- {side: 12}", "- {side: 10}", 6, "variant 2 is variant 1 again"),
        ("variants:\n  - {side: 10}\n  - {side: 12}\n", "variants: []\n", 4, "no variant"),
        ("withdrawn: {2", "withdrawn: {1", 7, "cannot be withdrawn"),
        ("withdrawn: {2", "withdrawn: {3", 7, "cannot be withdrawn"),
        ("withdrawn: {2", "withdrawn: {²", 7, "cannot be withdrawn"),
        ("a misprint", "", 7, "cannot be withdrawn"),
        ("withdrawn:", "taken_out:", 1, "another form"),
        ("side·side", "12/(side − 12)", 6, "variant 2 has no area = 12/"),
        ("side·side", "side + 'cm'", 5, "variant 1 has no area = side "),
        ("side·side", "side₂ if side = 10 else 'wide'", 6, "wide is not a whole number"),
    ],
)
def test_a_pool_that_cannot_be_used_is_named_with_its_line(tmp_path, was, now, line, said):
    assert was in GOOD
    with pytest.raises(ConvgradeError, match=said) as error:
        pool(tmp_path, GOOD.replace(was, now))
    assert error.value.where == f"{tmp_path}/assignment/q1_box.variants.yml:{line}" and error.value.todo


def test_places_are_filled_with_the_digits_of_the_text():
    assert filled("{{ side }}×{{side}}, `({{ 2·side }}, {{ kernel^2 }})`", PARAMETERS, "en") == "12×12, `(24, 9)`"
    assert filled("{{ side }} و `{{ side }}×{{ side }}`", PARAMETERS, "fa") == "۱۲ و `12×12`"
    assert filled("a{{ '' if kernel = 3 else ', b' }}", PARAMETERS, "en") == "a"
    assert filled("$\\frac{{a}}{b}$", Parameters({}), "en") == "$\\frac{{a}}{b}$"


def test_a_place_that_no_parameter_fills_is_named():
    with pytest.raises(ConvgradeError, match=r"\{\{ height \}\}") as error:
        filled("{{ height }}", PARAMETERS, "en", "q1_box.en.md")
    assert error.value.where == "q1_box.en.md" and "side, kernel" in error.value.todo


@pytest.mark.parametrize("formula", ["side + 'a'", "⌈√(kernel/2)⌉", "1/(kernel − 3)", "2^(kernel·9999)", "2 +"])
def test_a_place_that_cannot_be_worked_out_is_named(formula):
    with pytest.raises(ConvgradeError, match="not a formula over the parameters"):
        filled(f"{{{{ {formula} }}}}", PARAMETERS, "en")


def test_a_public_test_is_written_with_the_values():
    source = "import pytest\n\nfrom autograder.course.variants import sheet\n\n\nask(sheet.side * sheet.kernel)\n"
    assert in_python(source, PARAMETERS) == "import pytest\n\n\nask(12 * 3)\n"


def test_the_sheet_on_the_desk_is_what_is_asked():
    assert variants.current() == 1
    with on_desk({"q1_box": Parameters({"side": 3}, 5)}):
        assert variants.current() == 5
    assert variants.current() == 1


def test_a_course_asks_its_numbers_of_each_variant(tmp_path):
    with at_home(copied(tmp_path)) as course:
        assert course.pooled == 2 and course.offered == (1,)
        first, second = (course.numbers(variant) for variant in (1, 2))
        assert [number.torch() for number in first.values()] == [221, 4199]
        assert [number.torch() for number in second.values()] == [315, 5355]
        (question,) = course.questions
        assert "15×21" in handout.read(question, "en", 2).statements["q1.area"]
        assert "13×17" in handout.read(question, "en").statements["q1.area"]


def test_as_many_variants_are_dealt_as_the_config_asks_for_and_no_withdrawn_one(tmp_path):
    config = copied(tmp_path)
    text, pools = config.read_text("utf-8"), config.parent / "assignment/q1_box.variants.yml"
    config.write_text(f"{text}variants: 2\n", "utf-8")
    assert Course.load(config).offered == (1, 2)
    pools.write_text(f"{pools.read_text('utf-8')}withdrawn: {{2: a misprint}}\n", "utf-8")
    variants.pool.cache_clear()
    assert Course.load(config).offered == (1,)  # withdrawn in the middle of the term: grading goes on
    config.write_text(f"{text}variants: 3\n", "utf-8")
    with pytest.raises(ConvgradeError, match="the pools hold 2") as error:
        Course.load(config)
    assert error.value.where.endswith(f":{len(text.splitlines()) + 1}")
    assert load(config)[0].variants == 3


def test_a_step_may_follow_from_a_parameter(tmp_path):
    config = copied(tmp_path)
    text = config.read_text("utf-8")
    config.write_text(f"{text}follow: {{steps: {{q1.volume: {{product: [q1.area, q1.channels]}}}}}}\n", "utf-8")
    Course.load(config)
    config.write_text(f"{text}follow: {{steps: {{q1.volume: {{product: [q1.area, q1.depth]}}}}}}\n", "utf-8")
    with pytest.raises(ConvgradeError, match=r"q1\.depth is not a key"):
        Course.load(config)


def test_the_homeworks_pools_are_large_enough():
    course = Course.load(REPOSITORY / "grader_config.yml")
    assert [question.id for question in course.varying] == ["q1", "q2", "q3", "q4"]
    assert course.pooled >= 8 and course.config.variants == 1
