"""A notebook's cells seen from the trusted side: in order, past those that end the process, and each within its time."""

import pytest

from autograder.model import LANGUAGES, Message
from autograder.wall.cells import AGAIN_SECONDS, DEADLY, MOST_REMARKS, NAMED, STARTS, Cells
from autograder.wall.failures import Crashed, Interrupted, NotAttempted, StudentRaised, TimedOut
from autograder.words import say

RAISED = StudentRaised(
    Message("check.error", {"type": "KeyError", "kind": "KeyError", "text": "x", "where": "cell 2, line 1"})
)
LATE = Message("check.timeout", {"seconds": 2.0, "target": "cell 2"})


class Far:
    """What runs the cells: each ends in what ``ends`` says of it, or takes ``seconds``."""

    def __init__(self, ends=None, seconds=0.1):
        self.ends, self.seconds = ends or {}, seconds
        self.processes, self.ran = 0, []

    def ready(self):
        self.processes += 1

    def request(self, number, source, seconds):
        self.ran.append((number, seconds))
        if number in self.ends:
            raise self.ends[number]
        return self.seconds


def run(far, count=4, seconds=100.0, cell_seconds=5.0):
    cells = Cells(tuple((number, f"x = {number}") for number in range(1, count + 1)), seconds, cell_seconds)
    cells.run(far.ready, far.request)
    return cells


def keys(cells):
    notes = cells.notes()
    assert all(say(note, language) for note in notes for language in LANGUAGES)
    return [(note.key.removeprefix("notebook."), note.values.get("cell", note.values.get("count"))) for note in notes]


def test_every_cell_runs_once_in_order_in_one_process():
    far = Far()
    cells = run(far)
    assert ([number for number, _ in far.ran], far.processes) == ([1, 2, 3, 4], 1)
    assert keys(cells) == [] and not cells.disturbed


def test_a_cell_that_raises_is_noted_and_the_others_run():
    far = Far({2: RAISED, 3: NotAttempted(Message("check.not_attempted"))})
    cells = run(far)
    assert [number for number, _ in far.ran] == [1, 2, 3, 4] and not cells.disturbed
    assert keys(cells) == [("cell_failed", 2)], "a student's own check of a stub is nothing to note"


def test_a_cell_that_ends_its_process_is_left_out_of_the_next():
    far = Far({2: Crashed(Message("check.ended", {"target": "cell 2"}))})
    cells = run(far)
    assert ([number for number, _ in far.ran], far.processes) == ([1, 2, 1, 3, 4], 2)
    assert keys(cells) == [("cell_failed", 2)] and cells.disturbed


def test_after_a_few_such_cells_the_rest_is_not_run():
    far = Far({number: TimedOut(LATE) for number in range(2, 8)})
    cells = run(far, 8)
    assert cells.deadly == {2, 3, 4} and len(cells.deadly) == DEADLY and far.processes == DEADLY + 1
    assert keys(cells)[-1] == ("not_run", 4)


def test_cells_that_end_now_this_process_now_that_do_not_go_on_for_ever():
    class Moody(Far):
        def request(self, number, source, seconds):
            self.ran.append(number)
            raise Crashed(Message("check.ended", {"target": f"cell {number}"}))

    far = Moody()
    cells = Cells(tuple((number, "") for number in range(40)), 100.0, 5.0)
    cells.run(far.ready, far.request)
    assert far.processes <= STARTS + 1 and len(cells.deadly) == DEADLY


def test_a_cell_has_a_quarter_of_the_time_that_is_left():
    far = Far(seconds=2.0)
    run(far, 3, seconds=8.0, cell_seconds=5.0)
    assert [seconds for _, seconds in far.ran] == [2.0, 1.5, 1.0]
    far = Far(seconds=2.0)
    run(far, 2, seconds=80.0, cell_seconds=5.0)
    assert [seconds for _, seconds in far.ran] == [5.0, 5.0], "and never more than one may have"


def test_an_interrupted_cell_has_little_time_when_it_runs_again():
    far = Far({1: Interrupted(LATE), 2: Crashed(Message("check.ended", {"target": "cell 2"}))})
    cells = run(far, 3)
    assert far.ran == [(1, 5.0), (2, 5.0), (1, AGAIN_SECONDS), (3, 5.0)] and cells.slow == {1} and cells.disturbed
    assert keys(cells) == [("cell_failed", 1), ("cell_failed", 2)]


def test_where_there_is_no_time_for_a_process_that_is_said():
    def ready():
        raise TimedOut(Message("result.time_up", {"seconds": 9.0}))

    cells = Cells(((1, ""), (2, "")), 10.0, 5.0)
    with pytest.raises(TimedOut):
        cells.run(ready, Far().request)
    assert keys(cells) == [("time_up", 2)]


def test_so_many_failed_cells_are_named_and_the_others_counted():
    cells = run(Far(dict.fromkeys(range(1, NAMED + 4), RAISED)), NAMED + 4)
    assert len(keys(cells)) == NAMED + 1 and keys(cells)[-1] == ("more_failed", 3)


def test_what_the_far_side_notes_is_taken_only_where_it_can_be_true():
    cells = Cells(((1, ""), (2, "")), 10.0, 5.0)
    cells.add_notes([[2, "idle", "for"], [1, "reused", "x\u202ey" + "z" * 100], [1, "reused", "x"]])
    before = cells.notes()
    for wrong in (None, "notes", {}, [None], [[3, "idle", "x"]], [[1, "made_up", "x"]], [[1, "idle"]], [[1, "idle", 5]],
                  [["1", "idle", "x"]], [[True, "idle", "x"]], [[1, "idle", "x", "y"]], [[1.0, "idle", "x"]]):  # fmt: skip
        cells.add_notes(wrong)
    assert cells.notes() == before
    kinds = [note for note in before if note.key in ("notebook.idle", "notebook.reused")]
    assert [note.values["cell"] for note in kinds] == [1, 1, 2]
    assert all(len(note.values["text"]) <= 60 and "\u202e" not in note.values["text"] for note in kinds)


def test_so_many_notes_are_kept():
    cells = Cells(((1, ""),), 10.0, 5.0)
    cells.add_notes([[1, "idle", str(number)] for number in range(100)])
    assert len(cells.remarks) == MOST_REMARKS
