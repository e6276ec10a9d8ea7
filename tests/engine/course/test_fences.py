"""Which lines of Markdown are code: a fence is closed by one of its own kind, at least as long."""

import pytest

from autograder.course import fences


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("a\n```\nb\n```\nc", "```\nb\n```"),
        ("```python\n# b\n```\nc", "```python\n# b\n```"),
        ("~~~\n```\n~~~\nc", "~~~\n```\n~~~"),
        ("````\n```\n````\nc", "````\n```\n````"),
        ("- a\n  ```\n  b\n  ```\nc", "  ```\n  b\n  ```"),
        ("- ```python\n  b\n  ```\nc", "- ```python\n  b\n  ```"),
        ("1. - ```\n     b\n     ```\nc", "1. - ```\n     b\n     ```"),
        ("```\n- ```\n```\nc", "```\n- ```\n```"),
        ("```\nb\n```python\nc", "```\nb\n```python\nc"),  # this fence opens one and closes none
        ("```b``` c\nd", ""),
        ("``\nb\n``", ""),
    ],
)
def test_the_lines_of_code(text, code):
    assert "\n".join(line for line, in_code in fences.lines(text) if in_code) == code
    assert "\n".join(line for line, _ in fences.lines(text)) == text
