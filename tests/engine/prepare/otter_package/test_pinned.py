"""The image's packages: everything that grading needs, at the version that is installed here."""

from importlib import metadata

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from autograder.prepare.otter_package import pinned


@pytest.fixture(scope="module")
def pins():
    return dict(line.split("==") for line in pinned.requirements().splitlines())


def test_each_package_is_pinned_to_what_is_installed(pins):
    assert {name: metadata.version(name).split("+")[0] for name in pins} == pins
    assert list(pins) == sorted(pins) and pins["torch"] == "2.13.0", "the index of the image has no local versions"


def test_what_convgrade_depends_on_is_there_and_convgrade_itself_is_not(pins):
    ours = [Requirement(line) for line in metadata.requires("convgrade") or ()]
    always = {canonicalize_name(one.name) for one in ours if one.marker is None}
    assert {"msgspec", "numpy", "torch"} <= always <= pins.keys() and "convgrade" not in pins


def test_dependencies_of_dependencies_are_there(pins):
    assert {"pluggy", "iniconfig"} <= pins.keys(), "pytest's own"
