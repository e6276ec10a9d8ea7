"""Feedback in the form in which each system gives it back: one student's file goes to that student and to nobody else.

- ``moodle``: the zip for "Upload multiple feedback files in a zip". A folder is named as in Moodle's own download; Moodle reads
  the number between the first two underscores, so a name loses its own underscores.
- ``canvas``: the zip for "Upload submissions". Canvas reads the user's and the file's number from each name, so the names are
  those of its download, which ``like`` is.
- ``folder``: a folder for each student.
- ``email-drafts``: a draft for each student, to open in a mail program and send.
"""

from __future__ import annotations

import os
import re
import zipfile
from collections.abc import Callable, Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
from email.message import EmailMessage
from email.policy import SMTP
from pathlib import Path

from autograder import files
from autograder.course.course import Course
from autograder.errors import ConvgradeError
from autograder.export.fill import left_out, scored
from autograder.intake.names import Ids, passed_over, safe_id
from autograder.marking import table
from autograder.model import Language, Message, Result
from autograder.report import feedback
from autograder.report.view import views
from autograder.text import clean, line
from autograder.words import say

SYSTEMS = ("moodle", "canvas", "folder", "email-drafts")
NAME = "feedback"
_CANVAS = re.compile(r"(?P<whole>(?P<front>.*?_)(?P<late>LATE_)?(?P<user>\d+)_(?P<file>\d+)_).+", re.ASCII | re.DOTALL)
_ADDRESS = re.compile(r"[^@\s<>,;:\"]+@[^@\s<>,;:\"]+\.[^@\s<>,;:\"]+")


def run(
    to: str,
    results: Iterable[Result],
    course: Course,
    out: Path,
    languages: tuple[Language, ...],
    *,
    like: Path | None = None,
    addresses: Path | None = None,
    whose: Callable[[str, str], str] = lambda who, where: who,
    printed: Callable[[bytes], bytes] | None = None,
) -> list[str]:
    """Write everybody's feedback for ``to``, one of ``SYSTEMS``; returns what there is to say.

    ``out`` is a zip for moodle and canvas, else a folder. ``whose`` finds the id that a name in ``addresses`` means. ``printed``
    makes a PDF of a page in one language, which then takes the page's place. Raises ConvgradeError where ``like`` or
    ``addresses`` is missing or not what it should be.
    """
    if printed is not None and len(languages) > 1:
        raise ConvgradeError("a PDF is in one language", where="--as pdf", todo="Choose it with --lang.")
    results = sorted(results, key=lambda result: result.id)
    graded = scored(results)
    pages = {result.id: (f"{NAME}.html", _page(result, course, languages)) for result in graded}
    messages = left_out(results)
    if printed is not None:
        pages, unprinted = _printed(pages, printed)
        messages += unprinted
    match to:
        case "moodle":
            names = _apart({one.id: f"{_moodle(one)}/{pages[one.id][0]}" for one in graded})
            files.write(out, files.zipped({names[id]: page for id, (_, page) in pages.items()}))
        case "canvas":
            if like is None:
                todo = "Name Canvas's download of the submissions, a zip or a folder, with --like: its names are needed."
                raise ConvgradeError("canvas needs its own download", where="--like", todo=todo)
            fronts = _canvas(like)
            unknown = [line(id) for id in pages if id not in fronts]
            messages += [Message("export.unknown", {"ids": ", ".join(unknown), "file": like.name})] if unknown else []
            named = {f"{fronts[id]}{file}": page for id, (file, page) in pages.items() if id in fronts}
            files.write(out, files.zipped(named))
        case "folder":
            ids = Ids()
            _write(out, {f"{ids.unique(safe_id(id))}/{file}": page for id, (file, page) in pages.items()})
        case "email-drafts":
            known, ids = _addresses(addresses, graded, whose), Ids()
            without = [line(one.id) for one in graded if one.id not in known]
            if without and len(without) == len(graded):
                todo = "Give a CSV id,email with --addresses."
                raise ConvgradeError(
                    "nobody's address is known, so there is no draft to write", where=f"--to {to}", todo=todo
                )
            messages += [Message("export.no_address", {"ids": ", ".join(without)})] if without else []
            nobody = [line(id) for id in known.keys() - {one.id for one in results}]
            if nobody and addresses is not None:
                messages.append(Message("export.nobody", {"ids": ", ".join(sorted(nobody)), "file": addresses.name}))
            drafts = {
                f"{ids.unique(safe_id(one.id))}.eml": _draft(one, known[one.id], *pages[one.id], course, languages)
                for one in graded
                if one.id in known
            }
            _write(out, drafts)
    return [say(message, "en") for message in messages]


def _printed(
    pages: Mapping[str, tuple[str, bytes]], printed: Callable[[bytes], bytes]
) -> tuple[dict[str, tuple[str, bytes]], list[Message]]:
    """The pages as PDFs, and a message on each that could not be printed and stays HTML. Raises ConvgradeError if none could."""

    def attempt(page: bytes) -> bytes | ConvgradeError:
        try:
            return printed(page)
        except ConvgradeError as error:
            return error

    with ThreadPoolExecutor(os.cpu_count()) as pool:  # each page is printed by a process of its own
        outcomes = dict(zip(pages, pool.map(attempt, [page for _, page in pages.values()]), strict=True))
    errors = {id: one for id, one in outcomes.items() if isinstance(one, ConvgradeError)}
    if errors and len(errors) == len(pages):
        raise next(iter(errors.values()))
    pdfs = {id: (f"{NAME}.pdf", one) for id, one in outcomes.items() if isinstance(one, bytes)}
    return {**pages, **pdfs}, [
        Message("export.unprinted", {"id": line(id), "error": error.what}) for id, error in errors.items()
    ]


def _write(out: Path, contents: Mapping[str, bytes]) -> None:
    """Write these files into a folder. Raises ConvgradeError if it holds any other file: a page of an earlier run that stays
    among the new ones could be sent by mistake."""
    earlier = sorted(path for path in out.rglob("*") if not path.is_dir() and not passed_over(path.name))
    if strange := [path for path in earlier if path.relative_to(out).as_posix() not in contents]:
        todo = "Delete the folder, or name a new one with --out, so that nobody is sent an old page."
        raise ConvgradeError("this file is not from this run, so nothing was written", where=str(strange[0]), todo=todo)
    for name, data in contents.items():
        files.write(out / name, data)


def _page(result: Result, course: Course, languages: tuple[Language, ...]) -> bytes:
    return feedback.html(result, views(result, course, languages))


def _moodle(result: Result) -> str:
    """``Ada Lovelace_123_assignsubmission_file_``, from the participant's number that the intake took for the id."""
    number = re.fullmatch(r"\d+", result.id)
    if number is None:
        todo = "Grade Moodle's own download of all submissions: its folders hold the numbers that Moodle asks for."
        raise ConvgradeError(f"{line(result.id)} is not a participant's number", where="--to moodle", todo=todo)
    name = re.sub(r'[_/\\:*?"<>|.]+', " ", line(result.name)).strip() or "Participant"
    return f"{name[:100]}_{result.id}_assignsubmission_file_"


def _canvas(like: Path) -> dict[str, str]:
    """By user number, how a file's name begins: as that of the newest file handed in, up to the student's own name for it."""
    try:
        if like.is_dir():
            listed = [one.name for one in like.iterdir()]
        else:
            with zipfile.ZipFile(like) as archive:
                listed = [name.rpartition("/")[2] for name in archive.namelist()]
    except (OSError, zipfile.BadZipFile) as error:
        raise ConvgradeError(f"it cannot be read: {error}", where=str(like), todo="Download it again.") from None
    newest: dict[str, tuple[int, str]] = {}
    for match in filter(None, map(_CANVAS.fullmatch, listed)):
        newest[match["user"]] = max(newest.get(match["user"], (0, "")), (int(match["file"]), match["whole"]))
    if not newest:
        todo = "Download the submissions from Canvas again and leave their names as they are."
        raise ConvgradeError("no file in it is named as Canvas names files", where=str(like), todo=todo)
    return {user: line(front) for user, (_, front) in newest.items()}


def _apart(names: Mapping[str, str]) -> dict[str, str]:
    """The names, each once. Raises ConvgradeError where two hand-ins would share one."""
    seen: dict[str, str] = {}
    for id, name in names.items():
        if name.casefold() in seen:
            what = f"{line(id)} and {line(seen[name.casefold()])} would get the same file"
            raise ConvgradeError(what, where=name, todo="Give one of them another id.")
        seen[name.casefold()] = id
    return dict(names)


def _addresses(path: Path | None, results: Iterable[Result], whose: Callable[[str, str], str]) -> dict[str, str]:
    """Each student's address by id, from a CSV ``id,email`` whose ids may be names, or an id that is one."""
    addresses = {result.id: result.id for result in results if _ADDRESS.fullmatch(result.id)}
    for where, row in table.rows(path, "id", "email") if path is not None else ():
        if not _ADDRESS.fullmatch(row["email"]):
            raise ConvgradeError(
                f"{line(row['email'])!r} is not an e-mail address", where=where, todo="Write it as name@example.org."
            )
        id = whose(row["id"], where)
        if addresses.get(id, row["email"]) != row["email"]:
            raise ConvgradeError(f"{line(id)} has two addresses", where=where, todo="Keep one of the lines.")
        addresses[id] = row["email"]
    return addresses


def _draft(result: Result, address: str, file: str, page: bytes, course: Course, languages: tuple[Language, ...]) -> bytes:
    draft = EmailMessage(policy=SMTP)
    draft["To"], draft["X-Unsent"] = address, "1"
    draft["Subject"] = line(course.config.title)
    seen = views(result, course, languages).values()
    draft.set_content(clean("\n\n".join(f"{one.score_line}\n{one.awaiting_line}".strip() for one in seen)) + "\n")
    if file.endswith(".pdf"):
        draft.add_attachment(page, maintype="application", subtype="pdf", filename=file)
    else:
        draft.add_attachment(page, maintype="text", subtype="html", filename=file, params={"charset": "utf-8"})
    boundary = f"=={safe_id(result.id).encode().hex()[:40]}=="
    draft.set_boundary(boundary)
    return draft.as_bytes()
