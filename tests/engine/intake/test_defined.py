"""Names that a hand-in defines, and those that it defines twice."""

import time

from autograder.intake.defined import solved, twice
from autograder.intake.notebook import Notebook
from autograder.model import LANGUAGES, Sources
from autograder.words import say


def test_a_definition_with_many_empty_lines_takes_no_longer_than_its_length():
    began = time.process_time()
    sources = Sources(
        {"q1_one": f"def area():{chr(10) * 200_000}  return 1\n\ndef volume():\n\n\traise NotImplementedError\n"}
    )
    assert solved(sources, Notebook(())) == {"area"}
    assert time.process_time() - began < 2


BOOK = Notebook(
    (
        (2, "def area(a):\n    return a"),
        (7, "x = 1\nclass Net:\n    pass"),
        (9, "def area(a):\n    raise NotImplementedError"),
    )
)
CODE = """\
async def volume(a):
    return a
def area(a):
    return a


def area(a):
    def area(b):
        return b
    return area(a)
class Net:
    def area(self): pass
"""


def test_a_name_that_is_defined_twice_at_the_top_is_named_with_its_lines_or_cells():
    file, cells = twice(Sources({"q1_box": CODE}), BOOK, {"area", "volume", "Net"})
    assert (file.name, file.file, file.places, file.stub) == ("area", "q1_box.py", (3, 7), False)
    assert (cells.name, cells.file, cells.places, cells.stub) == ("area", "", (2, 9), True)
    assert (file.message.key, cells.message.key) == ("twice.lines_last", "twice.cells_stub")
    assert (cells.message.values["earlier"], cells.message.values["last"]) == ("2", 9)
    for language in LANGUAGES:
        assert "q1_box.py" in say(file.message, language).replace("\\", "") and "area" in say(cells.message, language)


def test_only_names_that_are_asked_for_are_looked_at():
    assert twice(Sources({"q1_box": CODE}), BOOK, {"volume", "Net"}) == []


def test_of_many_places_the_last_are_named():
    (one,) = twice(Sources({"q1_box": "def f(): pass\n" * 9}), Notebook(()), {"f"})
    assert one.places == tuple(range(1, 10)) and one.message.values["earlier"] == "5, 6, 7, 8"


def test_a_name_is_solved_where_its_last_definition_is_more_than_a_stub():
    assert solved(Sources({"q1_box": CODE}), Notebook(())) == {"area", "volume", "Net"}
    assert solved(Sources({"q1_box": CODE}), BOOK) == {"volume", "Net"}  # the notebook's area is a stub at its end
    assert solved(Sources(), Notebook(())) == set()
