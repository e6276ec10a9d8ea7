"""Which files of a hand-in are the homework's, by their names and where they lie: the one chooser for every place.

Folders and archives are the same here: an archive is a folder called as it is. A file is known by its name, or by a name that
somebody's browser, copy or typing made of it, where no other file has the name itself. Nothing is chosen among hand-ins that
may be of two people: files from two folders, neither of which lies in the other, are not put together.
"""

from __future__ import annotations

import difflib
import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import lru_cache

from autograder.course.course import KnownFiles
from autograder.intake.names import stem
from autograder.model import Message
from autograder.text import line, shorten

NOTEBOOK = "notebook.ipynb"  # stands for any notebook's name
NAMED = 10  # files that were left out, by name; then only how many
MAX_NOTES = 40  # of one submission's files; then only how many
MOST_COPIES = 10  # marks of a copy in one name, each of which is looked for from its start
# How near a name is: the name itself, a copy of it or the like, one that bears it among other words; and notebooks of other names.
HOMEWORK, COPY, CALLED, OTHER, SCRATCH = range(5)
# Begins where a run of blanks and dashes begins: begun in its middle too, a long run would cost its square in time.
_COPY = re.compile(
    r"(?<![ _.-])[ _.-]*(?:\((?P<number>\d{1,3})\)|[-_ ](?:copy|kopie|copie|کپی)[ _-]*\(?(?P<copy>\d{0,3})\)?)$|^(?:copy of|کپی از)[ _]+",
    re.IGNORECASE,
)
_SCRATCH = re.compile(
    r"untitled|scratch|draft|test|tmp|temp|playground|experiment|trial|sandbox|backup|old|plots?\b|چرک", re.IGNORECASE
)
_QUESTION = re.compile(r"(?:q|question|problem|exercise|سوال|سؤال|پرسش)(\d{1,2})")  # in any digits
_ENDINGS = {
    ".py": (".py",),
    ".toml": (".toml", ".tml", ".txt", ".json", ".yaml", ".yml"),
    ".md": (".md", ".markdown", ".txt"),
}
_CONTENTS = re.compile(
    r"(?:q|question|problem|exercise|code|src|sources?|python|py|written|texts?|numbers?|sheet|part|section|notebooks?|report|docs?"
    r"|سوال|سؤال|پرسش|بخش|کد)[\W_]{0,5}\d{0,9}(?:[\W_]\w{1,80})?",
    re.IGNORECASE,
)
_NOBODYS = re.compile(
    r"(?:hw|homework|assignment|submissions?|solutions?|answers?|notebook|(?:student[\W_]?)?template|تمرین|پاسخ)[\W_]*[\d۰-۹]*",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class File:
    """A file of a hand-in: its steps, those in an archive below the archive's name, and its bytes."""

    steps: tuple[str, ...]
    data: bytes
    packed: int = 0  # how many archives it came out of

    @property
    def shown(self) -> str:
        return shorten(line("/".join(self.steps)), 100)

    @property
    def folder(self) -> tuple[str, ...]:
        """Its folder's steps, in which ``hw3.zip`` and ``hw3`` are one."""
        return tuple(bare(step) for step in self.steps[:-1])


@dataclass(frozen=True)
class Likeness:
    """What a file's name stands for, how near the name is (``HOMEWORK`` and so on), and the number of a copy."""

    name: str
    rank: int
    copy: int = 0


@dataclass
class Chosen:
    """``files`` by known name; ``notebooks`` by preference; ``trouble`` where it is not clear what belongs together."""

    files: dict[str, File] = field(default_factory=dict)
    notebooks: list[File] = field(default_factory=list)
    notes: list[Message] = field(default_factory=list)
    trouble: Message | None = None


def choose(files: Sequence[File], known: KnownFiles, *, sure: bool = False) -> Chosen:
    """The homework's files among those of one hand-in: of each name the one that has it, and the nearest to the top; what is as
    it was handed out only where there is nothing else.

    ``sure``: it is known that all of them are one person's, so that different files may come out of different folders.
    """
    claims: dict[str, list[tuple[tuple, File]]] = {}
    for file in files:
        like = likeness(file.steps[-1], known)
        if like is not None:
            # The name itself counts before a copy of it, wherever that lies.
            order = (known.untouched(file.data), like.rank, file.packed, len(file.steps), -like.copy)
            claims.setdefault(like.name, []).append((order, file))
    chosen = Chosen()
    for name, each in claims.items():
        each.sort(key=lambda claim: claim[0])
        if name == NOTEBOOK:
            chosen.notebooks = _distinct(file for _, file in each)
            continue
        order, taken = each[0]
        if order[1] == CALLED and len({file.data for _, file in each}) > 1:  # two that bear the name: which one is meant?
            chosen.notes += [Message("intake.looks_like", {"file": file.shown, "name": name}) for _, file in each]
            continue
        rivals = [file for its, file in each[1:] if its[:4] == order[:4] and file.folder != taken.folder]
        if any(rival.data != taken.data for rival in rivals):
            chosen.trouble = chosen.trouble or _several([taken, *rivals])
        chosen.files[name] = taken
        others = [(its, file) for its, file in each[1:] if file.data != taken.data and not its[0]]
        chosen.notes += [_left(file, taken, order, its) for its, file in others]
        if order[1]:
            chosen.notes.append(Message("intake.named_otherwise", {"file": taken.shown, "name": name}))
    together = [*chosen.files.values(), *([] if chosen.files else chosen.notebooks)]
    if chosen.trouble is None and not sure and not _together(together, known):
        chosen.trouble = _several(together)
    if chosen.trouble is not None:
        chosen.notes.clear()
    return chosen


def _left(file: File, taken: File, order: tuple, its: tuple) -> Message:
    older = its[:4] == order[:4] or its[1]
    return Message("intake.copy" if older else "intake.twice", {"file": file.shown, "taken": taken.shown})


def _distinct(files: Iterable[File]) -> list[File]:
    """Without copies that are the same byte for byte."""
    kept: dict[bytes, File] = {}
    for file in files:
        kept.setdefault(file.data, file)
    return list(kept.values())


def _together(files: Sequence[File], known: KnownFiles) -> bool:
    """Whether these may be one person's: each folder lies in the other, or bears nobody's name."""
    own = {tuple(step for step in file.folder if not neutral(step, known)) for file in files}
    longest = max(own, key=len, default=())
    return all(longest[: len(folder)] == folder for folder in own)


def neutral(folder: str, known: KnownFiles) -> bool:
    """Whether a folder or an archive is named for what is in it, and not for anybody."""
    return _CONTENTS.fullmatch(folder) is not None or nobodys(folder, known)


def _several(files: Sequence[File]) -> Message:
    places = sorted({"/".join(file.steps[:-1]) or "." for file in files})
    return Message("intake.several", {"folders": shorten(line(", ".join(places)), 200)})


# ---- names


def known_name(name: str, known: KnownFiles) -> str | None:
    """The known name that a file's name is, in any case or Unicode form, any notebook included; None for any other."""
    like = likeness(name, known)
    return like.name if like is not None and (like.rank == 0 or like.name == NOTEBOOK) else None


def likeness(name: str, known: KnownFiles) -> Likeness | None:
    """What a file's name stands for; None where it is no file of the homework."""
    return _likeness(name, known)


@lru_cache(maxsize=4096)
def _likeness(name: str, known: KnownFiles) -> Likeness | None:
    folded = unicodedata.normalize("NFC", name).casefold()
    exact = next((one for one in (*known.names, known.regrade) if one.casefold() == folded), None)
    if exact is not None:
        return Likeness(exact, 0)
    folded = unicodedata.normalize("NFKC", name).casefold()
    for ending in (".txt", ".text", ".json"):  # what an editor or a browser puts behind the name
        inner = folded.removesuffix(ending)
        if inner != folded and inner.endswith((".py", ".toml", ".md", ".ipynb")):
            folded = inner
    word, dot, ending = folded.rpartition(".")
    if (dot and ending == "ipynb") or (ending == "json" and _plain(word)[0] in _notebooks(known)):
        return _notebook(word, known)
    plain, copy = _plain(word)
    for one in known.names:
        base, _, own = one.rpartition(".")
        if f".{ending}" in _ENDINGS.get(f".{own}", ()) and plain == _bare_word(base):
            return Likeness(one, COPY, copy)
    if ending == "py" and plain in _notebooks(known):  # the notebook, saved as a script
        return Likeness(NOTEBOOK, COPY, copy)
    if ending == "py" and (stem := _by_number(plain, known)) is not None:
        return Likeness(f"{stem}.py", COPY, copy)
    within = [one for one in known.names if one.endswith(f".{ending}") and _steps(one.rpartition(".")[0]) in _steps(word)]
    return Likeness(within[0], CALLED) if len(within) == 1 and not word.startswith(("test", "conftest")) else None


def _by_number(word: str, known: KnownFiles) -> str | None:
    """The file of the question whose number a name is: ``q3.py`` is ``q3_unet.py``. None where there are none or two."""
    asked = _QUESTION.fullmatch(word)
    numbered = [(stem, _QUESTION.fullmatch(stem.partition("_")[0])) for stem in known.stems] if asked else []
    found = [stem for stem, own in numbered if own and asked and int(own[1]) == int(asked[1])]
    return found[0] if len(found) == 1 else None


def _steps(word: str) -> str:
    """A name's words, each between two underscores."""
    return "_" + re.sub(r"[\W_]+", "_", word.casefold()).strip("_") + "_"


def _notebook(word: str, known: KnownFiles) -> Likeness:
    ours = _notebooks(known)
    plain, copy = _plain(word)
    if plain in ours:
        exact = _bare_word(word) == plain and not copy
        return Likeness(NOTEBOOK, HOMEWORK if exact else COPY, copy)
    if any(re.search(rf"(?<![a-z0-9]){re.escape(one)}(?![a-z0-9])", word) for one in ours):
        return Likeness(NOTEBOOK, CALLED)
    return Likeness(NOTEBOOK, SCRATCH if scratch(word) else OTHER)


def scratch(name: str) -> bool:
    """Whether a notebook is named as something that is tried out."""
    return _SCRATCH.match(name) is not None or _plain(stem(name).casefold())[0] != _bare_word(stem(name))


@lru_cache(maxsize=16)
def _notebooks(known: KnownFiles) -> frozenset[str]:
    """The notebooks that were handed out, by their bare words."""
    return frozenset(_bare_word(path.rsplit("/", 1)[-1][:-6]) for path in known.template if path.endswith(".ipynb"))


def _plain(word: str) -> tuple[str, int]:
    """A name's bare word without the marks of a copy, and the copy's number (0: no copy)."""
    number = 0
    for _ in range(MOST_COPIES):
        if (match := _COPY.search(word)) is None:
            break
        number = max(number, int(match["number"] or match["copy"] or 1))
        word = (word[: match.start()] + word[match.end() :]).strip()
    return _bare_word(word), number


def base(name: str) -> tuple[str, int]:
    """The bare word of an archive's or a folder's name without the marks of a copy, and the copy's number."""
    return _plain(unicodedata.normalize("NFKC", bare(name)).casefold())


def bare(name: str) -> str:
    """A step without an archive's ending."""
    return stem(name) if name.lower().endswith((".zip", ".gz", ".tgz", ".tar")) else name


def _bare_word(word: str) -> str:
    return re.sub(r"[\W_]+", "", word.casefold())


def nobodys(name: str, known: KnownFiles) -> bool:
    """Whether a file's or folder's name is the homework's own, so that it says nothing of whose it is."""
    plain, _ = base(stem(name))
    ours = {_bare_word(one) for one in known.stems} | _notebooks(known)
    if plain in ours or _NOBODYS.fullmatch(stem(name)) is not None:
        return True
    like = likeness(name, known)
    return like is not None and (like.rank <= COPY or scratch(stem(name)))


# ---- what is said of the rest


def fewer(notes: Sequence[Message]) -> list[Message]:
    """The notes of files that were left out; of more than can be read the first, and how many more there are."""
    over = len(notes) - MAX_NOTES
    return [*notes[:MAX_NOTES], *([Message("intake.ignored_more", {"count": over})] if over > 0 else [])]


def note_ignored(paths: Iterable[str], known: KnownFiles, missing: Iterable[str] = ()) -> list[Message]:
    """The notes for files that were left out; what was handed out with the homework is not worth one.

    A file whose name is nearly one of ``missing`` is asked about.
    """
    notes: list[Message] = []
    others = [path for path in paths if not known.handed_out(path)]
    free = list(missing)
    for path in others[:NAMED]:
        name, values = path.rsplit("/", 1)[-1], {"file": shorten(line(path), 100)}
        word = _plain(stem(name))[0]
        other = next((one for one in free if word == _bare_word(one.rpartition(".")[0])), None)
        meant = other or _meant(name, free)
        key = "intake.other_format" if other else "intake.looks_like" if meant else "intake.ignored"
        notes.append(Message(key, values | {"name": meant} if meant else values))
    if len(others) > NAMED:
        notes.append(Message("intake.ignored_more", {"count": len(others) - NAMED}))
    return notes


def _meant(name: str, free: Sequence[str]) -> str | None:
    """The known name that a file's name is a slip of; None where it is none, or a test."""
    word, _, ending = name.casefold().rpartition(".")
    if word.startswith(("test", "conftest")) or len(name) > 100:
        return None
    fitting = [one for one in free if f".{ending}" in _ENDINGS[f".{one.rpartition('.')[2]}"]]
    within = [one for one in fitting if re.search(rf"(?<![a-z0-9]){re.escape(one.rpartition('.')[0])}(?![a-z0-9])", word)]
    near = difflib.get_close_matches(f"{word}.{ending}", fitting, 1, 0.8)
    return next(iter([*within, *near]), None)
