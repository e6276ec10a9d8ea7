"""What Hypothesis tries is the same in every run, and how fast the machine is decides nothing."""

import os
import sys

from hypothesis import HealthCheck, settings

# Byte code is kept, whatever the shell says: the tests start the command hundreds of times.
os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
sys.dont_write_bytecode = False

steady = settings(derandomize=True, deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.register_profile("steady", steady)
settings.register_profile("fast", steady, max_examples=steady.max_examples // 5)  # for `make test-fast`
settings.load_profile("steady")


def pytest_collection_modifyitems(items):
    """The longest files first: the workers then end together."""
    items.sort(key=lambda item: "system" not in item.path.parts)
