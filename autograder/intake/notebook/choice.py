"""Which of a submission's notebooks is its notebook, and what in it stands for files."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Mapping, Sequence

from msgspec.structs import replace

from autograder.course.course import TEMPLATE, Course
from autograder.intake import pictures
from autograder.intake.likeness import CALLED, likeness
from autograder.intake.notebook import NONE, Broken, Notebook, Template, handed_out, read
from autograder.model import Message, Picture, Sources

_WRITEFILE = re.compile(r"\s*%%(?:write)?file[ \t]+(?:-a[ \t]+)?[\"']?([^\s\"']{1,200})[\"']?[^\n]*\n")


def opened(sources: Sources, course: Course) -> tuple[Sources, Notebook]:
    """The notebook of a submission; an empty one where there is none, or only the one that was handed out.

    Of several, the non-empty one with the likeliest name counts and a note names it; notebooks that split the questions are
    joined. Beside files of the homework, a notebook with another name is set aside if those files solve all it holds and it holds
    less than half of what is asked. A notebook that cannot be read becomes a note, or the sources' ``trouble`` if nothing else
    can be graded. A note says that there is no code if there is nothing else. Never raises.
    """
    if not sources.notebooks:
        return sources, NONE
    more = bool(sources.code) or sources.answers is not None or sources.written is not None
    template = handed_out(course)
    books: dict[str, Notebook] = {}
    broken: dict[str, Message] = {}
    for path, data in sources.notebooks.items():
        try:
            books[path] = read(data, course.written, template)
        except Broken as error:
            broken[path] = error.message
    for message in broken.values() if more or books else list(broken.values())[1:]:
        sources = _noted(sources, message)
    if not books:
        return sources if more else replace(sources, trouble=next(iter(broken.values()))), NONE
    held = {path: _holds(book, course, template) for path, book in books.items()}
    path = max(books, key=lambda path: bool(held[path]))
    if more and not _named_for(path, course) and _nothing_new(held[path], sources, course):
        return replace(_left_aside(sources, books, ""), notebooks={}), NONE
    taken = _of_one_homework(held)
    taken = sorted(taken) if path in taken else [path]
    book = books[path] if len(taken) == 1 else _joined([books[one] for one in taken], template)
    left = [one for one in books if one not in taken or one == path]
    sources = replace(_left_aside(sources, left, path), notebooks={one: sources.notebooks[one] for one in taken})
    if len(taken) > 1:
        sources = _noted(sources, Message("notebook.joined", {"files": ", ".join(taken)}))
    if path.lower().endswith(".py"):
        sources = _noted(sources, Message("intake.script", {"file": path}))
    sources, book = _files_written(sources, book, course)
    more = more or bool(sources.code) or sources.answers is not None
    if not template.code.issuperset(source.strip() for _, source in book.cells):
        return sources, book
    if not more and not book.essays(course.written, template.lines):  # in a folder of files it is only what was handed out
        sources = _noted(sources, Message("notebook.untouched" if book.cells else "notebook.no_code"))
    return sources, Notebook((), book.texts, book.pictures)


def _of_one_homework(held: Mapping[str, Collection[str]]) -> list[str]:
    """The non-empty notebooks, if they split the homework: more than half of what each holds is in no other. Otherwise
    (versions of one notebook) an empty list."""
    counts = Counter(name for names in held.values() for name in set(names))
    some = {path: [counts[name] == 1 for name in set(names)] for path, names in held.items() if names}
    return list(some) if all(2 * sum(own) > len(own) for own in some.values()) else []


def _joined(books: Sequence[Notebook], template: Template) -> Notebook:
    """Join notebooks into one, numbering cells across them. Handed-out cells are kept only from the first notebook, and only if
    no notebook solves them: run again later, they would overwrite a solution."""
    code = template.code
    solved = {name for book in books for _, cell in book.cells if cell.strip() not in code for name in _defined(cell)}
    cells: list[tuple[int, str]] = []
    pasted: dict[str, tuple[Picture, ...]] = {}
    before = 0
    for at, book in enumerate(books):
        for number, cell in book.cells:
            if cell.strip() not in code or (not at and solved.isdisjoint(_defined(cell))):
                cells.append((before + number, cell))
        for part, found in book.pictures.items():
            pasted[part] = (*pasted.get(part, ()), *found)[: pictures.MOST]
        before += book.count
    return Notebook(tuple(cells), tuple(text for book in books for text in book.texts), pasted)


def _files_written(sources: Sources, book: Notebook, course: Course) -> tuple[Sources, Notebook]:
    """The files of the homework that cells write with ``%%writefile`` as files that were handed in, where there are none yet."""
    known = course.known_files
    cells = []
    for number, source in book.cells:
        written = _WRITEFILE.match(source)
        name = written[1].rpartition("/")[2] if written else ""
        stem = name.removesuffix(".py")
        text = source[written.end() :] if written else ""
        if (
            stem in known.stems
            and name != stem
            and (stem not in sources.code or known.untouched(sources.code[stem].encode()))
        ):
            sources = replace(sources, code={**sources.code, stem: text})
        elif name == known.answers and sources.answers is None:
            sources = replace(sources, answers=text)
        else:
            cells.append((number, source))
            continue
        sources = _noted(sources, Message("notebook.writefile", {"cell": number, "file": name}))
    return sources, Notebook(tuple(cells), book.texts, book.pictures)


def _left_aside(sources: Sources, books: Collection[str], taken: str) -> Sources:
    others = [path for path in books if path != taken]
    for path in others:
        values = {"file": path, "taken": taken}
        sources = _noted(sources, Message("notebook.left" if taken else "notebook.holds_nothing", values))
    return sources


def _named_for(path: str, course: Course) -> bool:
    if path.lower().endswith(".py"):  # of that name there may be a script that is no notebook's
        return False
    like = likeness(path.rsplit("/", 1)[-1], course.known_files)
    return like is not None and like.rank <= CALLED


def _holds(book: Notebook, course: Course, template: Template) -> set[str]:
    """What is asked and stands in cells that the student wrote: functions, classes, keys, written answers."""
    own = "\n".join(source for _, source in book.cells if source.strip() not in template.code)
    names = _defined(own) | set(re.findall(r"""["'](\w+\.\w+)["']""", own))
    asked = {part.name for part in course.parts if part.kind == "code"} | set(course.number_keys)
    return names & asked | book.essays(course.written, template.lines).keys()


def _nothing_new(names: set[str], sources: Sources, course: Course) -> bool:
    """Whether a notebook is a trial: it holds less than half of what is asked, all of it solved in the files beside it."""
    solved = set(course.number_keys) if sources.answers is not None else set()
    for stem, source in sources.code.items():
        stub = course.root / TEMPLATE / f"{stem}.py"
        if not stub.is_file() or stub.read_text("utf-8").split() != source.split():
            solved |= _defined(source)
    return names <= solved and 2 * len(names) < len(course.parts)


def _defined(source: str) -> set[str]:
    return set(re.findall(r"^(?:def|class)[ \t]+(\w+)", source, flags=re.MULTILINE))


def _noted(sources: Sources, message: Message) -> Sources:
    return replace(sources, notes=(*sources.notes, message))
