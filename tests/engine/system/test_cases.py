"""Hand-ins and tables as people make them, through the real command.

Each begins from a complaint about some autograder (named at each). The inputs are made here from the right hand-in of the
sample class, so that they follow the homework.
"""

import base64
import csv
import io
import json
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[3]
RIGHT = ROOT / "tests" / "submissions" / "class" / "right"
FILES = {path.name: path.read_bytes() for path in sorted(RIGHT.iterdir()) if path.is_file()}
BOOK = json.loads((RIGHT.parent / "notebook_right.ipynb").read_bytes())
SHEET = {"answers.toml": FILES["answers.toml"]}
PICTURE = b"\x89PNG\r\n\x1a\n" + bytes(40)
WHOLE = "76.00"


def convgrade(*words, out=None, **more):
    command = [sys.executable, "-m", "autograder", *map(str, words), *(["--out", str(out)] if out else [])]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=600, **more)


def rows(out):
    with (out / "grades.csv").open(encoding="utf-8", newline="") as file:
        return {row["id"]: row for row in csv.DictReader(file)}


def feedback(out, id):
    return (out / "submissions" / id / "feedback.md").read_text("utf-8")


def laid(folder, files):
    for name, data in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data if isinstance(data, bytes) else data.encode())
    return folder


def zipped(files):
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return data.getvalue()


def notebook(*changes):
    """The right notebook, each of ``changes`` applied to its list of cells."""
    cells = json.loads(json.dumps(BOOK["cells"]))
    for change in changes:
        change(cells)
    return json.dumps({**BOOK, "cells": cells}).encode()


def code(source):
    return {"cell_type": "code", "metadata": {}, "execution_count": None, "outputs": [], "source": source}


def prose(source, **more):
    return {"cell_type": "markdown", "metadata": {}, "source": source, **more}


def at(cells, id):
    return next(number for number, cell in enumerate(cells) if cell.get("id") == id)


def plain_book(*cells):
    return json.dumps({"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": cells}).encode()


SCRATCH = plain_book(code("def conv2d_output_size(size, kernel_size):\n    return 0"), code("answers = [1, 2]"))
UNTITLED = plain_book(code("x = 3 * 3\nx"))
STUB = "def conv2d_parameters(*args, **kwargs):\n    raise NotImplementedError"


def stub_below(cells):
    place = next(at for at, cell in enumerate(cells) if "".join(cell["source"]).startswith("def conv2d_parameters"))
    cells.insert(place + 1, code(STUB))


def pasted(cells):
    cell = cells[at(cells, "w2")]
    cell["source"] = "![drawing.png](attachment:drawing.png)"
    cell["attachments"] = {"drawing.png": {"image/png": base64.b64encode(PICTURE).decode()}}


def answered_oddly(cells):
    """The answer goes on in a second cell; another one was turned to code."""
    cells.insert(at(cells, "w1") + 1, prose("And a second cell of mine."))
    turned = cells[at(cells, "w3")]
    turned.update(code("Skips keep the fine detail, # which the encoder lost.") | {"id": "w3"})


WRITTEN = """## w1

Short answer: network B.

### Why

The reason is the number of weights.

## W2: skips

```python
up = conv(x)
# join with the skip
```

## **w3**

#1 sharp edges

Question w4
-----------

> the paper speaks of few samples

my words
"""
SINGLE = {
    # Submitty PR 11736, nbgrader 258
    "n07": {"Untitled.ipynb": UNTITLED, "hw3.ipynb": notebook()},
    "copies": {"hw3-Copy1.ipynb": UNTITLED, "hw3.ipynb": notebook(), ".ipynb_checkpoints/hw3-checkpoint.ipynb": UNTITLED},
    "only_untitled": {"Untitled.ipynb": notebook(), "hw3.ipynb": (ROOT / "student_template" / "hw3.ipynb").read_bytes()},
    # nbgrader 1219
    "n09": {**FILES, "scratch.ipynb": SCRATCH},
    # Submitty 95
    "p14": {f"hw3/hw3/{name}": data for name, data in FILES.items()},
    "beside": {"written.md": FILES["written.md"], "hw3.zip": zipped({n: d for n, d in FILES.items() if n != "written.md"})},
    "versions": {"hw3.zip": zipped(SHEET), "hw3 (1).zip": zipped({f"hw3/{name}": data for name, data in FILES.items()})},
    "twice_packed": {"hw3.zip": zipped({"hand-in.zip": zipped({f"hw3/{name}": data for name, data in FILES.items()})})},
    # otter 433, ok-client 352, cs50/problems 237
    "p12": {
        {"q2_convnet.py": "q2_convnet (1).py", "q3_unet.py": "q3-unet.py", "answers.toml": "answers.toml.txt"}.get(
            name, name
        ): data
        for name, data in FILES.items()
    },
    # otter 446, somef 298
    "p04": {**FILES, "written.md": WRITTEN},
    # Praktomat 23 and 173, pyta PR 671
    "p01": {
        **FILES,
        "q1_equivalence.py": "# -*- coding: cp1256 -*-\n# پرسش اول\n".encode("cp1256")
        + FILES["q1_equivalence.py"].replace("×".encode(), b"x").decode("ascii", "ignore").encode(),
    },
    "p02": {**FILES, "answers.toml": "# برگه پاسخ\n".encode("cp1256") + FILES["answers.toml"]},
    # nbgrader 1083
    "n15": {"hw3.ipynb": notebook(stub_below)},
    # nbgrader 950, otter 620
    "n36": {"hw3.ipynb": notebook(pasted, answered_oddly)},
    "broken_sheet": {**FILES, "answers.toml": FILES["answers.toml"].replace(b"[q2]\n", b"")},
    "nothing": {"hw3.zip": b"PK\x03\x04 cut short"},
}


@pytest.fixture(scope="module")
def class_of_all(tmp_path_factory):
    """Every hand-in of one student, as a class; the moment each is graded by itself is the same but for the path."""
    place = tmp_path_factory.mktemp("cases")
    for id, files in SINGLE.items():
        laid(place / "class" / id, files)
    done = convgrade("grade", place / "class", out=place / "out")
    return done, place / "out", rows(place / "out")


@pytest.mark.parametrize("id", sorted(set(SINGLE) - {"n15", "nothing", "n36"}))
def test_a_right_hand_in_gets_everything(class_of_all, id):
    _, _, grades = class_of_all
    assert grades[id]["score"] == WHOLE, grades[id]


@pytest.mark.parametrize(
    "id, said",
    [
        ("n07", "Untitled.ipynb was left aside: hw3.ipynb is the notebook that was graded"),
        ("copies", "hw3-Copy1.ipynb was left aside: hw3.ipynb"),
        ("only_untitled", "hw3.ipynb was left aside: Untitled.ipynb"),
        ("n09", "scratch.ipynb was left aside"),
        ("versions", "Handed in again later, so these earlier files were ignored: hw3.zip"),
        ("p12", "q2\\_convnet (1).py was taken for q2\\_convnet.py"),
        ("p12", "answers.toml.txt was taken for answers.toml"),
        ("p12", "q3-unet.py was taken for q3\\_unet.py"),
        ("p01", "q1\\_equivalence.py is saved as cp1256"),
        ("p02", "answers.toml is saved as cp1256"),
        ("n15", "defines conv2d\\_parameters more than once (cells "),
        ("broken_sheet", "Is a heading line missing?"),
    ],
)
def test_what_was_read_otherwise_is_said(class_of_all, id, said):
    assert said in feedback(class_of_all[1], id)


def test_a_stub_below_the_solved_copy_is_not_said_to_be_nothing(class_of_all):
    results = json.loads((class_of_all[1] / "submissions" / "n15" / "results.json").read_bytes())
    part = next(test for test in results["tests"] if test["name"] == "q2.code.conv2d_parameters")
    assert part["extra_data"]["outcome"] == "unread" and "is only the stub" in part["output"]


def test_a_hand_in_that_cannot_be_opened_says_so_once(class_of_all):
    done, out, grades = class_of_all
    assert done.returncode == 1 and grades["nothing"]["status"] == "unreadable" and "nothing: unreadable" in done.stderr
    text = feedback(out, "nothing")
    assert text.count("cannot be opened") == 1 and "not attempted" not in text and len(text) < 2_500


def test_every_word_of_an_answer_reaches_the_marker(class_of_all, tmp_path):
    done = convgrade("marks", "--from", class_of_all[1], "--out", tmp_path / "marks.csv")
    assert done.returncode == 0, done.stderr
    with (tmp_path / "marks.csv").open(encoding="utf-8-sig", newline="") as file:
        told = {(row["id"], row["part"].rpartition(".")[2]): row["text"] for row in csv.DictReader(file)}
    assert "### Why" in told["p04", "w1"] and "number of weights" in told["p04", "w1"]
    assert "# join with the skip" in told["p04", "w2"] and "#1 sharp edges" in told["p04", "w3"]
    assert "> the paper" in told["p04", "w4"] and "my words" in told["p04", "w4"]
    assert "And a second cell of mine." in told["n36", "w1"] and "fine detail" in told["n36", "w3"]
    assert "drawing.png" in told["n36", "w2"]


def test_a_pasted_picture_is_kept_for_the_marker(class_of_all):
    from autograder.gradebook import ledger

    found, _ = ledger.latest(class_of_all[1])
    (picture,) = next(one for one in found if one.id == "n36").pictures["w2"]
    assert (picture.type, picture.data) == ("image/png", PICTURE)


# ---- whose is it


@pytest.mark.thorough
@pytest.mark.parametrize("form", ["folder", "zip", "moodle"])
def test_the_notebook_of_the_homework_is_found_everywhere(tmp_path, form):
    """The same choice in a folder, in a zip and in a download."""
    files = {"hw3.ipynb": plain_book(prose("The answer.", id="w1")), "Untitled.ipynb": UNTITLED}
    if form == "folder":
        laid(tmp_path / "class" / "sara", files)
    elif form == "zip":
        laid(tmp_path / "class", {"sara.zip": zipped({f"hw3/{name}": data for name, data in files.items()})})
    else:
        laid(tmp_path / "class" / "Sara M_901_assignsubmission_file_", files)
    done = convgrade("grade", tmp_path / "class", out=tmp_path / "out")
    (id,) = rows(tmp_path / "out")
    assert id == ("901" if form == "moodle" else "sara")
    assert "Untitled.ipynb was left aside" in feedback(tmp_path / "out", id)
    first = done.stderr.splitlines()[0] if done.stderr else ""
    assert ("taken for a download of Moodle" in first) is (form == "moodle")


def moodle(**files):
    return {f"Sara M_{number}_assignsubmission_file_/{name}": data for number in (901, 902) for name, data in files.items()}


ATTACK = {
    "submission_metadata.yml": "submission_1:\n  :submitters:\n  - :name: Ali\n    :sid: ali\n  :created_at: 2020-01-01 00:00:00 Z\n",
    "submission_1/answers.toml": FILES["answers.toml"],
}
REFUSED = {
    "outer folder": (
        {f"hand-ins/{id}/answers.toml": b"" for id in ("ali", "sara")},
        "",
        ["hand-ins", "class", "one student"],
    ),
    "zip of a class": (
        {"c.zip": zipped({f"c/{id}/answers.toml": b"" for id in ("ali", "sara")})},
        "c.zip",
        ["class", "one"],
    ),
    "stray sheet": (
        {"answers.toml": b"", **{f"{id}.zip": zipped(SHEET) for id in ("ali", "sara", "mina")}},
        "",
        ["answers.toml", "class"],
    ),
    "Moodle's zip and its worksheet": (
        {
            "CS-HW3-77.zip": zipped({f"{n}_9{n}_assignsubmission_file_/answers.toml": b"" for n in (1, 2)}),
            "Grades-HW3.csv": b"Identifier",
        },
        "",
        ["CS-HW3-77.zip", "Moodle"],
    ),
    "Canvas's zip in a folder": ({"submissions.zip": zipped({"a_1_2_hw.zip": b"", "b_3_4_hw.zip": b""})}, "", ["Canvas"]),
    "an export in a student's zip": (
        {"intruder.zip": zipped(ATTACK)},
        "intruder.zip",
        ["Gradescope", "one student", "--format"],
    ),
    "Moodle names in a student's zip": (
        {"intruder.zip": zipped({"Ali_901_assignsubmission_file_/answers.toml": b""})},
        "intruder.zip",
        ["Moodle", "one student"],
    ),
    "a download of ILIAS": ({"status.xlsx": b"", "Moradi_Sara_smoradi_123/answers.toml": b""}, "", ["ILIAS"]),
    "a download of Sakai": (
        {"grades.csv": b"", "Moradi, Sara(smoradi)/Submission attachment(s)/hw.zip": b""},
        "",
        ["Sakai"],
    ),
}


@pytest.mark.parametrize("files, named, said", REFUSED.values(), ids=REFUSED.keys())
def test_what_is_doubtful_is_refused_with_both_readings(tmp_path, files, named, said):
    """nbgrader PR 526 and others: whose work it is, is never guessed."""
    path = laid(tmp_path / "dl", files) / named
    done = convgrade("grade", path, out=tmp_path / "out")
    assert done.returncode == 2 and not (tmp_path / "out" / "grades.csv").exists(), done.stdout
    assert all(word in done.stderr for word in said), done.stderr


@pytest.mark.thorough
def test_nobody_is_graded_as_another(tmp_path):
    """A student's folder that claims to be an export, a tree of nbgrader's, a download; two that claim one student."""
    class_ = laid(
        tmp_path / "class",
        {
            "ali/answers.toml": FILES["answers.toml"],
            "ada-2/answers.toml": FILES["answers.toml"],
            "eve.zip": zipped(ATTACK),
            "mal.zip": zipped(
                {"submitted/ali/hw3/answers.toml": b"", "submitted/ali/hw3/timestamp.txt": "2020-01-01 00:00:00 UTC"}
            ),
            "submitted/hw3/answers.toml": b"",
            "submitted/hw3/timestamp.txt": b"2020-01-01 00:00:00 UTC",
            "Ali_901_assignsubmission_file_.zip": zipped(SHEET),
            "lale.rar": b"Rar!",
            "Ada.zip": zipped(SHEET),
            "ada.zip": zipped({"answers.toml": b""}),
        },
    )
    done = convgrade("grade", class_, out=tmp_path / "out")
    grades = rows(tmp_path / "out")
    own = {"ali", "ada-2", "eve", "mal", "submitted", "Ali_901_assignsubmission_file", "lale"}
    assert own < set(grades) and len(grades) == len(own) + 2 and not {"ada", "Ada"} & set(grades), set(grades)
    assert grades["ali"]["score"] == grades["ada-2"]["score"] != "0.00" and done.returncode == 1
    assert "both claim to be" in done.stderr and "ada.zip" in done.stderr and "Ada.zip" in done.stderr
    assert all(row["late_days"] in ("", "0") for row in grades.values())
    (tmp_path / "canvas.csv").write_text("Student,ID,SIS Login ID,Section,HW (1)\nA,1,ada,S,\nB,2,ada-2,S,\nC,3,ali,S,\n")
    told = convgrade(
        "export",
        "--from",
        tmp_path / "out",
        "--to",
        "canvas",
        "--like",
        tmp_path / "canvas.csv",
        "--column",
        "1",
        out=tmp_path / "filled.csv",
    )
    filled = [line.split(",") for line in (tmp_path / "filled.csv").read_text().splitlines()]
    assert [row[4] != "" for row in filled[1:]] == [False, True, True] and "--prefer" in told.stderr
    again = convgrade("grade", class_, "--prefer", "newest", out=tmp_path / "again")
    assert again.returncode == 1 and len({id for id in rows(tmp_path / "again") if id.casefold() == "ada"}) <= 1


OTHERS = {
    "ali/answers.toml": FILES["answers.toml"],
    "mina.py": FILES["q1_equivalence.py"],
    "nima.ipynb.txt": plain_book(prose("The answer.", id="w1")),
    "dara.json": plain_book(prose("The answer.", id="w1")),
    "reza.pdf": b"%PDF-1.4",
    "omid.docx": b"PK",
    "kian.zipx": zipped(SHEET),
    "lale.rar": b"Rar!\x1a\x07\x00",
    "zahra.7z": b"7z\xbc\xaf\x27\x1c",
    "hana.zip.part": zipped(SHEET)[:50],
}


@pytest.mark.thorough
def test_everybody_in_a_class_has_a_row_and_knows_what_to_do(tmp_path):
    """gradetools 29."""
    class_ = laid(tmp_path / "class", {**OTHERS, "late.csv": b"id,timestamp\n"})
    done = convgrade("grade", class_, out=tmp_path / "out")
    grades = rows(tmp_path / "out")
    assert set(grades) == {name.partition("/")[0].partition(".")[0] for name in OTHERS} and done.returncode == 1
    for id in ("mina", "reza", "omid", "lale", "zahra", "hana"):
        assert grades[id]["status"] == "unreadable" and f"{id}: unreadable: {id}." in done.stderr
    assert {grades[id]["status"] for id in ("ali", "nima", "dara", "kian")} == {"graded"}
    assert "late.csv" in done.stderr


# ---- downloads of other systems


@pytest.mark.thorough
def test_blackboard_and_brightspace_give_a_row_a_student_and_the_newest_attempt(tmp_path):
    """nbgrader 511, bb-scripts 48."""
    old, new = zipped({"answers.toml": b""}), zipped(SHEET)
    laid(
        tmp_path / "bb",
        {
            "HW3_arezaei_attempt_2026-11-19-09-05-00_hw3.zip": old,
            "HW3_arezaei_attempt_2026-11-20-09-05-00_hw3.zip": new,
            "HW3_smoradi_attempt_2026-11-20-23-01-00.txt": b"Name: Sara Moradi (smoradi)\nAssignment: HW3",
            "HW3_smoradi_attempt_2026-11-20-23-01-00_hw3.zip": new,
        },
    )
    laid(
        tmp_path / "bs",
        {
            "index.html": b"<html></html>",
            "12345-777001 - Sara Moradi - Nov 20, 2026 1101 PM/answers.toml": FILES["answers.toml"],
            "12345-777002 - Ali Rezaei - Nov 19, 2026 905 AM/answers.toml": b"",
            "12345-777002 - Ali Rezaei - Nov 20, 2026 905 AM/answers.toml": FILES["answers.toml"],
        },
    )
    for name, title, ids in (("bb", "Blackboard", {"arezaei", "smoradi"}), ("bs", "Brightspace", {"777001", "777002"})):
        done = convgrade("grade", tmp_path / name, out=tmp_path / f"out-{name}")
        grades = rows(tmp_path / f"out-{name}")
        assert done.stderr.splitlines()[0].endswith(f"taken for a download of {title}") and set(grades) == ids
        assert len({row["score"] for row in grades.values()}) == 1 and "0.00" not in {
            row["score"] for row in grades.values()
        }


@pytest.mark.thorough
def test_a_group_of_moodle_is_filled_for_its_members_and_nobody_else(tmp_path):
    """MoodleDirectV2 59. A group's number is also the number of somebody else."""
    laid(
        tmp_path / "dl",
        {
            f"Group {n}_{number}_assignsubmission_file_/answers.toml": FILES["answers.toml"]
            for n, number in (("A", 21), ("B", 902))
        },
    )
    assert convgrade("grade", tmp_path / "dl", out=tmp_path / "out").returncode == 0
    head = "Identifier,Full name,Email address,Status,{}Grade,Maximum grade,Grade can be changed,Last modified (grade)\n"
    people = [("Participant 21", "Kim O", "B"), ("Participant 22", "Ali R", "A"), ("Participant 23", "Sara M", "A")]
    for grouped in (True, False):
        sheet = tmp_path / f"worksheet{grouped}.csv"
        lines = [
            f"{id},{name},x@example.org,Submitted,{f'Group {group},' if grouped else ''},100.00,Yes,-\n"
            for id, name, group in people
        ]
        sheet.write_text(head.format("Group," if grouped else "") + "".join(lines))
        done = convgrade(
            "export", "--from", tmp_path / "out", "--to", "moodle", "--like", sheet, out=tmp_path / "filled.csv"
        )
        grades = [row["Grade"] for row in csv.DictReader((tmp_path / "filled.csv").open())]
        assert all(grades) is grouped and any(grades) is grouped, (grades, done.stderr)


@pytest.mark.thorough
def test_names_match_the_sheet_of_the_system(tmp_path):
    """PrairieLearn PR 14703: a blank, a comma, an apostrophe, an Arabic ي, a zero-width non-joiner."""
    names = ["Sara Moradi", "علی رضایی", "علی‌رضا کریمی", "O'Neil, Kim"]
    laid(tmp_path / "class", {f"{name}.zip": zipped(SHEET) for name in names})
    assert convgrade("grade", tmp_path / "class", out=tmp_path / "out").returncode == 0
    (tmp_path / "worksheet.csv").write_text(
        "Identifier,Full name,Department,Status,Grade,Maximum grade,Grade can be changed,Last modified (grade)\n"
        "Participant 11,Sara Moradi,x,Submitted,,100.00,Yes,-\nParticipant 12,علی رضایی,Sara Moradi,Submitted,,100.00,Yes,-\n"
        'Participant 13,علي‌رضا کریمی,x,Submitted,,100.00,Yes,-\nParticipant 14,"O\'Neil, Kim",x,Submitted,,100.00,Yes,-\n'
    )
    (tmp_path / "canvas.csv").write_text(
        'Student,ID,SIS User ID,SIS Login ID,Section,HW (991)\n    Points Possible,,,,,76\n"Moradi, Sara",501,s501,smoradi,A,\n"رضایی, علی",502,s502,arezaei,A,\n'
    )
    for kind, like, column, count in (("moodle", "worksheet.csv", [], 4), ("canvas", "canvas.csv", ["--column", "991"], 2)):
        done = convgrade(
            "export",
            "--from",
            tmp_path / "out",
            "--to",
            kind,
            "--like",
            tmp_path / like,
            *column,
            out=tmp_path / "filled.csv",
        )
        filled = list(csv.DictReader((tmp_path / "filled.csv").open()))
        cell = "Grade" if kind == "moodle" else "HW (991)"
        assert sum(row[cell] != "" for row in filled) == count + (kind == "canvas"), done.stderr
        assert f"{count}" in next(said for said in done.stderr.splitlines() if "Matched by the column" in said)


# ---- tables and times


@pytest.mark.thorough
def test_times_of_nbgrader_are_read_where_the_zone_means_one_thing(tmp_path):
    """nbgrader 143: %Z is its default."""
    zones = {"s1": "CET", "s2": "UTC", "s3": "Europe/Berlin", "s4": "PST", "s5": "+0330"}
    files = {f"submitted/{id}/hw3/timestamp.txt": f"2026-11-20 23:30:00.000000 {zone}\n" for id, zone in zones.items()}
    laid(tmp_path, files | {f"submitted/{id}/hw3/answers.toml": FILES["answers.toml"] for id in zones})
    done = convgrade("grade", tmp_path / "submitted", out=tmp_path / "out")
    assert (
        "could not be read for 1" in done.stderr and "s4" in done.stderr and "s1" not in done.stderr.replace("submitted", "")
    )
    from autograder.gradebook import ledger

    found, _ = ledger.latest(tmp_path / "out")
    assert {one.id: one.handed_in[:16] for one in found if one.handed_in} == {
        "s1": "2026-11-20T22:30",
        "s2": "2026-11-20T23:30",
        "s3": "2026-11-20T22:30",
        "s5": "2026-11-20T20:00",
    }


TABLES = {
    "semicolon": "\ufeffid;timestamp\nali;2026-11-21T10:00:00+03:30\n".encode(),
    "tab": b"id\ttimestamp\nali\t2026-11-21T10:00:00+03:30\n",
    "header": b"Student ID,Submitted at\nali,2026-11-21T10:00:00+03:30\n",
    "git": b"id,timestamp\nali,2026-11-21 10:00:00 +0330\n",
    "ansi": "id,timestamp\nعلي,2026-11-21T10:00:00+03:30\nali,2026-11-21T10:00:00+03:30\n".encode("cp1256"),
    "UTF-16": "id\ttimestamp\nali\t2026-11-21T10:00:00+03:30\n".encode("utf-16"),
    "persian digits": "id,timestamp\nali,۲۰۲۶-۱۱-۲۱T10:00:00+03:30\n".encode(),
}


@pytest.mark.parametrize("data", TABLES.values(), ids=TABLES.keys())
def test_a_table_of_times_is_read_as_spreadsheets_save_it(tmp_path, data):
    """Autolab 874."""
    from autograder.marking.times_table import read

    (tmp_path / "late.csv").write_bytes(data)
    assert read(tmp_path / "late.csv")["ali"].isoformat() == "2026-11-21T10:00:00+03:30"


@pytest.mark.thorough
@pytest.mark.parametrize(
    "data, said",
    [
        ("id,timestamp\nali,21/11/2026 10:00\n", "late.csv:2"),
        ("id,timestamp\nali,۱۴۰۵-۰۸-۳۰T10:00:00+03:30\n", "another calendar"),
        ("who,when\nali,x\n", "the columns are: who, when"),
        ("id,timestamp\nali,2026-11-20 23:30:00 PST\n", "PST"),
    ],
)
def test_a_table_that_cannot_be_read_says_what_it_has(tmp_path, data, said):
    (tmp_path / "late.csv").write_text(data)
    laid(tmp_path / "class" / "ali", SHEET)
    done = convgrade("grade", tmp_path / "class", "--late-from", tmp_path / "late.csv", out=tmp_path / "out")
    assert done.returncode == 2 and said in done.stderr, done.stderr


@pytest.mark.thorough
def test_marks_are_read_as_spreadsheets_save_them(tmp_path):
    laid(tmp_path / "class", {"ali/written.md": "## w1\n\nSame map.\n", "'ali/written.md": "## w1\n\nAnother.\n"})
    assert convgrade("grade", tmp_path / "class", out=tmp_path / "out").returncode == 0
    forms = {"3,5": ";", "۳٫۵": ",", "3.5": "\t"}
    for number, (points, separator) in enumerate(forms.items()):
        lines = [
            ["id", "name", "part", "max", "points", "comment", "text"],
            ["ali", "", "q1.written.w1", "4.00", points, "", "Same map."],
        ]
        (tmp_path / "marks.csv").write_bytes(
            "\ufeff".encode() + "\r\n".join(separator.join(line) for line in lines).encode()
        )
        shutil.copytree(tmp_path / "out", tmp_path / f"out{number}")
        done = convgrade("grade", tmp_path / "class", "--marks", tmp_path / "marks.csv", out=tmp_path / f"out{number}")
        assert done.returncode == 0, done.stderr
        grades = rows(tmp_path / f"out{number}")
        assert {id: row["score"] for id, row in grades.items()} == {"ali": "3.50", "'ali": "0.00"}, grades
