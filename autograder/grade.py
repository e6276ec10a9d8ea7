"""The way of one submission, whole: unpack, the wall, ask, score, explain; what comes of it is recorded elsewhere."""

from __future__ import annotations

import json
import time
from dataclasses import dataclass

from autograder.course.course import Course
from autograder.diagnosis.consistency import compared, traced
from autograder.diagnosis.explain import Explainer
from autograder.gradebook import changes
from autograder.gradebook.fingerprint import content
from autograder.intake import written
from autograder.intake.notebook import opened
from autograder.intake.unpack import unpack
from autograder.marking import lateness, numbers
from autograder.marking.answers import Answers
from autograder.marking.follow import credited
from autograder.marking.points import score
from autograder.marking.recorder import Recorder
from autograder.marking.suites import Suites
from autograder.marking.written_marks import marked
from autograder.model import Fingerprint, Graded, Message, Outcome, Result, Sources, Submission, Tier
from autograder.report.submission_files import render
from autograder.text import shorten
from autograder.wall.session import Session, Zygote
from autograder.wall.student import Student


@dataclass(frozen=True)
class Bench:
    """What a trusted worker keeps warm to grade with."""

    course: Course
    suites: Suites
    zygote: Zygote
    tier: Tier
    explainer: Explainer


def grade(submission: Submission, fingerprint: Fingerprint, bench: Bench, earlier: Result | None = None) -> Graded:
    """What a submission comes to. Never raises for anything that a submission holds or does.

    Questions for which ``earlier``, a grade of the same submission, still stands are not asked again.
    """
    started = time.monotonic()
    kept = changes.kept(earlier, fingerprint, bench.tier.value)
    asked = [part for part in bench.course.parts if part.question not in kept.questions]
    sources = unpack(submission, bench.course.known_files)
    sources, book = opened(sources, bench.course)
    essays = written.split(sources.written or "", bench.course.written) | book.essays(bench.course.written)
    limits, stems, questions = bench.course.config.limits, bench.course.known_files.stems, len(bench.course.questions)
    parts, diagnoses = [], []
    with Session(bench.zygote, sources.code, limits, book.cells, stems, questions) as session:
        found = numbers.numbers(sources, session, bench.course)
        values, answers = found.values, Answers(found.values, found.unread)
        came = {_part_id(key): shorten(_text(value), 200) for key, value in values.items()}
        student = Student(session)
        for question in dict.fromkeys(part.question for part in asked):
            session.anew()
            suites, recorder = bench.suites.of(question), Recorder(student)
            checks = suites.ask(recorder, answers)
            its = score([part for part in asked if part.question == question], checks, came, essays)
            its = credited(its, values, bench.course.config.follow, bench.explainer.values)
            its = compared(its, values, bench.explainer.numbers, student)
            its = traced(its, bench.explainer.traces, student, bench.explainer.right)
            parts += its
            diagnoses += bench.explainer.explained(its, answers, recorder, suites)
        cell_notes = session.cells.notes() if session.cells is not None else ()
    parts = marked(parts, submission.marks)
    places = {part.id: place for place, part in enumerate(bench.course.parts)}
    parts = tuple(sorted([*parts, *kept.parts], key=lambda part: places[part.id]))
    result = Result(
        id=submission.id,
        name=submission.name,
        status=_status(sources, parts),
        parts=parts,
        fingerprint=fingerprint,
        isolation=bench.tier.value,
        content=content(submission),
        handed_in=submission.handed_in,
        late_seconds=submission.late_seconds,
        seconds=time.monotonic() - started,
        diagnoses=tuple(sorted([*diagnoses, *kept.diagnoses], key=lambda one: places[one.part])),
        messages=(
            *_trouble(sources),
            *_late(submission, parts, bench.course),
            *submission.notes,
            *sources.notes,
            *cell_notes,
            *found.notes,
            *_isolation(bench.tier),
        ),
        written={name: shorten(text, 2_000) for name, text in essays.items()},
    )
    return Graded(result, render(result, bench.course))


def _part_id(key: str) -> str:
    question, name = key.split(".", 1)
    return f"{question}.numbers.{name}"


def _text(value: object) -> str:
    """As the sheet would have it: quotes show that a number is text."""
    try:
        return json.dumps(value, ensure_ascii=False) if isinstance(value, str) else str(value)
    except ValueError:
        return "an integer of thousands of digits"


def _status(sources: Sources, parts) -> str:
    if sources.trouble is not None:
        return "unreadable"
    broken = {Outcome.ERROR, Outcome.TIMEOUT, Outcome.CRASHED}
    return "partly graded" if any(part.outcome in broken for part in parts) else "graded"


def _trouble(sources: Sources) -> list[Message]:
    return [sources.trouble] if sources.trouble is not None else []


def _late(submission: Submission, parts, course: Course) -> list[Message]:
    if submission.late_seconds is None:
        return []
    return [lateness.counted(submission.late_seconds, lateness.of(course), sum(part.cents or 0 for part in parts)).message]


def _isolation(tier: Tier) -> list[Message]:
    return [Message("isolation.weak", {"tier": tier.value})] if tier is Tier.E else []
