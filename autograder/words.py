"""The engine's sentences in the languages of the course."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

import yaml

from autograder.model import LANGUAGES, Language, Message
from autograder.text import PERSIAN_DIGITS

_PLACE = re.compile(r"\{(\w+)\}")
RIGHT_TO_LEFT = ("fa",)
_ARABIC = re.compile(r"[\u0590-\u08ff]")
_NUMBER = re.compile(r"\d+(\.\d+)?")
_FORMULA = re.compile(r"\d[\s\])]*[-−+·×*/=,^]|[-−+·×*/=,^(\[][\s\[(]*\d")  # a sum, a list, a signed number
_TYPED = re.compile(r"[۰-۹٠-٩]")  # digits that a student typed, to be told apart from what they were read as
_PERSIAN = PERSIAN_DIGITS | str.maketrans(".", "٫")
_ONE_WORD = re.compile(r"(?:\w(?:[\w.]*\w)?%?)?")  # has its own order, whatever stands around it
LEFT_TO_RIGHT = "\u200e"  # a mark without width: what stands between two of them is read from the left


@cache
def sentences(language: Language) -> dict[str, str]:
    """Every sentence of a language by its key."""
    path = Path(__file__).with_name("words") / f"{language}.yml"
    return yaml.load(path.read_text(encoding="utf-8"), Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))  # noqa: S506 both are safe


def say(message: Message, language: Language) -> str:
    """The sentence of a message with its values in place. Raises KeyError for a key or a value that is not there.

    Values go in as they are, by name only: nothing in them is looked at as a format. ``because`` is the key of another
    sentence, which takes the same values.
    """
    sentence = sentences(language)[message.key]
    values = {name: f"{value:g}" if isinstance(value, float) else str(value) for name, value in message.values.items()}
    if "because" in values:
        sentence = sentence.replace("{because}", sentences(language)[values["because"]])
    if language not in RIGHT_TO_LEFT:
        return _PLACE.sub(lambda place: values[place[1]], sentence)
    prose = not any(_FORMULA.search(value) or _TYPED.search(value) for value in values.values())

    def filled(place: re.Match[str]) -> str:
        percent = sentence.startswith("٪", place.end())
        return _right_to_left(values[place[1]], prose or percent)

    return _PLACE.sub(filled, sentence)


def phrase(language: Language, key: str, /, **values: str | int | float) -> str:
    """``say`` for a key and its values. The language comes first: ``partial(phrase, language)`` speaks one language."""
    return say(Message(key, values), language)


def _right_to_left(text: str, prose: bool) -> str:
    """A value within a sentence from right to left.

    A number has Persian digits in prose and Latin ones beside a formula or a tensor, so that a sentence has digits of one
    kind. A sum, a tensor, a sign and its number keep their order.
    """
    if prose and _NUMBER.fullmatch(text):
        return text.translate(_PERSIAN)
    if _ONE_WORD.fullmatch(text) or _ARABIC.search(text):
        return text
    return f"{LEFT_TO_RIGHT}{text}{LEFT_TO_RIGHT}"


def digits(number: str | int, language: Language) -> str:
    """A number that stands alone, in the language's digits."""
    return str(number).translate(_PERSIAN) if language in RIGHT_TO_LEFT else str(number)


def say_all(key: str, **values: str | int | float) -> str:
    """The sentence in every language, a paragraph each: for a page that comes before anybody has chosen one."""
    return "\n\n".join(phrase(language, key, **values) for language in LANGUAGES)
