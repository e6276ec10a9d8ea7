"""Which system's download a path is, and which paths are nobody's."""

import os

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from autograder.errors import ConvgradeError
from autograder.intake import lms
from autograder.intake.collect import collect, reading
from autograder.intake.lms import SYSTEMS
from autograder.intake.tree import opened
from autograder.intake.unpack import unpack
from tests.engine.intake.hand_ins import BOOK, ONE, OTHER, laid, zipped
from tests.engine.intake.lms.downloads import CANVAS, EXPORT, KNOWN, METADATA, MOODLE_FLAT, MOODLE_FOLDERS, NBGRADER

ORDINARY = {
    "students": {"ada/q1_box.py": ONE, "bob/hw/q1_box.py": ONE, "submission_1/q1_box.py": ONE},
    "archives": {"ada_9912345_hw.zip": zipped({"q1_box.py": ONE}), "bob_2.zip": zipped({"q1_box.py": ONE})},
    "one like Canvas's among others": {"x_1_2_hw.zip": zipped({"q1_box.py": ONE}), "ada.zip": b"", "bob.zip": b""},
    "a student called submitted": {"submitted/q1_box.py": ONE, "ada/q1_box.py": ONE},
    "a student called submitted, a folder down": {"submitted/hw/q1_box.py": ONE, "ada/hw/q1_box.py": ONE},
    "one student": {"ada/hw/q1_box.py": ONE},
    "one student, a name like Canvas's": {"ada/x_1_2_hw.zip": zipped({"q1_box.py": ONE})},
    "one submission": {"q1_box.py": ONE, "a_1_2_b.ipynb": b"{}", "x_3_assignsubmission_file_/q1_box.py": ONE},
    "metadata and no folder": {"submission_metadata.yml": METADATA, "ada/q1_box.py": ONE},
    "nothing": {"readme.txt": b""},
}


@pytest.mark.parametrize("files", ORDINARY.values(), ids=ORDINARY.keys())
def test_an_ordinary_folder_is_none_of_these(tmp_path, files):
    path = laid(tmp_path / "class", files)
    tops = {name.partition("/")[0] for name in files}
    expected = 1 if "q1_box.py" in tops else len(tops - {"readme.txt", "submission_metadata.yml"})
    found = list(collect(path, KNOWN))
    assert len(found) == expected == reading(path, KNOWN).count()
    assert not {one.id for one in found} & {"1", "3", "hw"}


@pytest.mark.parametrize("name", ["ada.zip", "a_1_2_hw.zip", "x.ipynb", "x.tar.gz", "x.py"])
def test_a_single_file_is_none_of_these(tmp_path, name):
    path = tmp_path / name
    path.write_bytes(zipped({"hw/q1_box.py": ONE, "hw/__MACOSX/x": b""}))
    assert reading(path, KNOWN).kind == "one"
    assert len(list(collect(path, KNOWN))) == 1


def test_each_download_is_recognised_by_its_own_format_alone(download):
    for files, whose in (
        (EXPORT, "gradescope"),
        (CANVAS, "canvas"),
        (MOODLE_FLAT, "moodle"),
        (NBGRADER, "nbgrader"),
    ):
        path = download(files)
        taken = reading(path, KNOWN)
        assert taken.kind == whose and taken.sentence.endswith(f"taken for a download of {SYSTEMS[whose].TITLE}")
        if path.is_dir():
            path.rename(path.with_name(whose))


def test_a_pipe_is_not_waited_for(tmp_path):
    os.mkfifo(tmp_path / "class.zip")
    assert [one.trouble.key for one in collect(tmp_path / "class.zip", KNOWN)] == ["intake.not_regular"]


@pytest.mark.parametrize(
    "kind, names",
    [
        ("moodle", ("Ali Rezaei_12_assignsubmission_file_", "سارا_13_assignsubmission_file_")),
        ("canvas", ("rezaeiali_4411_90001_", "müllerzoë_LATE_4412_90002_")),
        ("blackboard", ("HW3_ali_attempt_2026-11-20-23-01-00_", "HW3_sara_attempt_2026-11-20-23-05-00_")),
    ],
)
def test_a_flat_download_of_notebooks_is_a_download(tmp_path, kind, names):
    """The homework's name stands in every file's name; that made them one student's."""
    laid(tmp_path, {f"{names[0]}hw3.ipynb": BOOK, f"{names[1]}hw3.ipynb": OTHER})
    assert reading(tmp_path, KNOWN).kind == kind
    assert len(list(collect(tmp_path, KNOWN))) == 2


@pytest.mark.slow
@settings(max_examples=3 * settings.default.max_examples)
@given(st.data(), st.sampled_from([zipped(EXPORT), zipped(CANVAS), zipped(MOODLE_FOLDERS), zipped(NBGRADER)]))
def test_a_damaged_download_comes_to_submissions_or_a_sentence(tmp_path_factory, data, download):
    damaged = bytearray(download)
    for _ in range(data.draw(st.integers(1, 6))):
        damaged[data.draw(st.integers(0, len(damaged) - 1))] = data.draw(st.integers(0, 255))
    path = tmp_path_factory.getbasetemp() / "export.zip"
    path.write_bytes(damaged)
    try:
        for one in collect(path, KNOWN):
            unpack(one, KNOWN)
    except ConvgradeError as error:
        assert str(error)


@pytest.mark.parametrize(
    ("files", "title"),
    [
        (["Ada Lovelace_ada.l_271/q1_box.py", "Bob_bob_272/q1_box.py", "status.xlsx"], "ILIAS"),
        (["Ada Lovelace(ada)/Submission attachment(s)/q1_box.py", "grades.csv"], "Sakai"),
        (["Lovelace, Ada(ada)/q1_box.py", "grades.csv"], "Sakai"),
        (["ada_a_1/q1_box.py", "bob_b_2/q1_box.py"], ""),
        (["ada/q1_box.py", "grades.csv"], ""),
        (["q1_box.py"], ""),
    ],
)
def test_a_system_whose_downloads_are_not_read_is_recognised(tmp_path, files, title):
    with opened(laid(tmp_path, dict.fromkeys(files, ONE))) as tree:
        assert lms.unread(tree, tmp_path) == title


def test_a_claim_says_how_much_fits_and_whether_its_name_does(tmp_path):
    files = {f"Ada_{number}_assignsubmission_file_/q1_box.py": ONE for number in (1, 2)} | {"late/q1_box.py": ONE}
    with opened(laid(tmp_path, files)) as tree:
        assert lms.claim(tree, "stuff", zipped=False) == lms.Claim("moodle", 2, whole=False, named=True)
        assert lms.claim(tree, "stuff", zipped=True) == lms.Claim("moodle", 2, whole=False, named=False)
        assert lms.claim(tree, "course-hw-12.zip", zipped=True).named and lms.top_of("canvas", tree, "stuff") is None
    with opened(laid(tmp_path / "plain", {"ada/q1_box.py": ONE})) as tree:
        assert lms.claim(tree, "download", zipped=False) is None
