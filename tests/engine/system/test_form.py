"""An answer of another form than was asked, and one that cannot be read: told at the answer itself, and not as blank."""

import json
import subprocess
import sys

import pytest

from autograder.marking.failed_call import form_of_number
from tests.engine.toy_course import TOY, copied


@pytest.mark.parametrize(
    "came, right, key",
    [
        ("36", 36, "sheet.form_text"),
        ("سی", 36, "sheet.form_text"),
        ([36], 36, "sheet.form_number"),
        ([36, 36], 36, "sheet.form_number"),
        (True, 36, "sheet.form_number"),
        (16, (16, 128, 128), "sheet.form_list"),
        ([16, 128], (16, 128, 128), "sheet.form_list"),
        (["16", 128, 128], (16, 128, 128), "sheet.form_text"),
        ([True, 128, 128], (16, 128, 128), "sheet.form_list"),
    ],
)
def test_another_form_is_named(came, right, key):
    assert form_of_number(came, right).key == key


@pytest.mark.parametrize("came, right", [(35, 36), (36.5, 36), ([1, 2], (3, 4)), ([1.0, 2], (3, 4)), (float("inf"), 3)])
def test_a_wrong_value_of_the_right_form_is_no_matter_of_form(came, right):
    assert form_of_number(came, right) is None


def test_what_cannot_be_read_is_told_where_it_was_to_count(tmp_path):
    config, work = copied(tmp_path), tmp_path / "ada"
    work.mkdir()
    (work / "q1_box.py").write_text((TOY / "submission" / "q1_box.py").read_text("utf-8"), "utf-8")
    (work / "answers.toml").write_text('[q1]\narea = 2 4\nvolume = "24"\n', "utf-8")
    command = [
        sys.executable,
        "-m",
        "autograder",
        "grade",
        str(work),
        "--config",
        str(config),
        "--out",
        str(tmp_path / "out"),
    ]
    subprocess.run(command, check=True, capture_output=True)
    found = json.loads((tmp_path / "out" / "submissions" / "ada" / "results.json").read_text("utf-8"))
    parts = {test["name"]: test for test in found["tests"]}
    area, volume = parts["q1.numbers.area"], parts["q1.numbers.volume"]
    assert area["extra_data"]["outcome"] == volume["extra_data"]["outcome"] == "failed"
    assert "line 2 could not be read" in area["output"] and "area = 2 4" in area["output"]
    assert "is in quotes, so it is text" in volume["output"] and '`"24"`' in volume["output"]
    assert "could not be read" not in found["output"] and "quotes" not in found["output"]
