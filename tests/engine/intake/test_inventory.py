"""What a hand-in holds before the deadline, and what of it would be lost."""

import importlib.util
import json

import nbformat
import pytest

from autograder.intake import answer_sheet, inventory, written
from tests.engine.toy_course import REPOSITORY

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


@pytest.mark.parametrize(("source", "line"), [("x = 1\ndef f(:", 2), ("\0", 1)])
def test_a_file_that_is_not_python_is_said_with_its_line(source, line):
    assert list(inventory.code("q1.py", source, ())) == [("inventory.syntax", {"file": "q1.py", "line": line})]


@pytest.mark.parametrize("source", ["-" * 100_000 + "1", "x = 1\n" * 100_000])
def test_what_is_too_deep_or_too_long_gives_nothing(source):
    assert list(inventory.code("q1.py", source, ())) == []


def test_texts_are_counted_in_words():
    assert list(inventory.texts({"w1": "two  words"}, ["w1", "w2"])) == [
        ("inventory.text", {"name": "w1", "words": 2}),
        ("inventory.no_text", {"name": "w2"}),
    ]


FACTS = {
    "files": ["q1.py", "answers.toml", "written.md", "hw3.ipynb"],
    "keys": ["q1.a", "q1.count", "q2.field"],
    "written": ["w1", "w2"],
    "lines": ["## w1", "> Why?", "## w2", "> How?"],
    "modules": ["numpy", "q1"],
}


def cell(source, id=None):
    make = nbformat.v4.new_markdown_cell if id else nbformat.v4.new_code_cell
    return make(source, **({"id": id} if id else {}))


@pytest.fixture
def home(tmp_path):
    """The folder as somebody leaves it who began in the notebook and went on in the files."""
    (tmp_path / "q1.py").write_text("def area(): return 1\ndef open_one(): raise NotImplementedError\n")
    (tmp_path / "answers.toml").write_text('count = 5\n[q1]\na = "?"\n[q2]\nfield = 36\nfeild = 1\n')
    (tmp_path / "written.md").write_text("## w1\n> Why?\n\n> Because, as they say.\n\n## w2\n> How?\n")
    cells = [
        cell("%matplotlib inline\nfrom sklearn import svm\nimport numpy, IPython"),
        cell('answers |= {"q1.a": [1, 2], "q1.count": "?", "q2.field": 37, "q2.feld": 3}'),
        cell("def area(): return 2"),
        cell("def open_one(): return 3"),
        cell("def area(): return 4"),
        cell("def area():\n    return 4  # the same again"),
        cell("_Type your answer here, replacing this text._", "w1"),
        cell("Mine <!-- not this -->", "w2"),
    ]
    (tmp_path / "hw3.ipynb").write_text(nbformat.writes(nbformat.v4.new_notebook(cells=cells)))
    return tmp_path


def test_a_folder_is_looked_through_with_its_notebook_and_what_is_answered_twice_is_said(home):
    own, notes = inventory.look(home, FACTS, answer_sheet, written)
    assert own == {"w1": "> Because, as they say.", "w2": "Mine"}
    assert notes == [
        ("sheet.moved", {"keys": "q1.count", "table": "q1"}),
        ("inventory.unknown", {"key": "q2.feild"}),
        ("inventory.numbers", {"filled": 3, "all": 3}),
        ("inventory.unknown", {"key": "q2.feld"}),
        ("inventory.twice_cells", {"file": "hw3.ipynb", "name": "area", "first": 3, "last": 5}),
        ("inventory.module_cell", {"file": "hw3.ipynb", "cell": 1, "module": "sklearn"}),
        ("inventory.both", {"file": "hw3.ipynb", "names": "area, q2.field"}),
        ("inventory.text", {"name": "w1", "words": 5}),
        ("inventory.text", {"name": "w2", "words": 1}),
    ]


@pytest.mark.parametrize("data", ["", "[]", "{}", '{"cells": [5]}', '{"cells": [{"source": 5}]}'])
def test_a_notebook_that_cannot_be_read_is_said(home, data):
    (home / "hw3.ipynb").write_text(data)
    _, notes = inventory.look(home, FACTS, answer_sheet, written)
    assert ("inventory.no_notebook", {"file": "hw3.ipynb"}) in notes and (
        "inventory.text",
        {"name": "w1", "words": 5},
    ) in notes


@pytest.mark.parametrize("metadata", [[1], "w1", 5, None])
def test_metadata_that_is_none_costs_nothing(metadata):
    made = {"cell_type": "markdown", "id": "w1", "metadata": metadata, "source": "Mine"}
    book = inventory.notebook("x.ipynb", json.dumps({"cells": [made]}).encode(), FACTS)
    assert (book.texts, book.notes) == ({"w1": "Mine"}, [])


@pytest.mark.parametrize(
    "source, line",
    [
        ("def area(:\n    return 1", 1),
        ("!pip install x \\\n    y\nfiles = !ls *.py\nhere = %pwd\nzip?\n?zip\nnp.sum??\n%time area()\nx = (", 9),
        ("%%bash\nif [", None),
        ("for i in range(3):\n    !echo {i}\n    %cd ..\n", None),
        ("a ? b", 1),
        ('url = "http://x?"\n', None),
    ],
)
def test_a_cell_that_is_not_python_is_said_and_what_notebooks_understand_is_not(source, line):
    data = nbformat.writes(nbformat.v4.new_notebook(cells=[cell("a = 1"), cell(source)])).encode()
    expected = [] if line is None else [("inventory.syntax_cell", {"file": "x.ipynb", "cell": 2, "line": line})]
    assert inventory.notebook("x.ipynb", data, FACTS).notes == expected


def test_the_folder_as_handed_out_holds_nothing_yet():
    template = REPOSITORY / "student_template"
    facts = json.loads((template / "tests" / "facts.json").read_text("utf-8"))
    own, notes = inventory.look(template, facts, answer_sheet, written)
    assert own == {} and [key for key, _ in notes] == ["inventory.numbers"] + ["inventory.no_text"] * 6
    assert notes[0][1]["filled"] == 0


@pytest.fixture(scope="module")
def checks():
    """What ``grader.check`` is made of."""
    path = REPOSITORY / "student_template" / "tests" / "in_notebook.py"
    spec = importlib.util.spec_from_file_location("in_notebook", path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_a_name_that_two_cells_of_the_saved_notebook_define_is_said_by_its_check(checks, home):
    said = checks._twice(home)
    assert len(said) == 1 and said[0].startswith(
        "hw3.ipynb defines area twice, in cells 3 and 5; only the last one counts. / "
    )
    (home / "hw3.ipynb").unlink()
    assert checks._twice(home) == []


def test_a_module_that_only_the_notebooks_own_machine_has_is_said_by_its_check(checks):
    """Colab has many that the grader does not: a public test passes there."""
    namespace = {"__name__": "__main__", "grader_for": checks.grader_for}
    code = """
import json, sys, torch.nn as nn, numpy as np
from nbformat import v4
from hypothesis import given
from pathlib import Path
def area():
    def inner():
        import sklearn.svm
class Net(nn.Module):
    def forward(self, x):
        from scipy import signal
"""
    exec(code, namespace)
    said = checks._missing(namespace)
    assert [line.split(" ")[0] for line in said] == ["hypothesis", "nbformat", "scipy", "sklearn"]
    assert "will not be available when this is graded" in said[0]
