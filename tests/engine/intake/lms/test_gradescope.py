"""Gradescope's export: whose each submission is, when it came, and what hostile metadata can do."""

import time

import pytest

from autograder.errors import ConvgradeError
from autograder.intake.collect import collect
from autograder.intake.lms import gradescope
from autograder.runner.class_run import grade_class
from tests.engine.intake.hand_ins import ONE, SHEET, TWO, keys, laid, zipped
from tests.engine.intake.lms.downloads import EXPORT, KNOWN, METADATA, gathered, said
from tests.engine.toy_course import TOY, at_home, copied


def test_gradescope_says_whose_it_is_and_when_it_came(download):
    found = gathered(download(EXPORT))
    assert set(found) == {"0042", "sara.m", "77", "9", "submission_1004"}
    ada = found["0042"]
    assert (ada.name, ada.files, ada.handed_in) == (
        "Ada Lovelace",
        {"q1_box.py": ONE, "answers.toml": SHEET},
        "2026-11-20T20:29:00+00:00",
    )
    assert found["9"].handed_in == "2026-11-20T20:29:00+00:00"
    assert "900" in said(ada, "intake.earlier") and "2026-11-19T08:00:00" in said(ada, "intake.earlier")


def test_a_group_of_gradescope_has_a_row_for_each(download):
    found = gathered(download(EXPORT))
    sara, bruce = found["sara.m"], found["77"]
    assert (sara.name, bruce.name) == ("سارا محمدی", "李小龍")
    assert sara.files == bruce.files == {"q1_box.py": TWO}
    assert sara.handed_in == bruce.handed_in == "2026-11-20T21:00:00+00:00"
    assert keys(sara) == keys(bruce) == ["intake.group"]
    assert "submission_1002: سارا محمدی, 李小龍" in said(sara, "intake.group")


def test_gradescope_loses_nobody(download):
    found = gathered(download(EXPORT))
    assert found["submission_1004"].files == {"q1_box.py": ONE} and keys(found["submission_1004"]) == ["intake.nobody"]
    assert found["9"].trouble.key == "intake.empty" and "submission_1003" in said(found["9"], "intake.no_folder")


HOSTILE = """submission_1:
  :submitters:
  - {":name": "\\e[31m\\u202Egood\\0", ":sid": "../../etc/passwd", ":email": x}
  - {":name": "=cmd()", ":sid": "..", ":email": "=1+1@x"}
  - [1, 2]
  - {":name": {a: b}, ":sid": [1], ":email": "both@x"}
  :created_at: yesterday
  :history: nonsense
submission_2: none
submission_3:
  :submitters: !!python/object/apply:os.system ["touch owned"]
"""


def test_a_hostile_export_does_no_harm(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    files = {"submission_metadata.yml": HOSTILE.encode(), "submission_1/q1_box.py": ONE, "submission_2/q1_box.py": ONE}
    found = gathered(laid(tmp_path / "export", files))
    assert not (tmp_path / "owned").exists() and len(found) == 5
    for id, one in found.items():
        assert not set(id) & set("/\\\x1b\u202e\0") and not id.startswith(".") and not set(one.name) & set("\x1b\u202e\0")
    assert "both" in found and "yesterday" in said(found["both"], "intake.time")
    assert found["submission_2"].files and not found["submission_3"].files


BAD_METADATA = {
    "a list": b"- 1\n- 2\n",
    "text": b"hello",
    "broken": b"submission_1:\n  :submitters: [\n",
    "not UTF-8": b"submission_1: \xff\xfe\xfa\n",
    "deep": b"submission_1: " + b"[" * 200 + b"]" * 200,
    "cut short": METADATA + b'submission_7:\n  :submitters: "',
}


@pytest.mark.parametrize("data", BAD_METADATA.values(), ids=BAD_METADATA.keys())
def test_metadata_that_cannot_be_read_stops_with_its_place(tmp_path, data):
    path = laid(tmp_path / "export", {"submission_metadata.yml": data, "submission_1/q1_box.py": ONE})
    with pytest.raises(ConvgradeError, match=r"submission_metadata\.yml"):
        list(collect(path, KNOWN))


def test_too_large_metadata_is_not_read(tmp_path, monkeypatch):
    monkeypatch.setattr(gradescope, "MAX_METADATA", 1 << 10)
    path = laid(tmp_path / "export", EXPORT | {"submission_metadata.yml": METADATA * 2})
    with pytest.raises(ConvgradeError, match="larger than"):
        list(collect(path, KNOWN))


def test_metadata_that_is_a_bomb_is_said_in_a_sentence(tmp_path):
    path = tmp_path / "gradescope.zip"
    path.write_bytes(zipped({"submission_1/q1_box.py": ONE, "submission_metadata.yml": b"#" * (4 << 20)}))
    with pytest.raises(ConvgradeError) as told:
        list(collect(path, KNOWN))
    assert "submission_metadata.yml unpacks to more than 200 times its size" in str(told.value)
    assert "intake." not in str(told.value) and ".." not in str(told.value)


def test_aliases_do_not_multiply(tmp_path):
    lines = [
        'a: &a ["x", "x"]',
        *(f"{b}: &{b} [*{a}, *{a}, *{a}, *{a}, *{a}, *{a}]" for a, b in zip("abcdefghij", "bcdefghijk", strict=True)),
    ]
    metadata = "\n".join([*lines, "submission_1: {':submitters': *k}"]).encode()
    path = laid(tmp_path / "export", {"submission_metadata.yml": metadata, "submission_1/q1_box.py": ONE})
    started = time.process_time()
    assert set(gathered(path)) == {"submission_1"} and time.process_time() - started < 2


def test_a_number_that_two_people_give_in_gradescope_is_neithers(download):
    """Students write their number themselves: one who writes another's, and comes first, would have that one's row."""
    people = [("Zoe", "zoe@example.org", ONE), ("Aaron", "aaron@example.org", TWO)]
    told = "".join(
        f"submission_{at}:\n  :submitters:\n  - :name: {name}\n    :sid: '0042'\n    :email: {address}\n"
        for at, (name, address, _) in enumerate(people)
    )
    files = {f"submission_{at}/q1_box.py": data for at, (_, _, data) in enumerate(people)}
    found = gathered(download({"submission_metadata.yml": told.encode(), **files}))
    assert {id: one.files["q1_box.py"] for id, one in found.items()} == {
        "0042_aaron@example.org": TWO,
        "0042_zoe@example.org": ONE,
    }
    assert all(keys(one) == ["intake.same_id"] for one in found.values())


@pytest.mark.thorough
def test_an_export_is_graded_whole(tmp_path):
    toy = {path.name: path.read_bytes() for path in (TOY / "submission").iterdir() if path.is_file()}
    single = {f"assignment_7_export/submission_1001/{name}": data for name, data in toy.items()}
    group = {"assignment_7_export/submission_1002/hw.zip": zipped({f"hw/{name}": data for name, data in toy.items()})}
    path = tmp_path / "export.zip"
    path.write_bytes(zipped({"assignment_7_export/submission_metadata.yml": METADATA} | single | group))
    with at_home(copied(tmp_path)) as course:
        rows = {row.id: row for row in grade_class(path, course, tmp_path / "out", jobs=1).rows}
    assert {id: row.status for id, row in rows.items()} == {
        "0042": "graded",
        "77": "graded",
        "sara.m": "graded",
        "9": "unreadable",
    }
    assert rows["0042"].cents == rows["77"].cents == rows["sara.m"].cents > 0 == rows["9"].cents
    feedback = (tmp_path / "out" / "submissions" / "77" / "feedback.md").read_text("utf-8")
    assert "سارا محمدی" in feedback and "submission\\_1002" in feedback
    assert (tmp_path / "out" / "grades.csv").read_text("utf-8").count("\n") == 5
