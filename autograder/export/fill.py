"""Fills scores into a sheet that another system exported: matches rows to students, writes scores, and reports the rest."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from autograder import files
from autograder.course.course import Course
from autograder.errors import ConvgradeError
from autograder.export.csv_bytes import Cell, Sheet
from autograder.intake.names import fold
from autograder.marking import lateness
from autograder.marking.written_marks import waiting
from autograder.model import Message, Result, points
from autograder.text import line

Row = tuple[Cell, ...]


@dataclass(frozen=True)
class Key:
    """A column that says who a row is: its title, and what a row is known by there. ``names``: people's names, not ids."""

    title: str
    of: Callable[[Row], Sequence[str]]
    names: bool = False
    theirs: Callable[[Result, Row], bool] = lambda result, row: True  # whether nothing else in the row speaks against it


def column_key(title: str, at: int, *, names: bool = False) -> Key:
    """The key that a column is. A name counts also as ``Last, First`` turned round."""

    def of(row: Row) -> Sequence[str]:
        cell = row[at].text if len(row) > at else ""
        last, comma, first = cell.replace("،", ",").partition(",")
        return [cell, f"{first.strip()} {last.strip()}"] if names and comma else [cell]

    return Key(title, of, names)


def declared(header: Sequence[str], title: str, path: Path, option: str) -> int:
    """The one column of that title, which ``option`` gave. Raises ConvgradeError where there is none, or there are several."""
    fitting = [at for at, name in enumerate(header) if fold(name) == fold(title)]
    if len(fitting) != 1:
        todo = f"Name one with {option}: {'; '.join(header)}."
        raise ConvgradeError(f"{title!r} does not match exactly one column", where=f"{path}:1", todo=todo)
    return fitting[0]


def declared_keys(header: Sequence[str], title: str, path: Path) -> list[Key]:
    """The column of that title as a key: it may hold ids or names. Raises ConvgradeError as ``declared`` does."""
    at = declared(header, title, path, "--identity")
    return [column_key(title, at), column_key(title, at, names=True)]


def fill(
    sheet: Sheet,
    column: int,
    rows: Sequence[Row],
    keys: Sequence[Key],
    results: Iterable[Result],
    course: Course,
    out: Path,
    *,
    overwrite: bool = False,
    keep: Callable[[str], bool] = lambda value: False,
    written: Callable[[str], str] = lambda score: score,
    who: Callable[[Row], str] = lambda row: row[0].text,
    groups: Callable[[Row], str] = lambda row: "",
) -> list[Message]:
    """Write each result's score into ``column`` of its row, and the file to ``out``. Returns the messages for whoever exports.

    ``keys`` are the columns that may identify a row. The one that matches most submissions is used, and a message names it.
    A submission that matches no row, or several, is left out. ``groups`` gives the name of a row's group, "" where it has
    none. ``keep`` says whether a cell stays as it is; ``written`` puts a score into the sheet's own form. A cell that holds
    another number, which a person may have given, is named and stays, unless ``overwrite`` is set.
    """
    results = sorted(results, key=lambda result: result.id)
    graded = scored(results)
    messages: list[Message] = []
    file, policy = sheet.path.name, course.config.late
    unknown: list[str] = []
    results_of: dict[Row, list[Result]] = {}
    members = _members(rows, groups)
    key, by = _best(graded, rows, keys)
    matched = 0
    for result in graded:
        fitting = by.get(result.id, [])
        person = len(fitting) == 1 and key.theirs(result, fitting[0])  # whatever else bears the name
        group = members.get(fold(result.name), []) if result.name and not person else []
        if group:
            names = _listed(who(row) for row in group)
            messages.append(Message("export.group", {"id": line(result.id), "who": names}))
            for row in group:
                results_of.setdefault(row, []).append(result)
            continue
        if not fitting:
            unknown.append(result.id)
        elif len(fitting) > 1:
            messages.append(Message("export.ambiguous", {"id": line(result.id), "file": file}))
        elif not person:
            values = {"id": line(result.id), "name": line(result.name), "who": line(who(fitting[0])), "file": file}
            messages.append(Message("export.not_theirs", values))
        else:
            matched += 1
            results_of.setdefault(fitting[0], []).append(result)
    if graded and len(unknown) == len(graded):
        todo = "Name the column that holds their ids or names with --identity, or the file of this class with --like."
        raise ConvgradeError(f"no row of {file} is that of a submission here", where=str(sheet.path), todo=todo)
    if matched:
        messages.insert(0, Message("export.by", {"column": line(key.title), "n": matched}))
    cells: dict[Cell, str] = {}
    for row, theirs in results_of.items():
        named = line(who(row))
        if len(row) <= column:
            raise ConvgradeError(
                "a row has too few cells", where=f"{sheet.path}: {named}", todo="Export the file once more."
            )
        if len(theirs) > 1:
            ids = _listed(result.id for result in theirs)
            messages.append(Message("export.twice", {"ids": ids, "who": named, "file": file}))
        elif keep(there := row[column].text.strip()):
            messages.append(Message("export.left", {"who": named, "value": line(there), "file": file}))
        else:
            cents = lateness.final_cents(theirs[0], policy)
            if there and cents_of(there) != cents:
                values = {"who": named, "value": line(there), "score": points(cents), "file": file}
                messages.append(Message("export.replaced" if overwrite else "export.other", values))
                if not overwrite:
                    continue
            cells[row[column]] = written(points(cents))
    if unknown:
        messages.append(Message("export.unknown", {"ids": _listed(unknown), "file": file}))
    if len(results_of) < len(rows):
        messages.append(Message("export.no_row", {"n": len(rows) - len(results_of), "file": file}))
    messages = score_messages([result for result in results if result.id not in unknown]) + messages
    files.write(out, sheet.replaced(cells))
    return [*messages, Message("export.filled", {"n": len(cells), "file": str(out)})]


def cents_of(number: str) -> int | None:
    """The hundredths of a number as any of these systems writes it; None for anything that is not a number."""
    number = re.sub("[,٫]", ".", number.strip())
    return round(100 * float(number)) if re.fullmatch(r"\d+(\.\d+)?", number) else None


def scored(results: Iterable[Result]) -> list[Result]:
    """The results to export: graded, and the only one for its student."""
    return [result for result in results if result.status != "not graded" and not result.contested]


def left_out(results: Sequence[Result]) -> list[Message]:
    """The messages that name the results which ``scored`` leaves out."""
    messages = []
    missing = [result.id for result in results if result.status == "not graded"]
    contested = [result.id for result in results if result.contested]
    if missing:
        messages.append(Message("export.not_graded", {"ids": _listed(missing)}))
    if contested:
        messages.append(Message("export.contested", {"ids": _listed(contested)}))
    return messages


def score_messages(results: Sequence[Result]) -> list[Message]:
    """The messages that every export of these results needs."""
    messages = left_out(results)
    unreadable = [result.id for result in results if result.status == "unreadable" and not result.contested]
    awaiting = sum(waiting(result) > 0 for result in results)
    withheld = [result.id for result in results if result.withheld_cents]
    if unreadable:
        messages.append(Message("export.unreadable", {"ids": _listed(unreadable)}))
    if awaiting:
        messages.append(Message("export.awaiting", {"n": awaiting}))
    if withheld:
        messages.append(Message("export.withheld", {"ids": _listed(withheld)}))
    return messages


def _members(rows: Sequence[Row], groups: Callable[[Row], str]) -> dict[str, list[Row]]:
    """The rows of each group's members, by its folded name."""
    members: dict[str, list[Row]] = {}
    for row in rows:
        if group := groups(row).strip():
            members.setdefault(fold(group), []).append(row)
    return members


def _best(results: Sequence[Result], rows: Sequence[Row], keys: Sequence[Key]) -> tuple[Key, dict[str, list[Row]]]:
    """The key by which most results are found, the earlier of equals, and the rows of each result by it."""
    best: tuple[Key, dict[str, list[Row]]] = (keys[0], {})
    most = 0
    for key in keys:
        rows_of: dict[str, list[Row]] = {}
        known: dict[str, list[Row]] = {}
        for row in rows:
            for name in {fold(cell) for cell in key.of(row)}:
                known.setdefault(name, []).append(row)
        for result in results:
            wanted = [result.id] if not key.names else [result.name or result.id]
            for name in filter(None, map(fold, wanted)):
                if name in known:
                    rows_of[result.id] = known[name]
        if (count := sum(len(fitting) == 1 for fitting in rows_of.values())) > most:
            best, most = (key, rows_of), count
        elif not most and rows_of:
            best = (key, rows_of)
    return best


def _listed(ids: Iterable[str]) -> str:
    return ", ".join(line(id) for id in ids)
