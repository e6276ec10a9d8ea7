"""What the far side is started with: folders that may be read, none of this project's, and nothing of the shell's."""

import sys
from types import SimpleNamespace

import pytest

from autograder.model import Limits, Tier
from autograder.wall import launch
from autograder.wall.launch import ENVIRONMENT, OWN_PACKAGES, Base
from autograder.wall.tiers import Layers


@pytest.fixture
def site(tmp_path):
    folder = tmp_path / "lib" / "site-packages"
    folder.mkdir(parents=True)
    return folder


def plan(site, tier=Tier.A, without=frozenset()):
    base = SimpleNamespace(site=[str(site)], without=without)
    base._readable = lambda tier: Base._readable(base, tier)
    return Base._plan(base, Layers(tier, ("landlock", "seccomp")), Limits(memory_mb=77))


def test_third_party_packages_are_found_once_and_only_where_they_are(monkeypatch, site, tmp_path):
    (tmp_path / "dist-packages").mkdir()
    path = [
        "",
        str(tmp_path),
        str(site),
        str(site),
        str(tmp_path / "gone" / "site-packages"),
        str(tmp_path / "dist-packages"),
    ]
    monkeypatch.setattr(sys, "path", path)
    assert launch.site_packages() == [str(site), str(tmp_path / "dist-packages")]


def test_where_nothing_can_be_mounted_over_it_a_folder_that_holds_this_project_is_left_out(site):
    assert str(site) in plan(site, Tier.D)["readable"]
    (site / OWN_PACKAGES[0]).mkdir()
    assert str(site) not in plan(site, Tier.D)["readable"] and str(site) not in plan(site, Tier.C)["readable"]
    for tier in (Tier.A, Tier.B):
        assert str(site) in plan(site, tier)["readable"] and f"{site}/{OWN_PACKAGES[0]}" in plan(site, tier)["hidden"]


def test_a_layer_may_be_taken_away_and_limits_are_handed_on(site):
    assert plan(site)["layers"] == ["landlock", "seccomp"] and plan(site)["limits"]["memory_mb"] == 77
    assert plan(site, without=frozenset({"landlock"}))["layers"] == ["seccomp"] and plan(site, Tier.B)["tier"] == "B"


def test_the_scratch_hides_nothing_that_has_to_be_read(monkeypatch, site):
    assert plan("/tmp/somewhere/that/is/not/there")["scratch"] == "/tmp"
    monkeypatch.setattr(launch.os.path, "isdir", lambda path: True)
    assert plan("/tmp/venv/lib/site-packages")["scratch"] == "/scratch"


def test_no_variable_of_the_shell_reaches_the_far_side():
    assert not {"PYTHONPATH", "LD_PRELOAD", "LD_LIBRARY_PATH", "PYTHONSTARTUP"} & ENVIRONMENT.keys()
    assert {ENVIRONMENT[name] for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS")} == {"1"}


def test_elsewhere_than_on_linux_only_the_weakest_tier_is_tried(monkeypatch):
    monkeypatch.setattr(sys, "platform", "linux")
    assert launch._tiers() == (Tier.A, Tier.B, Tier.C, Tier.D, Tier.E)
    monkeypatch.setattr(sys, "platform", "win32")
    assert launch._tiers() == (Tier.E,)
