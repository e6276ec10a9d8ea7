"""Pictures in a written answer are kept by what they are, whatever is said of them, and nothing else is."""

import base64

import pytest

from autograder.intake.pictures import MAX_BYTES, MOST, attached, without_inline
from autograder.model import Picture

PNG, JPEG, GIF = b"\x89PNG\r\n\x1a\n" + b"x" * 20, b"\xff\xd8\xff\xe0" + b"x" * 20, b"GIF89a" + b"x" * 20


def b64(data):
    return base64.b64encode(data).decode()


@pytest.mark.parametrize(("data", "kind"), [(PNG, "image/png"), (JPEG, "image/jpeg"), (GIF, "image/gif")])
def test_a_picture_is_known_by_its_first_bytes_wherever_it_stands(data, kind):
    picture = (Picture(kind, data),)
    assert attached({"a.svg": {"image/svg+xml": b64(data)}}, "") == picture
    assert attached({"a": {"image/png": [b64(data)[:8] + "\n", b64(data)[8:]]}}, "") == picture
    assert attached(None, f"See ![it](data:image/bmp;base64,{b64(data)}) here.") == picture


@pytest.mark.parametrize(
    "attachments",
    [
        None, [], "text", {"a": "text"}, {"a": {"image/png": 5}}, {"a": {"image/png": ["x", 5]}}, {"a": {"image/png": "no base 64!"}},
        {"a": {"image/svg+xml": b64(b"<svg><script>alert(1)</script></svg>")}}, {"a": {"image/png": b64(b"")}},
    ],
)  # fmt: skip
def test_what_is_no_picture_is_left_out(attachments):
    assert attached(attachments, "data:image/svg+xml;base64," + b64(b"<svg onload='x()'></svg>")) == ()


def test_a_picture_has_its_most_bytes_and_an_answer_its_most_pictures():
    large, too_large = (PNG + bytes(MAX_BYTES - len(PNG) + more) for more in (0, 1))
    assert len(attached({"a": {"image/png": b64(large)}}, "")) == 1
    assert attached({"a": {"image/png": b64(too_large)}, "b": {"image/png": "A" * (2 * MAX_BYTES + 1)}}, "") == ()
    many = {str(number): {"image/png": b64(PNG)} for number in range(MOST)}
    assert attached(many, f"data:image/gif;base64,{b64(GIF)}") == (Picture("image/png", PNG),) * MOST


def test_a_text_is_read_without_the_bytes_of_its_pictures():
    text = f"Before ![it](data:image/png;base64,{b64(PNG)}) and after."
    assert without_inline(text) == "Before ![it](data:image) and after." and without_inline("data:image") == "data:image"
