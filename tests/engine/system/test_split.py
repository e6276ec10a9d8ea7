"""The stopwatch of the bench: what it is put around is what the engine has, and grading comes to the same under it."""

import json
import subprocess
import sys

import pytest

from tests.bench import ROOT, split
from tests.bench.cost import copies

pytestmark = pytest.mark.thorough


def test_a_right_submission_earns_all_marks_under_the_stopwatch(tmp_path):
    command = [sys.executable, "-m", "tests.bench.split", str(copies(tmp_path / "class", 1))]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
    figures = json.loads(done.stdout)
    assert (figures["submissions"], figures["lowest"]) == (1, 1)
    assert set(figures["phases"]) == set(split.PHASES)
    assert all(figures["phases"][name][2] > 0 for name in (split.IMPORT, split.CALLS)), "CPU behind the wall is counted"
