"""What is said of a student's variant and of the sheet that was filled in, in both languages."""

import pytest

from autograder.course import variants
from autograder.course.course import Course
from autograder.gradebook import dealt
from autograder.marking import own_variant
from autograder.model import LANGUAGES, Dealt, Submission
from autograder.words import say
from tests.engine.toy_course import copied

CODES = {"AAAAA": 1, "BBBBB": 2}


def said(claim, its):
    messages = list(own_variant.notes(claim, its))
    for message in messages:  # every sentence stands in both languages, and takes these values
        assert all(say(message, language) for language in LANGUAGES)
    return [message.key for message in messages]


@pytest.mark.parametrize(
    "claim, its, told",
    [
        ("", None, []),
        ("1 AAAAA", None, []),
        ("", Dealt(2, codes=CODES), ["variant.own"]),
        ("2 BBBBB", Dealt(2, codes=CODES), ["variant.own"]),
        ("1 AAAAA", Dealt(2, codes=CODES), ["variant.own", "variant.other_sheet"]),
        ("2 AAAAA", Dealt(2, codes=CODES), ["variant.own", "variant.code_changed"]),
        ("two", Dealt(2, codes=CODES), ["variant.own", "variant.code_changed"]),
        ("1 ZZZZZ", Dealt(2), ["variant.own", "variant.other_sheet"]),
        ("2 BBBBB", Dealt(2, codes=CODES, withdrawn=True), ["variant.own", "variant.withdrawn"]),
        ("2 BBBBB", Dealt(why="variant.unknown", codes=CODES), ["variant.unknown", "variant.sheet_says"]),
        ("2 ZZZZZ", Dealt(why="variant.unknown", codes=CODES), ["variant.unknown"]),
        ("2 BBBBB", Dealt(why="variant.ambiguous"), ["variant.ambiguous"]),
        ("", Dealt(why="variant.gone", codes=CODES), ["variant.gone"]),
    ],
)
def test_what_is_said(claim, its, told):
    assert said(claim, its) == told


def test_a_variant_that_is_withdrawn_in_flight_stays_with_who_has_it_and_goes_to_nobody_else(tmp_path):
    config = copied(tmp_path)
    pool = config.parent / "assignment/q1_box.variants.yml"
    text = pool.read_text("utf-8") + "  - {height: 17, width: 21, channels: 23}\n"
    pool.write_text(text, "utf-8")
    config.write_text(config.read_text("utf-8") + "variants: 2\n", "utf-8")
    (config.parent / dealt.TABLE).write_text("id,variant\nada,2\n", "utf-8")
    variants.pool.cache_clear()
    before = dealt.dealing(Course.load(config)).with_variant(Submission("ada")).dealt
    pool.write_text(f"{text}withdrawn: {{2: a misprint}}\n", "utf-8")
    variants.pool.cache_clear()
    course = Course.load(config)
    after = dealt.dealing(course).with_variant(Submission("ada")).dealt
    assert (before.variant, before.withdrawn, after.variant, after.withdrawn) == (2, False, 2, True)
    assert course.offered == (1, 3) and own_variant.withheld(course, Submission("ada", dealt=after)) == {}
    people = dealt.deal(course, [dealt.Person(f"s{number}") for number in range(8)], b"s" * 32, dealt.table(course))
    assert {one.variant for one in people if one.id != "ada"} == {1, 3}


def test_only_the_numbers_that_vary_wait_where_the_variant_is_not_known(tmp_path):
    config = copied(tmp_path)
    course = Course.load(config)
    unknown = Submission("mallory", dealt=Dealt(why="variant.unknown"))
    assert set(own_variant.withheld(course, unknown)) == {"q1.area", "q1.volume"}
    (config.parent / "assignment/q1_box.variants.yml").unlink()
    variants.pool.cache_clear()
    assert own_variant.withheld(Course.load(config), unknown) == {}
