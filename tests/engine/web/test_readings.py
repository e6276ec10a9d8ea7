"""From readings to points, agreement between people, and the rubric's file."""

import pytest

from autograder.course.course import Course
from autograder.course.rubric import load
from autograder.errors import ConvgradeError
from autograder.gradebook.marking_file import FILE, Decision, MarkingFile, Reading
from autograder.gradebook.readings import settle, settled
from autograder.marking.written_marks import text_hash
from autograder.model import Picture
from autograder.web.agreement import agreement
from autograder.web.quality import along
from tests.engine.toy_course import REPOSITORY
from tests.engine.web.made import PART


@pytest.fixture
def rubric(course):
    return load(course)[PART]


def reading(rubric, who, *met, number=1, **more):
    decided = {one.id: Decision(bool(value), one.sentence) for one, value in zip(rubric.criteria, met, strict=True)}
    known = {"student": "ada", "part": PART, "text": "t", "rubric": rubric.hash, "at": float(number), "seconds": 1.0}
    return Reading(**known, who=who, met=decided, number=number, save=f"{who}{number}", **more)


def test_agreeing_readings_give_the_points_and_every_comment_once(rubric):
    found = settle(
        [reading(rubric, "a", 1, 0, 1, comment="x"), reading(rubric, "b", 1, 0, 1, number=2, comment="x")], rubric
    )
    assert (found.cents, found.comment, found.who, found.numbers, found.at) == (1500, "x", ("a", "b"), (1, 2), 2.0)


def test_a_person_s_newest_reading_counts(rubric):
    found = settle([reading(rubric, "a", 1, 1, 1), reading(rubric, "a", 0, 1, 1, number=2)], rubric)
    assert found.cents == 1000 and found.numbers == (2,)


def test_a_disagreement_has_no_points_until_it_is_settled_and_the_settling_counts_alone(rubric):
    both = [reading(rubric, "a", 1, 1, 1), reading(rubric, "b", 1, 1, 0, number=2)]
    assert settle(both, rubric).cents is None and settle(both, rubric).open == ("place",)
    found = settle([*both, reading(rubric, "c", 1, 1, 0, number=3, kind="settling")], rubric)
    assert (found.cents, found.who) == (1500, ("c",))


def test_rows_are_added_and_never_changed(tmp_path, rubric):
    with MarkingFile(tmp_path / FILE) as file:
        one, other = reading(rubric, "a", 1, 1, 1), reading(rubric, "a", 0, 0, 0, number=2)
        first, second = file.add([one])[0], file.add([other])[0]
        assert file.add([one]) == [first], "the same save again adds nothing"
        file.take_back([second.number], "a")
        assert file.standing() == [first]
        assert file.database.execute("SELECT count(*) FROM readings").fetchone() == (2,)
    assert settled(tmp_path / FILE, {PART: rubric})["ada", PART, "t"].cents == 2000
    assert settled(tmp_path / "none.sqlite", {PART: rubric}) == {}


def test_a_mark_belongs_to_the_text_and_its_pictures():
    picture = Picture("image/png", b"1")
    hashes = {text_hash("a"), text_hash("b"), text_hash("a", [picture]), text_hash("a", [picture, picture]), text_hash("")}
    assert len(hashes) == 5


def test_a_file_that_cannot_be_used_is_named(tmp_path):
    (tmp_path / FILE).write_bytes(b"no database at all, whatever its name says" * 50)
    with pytest.raises(ConvgradeError, match=r"marking\.sqlite: the readings cannot be used"):
        MarkingFile(tmp_path / FILE)


# ---- agreement


def units(*columns: str) -> list[list[bool]]:
    return [[one == "1" for one in column if one != "."] for column in columns]


def test_krippendorff_s_own_example_of_two_observers_and_ten_units():
    """Krippendorff, Computing Krippendorff's Alpha-Reliability (2011), section A: binary data, two observers, α = 0.095."""
    first, second = "0100000000", "1110010100"
    found = agreement(units(*(a + b for a, b in zip(first, second, strict=True))))
    assert found.units == 10 and found.raw == pytest.approx(0.6) and found.alpha == pytest.approx(0.095, abs=5e-4)


def test_agreement_with_missing_readings_and_where_nothing_can_be_said():
    assert agreement(units("1.", ".0", "1")).raw is None
    assert agreement(units("11", "11")).alpha is None, "nobody ever decided otherwise"
    assert agreement(units("11", "00", "1.")).alpha == pytest.approx(1)
    assert agreement(units("10", "01")).alpha == pytest.approx(1 - 3 * 4 / 8)
    assert agreement(units("111", "110", "00.")).units == 3


def test_the_share_along_the_order_is_a_mean_of_each_tenth():
    assert along([1.0] * 10 + [0.0] * 10) == [1.0] * 5 + [0.0] * 5
    assert along([0.5, 1.0]) == [0.5, 1.0] and along([]) == []


# ---- the rubric's file


def test_the_homework_s_own_rubrics_can_be_used():
    rubrics = load(Course.load(REPOSITORY / "grader_config.yml"))
    assert all(one.sample.en and one.sample.fa and one.max_cents > 0 for one in rubrics.values())


@pytest.mark.parametrize(
    "old, new, line, told",
    [
        ("points: 10", "points: 9", 2, "add up to 19.00 points, and q1.written.w1 has 20.00"),
        ("points: 10", "points: ten", 4, "criterion what has 'ten' for points"),
        ("points: 10", "points: 0", 4, "criterion what has 0 for points"),
        ("points: 10", "points: 10.001", 4, "criterion what has 10.001 for points"),
        ("id: value", "id: what", 7, "w1 has two criteria what"),
        ("id: value", "id: 7", 7, "a criterion has no usable id"),
        ('fa: "می‌گوید هر پیکسل برای', 'xx: "می‌گوید هر پیکسل برای', 7, "criterion value has no sentence in fa"),
        ("w1:", "w2:", 1, "w1 has no criteria"),
        ("  criteria:", "  criteria: 3\n  more:", 2, "w1 has no criteria"),
        ('    en: "The smallest', '    - "The smallest', 16, "not YAML"),
        ("w1:", "w1: [", 2, "not YAML"),
    ],
)
def test_a_rubric_that_cannot_be_used_is_named_with_its_line(config, course, old, new, line, told):
    path = config.parent / "assignment" / "q1_box.rubric.yml"
    text = path.read_text("utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), "utf-8")
    with pytest.raises(ConvgradeError) as caught:
        load(course)
    assert told in caught.value.what
    if told != "not YAML":
        assert caught.value.where == f"{path}:{line}" and caught.value.todo
    else:
        assert caught.value.where.startswith(f"{path}:")


def test_a_hash_of_a_rubric_changes_with_what_counts_alone(rubric):
    other = rubric.__class__(rubric.part, rubric.criteria, rubric.sample.__class__("another", "نمونه"))
    assert other.hash == rubric.hash
    fewer = rubric.__class__(rubric.part, rubric.criteria[:-1])
    assert fewer.hash != rubric.hash
