"""The written answers of a hand-in: the file's and the notebook's, with their pictures, and text under no heading."""

import base64

import pytest

from autograder.course.course import Course
from autograder.intake import essays
from autograder.intake.notebook import NONE, read
from autograder.model import LANGUAGES, MOST_WRITTEN, Picture, Sources
from autograder.words import say
from tests.engine.intake.hand_ins import book, cell
from tests.engine.toy_course import add_question, copied

PNG = b"\x89PNG\r\n\x1a\n" + b"x" * 20
INLINE = f"data:image/png;base64,{base64.b64encode(PNG).decode()}"


@pytest.fixture(scope="module")
def course(tmp_path_factory):
    """Of two questions, w1 and w2, with a template."""
    config = copied(tmp_path_factory.mktemp("course"))
    add_question(config)
    template = config.parent / "student_template"
    template.mkdir()
    (template / "written.md").write_text("# Written\n\n## w1\n\n> What is a pixel?\n\n## w2\n\n> What is a disc?\n")
    return Course.load(config)


def written(text, course, book=NONE):
    return essays.read(Sources(written=text), book, course)


def cells(*texts):
    return read(book(*(cell(text, "markdown") for text in texts)), ("w1", "w2"))


def test_of_a_part_that_both_have_the_notebooks_text_counts(course):
    found = written("## w1\n\nfile\n\n## w2\n\nfile too\n", course, cells("## w1\n\ncell"))
    assert found.answers == {"w1": "cell", "w2": "file too"} and found.notes == () and found.pictures == {}


def test_the_template_as_it_was_handed_out_is_no_answer(course):
    path = course.root / "student_template" / "written.md"
    assert written(path.read_text(), course) == essays.Essays() == written(None, course)


def test_a_text_under_no_heading_is_shown_at_every_part_without_one(course):
    loose = "A pixel is the smallest piece of an image, I think."
    found = written(f"{loose}\n\n## w1\n\nmine\n", course)
    assert found.answers == {"w1": "mine", "w2": loose}
    (note,) = found.notes
    assert (note.key, note.values) == ("written.unclaimed", {"words": 11, "text": loose})
    assert all("11" in say(note, "en") and "{" not in say(note, language) for language in LANGUAGES)


def test_a_name_at_the_top_is_noted_and_is_no_answer(course):
    found = written("Ada Lovelace, 0042\n\n## w1\n\nmine\n", course)
    assert found.answers == {"w1": "mine"} and found.notes[0].values["words"] == 3


def test_a_picture_is_kept_apart_from_the_text(course):
    found = written(f"## w1\n\nSee ![it]({INLINE}).\n\n## w2\n\nplain\n", course)
    assert found.answers == {"w1": "See ![it](data:image).", "w2": "plain"}
    assert found.pictures == {"w1": (Picture("image/png", PNG),)}


def test_a_long_answer_is_cut_where_nobody_reads_on(course):
    answer = written("## w1\n\n" + "word " * MOST_WRITTEN, course).answers["w1"]
    assert len(answer) == MOST_WRITTEN and answer.endswith("…")
