"""The nouns. Every other module is a verb over these.

All are frozen ``msgspec.Struct``s, so they travel between the engine's own processes as JSON or MessagePack
without pickle. Points are kept in whole hundredths (``cents``), so that scores add up exactly.
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import Enum
from typing import Literal, dataclass_transform

import msgspec

Language = Literal["en", "fa"]
LANGUAGES: tuple[Language, ...] = ("en", "fa")
MOST_WRITTEN = 64_000  # characters of one written answer that are kept


def languages(chosen: str) -> tuple[Language, ...]:
    """The languages of "en", "fa" or "both"."""
    return tuple(language for language in LANGUAGES if chosen in (language, "both"))


def points(cents: int) -> str:
    """Points as people write them: two decimals, always."""
    return f"{cents // 100}.{cents % 100:02}"


@dataclass_transform(frozen_default=True, field_specifiers=(msgspec.field,))
class Struct(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    pass


class Text(Struct):
    """A sentence that an author wrote, in both languages of the course."""

    en: str = ""
    fa: str = ""


class Message(Struct):
    """A sentence of the engine: a key of ``words/*.yml`` and the values that go into it."""

    key: str
    values: Mapping[str, str | int | float] = {}


class PartId(str):
    """Names what carries points: ``<question>.<numbers|code|written>.<name>``, such as ``q2.code.receptive_field``."""

    __slots__ = ()

    @classmethod
    def of(cls, question: str, kind: str, name: str) -> PartId:
        return cls(f"{question}.{kind}.{name}")

    @classmethod
    def of_number(cls, key: str) -> PartId:
        """The part of a key of the answer sheet: ``q2.receptive_field`` is ``q2.numbers.receptive_field``."""
        question, _, name = key.partition(".")
        return cls.of(question, "numbers", name)

    @property
    def question(self) -> str:
        return self.split(".", 2)[0]

    @property
    def kind(self) -> str:
        return self.split(".", 2)[1]

    @property
    def name(self) -> str:
        return self.split(".", 2)[2]

    @property
    def key(self) -> str:
        """Its key on the answer sheet, where it is a number."""
        return f"{self.question}.{self.name}"


class OfPart(Struct):
    """What belongs to one part, and so has its id's pieces."""

    id: str

    @property
    def part(self) -> PartId:
        return PartId(self.id)

    @property
    def question(self) -> str:
        return self.id.split(".", 2)[0]

    @property
    def kind(self) -> str:
        return self.id.split(".", 2)[1]

    @property
    def name(self) -> str:
        return self.id.split(".", 2)[2]


class Part(OfPart):
    """A part and its points, in hundredths."""

    cents: int


class Outcome(str, Enum):
    """How a check or a part ended. The order is that of severity, mildest first."""

    PASSED = "passed"
    NOT_ATTEMPTED = "not_attempted"
    UNREAD = "unread"  # it was answered, and what was answered could not be graded
    FAILED = "failed"
    ERROR = "error"
    TIMEOUT = "timeout"
    CRASHED = "crashed"
    AWAITING = "awaiting"  # a person must mark it, or enter the variant that was given


class Mark(Struct):
    """A person's marking of one written answer. It belongs to the text it was given for, known by its hash.

    ``cents`` None takes earlier marks of that text back. ``criteria`` holds the decided criteria of the rubric, met or not.
    """

    id: str  # the submission's
    part: str
    cents: int | None
    text_hash: str = ""  # empty: of whatever text is handed in
    comment: str = ""  # for the student
    criteria: dict[str, bool] = {}
    rubric_hash: str = ""
    who: str = ""
    when: float = 0.0  # seconds since 1970
    source: str = ""  # the file and line, or the page, that it came from
    number: int = 0  # given by the gradebook


class Request(Struct):
    """A student's request to have a written answer, or one of its criteria, read again."""

    id: str
    part: str
    criterion: str
    words: str
    source: str  # the file or table that it came from
    when: float = 0.0  # seconds since 1970


class Dealt(Struct):
    """Which variant of the sheet a student was given. Only where there are several."""

    variant: int = 0  # 0: not known; ``why`` is the message key that says why
    why: str = ""
    codes: dict[str, int] = {}  # the variant of each code that a sheet may carry; empty without the secret
    withdrawn: bool = False  # nobody is given this variant any more


class Submission(Struct):
    """One hand-in as it was found: nothing has been opened yet.

    ``files`` holds raw bytes by path: files that may be the homework's, and archives, both recognised by name.
    ``name`` is what people call the student, where it is not the id.
    ``trouble`` is set where even that could not be read; the submission still gets its row.
    """

    id: str
    name: str = ""
    files: dict[str, bytes] = {}
    sure: bool = False  # another system says that all the files are this student's
    handed_in: str = ""  # ISO 8601 with time zone, where the intake knows
    due: str = ""  # the student's own due date, where the intake knows it: ISO 8601 with time zone
    late_seconds: int | None = None  # None: not known
    marks: tuple[Mark, ...] = ()  # every mark that may apply, oldest first
    marked: tuple[str, ...] = ()  # written parts whose marking has begun: nothing written is worth 0 there
    notes: tuple[Message, ...] = ()
    trouble: Message | None = None
    dealt: Dealt | None = None


class Sources(Struct):
    """The parts of a submission that are graded: texts by role, neither trusted nor run."""

    code: dict[str, str] = {}  # stem -> Python source
    answers: str | None = None  # answers.toml
    written: str | None = None  # written.md
    notebooks: dict[str, bytes] = {}  # .ipynb by path, the likeliest first
    unread: tuple[str, ...] = ()  # known files that are there and cannot be read
    notes: tuple[Message, ...] = ()  # files left out, digits read, and the like
    trouble: Message | None = None  # nothing here can be graded, and why
    regrade: str | None = None  # regrade.md

    @property
    def names(self) -> tuple[str, ...]:
        """The files that are read, by name."""
        others = (("answers.toml", self.answers), ("written.md", self.written))
        return (
            *(f"{stem}.py" for stem in self.code),
            *(name for name, text in others if text is not None),
            *self.notebooks,
        )


class Call(Struct):
    """One call over the wall as the marker saw it, values already shortened text."""

    target: str  # "q2_convnet.conv2d_parameters"
    arguments: str
    came: str


class Check(Struct):
    """One hidden test's outcome for one submission."""

    id: str
    part: str
    outcome: Outcome
    label: Text = Text()  # what was checked, from the test's marker
    message: Message | None = None  # what the student may know of a failure
    call: Call | None = None  # the call that decided it
    expected: str = ""  # shown at feedback level ``full`` only
    weight: int = 1  # its share of the part's points, beside the other checks' weights
    cases: tuple[int, int] | None = (
        None  # of a check that is marked case by case: how many were right, and how many there are
    )


class Diagnosis(Struct):
    """Why an answer is wrong, where a misconception explains it."""

    question: str
    part: str
    misconceptions: tuple[str, ...]
    hints: tuple[Text, ...] = ()
    route: str = ""  # the student's own arithmetic: "416 = 16·5·5 + 16"
    guess: bool = False  # a near miss, not an explanation


class Picture(Struct):
    """A picture that a student put into a written answer: ``image/png``, ``image/jpeg`` or ``image/gif``, and its bytes."""

    type: str
    data: bytes


class QuestionOutcome(Struct):
    """One question as it was asked, with the outcome of each check. Grades are computed from it without running student code."""

    question: str
    isolation: str  # the wall's tier
    checks: tuple[Check, ...] = ()
    notes: dict[str, tuple[Message, ...]] = {}  # by part: where the student's own work disagrees with itself
    diagnoses: tuple[Diagnosis, ...] = ()
    sizes: dict[str, int] = {}  # sheet key -> how many sizes its right answer has; 0 for a single number
    steady: bool = True  # whether asking again would give the same: nothing timed out or took its process with it
    wide: bool = False  # whether files were asked that only the question's numbers name
    stopped: bool = False  # whether marking it, or a question before it, hit a limit of the marker's own
    elsewhere: dict[str, tuple[int, ...]] = {}  # by key, the other variants for which a wrong number is right


class Record(Struct):
    """One hand-in as it was read, with the outcome of every question."""

    asked: tuple[QuestionOutcome, ...]
    isolation: str
    values: str = "{}"  # the numbers it answers by key, as JSON
    essays: dict[str, str] = {}  # written part's name -> the text, shortened
    texts: dict[str, str] = {}  # written part's name -> hash of the whole text
    requests: tuple[Request, ...] = ()  # for a marker to read again, as the hand-in has them
    files: tuple[str, ...] = ()  # names of the files that were read
    pictures: dict[str, tuple[Picture, ...]] = {}  # written part's name -> the pictures in that answer
    unread: dict[str, Message] = {}  # by part: it was answered and could not be graded, and why
    notes: tuple[Message, ...] = ()  # of reading it, and of running its notebook
    trouble: Message | None = None  # nothing in it could be graded
    seconds: float = 0.0
    claim: str = ""  # what the sheet says of its variant
    opened: bool = True  # False: marking was ended before anything was known, its written answers included


class PartResult(OfPart):
    """One part of one submission. ``cents`` is None while a person has still to mark it."""

    max_cents: int
    cents: int | None
    outcome: Outcome
    came: str = ""  # the student's own answer, shortened
    checks: tuple[Check, ...] = ()
    messages: tuple[Message, ...] = ()
    mark: Mark | None = None  # a person's

    @property
    def withheld(self) -> bool:
        """Whether it is a number that waits until it is known which variant was given."""
        return self.outcome is Outcome.AWAITING and self.kind != "written"


class Fingerprint(Struct):
    """What a result is keyed by: content hashes, and versions. Equal fingerprints, equal results.

    ``questions`` holds each question's hash of the suites and solutions that it depends on. ``versions`` names those of
    Python and of the packages that compute a student's answers.
    """

    submission: str
    suites: str
    solutions: str
    config: str
    engine: str
    questions: dict[str, str] = {}
    versions: str = ""


# "not graded": our own failure, no grade; grading again is the way on. Never recorded.
Status = Literal["graded", "partly graded", "unreadable", "not graded"]


class Result(Struct):
    """The grade of a submission and the reasons for it. Every submission has one, whatever was handed in."""

    id: str
    name: str
    status: Status
    parts: tuple[PartResult, ...]
    fingerprint: Fingerprint
    isolation: str
    late_seconds: int | None = None
    seconds: float = 0.0
    diagnoses: tuple[Diagnosis, ...] = ()
    messages: tuple[Message, ...] = ()
    written: dict[str, str] = {}  # written part's name -> what the student wrote, whole up to MOST_WRITTEN characters
    texts: dict[str, str] = {}  # written part's name -> hash of the whole text
    pictures: dict[str, tuple[Picture, ...]] = {}  # written part's name -> the pictures in that answer
    content: str = ""  # hash of the hand-in's bytes alone
    handed_in: str = ""  # ISO 8601 with time zone, where it is known
    files: tuple[str, ...] = ()  # names of the files that were read
    variant: int | None = None  # of the sheet that was graded by; 0: not known; None: everybody has the same
    elsewhere: dict[str, tuple[int, ...]] = {}  # by key, the other variants for which a wrong number is right
    opened: bool = True  # False: marking was ended before anything was known, its written answers included

    @property
    def contested(self) -> str:
        """The id that this hand-in and another one of the class both claim; "" where it is this one's alone."""
        return next((str(note.values["claimed"]) for note in self.messages if note.key == "intake.same_name"), "")

    @property
    def automatic(self) -> tuple[PartResult, ...]:
        """The parts that have their points: all but those that await a person."""
        return tuple(part for part in self.parts if part.outcome is not Outcome.AWAITING)

    @property
    def cents(self) -> int:
        """The points so far, before the late deduction."""
        return sum(part.cents or 0 for part in self.automatic)

    @property
    def max_cents(self) -> int:
        """What the parts that have their points are worth."""
        return sum(part.max_cents for part in self.automatic)

    def of(self, question: str) -> tuple[PartResult, ...]:
        """The parts of one question."""
        return tuple(part for part in self.parts if part.question == question)

    def cents_of(self, question: str) -> int:
        """What one question has earned so far; a part that awaits a person counts as 0."""
        return sum(part.cents or 0 for part in self.of(question))

    @property
    def awaiting_cents(self) -> int:
        """What the parts are worth that await a person."""
        return sum(part.max_cents for part in self.parts if part.outcome is Outcome.AWAITING)

    @property
    def withheld_cents(self) -> int:
        """What the numbers are worth that wait until it is known which variant was given."""
        return sum(part.max_cents for part in self.parts if part.withheld)


class Graded(Struct):
    """A submission's result, its report files by name, and the record that both were computed from."""

    result: Result
    files: dict[str, bytes]
    record: Record


class Limits(Struct):
    """What one submission may use. Seconds are its processes' own time, CPU and sleep (``wall.own_time``)."""

    call_seconds: float = 5.0
    import_seconds: float = 20.0
    submission_seconds: float = 120.0
    memory_mb: int = 1024
    processes: int = 64
    open_files: int = 64
    scratch_mb: int = 16
    reply_mb: int = 32
    marking_seconds: int = 60  # of processor time, on the marker's side of the wall
    marking_mb: int = 1024  # on the marker's side, besides what a warm worker holds


class Tier(str, Enum):
    """How strong the wall is on this machine, strongest first (``convgrade doctor`` says why)."""

    A = "A"  # root with CAP_SYS_ADMIN: namespaces, own uid, own root, Landlock, seccomp, rlimits
    B = "B"  # the same by an unprivileged user namespace
    C = "C"  # root without CAP_SYS_ADMIN: chroot, own uid, Landlock where there, seccomp, rlimits
    D = "D"  # Landlock, seccomp, rlimits
    E = "E"  # a process and rlimits; warns
