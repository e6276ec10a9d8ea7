"""The answer sheet ``answers.toml``, read as generously as a careful person would read it, and nothing run.

Persian, Arabic and full-width digits are the numbers they are. A line that is not TOML is still read if it can mean only one
thing (``3 x 5 x 7``, ``key: 7,``); otherwise only its own answer is lost. JSON and YAML are read too.
Standard library only: students get a copy of this file beside their tests.
"""

from __future__ import annotations

import difflib
import json
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
_SIGNS = {ord(sign): plain for sign, plain in zip("٬٫،＝−［］，；：（）“”„«»", "_.,=-[],;:()" + '"' * 5, strict=True)}
_SIGNS |= dict.fromkeys(map(ord, "\u00a0\u2007\u2009\u202f\u3000"), " ")
_SIGNS |= dict.fromkeys((0xAD, 0x61C, 0xFEFF, *range(0x200B, 0x2010), *range(0x202A, 0x202F), *range(0x2060, 0x206A)), "")
FOREIGN = _DIGITS | _SIGNS
_TABLE = re.compile(r"^\s*\[\s*(\w+)\s*\]\s*(?:#.*)?$")
_KEY = re.compile(r"^\s*([\w.]+)\s*=")
_THOUSANDS = re.compile(r"^(\s*[\w.]+\s*=\s*)(\d{1,3}(?:[, ]\d{3})+)(\s*(?:#.*)?)$")
_DOTS = re.compile(r"^\s*([\w.]+)\s*=\s*(\d{1,3}(?:\.\d{3})+)\s*(?:#.*)?$")
# What is no TOML and can still mean one thing only: lines without an answer, other headings, and answers.
_NOTHING = re.compile(r"^\s*(?:```\w*|---|(?:answers\s*\|?=\s*)?[\[\]{}(),;]+)\s*$")
_HEADING = re.compile(r"""^\s*\[{0,2}\s*["']?(\w+)["']?\s*(?:\]{1,2}|[:=]\s*\{?)\s*$""")
_ANSWER = re.compile(r"""["']?([\w.][\w. -]{0,99})["']? ?[=:](.*)""")
_NUMBER = r"\d{1,40}(?:\.\d{1,40})?"
_APART = r"(?:\s*[x×✕х,;]\s*|\s+)"  # the letter x, Latin or Cyrillic, and the sign
_LIST = re.compile(rf"([\[(])?\s*({_NUMBER}(?:{_APART}{_NUMBER})+)\s*,?\s*([\])])?", re.IGNORECASE)

Note = tuple[str, dict]


def parse(
    data: bytes | str, keys: Collection[str] | None = None, lists: Collection[str] | None = None
) -> tuple[dict[str, object], list[Note]]:
    """Values by key (``q2.receptive_field``), and notes: a message's key and what goes into it, in the sheet's order.

    ``keys`` are those that are asked; others are noted. ``lists`` are those of them that ask for a list, None for any:
    ``3,555,777`` is one number elsewhere. A value is a bool, an int, a float, a str or a list of those; a blank answer is not
    among them. Never raises.
    """
    notes: list[Note] = []
    text = _decoded(data, notes)
    if text is None:
        return {}, notes
    whole = _json(text, notes)
    if whole is None:
        names = None if lists is None else {key.rpartition(".")[2] for key in lists}
        lines = [_read(line, number, names, notes) for number, line in enumerate(text.splitlines(), 1)]
        tables = None if keys is None else {key.partition(".")[0] for key in keys}
        whole = _tables(lines, tables, names, notes)
    filled = {key: value for key, value in whole.items() if not blank(value)}
    return checked(_placed(filled, keys, notes), keys, notes)


def blank(value: object) -> bool:
    """Whether a line was left as it was handed out, or emptied."""
    return isinstance(value, str) and value.strip() in BLANK


def _json(text: str, notes: list[Note]) -> dict[str, object] | None:
    """The answers of a sheet that is JSON; None where it is not."""
    if not text.lstrip().startswith("{"):
        return None
    try:
        found = json.loads(text)
        json.dumps(found, ensure_ascii=False).encode()  # fails for half a character, written as an escape
    except (ValueError, RecursionError):
        return None
    notes.append(("sheet.not_toml", {"line": 1}))
    return _flat(found)


def checked(answers: dict[str, object], keys: Collection[str] | None, notes: list[Note]) -> tuple[dict, list[Note]]:
    """The answers by key; what is odd about them is added to ``notes``. ``answers`` are those that are not blank."""
    values: dict[str, object] = {}
    for key, value in answers.items():
        if keys is not None and key not in keys:
            near = nearest(key, [one for one in keys if one not in answers])
            note = (
                ("sheet.near_key", {"key": near, "written": key[:80]}) if near else ("sheet.unknown_key", {"key": key[:80]})
            )
            notes.append(note)
        elif not _plain(value):
            notes.append(("sheet.not_plain", {"key": key[:80]}))
        else:
            values[key] = value
            _wrong_type(key, value, notes)
    return values, notes[:MAX_NOTES]


def _placed(answers: dict[str, object], keys: Collection[str] | None, notes: list[Note]) -> dict[str, object]:
    """The answers under their full keys. A name whose heading (``[q2]``) is missing goes to the only key with that name. Case,
    hyphens and blanks in a key do not matter."""
    placed: dict[str, object] = {}
    moved = []
    for written, value in answers.items():
        key = written
        if keys is not None and key not in keys:
            plain = re.sub(r"[\s-]+", "_", key.casefold())
            key = next((one for one in keys if one.casefold() == plain and one not in answers), key)
            if key != written:
                notes.append(("sheet.key", {"written": written[:80], "key": key}))
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


def _read(line: str, number: int, lists: Collection[str] | None, notes: list[Note]) -> str:
    """A line with foreign digits and separators outside strings and comments replaced, and thousands written together.

    ``lists`` are the names for which a list is asked, None where that is not known.
    """
    pieces = re.split(r"(\"[^\"]*\"|'[^']*'|#.*)", line)
    if len(line) > MAX_LINE:
        pieces = [piece for piece in pieces if not piece.startswith("#")]
        if sum(map(len, pieces)) > MAX_LINE:
            notes.append(("sheet.bad_line", {"line": number, "text": line.strip()[:60]}))
            return ""
    read = "".join(piece if piece[:1] in "\"'#" and piece else piece.translate(FOREIGN) for piece in pieces)
    digits = any(ord(sign) in _DIGITS for piece in pieces if piece[:1] not in ("#", '"', "'") for sign in piece)
    key = _KEY.match(read)
    listed = key is not None and key[1].rpartition(".")[2] in (lists or ())
    thousands = None if listed else _THOUSANDS.match(read)
    if thousands:
        read = thousands[1] + re.sub(r"[, ]", "", thousands[2]) + thousands[3]
    if (digits or thousands) and key:
        said, meant = (re.split("[=＝]", part.split("#")[0], maxsplit=1)[-1].strip()[:60] for part in (line, read))
        notes.append(("sheet.digits", {"line": number, "written": said, "read": meant.replace("_", "")}))
    if dots := _DOTS.match(read):
        meant = dots[2].replace(".", "")
        notes.append(("sheet.dots", {"line": number, "written": dots[2][:60], "meant": meant[:60]}))
    return read


def _tables(
    lines: list[str], tables: Collection[str] | None, lists: Collection[str] | None, notes: list[Note]
) -> dict[str, object]:
    """Every key with its value. Where the whole is no TOML each line is read alone, and a bad one costs its own answer.

    ``tables`` are the headings that are asked, None for any; ``lists`` the names for which a list is asked.
    """
    try:
        return _flat(tomllib.loads("\n".join(lines) + "\n"))
    except (tomllib.TOMLDecodeError, RecursionError, ValueError):
        pass  # ValueError: an integer of thousands of digits
    values: dict[str, object] = {}
    table, bad, number, other = "", 0, 0, 0
    while number < len(lines):
        line, number = lines[number], number + 1
        if heading := _heading(line, tables):
            table = f"{heading}."
            continue
        try:
            one, used = _statement(lines, number - 1)
        except (ValueError, RecursionError):
            if _NOTHING.match(line.strip()):
                continue
            loose = _loose(lines, number - 1, lists)
            if loose is None:
                bad += 1
                if bad > MAX_BAD_LINES:
                    notes.append(("sheet.too_many_bad_lines", {"lines": MAX_BAD_LINES}))
                    return {}
                key = _KEY.match(line)
                known = {"key": f"{table}{key[1]}"[:80]} if key else {}
                notes.append(("sheet.bad_line", {"line": number, "text": line.strip()[:60], **known}))
                continue
            one, used, written, read = loose
            if written != read:
                notes.append(("sheet.digits", {"line": number, "written": written[:60], "read": read[:60]}))
            elif one:
                other = other or number
        found = {key if "." in key else f"{table}{key}": value for key, value in _flat(one).items() if not blank(value)}
        twice = found.keys() & values.keys()
        if twice:
            notes.append(("sheet.twice", {"line": number, "key": min(twice)[:80]}))
        values = found | values
        number += used - 1
    if other:
        notes.append(("sheet.not_toml", {"line": other}))
    return values


def _heading(line: str, tables: Collection[str] | None) -> str:
    """The table that a line begins, as TOML writes it or, where such a table is asked, as others do; "" for none."""
    strict, other = _TABLE.match(line), _HEADING.match(" ".join(line.split()))
    if other and tables is not None:
        asked = next((one for one in tables if one.casefold() == other[1].casefold()), "")
        return asked or (strict[1] if strict else "")
    if other and not strict and any(sign in line for sign in "[{:"):
        return other[1]
    return strict[1] if strict else ""


def _loose(lines: list[str], at: int, lists: Collection[str] | None) -> tuple[dict, int, str, str] | None:
    """Read a line that is not TOML if it can mean only one thing, else return None. Returns the answers, the number of lines
    used, and the value as written and as read."""
    # Runs of blanks are made one: a pattern would try every part of one.
    answer = _ANSWER.match(" ".join(lines[at].split())) if len(lines[at]) <= MAX_LINE else None
    if answer is None:
        return None
    value = re.split("#|//", answer[2], maxsplit=1)[0].strip().removesuffix(",").removesuffix(";").strip()
    key, used = "_".join(answer[1].split()), 1
    if value == "?":
        return {}, 1, "", ""
    items: list[str] = []
    while not value and at + used < len(lines) and (item := re.match(rf"^\s*-\s+({_NUMBER})\s*$", lines[at + used])):
        items.append(item[1])
        used += 1
    many = _LIST.fullmatch(value)
    if many and (many[1] is None) == (many[3] is None) and (many[1] or lists is None or key.rpartition(".")[2] in lists):
        items = re.findall(_NUMBER, many[2])
    read = f"[{', '.join(items)}]" if items else value
    try:
        one = {key: tomllib.loads(f"value = {read}")["value"]}
    except (ValueError, RecursionError):
        return None
    return one, used, value or read, read


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
        if type(value) is list and value and not prefix and all(isinstance(one, dict) for one in value):
            value = {name: item for one in value[::-1] for name, item in one.items()}  # [[q2]] for [q2]
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
