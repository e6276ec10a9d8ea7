"""Brightspace's download: which of a student's attempts is the newest, in the site's language."""

import pytest

from autograder.intake.collect import collect, reading
from autograder.intake.unpack import unpack
from tests.engine.intake.hand_ins import ONE, TWO, laid
from tests.engine.intake.lms.downloads import KNOWN


@pytest.mark.parametrize(
    "older, newer",
    [
        ("30 novembre 2026 0905", "2 décembre 2026 905"),
        ("nov. 30, 2026 2359", "janv. 1, 2027 0001"),
        ("30. November 2026 2359", "2. Dezember 2026 0905"),
        ("30 de noviembre de 2026 2301", "1 de diciembre de 2026 0901"),
        ("Nov 20, 2026 905 PM", "Nov 20, 2026 1101 PM"),
        ("Nov 20, 2026 1205 AM", "Nov 20, 2026 905 AM"),
        ("30 Kasım 2026 2359", "2 Aralık 2026 0905"),
        ("2026-09-30 2359", "2026-10-01 0001"),
    ],
)
def test_of_brightspaces_attempts_the_newest_in_any_language(tmp_path, older, newer):
    laid(tmp_path, {f"9-12 - Ali - {older}/q1_box.py": ONE, f"9-12 - Ali - {newer}/q1_box.py": TWO, "index.html": b""})
    (one,) = collect(tmp_path, KNOWN)
    assert (one.id, one.name, unpack(one, KNOWN).code) == ("12", "Ali", {"q1_box": TWO.decode()})


def test_attempts_whose_dates_cannot_be_read_are_not_guessed_among(tmp_path):
    laid(tmp_path, {f"9-12 - Ali - {day} ноября 2026 2359/q1_box.py": ONE for day in (9, 10)})
    (one,) = collect(tmp_path, KNOWN)
    assert one.trouble.key == "intake.attempts_unclear" and not one.files


def test_a_students_number_is_the_id_and_only_the_newest_attempt_is_graded(tmp_path):
    files = {
        "9-12 - Ada - Lovelace - Nov 20, 2026 905 PM/q1_box.py": ONE,
        "9-12 - Ada - Lovelace - Nov 20, 2026 1101 PM/q1_box.py": TWO,
        "9-7 - سارا - Nov 20, 2026 905 PM/hw/q1_box.py": ONE,
        "index.html": b"",
    }
    ada, sara = collect(laid(tmp_path, files), KNOWN)
    assert (ada.id, ada.name, ada.files, ada.handed_in) == ("12", "Ada - Lovelace", {"q1_box.py": TWO}, "")
    assert ada.notes[0].values == {"taken": "Nov 20, 2026 1101 PM", "older": "Nov 20, 2026 905 PM"}
    assert (sara.id, sara.name, list(sara.files)) == ("7", "سارا", ["hw/q1_box.py"]) and sara.notes == ()


@pytest.mark.parametrize(
    "name", ["9-12 - Ada", "9-12 - Ada - notes", "9 - Ada - Nov 20, 2026 905 PM", "9-12 - Ada - Nov 20"]
)
def test_another_folder_is_no_attempt(tmp_path, name):
    laid(tmp_path, {f"{name}/q1_box.py": ONE, "sara/q1_box.py": ONE})
    assert reading(tmp_path, KNOWN).kind == "plain"
