"""Each student's own homework: what cannot be handed out is refused before anything is written."""

import zipfile

import pytest

from autograder.course.course import TEMPLATE, Course
from autograder.errors import ConvgradeError
from autograder.gradebook import dealt
from autograder.prepare import handed_out, release
from tests.engine.toy_course import at_home, without_torch


@pytest.fixture(scope="module")
def home(tmp_path_factory):
    config = without_torch(tmp_path_factory.mktemp("course"))
    config.write_text(config.read_text("utf-8") + "variants: 2\n", "utf-8")
    with at_home(config) as course:
        yield course


@pytest.fixture
def roster(tmp_path):
    path = tmp_path / "roster.csv"
    path.write_text("id\nada\nbob\n", "utf-8")
    return path


def test_each_student_gets_a_zip_of_their_own_variant(home, roster, tmp_path, monkeypatch):
    made = {variant: {"answers.toml": f"variant {variant}".encode()} for variant in (1, 2)}
    monkeypatch.setattr(release, "files", lambda course, sheet: made[sheet.variant])  # a whole release is made elsewhere
    people = handed_out.hand_out(home, roster, tmp_path / "out")
    assert {one.id: one.variant for one in people}.keys() == {"ada", "bob"} and {one.variant for one in people} == {1, 2}
    for one in people:
        with zipfile.ZipFile(tmp_path / "out" / f"{one.id}.zip") as zip:
            assert zip.read("answers.toml") == made[one.variant]["answers.toml"]
    again = handed_out.hand_out(home, roster, tmp_path / "again", each="variant", zipped=False)
    assert [(one.id, one.variant) for one in again] == [(one.id, one.variant) for one in people], "dealt once"
    found = {path.relative_to(tmp_path / "again").as_posix() for path in (tmp_path / "again").rglob("*") if path.is_file()}
    assert found == {"variant-1/answers.toml", "variant-2/answers.toml"}


def test_nothing_is_handed_out_into_the_template(home, roster):
    with pytest.raises(ConvgradeError, match="within the template"):
        handed_out.hand_out(home, roster, home.root / TEMPLATE / "out")


def test_a_variant_that_the_pools_do_not_hold_is_named_and_nothing_is_written(tmp_path, roster):
    config = without_torch(tmp_path)
    config.write_text(config.read_text("utf-8") + "variants: 2\n", "utf-8")
    course = Course.load(config)
    dealt.dealt(course, roster)
    table = course.root / dealt.TABLE
    table.write_text("\n".join(line.replace("1", "7") for line in table.read_text("utf-8").splitlines()) + "\n", "utf-8")
    before = table.read_bytes()
    (course.root / dealt.SECRET).unlink()
    roster.write_text("id\nada\nbob\ncleo\n", "utf-8")
    with pytest.raises(ConvgradeError, match="has variant 7, and the pools hold 2") as caught:
        handed_out.hand_out(course, roster, tmp_path / "out", new_secret=True)
    assert caught.value.where == str(table) and not (tmp_path / "out").exists()
    assert table.read_bytes() == before and not (course.root / dealt.SECRET).exists()


def test_a_group_is_not_joined_whose_variant_the_pools_do_not_hold(tmp_path, roster):
    config = without_torch(tmp_path)
    config.write_text(config.read_text("utf-8") + "variants: 2\n", "utf-8")
    course = Course.load(config)
    table = course.root / dealt.TABLE
    table.write_text("id,name,group,variant\nada,,red,7\n", "utf-8")
    roster.write_text("id,group\nbob,red\n", "utf-8")
    with pytest.raises(ConvgradeError, match="ada has variant 7, and the pools hold 2"):
        handed_out.hand_out(course, roster, tmp_path / "out", new_secret=True)
    assert "bob" not in table.read_text("utf-8")


@pytest.fixture
def handed(home, tmp_path, monkeypatch):
    """Who is handed a sheet, by a table of variants and a roster; what is handed out lies in ``out``."""

    def one(table, class_):
        monkeypatch.setattr(release, "files", lambda course, sheet: {"answers.toml": b""})
        monkeypatch.setattr(dealt, "TABLE", "dealt.csv")
        (home.root / "dealt.csv").write_text(f"id,name,group,variant\n{table}", "utf-8")
        (tmp_path / "roster.csv").write_text(class_, "utf-8")
        return handed_out.hand_out(home, tmp_path / "roster.csv", tmp_path / "out", new_secret=True)

    return one


def test_who_has_no_variant_in_the_table_is_dealt_one(handed):
    assert sorted(one.variant for one in handed("ada,,,0\n", "id\nada\nbob\n")) == [1, 2]


def test_only_who_is_on_the_roster_is_handed_a_sheet(handed, tmp_path):
    people = handed("ali.reza,,,9\nali,,,1\n", "id,group\nalireza,-\n")
    assert [one.id for one in people] == ["alireza"]
    assert [path.name for path in (tmp_path / "out").iterdir()] == ["alireza.zip"]
