"""Names of files and people: ids that are safe, and when two are the same."""

import pytest

from autograder.intake.names import fold, safe_id


@pytest.mark.parametrize("sign", ["\u200b", "\u2060", "\ufeff", "\u00ad"])
def test_a_sign_without_width_makes_nobody_else(sign):
    assert fold(safe_id(f"a{sign}da")) == fold("ADA")
