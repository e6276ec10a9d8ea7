"""The package as its users run it: ``otter run`` on a laptop, ``run_autograder`` in Gradescope's container."""

import json
import os
import re
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from autograder.course.course import Course
from autograder.prepare import otter_package
from tests.engine.system.otter_runs import runs
from tests.engine.toy_course import copied
from tests.submissions import golden

ROOT = Path(__file__).resolve().parents[3]
OTTER = str(Path(sys.executable).with_name("otter"))


@pytest.fixture(scope="module")
def course():
    return Course.load(ROOT / "grader_config.yml")


@pytest.fixture(scope="module")
def packed(course, tmp_path_factory):
    return otter_package.build(course, tmp_path_factory.mktemp("dist"))


def zipped(source: Path, target: Path) -> Path:
    """A submission of the sample class as the zip that otter takes."""
    if source.is_file():
        return Path(shutil.copy(source, target))
    with zipfile.ZipFile(target, "w") as zip:
        for path in sorted(source.rglob("*")):
            zip.write(path, path.relative_to(source))
    return target


def as_handed_out(notebook: Path, folder: Path) -> Path:
    """A notebook under the name it was handed out with: otter's runner takes no other beside the package's own."""
    folder.mkdir()
    return Path(shutil.copy(notebook, folder / otter_package.NOTEBOOK))


def otter_run(packed: Path, submission: Path, out: Path, **more):
    out.mkdir(parents=True, exist_ok=True)
    command = [OTTER, "run", "-a", str(packed), str(submission), "-o", str(out), "--no-logo"]
    done = subprocess.run(command, capture_output=True, text=True, timeout=300, **more)
    found = out / "results.json"
    return done, json.loads(found.read_text("utf-8")) if found.is_file() else None


def assert_as_golden(whole: dict, name: str) -> None:
    """A results.json gives every part the points and the outcome that the golden result of ``name`` has."""
    want = json.loads((golden.EXPECTED / f"{name}.json").read_bytes())
    assert {one["number"]: (one.get("score"), one["extra_data"]["outcome"]) for one in whole["tests"]} == {
        id: (None if part["cents"] is None else part["cents"] / 100, part["outcome"]) for id, part in want["parts"].items()
    }, name


SAMPLES = "right from_a_mac.zip notebook_mistakes.ipynb text_named.zip".split()


def test_otter_run_gives_a_sample_submission_of_each_kind_what_convgrade_gives(packed, tmp_path):
    """Every part as the golden results have it; test_sample_class holds `convgrade grade` to the same."""
    calls = {}
    for path in (golden.CLASS / name for name in SAMPLES):
        name = path.name.split(".")[0]
        single = as_handed_out(path, tmp_path / name) if path.suffix == ".ipynb" else zipped(path, tmp_path / f"{name}.zip")
        calls[name] = (packed, single, tmp_path / "otter" / name)
    for (name, call), (status, said) in zip(calls.items(), runs(calls.values()), strict=True):
        found = call[-1] / "results.json"
        if name == "text_named":  # otter unpacks before anybody is asked, and ends at what is no zip
            assert status == 1 and "not a zip" in said and not found.exists()
            continue
        assert status == 0, (name, said)
        assert_as_golden(json.loads(found.read_bytes()), name)


@pytest.mark.thorough
def test_otter_runs_nothing_and_unpickles_nothing_of_a_submission(packed, tmp_path):
    """A log that is a pickle with a sting, and modules named as what otter's kernel imports first."""
    mark = tmp_path / "mark"
    sting = f"cos\nsystem\n(S'touch {mark}'\ntR.".encode()
    with zipfile.ZipFile(tmp_path / "hostile.zip", "w") as zip:
        zip.writestr(".OTTER_LOG", sting)
        for name in ("sitecustomize", "usercustomize", "otter", "autograder", "ast", "traitlets", "nbformat", "conftest"):
            zip.writestr(f"{name}.py", f"open({str(mark)!r}, 'w')\n")
        zip.writestr("tests/q1.py", f"open({str(mark)!r}, 'w')\n")
        zip.writestr("convgrade/autograder/__init__.py", f"open({str(mark)!r}, 'w')\n")
        zip.writestr("answers.toml", "[q1]\nlinear_parameters = 505\n")
    done, whole = otter_run(packed, tmp_path / "hostile.zip", tmp_path / "out")
    assert done.returncode == 0, done.stderr
    assert not mark.exists()
    assert whole["score"] == 1


@pytest.mark.thorough
@pytest.mark.parametrize("called_with", ["a name", "a path"])
def test_a_notebook_of_the_packages_own_name_is_the_students(packed, tmp_path, called_with):
    sheet = "answers = {'q1.linear_parameters': 505}"
    notebook = otter_package.nbformat.v4.new_notebook(cells=[otter_package.nbformat.v4.new_code_cell(sheet)])
    otter_package.nbformat.write(notebook, tmp_path / "hw3.ipynb")
    shutil.copy(packed, tmp_path / "autograder.zip")
    by_name = called_with == "a name"
    submission = Path("hw3.ipynb") if by_name else tmp_path / "hw3.ipynb"
    ag = Path("autograder.zip") if by_name else packed
    environment = {**os.environ, "PWD": str(tmp_path)}
    done, whole = otter_run(ag, submission, tmp_path / "out", cwd=tmp_path, env=environment)
    assert done.returncode == 0, done.stderr
    assert whole["score"] == 1


@pytest.mark.thorough
def test_a_notebook_that_otter_has_lost_is_said_and_nobody_elses_is_graded(packed, tmp_path):
    """Called by a program from another folder, with a notebook of the same name where the program itself stands."""
    for folder in ("here", "there"):
        (tmp_path / folder).mkdir()
        otter_package.nbformat.write(otter_package.nbformat.v4.new_notebook(), tmp_path / folder / "hw3.ipynb")
    environment = {**os.environ, "PWD": str(tmp_path / "there")}
    done, whole = otter_run(packed, Path("hw3.ipynb"), tmp_path / "out", cwd=tmp_path / "here", env=environment)
    assert done.returncode != 0 and "absolute path" in done.stderr and whole is None


METADATA = {
    "id": 123,
    "created_at": "2026-11-22T10:00:00.000000-08:00",
    "assignment": {"due_date": "2026-11-20T23:59:00.000000-08:00", "title": "Homework 3", "total_points": "100.0"},
    "users": [{"email": "ada@example.org", "id": 5, "name": "Ada Lovelace"}],
    "previous_submissions": [],
}


@pytest.fixture
def container(packed, tmp_path):
    """``/autograder`` as Gradescope lays it out, below a folder of our own."""
    root = tmp_path / "autograder"
    for name in ("submission", "results"):
        (root / name).mkdir(parents=True)
    with zipfile.ZipFile(packed) as zip:
        zip.extractall(root / "source")
    (root / "submission_metadata.json").write_text(json.dumps(METADATA))
    return root


def run_autograder(root: Path):
    environment = {**os.environ, "AUTOGRADER_ROOT": str(root), "CONVGRADE_PYTHON": sys.executable, "PYTHONPATH": str(ROOT)}
    command = [
        sys.executable,
        str(Path(__file__).with_name("no_namespaces.py")),
        "bash",
        str(root / "source/run_autograder"),
    ]
    return subprocess.run(command, env=environment, capture_output=True, text=True, timeout=300)


@pytest.mark.thorough
@pytest.mark.skipif(os.geteuid() != 0, reason="Gradescope's containers run as root; make test as root covers it")
def test_gradescopes_container_without_namespaces_gives_the_same_behind_tier_c(container):
    shutil.copytree(golden.CLASS / "forgets_channels", container / "submission", dirs_exist_ok=True)
    done = run_autograder(container)
    assert done.returncode == 0, done.stderr
    whole = json.loads((container / "results/results.json").read_text("utf-8"))
    assert_as_golden(whole, "forgets_channels")
    assert whole["extra_data"]["isolation"] == "C"
    assert "34 h 1 min after the deadline" in whole["output"] and "2 day(s)" in whole["output"]
    assert "Ada Lovelace" in (container / "results/feedback.html").read_text("utf-8")


@pytest.mark.thorough
@pytest.mark.skipif(os.geteuid() != 0, reason="Gradescope's containers run as root; make test as root covers it")
def test_otter_grades_container_reads_the_same_scores_from_its_pickle(container):
    import dill  # ours: it was written on the trusted side

    (container / "submission_metadata.json").write_text("")  # as otter grade leaves it
    shutil.copytree(golden.CLASS / "numbers_only", container / "submission", dirs_exist_ok=True)
    assert run_autograder(container).returncode == 0
    whole = json.loads((container / "results/results.json").read_text("utf-8"))
    results = dill.loads((container / "results/results.pkl").read_bytes())
    assert {name: file.score for name, file in results.results.items()} == {
        one["number"]: one["score"] for one in whole["tests"] if "score" in one
    }
    assert results.total == pytest.approx(whole["score"])


def test_a_run_that_failed_leaves_no_result_that_could_be_taken_for_a_grade(container):
    (container / "source/files/convgrade/grader_config.yml").write_text("title: broken\n")
    done = run_autograder(container)
    assert done.returncode != 0 and "grader_config.yml" in done.stderr
    assert not (container / "results/results.json").exists()


def test_the_image_fetches_pinned_packages_and_nothing_else(packed):
    with zipfile.ZipFile(packed) as zip:
        setup = zip.read("setup.sh").decode()
        pinned = zip.read("requirements.txt").decode().splitlines()
        names = zip.namelist()
    assert "torch==2.13.0" in pinned and all(re.fullmatch(r"[a-z0-9-]+==[\w.]+", line) for line in pinned)
    assert {"otter-grader", "msgspec", "nbformat", "numpy", "pytest", "ipykernel"} <= {
        line.split("==")[0] for line in pinned
    }
    assert re.findall(r"https?://\S+", setup) == ['https://download.pytorch.org/whl/cpu}"']
    assert not re.search(r"\b(wget|curl|conda|mamba|playwright)\b", setup)
    assert subprocess.run(["bash", "-n", "-c", setup]).returncode == 0
    assert not [name for name in names if "__pycache__" in name or name.startswith(("/", ".."))]
    assert (
        "files/convgrade/solutions/q1_equivalence.py" in names and "files/convgrade/autograder/wall/shared/wire.py" in names
    )


def test_the_same_course_gives_the_same_bytes(course, tmp_path):
    assert (
        otter_package.build(course, tmp_path / "a").read_bytes() == otter_package.build(course, tmp_path / "b").read_bytes()
    )


LATE = "late:\n  deadline: 2026-11-20T12:00:00+00:00\n  percent_a_day: 10\n  extensions: lists/extensions.csv\n"


def test_own_deadlines_in_a_folder_below_the_config_are_in_the_package(tmp_path):
    config = copied(tmp_path)
    config.write_text(config.read_text("utf-8") + LATE, "utf-8")
    table = config.parent / "lists/extensions.csv"
    with pytest.raises(FileNotFoundError):
        otter_package.build(Course.load(config), tmp_path / "dist")
    table.parent.mkdir()
    table.write_text("id,deadline\n", "utf-8")
    with zipfile.ZipFile(otter_package.build(Course.load(config), tmp_path / "dist")) as packed:
        assert packed.read("files/convgrade/lists/extensions.csv") == table.read_bytes()


def test_otters_own_reader_takes_the_csv_that_is_exported_for_it():
    from otter.grade import utils

    assert utils.POINTS_POSSIBLE_LABEL == "points-per-question"
    keys = ("TOTAL_POINTS", "PERCENT_CORRECT", "GRADING_STATUS", "FILE")
    found = {getattr(utils, f"SCORES_DICT_{key}_KEY") for key in keys}
    assert found == {"total_points_earned", "percent_correct", "grading_status", "file"}
