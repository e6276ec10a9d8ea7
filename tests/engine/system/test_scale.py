"""The bench of scale, reduced: each part is really measured, and the page says which figures are a model's."""

import pytest

from tests.bench import scale

pytestmark = pytest.mark.thorough


def test_the_bench_of_scale_measures_every_part():
    found = scale.scale(4, 12, of=1_000, workers=5)
    assert len(found.services) == len(found.local["sizes"]) == 4
    out, back = map(min, zip(*found.local["sizes"], strict=True))
    assert out > 10_000 and back > 10_000, "a message holds a hand-in's files, and its reports"
    assert found.moved > out + back
    assert found.at_once["count"] == 12 and all(step > 0 for step in found.at_once["steps"].values())
    assert found.costs.send > 0 and found.costs.take > 0 and found.costs.scheduler > 0
    assert all(0 < one.busy <= 1 and one.seconds > 0 for one in found.held)
    assert found.rows.book > 10_000 and min(found.rows.adds.values()) > 10
    assert "Model, not measured: 1,000 hand-ins" in scale.told(found)
