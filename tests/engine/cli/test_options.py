"""The course and the grades that a command names: usable as they are, or an error that says what to do."""

import pytest

from autograder.cli.options import FORMATS, course_of, latest_of, preferring
from autograder.errors import ConvgradeError
from autograder.intake.lms import SYSTEMS
from tests.engine.toy_course import TOY, copied


def test_a_finished_course_is_loaded(tmp_path):
    assert course_of(TOY / "grader_config.yml").config.title.startswith("A toy course")
    with pytest.raises(ConvgradeError, match="cannot be read"):
        course_of(tmp_path / "grader_config.yml")


def test_a_course_that_its_author_is_still_writing_is_refused_with_the_first_line_that_waits(tmp_path):
    config = copied(tmp_path)
    rubric = config.parent / "assignment" / "q1_box.rubric.yml"
    rubric.write_text(rubric.read_text("utf-8") + "\n# TODO(author): write it\n", "utf-8")
    with pytest.raises(ConvgradeError, match="1 lines wait for the author") as error:
        course_of(config)
    assert "q1_box.rubric.yml" in error.value.todo and course_of(config, finished=False).config_path == config


def test_a_folder_without_grades_is_an_error(tmp_path):
    with pytest.raises(ConvgradeError):
        latest_of(tmp_path)


def test_every_system_that_is_read_can_be_named():
    assert set(FORMATS) == {*SYSTEMS, "plain"}


def test_which_of_several_hand_ins_counts_is_said_by_a_word_or_a_table(tmp_path):
    assert preferring("") is None and preferring("newest").newest
    table = tmp_path / "prefer.csv"
    table.write_text("id,file\nAda Lovelace,ada_2.zip\n", "utf-8")
    chosen = preferring(str(table))
    assert not chosen.newest and [*chosen.files.values()] == [("ada_2.zip", f"{table}:2")]
    table.write_text("id,file\nada,ada/\nAda,ada\nADA,Ada.zip\n", "utf-8")
    with pytest.raises(ConvgradeError, match=r"another file than in .*:2") as caught:
        preferring(str(table))
    assert caught.value.where == f"{table}:4"
    with pytest.raises(ConvgradeError, match="there is no such file"):
        preferring(str(tmp_path / "none.csv"))
