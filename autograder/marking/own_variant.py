"""A student is graded by their own variant, whichever sheet they filled in; what the sheet itself says only adds a note.

Where nobody has said which variant is theirs, the numbers that vary wait: they have no points, not even 0.
"""

from __future__ import annotations

from collections.abc import Iterator

from autograder.course import sheet
from autograder.course.course import Course
from autograder.marking.hand_in import HandIn
from autograder.model import Dealt, Message, Submission

UNKNOWN = ("variant.unknown", "variant.ambiguous", "variant.gone")  # why a number waits
# What an instructor wants to hear of.
ODD = (*UNKNOWN, "variant.withdrawn", "variant.other_sheet", "variant.code_changed")


def variant(submission: Submission) -> int:
    """The submission's own variant; 0 where it is not known."""
    return 1 if submission.dealt is None else submission.dealt.variant


def withheld(course: Course, submission: Submission) -> dict[str, Message]:
    """The keys of the sheet that cannot be graded, since it is not known which variant is asked, each with the reason."""
    dealt = submission.dealt
    if dealt is None or dealt.variant:
        return {}
    varying = {question.id for question in course.varying}
    return {key: Message(dealt.why) for key in course.number_keys if key.partition(".")[0] in varying}


def claimed(work: HandIn) -> str:
    """What the comment on the sheet says, in the notebook first."""
    return sheet.claimed([*(source for _, source in work.cells), work.sources.answers or ""])


def notes(claim: str, dealt: Dealt | None) -> Iterator[Message]:
    """What a student and an instructor read about the variant and the sheet that was filled in."""
    if dealt is None:
        return
    named, sound = sheet.read(claim, dealt.codes) if claim else (dealt.variant, True)
    if not dealt.variant:
        yield Message(dealt.why)
        if named and sound and dealt.codes:
            yield Message("variant.sheet_says", {"sheet": named})
        return
    yield Message("variant.own", {"own": dealt.variant})
    if not sound:
        yield Message("variant.code_changed", {"own": dealt.variant})
    elif named != dealt.variant:
        yield Message("variant.other_sheet", {"sheet": named, "own": dealt.variant})
    if dealt.withdrawn:
        yield Message("variant.withdrawn", {"own": dealt.variant})
