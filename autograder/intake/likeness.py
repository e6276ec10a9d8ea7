"""What a file's name stands for: the homework's own name, a copy of it, one that bears it among other words, or none of its files.

A name is known as it was handed out, or as somebody's browser, copy or typing made it.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache

from autograder.course.course import KnownFiles
from autograder.intake.names import stem

NOTEBOOK = "notebook.ipynb"  # stands for any notebook's name
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
ENDINGS = {
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
class Likeness:
    """What a file's name stands for, how near the name is (``HOMEWORK`` and so on), and the number of a copy."""

    name: str
    rank: int
    copy: int = 0


@lru_cache(maxsize=4096)
def likeness(name: str, known: KnownFiles) -> Likeness | None:
    """What a file's name stands for; None where it is no file of the homework."""
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
    if (dot and ending == "ipynb") or (ending == "json" and plain_word(word)[0] in _notebooks(known)):
        return _notebook(word, known)
    plain, copy = plain_word(word)
    for one in known.names:
        base, _, own = one.rpartition(".")
        if f".{ending}" in ENDINGS.get(f".{own}", ()) and plain == bare_word(base):
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
    plain, copy = plain_word(word)
    if plain in ours:
        exact = bare_word(word) == plain and not copy
        return Likeness(NOTEBOOK, HOMEWORK if exact else COPY, copy)
    if any(re.search(rf"(?<![a-z0-9]){re.escape(one)}(?![a-z0-9])", word) for one in ours):
        return Likeness(NOTEBOOK, CALLED)
    return Likeness(NOTEBOOK, SCRATCH if scratch(word) else OTHER)


def scratch(name: str) -> bool:
    """Whether a notebook is named as something that is tried out."""
    return _SCRATCH.match(name) is not None or plain_word(stem(name).casefold())[0] != bare_word(stem(name))


@lru_cache(maxsize=16)
def _notebooks(known: KnownFiles) -> frozenset[str]:
    """The notebooks that were handed out, by their bare words."""
    return frozenset(bare_word(path.rsplit("/", 1)[-1][:-6]) for path in known.template if path.endswith(".ipynb"))


def plain_word(word: str) -> tuple[str, int]:
    """A name's bare word without the marks of a copy, and the copy's number (0: no copy)."""
    number = 0
    for _ in range(MOST_COPIES):
        if (match := _COPY.search(word)) is None:
            break
        number = max(number, int(match["number"] or match["copy"] or 1))
        word = (word[: match.start()] + word[match.end() :]).strip()
    return bare_word(word), number


def base(name: str) -> tuple[str, int]:
    """The bare word of an archive's or a folder's name without the marks of a copy, and the copy's number."""
    return plain_word(unicodedata.normalize("NFKC", bare(name)).casefold())


def bare(name: str) -> str:
    """A step without an archive's ending."""
    return stem(name) if name.lower().endswith((".zip", ".gz", ".tgz", ".tar")) else name


def bare_word(word: str) -> str:
    return re.sub(r"[\W_]+", "", word.casefold())


def nobodys(name: str, known: KnownFiles) -> bool:
    """Whether a file's or folder's name is the homework's own, so that it says nothing of whose it is."""
    plain, _ = base(stem(name))
    ours = {bare_word(one) for one in known.stems} | _notebooks(known)
    if plain in ours or _NOBODYS.fullmatch(stem(name)) is not None:
        return True
    like = likeness(name, known)
    return like is not None and (like.rank <= COPY or scratch(stem(name)))


def neutral(folder: str, known: KnownFiles) -> bool:
    """Whether a folder or an archive is named for what is in it, and not for anybody."""
    folder = unicodedata.normalize("NFC", folder)  # macOS takes the letters of سؤال apart
    return _CONTENTS.fullmatch(folder) is not None or nobodys(folder, known)
