"""A table that a person keeps is read as spreadsheets of any locale save it, and what cannot be read is said with its place."""

import csv

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from autograder.errors import ConvgradeError
from autograder.intake.names import safe_id
from autograder.marking import table
from autograder.text import cell


@pytest.fixture
def read(tmp_path):
    """``read(text, *columns)`` are the rows of a table with that text, each with the number of its line."""

    def rows(text, *columns, optional=(), codec="utf-8"):
        path = tmp_path / "t.csv"
        path.write_bytes(text.encode(codec))
        found = list(table.rows(path, *columns, optional=optional))
        return [(int(where.removeprefix(f"{path}:")), cells) for where, cells in found]

    return rows


@pytest.mark.parametrize("separator", [",", ";", "\t"])
@pytest.mark.parametrize("codec", ["utf-8", "utf-8-sig", "utf-16"])
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_any_spreadsheet_can_have_saved_it(read, separator, codec, end):
    text = end.join(separator.join(row) for row in (["id", "points"], ["سارا", "3.5"], ["", ""], ["bob", "4"])) + end
    assert read(text, "id", "points", codec=codec) == [
        (2, {"id": "سارا", "points": "3.5"}),
        (4, {"id": "bob", "points": "4"}),
    ]


@pytest.mark.parametrize(
    "header", ["id,points", "Student ID,Score", "student_id , MARK", "شماره دانشجویی,نمره", "SID,x,grade", "user,Points"]
)
def test_a_column_may_have_any_name_that_people_give_it(read, header):
    row = ",".join(
        "3" if name.strip().casefold() in ("points", "score", "mark", "grade", "نمره") else "ada"
        for name in header.split(",")
    )
    assert read(f"{header}\n{row}\n", "id", "points") == [(2, {"id": "ada", "points": "3"})]


def test_the_columns_own_name_counts_before_another(read):
    assert read("user,id\nx,ada\n", "id") == [(2, {"id": "ada"})]


def test_a_column_that_is_missing_is_named_beside_those_that_are_there(read):
    with pytest.raises(ConvgradeError) as error:
        read("name,\u202esum,\nada,3,\n", "id", "points")
    assert "there is no column id and no column points" in error.value.what and "[U+202E]sum, (empty)" in error.value.what
    assert error.value.where.endswith("t.csv:1") and "id,points" in error.value.todo
    with pytest.raises(ConvgradeError, match="the columns are: none"):
        read("", "id")


def test_a_cell_that_is_missing_is_an_error_with_its_line_and_an_optional_one_is_empty(read):
    assert read("id,comment\nada\n", "id", optional=("comment", "file")) == [(2, {"id": "ada", "comment": ""})]
    with pytest.raises(ConvgradeError, match="a cell is missing") as error:
        read("id,points\nada,1\nbob, \n", "id", "points")
    assert error.value.where.endswith("t.csv:3")


def test_an_apostrophe_before_a_formula_is_the_spreadsheets_and_not_the_ids(read):
    assert [cells["id"] for _, cells in read("id\n'=ada\n'bob\n", "id")] == ["=ada", "'bob"]


@given(st.text(st.sampled_from("ab;=|-+'@ ۱")).map(safe_id))
def test_an_id_that_was_written_is_read_as_it_was(tmp_path_factory, id):
    path = tmp_path_factory.mktemp("table") / "t.csv"
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([["id", "x"], [cell(id), "1"]])
    assert [row["id"] for _, row in table.rows(path, "id", "x")] == [id]


@pytest.mark.parametrize("sign", ["\u2028", "\u2029", "\x85", "\x0b", "\x0c", "\x1e"])
def test_only_a_line_break_ends_a_row(read, sign):
    """Such signs come with a text that is pasted; a spreadsheet puts no quotes around them."""
    assert read(f"id,comment\nada,well{sign}done\n", "id", "comment") == [(2, {"id": "ada", "comment": f"well{sign}done"})]


def test_a_cell_in_quotes_may_hold_lines_and_the_place_is_where_its_row_ends(read):
    assert read('id,comment\nada,"two\nlines, here"\n', "id", "comment") == [
        (3, {"id": "ada", "comment": "two\nlines, here"})
    ]


def test_what_is_no_table_is_said(read, tmp_path):
    with pytest.raises(ConvgradeError, match="there is no such file"):
        list(table.rows(tmp_path / "none.csv", "id"))
    with pytest.raises(ConvgradeError, match="it cannot be read: Is a directory"):
        table.plain(tmp_path)
    (tmp_path / "t.xlsx").write_bytes(b"PK\x03\x04\x00\x00")
    with pytest.raises(ConvgradeError, match="byte 4 is not text"):
        table.plain(tmp_path / "t.xlsx")
    with pytest.raises(ConvgradeError, match=r"t\.csv:2: it cannot be read: field larger"):
        read("id\n" + "x" * 200_000 + "\n", "id")


def test_too_large_a_table_is_not_read(read, monkeypatch):
    monkeypatch.setattr(table, "MAX_BYTES", 5)
    with pytest.raises(ConvgradeError, match="larger than"):
        read("id\nada\n", "id")


def test_a_plain_table_has_its_rows_with_their_lines(tmp_path):
    path = tmp_path / "t.csv"
    path.write_text('a;b\n\n1;"2\n3"\n ; \n4;5\n')
    assert table.plain(path) == [(1, ["a", "b"]), (4, ["1", "2\n3"]), (6, ["4", "5"])]


def test_names_are_matched_as_a_class_has_them():
    assert table.key(" Ada\u200b Lovelace ") == table.key("ada_lovelace") == table.key("ＡＤＡ_Lovelace")
    assert table.key("علي") == table.key("علی") != table.key("ali")


words = st.text(st.characters(codec="utf-8", exclude_categories=["Cc"], exclude_characters="\ufeff"), min_size=1, max_size=8)


@settings(max_examples=25)
@given(st.lists(st.tuples(words.filter(str.strip), words.filter(str.strip)), max_size=4), st.sampled_from(",;\t"))
def test_what_a_spreadsheet_writes_is_read_as_it_was(tmp_path_factory, cells, separator):
    path = tmp_path_factory.getbasetemp() / "written.csv"
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        csv.writer(file, delimiter=separator).writerows([("part", "points"), *cells])
    found = [(row["part"], row["points"]) for _, row in table.rows(path, "part", "points")]
    assert found == [(one.strip(), other.strip()) for one, other in cells]
