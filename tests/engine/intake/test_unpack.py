"""From a submission's bytes to its texts: which files are read, and what is said of the others."""

import tarfile

import pytest

from autograder.course.course import KnownFiles
from autograder.intake.collect import collect
from autograder.intake.unpack import unpack
from autograder.model import Submission
from tests.engine.intake.hand_ins import ONE, SHEET, keys, laid, member, packed, tarred, zipped

KNOWN = KnownFiles(("q1_one", "q2_two"))
FILES = {"q1_one.py": "A = 1\n", "answers.toml": "[q1]\na = 1\n"}


def opened(data, name="x.zip"):
    return unpack(Submission("x", files={name: data}), KNOWN)


@pytest.mark.parametrize("above", ["", "homework/", "a b/c/"])
def test_files_may_sit_a_folder_down(above):
    sources = opened(zipped([(above + name, text) for name, text in FILES.items()]))
    assert sources.code == {"q1_one": "A = 1\n"} and sources.answers == FILES["answers.toml"] and not sources.trouble


def test_a_tar_is_read_as_a_zip_is():
    sources = opened(tarred([(member(f"hw/{name}"), text.encode()) for name, text in FILES.items()]), "x.tar.gz")
    assert sources.code == {"q1_one": "A = 1\n"} and sources.answers == FILES["answers.toml"]


def test_what_is_not_asked_is_named_and_left_out():
    extra = [
        (name, "x")
        for name in ("conftest.py", "torch.py", "numpy/__init__.py", "pytest.ini", "a.pth", "solutions/q1_one.txt")
    ]
    junk = [("__MACOSX/._q1_one.py", "x"), (".DS_Store", "x"), ("__pycache__/q1_one.cpython-311.pyc", "x")]
    sources = opened(zipped([*FILES.items(), *extra, *junk]))
    assert list(sources.code) == ["q1_one"] and keys(sources) == ["intake.ignored"] * 6


@pytest.mark.parametrize("name", ["../q1_one.py", "/q1_one.py", "a/../../q1_one.py", "..\\q1_one.py"])
def test_a_path_that_points_outside_is_left_out(name):
    sources = opened(zipped([(name, "EVIL = 1"), ("answers.toml", "[q1]\na = 1\n")]))
    assert sources.code == {} and keys(sources) == ["intake.outside"]


@pytest.mark.parametrize("kind", [tarfile.SYMTYPE, tarfile.LNKTYPE, tarfile.FIFOTYPE, tarfile.CHRTYPE, tarfile.BLKTYPE])
def test_links_and_devices_are_left_out(kind):
    data = tarred([(member("q1_one.py", kind, "/etc/passwd"), b""), (member("q2_two.py"), b"B = 2\n")])
    sources = opened(data, "x.tar.gz")
    assert sources.code == {"q2_two": "B = 2\n"} and keys(sources) == ["intake.not_regular"]


@pytest.mark.parametrize("name", ["Q1_One.PY", "ANSWERS.toml"])
def test_another_case_is_the_same_file(name):
    assert not opened(zipped([(name, "[q1]\n")])).trouble


def test_a_source_that_unpacks_to_much_is_not_read():
    sources = opened(zipped([("q1_one.py", "#" * (300 * 1024)), ("q2_two.py", "B = 2")]))
    assert list(sources.code) == ["q2_two"] and keys(sources) == ["intake.too_large"]


def test_of_many_files_left_out_a_few_are_named():
    sources = opened(tarred([(member("../q1_one.py"), b"")] * 3_000, "w"), "x.tar")
    assert len(sources.notes) == 41 and sources.notes[-1].values == {"count": 2_960}


@pytest.mark.parametrize("above", ["home/ali/Documents/uni/hw3/", "a/b/c/d/e/f/"])
def test_a_whole_path_above_the_files_loses_none(tmp_path, above):
    packed(tmp_path / "ali.zip", {f"{above}q1_one.py": ONE})
    laid(tmp_path, {f"sara/{above}q1_one.py": ONE})
    assert [unpack(one, KNOWN).code for one in collect(tmp_path, KNOWN)] == [{"q1_one": ONE.decode()}] * 2


def test_an_archive_without_files_and_a_file_without_bytes_say_so(tmp_path):
    packed(tmp_path / "empty.zip", {})
    packed(tmp_path / "folders.zip", {"hw3/": b""})
    laid(tmp_path, {"zero.zip": b""})
    packed(tmp_path / "blank.zip", {"q1_one.py": b"", "q2_two.py": b"\n"})
    found = {one.id: unpack(one, KNOWN) for one in collect(tmp_path, KNOWN)}
    assert {id: one.trouble.key for id, one in found.items() if one.trouble} == {
        "empty": "intake.empty_archive",
        "folders": "intake.empty_archive",
        "zero": "intake.no_bytes",
    }
    assert keys(found["blank"]) == ["intake.no_bytes"]


@pytest.mark.parametrize("name", ["answers.json", "answers.yaml", "answers (2).yml"])
def test_a_sheet_of_another_format_is_read(name):
    assert opened(SHEET, name).answers == SHEET.decode()
