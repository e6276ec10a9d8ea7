"""One student's hand-in out of all the files there are: what is kept, what is left out and named, and which version is the newer."""

import pytest

from autograder.course.course import KnownFiles
from autograder.intake import gather
from autograder.intake.archive import Unreadable
from autograder.intake.tree import Found
from autograder.model import LANGUAGES, Message
from autograder.words import say
from tests.engine.intake.hand_ins import ONE, SHEET, keys

KNOWN = KnownFiles(("q1_box", "q2_net"))


def file(path, data=ONE, changed=0.0):
    return Found(tuple(path.split("/")), lambda most: data[: most + 1], changed)


def failing(path, error):
    def read(most):
        raise error

    return Found(tuple(path.split("/")), read)


def gathered(*files, **more):
    """The submission of these files; whatever is said can be said in both languages."""
    one = gather.gathered("ada", "", files, KNOWN, **more)
    for message in (*one.notes, *([one.trouble] if one.trouble else [])):
        assert all("{" not in say(message, language) for language in LANGUAGES)
    return one


def test_what_may_be_the_homeworks_is_kept_by_its_path_and_the_rest_named():
    one = gathered(file("hw/q1_box.py"), file("answers.toml", SHEET), file("hw/notes.txt"), file("hw.zip", b"PK"))
    assert one.files == {"hw/q1_box.py": ONE, "answers.toml": SHEET, "hw.zip": b"PK"}
    assert keys(one) == ["intake.ignored"] and one.notes[0].values == {"file": "hw/notes.txt"}


def test_a_students_name_and_time_are_handed_on_in_one_form():
    one = gather.gathered(
        "ada", "Ada\u202e\n e\u0301", [file("q1_box.py")], KNOWN, [Message("intake.late_mark")], "2026", sure=True
    )
    assert (one.id, one.name, one.handed_in, one.sure) == ("ada", "Ada[U+202E] é", "2026", True)
    assert keys(one) == ["intake.late_mark"]


@pytest.mark.parametrize(
    ("files", "trouble"),
    [
        ((), "intake.empty"),
        ((file("notes.txt"),), "intake.nothing_known"),
        ((file("hw.rar"),), "intake.foreign"),
        ((file("hw.zip.part"),), "intake.unfinished"),
        ((failing("q1_box.py", PermissionError(13, "no")),), "intake.unreadable"),
        ((failing("q1_box.py", Unreadable("intake.damaged_entry", file="x")),), "intake.damaged_entry"),
    ],
    ids=["nothing", "another file", "foreign", "unfinished", "no access", "damaged"],
)  # fmt: skip
def test_a_hand_in_without_a_file_says_why_and_says_it_once(files, trouble):
    one = gathered(*files)
    assert one.files == {} and one.trouble.key == trouble and trouble not in [note.key for note in one.notes]


def test_what_is_foreign_or_broken_beside_the_homework_is_only_noted():
    one = gathered(file("old.rar"), failing("q2_net.py", OSError(5, "no")), file("q1_box.py"))
    assert list(one.files) == ["q1_box.py"] and one.trouble is None and len(one.notes) == 2


def test_a_missing_file_with_nearly_its_name_is_asked_about():
    one = gathered(file("q1_box.py"), file("q2_nett.py"))
    (note,) = one.notes
    assert (note.key, note.values) == ("intake.looks_like", {"file": "q2_nett.py", "name": "q2_net.py"})


def versions(*changed):
    names = ("hw.zip", "hw (1).zip", "hw (2).zip")
    return [file(name, name.encode(), at) for name, at in zip(names, changed, strict=False)]


def test_of_versions_the_newest_by_its_name_is_kept_and_the_others_named():
    for times in ((0.0, 0.0, 0.0), (0.0, 100.0, 200.0), (200.0, 210.0, 190.0)):  # unpacked at once, they have one time
        one = gathered(*versions(*times))
        assert list(one.files) == ["hw (2).zip"] and one.trouble is None
        assert [note.values["files"] for note in one.notes] == ["hw.zip", "hw (1).zip"]


def test_where_name_and_time_contradict_each_other_nothing_is_graded():
    one = gathered(*versions(1_000.0, 100.0))
    assert one.trouble.key == "intake.versions" and one.trouble.values == {"files": "hw.zip, hw (1).zip"}


def test_a_version_of_an_unknown_time_contradicts_nothing():
    one = gathered(*versions(1_000.0, 0.0))
    assert one.trouble is None and list(one.files) == ["hw (1).zip"]


def test_versions_that_are_the_same_contradict_nothing():
    one = gathered(file("hw.zip", b"PK", 1_000.0), file("hw (1).zip", b"PK", 100.0))
    assert list(one.files) == ["hw (1).zip"] and one.trouble is None and one.notes == ()


def test_archives_of_two_folders_or_two_names_are_no_versions():
    one = gathered(file("a/hw.zip"), file("b/hw (1).zip"), file("a/code.zip"))
    assert list(one.files) == ["a/hw.zip", "b/hw (1).zip", "a/code.zip"]


def test_no_more_is_read_than_a_student_may_hand_in(monkeypatch):
    monkeypatch.setattr(gather, "MAX_FILES", 3)
    monkeypatch.setattr(gather, "MAX_KEPT", 2)
    one = gathered(*(file(f"{n}/q1_box.py") for n in range(5)))
    assert list(one.files) == ["0/q1_box.py", "1/q1_box.py"]
    assert keys(one) == ["intake.too_many_files", "intake.ignored"]
    monkeypatch.setattr(gather, "MAX_BYTES", 8)
    one = gathered(file("q1_box.py", b"12345678"), failing("q2_net.py", AssertionError("it was read")))
    assert list(one.files) == ["q1_box.py"]
