"""Results in a folder: each file whole or not at all, for its owner alone, and one run at a time."""

import io
import stat
import zipfile

import pytest

from autograder import files
from autograder.errors import ConvgradeError


def mode(path):
    return stat.S_IMODE(path.stat().st_mode)


def test_a_file_is_written_with_the_folders_above_it_for_its_owner_alone(tmp_path):
    path = tmp_path / "out" / "submissions" / "a.json"
    files.write(path, b"1")
    assert path.read_bytes() == b"1" and mode(path) == 0o600
    assert mode(path.parent) == mode(path.parent.parent) == 0o700
    files.write(path, b"22")
    assert path.read_bytes() == b"22" and [one.name for one in path.parent.iterdir()] == ["a.json"]


def test_the_same_bytes_are_not_written_again_but_closed_to_others(tmp_path):
    path = tmp_path / "a.json"
    path.write_bytes(b"1")
    path.chmod(0o644)
    before = path.stat().st_ino
    files.write(path, b"1")
    assert path.stat().st_ino == before and mode(path) == 0o600


def test_a_link_that_waits_where_the_file_is_made_is_not_followed(tmp_path):
    other = tmp_path / "other"
    other.write_bytes(b"kept")
    (tmp_path / ".a.json.new").symlink_to(other)
    (tmp_path / "a.json").symlink_to(other)
    files.write(tmp_path / "a.json", b"1")
    assert other.read_bytes() == b"kept" and not (tmp_path / "a.json").is_symlink()


def test_what_cannot_be_written_is_said_and_leaves_the_old_file_whole(tmp_path):
    (tmp_path / "plain").write_bytes(b"")
    with pytest.raises(ConvgradeError, match=r"results cannot be written: .*--out"):
        files.write(tmp_path / "plain" / "a.json", b"1")
    (tmp_path / "a.json").mkdir()
    with pytest.raises(ConvgradeError) as error:
        files.write(tmp_path / "a.json", b"1")
    assert error.value.where == str(tmp_path / "a.json") and not (tmp_path / ".a.json.new").exists()


def test_what_is_no_result_is_not_called_one(tmp_path):
    (tmp_path / "plain").write_bytes(b"")
    with pytest.raises(ConvgradeError, match="the secret cannot be written") as error:
        files.write(tmp_path / "plain" / "a.secret", b"1", what="the secret")
    assert "--out" not in error.value.todo and "gradebook" not in error.value.todo


def test_a_folder_is_one_runs_at_a_time(tmp_path):
    with files.claimed(tmp_path / "out"):
        assert mode(tmp_path / "out") == 0o700
        with pytest.raises(ConvgradeError, match="another run is grading into this folder"), files.claimed(tmp_path / "out"):
            raise AssertionError("both have it")
    with files.claimed(tmp_path / "out"):
        pass


def test_a_place_that_is_no_folder_is_not_claimed(tmp_path):
    (tmp_path / "out").write_bytes(b"")
    with pytest.raises(ConvgradeError, match="results cannot be written"), files.claimed(tmp_path / "out"):
        pass


BOOKS = "gradebook.sqlite pending.sqlite marking.sqlite marking.sqlite-wal".split()
OTHERS = "grades.csv diagnoses.csv criteria.csv report.html atlas.html submissions exports feedback practice".split()


@pytest.mark.parametrize(
    ("beside", "closed"),
    [
        ((), True),
        (("grades.csv", ".hidden"), True),
        (("grades.csv", "notes.txt"), False),
        *(((name,), True) for name in [*BOOKS, *OTHERS]),
    ],
)
def test_a_folder_of_results_is_closed_to_others_and_one_with_other_things_is_left_as_it_is(tmp_path, beside, closed):
    tmp_path.chmod(0o755)
    for name in beside:
        (tmp_path / name).write_bytes(b"")
    files.private(tmp_path)
    assert mode(tmp_path) == (0o700 if closed else 0o755)


def test_a_file_is_made_for_a_library_to_open_and_an_old_one_keeps_its_bytes(tmp_path):
    files.create_private(tmp_path / "new")
    (tmp_path / "old").write_bytes(b"1")
    (tmp_path / "old").chmod(0o644)
    files.create_private(tmp_path / "old")
    assert (tmp_path / "new").read_bytes() == b"" and (tmp_path / "old").read_bytes() == b"1"
    assert mode(tmp_path / "new") == mode(tmp_path / "old") == 0o600


def test_the_same_files_are_the_same_zip_in_their_order():
    contents = {"b.txt": b"1" * 1000, "a/run": b"#!/bin/sh\n"}
    data = files.zipped(contents, programs=["a/run"])
    assert data == files.zipped(contents, programs=["a/run"]) and data != files.zipped(contents)
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        assert archive.namelist() == ["b.txt", "a/run"] and archive.read("b.txt") == b"1" * 1000
        assert [info.external_attr >> 16 for info in archive.infolist()] == [0o644, 0o755]
