"""The engine's sentences in the languages of the course."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

import yaml

from autograder.model import Language, Message

_PLACE = re.compile(r"\{(\w+)\}")


@cache
def sentences(language: Language) -> dict[str, str]:
    """Every sentence of a language by its key."""
    path = Path(__file__).with_name(f"{language}.yml")
    return yaml.load(path.read_text(encoding="utf-8"), Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))  # noqa: S506 both are safe


def say(message: Message, language: Language) -> str:
    """The sentence of a message with its values in place. Raises KeyError for a key or a value that is not there.

    Values go in as they are, by name only: nothing in them is looked at as a format.
    """
    sentence = sentences(language)[message.key]
    return _PLACE.sub(lambda place: _told(message.values[place[1]]), sentence)


def _told(value: str | int | float) -> str:
    return f"{value:g}" if isinstance(value, float) else str(value)
