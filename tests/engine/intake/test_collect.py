"""Collecting: whose each hand-in is, and that nothing is lost without a word."""

import os
import resource

import pytest

from autograder.course.course import Course, KnownFiles
from autograder.errors import ConvgradeError
from autograder.intake.collect import CONTAINER, Interpretation, collect, reading
from autograder.intake.entries import Prefer
from autograder.intake.unpack import unpack
from autograder.runner.class_run import grade_class
from autograder.words import say
from tests.engine.intake.hand_ins import BOOK, ONE, OTHER, TWO, keys, laid, member, packed, tarred, zipped
from tests.engine.toy_course import TOY

KNOWN = KnownFiles(("q1_one", "q2_two"))
HW3 = KnownFiles(("q1_box", "q2_net"), template=frozenset({"hw3.ipynb", "q1_box.py"}))
FILES = {"q1_one.py": "A = 1\n", "answers.toml": "[q1]\na = 1\n"}


def hand_in(folder, files):
    folder.mkdir(parents=True)
    for name, text in files.items():
        (folder / name).write_text(text)


def test_a_class_is_found_in_order(tmp_path):
    hand_in(tmp_path / "zoe", FILES)
    (tmp_path / "ada.zip").write_bytes(zipped(FILES.items()))
    (tmp_path / "bob.tar.gz").write_bytes(tarred([(member("q1_one.py"), b"")]))
    (tmp_path / "empty").mkdir()
    (tmp_path / "roster.csv").write_text("no hand-in")
    (tmp_path / ".hidden").mkdir()
    found = list(collect(tmp_path, KNOWN))
    assert [one.id for one in found] == ["ada", "bob", "empty", "zoe"] and reading(tmp_path, KNOWN).count() == 4
    assert reading(tmp_path, KNOWN).aside == ("roster.csv",)
    assert found[2].trouble.key == "intake.empty"


def test_one_submission_is_known_as_one(tmp_path):
    hand_in(tmp_path / "zoe", FILES)
    assert [one.id for one in collect(tmp_path / "zoe", KNOWN)] == ["zoe"]
    (tmp_path / "ada.zip").write_bytes(zipped(FILES.items()))
    assert [one.id for one in collect(tmp_path / "ada.zip", KNOWN)] == ["ada"]


def test_links_and_pipes_of_a_folder_are_not_followed(tmp_path):
    secret = tmp_path / "secret.py"
    secret.write_text("SECRET = 1")
    folder = tmp_path / "class" / "eve"
    hand_in(folder, {"answers.toml": "[q1]\n"})
    (folder / "q1_one.py").symlink_to(secret)
    os.mkfifo(folder / "q2_two.py")
    (folder / "loop").symlink_to(folder)
    (one,) = collect(tmp_path / "class", KNOWN)
    assert list(one.files) == ["answers.toml"]
    assert {"intake.not_regular"} <= {note.key for note in one.notes} <= {"intake.ignored", "intake.not_regular"}


def test_a_file_whose_name_turns_its_direction_round_costs_only_itself(tmp_path):
    hand_in(tmp_path / "ada", {"answers.toml": "[q1]\n", "q1_\u202eone.py": "A = 1"})
    hand_in(tmp_path / "bob", FILES)
    (tmp_path / "cyd").mkdir()
    (tmp_path / "cyd" / "q1_\u202eone.py").write_text("A = 1")
    ada, bob, cyd = collect(tmp_path, KNOWN)
    assert list(ada.files) == ["answers.toml"] and bob.files.keys() == FILES.keys()
    assert cyd.trouble.key == "intake.nothing_known"
    assert all("q1_[U+202E]one.py" in say(one.notes[0], "en").replace("\\", "") for one in (ada, cyd))


def test_a_folder_that_cannot_be_opened_is_a_submission_that_says_so(tmp_path):
    hand_in(tmp_path / "ada", FILES)
    taken = reading(tmp_path / "ada", KNOWN)
    most = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (0, most[1]))  # who may read everything cannot open anything
    try:
        (ada,) = taken.submissions()
    finally:
        resource.setrlimit(resource.RLIMIT_NOFILE, most)
    assert (ada.id, ada.trouble.key) == ("ada", "intake.no_access") and "ada" in say(ada.trouble, "fa")


def test_a_class_that_has_gone_since_it_was_looked_at_is_said(tmp_path):
    hand_in(tmp_path / "class" / "ada", FILES)
    taken = reading(tmp_path / "class", KNOWN)
    assert taken.count() == 1
    (tmp_path / "class").rename(tmp_path / "elsewhere")
    for look in (taken.count, lambda: list(taken.submissions())):
        with pytest.raises(ConvgradeError, match="has changed since"):
            look()


def test_gradescopes_container_without_a_submission_is_an_empty_one(tmp_path):
    (tmp_path / "submission_metadata.json").write_text('{"users": [{"email": "ada@example.org"}]}')
    (ada,) = Interpretation(tmp_path, KNOWN, CONTAINER).submissions()
    assert (ada.id, ada.trouble.key) == ("ada", "intake.empty")


def test_a_file_of_the_homework_among_hand_ins_is_no_class_of_one(tmp_path):
    for id in ("ada", "bob"):
        (tmp_path / id).mkdir()
        (tmp_path / id / "q1_one.py").write_text("A = 1\n")
    (tmp_path / "answers.toml").write_text("")
    with pytest.raises(ConvgradeError, match=r"answers\.toml lies among 2 hand-ins"):
        list(collect(tmp_path, KNOWN))


def test_a_folder_without_a_submission_is_told_and_nothing_is_written(tmp_path):
    course = Course.load(TOY / "grader_config.yml")
    (tmp_path / "class").mkdir()
    with pytest.raises(ConvgradeError, match="no submission here"):
        grade_class(tmp_path / "class", course, tmp_path / "out", jobs=1)
    assert not (tmp_path / "out" / "grades.csv").exists()


def test_an_archive_alone_in_a_students_folder_is_opened(tmp_path):
    (tmp_path / "class" / "ada").mkdir(parents=True)
    (tmp_path / "class" / "ada" / "hw3.zip").write_bytes(zipped(FILES.items()))
    (tmp_path / "class" / "bo").mkdir()
    (tmp_path / "class" / "bo" / "q1_one.py").write_text("A = 2\n")
    (tmp_path / "class" / "bo" / "old.zip").write_bytes(zipped(FILES.items()))
    ada, bo = collect(tmp_path / "class", KNOWN)
    assert unpack(ada, KNOWN).code == {"q1_one": "A = 1\n"} and ada.id == "ada"
    assert unpack(bo, KNOWN).code == {"q1_one": "A = 2\n"}
    assert keys(unpack(bo, KNOWN)) == ["intake.twice"]


@pytest.mark.parametrize(
    "files", [("ali_hw3.ipynb", "sara_hw3.ipynb"), ("hw3_v1.ipynb", "hw3_final.ipynb"), ("ali_hw3.ipynb", "sara.zip")]
)
def test_two_hand_ins_called_for_the_homework_are_one_students_or_a_class(tmp_path, files):
    for name in files:
        if name.endswith(".zip"):
            packed(tmp_path / name, {"q1_box.py": ONE})
        else:
            laid(tmp_path, {name: name.encode()})
    with pytest.raises(ConvgradeError, match="one student's folder or a class: 2 hand-ins"):
        reading(tmp_path, HW3)
    assert len(list(collect(tmp_path, HW3, "plain"))) == 2


def test_what_systems_and_programs_leave_behind_is_nobodys(tmp_path):
    left = ("__MACOSX/ali/._q1_box.py", "._sara.zip", "~$notes.docx", "desktop.ini", ".git/config", ".venv/a/q1_box.py")
    laid(tmp_path, {"ali/q1_box.py": ONE, "sara/q1_box.py": TWO, **dict.fromkeys(left, b"x")})
    assert [one.id for one in collect(tmp_path, HW3)] == ["ali", "sara"]


def test_among_several_hand_ins_such_a_notebook_is_one_more(tmp_path):
    laid(tmp_path, {"ali/q1_box.py": ONE, "sara/q1_box.py": TWO, "reza_hw3.ipynb": BOOK})
    assert [one.id for one in collect(tmp_path, HW3)] == ["ali", "reza_hw3", "sara"]


def test_one_such_notebook_is_the_folders(tmp_path):
    place = laid(tmp_path / "sara", {"hw3 Sara Moradi.ipynb": BOOK})
    assert [one.id for one in collect(place, HW3)] == ["sara"]


@pytest.mark.parametrize(
    "files, named",
    [
        (("course/hw3/ali/q1_box.py", "course/hw3/sara/q1_box.py"), "course/hw3"),
        (("hw3/ali/q1_box.py", "hw3/sara/q1_box.py", "hw2/ali/x.py", "grades.xlsx", "notes.txt"), "hw3"),
        (("A/ali/q1_box.py", "A/sara/q1_box.py", "B/reza/q1_box.py", "B/mina/q1_box.py"), "A"),
    ],
    ids=["two above", "beside another homework", "two sections"],
)
def test_a_folder_that_holds_classes_is_refused_with_the_path_to_use(tmp_path, files, named):
    laid(tmp_path, dict.fromkeys(files, ONE))
    with pytest.raises(ConvgradeError) as error:
        reading(tmp_path, HW3)
    assert f"{tmp_path / named}" in str(error.value) and "--format plain" in str(error.value)
    assert reading(tmp_path, HW3, "plain").kind == "plain"


def test_a_folder_that_holds_the_zip_of_a_class_is_refused(tmp_path):
    packed(tmp_path / "all.zip", {"ali/q1_box.py": ONE, "sara/q1_box.py": TWO})
    with pytest.raises(ConvgradeError, match="unpack it and name the folder"):
        reading(tmp_path, HW3)


def test_one_student_with_folders_of_others_stops_no_class(tmp_path):
    laid(tmp_path, {"ali/q1_box.py": ONE, "eve/ali/q1_box.py": ONE, "eve/sara/q1_box.py": TWO})
    assert [one.id for one in collect(tmp_path, HW3)] == ["ali", "eve"]


def test_a_path_that_was_read_is_not_read_again(tmp_path):
    """Read anew, the two notebooks would be refused as doubtful."""
    laid(tmp_path, {"hw3_v1.ipynb": BOOK, "hw3_v2.ipynb": OTHER})
    nothing = laid(tmp_path / "empty", {})
    nothing.mkdir()
    course = Course.load(TOY / "grader_config.yml")
    with pytest.raises(ConvgradeError, match="there is no submission here"):
        grade_class(Interpretation(nothing, HW3, "plain"), course, tmp_path / "out", jobs=1, format="moodle")


def test_a_linked_folder_says_that_it_is_one(tmp_path):
    laid(tmp_path, {"ali/q1_box.py": ONE, "sara/q1_box.py": ONE})
    (tmp_path / "zed").symlink_to(tmp_path / "ali")
    assert list(collect(tmp_path, HW3))[-1].trouble.key == "intake.not_regular"


def test_nothing_is_preferred_where_there_is_nothing_to_choose(tmp_path):
    one = laid(tmp_path / "ali", {"q1_box.py": ONE})
    with pytest.raises(ConvgradeError, match="--prefer chooses among"):
        list(collect(one, HW3, "", Prefer(newest=True)))
