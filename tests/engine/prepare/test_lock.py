"""What is installed is held against a lock: packages that are missing or of another version are named."""

from importlib import metadata

import pytest

from autograder.prepare.lock import differences

NUMPY = metadata.version("numpy")


@pytest.mark.parametrize(
    ("lock", "said"),
    [
        (f"numpy=={NUMPY} \\\n    --hash=sha256:00\n", []),
        ("numpy==0.0.1 \\\n    --hash=sha256:00\n", [f"numpy {NUMPY}, not 0.0.1"]),
        ("no-such-package-here==1.0\n", ["no-such-package-here missing, not 1.0"]),
        ("no-such-package-here>=0\n", ["no-such-package-here missing, not >=0"]),
        ("# numpy==0.0.1\n\n--index-url https://example.org\n    # via numpy\n", []),
        ("numpy==0.0.1 ; sys_platform == 'win32' \\\n    --hash=sha256:00\n", []),
        (f"numpy==0.0.1 ; sys_platform != 'win32'\nNumPy=={NUMPY}\n", [f"numpy {NUMPY}, not 0.0.1"]),
    ],
    ids=[
        "the same",
        "another version",
        "missing",
        "missing of any version",
        "no packages",
        "of another system",
        "of this one",
    ],
)
def test_differences_are_told_package_by_package(tmp_path, lock, said):
    (tmp_path / "lock.txt").write_text(lock, "utf-8")
    assert list(differences(tmp_path / "lock.txt")) == said


def test_without_a_lock_nothing_differs(tmp_path):
    assert list(differences(tmp_path / "none.txt")) == []
