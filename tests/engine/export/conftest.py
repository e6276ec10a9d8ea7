"""The course that the exports are asked of."""

import pytest

from tests.engine.export import made


@pytest.fixture
def course():
    return made.course()
