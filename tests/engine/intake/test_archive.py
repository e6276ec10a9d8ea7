"""Archives of a student and of a class: what is hostile or damaged is refused, in time, and costs nobody else anything."""

import gzip
import random
import struct
import tarfile
import time
import unicodedata
import zipfile

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from autograder.course.course import KnownFiles
from autograder.intake import archive
from autograder.intake.archive import MAX_ENTRIES
from autograder.intake.collect import collect, reading
from autograder.intake.unpack import unpack
from autograder.model import Submission
from autograder.words import say
from tests.engine.intake.hand_ins import ONE, TWO, keys, member, tarred, zipped

KNOWN = KnownFiles(("q1_one", "q2_two"))


FILES = {"q1_one.py": "A = 1\n", "answers.toml": "[q1]\na = 1\n"}


def opened(data, name="x.zip"):
    return unpack(Submission("x", files={name: data}), KNOWN)


def test_a_symbolic_link_in_a_zip_is_left_out():
    info = zipfile.ZipInfo("q1_one.py")
    info.external_attr = 0o120777 << 16
    assert keys(opened(zipped([(info, "/etc/passwd"), ("q2_two.py", "x = 1")]))) == ["intake.not_regular"]


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
    "a bomb of BZIP2": (lambda: zipped([("q1_one.py", bytes(4 << 20))], zipfile.ZIP_BZIP2), "intake.method"),
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


@given(st.binary(max_size=300), st.sampled_from([b"", b"PK\x03\x04", b"PK\x05\x06", b"\x1f\x8b\x08"]))
def test_any_bytes_come_to_sources(data, head):
    opened(head + data)


@pytest.mark.slow
@settings(max_examples=3 * settings.default.max_examples)
@given(st.data(), st.sampled_from([zipped(FILES.items()), tarred([(member(n), t.encode()) for n, t in FILES.items()])]))
def test_a_damaged_archive_comes_to_sources(data, archive):
    damaged = bytearray(archive)
    for _ in range(data.draw(st.integers(1, 6))):
        damaged[data.draw(st.integers(0, len(damaged) - 1))] = data.draw(st.integers(0, 255))
    opened(bytes(damaged))


# ---- the zip of a class


def one_of(path, id="1"):
    return next(one for one in collect(path, KNOWN) if one.id == id)


def moodle_zip_with(tmp_path, *entries, flat=zipfile.ZIP_DEFLATED):
    """A Moodle zip of a good student, 2, and of student 1 with these entries."""
    path = tmp_path / "moodle.zip"
    with zipfile.ZipFile(path, "w", flat) as packed:
        packed.writestr("Good_2_assignsubmission_file_/q1_one.py", ONE)
        for name, content in entries:
            packed.writestr(name, content)
    return path


def unmarked(files):
    """A zip as macOS packs it: its names are UTF-8, and not marked as that."""
    data = bytearray(zipped(files))
    for head, flags in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        at = data.find(head)
        while at >= 0:
            data[at + flags + 1] &= ~0x08
            at = data.find(head, at + 4)
    return bytes(data)


@pytest.mark.parametrize("form", ["NFC", "NFD"])
@pytest.mark.parametrize("word", ["سوال", "سؤال"])
def test_a_folder_for_each_question_in_a_students_zip_is_named_in_utf8(word, form):
    word = unicodedata.normalize(form, word)
    sources = opened(unmarked({f"{word}۱/q1_one.py": ONE, f"{word}۲/q2_two.py": TWO}))
    assert sources.code == {"q1_one": ONE.decode(), "q2_two": TWO.decode()} and keys(sources) == []


def test_names_not_marked_as_utf8_are_read_all_the_same(tmp_path):
    path = tmp_path / "moodle.zip"
    path.write_bytes(unmarked({"سارا_1235_assignsubmission_file_/q1_one.py": ONE}))
    with zipfile.ZipFile(path) as plain:
        assert "سارا" not in plain.namelist()[0]  # what is not marked, zipfile reads otherwise
    with archive.class_zip(path) as (entry,):
        assert (entry.path, entry.read(99)) == ("سارا_1235_assignsubmission_file_/q1_one.py", ONE)


@pytest.mark.parametrize(
    "name",
    [
        "E_1_assignsubmission_file_/../../q1_one.py",
        "E_1_assignsubmission_file_\\..\\Good_2_assignsubmission_file_\\q1_one.py",
    ],
)
def test_a_path_that_points_elsewhere_in_a_zip_is_left_out(tmp_path, name):
    path = moodle_zip_with(tmp_path, (name, TWO))
    assert keys(one_of(path)) == ["intake.outside"] and one_of(path, "2").files == {"q1_one.py": ONE}


def test_a_link_in_a_zip_is_left_out(tmp_path):
    info = zipfile.ZipInfo("E_1_assignsubmission_file_/q1_one.py")
    info.external_attr = 0o120777 << 16
    assert keys(one_of(moodle_zip_with(tmp_path, (info, "/etc/passwd")))) == ["intake.not_regular"]


def test_a_bomb_in_a_zip_is_not_read(tmp_path):
    bomb = ("E_1_assignsubmission_file_/hw.zip", bytes(20 << 20))
    assert keys(one_of(moodle_zip_with(tmp_path, bomb))) == ["intake.ratio"]


def test_what_is_too_large_in_a_zip_is_not_read(tmp_path):
    large = ("E_1_assignsubmission_file_/hw.zip", bytes(33 << 20))
    path = moodle_zip_with(tmp_path, large, flat=zipfile.ZIP_STORED)
    assert keys(one_of(path)) == ["intake.file_too_large"]


def test_a_protected_entry_spoils_only_its_own_submission(tmp_path):
    path = moodle_zip_with(tmp_path, ("E_1_assignsubmission_file_/q1_one.py", TWO))
    raw = bytearray(path.read_bytes())
    raw[raw.rfind(b"PK\x01\x02") + 8] |= 1
    raw[raw.rfind(b"PK\x03\x04") + 6] |= 1
    path.write_bytes(raw)
    assert keys(one_of(path)) == ["intake.encrypted"] and one_of(path, "2").files


def test_a_damaged_entry_spoils_only_its_own_submission(tmp_path):
    path = moodle_zip_with(tmp_path, ("E_1_assignsubmission_file_/q1_one.py", TWO), flat=zipfile.ZIP_STORED)
    raw = bytearray(path.read_bytes())
    raw[raw.find(TWO)] ^= 1
    path.write_bytes(raw)
    assert keys(one_of(path)) == ["intake.damaged_entry"] and one_of(path, "2").files


def test_a_class_of_too_many_entries_is_not_opened(tmp_path, monkeypatch):
    path = moodle_zip_with(tmp_path, *((f"E_1_assignsubmission_file_/{number}", b"") for number in range(50)))
    monkeypatch.setattr(archive, "MAX_CLASS_ENTRIES", 50)
    monkeypatch.setattr(zipfile, "ZipFile", None)  # the count comes before anything is built
    with pytest.raises(archive.Unreadable, match="too_many"), archive.class_zip(path):
        pass


def test_a_zip64_end_record_is_believed_for_the_count(tmp_path):
    path = moodle_zip_with(tmp_path)
    raw = path.read_bytes()
    end = raw.rfind(b"PK\x05\x06")
    size, offset = struct.unpack("<II", raw[end + 12 : end + 20])

    def with_count(number):
        record = b"PK\x06\x06" + struct.pack("<QHHIIQQQQ", 44, 45, 45, 0, 0, number, number, size, offset)
        locator = b"PK\x06\x07" + struct.pack("<IQI", 0, end, 1)
        old = b"PK\x05\x06" + struct.pack("<HHHHIIH", 0, 0, 0xFFFF, 0xFFFF, 0xFFFFFFFF, 0xFFFFFFFF, 0)
        return raw[:end] + record + locator + old

    path.write_bytes(with_count(1))
    assert one_of(path, "2").files == {"q1_one.py": ONE}
    path.write_bytes(with_count(10**9))
    with pytest.raises(archive.Unreadable, match="too_many"), archive.class_zip(path):
        pass


def test_a_class_is_read_one_student_at_a_time(tmp_path, monkeypatch):
    path = moodle_zip_with(tmp_path, ("E_1_assignsubmission_file_/q1_one.py", TWO))
    read = []
    whole = archive._read_zip
    monkeypatch.setattr(
        archive, "_read_zip", lambda packed, info, most: read.append(info.filename) or whole(packed, info, most)
    )
    assert reading(path, KNOWN).count() == 2 and read == []
    found = collect(path, KNOWN)
    next(found)
    assert read == ["E_1_assignsubmission_file_/q1_one.py"]
    next(found)
    assert len(read) == 2
