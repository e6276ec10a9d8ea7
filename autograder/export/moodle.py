"""Moodle: the grade column of the site's own grading worksheet filled, every other byte as it was.

The worksheet's words are in the site's language, so the columns are found by what stands in them: first one number a person,
behind the site's word for participant (``Participant 123``); somewhere to the right the greatest grade, the same number in
every row; and directly before that one the grade. Grades are written with the decimal sign of the greatest grade.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from pathlib import Path

from autograder.course.course import Course
from autograder.errors import ConvgradeError
from autograder.export import csv_bytes
from autograder.export.fill import Key, Row, cents_of, column_key, declared, declared_keys, fill
from autograder.intake.names import fold
from autograder.model import Message, Result, points

FULL_NAMES = frozenset(("full name", "name", "نام کامل", "نام", "vollständiger name", "nom complet", "nombre completo"))
# What only the site's administrators write, in some of its languages.
IDENTITIES = FULL_NAMES.union(
    ("email address", "email", "e-mail", "id number", "username", "student id"),
    ("e-mail-adresse", "id-nummer", "anmeldename"),
    ("نشانی پست الکترونیکی", "پست الکترونیکی", "رایانامه", "ایمیل", "شماره دانشجویی", "شماره شناسایی", "نام کاربری"),
    ("adresse de courriel", "numéro d’identification", "dirección de correo", "número de id"),
)
GROUPS = ("group", "groups", "گروه", "gruppe", "groupe", "grupo")
_PARTICIPANT = re.compile(r"\D*\d+")


def export(
    results: Iterable[Result],
    course: Course,
    out: Path,
    *,
    like: Path,
    into: str | None = None,
    identity: str | None = None,
    overwrite: bool = False,
) -> list[Message]:
    """Fill the scores into the grade column of a copy of ``like`` at ``out``.

    Submissions are matched by one column: the participant's number, or one of ``IDENTITIES``, or the one that ``identity``
    names. Other columns of a profile, such as the department, are written by students themselves. The hand-in of a group goes
    to everybody whose group the sheet says it is. ``into`` names the grade column, in the site's words, where it is
    not clear. Raises ConvgradeError for a file that is not a grading worksheet.
    """
    sheet = csv_bytes.read(like)
    rows = list(sheet.rows[1:])
    if not rows or not all(_PARTICIPANT.fullmatch(row[0].text.strip()) for row in rows):
        todo = "Download it anew: assignment, Submissions, Download grading worksheet."
        raise ConvgradeError(
            "not a Moodle grading worksheet: its first column has no participant numbers", where=str(like), todo=todo
        )
    column = declared(sheet.header, into, like, "--column") if into else _grade_column(sheet.header, rows, like)
    most = rows[0][column + 1].text if len(rows[0]) > column + 1 else ""
    sign = (re.findall(r"[.,٫]", most) or ["."])[0]
    keys = _keys(sheet.header)
    if identity is not None:
        by_number = fold(identity) == fold(sheet.header[0])
        keys = keys[:1] if by_number else declared_keys(sheet.header, identity, like)
    group = next((at for at, name in enumerate(sheet.header) if fold(name) in GROUPS), len(sheet.header))
    results = list(results)
    messages = fill(
        *(sheet, column, rows, keys, results, course, out),
        overwrite=overwrite,
        written=lambda score: _cell(score, sign),
        who=_who,
        groups=lambda row: row[group].text if len(row) > group else "",
    )
    ours = max((result.max_cents for result in results), default=0)
    if cents_of(most) not in (None, ours):
        messages.insert(0, Message("export.most", {"file": like.name, "theirs": most.strip(), "ours": points(ours)}))
    return messages


def _grade_column(header: list[str], rows: list[Row], path: Path) -> int:
    fitting = [at for at in range(1, len(header) - 1) if _is_grade(at, rows)]
    if len(fitting) != 1:
        offered = "; ".join(header)
        todo = f"Name the column of the grade with --column: {offered}."
        raise ConvgradeError("which column holds the grade is not clear", where=f"{path}:1", todo=todo)
    return fitting[0]


def _is_grade(at: int, rows: list[Row]) -> bool:
    """Empty or a number no greater than the next column's, which is one number, above nought, all the way down.

    After the greatest grade come words (whether the grade can be changed), never another number.
    """
    if any(len(row) <= at + 1 for row in rows):
        return False
    most = {row[at + 1].text.strip() for row in rows}
    greatest = cents_of(most.pop()) if len(most) == 1 else None
    if not greatest:
        return False
    after = {row[at + 2].text.strip() for row in rows if len(row) > at + 2}
    if not after or any(not word or cents_of(word) is not None for word in after):
        return False
    grades = [row[at].text.strip() for row in rows]
    return all(not grade or ((cents := cents_of(grade)) is not None and cents <= greatest) for grade in grades)


def _keys(header: list[str]) -> list[Key]:
    numbers = Key(header[0], lambda row: re.findall(r"\d+", row[0].text), theirs=_theirs)
    known = [(at, name) for at, name in enumerate(header) if at and fold(name) in map(fold, IDENTITIES)]
    return [numbers, *(column_key(name, at, names=fold(name) in map(fold, FULL_NAMES)) for at, name in known)]


def _theirs(result: Result, row: Row) -> bool:
    """Whether the row also has the name that the download gave: groups have numbers too, which may be another's here."""
    return not result.name or any(fold(cell.text) == fold(result.name) for cell in row)


def _cell(score: str, sign: str) -> str:
    """A score with the sheet's decimal sign; quoted where that is a comma, which may separate cells."""
    return f'"{score.replace(".", ",")}"' if sign == "," else score.replace(".", sign)


def _who(row: Row) -> str:
    return row[1].text if len(row) > 1 and row[1].text else row[0].text
