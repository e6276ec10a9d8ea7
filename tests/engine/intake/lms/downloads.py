"""What each system exports, built as it writes it, and what is collected of it."""

from dataclasses import dataclass

from autograder.course.course import KnownFiles
from autograder.intake.collect import collect, reading
from autograder.intake.unpack import unpack
from autograder.model import LANGUAGES
from autograder.words import say
from tests.engine.intake.hand_ins import ONE, SHEET, TWO, zipped

KNOWN = KnownFiles(("q1_box",), template=frozenset({"hw3.ipynb"}))


@dataclass
class Taken:
    """A submission with the files that were chosen of it, by the known name, and everything that is said of it."""

    id: str
    name: str
    files: dict[str, bytes]
    handed_in: str
    notes: list
    trouble: object
    late_seconds: int | None

    @classmethod
    def of(cls, one):
        sources = unpack(one, KNOWN)
        texts = {f"{stem}.py": text for stem, text in sources.code.items()} | {"answers.toml": sources.answers}
        files = {name: text.encode() for name, text in texts.items() if text is not None}
        notes = [*one.notes, *sources.notes]
        return cls(one.id, one.name, files, one.handed_in, notes, sources.trouble, one.late_seconds)


def gathered(path, format=""):
    """What is collected by id; every note said in both languages, and as many as were announced."""
    found = {one.id: Taken.of(one) for one in collect(path, KNOWN, format)}
    for one in found.values():
        for message in (*one.notes, *([one.trouble] if one.trouble else [])):
            assert all("{" not in say(message, language) for language in LANGUAGES)
    assert reading(path, KNOWN, format).count() == len(found)
    return found


def said(one, key):
    return next(say(note, "en") for note in one.notes if note.key == key)


METADATA = """---
submission_1001:
  :submitters:
  - :name: Ada Lovelace
    :sid: '0042'
    :email: ada@example.org
  :created_at: 2026-11-20 20:29:00.123456789 Z
  :score: 10.0
  :status: processed
  :results:
    tests:
    - name: "1"
      output: "submission_9999:\\n  :submitters: []"
  :history:
  - :id: 900
    :created_at: 2026-11-18 08:00:00.000000000 Z
    :score: 1.0
  - :id: 950
    :created_at: 2026-11-19 08:00:00.000000000 Z
submission_1002:
  :submitters:
  - :name: سارا محمدی
    :sid:
    :email: sara.m@example.org
  - :name: 李小龍
    :sid: '77'
    :email: bruce@example.org
  :created_at: !ruby/object:ActiveSupport::TimeWithZone
    utc: &1 2026-11-20 21:00:00.000000000 Z
    zone: &2 !ruby/object:ActiveSupport::TimeZone
      name: Asia/Tehran
    time: *1
  :history: []
submission_1003:
  :submitters:
  - :name: Grace
    :sid: '9'
    :email: grace@example.org
  :created_at: 2026-11-20 23:59:00.5 +03:30
  :history: []
""".encode()


EXPORT = {
    "submission_metadata.yml": METADATA,
    "submission_1001/q1_box.py": ONE,
    "submission_1001/answers.toml": SHEET,
    "submission_1002/homework/q1_box.py": TWO,
    "submission_1002/.DS_Store": b"x",
    "submission_1004/q1_box.py": ONE,
    "__MACOSX/submission_1001/._q1_box.py": b"x",
    ".DS_Store": b"x",
}


CANVAS = {
    "lovelaceada_555_7001_q1_box.py": ONE,
    "lovelaceada_555_7002_answers.toml": SHEET,
    "محمدیسارا_LATE_77_7003_تمرین.zip": zipped({"q1_box.py": TWO}),
    "李小龍_78_7010_hw-2.zip": zipped({"q1_box.py": TWO}),
    "李小龍_78_7005_hw.zip": zipped({"q1_box.py": ONE}),
    "李小龍_78_7009_hw-1.zip": zipped({"q1_box.py": ONE}),
    "hopper_grace_79_text.html": b"<p>",
    "__MACOSX/._x": b"",
}


MOODLE_FOLDERS = {
    "Ada Lovelace_1234_assignsubmission_file_/q1_box.py": ONE,
    "Ada Lovelace_1234_assignsubmission_file_/sub/answers.toml": SHEET,
    "Ada Lovelace_1234_assignsubmission_onlinetext_/onlinetext.html": b"<p>",
    "سارا محمدی_1235_assignsubmission_file_/تمرین.zip": zipped({"hw/q1_box.py": TWO}),
    "李 小龍_99_assignsubmission_file/q1_box.py": TWO,
}


MOODLE_FLAT = {
    "Ada Lovelace_1234_assignsubmission_file_q1_box.py": ONE,
    "Ada Lovelace_1234_assignsubmission_file_answers.toml": SHEET,
    "Ada Lovelace_1234_assignsubmission_onlinetext_onlinetext.html": b"<p>",
    "سارا محمدی_1235_assignsubmission_file_تمرین_7_assignsubmission_file_.zip": zipped({"hw/q1_box.py": TWO}),
    "李 小龍_99_assignsubmission_file_q1_box.py": TWO,
}


NBGRADER = {
    "submitted/bitdiddle/ps1/q1_box.py": ONE,
    "submitted/bitdiddle/ps1/timestamp.txt": b"2026-11-20 15:58:23.948203 UTC\n",
    "submitted/hacker/ps1/sub/q1_box.py": TWO,
    "submitted/سارا/ps1/answers.toml": SHEET,
    "submitted/سارا/ps1/timestamp.txt": b"__import__('os')",
    "submitted/empty/ps1/timestamp.txt": b"2026-11-20 15:58:23 America/Los_Angeles",
    "source/ps1/problem.ipynb": b"{}",
    "gradebook.db": b"",
}
