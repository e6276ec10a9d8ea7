"""Blackboard's download: whose a file is, and who is who."""

import pytest

from autograder.intake.collect import collect
from tests.engine.intake.hand_ins import ONE, laid
from tests.engine.intake.lms.downloads import KNOWN


@pytest.mark.parametrize("word", ["attempt", "intento", "Versuch", "tentativa"])
def test_blackboard_in_any_language(tmp_path, word):
    at = f"{word}_2026-11-20-23-01-00"
    receipt = b"Name: Sara Moradi (smoradi)\nHW3\n"
    laid(
        tmp_path,
        {f"HW3_smoradi_{at}.txt": receipt, f"HW3_smoradi_{at}_q1_box.py": ONE, f"HW3_ali_{at}.txt": b"Name: A (ali)"},
    )
    ali, sara = collect(tmp_path, KNOWN)
    assert (sara.id, sara.name, sara.files) == ("smoradi", "Sara Moradi", {"q1_box.py": ONE})
    assert ali.trouble.key == "intake.nothing_known" and ali.notes[-1].key == "intake.ignored"  # what Ali typed is named
