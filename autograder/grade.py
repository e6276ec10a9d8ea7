"""The way of one submission, whole: unpack, the wall, ask, score, explain; what comes of it is recorded elsewhere."""

from __future__ import annotations

import hashlib
import json
import time
from dataclasses import dataclass

from autograder.course.answer_key import AnswerKey
from autograder.course.course import Course
from autograder.diagnosis.consistency import compared, counted, traced
from autograder.diagnosis.explain import Explainer
from autograder.gradebook import changes
from autograder.gradebook.fingerprint import content
from autograder.intake import defined
from autograder.intake import essays as essays_of
from autograder.intake.names import ARCHIVES
from autograder.intake.notebook import opened
from autograder.intake.unpack import unpack
from autograder.marking import lateness, numbers, unread
from autograder.marking.answers import Answers
from autograder.marking.bounds import TooMuch
from autograder.marking.failed_call import shown
from autograder.marking.follow import credited
from autograder.marking.points import score
from autograder.marking.recorder import Recorder
from autograder.marking.suites import Suites
from autograder.marking.written_marks import marked
from autograder.model import (
    Check,
    Fingerprint,
    Graded,
    Message,
    Outcome,
    PartId,
    PartResult,
    Result,
    Sources,
    Submission,
    Tier,
)
from autograder.report.disclosure import disclosed
from autograder.report.submission_files import render
from autograder.text import shorten
from autograder.wall.session import Session, Zygote
from autograder.wall.student import Student

MOST_CAME = 200  # characters of an answer that are kept


@dataclass(frozen=True)
class Bench:
    """What a trusted worker keeps warm to grade with."""

    course: Course
    suites: Suites
    zygote: Zygote
    tier: Tier
    key: AnswerKey
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
    texts = essays_of.found(sources, book, bench.course)
    essays = texts.answers
    twice = defined.twice(sources, book, {part.name for part in bench.course.parts if part.kind == "code"})
    limits, stems, questions = bench.course.config.limits, bench.course.known_files.stems, len(bench.course.questions)
    parts, diagnoses, stopped = [], [], False
    tells = bench.course.config.feedback != "verdict"  # of what the student's own work says about itself
    with Session(bench.zygote, sources.code, limits, book.cells, stems, questions) as session:
        found = numbers.numbers(sources, session, bench.course)
        values, answers = found.values, Answers(found.values, found.unread)
        came = {PartId.of_number(key): shorten(_text(value), MOST_CAME) for key, value in values.items()}
        student = Student(session)
        for question in dict.fromkeys(part.question for part in asked):
            session.anew()
            suites, recorder = bench.suites.of(question), Recorder(student)
            with session.public():
                counts = counted(question, values, bench.key.numbers, student) if tells else {}
            checks, stopped = _asked(suites, recorder, answers, stopped)
            its = score([part for part in asked if part.question == question], checks, came, essays)
            its = credited(its, values, bench.course.config.follow, bench.key.values)
            if tells and not stopped:
                with session.public():
                    its = compared(its, values, counts, bench.key.numbers, student)
                    its = traced(its, bench.key.traces, student, bench.key.right)
            parts += its
            try:
                diagnoses += () if stopped else bench.explainer.explained(its, answers, recorder, suites)
            except (TooMuch, MemoryError):
                stopped = True
        cell_notes = session.cells.notes() if session.cells is not None else ()
    failed = session.cells.failed if session.cells is not None else ()
    parts = unread.said(parts, sources, book, failed, twice, bench.course)
    if sources.trouble is not None:
        parts = unread.nothing(asked)
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
        files=sources.names,
        seconds=time.monotonic() - started,
        diagnoses=tuple(sorted([*diagnoses, *kept.diagnoses], key=lambda one: places[one.part])),
        messages=(
            *_trouble(sources),
            *((_too_much(bench.course),) if stopped else ()),
            *_receipt(submission),
            *_late(submission, parts, bench.course),
            *submission.notes,
            *sources.notes,
            *texts.notes,
            *(one.message for one in twice),
            *cell_notes,
            *found.notes,
            *_isolation(bench.tier),
        ),
        written=essays,
        pictures=texts.pictures,
    )
    return recorded(result, bench.course)


def recorded(result: Result, course: Course) -> Graded:
    """A result as it is kept: with what the course lets be known of it, and no more."""
    kept = disclosed(result, course.config.feedback)
    return Graded(kept, render(kept, course))


def given_up(submission: Submission, fingerprint: Fingerprint, bench: Bench) -> Graded:
    """What a submission comes to whose marking was ended for its processor time or memory before anything of it was known."""
    parts = tuple(
        PartResult(part.id, part.cents, None, Outcome.AWAITING)
        if part.kind == "written"
        else PartResult(part.id, part.cents, 0, Outcome.TIMEOUT)
        for part in bench.course.parts
    )
    result = Result(
        id=submission.id,
        name=submission.name,
        status="partly graded",
        parts=marked(parts, submission.marks),
        fingerprint=fingerprint,
        isolation=bench.tier.value,
        content=content(submission),
        handed_in=submission.handed_in,
        late_seconds=submission.late_seconds,
        messages=(_too_much(bench.course), *_late(submission, parts, bench.course), *submission.notes),
    )
    return recorded(result, bench.course)


def _too_much(course: Course) -> Message:
    limits = course.config.limits
    return Message("result.too_much", {"seconds": limits.marking_seconds, "megabytes": limits.marking_mb})


def _asked(suites: Suites, recorder: Recorder, answers: Answers, stopped: bool) -> tuple[list[Check], bool]:
    """Every check, and whether marking them hit a limit, or one before had: those that are left are then timed out."""
    checks: list[Check] = []
    try:
        for check in () if stopped else suites.asked(recorder, answers):
            checks.append(check)
    except (TooMuch, MemoryError):
        stopped = True
    if stopped:
        checks += suites.unasked(len(checks))
    return checks, stopped


def _text(value: object) -> str:
    """As the sheet would have it: quotes show that a number is text."""
    return json.dumps(value[:MOST_CAME], ensure_ascii=False) if isinstance(value, str) else shown(value)


def _status(sources: Sources, parts) -> str:
    if sources.trouble is not None:
        return "unreadable"
    broken = {Outcome.UNREAD, Outcome.ERROR, Outcome.TIMEOUT, Outcome.CRASHED}
    return "partly graded" if any(part.outcome in broken for part in parts) else "graded"


def _trouble(sources: Sources) -> list[Message]:
    return [sources.trouble] if sources.trouble is not None else []


def _receipt(submission: Submission) -> list[Message]:
    """The archive's SHA-256, which ``pack`` printed when it was made."""
    if len(submission.files) != 1:
        return []
    ((name, data),) = submission.files.items()
    if not name.lower().endswith(ARCHIVES):
        return []
    return [Message("result.receipt", {"sha256": hashlib.sha256(data).hexdigest()})]


def _late(submission: Submission, parts, course: Course) -> list[Message]:
    if submission.late_seconds is None:
        return []
    return [lateness.counted(submission.late_seconds, lateness.of(course), sum(part.cents or 0 for part in parts)).message]


def _isolation(tier: Tier) -> list[Message]:
    return [Message("isolation.weak", {"tier": tier.value})] if tier is Tier.E else []
