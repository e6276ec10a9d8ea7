"""The hand-in that ``otter run`` was called with, and no other file of its name."""

import zipfile

import click
import pytest

from autograder.prepare.otter_package.original import original


@pytest.fixture
def called(tmp_path, monkeypatch):
    """Asks for the hand-in as if the command had been called in a folder with these parameters."""
    folder, unpacked = tmp_path / "shell", tmp_path / "unpacked"
    folder.mkdir()
    unpacked.mkdir()
    (unpacked / "q1.py").write_text("x = 1\n")
    (unpacked / "hw3.ipynb").write_text("the package's own")

    def ask(pwd=folder, **params):
        monkeypatch.setenv("PWD", str(pwd))
        run = click.Context(click.Command("run"))
        run.params.update(params)
        with click.Context(click.Command("inner"), parent=run):
            return original(unpacked, "hw3.ipynb")

    ask.folder = folder
    return ask


def zipped(path, files):
    with zipfile.ZipFile(path, "w") as zip:
        for name, text in files.items():
            zip.writestr(name, text)
    return path


def test_an_absolute_path_is_believed(called, tmp_path):
    assert called(submission=str(tmp_path / "x.zip")) == tmp_path / "x.zip"


def test_a_relative_path_is_believed_where_the_package_is_in_its_place(called):
    (called.folder / "hw3.ipynb").write_text("mine")
    (called.folder / "autograder.zip").write_text("")
    assert called(submission="hw3.ipynb", autograder="autograder.zip") == called.folder / "hw3.ipynb"
    assert called(submission="hw3.ipynb", autograder="other.zip") is None
    assert called(submission="hw3.ipynb", autograder=str(called.folder / "autograder.zip")) is None, "that shows nothing"
    assert called(submission="none.ipynb", autograder="autograder.zip") is None


@pytest.mark.parametrize(
    ("files", "believed"),
    [
        ({"q1.py": "x = 1\n", "hw3.ipynb": "the student's"}, True),
        ({"q1.py": "x = 2\n"}, False),
        ({"q1.py": "x = 1\n", "q2.py": ""}, False),
        ({"hw3.ipynb": "the student's"}, False),
        ({}, False),
    ],
    ids=["the same files", "another file", "one more", "nothing to compare", "empty"],
)
def test_a_zip_is_believed_where_it_holds_what_was_unpacked(called, files, believed):
    path = zipped(called.folder / "mine.zip", files)
    assert called(submission="mine.zip") == (path if believed else None)


def test_a_link_is_not_followed_to_compare(called, tmp_path):
    outside = tmp_path / "outside.py"
    outside.write_text("x = 1\n")
    (tmp_path / "unpacked" / "q1.py").unlink()
    (tmp_path / "unpacked" / "q1.py").symlink_to(outside)
    zipped(called.folder / "mine.zip", {"q1.py": "x = 1\n"})
    assert called(submission="mine.zip") is None


def test_a_program_names_no_file(called, tmp_path, monkeypatch):
    assert called() is None and original(tmp_path, "hw3.ipynb") is None
    assert called(pwd=tmp_path / "nowhere", submission="mine.zip") is None
