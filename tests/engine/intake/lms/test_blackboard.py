"""Blackboard's download: whose a file is, and who is who."""

import pytest

from autograder.intake.collect import collect
from tests.engine.intake.hand_ins import ONE, TWO, laid
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


AT = "attempt_2026-11-20-23-01-0"


def test_the_newest_attempt_counts_and_a_file_may_be_named_like_anothers(tmp_path):
    names = [
        f"HW3_ada_{AT}{second}_{name}" for second, name in ((0, "q1_box.py"), (5, "q1_box.py"), (5, f"HW3_bob_{AT}9_x.py"))
    ]
    laid(tmp_path, {name: TWO if f"{AT}5" in name[:40] else ONE for name in names} | {f"HW3_bob_{AT}1_q1_box.py": ONE})
    ada, bob = collect(tmp_path, KNOWN)
    assert (ada.id, ada.files["q1_box.py"]) == ("ada", TWO) and "intake.attempts" in [note.key for note in ada.notes]
    assert (bob.id, bob.files) == ("bob", {"q1_box.py": ONE})


def test_user_names_that_begin_alike_are_whole(tmp_path):
    laid(tmp_path, {f"Home_work_{user}_{AT}0_q1_box.py": ONE for user in ("smith1", "smith2")})
    assert [one.id for one in collect(tmp_path, KNOWN)] == ["smith1", "smith2"]
    laid(tmp_path / "one", {f"Home_work_ada_{AT}0_q1_box.py": ONE})
    assert [one.id for one in collect(tmp_path / "one", KNOWN)] == ["ada"]
