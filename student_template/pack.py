"""Pack the homework into the zip to hand in, list what is in it, and print a receipt.

python pack.py              # writes hand-in.zip beside the homework
python pack.py --out x.zip

It needs Python alone: students get a copy of this file in their folder. The same files give the same zip, byte for byte, so the
receipt (the zip's SHA-256) shows later which files were handed in; the feedback repeats it.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import sys
import zipfile
from dataclasses import dataclass
from datetime import datetime, timezone
from pathlib import Path

FACTS = Path("tests") / "facts.json"  # what is asked, and the sentences
NAME = "hand-in.zip"
SAME_TIME = (1980, 1, 1, 0, 0, 0)  # a zip's earliest: the time of saving does not change the receipt


@dataclass(frozen=True)
class Packed:
    """A zip that was written."""

    path: Path
    files: dict[str, int]  # name -> bytes
    missing: list[str]
    sha256: str
    time: str  # ISO 8601, UTC


def pack(home: Path, names: list[str], out: Path) -> Packed:
    """Write those of ``names`` that are in ``home`` to the zip ``out``. Raises FileNotFoundError where there are none."""
    present = [name for name in names if (home / name).is_file()]
    if not present:
        raise FileNotFoundError(str(home))
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name in present:
            entry = zipfile.ZipInfo(name, SAME_TIME)
            entry.compress_type, entry.external_attr = zipfile.ZIP_DEFLATED, 0o644 << 16
            archive.writestr(entry, (home / name).read_bytes())
    sizes = {name: (home / name).stat().st_size for name in present}
    missing = [name for name in names if name not in present]
    digest = hashlib.sha256(out.read_bytes()).hexdigest()
    return Packed(out, sizes, missing, digest, datetime.now(timezone.utc).isoformat(timespec="seconds"))  # noqa: UP017


def lines(packed: Packed, say) -> list[str]:
    """What to print; ``say(key, values)`` is a sentence."""
    said = [say("pack.file", {"file": name, "bytes": size}) for name, size in packed.files.items()]
    said += [say("pack.missing", {"file": name}) for name in packed.missing]
    return [*said, say("pack.receipt", {"file": str(packed.path), "sha256": packed.sha256, "time": packed.time})]


def main() -> int:
    here = Path(__file__).resolve().parent
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--out", type=Path, default=here / NAME, help=f"the zip to write; {NAME} beside this file otherwise")
    out = parser.parse_args().out
    facts = json.loads((here / FACTS).read_text("utf-8"))

    def say(key: str, values: dict) -> str:
        return " / ".join(facts["sentences"][language][key].format(**values) for language in ("en", "fa"))

    try:
        packed = pack(here, facts["files"], out)
    except FileNotFoundError:
        print(say("pack.nothing", {"folder": str(here)}), file=sys.stderr)
        return 1
    print("\n".join(lines(packed, say)))
    return 0


if __name__ == "__main__":
    sys.exit(main())
