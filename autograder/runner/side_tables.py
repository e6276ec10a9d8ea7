"""The tables that an instructor adds to a run: when each hand-in came, and what its written answers are worth.

Both are remembered. Unless a table says otherwise, a time holds while the hand-in stays the same byte for byte, and a mark holds
while the text that it was given for stays the same.
"""

from __future__ import annotations

import getpass
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache, partial
from pathlib import Path

from msgspec.structs import replace

from autograder.course import rubric
from autograder.course.course import Course
from autograder.errors import ConvgradeError
from autograder.gradebook import from_page
from autograder.gradebook.fingerprint import content
from autograder.gradebook.ledger import Ledger
from autograder.gradebook.marks import Marks
from autograder.gradebook.roster import Roster
from autograder.marking import marks_table, written_marks
from autograder.marking.lateness import Clock
from autograder.marking.marks_table import Row
from autograder.marking.table import rows
from autograder.model import Mark, PartId, Request, Result, Submission, points
from autograder.text import line

NAMED = 20  # ids
HandIns = Callable[[], Iterable[Submission]]


@dataclass
class Entered:
    """Both tables and the config's extensions, by the ids of the class."""

    clock: Clock
    marks: Mapping[str, Sequence[Mark]] = field(default_factory=dict)  # new ones
    begun: frozenset[str] = frozenset()  # written parts whose marking has begun
    kept: Callable[[str], list[Mark]] = lambda id: []  # the gradebook's
    of_renamed: Callable[[str, str, str], list[Mark]] = lambda id, part, text: []
    timed: list[str] = field(default_factory=list)  # ids whose time is that of their earlier grade
    untimed: list[str] = field(default_factory=list)  # ids of which it is not known whether they are late
    unmarked: list[str] = field(default_factory=list)  # ids whose marks were for other texts
    commented: list[str] = field(default_factory=list)  # places of comments without points

    @classmethod
    def of(
        cls,
        course: Course,
        hand_ins: HandIns,
        ledger: Ledger,
        late_from: Path | None = None,
        marks_from: Sequence[Path] = (),
    ) -> Entered:
        """Read all tables. Raises ConvgradeError for any of them, with file and line; nothing is entered then."""
        people = cache(lambda: tuple((one.id, one.name) for one in hand_ins()))
        roster = Roster(people() if late_from or marks_from or course.config.late.extensions else ())
        clock = Clock.of(course, late_from, roster.id)
        rubrics = rubric.load(course) if marks_from else {}
        entered = [row for table in marks_from for row in marks_table.read(table, course, rubrics)]
        commented: list[str] = []
        marks = _new(entered, roster, ledger, commented)
        for mark in from_page.new(ledger.out, partial(rubric.load, course), ledger.marks):
            marks.setdefault(mark.id, []).append(mark)
        begun = {mark.part for its in marks.values() for mark in its if mark.cents is not None}
        here = cache(lambda: frozenset(id for id, _ in people()))
        begun |= ledger.marks.parts()
        of_renamed = partial(_of_renamed, ledger.marks, here)
        return cls(clock, marks, frozenset(begun), ledger.marks.of, of_renamed, commented=commented)

    def with_time_and_marks(
        self, submission: Submission, earlier: Result | None, texts: Callable[[], Mapping[str, str] | None]
    ) -> Submission:
        """The submission with its time and marks.

        ``earlier`` is its newest grade, ``texts`` gives the hashes of its answers. Where they are not known (None), every mark goes
        along, each for the text it is of.
        """
        same = earlier is not None and _same_hand_in(earlier, submission)
        stamped = self.clock.stamped(submission)
        if earlier is not None and same and earlier.handed_in and not stamped.handed_in:
            stamped = self.clock.stamped(replace(submission, handed_in=earlier.handed_in))
            self.timed.append(submission.id)
        if self.clock.untimed(stamped):
            self.untimed.append(submission.id)
        kept = self.kept(submission.id) or _from_before(earlier, same)
        entered = self.marks.get(submission.id, ())
        if not kept and not entered and self.begun:
            known = texts() or {}
            entered = [mark for part in self.begun for mark in self._renamed(submission.id, part, known)]
            self.marks = {**self.marks, submission.id: entered} if entered else self.marks
        every = [*kept, *entered]
        its_texts = texts() if every else {}
        if its_texts is None:  # a mark that names no text is of no answer that will be handed in later
            marks = tuple(replace(mark, text_hash=mark.text_hash or written_marks.EMPTY) for mark in every)
        else:
            marks = written_marks.bound(every, its_texts)
        stand = sorted(written_marks.standing(marks).items())
        standing = tuple(mark for _, mark in stand if mark.cents is not None)
        unmarked = {mark.part for mark in kept if mark.cents is not None} - {mark.part for mark in marks}
        if any(PartId(part).name in (its_texts or {}) for part in unmarked):
            self.unmarked.append(submission.id)
        return replace(stamped, marks=standing, marked=tuple(sorted(self.begun)))

    def _renamed(self, id: str, part: str, texts: Mapping[str, str]) -> list[Mark]:
        """The marks of this text from a hand-in that is not in the class any more: it has another name now."""
        text = texts.get(PartId(part).name)
        return [] if text is None else self.of_renamed(id, part, text)

    def new(self, submission: Submission) -> list[Mark]:
        """The marks of this hand-in that the gradebook does not have yet, each with the text that it is of."""
        known = {mark.number for mark in self.kept(submission.id)}
        entered = self.marks.get(submission.id, ())
        stand = {(mark.part, mark.source): mark for mark in submission.marks if mark.number not in known}
        bound = (mark if mark.text_hash else stand.get((mark.part, mark.source)) for mark in entered)
        return [mark for mark in bound if mark is not None]

    def strangers(self, ids: Iterable[str]) -> list[str]:
        """Ids that a table names and that no submission has: a slip, or nothing handed in."""
        marked = {id for id, its in self.marks.items() if not its or any(mark.source != from_page.SOURCE for mark in its)}
        return sorted({*self.clock.times, *self.clock.extensions, *marked} - set(ids))

    def notes(self) -> Iterator[str]:
        """What was kept or lost without a word in the tables."""
        if self.timed:
            why = "this run has no submission time for them, so the time of their earlier grade is kept (--late-from overrides it)"
            yield f"{_listed(self.timed)}: {why}"
        if self.commented:
            yield f"{_listed(self.commented)}: a comment without points is not entered; write it into the table again with its points"
        if self.untimed:
            why = "there is a deadline, and no submission time is known, so nothing is taken off (--late-from gives times)"
            yield f"{_listed(self.untimed)}: {why}"
        if self.unmarked:
            why = "some of their written answers have changed since they were marked and await marking again (`convgrade todo` lists them)"
            yield f"{_listed(self.unmarked)}: {why}"


def requests_in(table: Path, course: Course, hand_ins: Iterable[Submission]) -> list[Request]:
    """What students of these ``hand_ins`` ask to have read again, from a CSV ``id,part,criterion,request``.

    Raises ConvgradeError with file and line.
    """
    roster = Roster((one.id, one.name) for one in hand_ins)
    rubrics = rubric.known(course)
    parts = {name: part.id for part in course.parts if part.kind == "written" for name in (part.id, part.name)}
    requests = []
    for where, row in rows(table, "id", "part", "request", optional=("criterion",)):
        if row["part"] not in parts:
            todo = f"Written parts are {', '.join(sorted(set(parts.values())))}."
            raise ConvgradeError(f"{row['part']!r} is not a written part", where=where, todo=todo)
        part, criterion = parts[row["part"]], row.get("criterion", "")
        if criterion and part in rubrics and criterion not in {one.id for one in rubrics[part].criteria}:
            todo = f"Criteria of {part} are {', '.join(one.id for one in rubrics[part].criteria)}; or leave it empty."
            raise ConvgradeError(f"{criterion!r} is not a criterion of {part}", where=where, todo=todo)
        id = roster.id(row["id"], where)
        if id not in roster.names:
            raise ConvgradeError(f"no submission has the id or name {line(row['id'])!r}", where=where, todo="Correct it.")
        requests.append(Request(id, part, criterion, row["request"], where))
    return requests


def _same_hand_in(earlier: Result, submission: Submission) -> bool:
    """Whether it is the same byte for byte, or has the same trouble where none could be read."""
    trouble = submission.trouble
    return earlier.content == content(submission) and (trouble is None or trouble in earlier.messages)


def _from_before(earlier: Result | None, same: bool) -> list[Mark]:
    """The marks in a grade that is older than the table of marks."""
    if earlier is None:
        return []
    marks = written_marks.of(earlier).values()
    return [mark for mark in marks if mark.number or mark.text_hash or same]


def _of_renamed(marks: Marks, here: Callable[[], frozenset[str]], id: str, part: str, text: str) -> list[Mark]:
    same_text = marks.of_text(part, text)
    gone = {mark.id for mark in same_text} - here() if same_text else frozenset()
    if len(gone) != 1:  # nobody's, or several people's: then a person has to say whose it is
        return []
    return [replace(mark, id=id, number=0) for mark in same_text if mark.id in gone]


def _new(rows: Iterable[Row], roster: Roster, ledger: Ledger, commented: list[str]) -> dict[str, list[Mark]]:
    """The rows that say something new, by id; those with a comment alone go to ``commented``. Raises ConvgradeError that names each conflict and each stale row."""
    accepted: dict[tuple[str, str, str], Mark] = {}
    refused: list[tuple[str, str]] = []
    who, now = _user(), time.time()
    for row in rows:
        id = roster.id(row.who, row.where)
        mark = replace(row.mark, id=id, who=row.mark.who or who, when=now)
        before, after = _before(row, mark, ledger)
        shown = after or before
        if shown is not None and mark.comment == marks_table.read_back(shown.comment):
            mark = replace(mark, comment=shown.comment)
        if _same(mark, after) or _same(mark, before):
            continue
        if mark.cents is None and after is None:
            if mark.comment:
                commented.append(row.where)
            continue
        key = (id, mark.part, mark.text_hash)
        if key in accepted and not _same(accepted[key], mark):
            refused.append(
                (
                    row.where,
                    f"{mark.part} of {line(id)} is marked differently in two rows, here and in {accepted[key].source}",
                )
            )
        elif before is not None and _newer(before, row, after):
            newer = f"{_worth(before)} by {line(before.who) or 'somebody'} from {line(before.source) or 'elsewhere'}"
            refused.append((row.where, f"{mark.part} of {line(id)} was marked meanwhile: {newer}"))
        else:
            accepted[key] = mark
    if refused:
        (where, what), more = refused[0], [f"{where}: {what}" for where, what in refused[1:NAMED]]
        todo = "Nothing was entered. Write the table anew with `convgrade marks`, or keep one of the rows."
        raise ConvgradeError("; ".join([what, *more]), where=where, todo=todo)
    marks: dict[str, list[Mark]] = {}
    for mark in accepted.values():
        marks.setdefault(mark.id, []).append(mark)
    return marks


def _before(row: Row, mark: Mark, ledger: Ledger) -> tuple[Mark | None, Mark | None]:
    """The mark that stands now, and the one that the row was made from."""
    kept = [one for one in ledger.marks.of(mark.id) if one.part == mark.part and mark.text_hash in ("", one.text_hash)]
    after = ledger.marks.numbered(row.after) if row.after else None
    return (kept[-1] if kept else None), after


def _same(one: Mark, other: Mark | None) -> bool:
    if other is None:
        return False
    criteria = one.criteria == other.criteria or not (one.criteria and other.criteria)
    return (one.cents, one.comment) == (other.cents, other.comment) and criteria


def _newer(before: Mark, row: Row, after: Mark | None) -> bool:
    """Whether the standing mark was given after the row was written, by something else than this very table."""
    if row.after is not None:
        made_from_it = before.number == row.after
    else:
        table = row.where.rpartition(":")[0]
        made_from_it = Path(table).stat().st_mtime >= before.when
    return not made_from_it and before.source.rpartition(":")[0] != row.where.rpartition(":")[0]


def _worth(mark: Mark) -> str:
    return "taken back" if mark.cents is None else points(mark.cents)


def _user() -> str:
    try:
        return getpass.getuser()
    except (OSError, KeyError):  # a process without a user of its own, in a container
        return ""


def _listed(ids: list[str]) -> str:
    more = f" and {len(ids) - NAMED} more" if len(ids) > NAMED else ""
    return ", ".join(map(line, ids[:NAMED])) + more
