"""Hypothesis is as steady here as in the engine's tests."""

from tests.engine.conftest import settings  # noqa: F401 the profile is loaded with it
