"""Variants are compared with the first one: as many mistakes told apart, as many steps, no parameters that happen to fit."""

import pytest

from autograder.prepare import vetted
from autograder.prepare.vetted import Figures
from tests.engine.toy_course import at_home, without_torch


@pytest.fixture(scope="module")
def vetting(tmp_path_factory):
    with at_home(without_torch(tmp_path_factory.mktemp("course"))) as course:
        yield vetted.Vetting(course)


def figures(value, wrong) -> Figures:
    return Figures("q1.area", 1, value, wrong, 1, lambda: value)


def test_the_toys_variants_are_as_good_as_each_other(vetting):
    lines, wrong = vetted.table(vetting.course)
    assert wrong == [] and any("least over 2 variants" in line for line in lines)


@pytest.mark.parametrize(
    "row, said",
    [
        ({"height": 4, "width": 4, "channels": 19}, "these mistakes give the right value: q1.area.perimeter"),
        ({"height": 13, "width": 18, "channels": 19}, "parity is"),
        ({"height": 13, "width": 17, "channels": 17}, "channels = width holds"),
        ({"height": 1, "width": 17, "channels": 19}, "height is 1, which is special"),
        ({"height": 131, "width": 175, "channels": 19}, "is more than a digit longer or shorter than"),
    ],
)
def test_a_variant_that_is_worse_or_easier_is_named(vetting, row, said):
    (question,) = vetting.course.questions
    given = vetting.course.pool(question).completed(row, 2)
    found = list(vetting.trouble(question, given, vetting.figures(question, given)))
    assert any(said in one for one in found), found


def test_a_search_proposes_new_variants_without_fault(vetting):
    (question,) = vetting.course.questions
    found = vetting.search(question, 3)
    assert len(found) == 3 and all(dict(given) not in vetting.course.pool(question).rows for given, _ in found)
    assert found == vetting.search(question, 3)
    for given, _ in found:
        assert list(vetting.trouble(question, given, vetting.figures(question, given))) == []


def test_a_search_passes_over_what_has_no_right_answer(tmp_path):
    config = without_torch(tmp_path)
    solution, pool = (config.parent / name for name in ("solutions/q1_box.py", "assignment/q1_box.variants.yml"))
    solution.write_text(solution.read_text("utf-8").replace("_LEAST = 1 ", "_LEAST = 12 "), "utf-8")
    derived = "  channels: [15, 17, 19, 21, 23]\n  rest: 30/(width − 15)"  # none for a width of 15
    pool.write_text(pool.read_text("utf-8").replace("  channels: [15, 17, 19, 21, 23]", derived), "utf-8")
    with at_home(config) as course:
        vetting = vetted.Vetting(course)
        (question,) = course.questions
        found = [given for given, _ in vetting.search(question, 3)]
    assert found and all(given["height"] != 11 and given["width"] != 15 for given in found)


def test_a_variant_without_a_right_answer_is_named(tmp_path):
    config = without_torch(tmp_path)
    pool, solution = (config.parent / name for name in ("assignment/q1_box.variants.yml", "solutions/q1_box.py"))
    pool.write_text(pool.read_text("utf-8").replace("{height: 15,", "{height: 11,"), "utf-8")
    solution.write_text(solution.read_text("utf-8").replace("_LEAST = 1 ", "_LEAST = 12 "), "utf-8")
    with at_home(config) as course:
        lines, wrong = vetted.table(course)
    assert lines and any("it has no right answer: 11 is below" in one for one in wrong)


def test_a_mistakes_own_value_is_one_that_no_other_gives():
    assert figures(6, {"a": 10, "b": 12, "c": 10}).own == {"b"}
    assert figures((6, 7), {"a": (6, 8), "b": (6, 8), "c": [6, 9]}).own == {"c"}


def test_a_value_has_the_digits_and_the_parity_of_each_of_its_numbers():
    shape = figures((16, 5, 128), {})
    assert (shape.digits, shape.parity) == ((2, 1, 3), "eoe")
    assert (figures(-415, {}).digits, figures(-415, {}).parity) == ((3,), "o")


def test_a_witness_that_says_otherwise_is_named(vetting):
    (question,) = vetting.course.questions
    first = vetting.first(question)
    lying = {key: Figures(key, 1, one.value, one.wrong, one.steps, lambda: 7) for key, one in first.items()}
    found = list(vetting.trouble(question, vetting.course.pool(question).parameters(1), lying))
    assert found == ["q1.area: the witness says 7, the recipe 221", "q1.volume: the witness says 7, the recipe 4199"]


def test_proposals_are_lines_for_the_pools_file(vetting):
    (question,) = vetting.course.questions
    lines = vetted.proposed(vetting.course, question, 2, seed=0)
    assert lines[0] == "# assignment/q1_box.variants.yml: variant 1 tells 2 mistakes apart" and len(lines) == 3
    for (parameters, own), line in zip(vetting.search(question, 2), lines[1:], strict=True):
        its = parameters
        assert line == f"  - {{height: {its.height}, width: {its.width}, channels: {its.channels}}}  # {own}"


def test_where_too_few_are_found_it_says_what_to_do(vetting):
    (question,) = vetting.course.questions
    assert "give the parameters more values" in vetted.proposed(vetting.course, question, 500, seed=0)[-1]
