"""The answer sheet ``answers.toml``, read as generously as a careful person would read it, and nothing run.

Persian, Arabic and full-width digits are the numbers they are; a line that is no TOML costs its own answer and no other.
Standard library only: students get a copy of this file beside their tests.
"""

from __future__ import annotations

import difflib
import re
import tomllib
from collections.abc import Collection

MAX_BYTES = 64 * 1024
MAX_LINE = 1_000  # characters besides a comment; tomllib's work grows with the square of a key's steps
MAX_BAD_LINES = 40
MAX_NOTES = 60
MAX_DIGITS = 40
MAX_KEY = 100  # characters of a key whose nearest is looked for
MAX_JOINED = 30  # lines of one list
BLANK = ("", "?")
PLAIN = (bool, int, float, str)
_DIGITS = {ord(sign): str(number % 10) for number, sign in enumerate("۰۱۲۳۴۵۶۷۸۹٠١٢٣٤٥٦٧٨٩０１２３４５６７８９")}
_SIGNS = {
    ord("٬"): "_",
    ord("٫"): ".",
    ord("،"): ",",
    ord("＝"): "=",
    ord("−"): "-",
    ord("\u00a0"): " ",
    ord("\u200f"): "",
    ord("\u200e"): "",
}
FOREIGN = _DIGITS | _SIGNS
_TABLE = re.compile(r"^\s*\[\s*(\w+)\s*\]\s*(?:#.*)?$")
_KEY = re.compile(r"^\s*([\w.]+)\s*=")
_THOUSANDS = re.compile(r"^(\s*[\w.]+\s*=\s*)(\d{1,3}(?:[, ]\d{3})+)(\s*(?:#.*)?)$")

Note = tuple[str, dict]


def parse(data: bytes | str, keys: Collection[str] | None = None) -> tuple[dict[str, object], list[Note]]:
    """Values by key (``q2.receptive_field``), and notes: a message's key and what goes into it, in the sheet's order.

    ``keys`` are those that are asked; others are noted. A value is a bool, an int, a float, a str or a list of those; a blank
    answer is not among them. Never raises.
    """
    notes: list[Note] = []
    text = _decoded(data, notes)
    if text is None:
        return {}, notes
    lines = [_read(line, number, notes) for number, line in enumerate(text.splitlines(), 1)]
    return checked(_placed(_tables(lines, notes), keys, notes), keys, notes)


def checked(answers: dict[str, object], keys: Collection[str] | None, notes: list[Note]) -> tuple[dict, list[Note]]:
    """The answers by key, without blank ones; what is odd about them is added to ``notes``."""
    values: dict[str, object] = {}
    for key, value in answers.items():
        if keys is not None and key not in keys:
            near = nearest(key, [one for one in keys if one not in answers])
            note = (
                ("sheet.near_key", {"key": near, "written": key[:80]}) if near else ("sheet.unknown_key", {"key": key[:80]})
            )
            notes.append(note)
        elif isinstance(value, str) and value.strip() in BLANK:
            continue
        elif not _plain(value):
            notes.append(("sheet.not_plain", {"key": key[:80]}))
        else:
            values[key] = value
            _wrong_type(key, value, notes)
    return values, notes[:MAX_NOTES]


def _placed(answers: dict[str, object], keys: Collection[str] | None, notes: list[Note]) -> dict[str, object]:
    """The answers with those below a lost heading, such as ``[q2]``, under the only key that has their name."""
    placed: dict[str, object] = {}
    moved = []
    for key, value in answers.items():
        name = key.rpartition(".")[2]
        homes = [one for one in keys or () if one.rpartition(".")[2] == name]
        if keys is None or key in keys or len(homes) != 1 or homes[0] in answers or homes[0] in placed:
            placed[key] = value
        else:
            placed[homes[0]] = value
            moved.append(homes[0])
    if moved:
        notes.append(("sheet.moved", {"keys": ", ".join(moved)[:300], "table": moved[0].partition(".")[0]}))
    return placed


def nearest(key: str, free: Collection[str]) -> str | None:
    """The key that a misspelt one is nearest to, of those that are not answered; of its own question first."""
    if len(key) > MAX_KEY:
        return None
    table, _, name = key.rpartition(".")
    for those in ([one for one in free if one.startswith(f"{table}.")], free):
        names = {one.rpartition(".")[2]: one for one in those}
        near = difflib.get_close_matches(name, names, 1, 0.75)
        if near:
            return names[near[0]]
    return None


def _plain(value: object) -> bool:
    """Whether a value may be an answer: a table, a date or a list within a list may not, however deep it goes."""
    return all(type(item) in PLAIN for item in (value if type(value) is list else [value]))


def _decoded(data: bytes | str, notes: list[Note]) -> str | None:
    if len(data) > MAX_BYTES:
        notes.append(("sheet.too_large", {"kilobytes": MAX_BYTES // 1024}))
        return None
    if isinstance(data, str):
        return data.removeprefix("\ufeff")
    utf16 = data.startswith((b"\xff\xfe", b"\xfe\xff"))
    encoding = "utf-16" if utf16 else "utf-8-sig"
    try:
        text = data.decode(encoding)
    except UnicodeDecodeError as error:
        if utf16 or b"\0" in data:
            notes.append(("sheet.not_text", {"byte": error.start}))
            return None
        # Keys and numbers are ASCII, and so the same in every Windows code page; what else there is are comments.
        encoding, text = "cp1256", data.decode("cp1256")
    if encoding != "utf-8-sig":
        notes.append(("sheet.encoding", {"encoding": encoding}))
    return text


def _read(line: str, number: int, notes: list[Note]) -> str:
    """A line with foreign digits and separators outside strings and comments replaced, and thousands written together."""
    pieces = re.split(r"(\"[^\"]*\"|'[^']*'|#.*)", line)
    if len(line) > MAX_LINE:
        pieces = [piece for piece in pieces if not piece.startswith("#")]
        if sum(map(len, pieces)) > MAX_LINE:
            notes.append(("sheet.bad_line", {"line": number, "text": line.strip()[:60]}))
            return ""
    read = "".join(piece if piece[:1] in "\"'#" and piece else piece.translate(FOREIGN) for piece in pieces)
    digits = any(ord(sign) in _DIGITS for piece in pieces if piece[:1] not in ("#", '"', "'") for sign in piece)
    thousands = _THOUSANDS.match(read)
    if thousands:
        read = thousands[1] + re.sub(r"[, ]", "", thousands[2]) + thousands[3]
    if digits or thousands:
        written, meant = (part.split("#")[0].partition("=")[2].strip()[:60] for part in (line, read))
        notes.append(("sheet.digits", {"line": number, "written": written, "read": meant.replace("_", "")}))
    return read


def _tables(lines: list[str], notes: list[Note]) -> dict[str, object]:
    """Every key with its value. Where the whole is no TOML each line is read alone, and a bad one costs its own answer."""
    try:
        return _flat(tomllib.loads("\n".join(lines) + "\n"))
    except (tomllib.TOMLDecodeError, RecursionError, ValueError):
        pass  # ValueError: an integer of thousands of digits
    values: dict[str, object] = {}
    table, bad, number = "", 0, 0
    while number < len(lines):
        line, number = lines[number], number + 1
        heading = _TABLE.match(line)
        if heading:
            table = f"{heading[1]}."
            continue
        try:
            one, used = _statement(lines, number - 1)
            pairs = {f"{table}{key}": value for key, value in _flat(one).items()}
            twice = pairs.keys() & values.keys()
            if twice:
                notes.append(("sheet.twice", {"line": number, "key": min(twice)[:80]}))
            values = pairs | values
            number += used - 1
        except (ValueError, RecursionError):
            bad += 1
            if bad > MAX_BAD_LINES:
                notes.append(("sheet.too_many_bad_lines", {"lines": MAX_BAD_LINES}))
                return {}
            key = _KEY.match(line)
            known = {"key": f"{table}{key[1]}"[:80]} if key else {}
            notes.append(("sheet.bad_line", {"line": number, "text": line.strip()[:60], **known}))
    return values


def _statement(lines: list[str], at: int) -> tuple[dict, int]:
    """What a line says, and how many lines that took: a list may go on over several. Raises ValueError for no TOML."""
    try:
        return tomllib.loads(lines[at]), 1
    except ValueError as error:
        if not re.match(r"^\s*[\w.]+\s*=\s*\[", lines[at]) or "]" in lines[at].split("#")[0]:
            raise
        for end in range(at + 1, min(len(lines), at + MAX_JOINED)):
            if _KEY.match(lines[end]) or _TABLE.match(lines[end]):
                break
            if "]" in lines[end].split("#")[0]:
                return tomllib.loads("\n".join(lines[at : end + 1])), end + 1 - at
        raise error


def _flat(table: dict, prefix: str = "") -> dict[str, object]:
    flat: dict[str, object] = {}
    for key, value in table.items():
        if isinstance(value, dict) and not prefix:
            flat |= _flat(value, f"{key}.")
        else:
            flat[f"{prefix}{key}"] = value
    return flat


def _wrong_type(key: str, value: object, notes: list[Note]) -> None:
    if isinstance(value, bool):
        notes.append(("sheet.boolean", {"key": key}))
    elif isinstance(value, str):
        notes.append(("sheet.quotes" if value.translate(FOREIGN).strip().isdigit() else "sheet.text", {"key": key}))
    elif isinstance(value, int) and value.bit_length() > 4 * MAX_DIGITS:
        notes.append(("sheet.huge", {"key": key}))
    elif isinstance(value, float) and value != value:
        notes.append(("sheet.not_a_number", {"key": key}))
