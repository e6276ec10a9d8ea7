"""``convgrade todo``: what needs a person, as lines or for a program."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import groupby
from typing import Any

from autograder.gradebook.todo import Todo
from autograder.text import line
from autograder.words import phrase, say


def lines(todos: Sequence[Todo]) -> Iterator[str]:
    """A heading a kind, a line for each thing to be done."""
    if not todos:
        yield phrase("en", "todo.none")
    for kind, ones in groupby(todos, key=lambda one: one.kind):
        yield f"{phrase('en', f'todo.kind.{kind}')}:"
        for one in ones:
            who = f"{line(one.id)} ({line(one.name)})" if one.name else line(one.id)
            yield f"    {who}: {line(say(one.message, 'en'))}"


def facts(todos: Sequence[Todo]) -> list[dict[str, Any]]:
    """The same for a program."""
    return [
        {"kind": one.kind, "id": one.id, "name": one.name, "why": say(one.message, "en"), **one.message.values}
        for one in todos
    ]
