"""The engine's sentences in the languages of the course."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

import yaml

from autograder.model import Language, Message

_PLACE = re.compile(r"\{(\w+)\}")
_RIGHT_TO_LEFT = ("fa",)
_ARABIC = re.compile(r"[\u0590-\u08ff]")
_ONE_WORD = re.compile(r"[\w.%]*")
LEFT_TO_RIGHT = "\u200e"  # a mark without width: what stands between two of them is read from the left


@cache
def sentences(language: Language) -> dict[str, str]:
    """Every sentence of a language by its key."""
    path = Path(__file__).with_name(f"{language}.yml")
    return yaml.load(path.read_text(encoding="utf-8"), Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))  # noqa: S506 both are safe


def say(message: Message, language: Language) -> str:
    """The sentence of a message with its values in place. Raises KeyError for a key or a value that is not there.

    Values go in as they are, by name only: nothing in them is looked at as a format. ``because`` is the key of another
    sentence, which takes the same values.
    """
    sentence = sentences(language)[message.key]
    return _PLACE.sub(lambda place: _filled(message, place[1], language), sentence)


def _filled(message: Message, name: str, language: Language) -> str:
    if name == "because":
        return say(Message(str(message.values[name]), message.values), language)
    return _told(message.values[name], language)


def _told(value: str | int | float, language: Language) -> str:
    """A value as text. A sum, a tensor, a sign and its number keep their order within a sentence from right to left."""
    text = f"{value:g}" if isinstance(value, float) else str(value)
    if language not in _RIGHT_TO_LEFT or _ONE_WORD.fullmatch(text) or _ARABIC.search(text):
        return text
    return f"{LEFT_TO_RIGHT}{text}{LEFT_TO_RIGHT}"
