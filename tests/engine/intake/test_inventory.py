"""What a hand-in holds before the deadline, and what of it would be lost."""

import pytest

from autograder.intake import inventory

KEYS = ("q2.gap_total_parameters", "q2.receptive_field")


def test_numbers_are_counted_and_a_misspelt_key_has_its_nearest():
    notes = list(inventory.numbers({"q2.receptive_field": 5, "q2.gap_totals_parameters": 1, "q9.x": 2}, KEYS))
    assert notes == [
        ("inventory.numbers", {"filled": 1, "all": 2}),
        ("inventory.misspelt", {"key": "q2.gap_totals_parameters", "near": "q2.gap_total_parameters"}),
        ("inventory.unknown", {"key": "q9.x"}),
    ]


def test_a_name_that_is_defined_twice_and_a_module_that_is_not_there_are_found():
    source = "import numpy\nimport os.path\nfrom sklearn import svm\n\ndef f(): pass\n\nclass g: pass\n\ndef f(): pass\n"
    assert list(inventory.code("q1.py", source, ("numpy",))) == [
        ("inventory.twice", {"file": "q1.py", "name": "f", "first": 5, "last": 9}),
        ("inventory.module", {"file": "q1.py", "line": 3, "module": "sklearn"}),
    ]


@pytest.mark.parametrize("source", ["def f(:", "\0", "(" * 5_000, "x = 1\n" * 100_000])
def test_what_is_not_python_gives_nothing(source):
    assert list(inventory.code("q1.py", source, ())) == []


def test_texts_are_counted_in_words():
    assert list(inventory.texts({"w1": "two  words"}, ["w1", "w2"])) == [
        ("inventory.text", {"name": "w1", "words": 2}),
        ("inventory.no_text", {"name": "w2"}),
    ]
