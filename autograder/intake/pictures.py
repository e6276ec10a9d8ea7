"""Pictures that a student pasted into a written answer, kept as data for whoever marks it. Nothing is decoded beyond base64."""

from __future__ import annotations

import base64
import binascii
import re
from typing import Any

from autograder.model import Picture

MOST = 4  # of one answer
MAX_BYTES = 1 << 20  # of one picture
# By their first bytes, whatever the notebook says of them. A vector picture can hold a script, so none is kept.
_KINDS = {b"\x89PNG\r\n\x1a\n": "image/png", b"\xff\xd8\xff": "image/jpeg", b"GIF87a": "image/gif", b"GIF89a": "image/gif"}
_INLINE = re.compile(r"data:image/[a-z+.-]{1,20};base64,([A-Za-z0-9+/=\s]{20,})")


def attached(attachments: Any, source: str) -> tuple[Picture, ...]:
    """The pictures of a cell, those that are attached to it and those that stand in its text. Never raises."""
    pictures: list[Picture] = []
    each = attachments.values() if isinstance(attachments, dict) else ()
    texts = [data for one in each if isinstance(one, dict) for data in one.values()]
    for text in (*texts, *(match[1] for match in _INLINE.finditer(source))):
        if len(pictures) < MOST and (picture := _picture(text)) is not None:
            pictures.append(picture)
    return tuple(pictures)


def without_inline(text: str) -> str:
    """A text with the bytes of its inline pictures taken out: they are kept apart."""
    return _INLINE.sub("data:image", text)


def _picture(text: Any) -> Picture | None:
    text = "".join(text) if isinstance(text, list) and all(isinstance(line, str) for line in text) else text
    if not isinstance(text, str) or len(text) > 2 * MAX_BYTES:
        return None
    try:
        data = base64.b64decode("".join(text.split()), validate=True)
    except (binascii.Error, ValueError):
        return None
    type = kind(data)
    return Picture(type, data) if type is not None and len(data) <= MAX_BYTES else None


def kind(data: bytes) -> str | None:
    """The media type that a picture's first bytes tell; None for what is not a picture that is kept."""
    return next((type for head, type in _KINDS.items() if data.startswith(head)), None)
