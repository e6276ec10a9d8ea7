"""Hand-ins as people name, pack and save them: whose each is, which files count, and that nothing is lost without a word."""

import json
import zipfile
from pathlib import Path

import pytest

from autograder.course.course import Course, KnownFiles
from autograder.errors import ConvgradeError
from autograder.intake.collect import Reading, collect, reading
from autograder.intake.names import fold, safe_id
from autograder.intake.notebook import handed_out, read, script
from autograder.intake.notebook.choice import opened
from autograder.intake.unpack import unpack
from autograder.model import Sources, Submission
from autograder.runner.class_run import grade_class
from tests.engine.toy_course import TOY

ROOT = Path(__file__).parents[3]
STUB = b"def box():\n    raise NotImplementedError\n"
KNOWN = KnownFiles(
    ("q1_box", "q2_net"), template=frozenset({"hw3.ipynb", "q1_box.py"}), blank=frozenset({b"".join(STUB.split())})
)
ONE, TWO = b"A = 1\n", b"A = 2\n"
SHEET = b"[q1]\narea = 1\n"


def cell(source, kind="code", **more):
    return {"cell_type": kind, "metadata": {}, "source": source, **more}


def book(*cells):
    return json.dumps({"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": list(cells)}).encode()


BOOK, OTHER = book(cell("a = 1")), book(cell("a = 2"))


def laid(where, files):
    for name, content in files.items():
        path = where / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
    return where


def packed(path, files):
    path.parent.mkdir(parents=True, exist_ok=True)
    with zipfile.ZipFile(path, "w") as archive:
        for name, content in files.items():
            archive.writestr(name, content)


def of_one(files):
    """The sources of a student who handed in these files."""
    return unpack(Submission("ali", files=files), KNOWN)


def said(sources):
    return {note.key: note.values for note in sources.notes}


# ---- whose is it


@pytest.mark.parametrize(
    "kind, names",
    [
        ("moodle", ("Ali Rezaei_12_assignsubmission_file_", "سارا_13_assignsubmission_file_")),
        ("canvas", ("rezaeiali_4411_90001_", "müllerzoë_LATE_4412_90002_")),
        ("blackboard", ("HW3_ali_attempt_2026-11-20-23-01-00_", "HW3_sara_attempt_2026-11-20-23-05-00_")),
    ],
)
def test_a_flat_download_of_notebooks_is_a_download(tmp_path, kind, names):
    """The homework's name stands in every file's name; that made them one student's."""
    laid(tmp_path, {f"{names[0]}hw3.ipynb": BOOK, f"{names[1]}hw3.ipynb": OTHER})
    assert reading(tmp_path, KNOWN).kind == kind
    assert len(list(collect(tmp_path, KNOWN))) == 2


@pytest.mark.parametrize(
    "files", [("ali_hw3.ipynb", "sara_hw3.ipynb"), ("hw3_v1.ipynb", "hw3_final.ipynb"), ("ali_hw3.ipynb", "sara.zip")]
)
def test_two_hand_ins_called_for_the_homework_are_one_students_or_a_class(tmp_path, files):
    for name in files:
        if name.endswith(".zip"):
            packed(tmp_path / name, {"q1_box.py": ONE})
        else:
            laid(tmp_path, {name: name.encode()})
    with pytest.raises(ConvgradeError, match="one student's folder or a class: 2 hand-ins"):
        reading(tmp_path, KNOWN)
    assert len(list(collect(tmp_path, KNOWN, "plain"))) == 2


def test_canvas_says_late_before_or_behind_a_name_that_is_none(tmp_path):
    laid(
        tmp_path, {"LATE_anon_a1B2c_11_q1_box.py": ONE, "anon_z9Y8x_LATE_12_q1_box.py": TWO, "anon_qwert_13_q1_box.py": ONE}
    )
    found = {one.id: [note.key for note in one.notes] for one in collect(tmp_path, KNOWN)}
    assert found == {"a1B2c": ["intake.late_mark"], "z9Y8x": ["intake.late_mark"], "qwert": []}


def test_what_systems_and_programs_leave_behind_is_nobodys(tmp_path):
    left = ("__MACOSX/ali/._q1_box.py", "._sara.zip", "~$notes.docx", "desktop.ini", ".git/config", ".venv/a/q1_box.py")
    laid(tmp_path, {"ali/q1_box.py": ONE, "sara/q1_box.py": TWO, **dict.fromkeys(left, b"x")})
    assert [one.id for one in collect(tmp_path, KNOWN)] == ["ali", "sara"]


def test_among_several_hand_ins_such_a_notebook_is_one_more(tmp_path):
    laid(tmp_path, {"ali/q1_box.py": ONE, "sara/q1_box.py": TWO, "reza_hw3.ipynb": BOOK})
    assert [one.id for one in collect(tmp_path, KNOWN)] == ["ali", "reza_hw3", "sara"]


def test_one_such_notebook_is_the_folders(tmp_path):
    place = laid(tmp_path / "sara", {"hw3 Sara Moradi.ipynb": BOOK})
    assert [one.id for one in collect(place, KNOWN)] == ["sara"]


@pytest.mark.parametrize(
    "files, named",
    [
        (("course/hw3/ali/q1_box.py", "course/hw3/sara/q1_box.py"), "course/hw3"),
        (("hw3/ali/q1_box.py", "hw3/sara/q1_box.py", "hw2/ali/x.py", "grades.xlsx", "notes.txt"), "hw3"),
        (("A/ali/q1_box.py", "A/sara/q1_box.py", "B/reza/q1_box.py", "B/mina/q1_box.py"), "A"),
    ],
    ids=["two above", "beside another homework", "two sections"],
)
def test_a_folder_that_holds_classes_is_refused_with_the_path_to_use(tmp_path, files, named):
    laid(tmp_path, dict.fromkeys(files, ONE))
    with pytest.raises(ConvgradeError) as error:
        reading(tmp_path, KNOWN)
    assert f"{tmp_path / named}" in str(error.value) and "--format plain" in str(error.value)
    assert reading(tmp_path, KNOWN, "plain").kind == "plain"


def test_a_folder_that_holds_the_zip_of_a_class_is_refused(tmp_path):
    packed(tmp_path / "all.zip", {"ali/q1_box.py": ONE, "sara/q1_box.py": TWO})
    with pytest.raises(ConvgradeError, match="unpack it and name the folder"):
        reading(tmp_path, KNOWN)


def test_one_student_with_folders_of_others_stops_no_class(tmp_path):
    laid(tmp_path, {"ali/q1_box.py": ONE, "eve/ali/q1_box.py": ONE, "eve/sara/q1_box.py": TWO})
    assert [one.id for one in collect(tmp_path, KNOWN)] == ["ali", "eve"]


@pytest.mark.parametrize("sign", ["\u200b", "\u2060", "\ufeff", "\u00ad"])
def test_a_sign_without_width_makes_nobody_else(sign):
    assert fold(safe_id(f"a{sign}da")) == fold("ADA")


def test_a_path_that_was_read_is_not_read_again(tmp_path):
    """Read anew, the two notebooks would be refused as doubtful."""
    laid(tmp_path, {"hw3_v1.ipynb": BOOK, "hw3_v2.ipynb": OTHER})
    nothing = laid(tmp_path / "empty", {})
    nothing.mkdir()
    course = Course.load(TOY / "grader_config.yml")
    with pytest.raises(ConvgradeError, match="there is no submission here"):
        grade_class(Reading(nothing, KNOWN, "plain"), course, tmp_path / "out", jobs=1, format="moodle")


# ---- downloads in other languages


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


def test_of_nbgraders_assignments_the_one_with_this_homeworks_notebook(tmp_path):
    files = {"ali/hw3/hw3.ipynb": BOOK, "ali/hw2/hw2.ipynb": OTHER, "sara/hw3/hw3.ipynb": OTHER}
    found = list(collect(laid(tmp_path / "submitted", files), KNOWN))
    assert [list(one.files) for one in found] == [["hw3.ipynb"], ["hw3.ipynb"]]


# ---- which file is it


@pytest.mark.parametrize("above", ["student_template/", "old/", ""])
def test_a_stub_never_stands_for_solved_work(above):
    sources = of_one({f"{above}q1_box.py": STUB, "solved/q1_box.py": ONE})
    assert sources.code == {"q1_box": ONE.decode()} and not sources.notes


def test_a_stub_alone_is_graded():
    assert of_one({"hw3/q1_box.py": STUB}).code == {"q1_box": STUB.decode()}


@pytest.mark.parametrize(
    "name",
    ["q1.py", "Q1.py", "question1.py", "Question 1.py", "سوال ۱.py", "sara_q1_box.py", "q1_box_final.py", "Q1-Box Ali.py"],
)
def test_a_name_that_can_be_one_file_only_is_taken_for_it(name):
    sources = of_one({name: ONE, "q2_net.py": TWO})
    assert sources.code == {"q1_box": ONE.decode(), "q2_net": TWO.decode()}
    assert said(sources) == {"intake.named_otherwise": {"file": name, "name": "q1_box.py"}}


@pytest.mark.parametrize("name", ["test_q1_box.py", "q3.py", "1.py", "box2.py"])
def test_other_names_are_not(name):
    assert "q1_box" not in of_one({name: ONE, "q2_net.py": TWO}).code


def test_of_two_that_bear_a_name_neither_is_guessed():
    sources = of_one({"q1_box_v1.py": ONE, "q1_box_v2.py": TWO, "q2_net.py": TWO})
    assert "q1_box" not in sources.code and [note.key for note in sources.notes] == ["intake.looks_like"] * 2


def test_the_name_itself_counts_before_one_that_bears_it():
    sources = of_one({"q1_box.py": ONE, "q1_box_old.py": TWO})
    assert sources.code == {"q1_box": ONE.decode()} and said(sources).keys() == {"intake.copy"}


@pytest.mark.parametrize("above", ["home/ali/Documents/uni/hw3/", "a/b/c/d/e/f/"])
def test_a_whole_path_above_the_files_loses_none(tmp_path, above):
    packed(tmp_path / "ali.zip", {f"{above}q1_box.py": ONE})
    laid(tmp_path, {f"sara/{above}q1_box.py": ONE})
    assert [unpack(one, KNOWN).code for one in collect(tmp_path, KNOWN)] == [{"q1_box": ONE.decode()}] * 2


@pytest.mark.parametrize("folders", [("question 1", "question 2"), ("سوال ۱", "سوال ۲"), ("Problem1", "Problem2")])
def test_a_folder_for_each_question_is_one_students(folders):
    sources = of_one({f"{folders[0]}/q1_box.py": ONE, f"{folders[1]}/q2_net.py": TWO})
    assert sources.trouble is None and len(sources.code) == 2


@pytest.mark.parametrize("name", ["written.docx", "written.pdf", "Written.rtf", "answers.xlsx"])
def test_a_file_of_another_kind_is_named_for_what_it_is(tmp_path, name):
    (one,) = collect(laid(tmp_path, {"ali/q1_box.py": ONE, f"ali/{name}": b"x"}), KNOWN)
    assert [note.key for note in one.notes] == ["intake.other_format"]


@pytest.mark.parametrize("name", ["answers.json", "answers.yaml", "answers (2).yml"])
def test_a_sheet_of_another_format_is_read(name):
    assert of_one({name: SHEET}).answers == SHEET.decode()


def test_an_archive_without_files_and_a_file_without_bytes_say_so(tmp_path):
    packed(tmp_path / "empty.zip", {})
    packed(tmp_path / "folders.zip", {"hw3/": b""})
    laid(tmp_path, {"zero.zip": b""})
    packed(tmp_path / "blank.zip", {"q1_box.py": b"", "q2_net.py": b"\n"})
    found = {one.id: unpack(one, KNOWN) for one in collect(tmp_path, KNOWN)}
    assert {id: one.trouble.key for id, one in found.items() if one.trouble} == {
        "empty": "intake.empty_archive",
        "folders": "intake.empty_archive",
        "zero": "intake.no_bytes",
    }
    assert said(found["blank"]).keys() == {"intake.no_bytes"}


def test_a_linked_folder_says_that_it_is_one(tmp_path):
    laid(tmp_path, {"ali/q1_box.py": ONE, "sara/q1_box.py": ONE})
    (tmp_path / "zed").symlink_to(tmp_path / "ali")
    assert list(collect(tmp_path, KNOWN))[-1].trouble.key == "intake.not_regular"


# ---- notebooks in other forms

CELLS = (("code", "import math\n\n\ndef box():\n    return 1"), ("markdown", "## w1\n\nMy words."), ("code", "x = box()\nx"))
SCRIPTS = {
    "percent": "# %%\n{0}\n\n# %% [markdown]\n# ## w1\n#\n# My words.\n\n# %%\n{2}\n",
    "percent with quotes": '#%% first\n{0}\n#%% [markdown]\n"""\n## w1\n\nMy words.\n"""\n#%%\n{2}\n',
    "nbconvert": "#!/usr/bin/env python\n# coding: utf-8\n\n# In[1]:\n\n\n{0}\n\n\n# ## w1\n# \n# My words.\n\n# In[ ]:\n\n\n{2}\n",
    "Colab": '# -*- coding: utf-8 -*-\n"""hw3.ipynb\n\nAutomatically generated by Colab.\n"""\n\n{0}\n\n"""## w1\n\nMy words."""\n\n{2}\n',
}


@pytest.mark.parametrize("form", SCRIPTS)
def test_a_notebook_saved_as_a_script_is_read_as_the_notebook(form):
    sources = of_one({"hw3.py": SCRIPTS[form].format(*(source for _, source in CELLS)).encode()})
    found = read(*sources.notebooks.values())
    assert [source.strip() for _, source in found.cells] == [CELLS[0][1], CELLS[2][1]]
    assert found.essays(["w1"]) == {"w1": "My words."}


def test_a_script_is_looked_at_once_however_it_is_made():
    """Texts that never end, or begin on every line."""
    for line in ('"""', '"""x', "# x", "# %%", '"""a"""', "'''"):
        assert json.loads(script.notebook("\n".join([line] * 4_000).encode()))["cells"] is not None


def test_files_that_cells_write_are_the_homeworks():
    course = Course.load(TOY / "grader_config.yml")
    stem = course.questions[0].stem
    data = book(
        cell(f"%%writefile {stem}.py\nA = 1\n"), cell("%%file answers.toml\n[q1]\na = 1"), cell("%%writefile help.py\nB = 1")
    )
    sources, found = opened(Sources(notebooks={"hw3.ipynb": data}), course)
    assert sources.code == {stem: "A = 1\n"} and sources.answers == "[q1]\na = 1"
    assert [number for number, _ in found.cells] == [3] and sources.trouble is None
    assert [note.values["cell"] for note in sources.notes if note.key == "notebook.writefile"] == [1, 2]


def test_a_file_that_was_handed_in_is_not_written_over():
    course = Course.load(TOY / "grader_config.yml")
    stem = course.questions[0].stem
    data = book(cell(f"%%writefile {stem}.py\nA = 1\n"))
    sources, _ = opened(Sources(code={stem: "A = 2\n"}, notebooks={"hw3.ipynb": data}), course)
    assert sources.code == {stem: "A = 2\n"}


def test_a_notebook_for_each_question_is_one_notebook():
    """Each is a copy of the notebook that was handed out, with one question solved and the stubs of the others below it."""
    course = Course.load(ROOT / "grader_config.yml")
    data = json.loads((ROOT / "student_template" / "hw3.ipynb").read_bytes())
    halves = {}
    for name, id, solved in (("a.ipynb", "q1-linear_parameters", "def linear_parameters"), ("b.ipynb", "w6", "My words.")):
        cells = [dict(one, source=solved if one["id"] == id else one["source"]) for one in data["cells"]]
        halves[name] = json.dumps({**data, "cells": cells}).encode()
    sources, found = opened(Sources(notebooks=halves), course)
    assert list(sources.notebooks) == ["a.ipynb", "b.ipynb"] and found.essays(course.written, handed_out(course).lines) == {
        "w6": "My words."
    }
    assert [note.key for note in sources.notes] == ["notebook.joined"]
    numbers, texts = zip(*found.cells, strict=True)
    assert list(numbers) == sorted(set(numbers)) and sum(text.startswith("answers = {}") for text in texts) <= 1
    assert texts.count("def linear_parameters") == 1 and not any("def linear_parameters(" in text for text in texts)


def test_two_notebooks_that_hold_the_same_are_not_joined():
    course = Course.load(ROOT / "grader_config.yml")
    both = {"hw3.ipynb": book(cell("def UNet(): pass")), "old.ipynb": book(cell("def UNet(): return 1"))}
    sources, found = opened(Sources(notebooks=both), course)
    assert [source for _, source in found.cells] == ["def UNet(): pass"]
    assert [note.key for note in sources.notes] == ["notebook.left"]
