"""What a grade is keyed by: what decides it changes the hash, what does not leaves it as it is."""

import re
import shutil
from dataclasses import asdict, replace

import msgspec.structs
import pytest

from autograder.course.course import Course
from autograder.gradebook import fingerprint
from autograder.gradebook.fingerprint import content, hashes, of_variant, record_key
from autograder.model import Dealt, Mark, Message, Submission
from tests.engine.toy_course import REPOSITORY, add_question, copied

ADA = Submission("ada", "Ada", {"q1_box.py": b"def area(): ...", "answers.toml": b"[q1]"})


@pytest.fixture(scope="module")
def config(tmp_path_factory):
    """A course of two questions. A test that changes a file puts it back."""
    config = copied(tmp_path_factory.mktemp("course"))
    add_question(config)
    return config


@pytest.fixture(scope="module")
def engine(tmp_path_factory):
    """An engine of a file for each kind."""
    root = tmp_path_factory.mktemp("autograder")
    files = (
        "grade.py marking/points.py report/page.py report/page.css report/disclosure.py words/fa.yml web/app.py cli/main.py"
    )
    for name in files.split():
        (root / name).parent.mkdir(exist_ok=True)
        (root / name).write_text("1")
    return root


@pytest.fixture(scope="module")
def before(config, engine):
    return hashes(Course.load(config), engine)


@pytest.fixture
def changed(config, engine, before):
    """What differs once a text is added to a file of the course, or of the engine: names of hashes, ids of questions."""
    touched = []

    def names(file, text="\n"):
        path = (engine if file.startswith("autograder/") else config.parent) / file.removeprefix("autograder/")
        touched.append((path, path.read_text("utf-8") if path.is_file() else None))
        with path.open("a", encoding="utf-8") as opened:
            opened.write(text)
        then, now = asdict(before), asdict(hashes(Course.load(config), engine))
        questions = {id for id in now["questions"] if now["questions"][id] != then["questions"][id]}
        return {name for name in now if now[name] != then[name]} - {"questions"}, questions

    yield names
    for path, text in reversed(touched):
        path.unlink() if text is None else path.write_text(text, "utf-8")


@pytest.mark.parametrize(
    "file, changes, questions",
    [
        ("tests/hidden/test_q1_box.py", {"suites", "asking"}, {"q1"}),
        ("solutions/q1_box.py", {"solutions", "asking"}, {"q1"}),
        ("solutions/q2_disc_misconceptions/area.py", {"solutions", "asking"}, {"q2"}),
        ("tests/hidden/shared.py", {"suites", "asking"}, {"q1", "q2"}),
        ("assignment/q1_box.variants.yml", {"solutions", "asking"}, {"q1"}),
        ("assignment/q1_box.en.md", {"look"}, set()),
        ("assignment/q1_box.rubric.yml", {"config"}, set()),
        ("grader_config.yml", {"config"}, set()),
        ("tests/public/test_q1_box.py", set(), set()),
        ("submission/q1_box.py", set(), set()),
    ],
)
def test_a_changed_file_of_the_course_changes_what_depends_on_it(changed, file, changes, questions):
    assert changed(file, "\n# changed\n") == (changes, questions)


@pytest.mark.parametrize(
    "file, changes",
    [
        ("autograder/grade.py", {"engine", "limits", "asking"}),
        ("autograder/marking/points.py", {"engine", "limits", "asking"}),
        ("autograder/report/disclosure.py", {"engine", "limits", "asking"}),  # what is taken out decides what is kept
        ("autograder/report/page.py", {"look"}),
        ("autograder/report/page.css", {"look"}),
        ("autograder/words/fa.yml", {"look"}),
        ("autograder/web/app.py", set()),
        ("autograder/cli/main.py", set()),
    ],
)
def test_a_changed_file_of_the_engine_regrades_renders_or_does_neither(changed, file, changes):
    assert changed(file) == (changes, set())


def test_a_test_that_names_another_questions_solution_depends_on_it(changed):
    assert changed("tests/hidden/test_q2_disc.py", "\nfrom solutions import q1_box\n")[1] == {"q1", "q2"}


def test_a_question_depends_on_the_solutions_that_its_own_name_and_not_on_their_tests(config, engine, changed):
    changed("solutions/q2_disc_numbers.py", "\n# as q1_box has it\n")
    first = hashes(Course.load(config), engine).questions
    changed("solutions/q1_box_misconceptions/area.py", "\n# changed\n")
    second = hashes(Course.load(config), engine).questions
    assert all(second[id] != first[id] for id in ("q1", "q2"))
    changed("tests/hidden/test_q1_box.py", "\n# changed\n")
    third = hashes(Course.load(config), engine).questions
    assert third["q1"] != second["q1"] and third["q2"] == second["q2"]


def test_a_renamed_suite_is_another_suite(config, engine, before):
    helper = config.parent / "tests" / "hidden" / "helper.py"
    try:
        helper.write_text("x = 1\n")
        first = hashes(Course.load(config), engine).suites
        helper = helper.rename(helper.with_name("helped.py"))
        assert len({before.suites, first, hashes(Course.load(config), engine).suites}) == 3
    finally:
        helper.unlink()


def test_the_hashes_of_the_same_files_are_the_same(config, engine, before):
    assert hashes(Course.load(config), engine) == before


@pytest.mark.parametrize(
    "old, new, changes",
    [
        ("call_seconds: 2", "call_seconds: 3", {"config", "limits", "asking"}),
        ("feedback: hint", "feedback: verdict", {"config", "limits", "asking"}),  # what is kept holds no more than it shows
        ("title: ", "title: New: ", {"config"}),
    ],
)
def test_what_student_code_may_do_is_asked_with(config, engine, before, old, new, changes):
    text = config.read_text("utf-8")
    try:
        config.write_text(text.replace(old, new).replace('New: "', '"New: '), "utf-8")
        after = asdict(hashes(Course.load(config), engine))
    finally:
        config.write_text(text, "utf-8")
    assert {name for name, its in asdict(before).items() if after[name] != its} == changes


def test_the_files_keys_and_stems_that_a_question_asks(before):
    assert before.asks == {"q1": ("q1_box",), "q2": ("q2_disc",)}
    assert before.reads == {"q1": ("q1.area", "q1.volume"), "q2": ("q2.area", "q2.volume")}


def test_a_quoted_stem_and_an_attribute_are_asked_and_a_solution_is_not(config, engine, changed):
    changed("tests/hidden/test_q2_disc.py", "\nsolutions.q1_box\n")
    assert hashes(Course.load(config), engine).asks["q2"] == ("q2_disc",)
    changed("tests/hidden/test_q2_disc.py", "\nstudent.q1_box.area\n")
    assert hashes(Course.load(config), engine).asks["q2"] == ("q1_box", "q2_disc")


def test_a_changed_lock_is_another_version_of_all_that_computes(tmp_path, monkeypatch):
    engine = tmp_path / "autograder"
    (tmp_path / "requirements").mkdir()
    for name in fingerprint.LOCK:
        shutil.copy(REPOSITORY / name, tmp_path / name)
    monkeypatch.setattr(fingerprint, "ENGINE", engine)
    before = fingerprint.versions()
    assert re.search(r", lock [0-9a-f]{12}$", before)
    path = tmp_path / fingerprint.LOCK[1]
    path.write_text(path.read_text("utf-8").replace("numpy==", "numpy==9", 1), "utf-8")
    assert fingerprint.versions() != before


# ---- of a submission


@pytest.mark.parametrize(
    "more",
    [
        {"files": {**ADA.files, "q1_box.py": b"def area(): pass"}},
        {"late_seconds": 0},
        {"name": "Ada L."},
        {"marks": (Mark("ada", "q1.written.w1", 500),)},
        {"marked": ("q1.written.w1",)},
        {"dealt": Dealt(2)},
        {"trouble": Message("intake.truncated", {"file": "a.zip"})},
        {"notes": (Message("intake.late_mark"),)},
        {"handed_in": "2026-11-20T23:59:00+03:30"},
        {"sure": True},
    ],
)
def test_whatever_a_grade_depends_on_makes_another_fingerprint(before, more):
    one, other = (fingerprint.fingerprint(it, before).submission for it in (ADA, msgspec.structs.replace(ADA, **more)))
    assert one != other


def test_a_fingerprint_says_what_the_course_and_the_engine_are(before):
    print_ = fingerprint.fingerprint(ADA, before)
    assert (print_.suites, print_.config, print_.engine, print_.questions) == (
        before.suites, before.config, before.engine, before.questions,
    )  # fmt: skip


def test_the_content_is_the_bytes_by_name_in_any_order():
    again = msgspec.structs.replace(ADA, id="bob", files=dict(reversed(ADA.files.items())), late_seconds=5)
    assert content(again) == content(ADA)
    names = [{"ab": b"c"}, {"a": b"bc"}, {"a": b"b", "c": b""}, {"a": b"", "b": b"c"}, {}]
    assert len({content(Submission("x", files=files)) for files in names}) == len(names), "no two run into each other"


def test_a_record_is_found_by_its_hand_in_its_trouble_its_sheet_and_what_is_asked(before):
    others = [
        record_key(msgspec.structs.replace(ADA, files={}), before),
        record_key(msgspec.structs.replace(ADA, trouble=Message("intake.truncated", {"file": "a.zip"})), before),
        record_key(msgspec.structs.replace(ADA, dealt=Dealt(2)), before),
        record_key(msgspec.structs.replace(ADA, sure=True), before),
        record_key(ADA, replace(before, asking="other")),
    ]
    assert len({record_key(ADA, before), *others}) == 6
    assert record_key(msgspec.structs.replace(ADA, late_seconds=9, name="A"), before) == record_key(ADA, before)


def test_a_course_of_one_sheet_adds_no_variant():
    assert of_variant(ADA) == ""
    assert of_variant(msgspec.structs.replace(ADA, dealt=Dealt(2))) != of_variant(
        msgspec.structs.replace(ADA, dealt=Dealt(3))
    )
