"""The answer sheet, read as generously as a careful person would, and never with an exception."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from autograder.intake.answer_sheet import parse
from autograder.model import LANGUAGES, Message
from autograder.words import say


def read(text, keys=None):
    values, notes = parse(text, keys)
    return values, [key for key, _ in notes]


@pytest.mark.parametrize(
    "written, value",
    [
        ("36", 36),
        ("۳۶", 36),
        ("٣٦", 36),
        ("３６", 36),
        ("[۱۶، ۱۲۸، ۱۲۸]", [16, 128, 128]),
        ("١٬٢١٦", 1216),
        ("1,216", 1216),
        ("1 216", 1216),
        ("1_216", 1216),
        ("۳٫۵", 3.5),
        ("1216.0", 1216.0),
        ("۳۶  # ۱۲", 36),
    ],
)
def test_numbers_are_read_as_the_numbers_they_are(written, value):
    values, _ = read(f"[q2]\na = {written}\n")
    assert values == {"q2.a": value} and type(values["q2.a"]) is type(value)


KEYS = ("q1.width", "q2.shape", "q2.total")
SHAPE, TOTAL = [16, 128, 128], 262144


@pytest.mark.parametrize(
    "written",
    [
        *("16 x 128 x 128", "16x128x128", "16×128×128", "۱۶×۱۲۸×۱۲۸", "[16x128x128]", "(16, 128, 128)", "[16; 128; 128]"),
        *(
            "16, 128, 128",
            "16,128,128",
            "16 128 128",
            "[16 128 128]",
            "［16， 128， 128］",
            "[16, 128, 128],",
            "[16, 128, 128] // ok",
        ),
    ],
)
def test_a_shape_is_read_however_it_is_separated(written):
    values, notes = parse(f"[q2]\nshape = {written}\ntotal = 262144\n", KEYS, ["q2.shape"])
    assert values == {"q2.shape": SHAPE, "q2.total": TOTAL}
    for _, filled in notes:
        assert filled["line"] == 2


@pytest.mark.parametrize(
    "written", ["262,144", "262 144", "262\u202f144", "262144,", "262144;", "262144 // ok", "\u200b262144\u200c"]
)
def test_a_number_is_one_number_where_no_list_is_asked(written):
    assert parse(f"[q2]\ntotal = {written}\n", KEYS, ["q2.shape"])[0] == {"q2.total": TOTAL}


@pytest.mark.parametrize("written", ["512 x 512", "512, 512", "512*512", "262144 values", "26k", "≈262144"])
def test_a_number_that_is_to_be_worked_out_costs_its_line(written):
    values, notes = parse(f"[q2]\nshape = [16, 128, 128]\ntotal = {written}\n", KEYS, ["q2.shape"])
    assert (
        values == {"q2.shape": SHAPE}
        and [key for key, _ in notes] == ["sheet.bad_line"]
        and notes[0][1]["key"] == "q2.total"
    )


@pytest.mark.parametrize(
    "sheet",
    [
        '{"q1": {"width": 5}, "q2": {"shape": [16, 128, 128], "total": 262144}}',
        '{\n "q1.width": 5,\n "q2.shape": [16, 128, 128],\n "q2.total": 262144\n}',
        'answers = {\n "q1.width": 5,\n "q2.shape": [16, 128, 128],\n "q2.total": 262144,\n}',
        "q1:\n  width: 5\nq2:\n  shape:\n    - 16\n    - 128\n    - 128\n  total: 262144\n",
        "q1:\n  width: 5\nq2:\n  shape: [16, 128, 128]\n  total: 262144\n",
        "```toml\n[Q1]\nWidth = 5\n[[q2]]\nshape = [16, 128, 128]\ntotal = 262144\n```\n",
        'width = "?"\n[q1]\nwidth = "?"\nwidth = 5\n[q2]\nshape = [16, 128, 128]\ntotal = 262144\ntotal = "?"\n',
        "[q1]\nwidth: 5\n[q2]\nshape = 16 x 128 x 128\nTotal = 262144\n",
    ],
    ids=["json", "flat json", "python", "yaml", "yaml in lines", "markdown", "blank copies", "colon"],
)
def test_a_sheet_of_another_form_is_read_and_said(sheet):
    values, notes = parse(sheet, KEYS, ["q2.shape"])
    assert values == {"q1.width": 5, "q2.shape": SHAPE, "q2.total": TOTAL}
    assert not {"sheet.bad_line", "sheet.twice", "sheet.near_key"} & {key for key, _ in notes}


def test_points_between_thousands_are_asked_about():
    values, notes = parse("[q2]\ntotal = 262.144\n", KEYS)
    assert values == {"q2.total": 262.144} and notes == [
        ("sheet.dots", {"line": 2, "written": "262.144", "meant": "262144"})
    ]


def test_what_was_read_otherwise_is_said_with_its_line():
    _, notes = parse("[q2]\na = 1\nb = ۳۶\n")
    assert notes == [("sheet.digits", {"line": 3, "written": "۳۶", "read": "36"})]


@pytest.mark.parametrize("bad", ["b = oops", "b =", "b = [1, 2", "= 4", "[q2", 'b = "open'])
def test_a_bad_line_costs_its_own_answer(bad):
    values, notes = parse(f"[q2]\na = 1\n{bad}\n\n[q3]\nc = 3\n")
    assert values["q3.c"] == 3 and values["q2.a"] == 1
    assert notes[0][0] == "sheet.bad_line" and notes[0][1]["line"] == 3


def test_of_two_answers_to_one_key_the_first_counts_and_the_other_is_named():
    values, notes = parse("[q2]\na = 1\na = 2\nb = 3\n")
    assert values == {"q2.a": 1, "q2.b": 3} and notes == [("sheet.twice", {"line": 3, "key": "q2.a"})]


@pytest.mark.parametrize(
    "text, key, note",
    [
        ("[q2]\na = true\n", "q2.a", "sheet.boolean"),
        ('[q2]\na = "36"\n', "q2.a", "sheet.quotes"),
        ('[q2]\na = "۳۶"\n', "q2.a", "sheet.quotes"),
        ('[q2]\na = "many"\n', "q2.a", "sheet.text"),
        ("[q2]\na = nan\n", "q2.a", "sheet.not_a_number"),
    ],
)
def test_a_wrong_type_is_kept_and_said(text, key, note):
    values, notes = read(text)
    assert key in values and notes == [note]


@pytest.mark.parametrize("value", ["2026-11-25", "10:00:00", "{x = 1}", "[[1, 2]]", "[{x = 1}]"])
def test_what_is_no_plain_value_is_said_and_left_out(value):
    assert read(f"[q2]\na = {value}\nb = 1\n") == ({"q2.b": 1}, ["sheet.not_plain"])


def test_a_key_of_thousands_of_steps_costs_its_own_line_and_no_time():
    started = time.process_time()
    assert read("[q2]\na" + ".a" * 30_000 + " = 1\nb = 2\n") == ({"q2.b": 2}, ["sheet.bad_line"])
    assert time.process_time() - started < 1


@pytest.mark.parametrize(
    "line",
    [
        "a = 1" + " " * 980 + "!",
        "q1" + " " * 980 + "x",
        "q1:" + " " * 980 + "x",
        "a = " + "1x" * 490 + "?",
        "a " * 48 + " " * 800 + "=",
    ],
    ids=["blanks in a value", "blanks behind a name", "blanks in a heading", "a list that fails", "a long key"],
)
def test_a_line_that_is_no_toml_is_read_in_a_time_of_its_length(line):
    started = time.process_time()
    parse("\n".join([line] * 40), ["q1.a"], ["q1.a"])
    assert time.process_time() - started < 1


def test_a_long_comment_costs_nothing():
    assert read("[q2]\na = 1  # " + "why " * 1_000 + "\n# " + "and " * 1_000 + "\n") == ({"q2.a": 1}, [])


def test_blank_answers_are_not_there_and_unknown_keys_are_said():
    values, notes = read('[q2]\na = "?"\nb = ""\nc = 3\n', ["q2.a", "q2.b"])
    assert values == {} and notes == ["sheet.unknown_key"]


@pytest.mark.parametrize(
    ("text", "values", "note"),
    [
        ('width = 9\n[q1]\nwidth = "?"\n', {"q1.width": 9}, "sheet.moved"),
        ('[q1]\nWidth = 9\nwidth = " ? "\n', {"q1.width": 9}, "sheet.key"),
        ('[q1]\nwidht = 9\nwidth = ""\n', {}, "sheet.near_key"),
        ('{"width": 9, "q1": {"width": "?"}}', {"q1.width": 9}, "sheet.moved"),
    ],
    ids=["no heading", "capital", "slip", "json"],
)
def test_a_blank_line_that_was_kept_hides_no_answer(text, values, note):
    found, notes = read(text, KEYS)
    assert found == values and note in notes and "sheet.unknown_key" not in notes


@pytest.mark.parametrize("data", ["\ufeff[q2]\r\na = 1\r\n".encode(), "[q2]\na = 1\n".encode("utf-16")])
def test_other_encodings_are_read(data):
    assert read(data)[0] == {"q2.a": 1}


@pytest.mark.parametrize(
    "data",
    [
        b"\xff\x00\xfe",
        b"a = " + b"[" * 60_000,
        b"a = " + b"9" * 60_000,
        b"a=1\n" * 50_000,
        b"\n".join([b"="] * 100),
        b'a = """' * 99,
        b'{"q1": {"area": "\\ud800"}}',
        b'{"q1": {"\\udc00": 5}}',
    ],
    ids=["bytes", "nested", "digits", "too large", "a hundred bad lines", "quotes", "half a character", "half in a key"],
)
def test_hostile_sheets_come_to_notes(data):
    values, notes = parse(data)
    assert notes and len(notes) <= 60 and len(str(values)) < 10_000
    (str(values) + str(notes)).encode()  # no half of a character is left


@given(
    st.binary(max_size=400)
    | st.text(max_size=200)
    | st.lists(st.sampled_from("[q2] a = \n 1 ۳ \" ' , . [ ] # { }".split(" "))).map("".join)
)
def test_any_sheet_is_read_and_every_note_can_be_said(data):
    values, notes = parse(data)
    assert all(isinstance(key, str) for key in values)
    for key, filled in notes:
        for language in LANGUAGES:
            assert say(Message(key, filled), language)
