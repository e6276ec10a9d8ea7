"""The written answers of a class, each under a short id that says nothing about who wrote it."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from autograder.marking.written_marks import text_hash, unseen
from autograder.model import Part, Picture, Result
from autograder.text import line


@dataclass(frozen=True)
class Answer:
    """One student's answer to one question; an empty text is an answer too."""

    id: str
    student: str
    name: str  # shown on request only
    part: str
    text: str
    hash: str
    pictures: tuple[Picture, ...]

    @property
    def key(self) -> tuple[str, str, str]:
        return self.student, self.part, self.hash


def of_class(results: Iterable[Result], parts: Sequence[Part], seed: str) -> dict[str, list[Answer]]:
    """Every answer by part, each part in its own random order.

    The order follows from ``seed`` alone: it is the same for every marker and every run, and differs from part to part. A student
    who hands in later takes a place in it without moving the others.
    """
    by_part: dict[str, list[Answer]] = {part.id: [] for part in parts}
    for result in results:
        if unseen(result):
            continue
        for part in parts:
            text, pictures = result.written.get(part.name, ""), result.pictures.get(part.name, ())
            name = line(result.name) or line(result.id)
            id = _place(seed, part.id, result.id)
            by_part[part.id].append(Answer(id, result.id, name, part.id, text, text_hash(text, pictures), pictures))
    return {part: sorted(answers, key=lambda one: one.id) for part, answers in by_part.items()}


def _place(*texts: str) -> str:
    return hashlib.blake2b("\0".join(texts).encode(), digest_size=6).hexdigest()


def picked(seed: str, answer: Answer, purpose: str, percent: float) -> bool:
    """Whether an answer belongs to a random ``percent`` of all, for a purpose of its own."""
    return int(_place(seed, purpose, answer.id), 16) < percent / 100 * (1 << 48)
