"""One submission, all the way: read it, ask it behind the wall, explain it, record it; then compute points and what people read.

``ask`` runs student code and returns a record. ``graded`` computes everything else from the record and runs no student code, so
marks, lateness, points and words can change without asking again.
"""

from __future__ import annotations

import hashlib
import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from msgspec.structs import replace

from autograder.course.answer_key import AnswerKey
from autograder.course.course import Course
from autograder.course.variants import on_desk
from autograder.diagnosis import consistency
from autograder.diagnosis.elsewhere import elsewhere
from autograder.diagnosis.explain import Explainer
from autograder.gradebook import unchanged
from autograder.gradebook.fingerprint import Hashes, content
from autograder.intake.names import ARCHIVES
from autograder.marking import hand_in, lateness, own_variant, points, unread, written_marks
from autograder.marking.answers import Answers
from autograder.marking.bounds import TooMuch
from autograder.marking.follow import sizes_of
from autograder.marking.hand_in import HandIn
from autograder.marking.numbers import numbers
from autograder.marking.recorder import Recorder
from autograder.model import (
    Check,
    Diagnosis,
    Fingerprint,
    Graded,
    Message,
    Outcome,
    Part,
    PartId,
    PartResult,
    QuestionOutcome,
    Record,
    Result,
    Status,
    Submission,
    Tier,
)  # fmt: skip
from autograder.report import disclosure
from autograder.report.submission_files import files, warm
from autograder.wall.session import Session, Zygote
from autograder.wall.student import Student

if TYPE_CHECKING:  # it brings pytest along, which a run with nothing to ask does without
    from autograder.marking.suites import Suites

UNSTEADY = (Outcome.TIMEOUT, Outcome.CRASHED)


@dataclass(frozen=True)
class Bench:
    """What a trusted worker keeps warm to grade with."""

    course: Course
    suites: Suites
    zygote: Zygote
    tier: Tier
    key: AnswerKey
    explainer: Explainer
    of_course: Hashes


def grade(submission: Submission, fingerprint: Fingerprint, bench: Bench, known: Mapping[str, QuestionOutcome]) -> Graded:
    """The grade of a submission, with its files and its record. Never raises for anything that a submission holds or does.

    ``known`` holds the outcomes of questions that need not be asked again.
    """
    record = ask(submission, bench, known)
    return graded(record, submission, fingerprint, bench.course)


def warm_up(bench: Bench) -> None:
    """Ask the solutions in place of a student, read a small hand-in, and render one that is empty.

    Whatever is read, compiled or computed only once is then ready in every fork of this process, and the same for all. A suite
    that carried an answer over from one submission to the next could not pass `convgrade verify`, which asks every suite in one
    process.
    """
    bench.suites.ask(Recorder(bench.key.right), Answers(bench.key.values))
    hand_in.warm(bench.course)
    given_up(Submission("", "", {}), Fingerprint("", "", "", "", ""), bench)
    warm(bench.course)


def ask(submission: Submission, bench: Bench, known: Mapping[str, QuestionOutcome]) -> Record:
    """Ask a submission every question that is not in ``known``, each in a process of its own."""
    started = time.monotonic()
    work = hand_in.read(submission, bench.course)
    variant, withheld = own_variant.variant(submission), own_variant.withheld(bench.course, submission)
    with on_desk(bench.course.sheet(variant or 1)), _session(work, bench) as session:
        sheet = numbers(work.sources, session, bench.course)
        graded_by = {key: value for key, value in sheet.values.items() if key not in withheld}
        unreadable = {**sheet.unread, **{key: why for key, why in withheld.items() if key in sheet.values}}
        outcomes: list[QuestionOutcome] = []
        for question in bench.course.questions:
            one = known.get(question.id)
            if one is None or one.isolation != bench.tier.value:
                its = bench.of_course
                session.anew(*(unchanged.files(question.id, work, asks) for asks in (its.asks, its.may_ask)))
                stopped = any(before.stopped for before in outcomes)
                answers = Answers(graded_by, unreadable, variant or 1)
                one = _ask_question(question.id, session, answers, bench, stopped=stopped)
            outcomes.append(one)
        cells = session.cells
    notes = (*(cells.notes() if cells is not None else ()), *sheet.notes)
    failed = cells.failed if cells is not None else ()
    return recorded(work, sheet.values, outcomes, notes, bench.course, withheld, failed, time.monotonic() - started)


def _session(work: HandIn, bench: Bench) -> Session:
    stems = bench.course.known_files.stems
    return Session(
        bench.zygote, work.sources.code, bench.course.config.limits, work.cells, stems, len(bench.course.questions)
    )


def _ask_question(question: str, session: Session, answers: Answers, bench: Bench, *, stopped: bool) -> QuestionOutcome:
    """Ask one question's suites, compare the student's answers with each other, and explain what is wrong.

    ``stopped``: marking a question before it hit a limit, so that this one is not asked. Where this one hits it, what had been
    checked by then counts, and the remaining checks count as timed out.
    """
    student, key, suites = Student(session), bench.key.of(answers.variant), bench.suites.of(question)
    recorder = Recorder(student)
    may_compare = bench.course.config.feedback != "verdict"  # one answer of the student's with another
    checks: list[Check] = []
    notes: dict[str, tuple[Message, ...]] = {}
    diagnoses: tuple[Diagnosis, ...] = ()
    others: dict[str, tuple[int, ...]] = {}
    try:
        if not stopped:
            counts: consistency.Counts = {}
            if may_compare:
                with session.public():
                    counts = consistency.counted(question, answers.values, key.numbers, student)
            for check in suites.ask_each(recorder, answers):
                checks.append(check)
            parts: tuple[PartResult, ...] = points.score(_automatic(question, bench.course), checks, {}, ())
            if may_compare:
                others = elsewhere(question, checks, answers.values, key, bench.course)
                with session.public():
                    notes = consistency.notes(parts, answers.values, counts, key.numbers, key.traces, student, key.right)
            diagnoses = bench.explainer.explained(parts, answers, recorder, suites)
    except (TooMuch, MemoryError):
        stopped = True
    if stopped:
        checks += suites.timed_out_after(len(checks))
    unsteady = stopped or not session.steady or not answers.read <= {*bench.of_course.reads[question]}
    unsteady |= session.cells is not None and session.cells.disturbed
    return QuestionOutcome(
        question,
        bench.tier.value,
        tuple(checks),
        notes,
        diagnoses,
        {number: sizes_of(value) for number, value in key.values.items() if number.startswith(f"{question}.")},
        wide=session.wide,
        steady=not unsteady and not any(check.outcome in UNSTEADY for check in checks),
        stopped=stopped,
        elsewhere=others,
    )


def _automatic(question: str, course: Course) -> list[Part]:
    return [part for part in course.automatic if part.question == question]


def recorded(
    work: HandIn,
    values: Mapping,
    outcomes: list[QuestionOutcome],
    notes,
    course: Course,
    withheld: Mapping[str, Message],
    failed=(),
    seconds: float = 0.0,
) -> Record:
    """The record of a hand-in: its answers, the outcome of each question, the notes on its files, as far as the course's
    ``feedback`` level discloses them.

    ``withheld``: keys of the sheet that cannot be graded, and why. ``failed``: cells of its notebook, by number.
    """
    not_graded = {PartId.of_number(key): why for key, why in withheld.items() if key in values}
    checks = [check for one in outcomes for check in one.checks]
    scored = points.score(course.automatic, checks, {}, ())
    noted = unread.explained(scored, work.sources, work.book, failed, work.twice, course)
    whole = Record(
        tuple(outcomes),
        outcomes[0].isolation,
        points.dumped(values),
        work.essays,
        written_marks.text_hashes(work.essays, work.pictures),
        work.requests,
        work.sources.names,
        work.pictures,
        {part.id: part.messages[0] for part, before in zip(noted, scored, strict=True) if part is not before} | not_graded,
        (*work.notes, *notes),
        work.sources.trouble,
        seconds,
        own_variant.claimed(work) if course.config.variants > 1 else "",
    )
    return disclosure.of_record(whole, course.config.feedback)


def graded(record: Record, submission: Submission, fingerprint: Fingerprint, course: Course) -> Graded:
    """A record with points, lateness, words and files. Runs no student code.

    The result holds only what the course's ``feedback`` level discloses, as the record does already.
    """
    # What was written in a hand-in that was never opened is not known; its marks were found for just that.
    texts = record.texts if record.opened else written_marks.texts_of(submission.marks)
    variant = own_variant.variant(submission)
    parts = points.award(replace(record, texts=texts), course, submission.marks, submission.marked, variant)
    followed = {part.id for part in parts if any(message.key == "follow.credit" for message in part.messages)}
    result = Result(
        id=submission.id,
        name=submission.name,
        status=_status(record, parts),
        parts=parts,
        fingerprint=fingerprint,
        isolation=record.isolation,
        content=content(submission),
        handed_in=submission.handed_in,
        late_seconds=submission.late_seconds,
        seconds=record.seconds,
        # A followed answer's reason stands beside the earlier answer that it follows from.
        diagnoses=tuple(one for question in record.asked for one in question.diagnoses if one.part not in followed),
        messages=tuple(_messages(record, submission, parts, course)),
        files=record.files,
        written=record.essays,
        pictures=record.pictures,
        texts=texts,
        variant=None if submission.dealt is None else submission.dealt.variant,
        elsewhere={key: others for question in record.asked for key, others in question.elsewhere.items()},
        opened=record.opened,
    )
    kept = disclosure.disclosed(result, course.config.feedback)
    return Graded(kept, files(kept, course), record)


def given_up(submission: Submission, fingerprint: Fingerprint, bench: Bench) -> Graded:
    """The grade of a submission whose marking ran out of processor time or memory before any outcome was known."""
    tier = bench.tier.value
    outcomes = tuple(
        QuestionOutcome(
            question.id, tier, tuple(bench.suites.of(question.id).timed_out_after(0)), steady=False, stopped=True
        )
        for question in bench.course.questions
    )
    record = disclosure.of_record(Record(outcomes, tier, opened=False), bench.course.config.feedback)
    return graded(record, submission, fingerprint, bench.course)


def _status(record: Record, parts: tuple[PartResult, ...]) -> Status:
    if record.trouble is not None:
        return "unreadable"
    broken = {Outcome.UNREAD, Outcome.ERROR, Outcome.TIMEOUT, Outcome.CRASHED}
    return "partly graded" if any(part.withheld or part.outcome in broken for part in parts) else "graded"


def _messages(record: Record, submission: Submission, parts: tuple[PartResult, ...], course: Course):
    if record.trouble is not None:
        yield record.trouble
    if any(question.stopped for question in record.asked):
        limits = course.config.limits
        yield Message("result.too_much", {"seconds": limits.marking_seconds, "megabytes": limits.marking_mb})
    if not record.opened and submission.marks:
        yield Message("result.marks_kept")
    if len(submission.files) == 1:
        ((name, data),) = submission.files.items()
        if name.lower().endswith(ARCHIVES):  # its SHA-256, which `pack` printed when it was made
            yield Message("result.receipt", {"sha256": hashlib.sha256(data).hexdigest()})
    if submission.late_seconds is not None:
        cents = sum(part.cents or 0 for part in parts)
        yield lateness.counted(submission.late_seconds, course.config.late, cents).message
    yield from own_variant.notes(record.claim, submission.dealt)
    yield from submission.notes
    yield from record.notes
    if record.isolation == Tier.E.value:
        yield Message("isolation.weak", {"tier": record.isolation})
