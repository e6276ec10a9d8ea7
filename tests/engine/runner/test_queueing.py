"""The bench's model of a cluster, where its answer can be worked out by hand."""

import pytest

from tests.bench.queueing import Costs, bends_at, modelled


def test_workers_decide_where_there_are_few():
    one = modelled(1_000, 2, Costs(0.001, 0.001), [0.5])
    assert one.seconds == pytest.approx(1_000 * 0.5 / 2, rel=0.01)
    assert one.working == pytest.approx(1, rel=0.01)


def test_the_coordinator_decides_where_there_are_many():
    one = modelled(1_000, 50, Costs(0.03, 0.02), [0.5])
    assert one.seconds == pytest.approx(1_000 * 0.05, rel=0.02)
    assert one.busy == pytest.approx(1, rel=0.02)


def test_the_scheduler_decides_where_it_is_the_slowest():
    assert modelled(1_000, 50, Costs(0.01, 0.01, scheduler=0.1), [0.5]).seconds == pytest.approx(100, rel=0.02)


def test_it_bends_where_the_rates_meet():
    costs, services = Costs(0.03, 0.02), [0.2, 0.8]
    bend = bends_at(costs, services)
    assert bend == 10
    below, above = (modelled(5_000, count, costs, services).rate for count in (5, 20))
    assert below == pytest.approx(5 / 0.5, rel=0.05)
    assert above == pytest.approx(1 / 0.05, rel=0.02)


def test_a_worker_that_hangs_holds_up_only_what_it_has():
    services = [0.1] * 99 + [50.0]
    alone = modelled(100, 10, Costs(0.001, 0.001), services)
    assert alone.seconds == pytest.approx(51, rel=0.02)


def test_a_class_smaller_than_the_cluster():
    assert modelled(3, 50, Costs(0.5, 0.0), [1.0]).seconds == pytest.approx(1.5 + 1.0)
