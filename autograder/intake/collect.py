"""What a path is, and the submission of each student under it, one at a time, as raw bytes.

A path is one student's hand-in, a plain class (each entry a student, known by its name), or a download of another system. The
owner of a hand-in is never guessed: if two readings are possible, both are named and nothing is graded.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from autograder.course.course import KnownFiles
from autograder.errors import ConvgradeError
from autograder.intake import lms
from autograder.intake.entries import Prefer, entries_of, of_class, one_of, preferred
from autograder.intake.likeness import CALLED, COPY, NOTEBOOK, likeness, neutral, nobodys, scratch
from autograder.intake.lms import gradescope_container
from autograder.intake.names import ARCHIVES, FOREIGN, beside_a_class, fold, stem
from autograder.intake.tree import MAX_DEPTH, Tree, opened
from autograder.model import Submission
from autograder.text import line, shorten

FORMATS = (*lms.SYSTEMS, "plain")
CONTAINER = "gradescope container"  # a format that only the program in Gradescope's image asks for


@dataclass(frozen=True)
class Interpretation:
    """What a path was taken for. ``download``: the same in a sentence, if it is a download of an LMS.

    ``aside``: files in a class's folder that are nobody's hand-in.
    """

    path: Path
    known: KnownFiles
    kind: str  # "one", "plain", a key of lms.SYSTEMS, or CONTAINER
    download: str = ""
    aside: tuple[str, ...] = ()
    prefer: Prefer | None = None

    @property
    def sentence(self) -> str:
        """The sentence for the person who named the path."""
        kind = "a class, each entry a student's hand-in" if self.kind == "plain" else "one hand-in"
        return self.download or f"{line(str(self.path))}: taken for {kind}"

    def count(self) -> int:
        """How many submissions there will be, without reading one."""
        if self.kind in ("one", CONTAINER):
            return 1
        with self._top() as top:
            if self.kind in lms.SYSTEMS:
                return lms.SYSTEMS[self.kind].count(top, self.known, str(self.path))
            return len(preferred(entries_of(top, self.known), self.prefer))

    def submissions(self) -> Iterator[Submission]:
        """Each submission, ordered by id, read only when it is asked for. Never raises for what one holds."""
        if self.kind == CONTAINER:
            yield from gradescope_container.collect(self.path, self.known)
        elif self.kind == "one":
            yield one_of(self.path, self.known)
        else:
            with self._top() as top:
                if self.kind in lms.SYSTEMS:
                    yield from lms.SYSTEMS[self.kind].collect(top, self.known, str(self.path))
                else:
                    yield from of_class(preferred(entries_of(top, self.known), self.prefer), self.known)

    @contextmanager
    def _top(self) -> Iterator[Tree]:
        """The folder that the submissions lie in. Raises ConvgradeError where it has gone or changed since."""
        with opened(self.path) as tree:
            top = tree
            if tree is not None and self.kind in lms.SYSTEMS:
                top = lms.top_of(self.kind, tree, self.path.resolve().name)
            if top is None:
                todo = "Start again, and leave it as it is until the run has ended."
                raise ConvgradeError("it has changed since this run began", where=str(self.path), todo=todo)
            yield top


def reading(path: Path, known: KnownFiles, format: str = "", prefer: Prefer | None = None) -> Interpretation:
    """Find out what ``path`` is, unless ``format``, one of ``FORMATS``, says so.

    Raises ConvgradeError if it is missing or doubtful, or if there is nothing to ``prefer`` in what it is.
    """
    taken = _interpreted(Path(path), known, format, prefer)
    if prefer is not None and taken.kind != "plain":
        todo = "Leave out --prefer. Of files that cannot count together, remove those that do not count."
        raise ConvgradeError("--prefer chooses among the entries of a class's own folder", where=str(path), todo=todo)
    if prefer is not None:
        with taken._top() as top:
            prefer.check(entries_of(top, known))
    return taken


def collect(path: Path, known: KnownFiles, format: str = "", prefer: Prefer | None = None) -> Iterator[Submission]:
    """Every submission under ``path``, as ``reading`` has it."""
    yield from reading(path, known, format, prefer).submissions()


# ---- what a path is


def _interpreted(path: Path, known: KnownFiles, format: str, prefer: Prefer | None) -> Interpretation:
    if not path.exists():
        raise ConvgradeError(
            "there is no such file or folder", where=str(path), todo="Name a submission or a folder of them."
        )
    if format == CONTAINER:
        return Interpretation(path, known, CONTAINER)
    name = path.resolve().name
    with opened(path) as tree:
        if format in lms.SYSTEMS:
            return _as_named(path, name, tree, known, format)
        if tree is None:
            return Interpretation(path, known, "one")
        zipped = not path.is_dir()
        top = _Listing(tree, known)
        if not format and (zipped or not top.own):
            downloaded = _download(path, name, tree, known, zipped=zipped)
            if downloaded is not None:
                return downloaded
        if zipped:
            of_class = [each for inner, _ in lms.tops(tree, name, zipped=True) if (each := _Listing(inner, known)).several]
            if of_class and not of_class[0].own and not format:
                top = of_class[0]
                todo = "For a class unpack it and name the folder; for one student say --format plain."
                raise _doubt(path, "one hand-in", f"a class: {top.named}", todo)
            return Interpretation(path, known, "one")
        return _plain(path, top, known, prefer, by_option=format == "plain")


def _as_named(path: Path, name: str, tree: Tree | None, known: KnownFiles, format: str) -> Interpretation:
    title = lms.SYSTEMS[format].TITLE
    if tree is None or lms.top_of(format, tree, name) is None:
        todo = f"Name the folder or the zip that {title} gave, or leave out --format."
        raise ConvgradeError(f"nothing in it is named as {title} names a download", where=str(path), todo=todo)
    return Interpretation(path, known, format, f"{line(str(path))}: read as a download of {title}")


def _download(path: Path, name: str, tree: Tree, known: KnownFiles, *, zipped: bool) -> Interpretation | None:
    """The download that a path is; None where it is none. Raises ConvgradeError where it may be one, or holds one."""
    unread = lms.unread(tree, path)
    if unread:
        todo = "Put each student's files into a folder named for the student, all in one folder, and name that one."
        raise ConvgradeError(f"it is a download of {unread}, which is not read", where=str(path), todo=todo)
    claim = lms.claim(tree, name, zipped=zipped)
    if claim is None:
        if not zipped:
            _refuse_nested(path, tree, known)
        return None
    taken = f"a download of {claim.title}"
    if claim.whole and claim.named:
        return Interpretation(path, known, claim.key, f"{line(str(path))}: taken for {taken}")
    other = "one student's hand-in" if zipped or claim.whole else "a plain class, each entry a student"
    raise _doubt(path, taken, other, f"Say which: --format {claim.key} or --format plain.")


def _refuse_nested(path: Path, tree: Tree, known: KnownFiles) -> None:
    """Raise ConvgradeError if everything in the folder, tables aside, is itself a download or a class."""
    inner = _within(path, tree, known)
    if len(inner) == 1:
        ((where, what, todo),) = inner
        kind = what.partition(":")[0]
        raise _doubt(where, what, "one student's hand-in", f"For {kind} {todo}; for one student say --format plain.")
    if inner:
        names = shorten(", ".join(line(where.relative_to(path).as_posix()) for where, *_ in inner), 80)
        todo = f"Grade each by itself, the first: {line(str(inner[0][0]))}. If each is one student, say --format plain."
        raise _doubt(path, f"{len(inner)} classes ({names})", "one class of as many students", todo)


def _within(path: Path, tree: Tree, known: KnownFiles, deep: int = 2) -> list[tuple[Path, str, str]]:
    """The downloads and classes in a folder, each with what it is and what to do; none where something else may be a hand-in."""
    found: list[tuple[Path, str, str]] = []
    for name, inner in tree.folders().items():
        where, claim = path / name, lms.claim(inner, name, zipped=False)
        if claim is not None and claim.whole and claim.fitting > 1:
            found.append((where, f"a download of {claim.title}", f"name it itself: {line(str(where))}"))
        elif _holds_homework(inner, known):
            top = _Listing(inner, known)
            if top.several and not top.own:
                found.append((where, f"a class: {top.named}", f"name it itself: {line(str(where))}"))
            elif deep and not top.own and (deeper := _within(where, inner, known, deep - 1)):
                found += deeper
            else:
                return []
    for one in tree.files():
        packed = _packed(path / one.name, known) if one.name.lower().endswith(".zip") else None
        if packed is not None:
            found.append(packed)
        elif one.name.lower().endswith((*ARCHIVES, *FOREIGN)) or likeness(one.name, known) is not None:
            return []
    return found


def _packed(path: Path, known: KnownFiles) -> tuple[Path, str, str] | None:
    """The download or class that a zip in a folder is; None for a hand-in."""
    with opened(path) as tree:
        if tree is None:
            return None
        claim = lms.claim(tree, path.name, zipped=True)
        if claim is not None:
            todo = f"name it itself: {line(str(path))} --format {claim.key}"
            return (path, f"a download of {claim.title}", todo) if claim.whole else None
        tops = (_Listing(inner, known) for inner, _ in lms.tops(tree, path.name, zipped=True))
        of_class = next((top for top in tops if top.several and not top.own), None)
        return None if of_class is None else (path, f"a class: {of_class.named}", "unpack it and name the folder")


def _doubt(path: Path, one: str, other: str, todo: str) -> ConvgradeError:
    return ConvgradeError(f"it may be {one} or {other}", where=str(path), todo=todo)


def _plain(path: Path, top: _Listing, known: KnownFiles, prefer: Prefer | None, *, by_option: bool) -> Interpretation:
    """One student's folder, or a class of them. Raises ConvgradeError where files of the homework lie among hand-ins."""
    if by_option and (top.several or not top.homework):
        return Interpretation(path, known, "plain", aside=(*top.tables, *top.own), prefer=prefer)
    if top.doubtful:
        todo = "For a class say --format plain; for one student leave only the file that counts, or name it itself."
        raise _doubt(path, "one student's folder", f"a class: {top.named}", todo)
    if not top.homework and (not top.alone or top.several):
        return Interpretation(path, known, "plain", aside=tuple(top.tables), prefer=prefer)
    if not top.several:
        return Interpretation(path, known, "one")
    stray = line(top.homework[0])
    todo = "For a class move that file away; for one student move the others away, or put them all into one folder more."
    what = f"{stray} lies among {top.named}: it may be one student's folder or a class"
    raise ConvgradeError(what, where=str(path), todo=todo)


class _Listing:
    """What lies at the top of a tree.

    ``own``: files with the homework's own names; ``homework``: those, and the notebook of the one student whose folder it may
    be (``hw3_sara.ipynb``); ``alone``: a hand-in whose name is the homework's and so nobody's; ``packs`` and ``books``:
    folders and archives, and notebooks, that could be a student's each; ``tables``: an instructor's own files.
    """

    def __init__(self, tree: Tree, known: KnownFiles):
        self.own: list[str] = []
        self.tables: list[str] = []
        self.packs: list[str] = []
        self.books: list[str] = []
        self.called: list[str] = []  # of the books those that bear the homework's name beside other words
        nameless: list[str] = []
        for one in tree.files():
            like = likeness(one.name, known)
            packed = one.name.lower().endswith((*ARCHIVES, *FOREIGN))
            book = like is not None and like.name == NOTEBOOK
            if like is not None and like.rank <= COPY:
                self.own.append(one.name)
            elif beside_a_class(one.name):
                self.tables.append(one.name)
            elif like is not None and book and like.rank == CALLED:
                self.called.append(one.name)
            elif packed or book:
                mine = (
                    nameless
                    if neutral(stem(one.name), known) or nobodys(one.name, known)
                    else self.packs
                    if packed
                    else self.books
                )
                mine.append(one.name)
        folders = [name for name, folder in tree.folders().items() if _holds_homework(folder, known)]
        self.homework = list(self.own)
        if self.called and (self.own or not (self.packs or self.books or folders or _several(self.called))):
            self.homework += self.called
            self.called = []
        if self.homework:
            folders = [name for name in folders if not scratch(name)]
        for name in folders:
            (nameless if neutral(name, known) else self.packs).append(name)
        self.doubtful = bool(self.called) and not self.several
        self.books += self.called
        # hw3.zip beside hw3 (1).zip, a folder hw3, a notebook Untitled.ipynb: none of them bears anybody's name
        self.alone = nameless[0] if nameless else ""

    @property
    def hand_ins(self) -> list[str]:
        return [*self.packs, *self.books]

    @property
    def several(self) -> bool:
        """Whether there are hand-ins of two people: two packed ones, or two notebooks where that is all there is."""
        return any(_several(names) for names in (self.packs, self.books))

    @property
    def named(self) -> str:
        return f"{len(self.hand_ins)} hand-ins ({shorten(', '.join(map(line, self.hand_ins[:5])), 80)})"


def _several(names: list[str]) -> bool:
    return len({fold(stem(name)) for name in names}) > 1


def _holds_homework(folder: Tree, known: KnownFiles) -> bool:
    """Whether a folder holds files of the homework, or a packed hand-in, at any depth where they are looked for."""
    level = [folder]
    for _ in range(MAX_DEPTH):
        for one in level:
            if any(likeness(file.name, known) or file.name.lower().endswith(ARCHIVES) for file in one.files()):
                return True
        level = [inner for one in level for inner in one.folders().values()][:200]
    return False
