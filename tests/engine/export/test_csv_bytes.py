"""The cells of another system's CSV: read as the csv module reads them, and replaced without touching another byte."""

import csv
import io

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from autograder.errors import ConvgradeError
from autograder.export import csv_bytes

TEXTS = st.text(st.sampled_from("ab é\u200c\"',;\t\n1"), max_size=6)


def read(folder, data: bytes) -> csv_bytes.Sheet:
    (folder / "x.csv").write_bytes(data)
    return csv_bytes.read(folder / "x.csv")


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("last", [True, False])
def test_cells_agree_with_the_csv_module(tmp_path, end, last):
    text = f'a,"b, ""c""",d{end}1,"two{end}lines",{end},,x' + (end if last else "")
    (tmp_path / "x.csv").write_bytes(text.encode())
    sheet = csv_bytes.read(tmp_path / "x.csv")
    assert [[cell.text for cell in row] for row in sheet.rows] == list(csv.reader(io.StringIO(text, newline="")))
    assert sheet.replaced({}) == text.encode()
    assert (
        sheet.replaced({sheet.rows[1][2]: "9", sheet.rows[0][0]: "A"})
        == text.replace("a,", "A,", 1).replace(f'lines",{end}', f'lines",9{end}').encode()
    )


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return tmp_path_factory.mktemp("sheets")


@settings(max_examples=15)
@given(rows=st.lists(st.lists(TEXTS, min_size=2, max_size=4), min_size=1, max_size=4), end=st.sampled_from(["\n", "\r\n"]))
def test_what_the_csv_module_writes_is_read_as_it_was_and_a_replaced_cell_is_the_only_change(folder, rows, end):
    rows = [["id", "name", "grade"], *rows]
    text = io.StringIO()
    csv.writer(text, lineterminator=end).writerows(rows)
    sheet = read(folder, text.getvalue().encode())
    assert [[cell.text for cell in row] for row in sheet.rows] == rows
    filled = csv_bytes.Sheet(sheet.path, sheet.replaced({sheet.rows[-1][1]: "12.50"}), ())
    rows[-1][1] = "12.50"
    assert list(csv.reader(io.StringIO(filled.data.decode(), newline=""))) == rows


@pytest.mark.parametrize("sign", [",", ";", "\t"])
def test_the_first_separator_of_the_header_separates(folder, sign):
    others = "".join(one for one in ",;\t" if one != sign)
    sheet = read(folder, f"a{sign}b{others}\n1{others}{sign}2\n".encode())
    assert [[cell.text for cell in row] for row in sheet.rows] == [["a", f"b{others}"], [f"1{others}", "2"]]


def test_what_stands_in_quotes_separates_nothing(folder):
    assert read(folder, b'"a, b";c\n1;2\n').header == ["a, b", "c"]
    assert read(folder, b'\n"a; ""b""\n";d,e\n').header == ['a; "b"\n', "d,e"]


def test_a_byte_order_mark_belongs_to_no_cell_and_stays(folder):
    data = "\ufeffid,é\n1,\n".encode()
    sheet = read(folder, data)
    assert sheet.header == ["id", "é"]
    assert sheet.replaced({sheet.rows[1][1]: "7"}) == "\ufeffid,é\n1,7\n".encode()


def test_blank_lines_are_no_rows(folder):
    assert [[cell.text for cell in row] for row in read(folder, b"\na,b\n\n1,\n\n").rows] == [["a", "b"], ["1", ""]]


@pytest.mark.parametrize(
    ("data", "said", "line"),
    [(b"", "it is empty", None), (b"\n\n", "it is empty", None), (b"a,b\nc,\xff\n", "not UTF-8 at byte 6", None),
     (b'a,b\n1,2\n3,"4\n', "a quote never ends", 3)],
)  # fmt: skip
def test_what_is_no_csv_is_refused_with_its_place(folder, data, said, line):
    with pytest.raises(ConvgradeError, match=said) as caught:
        read(folder, data)
    assert caught.value.where == str(folder / "x.csv") + (f":{line}" if line else "") and caught.value.todo


def test_a_file_that_is_not_there_is_refused(folder):
    with pytest.raises(ConvgradeError, match="No such file"):
        csv_bytes.read(folder / "none.csv")
