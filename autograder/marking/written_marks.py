"""The points that a person gives to written answers, and what they come to.

A mark belongs to the text that it was given for, known by the text's hash: it holds for as long as the student hands in that
text, whatever else changes. A later mark of the same text counts instead of an earlier one; nothing is ever overwritten.
"""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence

from msgspec.structs import replace

from autograder.course.rubric import Rubric
from autograder.model import Mark, Message, Outcome, PartId, PartResult, Picture, Result, points

_UNSEEN = ("unreadable", "not graded")


def text_hash(text: str, pictures: Iterable[Picture] = ()) -> str:
    """What a mark is tied to: the answer's whole text and its pictures."""
    digest = hashlib.blake2b(text.encode("utf-8", "replace"), digest_size=16)
    for picture in pictures:
        digest.update(b"\0" + hashlib.blake2b(picture.data, digest_size=16).digest())
    return digest.hexdigest()


def text_hashes(essays: Mapping[str, str], pictures: Mapping[str, Iterable[Picture]]) -> dict[str, str]:
    """The hash of each written answer by its part's name."""
    names = dict.fromkeys((*essays, *pictures))
    return {name: text_hash(essays.get(name, ""), pictures.get(name, ())) for name in names}


def unseen(result: Result) -> bool:
    """Whether nobody has seen a result's answers: they are not empty, they are unknown."""
    return result.status in _UNSEEN or not result.opened


def texts_of(marks: Iterable[Mark]) -> dict[str, str]:
    """The hash of the text that each part's latest mark was given for, by the part's name."""
    return {_name(mark.part): mark.text_hash for mark in sorted(marks, key=age)}


EMPTY = text_hash("")


def bound(marks: Iterable[Mark], texts: Mapping[str, str]) -> tuple[Mark, ...]:
    """The marks that apply to these texts, by part name; one that names no text is of the text that is there."""
    marks_of_texts = []
    for mark in marks:
        there = texts.get(_name(mark.part), EMPTY)
        if mark.text_hash in ("", there):
            marks_of_texts.append(replace(mark, text_hash=there))
    return tuple(marks_of_texts)


def standing(marks: Iterable[Mark]) -> dict[tuple[str, str], Mark]:
    """The mark that counts for each part and text: the latest."""
    newest: dict[tuple[str, str], Mark] = {}
    for mark in sorted(marks, key=age):
        newest[mark.part, mark.text_hash] = mark
    return newest


def age(mark: Mark) -> tuple[float, int]:
    """What marks are ordered by: the latest one counts."""
    return mark.when, mark.number


def marked(
    parts: Sequence[PartResult],
    marks: Collection[Mark],
    texts: Mapping[str, str],
    begun: Collection[str],
    rubrics: Mapping[str, Rubric],
) -> tuple[PartResult, ...]:
    """The parts with the marks of these texts. Where nothing is written, a part whose marking has begun is worth 0."""
    counts = {part: mark for (part, _), mark in standing(bound(marks, texts)).items() if mark.cents is not None}
    return tuple(_marked(part, counts.get(part.id), texts, begun, rubrics.get(part.id)) for part in parts)


def _marked(
    part: PartResult, mark: Mark | None, texts: Mapping[str, str], begun: Collection[str], rubric: Rubric | None
) -> PartResult:
    if mark is None or mark.cents is None:
        empty = part.outcome is Outcome.AWAITING and part.id in begun and part.name not in texts
        return replace(part, cents=0, outcome=Outcome.NOT_ATTEMPTED) if empty else part
    outcome = Outcome.PASSED if mark.cents >= part.max_cents else Outcome.FAILED
    messages = [*_criteria(mark, rubric)] if rubric is not None else []
    if mark.comment:
        messages.append(Message("written.comment", {"comment": mark.comment}))
    return replace(part, cents=min(mark.cents, part.max_cents), outcome=outcome, messages=tuple(messages), mark=mark)


def _criteria(mark: Mark, rubric: Rubric) -> Iterator[Message]:
    """The decided criteria as the rubric has them today, without those that it no longer has."""
    for one in rubric.criteria:
        if one.id in mark.criteria:
            values = {"id": one.id, "en": one.text.en, "fa": one.text.fa, "points": points(one.cents)}
            yield Message("written.met" if mark.criteria[one.id] else "written.not_met", values)


def _name(part: str) -> str:
    return PartId(part).name


def of(result: Result) -> dict[str, Mark]:
    """The marks that a result holds, by part."""
    return {part.id: _held(result, part) for part in result.parts if part.kind == "written" and _is_marked(part)}


def _is_marked(part: PartResult) -> bool:
    return part.mark is not None or part.outcome in (Outcome.PASSED, Outcome.FAILED)


def _held(result: Result, part: PartResult) -> Mark:
    """The mark that a part holds.

    A result older than the table of marks has none, so it is rebuilt from its points, comment and text hash.
    """
    if part.mark is not None:
        return part.mark
    comment = next((str(one.values["comment"]) for one in part.messages if one.key == "written.comment"), "")
    return Mark(result.id, part.id, part.cents, result.texts.get(part.name, ""), comment)


def waiting(result: Result) -> int:
    """How many of its written answers have a text and no mark yet."""
    return sum(part.cents is None and part.name in result.written for part in result.parts)


def counted(part: str, results: Iterable[Result]) -> bool:
    """Whether a written part is in a class's numbers: a person has marked it, and nobody's text still waits for that."""
    theirs = [(one.cents, _name(part) in result.written) for result in results for one in result.parts if one.id == part]
    return any(cents is not None for cents, _ in theirs) and all(cents is not None or not text for cents, text in theirs)
