"""Who has which variant: dealt evenly, written down, and never guessed."""

from collections import Counter

import pytest

from autograder.course.course import Course
from autograder.errors import ConvgradeError
from autograder.gradebook import dealt
from autograder.model import Submission
from tests.engine.toy_course import copied

SECRET = b"0123456789abcdef0123456789abcdef"


@pytest.fixture
def course(tmp_path):
    config = copied(tmp_path)
    config.write_text(config.read_text("utf-8") + "variants: 2\n", "utf-8")
    return Course.load(config)


def roster(tmp_path, text):
    path = tmp_path / "roster.csv"
    path.write_text(text, "utf-8")
    return path


def people(count):
    return [dealt.Person(f"s{number:03}") for number in range(count)]


def test_variants_are_dealt_evenly_and_the_roster_may_stand_in_any_order(course):
    given = dealt.deal(course, people(61), SECRET, [])
    assert sorted(Counter(one.variant for one in given).values()) == [30, 31]
    again = dealt.deal(course, people(61)[::-1], SECRET, [])
    assert {one.id: one.variant for one in given} == {one.id: one.variant for one in again}
    other = dealt.deal(course, people(61), SECRET[::-1], [])
    assert {one.id: one.variant for one in given} != {one.id: one.variant for one in other}


def test_what_is_written_counts_and_who_comes_late_gets_the_rarest(course):
    before = [dealt.Person("s000", variant=2), dealt.Person("s001", variant=2)]
    given = {one.id: one.variant for one in dealt.deal(course, people(4), SECRET, before)}
    assert given == {"s000": 2, "s001": 2, "s002": 1, "s003": 1}


def test_a_group_has_one_variant(course):
    class_ = [dealt.Person(f"{group}{number}", group=group) for group in "abcdef" for number in (1, 2, 3)]
    given = dealt.deal(course, class_, SECRET, [])
    assert all(len({one.variant for one in given if one.group == group}) == 1 for group in "abcdef")
    assert sorted(Counter(one.variant for one in given).values()) == [9, 9]
    late = dealt.deal(course, [*class_, dealt.Person("a4", group="A")], SECRET, given)
    assert late[-1].id == "a4" and late[-1].variant == given[0].variant


@pytest.mark.parametrize(
    "text, said, line",
    [
        ("id,name\nada,Ada\nAda ,Ada L\n", "is there twice", 3),
        ("id,name\nali_reza,Ali\nALI REZA,Ali\n", "is there twice", 3),
        ("id,name\nada,Ada\n,Bob\n", "a cell is missing", 3),
        ("name\nAda\n", "there is no column id", 1),
        ("id,name\n", "nobody is on the roster", None),
    ],
)
def test_a_roster_that_cannot_be_used_is_refused_whole(course, tmp_path, text, said, line):
    path = roster(tmp_path, text)
    with pytest.raises(ConvgradeError, match=said) as error:
        dealt.dealt(course, path)
    assert error.value.where == (f"{path}:{line}" if line else str(path))
    assert not (course.root / dealt.TABLE).exists() and not (course.root / dealt.SECRET).exists()


def test_students_whose_ids_differ_in_a_sign_alone_are_two(course, tmp_path):
    everybody = dealt.dealt(course, roster(tmp_path, "id\nali.reza\nalireza\nali-reza\n"))
    assert [one.id for one in everybody] == ["ali.reza", "alireza", "ali-reza"]
    assert sorted(Counter(one.variant for one in everybody).values()) == [1, 2]
    dealing = dealt.dealing(course)
    assert {one.id: dealing.with_variant(Submission(one.id)).dealt.variant for one in everybody} == {
        one.id: one.variant for one in everybody
    }


def test_whoever_is_in_the_table_without_a_variant_is_dealt_one(course, tmp_path):
    table = course.root / dealt.TABLE
    dealt.made_secret(course)
    table.write_text("id,name,group,variant\nada,,g,0\nbob,,h,0\ncyd,,h,2\n", "utf-8")
    everybody = dealt.dealt(course, roster(tmp_path, "id,group\nada,g\nbob,h\ncyd,h\ndee,g\n"))
    given = {one.id: one.variant for one in everybody}
    assert list(given) == ["ada", "bob", "cyd", "dee"] and given["bob"] == given["cyd"] == 2
    assert given["ada"] == given["dee"] == 1
    assert [one.id for one in dealt.table(course)] == ["ada", "bob", "cyd", "dee"]


def test_a_hand_in_is_looked_up_by_id_then_account_then_group_then_name(course):
    rows = ["7,,,2", "x1,,7,1", "8@uni.edu,,,2", "x2,8,8,1", "x3,9,9,2", "x4,10,9,2", "x5,10,,1"]
    (course.root / dealt.TABLE).write_text("\n".join(["id,name,group,variant", *rows]), "utf-8")
    dealing = dealt.dealing(course)
    assert [dealing.with_variant(Submission(id)).dealt.variant for id in ("7", "8", "9")] == [2, 2, 2]
    assert dealing.with_variant(Submission("9", "10")).dealt.variant == 2  # by the group, not by the name of another


def test_a_row_without_a_variant_is_nobody_elses(course):
    rows = ["7,Ali,,0", "8,Ali,,2", "ali.reza,,,0", "alireza,,,1"]
    (course.root / dealt.TABLE).write_text("\n".join(["id,name,group,variant", *rows]), "utf-8")
    dealing = dealt.dealing(course)
    for hand_in in (Submission("7", "Ali"), Submission("ali.reza")):
        assert dealing.with_variant(hand_in).dealt.why == "variant.unknown"


def test_accounts_and_groups_that_differ_in_a_sign_are_two(course):
    rows = ["ali.reza@u.edu,,,1", "alireza@u.edu,,,2", "x,,team-1,1", "y,,team1,2"]
    (course.root / dealt.TABLE).write_text("\n".join(["id,name,group,variant", *rows]), "utf-8")
    dealing, ids = dealt.dealing(course), ("ali.reza", "alireza", "team-1", "team1")
    assert [dealing.with_variant(Submission(id)).dealt.variant for id in ids] == [1, 2, 1, 2]


def test_an_id_stays_the_same_however_often_the_table_is_written(course, tmp_path):
    path = roster(tmp_path, "id\na|=b\n")
    assert [[one.id for one in dealt.dealt(course, path)] for _ in range(3)] == [["a|=b"]] * 3


def test_the_table_is_written_once_and_a_person_may_change_it(course, tmp_path):
    path = roster(tmp_path, "id,name\nada,Ada\nbob,Bob\n")
    dealt.dealt(course, path)
    secret = course.root / dealt.SECRET
    assert secret.stat().st_mode & 0o777 == 0o600
    table = course.root / dealt.TABLE
    table.write_text("id,name,group,variant\nada,Ada,,2\nbob,Bob,,2\n", "utf-8")
    path.write_text("id,name\nada,Ada\nbob,Bob\ncyd,Cyd\n", "utf-8")
    assert {one.id: one.variant for one in dealt.dealt(course, path)} == {"ada": 2, "bob": 2, "cyd": 1}
    assert table.read_text("utf-8").splitlines()[1:] == ["ada,Ada,,2", "bob,Bob,,2", "cyd,Cyd,,1"]


def test_a_name_that_a_spreadsheet_could_misread_stays_the_same_however_often_the_table_is_written(course, tmp_path):
    path = roster(tmp_path, "id,name,group\nada,=Ada; -L,+team; -1\n")
    texts = []
    for _ in range(3):
        dealt.dealt(course, path)
        texts.append((course.root / dealt.TABLE).read_text("utf-8"))
    assert len(set(texts)) == 1 and "'=Ada; '-L" in texts[0] and dealt.table(course)[0].name == "=Ada; -L"


def test_a_lost_secret_is_not_replaced_silently(course, tmp_path):
    path = roster(tmp_path, "id\nada\n")
    dealt.dealt(course, path)
    codes = dealt.codes(course)
    (course.root / dealt.SECRET).unlink()
    with pytest.raises(ConvgradeError, match="is lost"):
        dealt.dealt(course, path)
    with pytest.raises(ConvgradeError, match="is lost"):
        dealt.sheet_of(course, 1)
    assert dealt.codes(course) == {} and dealt.Dealing(course).unchecked
    kept = {one.id: one.variant for one in dealt.dealt(course, path, new_secret=True)}
    assert kept == {one.id: one.variant for one in dealt.table(course)}
    # Sheets with the lost secret's codes are about: nobody is told that theirs was changed.
    assert dealt.sheet_of(course, 1).code not in codes and dealt.codes(course) == {} and dealt.Dealing(course).unchecked


def test_a_secret_that_others_can_read_is_refused(course):
    dealt.made_secret(course)
    (course.root / dealt.SECRET).chmod(0o644)
    with pytest.raises(ConvgradeError, match="others can read"):
        dealt.secret(course)


@pytest.mark.parametrize(
    "row, said",
    [("bob,,,two", "is not a variant's number"), ("ADA,,,1", "is there twice"), ("bob,,g,1\ncyd,,G,2", "of the same group")],
)
def test_a_table_that_contradicts_itself_is_refused(course, row, said):
    (course.root / dealt.TABLE).write_text(f"id,name,group,variant\nada,,,1\n{row}\n", "utf-8")
    with pytest.raises(ConvgradeError, match=said) as error:
        dealt.dealing(course)
    assert error.value.where.rpartition(":")[2] in ("3", "4")


def test_a_hand_in_has_the_variant_of_its_id_its_name_or_its_group_and_else_none(course):
    rows = ["ada,Ada L,,2", "sara,سارا,,1", "x1,Max,team 7,2", "x2,Max,team 7,2", "y1,Kim,,1", "y2,Kim,,2", "z,Zoe,,9"]
    (course.root / dealt.TABLE).write_text("\n".join(["id,name,group,variant", *rows]), "utf-8")
    dealing = dealt.dealing(course)

    def of(id, name=""):
        its = dealing.with_variant(Submission(id, name)).dealt
        return its.variant or its.why

    assert of("Ada") == 2 and of("12345", "Ada L") == 2 and of("999", "سارا") == 1
    assert of("Team_7") == 2 and of("777", "Max") == 2
    assert of("mallory", "Mallory") == "variant.unknown" and of("888", "Kim") == "variant.ambiguous"
    assert of("z") == "variant.gone"


def test_without_a_table_nothing_is_graded(course):
    with pytest.raises(ConvgradeError, match="nobody's variant is known"):
        dealt.dealing(course)


def test_a_config_that_forgets_what_was_dealt_is_refused(course):
    (course.root / dealt.TABLE).write_text("id,variant\nada,2\n", "utf-8")
    course.config_path.write_text(course.config_path.read_text("utf-8").replace("variants: 2", "variants: 1"), "utf-8")
    with pytest.raises(ConvgradeError, match="the config has only one"):
        dealt.dealing(Course.load(course.config_path))


def test_where_everybody_has_the_same_there_is_nothing_to_deal(course, tmp_path):
    course.config_path.write_text(course.config_path.read_text("utf-8").replace("variants: 2", "variants: 1"), "utf-8")
    same = Course.load(course.config_path)
    assert dealt.dealing(same) is None
    with pytest.raises(ConvgradeError, match="the same sheet"):
        dealt.dealt(same, roster(tmp_path, "id\nada\n"))
