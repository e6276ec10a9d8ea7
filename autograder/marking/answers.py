"""The fixture ``answers``: the student's answer sheet, one value a key."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

from autograder.model import Message
from autograder.wall.failures import Malformed, NotAttempted


class Answers:
    """``answers["q2.receptive_field"]`` is the value as the student wrote it.

    ``variant`` is that of the sheet that the student was given. Asking for a blank answer raises NotAttempted. Asking for one
    that could not be read raises Malformed; ``unread`` holds the reason by key.
    """

    def __init__(self, values: dict[str, Any], unread: Mapping[str, Message] = MappingProxyType({}), variant: int = 1):
        self.values, self.unread, self.variant = values, unread, variant
        self.read: set[str] = set()  # the keys that were asked for

    def __getitem__(self, key: str) -> Any:
        self.read.add(key)
        if key in self.unread:
            raise Malformed(self.unread[key])
        if key not in self.values:
            raise NotAttempted(Message("sheet.blank", {"key": key}))
        return self.values[key]

    def __contains__(self, key: str) -> bool:
        self.read.add(key)
        return key in self.values
