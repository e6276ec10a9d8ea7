"""Why answers are wrong: the mistakes of the catalogue with which the solutions answer as the student did.

A number is looked up among the values that the mistakes give, a function is compared by its recorded calls, a class by its
recorded story. Pairs of mistakes are tried only if no single mistake explains the answer. If several explanations fit, one is
shown only if the student's other answers decide for it, since at most one of them is true. A near miss comes last and says that it is
a guess. What nothing explains stays unexplained.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from autograder.course.answer_key import AnswerKey
from autograder.course.course import Course
from autograder.diagnosis.by_function import explaining
from autograder.diagnosis.by_module import Modules
from autograder.diagnosis.by_number import Numbers
from autograder.diagnosis.catalogue import Catalogue, Entry, Explanation
from autograder.diagnosis.near_miss import near_miss
from autograder.marking.answers import Answers
from autograder.marking.recorder import Recorder
from autograder.model import Diagnosis, Outcome, PartId, PartResult

if TYPE_CHECKING:  # it brings pytest along, which a run with nothing to ask does without
    from autograder.marking.suites import Suites

# How many submissions must need something before it is worked out completely. Each stops at its first differing answer, so five
# have cost about as much.
ENOUGH = 5
RIGHT_OR_NOT_TRIED = (Outcome.PASSED, Outcome.NOT_ATTEMPTED, Outcome.UNREAD, Outcome.AWAITING)


class Explainer:
    """The catalogue, prepared once. What more than one of a class's submissions needs from it is worked out once and kept."""

    def __init__(self, course: Course, key: AnswerKey):
        self.course, self.key = course, key
        self.catalogue = Catalogue(course, key.right)
        self.modules = Modules(self.catalogue)
        self._numbers: dict[int, Numbers] = {}
        self._functions: dict[str, bool] = {}  # part -> whether its answers are worked out for good
        self._wanted: Counter[str] = Counter()  # by how many submissions

    @property
    def numbers(self) -> Numbers:
        """The values that the mistakes give for the numbers of the explainer's own key."""
        return self.numbers_of(self.key.variant)

    def numbers_of(self, variant: int) -> Numbers:
        """The values that the mistakes give for the numbers of a variant."""
        if variant not in self._numbers:
            self._numbers[variant] = Numbers(self.key.of(variant), self.catalogue)
        return self._numbers[variant]

    def explained(
        self, parts: Sequence[PartResult], answers: Answers, recorder: Recorder, suites: Suites
    ) -> tuple[Diagnosis, ...]:
        """A Diagnosis for each wrong part that something explains, in the parts' order."""
        possible = {part.id: self._possible(part, answers, recorder, suites) for part in parts if _unexplained(part)}
        diagnoses = []
        for part, chosen in _decided(possible).items():
            if chosen is not None:
                hints = tuple(entry.misconception.hint for entry in chosen.entries)
                diagnoses.append(Diagnosis(part.question, str(part), chosen.ids, hints, chosen.route))
            elif part.kind == "numbers" and not possible[part]:
                guess = near_miss(answers.values.get(part.key), self.key.of(answers.variant).values.get(part.key))
                diagnoses += [Diagnosis(part.question, str(part), (), (guess,), guess=True)] if guess is not None else []
        return tuple(diagnoses)

    def _possible(self, part: PartResult, answers: Answers, recorder: Recorder, suites: Suites) -> list[Explanation]:
        """Everything that explains a part by itself."""
        if part.kind == "numbers":
            answer = answers.values.get(part.part.key)
            return (
                []
                if answer is None or isinstance(answer, (str, bool))
                else self.numbers_of(answers.variant).explaining(part.part.key, answer)
            )
        if part.kind != "code":
            return []
        stem = self.course.question(part.question).stem
        if isinstance(getattr(self.course.module(f"solutions.{stem}"), part.name), type):
            groups = self.modules.explaining(stem, part.name, recorder, part.id, suites)
        else:
            groups = explaining(self.catalogue, stem, part.name, recorder.calls)
            self._functions.setdefault(part.id, False)
        return [Explanation(group) for group in groups]

    # ---- what no submission changes

    @property
    def wanted(self) -> list[str]:
        """What explaining had to work out that the next submission may need as well: parts, and ``numbers 3``: of variant 3."""
        functions = [part for part, known in self._functions.items() if not known]
        numbers = [f"numbers {variant}" for variant, its in self._numbers.items() if its.wanted]
        return [*functions, *sorted(self.modules.wanted), *numbers]

    def work_out_repeated(self, wanted: Iterable[str], suites: Suites) -> bool:
        """Work out for good what enough submissions have wanted by now. Returns whether there was anything."""
        wanted = list(wanted)
        self._wanted.update(wanted)
        repeated = [what for what in wanted if self._wanted[what] >= ENOUGH]
        self.work_out(repeated, suites)
        return bool(repeated)

    def work_out(self, wanted: Iterable[str], suites: Suites) -> None:
        """Work it out for good, so that what forks from here on has it."""
        for what in wanted:
            if what.startswith("numbers "):
                self.numbers_of(int(what.removeprefix("numbers "))).work_out()
            elif any(entry.is_class for entry in self.catalogue.entries if entry.part == what):
                self.modules.work_out(what, suites)
            else:
                part, recorder = PartId(what), Recorder(self.key.right)
                suites.only(what).ask(recorder, Answers({}))
                stem = self.course.question(part.question).stem
                calls = [replace(call, value=None) for call in recorder.calls]  # as if no answer were right
                explaining(self.catalogue, stem, part.name, calls)
                self._functions[what] = True


def _unexplained(part: PartResult) -> bool:
    """Whether a part is wrong and its reason is not told already, beside the earlier answer that it follows from."""
    return part.outcome not in RIGHT_OR_NOT_TRIED and all(message.key != "follow.credit" for message in part.messages)


def _decided(possible: dict[str, list[Explanation]]) -> dict[PartId, Explanation | None]:
    """One explanation a part or none: of several, the one whose mistakes are made elsewhere in the submission as well."""
    decided = {PartId(part): one[0] if len(one) == 1 else _shared(one) for part, one in possible.items()}
    changed = True
    while changed:
        made = {name for one in decided.values() if one is not None for entry in one.entries for name in _names(entry)}
        changed = False
        for part, candidates in possible.items():
            if decided[PartId(part)] is None:
                backed = [one for one in candidates if all(_names(entry) & made for entry in one.entries)]
                if len(backed) == 1:
                    decided[PartId(part)], changed = backed[0], True
    return decided


def _shared(candidates: list[Explanation]) -> Explanation | None:
    """The mistake that is in every one of several explanations: it is made, whichever of them is true."""
    if not candidates:
        return None
    (first, *others) = candidates
    common = tuple(entry for entry in first.entries if all(entry in other.entries for other in others))
    return Explanation(common) if common else None


def _names(entry: Entry) -> set[str]:
    return {entry.misconception.name, entry.misconception.akin} - {""}
