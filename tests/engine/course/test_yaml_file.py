"""A YAML file is plain data with the line of every key; what cannot be read is named with its place."""

import pytest

from autograder.course.yaml_file import read_yaml
from autograder.errors import ConvgradeError

TEXT = """limits:
  seconds: 5
steps:
  - {first: 2026-11-20T23:59:00+03:30}
  - second:
      third: yes
"""


def read(folder, text):
    (folder / "a.yml").write_text(text, "utf-8")
    return read_yaml(folder / "a.yml", "it cannot be read", "Write it.")


def test_a_key_is_found_by_its_path_and_one_that_is_not_there_by_what_is_above_it(tmp_path):
    data, lines = read(tmp_path, TEXT)
    assert data == {
        "limits": {"seconds": 5},
        "steps": [{"first": "2026-11-20T23:59:00+03:30"}, {"second": {"third": True}}],
    }
    places = [("limits", "seconds"), ("steps",), ("steps", 1, "second", "third"), ("limits", "hours"), ("late", "days"), ()]
    assert [lines.where(*at) for at in places] == [f"{tmp_path}/a.yml:{line}" for line in (2, 3, 6, 1, 1, 1)]
    error = lines.wrong(("limits", "seconds"), "it is out of bounds", "Choose 3.")
    assert str(error) == f"{tmp_path}/a.yml:2: it is out of bounds. Choose 3."


@pytest.mark.parametrize(
    ("text", "line", "said"),
    [
        ("a: [1\nb: 2\n", ":2", "not YAML"),
        ("a: 1\na: 2\n", ":2", "a is given twice. Keep one of the two lines"),
        ("a: &a [*a]\n", "", "a YAML alias refers to itself. Remove the alias"),
    ],
)
def test_what_is_not_yaml_is_named_with_its_line(tmp_path, text, line, said):
    with pytest.raises(ConvgradeError, match=said) as error:
        read(tmp_path, text)
    assert error.value.where == f"{tmp_path}/a.yml{line}"


def test_without_the_file_the_caller_says_what_to_do(tmp_path):
    with pytest.raises(ConvgradeError, match=r"it cannot be read.*Write it"):
        read_yaml(tmp_path / "b.yml", "it cannot be read", "Write it.")
    assert read(tmp_path, "")[0] == {}
