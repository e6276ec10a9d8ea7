"""The trusted end of a zygote's socket: what is asked of it, and what it means where it does not do its part."""

import os

import pytest

from autograder.model import Limits
from autograder.wall.failures import WallBroken
from tests.engine.wall.far_side import FarSide


@pytest.fixture
def far():
    one = FarSide(status=137)
    yield one
    one.close()


def test_a_process_is_opened_with_its_limits_and_two_descriptors_and_its_channel_leads_to_it(far):
    before = len(os.listdir("/proc/self/fd"))
    child, pid, channel = far.client.open(Limits(memory_mb=77), ("torch.fft", "ast"))
    with channel:
        assert (child, pid) == (1, os.getpid())
        (asked,) = far.requests
        assert asked["op"] == "open" and asked["limits"]["memory_mb"] == 77 and asked["warm"] == ["ast", "torch.fft"]
        assert asked["limits"].keys() == {*Limits.__struct_fields__} and far.descriptors == [2]
        assert len(os.listdir("/proc/self/fd")) == before + 2, "both ends of the channel, the far one here too; no /dev/null"


def test_each_process_has_a_number_and_ends_by_it(far):
    channels = [far.client.open(Limits())[2] for _ in range(2)]
    assert far.client.end(2) == 137 and far.requests[-1] == {"op": "end", "child": 2}
    far.client.interrupt(1)
    far.client.sweep()
    assert far.requests[-2:] == [{"op": "interrupt", "child": 1}, {"op": "sweep"}]
    for one in channels:
        one.close()


def test_a_zygote_that_says_it_cannot_is_our_failure(far):
    far.trouble = "fork: no more processes"
    with pytest.raises(WallBroken, match="no more processes"):
        far.client.end(1)


def descriptors() -> int:
    return len(os.listdir("/proc/self/fd"))


def test_a_zygote_that_has_ended_is_our_failure(far):
    far.control.shutdown(2)
    before = descriptors()
    with pytest.raises(WallBroken, match="has ended") as error:
        far.client.open(Limits())
    assert descriptors() == before, error


def test_where_no_cgroup_can_be_made_nothing_is_opened(far, tmp_path):
    far.client.parent = str(tmp_path / "nowhere")
    before = descriptors()
    with pytest.raises(WallBroken, match="cgroup") as error:
        far.client.open(Limits())
    assert descriptors() == before, error
    assert far.requests == [] and far.client.groups == {}
