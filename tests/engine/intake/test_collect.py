"""Collecting and unpacking: every hand-in becomes sources or a reason, nothing hostile becomes anything else."""

import gzip
import io
import os
import random
import resource
import struct
import tarfile
import time
import zipfile

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from autograder.course.course import Course, KnownFiles
from autograder.errors import ConvgradeError
from autograder.intake.archive import MAX_ENTRIES
from autograder.intake.collect import CONTAINER, Reading, collect, count, reading
from autograder.intake.entries import Prefer, identity
from autograder.intake.unpack import unpack
from autograder.model import Submission
from autograder.runner.class_run import grade_class
from autograder.words import say
from tests.engine.toy_course import TOY

KNOWN = KnownFiles(("q1_one", "q2_two"))
FILES = {"q1_one.py": "A = 1\n", "answers.toml": "[q1]\na = 1\n"}


def zipped(entries, compression=zipfile.ZIP_DEFLATED):
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w", compression) as archive:
        for name, text in entries:
            archive.writestr(name, text)
    return data.getvalue()


def tarred(members, mode="w:gz"):
    data = io.BytesIO()
    with tarfile.open(fileobj=data, mode=mode) as archive:
        for info, text in members:
            info.size = len(text)
            archive.addfile(info, io.BytesIO(text))
    return data.getvalue()


def member(name, kind=tarfile.REGTYPE, link=""):
    info = tarfile.TarInfo(name)
    info.type, info.linkname = kind, link
    return info


def opened(data, name="x.zip"):
    return unpack(Submission("x", files={name: data}), KNOWN)


def keys(sources):
    return [note.key for note in sources.notes] + ([sources.trouble.key] if sources.trouble else [])


@pytest.mark.parametrize("above", ["", "homework/", "a b/c/"])
def test_files_may_sit_a_folder_down(above):
    sources = opened(zipped([(above + name, text) for name, text in FILES.items()]))
    assert sources.code == {"q1_one": "A = 1\n"} and sources.answers == FILES["answers.toml"] and not sources.trouble


def test_a_tar_is_read_as_a_zip_is():
    sources = opened(tarred([(member(f"hw/{name}"), text.encode()) for name, text in FILES.items()]), "x.tar.gz")
    assert sources.code == {"q1_one": "A = 1\n"} and sources.answers == FILES["answers.toml"]


def test_what_is_not_asked_is_named_and_left_out():
    extra = [
        (name, "x")
        for name in ("conftest.py", "torch.py", "numpy/__init__.py", "pytest.ini", "a.pth", "solutions/q1_one.txt")
    ]
    junk = [("__MACOSX/._q1_one.py", "x"), (".DS_Store", "x"), ("__pycache__/q1_one.cpython-311.pyc", "x")]
    sources = opened(zipped([*FILES.items(), *extra, *junk]))
    assert list(sources.code) == ["q1_one"] and keys(sources) == ["intake.ignored"] * 6


@pytest.mark.parametrize("name", ["../q1_one.py", "/q1_one.py", "a/../../q1_one.py", "..\\q1_one.py"])
def test_a_path_that_points_outside_is_left_out(name):
    sources = opened(zipped([(name, "EVIL = 1"), ("answers.toml", "[q1]\na = 1\n")]))
    assert sources.code == {} and keys(sources) == ["intake.outside"]


@pytest.mark.parametrize("kind", [tarfile.SYMTYPE, tarfile.LNKTYPE, tarfile.FIFOTYPE, tarfile.CHRTYPE, tarfile.BLKTYPE])
def test_links_and_devices_are_left_out(kind):
    data = tarred([(member("q1_one.py", kind, "/etc/passwd"), b""), (member("q2_two.py"), b"B = 2\n")])
    sources = opened(data, "x.tar.gz")
    assert sources.code == {"q2_two": "B = 2\n"} and keys(sources) == ["intake.not_regular"]


def test_a_symbolic_link_in_a_zip_is_left_out():
    info = zipfile.ZipInfo("q1_one.py")
    info.external_attr = 0o120777 << 16
    assert keys(opened(zipped([(info, "/etc/passwd"), ("q2_two.py", "x = 1")]))) == ["intake.not_regular"]


def test_the_nearest_of_two_is_taken_and_said():
    sources = opened(zipped([("old/q1_one.py", "A = 0"), ("q1_one.py", "A = 1"), ("new/q1_one.py", "A = 2")]))
    assert sources.code == {"q1_one": "A = 1"} and keys(sources) == ["intake.twice"] * 2


@pytest.mark.parametrize("name", ["Q1_One.PY", "ANSWERS.toml"])
def test_another_case_is_the_same_file(name):
    assert not opened(zipped([(name, "[q1]\n")])).trouble


def encrypted():
    data = bytearray(zipped(FILES.items(), zipfile.ZIP_STORED))
    for signature, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        at = data.find(signature)
        while at >= 0:
            data[at + offset] |= 1
            at = data.find(signature, at + 4)
    return bytes(data)


BAD = {
    "text": (lambda: b"hello", "intake.not_an_archive"),
    "empty": (lambda: b"", "intake.no_bytes"),
    "cut short": (lambda: zipped(FILES.items())[:-30], "intake.truncated"),
    "head only": (lambda: b"PK\x03\x04", "intake.truncated"),
    "gzip of nothing": (lambda: b"\x1f\x8b\x08", "intake.truncated"),
    "encrypted": (encrypted, "intake.encrypted"),
    "no known file": (lambda: zipped([("readme.txt", "x")]), "intake.nothing_known"),
    "too many": (
        lambda: zipped([(f"f{number}", "") for number in range(MAX_ENTRIES + 1)], zipfile.ZIP_STORED),
        "intake.too_many_entries",
    ),
    "tar bomb": (lambda: tarred([(member(f"f{number}"), bytes(1 << 20)) for number in range(70)]), "intake.bomb"),
}


@pytest.mark.parametrize("made, key", BAD.values(), ids=BAD.keys())
def test_a_bad_archive_says_why(made, key):
    assert key in keys(opened(made()))


def test_a_source_that_unpacks_to_much_is_not_read():
    sources = opened(zipped([("q1_one.py", "#" * (300 * 1024)), ("q2_two.py", "B = 2")]))
    assert list(sources.code) == ["q2_two"] and keys(sources) == ["intake.too_large"]


# ---- what fuzzing found


def header(name, kind=tarfile.REGTYPE, size=0):
    info = member(name, kind)
    info.size = size
    return info.tobuf(tarfile.GNU_FORMAT)


def padded(data):
    return data + bytes(-len(data) % 512)


def shared(count):
    """A zip of one notebook whose checksum is wrong, listed ``count`` times."""
    whole = zipped([("a.ipynb", bytes(15 << 20))])
    directory, end = whole.find(b"PK\x01\x02"), whole.find(b"PK\x05\x06")
    listed = bytearray(whole[directory:end])
    listed[16] ^= 1
    ends = struct.pack("<4s4H2LH", b"PK\x05\x06", 0, 0, count, count, len(listed) * count, directory, 0)
    return whole[:directory] + bytes(listed) * count + ends


def two_counts(count):
    """A zip of ``count`` entries that tells one entry in the Zip64 record which it points to, the truth in that before its end."""
    whole = zipped([("q1_one.py", "")])
    directory, end = whole.find(b"PK\x01\x02"), whole.find(b"PK\x05\x06")
    listed = whole[directory:end] * count

    def record(entries, size):
        return struct.pack("<4sQ2H2L4Q", b"PK\x06\x06", 44, 45, 45, 0, 0, entries, entries, size, directory + 56)

    locator = struct.pack("<4sLQL", b"PK\x06\x07", 0, directory, 1)
    ends = struct.pack("<4s4H2LH", b"PK\x05\x06", 0, 0, 0xFFFF, 0xFFFF, 0xFFFFFFFF, 0xFFFFFFFF, 0)
    return whole[:directory] + record(1, end - directory) + listed + record(count, len(listed)) + locator + ends


NOISE = random.Random(1).randbytes(100_000)
FOUND = {
    "a tar.gz cut inside a file": (lambda: tarred([(member("q1_one.py"), NOISE)])[:60_000], "intake.damaged_entry"),
    "5000 headers in a chain": (
        lambda: gzip.compress((header("x", tarfile.GNUTYPE_LONGNAME, 2) + padded(b"a")) * 5_000),
        "intake.truncated",
    ),
    "an entry of 2**62 bytes": (lambda: header("x", size=2**62) + bytes(1024), "intake.truncated"),
    "a header of digits": (
        lambda: header("x", tarfile.XHDTYPE, 10**5) + padded(b"1" * 10**5) + bytes(1024),
        "intake.truncated",
    ),
    "a bomb of BZIP2": (lambda: zipped([("q1_one.py", bytes(64 << 20))], zipfile.ZIP_BZIP2), "intake.method"),
    "a damaged notebook 1000 times": (lambda: shared(1_000), "intake.bomb"),
    "a bomb that goes off in a notebook": (
        lambda: tarred(
            [(member(f"f{number}"), bytes(10 << 20)) for number in range(6)] + [(member("a.ipynb"), bytes(15 << 20))]
        ),
        "intake.bomb",
    ),
}


@pytest.mark.parametrize("made, key", FOUND.values(), ids=FOUND.keys())
def test_a_hostile_archive_is_told_in_time(made, key):
    data = made()
    started = time.process_time()
    sources = opened(data)
    assert time.process_time() - started < 3 and key in keys(sources)
    for message in (*sources.notes, sources.trouble):
        assert say(message, "en") and say(message, "fa")


def test_a_zip64_of_two_counts_is_not_opened(monkeypatch):
    opened_first, data = [], two_counts(MAX_ENTRIES + 1)
    monkeypatch.setattr(zipfile, "ZipFile", opened_first.append)
    assert keys(opened(data)) == ["intake.too_many_entries"] and not opened_first


def test_of_many_files_left_out_a_few_are_named():
    sources = opened(tarred([(member("../q1_one.py"), b"")] * 3_000, "w"), "x.tar")
    assert len(sources.notes) == 41 and sources.notes[-1].values == {"count": 2_960}


@given(st.binary(max_size=300), st.sampled_from([b"", b"PK\x03\x04", b"PK\x05\x06", b"\x1f\x8b\x08"]))
def test_any_bytes_come_to_sources(data, head):
    opened(head + data)


@settings(max_examples=300)
@given(st.data(), st.sampled_from([zipped(FILES.items()), tarred([(member(n), t.encode()) for n, t in FILES.items()])]))
def test_a_damaged_archive_comes_to_sources(data, archive):
    damaged = bytearray(archive)
    for _ in range(data.draw(st.integers(1, 6))):
        damaged[data.draw(st.integers(0, len(damaged) - 1))] = data.draw(st.integers(0, 255))
    opened(bytes(damaged))


# ---- collecting


def hand_in(folder, files):
    folder.mkdir(parents=True)
    for name, text in files.items():
        (folder / name).write_text(text)


def test_a_class_is_found_in_order(tmp_path):
    hand_in(tmp_path / "zoe", FILES)
    (tmp_path / "ada.zip").write_bytes(zipped(FILES.items()))
    (tmp_path / "bob.tar.gz").write_bytes(tarred([(member("q1_one.py"), b"")]))
    (tmp_path / "empty").mkdir()
    (tmp_path / "roster.csv").write_text("no hand-in")
    (tmp_path / ".hidden").mkdir()
    found = list(collect(tmp_path, KNOWN))
    assert [one.id for one in found] == ["ada", "bob", "empty", "zoe"] and count(tmp_path, KNOWN) == 4
    assert reading(tmp_path, KNOWN).aside == ("roster.csv",)
    assert found[2].trouble.key == "intake.empty"


def test_one_submission_is_known_as_one(tmp_path):
    hand_in(tmp_path / "zoe", FILES)
    assert [one.id for one in collect(tmp_path / "zoe", KNOWN)] == ["zoe"]
    (tmp_path / "ada.zip").write_bytes(zipped(FILES.items()))
    assert [one.id for one in collect(tmp_path / "ada.zip", KNOWN)] == ["ada"]


def test_links_and_pipes_of_a_folder_are_not_followed(tmp_path):
    secret = tmp_path / "secret.py"
    secret.write_text("SECRET = 1")
    folder = tmp_path / "class" / "eve"
    hand_in(folder, {"answers.toml": "[q1]\n"})
    (folder / "q1_one.py").symlink_to(secret)
    os.mkfifo(folder / "q2_two.py")
    (folder / "loop").symlink_to(folder)
    (one,) = collect(tmp_path / "class", KNOWN)
    assert list(one.files) == ["answers.toml"]
    assert {"intake.not_regular"} <= {note.key for note in one.notes} <= {"intake.ignored", "intake.not_regular"}


@pytest.mark.parametrize("name", ["..", "a/b", "-rf", "x\ny", "\u202ereversed", "=cmd()", "é" * 120, "C:\\x", ".", "   "])
def test_an_id_is_safe_to_be_a_folder(tmp_path, name):
    safe = identity(tmp_path / name.replace("/", "_"))
    assert safe and not set(safe) & set('/\\:\n\u202e"') and not safe.startswith((".", "-")) and len(safe) <= 100


def test_names_that_differ_only_in_case_stay_apart(tmp_path):
    for name in ("Ada", "ada", "ADA"):
        hand_in(tmp_path / name, FILES)
    assert len({one.id.casefold() for one in collect(tmp_path, KNOWN)}) == 3


def test_a_file_whose_name_turns_its_direction_round_costs_only_itself(tmp_path):
    hand_in(tmp_path / "ada", {"answers.toml": "[q1]\n", "q1_\u202eone.py": "A = 1"})
    hand_in(tmp_path / "bob", FILES)
    (tmp_path / "cyd").mkdir()
    (tmp_path / "cyd" / "q1_\u202eone.py").write_text("A = 1")
    ada, bob, cyd = collect(tmp_path, KNOWN)
    assert list(ada.files) == ["answers.toml"] and bob.files.keys() == FILES.keys()
    assert cyd.trouble.key == "intake.nothing_known"
    assert all("q1_[U+202E]one.py" in say(one.notes[0], "en").replace("\\", "") for one in (ada, cyd))


def test_a_folder_that_cannot_be_opened_is_a_submission_that_says_so(tmp_path):
    hand_in(tmp_path / "ada", FILES)
    taken = reading(tmp_path / "ada", KNOWN)
    most = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (0, most[1]))  # who may read everything cannot open anything
    try:
        (ada,) = taken.submissions()
    finally:
        resource.setrlimit(resource.RLIMIT_NOFILE, most)
    assert (ada.id, ada.trouble.key) == ("ada", "intake.no_access") and "ada" in say(ada.trouble, "fa")


def test_a_class_that_has_gone_since_it_was_looked_at_is_said(tmp_path):
    hand_in(tmp_path / "class" / "ada", FILES)
    taken = reading(tmp_path / "class", KNOWN)
    assert taken.count() == 1
    (tmp_path / "class").rename(tmp_path / "elsewhere")
    for look in (taken.count, lambda: list(taken.submissions())):
        with pytest.raises(ConvgradeError, match="has changed since"):
            look()


def test_gradescopes_container_without_a_submission_is_an_empty_one(tmp_path):
    (tmp_path / "submission_metadata.json").write_text('{"users": [{"email": "ada@example.org"}]}')
    (ada,) = Reading(tmp_path, KNOWN, CONTAINER).submissions()
    assert (ada.id, ada.trouble.key) == ("ada", "intake.empty")


@pytest.mark.parametrize("name", ["x.rar", "y.7z", "z.tar.xz"])
def test_an_archive_of_a_kind_that_is_not_read_has_its_row_and_its_reason(tmp_path, name):
    (tmp_path / name).write_bytes(b"Rar!\x1a\x07\x00" * 9)
    (found,) = collect(tmp_path, KNOWN)
    assert found.id == name[0] and count(tmp_path, KNOWN) == 1
    trouble = unpack(found, KNOWN).trouble
    assert trouble is not None and name in say(trouble, "en").replace("\\", "")


def test_a_file_of_the_homework_among_hand_ins_is_no_class_of_one(tmp_path):
    for id in ("ada", "bob"):
        (tmp_path / id).mkdir()
        (tmp_path / id / "q1_one.py").write_text("A = 1\n")
    (tmp_path / "answers.toml").write_text("")
    with pytest.raises(ConvgradeError, match=r"answers\.toml lies among 2 hand-ins"):
        list(collect(tmp_path, KNOWN))


def test_a_folder_without_a_submission_is_told_and_nothing_is_written(tmp_path):
    course = Course.load(TOY / "grader_config.yml")
    (tmp_path / "class").mkdir()
    with pytest.raises(ConvgradeError, match="no submission here"):
        grade_class(tmp_path / "class", course, tmp_path / "out", jobs=1)
    assert not (tmp_path / "out" / "grades.csv").exists()


def test_an_archive_alone_in_a_students_folder_is_opened(tmp_path):
    (tmp_path / "class" / "ada").mkdir(parents=True)
    (tmp_path / "class" / "ada" / "hw3.zip").write_bytes(zipped(FILES.items()))
    (tmp_path / "class" / "bo").mkdir()
    (tmp_path / "class" / "bo" / "q1_one.py").write_text("A = 2\n")
    (tmp_path / "class" / "bo" / "old.zip").write_bytes(zipped(FILES.items()))
    ada, bo = collect(tmp_path / "class", KNOWN)
    assert unpack(ada, KNOWN).code == {"q1_one": "A = 1\n"} and ada.id == "ada"
    assert unpack(bo, KNOWN).code == {"q1_one": "A = 2\n"}
    assert keys(unpack(bo, KNOWN)) == ["intake.twice"]


def test_two_hand_ins_of_one_name_are_both_graded_under_names_that_nobody_has(tmp_path):
    for name, data in (
        ("Ada.zip", "A = 1\n"),
        ("ada.zip", "A = 2\n"),
        ("ada-2.zip", "A = 3\n"),
        ("a\u200cda.zip", "A = 4\n"),
    ):
        (tmp_path / name).write_bytes(zipped([("q1_one.py", data)]))
    found = {one.id: one for one in collect(tmp_path, KNOWN)}
    codes = {id: unpack(one, KNOWN).code["q1_one"] for id, one in found.items()}
    assert codes["ada-2"] == "A = 3\n" and found["ada-2"].notes == () and len(found) == 4
    assert not {"ada", "Ada"} & set(found)
    for id in set(found) - {"ada-2"}:
        told = say(found[id].notes[-1], "en")
        assert found[id].notes[-1].key == "intake.same_name" and "--prefer" in told and "ada.zip" in told.lower()


def test_a_person_says_which_of_two_counts(tmp_path):
    for name, data, at in (("Ada.zip", "A = 1\n", 1_000), ("ada.zip", "A = 2\n", 2_000), ("bob.zip", "A = 3\n", 1_500)):
        (tmp_path / name).write_bytes(zipped([("q1_one.py", data)]))
        os.utime(tmp_path / name, (at, at))
    for prefer, code in ((Prefer(newest=True), "A = 2\n"), (Prefer(files={"ada": "Ada.zip"}), "A = 1\n")):
        ada, bob = sorted(collect(tmp_path, KNOWN, "", prefer), key=lambda one: one.id.casefold())
        assert ada.id.casefold() == "ada" and unpack(ada, KNOWN).code == {"q1_one": code}
        assert [note.key for note in ada.notes] == ["intake.preferred"] and bob.notes == ()
