"""The fixture ``answers``: the student's answer sheet, one value a key."""

from __future__ import annotations

from typing import Any

from autograder.model import Message
from autograder.wall.raised import NotAttempted


class Answers:
    """``answers["q2.receptive_field"]`` is the value as the student wrote it; a blank one raises ``NotAttempted``."""

    def __init__(self, values: dict[str, Any]):
        self.values = values

    def __getitem__(self, key: str) -> Any:
        if key not in self.values:
            raise NotAttempted(Message("sheet.blank", {"key": key}))
        return self.values[key]

    def __contains__(self, key: str) -> bool:
        return key in self.values
