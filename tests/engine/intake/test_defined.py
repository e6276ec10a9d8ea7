"""Names that a hand-in defines, and those that it defines twice."""

import time

from autograder.intake.defined import solved
from autograder.intake.notebook import Notebook
from autograder.model import Sources


def test_a_definition_with_many_empty_lines_takes_no_longer_than_its_length():
    began = time.process_time()
    sources = Sources(
        {"q1_one": f"def area():{chr(10) * 200_000}  return 1\n\ndef volume():\n\n\traise NotImplementedError\n"}
    )
    assert solved(sources, Notebook(())) == {"area"}
    assert time.process_time() - began < 2
