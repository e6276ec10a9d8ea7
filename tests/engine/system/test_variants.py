"""A class in which everybody has a variant, from the roster to the report: dealt, handed out, graded behind the wall."""

import json
import os
import re
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest
from click.testing import CliRunner
from msgspec.structs import replace

from autograder.cli.check import _with_tests
from autograder.cli.main import main
from autograder.course.course import Course
from autograder.errors import ConvgradeError
from autograder.export import fill
from autograder.gradebook import dealt
from autograder.gradebook.gradebook import Gradebook
from autograder.intake.lms import gradescope_container
from autograder.model import Outcome
from autograder.prepare import atlas, handed_out, notebook, otter_package, practice, release
from autograder.prepare.atlas import ways
from autograder.prepare.otter_package import otter_plugin
from autograder.report.class_page import class_report
from autograder.runner.class_run import grade_class
from tests.engine.toy_course import TOY, at_home, copied

RIGHT = {1: (221, 4199), 2: (315, 5355)}  # area and volume of the toy's two variants
TABLE = """id,name,group,variant
ada,Ada,,1
bob,Bob,,2
cyd,Cyd,,2
dan,Dan,,1
eve,Eve,,2
fay,Fay,,9
spy,Spy,,1
nora,Nora,,2
"""
# Right as long as the secret, the table and the pools cannot be read from behind the wall.
SPY = """

def area(height, width=4):
    for path in {paths}:
        try:
            open(path).read()
            return -1
        except OSError:
            pass
    if min(height, width) < 1:
        raise ValueError
    return height * width
"""


class Class:
    """The toy with two variants, its class graded once; ``results`` by id."""

    def __init__(self, folder: Path):
        self.folder, config = folder, copied(folder)
        config.write_text(config.read_text("utf-8") + "variants: 2\n", "utf-8")
        self.root, self.hand_ins, self.out = config.parent, folder / "class", folder / "results"
        (self.root / dealt.TABLE).write_text(TABLE, "utf-8")
        with at_home(config) as course:  # the template is variant 1's
            template = notebook.text(notebook.student(course))
        (self.root / "student_template").mkdir()
        (self.root / "student_template" / "hw3.ipynb").write_text(template, "utf-8")
        self.course = Course.load(config)
        dealt.made_secret(self.course)
        self.codes = {variant: code for code, variant in dealt.codes(self.course).items()}
        self.hand_in("ada", 1, 1)
        self.hand_in("bob", 2, 2)
        self.hand_in("cyd", 1, 1)  # somebody else's sheet
        self.hand_in("dan", 1, 1, code="AAAAA")
        self.hand_in("eve", 2, 2, area=72)  # 2·(15 + 21): the perimeter, of the own variant
        self.hand_in("fay", 1, 1)  # a variant that is in no pool
        self.hand_in("mallory", 2, 2)  # nobody of the roster
        self.hand_in("spy", 1, 1)
        secrets = [self.root / name for name in (dealt.SECRET, dealt.TABLE, "assignment/q1_box.variants.yml")]
        with open(self.hand_ins / "spy" / "q1_box.py", "a", encoding="utf-8") as file:
            file.write(SPY.format(paths=[str(path) for path in secrets]))
        assert all(path.is_file() for path in secrets)
        self.notebook("nora", 2)
        self.summary = self.grade()

    def hand_in(self, id, variant, sheet, *, code="", area=None):
        right = (area or RIGHT[variant][0], RIGHT[variant][1])
        lines = [
            f"# sheet {sheet} {code or self.codes[sheet]}",
            "[q1]",
            f"area = {right[0]}  # {right[0]}*1",
            f"volume = {right[1]}",
        ]
        shutil.copytree(TOY / "submission", self.hand_ins / id)
        (self.hand_ins / id / "answers.toml").write_text("\n".join(lines), "utf-8")
        code = self.hand_ins / id / "q1_box.py"
        code.write_text(code.read_text("utf-8").replace("2 * (height + width)", "height * width"), "utf-8")

    def notebook(self, id, variant):
        """The notebook of a variant as it is handed out, its numbers filled in."""
        with at_home(self.course.config_path) as course:
            text = notebook.text(notebook.student(course, dealt.sheet_of(course, variant)))
        for name, value in zip(("area", "volume"), RIGHT[variant], strict=True):
            text = text.replace(f'\\"q1.{name}\\": \\"?\\"', f'\\"q1.{name}\\": {value}')
        (self.hand_ins / id).mkdir()
        (self.hand_ins / id / "hw3.ipynb").write_text(text, "utf-8")

    def grade(self):
        return grade_class(self.hand_ins, self.course, self.out, jobs=2)

    @property
    def results(self):
        with Gradebook(self.out / "gradebook.sqlite") as book:
            return {result.id: result for result in book.latest()}

    def numbers(self, id):
        return [part.outcome for part in self.results[id].parts if part.kind == "numbers"]

    def said(self, id):
        return {message.key for message in self.results[id].messages if message.key.startswith("variant.")}


@pytest.fixture(scope="module")
def graded(tmp_path_factory):
    yield Class(tmp_path_factory.mktemp("variants"))


@pytest.fixture(scope="module")
def home(graded):
    with at_home(graded.course.config_path) as course:
        yield course


BOTH = [Outcome.PASSED, Outcome.PASSED]


def test_everybody_is_graded_by_their_own_variant(graded):
    assert graded.numbers("ada") == BOTH and graded.said("ada") == {"variant.own"}
    assert graded.numbers("bob") == BOTH and graded.said("bob") == {"variant.own"}
    assert [graded.results[id].variant for id in ("ada", "bob", "fay", "mallory")] == [1, 2, 0, 0]
    page = (graded.out / "submissions/bob/feedback.html").read_text("utf-8")
    assert "15×21" in page and "13×17" not in page


def test_a_notebook_of_a_variant_is_graded_by_it_and_none_of_its_text_is_taken_for_an_essay(graded):
    assert graded.numbers("nora") == BOTH and graded.said("nora") == {"variant.own"}
    assert "written.unclaimed" not in {message.key for message in graded.results["nora"].messages}


def test_what_decides_who_has_which_cannot_be_read_from_behind_the_wall(graded):
    parts = {part.id: part for part in graded.results["spy"].parts}
    assert parts["q1.code.area"].cents == parts["q1.code.area"].max_cents


def test_a_students_own_check_asks_for_the_numbers_of_the_sheet(graded, tmp_path):
    path = graded.hand_ins / "bob"
    with _with_tests(path, graded.course.config_path) as home:
        assert "area(15, 21)" in (home / "tests" / "test_q1_box.py").read_text("utf-8")


def test_another_sheet_is_graded_by_the_own_variant_and_told_to_both_sides(graded):
    assert graded.numbers("cyd") == [Outcome.FAILED, Outcome.FAILED]
    assert graded.said("cyd") == {"variant.own", "variant.other_sheet"}
    assert graded.results["cyd"].elsewhere == {"q1.area": (1,), "q1.volume": (1,)}
    assert graded.summary.sheets["variant.other_sheet"] == ["cyd"]
    told = (graded.out / "submissions/cyd/feedback.md").read_text("utf-8")
    assert "variant 1" in told and "نسخهٔ" in told


def test_a_changed_code_is_told_and_changes_no_grade(graded):
    assert graded.numbers("dan") == BOTH and graded.said("dan") == {"variant.own", "variant.code_changed"}


def test_a_mistake_is_explained_by_the_own_variants_numbers(graded):
    (reason,) = [one for one in graded.results["eve"].diagnoses if one.part == "q1.numbers.area"]
    assert reason.misconceptions == ("q1.area.perimeter",) and reason.route == "72 = 2·(15 + 21)"


@pytest.mark.parametrize("id, why", [("mallory", "variant.unknown"), ("fay", "variant.gone")])
def test_where_the_variant_is_not_known_the_numbers_wait_and_the_code_is_graded(graded, id, why):
    assert graded.numbers(id) == [Outcome.AWAITING, Outcome.AWAITING]
    result = graded.results[id]
    parts = {part.id: part for part in result.parts}
    assert parts["q1.numbers.area"].cents is None and (result.withheld_cents, result.max_cents) == (2000, 6000)
    assert result.status == "partly graded"
    page = (graded.out / "submissions" / id / "feedback.md").read_text("utf-8")
    assert "of 60.00 points" in page and "20.00 points of numbers are not in this number yet" in page
    assert parts["q1.numbers.area"].messages[0].key == why and why in graded.said(id)
    assert parts["q1.code.area"].cents == parts["q1.code.area"].max_cents
    assert graded.summary.sheets[why] == [id]


def test_who_is_entered_later_is_graded_and_nobody_else_again(graded):
    table = graded.root / dealt.TABLE
    table.write_text(f"{TABLE}mallory,Mallory,,2\n", "utf-8")
    try:
        summary = graded.grade()
        assert graded.numbers("mallory") == BOTH
        assert summary.graded == 0  # somebody of that variant handed in the same, so nobody is asked
    finally:
        table.write_text(TABLE, "utf-8")
        graded.grade()
    assert graded.numbers("mallory") == [Outcome.AWAITING, Outcome.AWAITING]


def test_an_export_names_those_whose_numbers_wait(graded):
    (said,) = [one for one in fill.score_messages(list(graded.results.values())) if one.key == "export.withheld"]
    assert said.values["ids"] == "fay, mallory"


def test_without_the_secret_codes_are_not_checked_and_nobody_is_asked_again(graded):
    secret = graded.root / dealt.SECRET
    aside = secret.rename(secret.with_name("aside"))
    try:
        summary = graded.grade()
        assert summary.unchecked and summary.graded == 0
        assert graded.said("dan") == {"variant.own"} and "variant.other_sheet" in graded.said("cyd")
    finally:
        aside.rename(secret)
        graded.grade()


def test_the_class_report_compares_the_variants(graded):
    results = list(graded.results.values())
    page = class_report.render(results, graded.course, atlas="atlas.html").decode()
    assert "Variant by variant" in page and "نسخه به نسخه" in page and 'href="atlas.html"' in page
    assert "own variant 2, right for 1" in page
    same = [replace(one, variant=None, elsewhere={}, messages=()) for one in results]
    assert "Variant by variant" not in class_report.render(same, graded.course).decode()


def test_todo_names_what_a_person_must_look_at(graded):
    told = CliRunner().invoke(main, ["todo", "--from", str(graded.out), "--json"]).stdout
    kinds = {one["id"] for one in json.loads(told) if one["kind"] == "variant"}
    assert kinds == {"cyd", "dan", "fay", "mallory"}


# ---- what is handed out


@pytest.mark.thorough
def test_a_release_for_a_roster_gives_each_student_their_own(graded, home, tmp_path):
    roster = tmp_path / "roster.csv"
    roster.write_text("id\nada\nbob\n", "utf-8")
    handed_out.hand_out(home, roster, tmp_path / "out", zipped=False)
    sheets = {id: (tmp_path / "out" / id / "answers.toml").read_text("utf-8") for id in ("ada", "bob")}
    assert f"# sheet 1 {graded.codes[1]}\n" in sheets["ada"] and "13×17" in sheets["ada"]
    assert f"# sheet 2 {graded.codes[2]}\n" in sheets["bob"] and "15×21" in sheets["bob"]
    bob = {
        path.name: path.read_text("utf-8")
        for path in (tmp_path / "out" / "bob").rglob("*")
        if path.suffix in (".md", ".py", ".ipynb", ".html")
    }
    assert "area(15, 21)" in bob["test_q1_box.py"] and "15×21" in bob["q1_box.en.md"] and "15×21" in bob["handout.en.html"]
    assert f"# sheet 2 {graded.codes[2]}" in bob["hw3.ipynb"] and "15×21" in bob["hw3.ipynb"]
    assert not [name for name, text in bob.items() if re.search("13[×x, ]+17", text)]
    for language, said in {"en": "the numbers of variant 2", "fa": "مربوط به نسخهٔ ۲"}.items():
        paper = bob[f"handout.{language}.html"]
        assert said in paper and f">{graded.codes[2]}</code>" in paper
    secret = dealt.secret(home).decode()
    assert not [
        path for path in (tmp_path / "out").rglob("*") if path.is_file() and secret in path.read_bytes().decode("latin1")
    ]


@pytest.mark.thorough
def test_a_zip_for_each_variant(home, tmp_path):
    roster = tmp_path / "roster.csv"
    roster.write_text("id\nada\nbob\ncyd\n", "utf-8")
    handed_out.hand_out(home, roster, tmp_path / "out", each="variant")
    assert sorted(path.name for path in (tmp_path / "out").iterdir()) == ["variant-1.zip", "variant-2.zip"]
    with zipfile.ZipFile(tmp_path / "out" / "variant-2.zip") as zip:
        assert "15×21" in zip.read("answers.toml").decode() and dealt.SECRET not in " ".join(zip.namelist())


@pytest.mark.thorough
def test_without_variants_a_release_is_what_it_was(home):
    first = release.files(home)
    assert b"variant" not in first["handout/handout.en.html"].partition(b"</style>")[2]
    assert b"# sheet" not in first["answers.toml"] and "13×17" in first["answers.toml"].decode()


def test_the_package_takes_the_table_along_and_leaves_the_secret(graded, home, tmp_path):
    otter_package._stage(home, tmp_path)
    packed = {path.name for path in tmp_path.rglob("*") if path.is_file()}
    assert dealt.TABLE in packed and dealt.SECRET not in packed
    secret = dealt.secret(home)
    assert not [path for path in tmp_path.rglob("*") if path.is_file() and secret in path.read_bytes()]


@pytest.fixture(scope="module")
def package(graded, tmp_path_factory):
    """The class's package as otter and Gradescope unpack it: ``source/`` in a folder of its own."""
    folder = tmp_path_factory.mktemp("package")
    with at_home(graded.course.config_path) as course:
        packed = otter_package.build(course, folder)
    with zipfile.ZipFile(packed) as zip:
        zip.extractall(folder / "source")
    return folder


def packed_work(graded, id, target):
    """What somebody has handed in as a zip."""
    with zipfile.ZipFile(target, "w") as zip:
        for path in sorted((graded.hand_ins / id).iterdir()):
            zip.write(path, path.name)
    return target


def scores(whole):
    return [one.get("score") for one in whole["tests"] if ".numbers." in one["number"]]


@pytest.mark.thorough
def test_the_packages_engine_grades_a_zip_by_the_variant_of_whom_it_is_named_for(graded, package, tmp_path):
    """What otter's plugin calls for ``otter run -a autograder.zip bob.zip``."""
    course = package / "source" / "files" / otter_package.FOLDER
    whole = otter_plugin.graded(course, packed_work(graded, "bob", tmp_path / "bob.zip"))
    assert scores(whole) == [10, 10] and "You were given variant 2" in whole["output"]


def image(graded, root, name, users):
    """An image with bob's work in it, of which ``users`` is what Gradescope says."""
    for folder in ("submission", "results"):
        (root / folder).mkdir(parents=True)
    (root / "submission_metadata.json").write_text(json.dumps({"users": users}) if users else "", "utf-8")
    packed_work(graded, "bob", root / "submission" / name)
    return root


@pytest.mark.thorough
def test_a_container_grades_by_the_variant_of_whom_gradescope_names(graded, package, tmp_path):
    root = image(graded, tmp_path, "work.zip", [{"email": "cyd@example.org"}])
    command = [sys.executable, "-P", "-m", "autograder.prepare.otter_package.container", str(root)]
    course = package / "source" / "files" / otter_package.FOLDER
    done = subprocess.run(command, cwd=course, env={**os.environ, "PYTHONPATH": str(course)}, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    whole = json.loads((root / "results" / "results.json").read_bytes())
    assert scores(whole) == [10, 10] and "You were given variant 2" in whole["output"]


@pytest.mark.parametrize(
    "name, users, variant",
    [
        ("work.zip", [{"email": "bob@example.org", "name": "Robert"}], 2),
        ("work.zip", [{"email": "r.b@example.org", "name": "Bob"}], 2),
        ("bob.zip", [{"email": "ada@example.org"}], 1),  # Gradescope says whose it is, and no file's name does
        ("bob.zip", [], 2),  # as otter grade leaves it
        ("hw3.zip", [], 0),
        ("work.zip", [{"email": "nobody@example.org"}], 0),
    ],
)
def test_whose_hand_in_lies_in_a_container(graded, tmp_path, name, users, variant):
    root = image(graded, tmp_path, name, users)
    (submission,) = gradescope_container.collect(root, graded.course.known_files)
    assert dealt.dealing(graded.course).with_variant(submission).dealt.variant == variant


def test_no_package_is_made_where_nobody_was_dealt_a_variant(graded, tmp_path):
    table = graded.root / dealt.TABLE
    aside = table.rename(table.with_name("aside.csv"))
    try:
        with pytest.raises(ConvgradeError, match="nobody's variant is known"):
            otter_package.build(graded.course, tmp_path)
    finally:
        aside.rename(table)


# ---- the atlas, and practice


def test_a_new_entry_explains_stored_answers_without_starting_a_process(graded, home):
    results = [replace(one, diagnoses=()) for one in graded.results.values() if one.id in ("ada", "bob", "eve")]
    started = []
    watching = True

    def hook(event, _):
        if watching and event in ("os.fork", "os.forkpty", "os.posix_spawn", "os.exec", "os.system", "subprocess.Popen"):
            started.append(event)

    sys.addaudithook(hook)
    found = {(one.key, one.variant): one for one in atlas.atlas(results, home).numbers}
    (known,) = [one for one in found["q1.area", 2].known if one.ids == ("q1.area.perimeter",)]
    assert (known.value, known.count) == ("72", 1) and not found["q1.area", 2].unexplained
    entries = home.module("solutions.q1_box_misconceptions.area").area.entries
    taken = entries.pop()
    try:
        found = {(one.key, one.variant): one for one in atlas.atlas(results, home).numbers}
    finally:
        entries.append(taken)
    watching = False
    (open_,) = found["q1.area", 2].unexplained
    assert (
        (open_.value, open_.count) == ("72", 1)
        and 'area("name_this_mistake"' in open_.stub
        and "area(15, 21) is 315" in open_.stub
    )
    assert started == [] and found["q1.area", 2].right == 1 and found["q1.area", 1].right == 1


def test_the_atlas_shows_the_students_own_arithmetic(graded, home):
    own = ways.of_class(graded.hand_ins, home)
    assert own["cyd", "q1.area"] == "221*1"
    found = atlas.atlas(graded.results.values(), home, own)
    (area,) = [one for one in found.numbers if (one.key, one.variant) == ("q1.area", 2)]
    assert [(one.value, one.ways) for one in area.unexplained] == [("221", ("221*1",))]
    page = atlas.render(found, home).decode()
    assert "only after convgrade grade" in page and "تنها پس از اجرای convgrade grade" in page
    assert "Atlas of wrong answers" in page and "اطلس" in page and "<script" not in page


def test_practice_has_three_new_questions_on_which_the_mistake_has_its_own_value(graded, home):
    practising = practice.Practice(home)
    (topic,) = practising.topics(practice.of_student(graded.results["eve"]), "eve")
    assert topic.key == "q1.area" and topic.id == "q1.area.perimeter" and len(topic.exercises) == 3
    everything = [*topic.exercises, topic.example.exercise]
    assert len({one.right for one in everything}) == 4
    for one in everything:
        assert one.right == one.parameters.height * one.parameters.width and one.wrong == 2 * (
            one.parameters.height + one.parameters.width
        )
        assert dict(one.parameters) not in home.pool(topic.question).rows
    worked = topic.example
    assert f"= {worked.exercise.wrong}" in worked.lines[worked.wrong_line - 1] and worked.corrected.endswith(
        str(worked.exercise.right)
    )
    assert topic == practice.Practice(home).topics(practice.of_student(graded.results["eve"]), "eve")[0]
    page = practice.render([topic], home, "Eve <b>").decode()
    assert "Which line is wrong?" in page and "کدام سطر" in page and "Eve &lt;b&gt;" in page


def test_practice_for_a_class_begins_with_what_most_showed(graded):
    assert practice.of_class(graded.results.values())[0][0] == "q1.area.perimeter"


def test_what_can_be_practised_is_proved(home):
    practising = practice.Practice(home)
    assert list(practice.untrue(practising)) == []
    practising.vetting.catalogue.entries.append(practising.entries["q1.area.perimeter"])
    assert list(practice.untrue(practising)) == []  # the same entry twice is still one mistake
