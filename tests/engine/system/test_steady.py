"""Long classes, reduced: what a run holds does not grow with the class, and nothing is left of it afterwards.

The bench does the same with 10,000 (``python -m tests.bench steady``), and there the time of a submission too.
"""

import pytest

from tests.bench import steady

pytestmark = pytest.mark.thorough


@pytest.fixture(scope="module")
def classes():
    return [steady.graded(count, jobs=2) for count in (40, 160)]


def test_the_coordinators_memory_does_not_follow_the_class(classes):
    short, long = classes
    assert long.late_mb - long.early_mb < 2.5  # 144 submissions; sqlite's own cache is filled on the way
    assert abs(long.late_mb - short.late_mb) < 2.5


def test_no_descriptor_and_no_process_is_left(classes):
    for one in classes:
        assert one.processes == (0, 0)
        assert one.descriptors[1] == one.descriptors[0]
