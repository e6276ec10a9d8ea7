"""Notebooks as hand-ins: read without running, run behind the wall as a notebook runs, at every tier."""

import json
import time
from pathlib import Path

import msgspec
import nbformat
import pytest

from autograder.course.course import Course
from autograder.intake import notebook, written
from autograder.intake.notebook import Broken, choice, read
from autograder.marking.numbers import numbers
from autograder.model import Limits, Message, Sources
from autograder.wall.cells import STARTS
from autograder.wall.failures import Crashed, NotAttempted, StudentRaised, TimedOut
from autograder.wall.session import Session
from autograder.wall.student import Student
from autograder.words import say
from tests.engine.toy_course import TOY


def book(*cells: str, **metadata) -> bytes:
    made = [nbformat.v4.new_code_cell(source) for source in cells]
    return nbformat.writes(nbformat.v4.new_notebook(cells=made, metadata=metadata)).encode()


# ---- reading


def test_code_cells_come_in_order_with_their_numbers_and_nothing_that_was_stored():
    made = nbformat.v4.new_notebook(metadata={"kernelspec": {"name": "ir", "language": "R", "display_name": "<script>"}})
    stored = nbformat.v4.new_output("display_data", data={"text/html": "<script>alert(1)</script>"})
    made.cells = [
        nbformat.v4.new_markdown_cell("# words"),
        nbformat.v4.new_code_cell("a = 1", outputs=[stored], execution_count=99),
        nbformat.v4.new_code_cell("  "),
        nbformat.v4.new_code_cell("b = 2"),
    ]
    found = read(nbformat.writes(made).encode())
    assert found.cells == ((2, "a = 1"), (4, "b = 2")) and [one.source for one in found.texts] == ["# words"]


def test_an_old_format_is_brought_up():
    old = nbformat.v3.new_notebook(worksheets=[nbformat.v3.new_worksheet(cells=[nbformat.v3.new_code_cell(input="a = 1")])])
    assert read(nbformat.v3.writes_json(old).encode()).cells == ((1, "a = 1"),)


def test_written_answers_are_found_by_their_cells_ids_and_by_headings():
    made = nbformat.v4.new_notebook()
    made.cells = [
        nbformat.v4.new_markdown_cell("#### w1\n\n> The question"),
        nbformat.v4.new_markdown_cell("mine, below the heading"),
        nbformat.v4.new_markdown_cell("mine, by id", id="w2"),
        nbformat.v4.new_markdown_cell("#### w3\n\n> The question"),
        nbformat.v4.new_markdown_cell("_Type your answer here, replacing this text._", id="w3"),
    ]
    found = read(nbformat.writes(made).encode(), ("w1", "w2", "w3")).essays(("w1", "w2", "w3"))
    assert found == {"w1": "mine, below the heading", "w2": "mine, by id"}


@pytest.mark.parametrize(
    "text", ["<!--" * 60_000, "<!<!----" * 30_000, "<!--" * 60_000 + "<!-->"], ids=["open", "nested", "overlapping"]
)
def test_comments_without_an_end_take_no_time(text):
    started = time.process_time()
    written.read([written.Text(f"## w1\n{text}")], ["w1"])
    made = nbformat.v4.new_notebook(cells=[nbformat.v4.new_markdown_cell(f"## w1\n{text}")])
    read(nbformat.writes(made).encode(), ["w1"]).essays(["w1"])
    assert time.process_time() - started < 2


def plain(*cells: dict, **more) -> bytes:
    return json.dumps({"nbformat": 4, "nbformat_minor": 0, "cells": cells, **more}).encode()


def test_an_answer_keeps_its_own_headings_and_quotes_and_is_found_by_colabs_id():
    text = "First.\n\n# My argument\n\n> as they say\n\nLast."
    data = plain(
        {"cell_type": "markdown", "metadata": {"id": "w1"}, "source": text}, {"cell_type": "markdown", "source": "## q2"}
    )
    assert read(data, ("w1",)).essays(("w1",), {"## q2"}) == {"w1": text}


def test_halves_of_characters_and_unending_comments_do_no_harm():
    data = plain({"cell_type": "markdown", "id": "w1", "source": "a \ud800 <!-- no --> b" + "<!--" * 250_000})
    started = time.process_time()
    found = read(data, ("w1",)).essays(("w1",))
    assert found == {"w1": "a ?  b"} and time.process_time() - started < 5
    msgspec.msgpack.encode(found)


def test_what_an_old_notebook_has_stored_is_not_brought_up():
    stored = [{"no": "output"}] * 50_000
    cells = [
        {"cell_type": "code", "input": ["a = ", "1"], "outputs": stored},
        {"cell_type": "heading", "level": 2, "source": "w1"},
    ]
    old = {"nbformat": 3, "metadata": {"deep": stored}, "worksheets": [{"cells": cells}]}
    started = time.process_time()
    found = read(json.dumps(old).encode())
    assert (
        found.cells == ((1, "a = 1"),)
        and [one.source for one in found.texts] == ["## w1"]
        and time.process_time() - started < 5
    )


@pytest.mark.parametrize(
    "data, key",
    [
        (b"", "notebook.not_json"),
        (b'{"nbformat": 4,\n "cells": [}', "notebook.not_json"),
        (b"\xff\xfe\x00", "notebook.not_text"),
        (b"[" * 100_000, "notebook.not_json"),
        (b'{"nbformat": ' + b"9" * 5000 + b"}", "notebook.not_json"),
        (b"[1, 2]", "notebook.none"),
        (b'{"nbformat": 4}', "notebook.none"),
        (b'{"nbformat": 4, "cells": {}}', "notebook.none"),
        (b'{"nbformat": 4, "cells": [{"cell_type": "code", "source": "a"}, 5]}', "notebook.cell"),
        (b'{"nbformat": 4, "cells": [{"cell_type": "code", "source": {"a": 1}}]}', "notebook.cell"),
        (b'{"nbformat": 3, "worksheets": 5}', "notebook.old"),
        (b'{"nbformat": 99, "cells": []}', "notebook.old"),
        (b'{"nbformat": ' + b"9" * 4000 + b', "cells": []}', "notebook.old"),
        (b'{"nbformat": true, "cells": []}', "notebook.none"),
        (b" " * (17 << 20), "intake.notebook_too_large"),
        (json.dumps({"nbformat": 3, "worksheets": [{"cells": [{"cell_type": "code"}] * 20_000}]}).encode(), "notebook.too_many_cells"),
        (json.dumps({"nbformat": 4, "cells": [{"cell_type": "code", "source": "a"}] * 20_000}).encode(), "notebook.too_many_cells"),
        (json.dumps({"nbformat": 4, "cells": [{"cell_type": "code", "source": "a" * (2 << 20)}]}).encode(), "notebook.too_long"),
    ],
)  # fmt: skip
def test_what_is_no_notebook_is_told_with_its_place(data, key):
    with pytest.raises(Broken) as caught:
        read(data)
    assert caught.value.message.key == key
    msgspec.msgpack.encode(caught.value.message)


def test_the_line_of_a_broken_notebook_is_named():
    with pytest.raises(Broken) as caught:
        read(b'{"nbformat": 4,\n "cells": [}')
    assert (caught.value.message.values["line"], caught.value.message.values["column"]) == (2, 12)


# ---- running


@pytest.fixture
def open_book(zygote):
    """``open_book(cell, …)`` is a session over a notebook of these cells that stands for the file ``q``."""
    sessions = []

    def start(*cells: str, files=None, **limits) -> Session:
        numbered = tuple(enumerate(cells, 1))
        bounds = Limits(**{"call_seconds": 2.0, "import_seconds": 5.0, **limits})
        sessions.append(Session(zygote, files or {}, bounds, numbered, ("q", "r")))
        return sessions[-1]

    yield start
    for session in sessions:
        session.__exit__()


def test_functions_of_cells_count_as_a_files_would(open_book):
    student = Student(open_book("import numpy as np, torch", "def f(x): return x + one", "one = np.int64(1)"))
    assert student.q.f(2) == 3 and student.r.f(2) == 3


def test_a_module_of_a_cell_is_asked_through_its_handle(open_book):
    student = Student(open_book("import torch", "class Net(torch.nn.Linear):\n    pass"))
    assert student.q.Net(2, 3).parameters()["weight"].shape == (3, 2)


def test_magics_and_await_behave(open_book):
    session = open_book(
        "%matplotlib inline\n%load_ext autoreload\nimport asyncio",
        "async def later():\n    await asyncio.sleep(0)\n    return 5\nvalue = await later()",
        "%%time\nother = 6",
        "def f(): return value + other",
    )
    assert Student(session).q.f() == 11
    assert session.cells.notes() == ()


@pytest.mark.parametrize(
    "cell",
    [
        "!ls",
        "x = !ls",
        "%%bash\nls",
        "get_ipython().system('ls')",
        "%pip install x",
        "%sx ls",
        "%cd /content",
        "%a_magic_of_colabs",
    ],
)
def test_commands_do_nothing_and_are_noted_and_the_rest_of_the_cell_runs(open_book, cell):
    session = open_book(
        cell if cell.startswith("%%") else f"a = 1\n{cell}\nb = 2", "def f(): return 1 if 'a' not in globals() else b - a"
    )
    assert Student(session).q.f() == 1
    (note,) = session.cells.notes()
    assert note.key == "notebook.idle" and note.values["cell"] == 1
    assert note.values["text"].split()[0].lstrip("!%")[:2] in cell


def test_what_a_later_cell_puts_in_the_place_of_answers_and_functions_costs_nothing(open_book):
    session = open_book(
        "answers |= {'q1.a': 5}\ndef f(): return 1", "answers['q1.b'] = 6", "answers = [f()]\nf = 3", "q1_c = 7"
    )
    assert [session.answer(key) for key in ("q1.a", "q1.b", "q1.c")] == [5, 6, 7]
    assert Student(session).q.f() == 1
    assert [(note.key, note.values["cell"], note.values["text"]) for note in session.cells.notes()] == [
        ("notebook.reused", 3, "answers"),
        ("notebook.reused", 3, "f"),
    ]


def test_without_the_templates_first_cell_the_others_run(open_book):
    session = open_book("answers |= {'q1.a': 5}", "def f(): return 1\ngrader.check('q1')")
    assert Student(session).q.f() == 1 and session.answer("q1.a") == 5
    assert session.cells.notes() == ()


LOOKS = """
from google.colab import drive; drive.mount("/content/drive")
import matplotlib.pyplot as plt, seaborn as sns, pandas as pd, cv2
from PIL import Image
from tqdm.auto import tqdm, trange
from torchinfo import summary
from torch.utils.tensorboard import SummaryWriter
SummaryWriter().add_scalar("loss", 1)
summary(None, (1, 3, 8, 8))
fig, (left, right) = plt.subplots(1, 2)
left.imshow(Image.open("cat.png").resize((3, 4))); plt.show()
rows = 0
for _ in tqdm(range(3), desc="x"): rows += 1
for _ in trange(2): rows += 1
with tqdm(total=3) as bar: bar.update(1); bar.set_postfix(loss=0.1)
frame = pd.DataFrame({"a": [1]}); frame["b"] = frame["a"] * 2 + 1
while cv2.VideoCapture(0).isOpened(): pass
def f(): return rows
"""


@pytest.mark.parametrize("notebook", [True, False])
def test_modules_for_looking_and_for_progress_do_nothing(open_book, notebook):
    session = open_book(LOOKS) if notebook else open_book("pass", files={"q": LOOKS})
    assert Student(session).q.f() == 5
    assert session.cells.notes() == ()


ABSENT = """
from sklearn.metrics import accuracy_score
import lightning as L, einops.layers.torch, numba
from my_helpers import helper
try:
    import jax
except ImportError:
    jax = None
import importlib.util
class Model(L.LightningModule): pass
@numba.njit
def slow(): return 1
def score(x: L.Trainer | None = None): return accuracy_score([1], [1])
def here(): return jax is None and importlib.util.find_spec("einops_of_nobody") is None
"""


@pytest.mark.parametrize("notebook", [True, False])
def test_any_other_module_fails_where_it_is_used(open_book, notebook):
    session = open_book(ABSENT) if notebook else open_book("pass", files={"q": ABSENT})
    student = Student(session)
    assert student.q.here() is True
    for ask, module in ((student.q.score, "sklearn"), (student.q.Model, "lightning"), (student.q.slow, "numba")):
        with pytest.raises(ModuleNotFoundError) as caught:
            ask()
        assert caught.value.message.key == "check.import" and caught.value.message.values["module"] == module
    assert session.cells.notes() == ()


@pytest.mark.parametrize(
    "cell, told",
    [
        ("a = 1\n1 / 0", "cell 1, line 2"),
        ("def f(:", "line 1"),
        ("x = ۳۶", "۳"),
        ("input()", "keyboard"),
        ("import of_nobody; of_nobody.use()", "of_nobody"),
        ("raise SystemExit", "exit"),
    ],
)
def test_a_failing_cell_is_named_and_stops_none_of_the_later_ones(open_book, cell, told):
    session = open_book(cell, "def f(): return 1")
    assert Student(session).q.f() == 1
    (note,) = session.cells.notes()
    assert told in say(note, "en")


@pytest.mark.parametrize(
    "cell",
    [
        "while True: pass",
        "import os; os._exit(0)",
        "import ctypes; ctypes.string_at(0)",
        "import os; os.write(3, b'x' * 40)",
        "import os; os.write(3, b'x' * 40)\nwhile True: pass",
    ],
)
def test_a_cell_that_ends_the_process_costs_itself_and_the_earlier_ones_are_run_again(open_book, cell):
    session = open_book("kept = 5", cell, "def f(): return kept", import_seconds=1.0)
    assert Student(session).q.f() == 5
    (note,) = session.cells.notes()
    assert note.values["cell"] == 2


NEVER = "import signal\nsignal.signal(signal.SIGINT, signal.SIG_IGN)\nwhile True: pass"


@pytest.mark.thorough
def test_a_notebook_of_cells_that_cannot_be_stopped_is_given_up(open_book):
    session = open_book("def f(): return 1", *[NEVER] * 9, "def g(): return 2", import_seconds=0.2)
    assert Student(session).q.f() == 1
    with pytest.raises(NotAttempted):
        Student(session).q.g()
    assert session.cells.notes()[-1].key == "notebook.not_run"
    assert session.cells.notes()[-1].values["count"] == 7


@pytest.mark.parametrize(
    "work", ["while True: pass", "import time\nwhile True: time.sleep(0.01)", "import threading\nthreading.Event().wait()"]
)
def test_cells_that_take_too_long_cost_themselves_and_keep_what_they_defined(open_book, work):
    training = [f"model_{n} = {n}\n{work}\nmodel_{n} = 0" for n in range(6)]
    session = open_book("kept = 5", *training, "def f(): return kept + sum([model_0, model_5])", import_seconds=0.3)
    student = Student(session)
    assert student.q.f() == 10 and session.generation == 1
    session.anew()  # the next question: the cells run again, those that took too long for a moment only
    assert student.q.f() == 10 and session.generation == 2
    notes = session.cells.notes()
    assert [note.values["cell"] for note in notes] == [2, 3, 4, 5, 6, 7]
    assert all(note.key == "notebook.cell_failed" and "within 0.3 s" in say(note, "en") for note in notes)


def test_a_question_after_a_crash_leaves_no_state_to_the_next(open_book):
    session = open_book("import os\ncalls = []", "def ends(): os._exit(0)", "def f():\n calls.append(1)\n return len(calls)")
    student = Student(session)
    with pytest.raises(Crashed):
        student.q.ends()
    assert student.q.f() == 1
    session.anew()
    assert student.q.f() == 1


def test_there_is_always_some_time_for_the_cells_after_those_that_use_it_up(open_book):
    session = open_book(*["while True: pass"] * 12, "def f(): return 1", submission_seconds=1.0)
    assert Student(session).q.f() == 1


def test_a_cells_work_is_not_charged_to_the_functions_of_the_notebook(open_book):
    session = open_book(
        "import time\nend = time.process_time() + 0.9\nwhile time.process_time() < end: pass\ndef f(): return 1",
        submission_seconds=1.0,
    )
    session.cells.cell_seconds = session.cells.seconds = 100.0
    assert [Student(session).q.f() for _ in range(3)] == [1, 1, 1]
    assert session.generation == 1


def test_ctrl_c_reaches_a_cell_and_nothing_else(open_book):
    session = open_book("def f(): return 1")
    student = Student(session)
    assert student.q.f() == 1
    session.zygote.interrupt(session.running.child)
    assert student.q.f() == 1 and session.generation == 1


def test_cells_that_end_the_process_at_random_are_given_up_too(open_book):
    cells = ["import os, time\nif os.urandom(1)[0] < 250:\n    os._exit(0)"] * 40
    session = open_book(*cells, "def f(): return 1")
    with pytest.raises(NotAttempted):
        Student(session).q.f()
    assert session.generation <= STARTS + 1


@pytest.mark.parametrize("sign", ["س", "\x01"])
def test_a_cell_and_a_file_may_be_as_long_as_what_is_read(open_book, sign):
    files = {stem: f"def g(): return len('{sign * 120_000}')\n" for stem in ("a", "b", "c", "d")}
    student = Student(open_book(f"x = '{sign * 600_000}'", "def f(): return len(x)", files=files))
    assert student.q.f() == 600_000 and student.d.g() == 120_000


def test_a_name_that_no_cell_defines_is_told_of_the_notebook(open_book):
    with pytest.raises(NotAttempted) as caught:
        Student(open_book("x = 1")).q.f()
    assert caught.value.message == Message("notebook.name_missing", {"name": "f"})


def test_after_a_crash_in_a_call_the_cells_are_run_again(open_book):
    student = Student(
        open_book("def f(): return 1", "def g():\n    import os\n    os._exit(0)", "def h():\n    while 1: pass")
    )
    with pytest.raises(Crashed):
        student.q.g()
    assert student.q.f() == 1
    with pytest.raises(TimedOut):
        student.q.h()
    assert student.q.f() == 1


def test_numbers_are_found_in_the_dict_and_in_variables(open_book):
    session = open_book(
        "import numpy as np", "answers = {'q1.a': 5, 'q1': {'b': (1, 2)}}", "q1_c = np.int64(7)\nq1_d = object()"
    )
    assert [session.answer(key) for key in ("q1.a", "q1.b", "q1.c")] == [5, (1, 2), 7]
    with pytest.raises(NotAttempted):
        session.answer("q1.e")


@pytest.fixture(scope="module")
def course() -> Course:
    return Course.load(Path(__file__).resolve().parents[3] / "grader_config.yml")


def test_numbers_are_plain_and_what_is_odd_about_them_is_told(open_book, course):
    session = open_book(
        "import torch, numpy as np",
        "answers = {'q2.receptive_field': torch.tensor(22.5), 'q2.gap_total_parameters': object(), 'q2.typo': 1}",
        "answers |= {'q1': {'linear_parameters': np.array(7), 'conv_parameters': '?', 'zz': 1}, 'q1.conv_output_shape': (1, 2)}",
        "answers |= {'q2.stack_parameters': '7', 'q3.bottleneck_pixels': None, 5: 6, 'q3': 10**2000, 'q3.second_level_parameters': 8}",
    )
    sheet = "q3.bottleneck_pixels = 9\nq2.receptive_field = 4\nq1.linear_parameters = 7\n"
    found = numbers(Sources(answers=sheet), session, course)
    assert found.values == {
        "q2.receptive_field": 22.5, "q1.linear_parameters": 7, "q1.conv_output_shape": [1, 2], "q2.stack_parameters": "7",
        "q3.bottleneck_pixels": 9, "q3.second_level_parameters": 8,
    }  # fmt: skip
    told = {(note.key, note.values["key"]) for note in found.notes}
    assert told == {
        ("notebook.unknown_key", "q2.typo"), ("notebook.unknown_key", "5"), ("notebook.unknown_key", "q1.zz"),
        ("notebook.unknown_key", "q3"), ("notebook.both", "q2.receptive_field"),
    }  # fmt: skip
    assert {key: note.key for key, note in found.unread.items()} == {"q2.gap_total_parameters": "notebook.no_number"}
    assert all(
        "{" not in say(note, language) for note in [*found.notes, *found.unread.values()] for language in ("en", "fa")
    )


@pytest.mark.parametrize(
    "data, key", [(plain(), "no_code"), (plain({"cell_type": "markdown", "source": "a"}), "no_code"), (None, "untouched")]
)
def test_a_lone_notebook_without_work_is_told_so_and_none_beside_files_is(course, data, key):
    books = {"hw3.ipynb": data or (course.root / "student_template" / "hw3.ipynb").read_bytes()}
    sources, found = choice.opened(Sources(notebooks=books), course)
    assert [note.key for note in sources.notes] == [f"notebook.{key}"] and found.cells == ()
    assert choice.opened(Sources(code={"q2_convnet": ""}, notebooks=books), course)[0].notes == ()


def test_a_broken_notebook_is_the_trouble_alone_and_a_note_beside_files(course):
    alone, _ = choice.opened(Sources(notebooks={"hw3.ipynb": b"{"}), course)
    beside, _ = choice.opened(Sources(answers="", notebooks={"hw3.ipynb": b"{"}), course)
    assert alone.trouble.key == "notebook.not_json" and beside.trouble is None
    assert [note.key for note in beside.notes] == ["notebook.not_json"]


def test_cells_and_files_import_each_other(open_book):
    files = {"r": "def h(): return 3\ndef both():\n    from q import f\n    return f() + 1\n"}
    student = Student(open_book("from r import h", "def f(): return h()", files=files))
    assert student.q.f() == 3 and student.r.both() == 4


def test_a_stub_in_the_notebook_gives_way_to_the_file(open_book):
    files = {"q": "def f(): return 'file'\ndef g(): return 'file'\n"}
    student = Student(open_book("def f(): raise NotImplementedError", "def g(): return 'cell'", files=files))
    assert student.q.f() == "file" and student.q.g() == "cell"


def test_a_file_that_is_missing_is_not_found_in_no_notebook(open_book):
    student = Student(open_book("x = 1"))
    with pytest.raises(NotAttempted):
        student.q.f()


def test_what_a_cell_raises_in_a_call_names_the_cell(open_book):
    with pytest.raises(StudentRaised) as caught:
        Student(open_book("", "def f():\n    return {}['a']")).q.f()
    assert "cell 2, line 2" in str(caught.value.message.values)


def test_what_was_handed_out_is_known_by_its_cells(course):
    template = nbformat.read(course.root / "student_template" / "hw3.ipynb", 4)
    known = notebook.handed_out(course)
    assert known.code == {cell.source.strip() for cell in template.cells if cell.cell_type == "code" and cell.source.strip()}
    assert {cell.id for cell in template.cells} <= known.ids
    assert notebook.handed_out(Course.load(TOY / "grader_config.yml")) == notebook.Template()
