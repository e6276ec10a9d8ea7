"""A folder of a student who is logged in and changes it while it is read."""

import os

from autograder.intake.tree import below, opened


def laid(folder, text):
    folder.mkdir(parents=True)
    (folder / "q1_one.py").write_text(text)


def test_a_folder_swapped_for_a_link_leads_nowhere(tmp_path):
    laid(tmp_path / "class" / "eve" / "hw", "EVE = 1")
    laid(tmp_path / "class" / "ada", "ADA = 1")
    laid(tmp_path / "outside", "SECRET = 1")
    with opened(tmp_path / "class") as tree:
        eve = tree.folders()["eve"]
        inner = eve.folders()["hw"]
        (file,) = inner.files()
        assert file.read(100) == b"EVE = 1"
        for target in (tmp_path / "outside", tmp_path / "class" / "ada"):
            (tmp_path / "class" / "eve" / "hw").rename(tmp_path / "aside")
            (tmp_path / "class" / "eve" / "hw").symlink_to(target)
            assert inner.files() == [] and [one.name for one in below(eve)] == ["hw"]  # the link itself
            try:
                file.read(100)
                raise AssertionError("a link was followed")
            except OSError:
                pass
            (tmp_path / "class" / "eve" / "hw").unlink()
            (tmp_path / "aside").rename(tmp_path / "class" / "eve" / "hw")
        (tmp_path / "class" / "eve").rename(tmp_path / "gone")
        (tmp_path / "class" / "eve").symlink_to(tmp_path / "gone")  # a step further up
        assert inner.files() == []


def test_no_descriptor_is_left_open(tmp_path):
    laid(tmp_path / "class" / "eve" / "hw", "EVE = 1")
    before = len(os.listdir("/proc/self/fd"))
    with opened(tmp_path / "class") as tree:
        for file in below(tree):
            file.read(100)
    assert len(os.listdir("/proc/self/fd")) == before
