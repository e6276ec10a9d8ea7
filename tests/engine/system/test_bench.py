"""The benchmark runs to its end and fills its page: nothing else holds it against what the engine renames."""

import shutil
import subprocess
import sys

import pytest

from tests.bench import RIGHT, ROOT, peers
from tests.bench.cost import environment

pytestmark = pytest.mark.thorough
SMALL = "--copies 1 --plain 1 --students 1 --sizes 10 --class-of 3 --hand-ins 3".split()


def test_the_whole_benchmark_writes_its_page(tmp_path):
    page = tmp_path / "bench.md"
    command = [sys.executable, "-m", "tests.bench", *SMALL, "--page", str(page)]
    subprocess.run(command, cwd=ROOT, check=True)
    text = page.read_text("utf-8")
    for heading in (
        "Ratios",
        "A submission",
        "Where a submission's time goes",
        "A class as it is",
        "Long classes",
        "100,000",
    ):
        assert f"\n## {heading}" in text
    assert "nan" not in text


def test_the_cells_of_nbgraders_notebook_run_here_too(tmp_path):
    """nbgrader has an environment of its own, which only `make bench` builds."""
    right = shutil.copytree(RIGHT, tmp_path / "right")
    cells = peers.SETUP.format(root=str(ROOT)) + f"\nprint(asked(course, Path({str(right)!r}), 'q1_equivalence'))"
    done = subprocess.run([sys.executable, "-c", cells], env=environment(), capture_output=True, text=True, check=True)
    assert int(done.stdout) > 5
