"""Pack the homework into the zip to hand in, list what is in it, and print a receipt.

python pack.py              # writes hand-in.zip beside the homework
python pack.py --out x.zip

It also says what the files hold and which of it would not count. It needs Python alone: students get a copy of this file in
their folder. The same files give the same zip, byte for byte, so the receipt (the zip's SHA-256) shows later which files were
handed in; the feedback repeats it.
"""

from __future__ import annotations

import argparse
import hashlib
import importlib.util
import io
import json
import sys
import zipfile
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timezone
from pathlib import Path
from types import ModuleType

FACTS = Path("tests") / "facts.json"  # what is asked, and the sentences
NAME = "hand-in.zip"
REGRADE = "regrade.md"  # a student need not write one
SAME_TIME = (1980, 1, 1, 0, 0, 0)  # a zip's earliest: the time of saving does not change the receipt


@dataclass(frozen=True)
class Packed:
    """A zip that was written."""

    path: Path
    files: dict[str, int]  # name -> bytes
    missing: list[str]
    sha256: str
    time: str  # ISO 8601, UTC


class NothingToPack(Exception):
    """There is no file of the homework in the folder."""


def pack(home: Path, names: list[str], out: Path) -> Packed:
    """Write those of ``names`` that are in ``home`` to the zip ``out``, and a request for another reading if there is one.

    Raises NothingToPack if none of ``names`` is there, and OSError.
    """
    present = [name for name in names if (home / name).is_file()]
    if not present:
        raise NothingToPack
    present += [REGRADE] if (home / REGRADE).is_file() else []
    contents = {name: (home / name).read_bytes() for name in present}  # all, before a zip of an earlier time is replaced
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in contents.items():
            entry = zipfile.ZipInfo(name, SAME_TIME)
            entry.compress_type, entry.external_attr = zipfile.ZIP_DEFLATED, 0o644 << 16
            archive.writestr(entry, data)
    _replace(out, packed.getvalue())
    sizes = {name: len(data) for name, data in contents.items()}
    missing = [name for name in names if name not in present]
    digest = hashlib.sha256(packed.getvalue()).hexdigest()
    return Packed(out, sizes, missing, digest, datetime.now(timezone.utc).isoformat(timespec="seconds"))  # noqa: UP017


def _replace(out: Path, data: bytes) -> None:
    """Write a file beside its place first, so that a full disk leaves an earlier one as it was. Raises OSError."""
    beside = out.with_name(f".{out.name}.new")
    try:
        beside.write_bytes(data)
        beside.replace(out)
    except OSError as error:
        if beside.exists():
            beside.unlink()
        raise OSError(error.errno, error.strerror, str(out)) from None


def lines(packed: Packed, say, notes: Iterable[tuple[str, dict]] = ()) -> list[str]:
    """What to print; ``say(key, values)`` is a sentence, ``notes`` are those on what the files hold."""
    sentences = [say("pack.file", {"file": name, "bytes": size}) for name, size in packed.files.items()]
    sentences += [say("pack.missing", {"file": name}) for name in packed.missing]
    sentences += [say(key, values) for key, values in notes]
    return [*sentences, say("pack.receipt", {"file": str(packed.path), "sha256": packed.sha256, "time": packed.time})]


def beside(folder: Path, name: str) -> ModuleType | None:
    """A module of the public tests by its file; None where it is not there or needs a newer Python."""
    spec = importlib.util.spec_from_file_location(f"pack_{name}", folder / f"{name}.py")
    if spec is None or spec.loader is None or not (folder / f"{name}.py").is_file():
        return None
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module  # where a dataclass looks for its own module
    try:
        spec.loader.exec_module(module)
    except ImportError:
        return None
    return module


def main() -> int:
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):  # on Windows a pipe's own encoding has no Persian letters
            stream.reconfigure(encoding="utf-8", errors="replace")
    here = Path(__file__).resolve().parent
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--out", type=Path, default=here / NAME, help=f"the zip to write; {NAME} beside this file otherwise")
    out = parser.parse_args().out
    facts = json.loads((here / FACTS).read_text("utf-8"))

    def say(key: str, values: dict) -> str:
        return " / ".join(facts["sentences"][language][key].format(**values) for language in ("en", "fa"))

    try:
        packed = pack(here, facts["files"], out)
    except NothingToPack:
        print(say("pack.nothing", {"folder": str(here)}), file=sys.stderr)
        return 1
    except OSError as error:
        values = {"file": str(error.filename or out), "reason": error.strerror or str(error)}
        print(say("pack.failed", values), file=sys.stderr)
        return 1
    inventory, sheet, written = (beside(here / "tests", name) for name in ("inventory", "sheet", "written"))
    notes = inventory.look(here, facts, sheet, written)[1] if inventory and sheet and written else []
    print("\n".join(lines(packed, say, notes)))
    return 0


if __name__ == "__main__":
    sys.exit(main())
