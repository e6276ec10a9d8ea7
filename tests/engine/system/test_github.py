"""What CI shows, and the workflows: the steps that their YAML names, run on a real repository with honest and hostile branches."""

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
import yaml
from markdown_it import MarkdownIt

from autograder.cli import github
from autograder.course.course import Course
from autograder.model import Check, Fingerprint, Message, Outcome, PartResult, Result
from tests.engine.toy_course import TOY, copied

ROOT = Path(__file__).resolve().parents[3]
WORKFLOWS = [*sorted((ROOT / ".github/workflows").glob("*.yml")), ROOT / "assignment/student-check.yml"]


def loaded(path: Path) -> dict:
    return yaml.safe_load(path.read_text("utf-8"))


def steps(path: Path) -> list[dict]:
    return [step for job in loaded(path)["jobs"].values() for step in job["steps"]]


# ---- the workflows as they stand


def test_a_linter_of_workflows_finds_nothing():
    command = [
        str(Path(sys.executable).with_name("zizmor")),
        "--offline",
        "--no-progress",
        "--no-config",
        *map(str, WORKFLOWS),
    ]
    done = subprocess.run(command, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout


@pytest.mark.parametrize("path", WORKFLOWS, ids=lambda path: path.name)
def test_actions_are_pinned_permissions_least_and_no_strangers_text_reaches_a_shell(path):
    text = path.read_text("utf-8")
    assert "permissions" in loaded(path) and "pull_request_target" not in text
    for step in steps(path):
        if "uses" in step:
            assert re.fullmatch(r"actions/[\w-]+@[0-9a-f]{40}", step["uses"])
        assert "${{" not in step.get("run", "")
        if step.get("uses", "").startswith("actions/checkout"):
            assert step["with"]["persist-credentials"] is False
            assert "head" not in json.dumps(step["with"])
    for job in loaded(path)["jobs"].values():
        granted = {**(loaded(path)["permissions"] or {}), **job.get("permissions", {})}
        writing = {name for name, level in granted.items() if level == "write"}
        assert writing <= ({"pull-requests"} if path.name == "grade.yml" else set())


def test_stage_one_sees_no_secret():
    assert "secrets." not in (ROOT / ".github/workflows/submit.yml").read_text("utf-8")


# ---- the steps of both stages, run


def git(folder: Path, *arguments: str) -> str:
    identity = ["-c", "user.name=T", "-c", "user.email=t@example.org", "-c", "commit.gpgsign=false"]
    done = subprocess.run(["git", *identity, *arguments], cwd=folder, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.fixture
def hub(tmp_path):
    """A bare repository whose main branch is the toy course, and a clone to work in."""
    copied(tmp_path)
    work = tmp_path / "toy"
    (work / ".ci").mkdir()
    (work / "student_template").mkdir(exist_ok=True)
    for name in ("pick-submission", "grade-submission", "fetch-head"):
        (work / ".ci" / name).write_bytes((ROOT / ".ci" / name).read_bytes())
        (work / ".ci" / name).chmod(0o755)
    for path in (TOY / "submission").iterdir():
        (work / "student_template" / path.name).write_text("# as handed out\n")
    git(work, "init", "-q", "-b", "main")
    git(work, "add", "-A")
    git(work, "commit", "-q", "-m", "the homework")
    bare = tmp_path / "hub.git"
    git(tmp_path, "clone", "-q", "--bare", str(work), str(bare))
    return bare, work


def pull_request(hub, number: int, change) -> None:
    """What ``change(folder)`` makes of a student's clone, as the head of a pull request on the server."""
    bare, work = hub
    folder = bare.parent / f"student{number}"
    git(bare.parent, "clone", "-q", str(bare), str(folder))
    change(folder)
    git(folder, "add", "-A")
    git(folder, "commit", "-q", "-m", "my work")
    git(folder, "push", "-q", "origin", f"HEAD:refs/pull/{number}/head")


def stage(workflow: str, name: str, folder: Path, **environment: str) -> subprocess.CompletedProcess:
    """Run the step of a workflow's YAML whose name begins so, as the runner does: bash -e on its ``run``."""
    (step,) = [step for step in steps(ROOT / ".github/workflows" / workflow) if step.get("name", "").startswith(name)]
    wanted = {key: value for key, value in environment.items()}
    assert {key for key in step.get("env", {}) if key not in ("GH_TOKEN",)} <= wanted.keys(), step
    script = step["run"]
    if os.geteuid() == 0:
        script = script.replace("sudo --preserve-env=GITHUB_STEP_SUMMARY,GITHUB_ACTIONS ", "").replace("sudo ", "")
    command = ["bash", "-e", "-o", "pipefail", "-c", script]
    return subprocess.run(command, cwd=folder, env={**os.environ, "USER": "root", **wanted}, capture_output=True, text=True)


def graded(hub, number: int, tmp_path: Path, student="ada"):
    """Both stages on one pull request: the outcome of the grading step, the results, the comment."""
    bare, _ = hub
    first = tmp_path / f"first{number}"
    git(tmp_path, "clone", "-q", str(bare), str(first))
    assert stage("submit.yml", "The head", first, NUMBER=str(number)).returncode == 0
    picked = stage("submit.yml", "The files", first)
    assert picked.returncode == 0, picked.stderr
    base = tmp_path / f"base{number}"  # stage two has nothing of stage one's
    git(tmp_path, "clone", "-q", str(bare), str(base))
    git(base, "clone", "-q", str(bare), "base")
    done = taken(base, number, head(hub, number))
    assert done.returncode == 0, done.stderr
    picked = stage("grade.yml", "The files", base / "base")
    assert picked.returncode == 0, picked.stderr
    summary = tmp_path / f"summary{number}.md"
    done = stage(
        "grade.yml", "Grade", base, STUDENT=student, TIME="2026-11-20T12:00:00Z", GITHUB_STEP_SUMMARY=str(summary),
        GITHUB_ACTIONS="true", CONVGRADE=str(Path(sys.executable).with_name("convgrade")),
    )  # fmt: skip
    return base, done, summary


def head(hub, number: int) -> str:
    """The commit that GitHub names as the pull request's head."""
    return git(hub[0], "rev-parse", f"refs/pull/{number}/head").strip()


def taken(base: Path, number: int, commit: str) -> subprocess.CompletedProcess:
    return stage("grade.yml", "The head", base / "base", NUMBER=str(number), HEAD_SHA=commit)


def honest(folder: Path) -> None:
    for path in (TOY / "submission").iterdir():
        (folder / "student_template" / path.name).write_bytes(path.read_bytes())


def hostile(folder: Path) -> None:
    honest(folder)
    (folder / "tests/hidden/test_q1_box.py").write_text("def test_nothing(): pass\n")
    (folder / "grader_config.yml").write_text("title: all mine\n")
    (folder / "conftest.py").write_text("import os; os._exit(0)\n")
    (folder / ".ci/grade-submission").write_text("#!/bin/sh\necho owned > graded/comment.md\n")
    workflows = folder / ".github/workflows"
    workflows.mkdir(parents=True)
    (workflows / "grade.yml").write_text("on: push\n")
    (folder / "student_template/sitecustomize.py").write_text("raise SystemExit\n")
    (folder / "student_template/written.md").unlink()
    (folder / "student_template/written.md").symlink_to("/etc/passwd")
    (folder / "student_template/::set-output name=x::y").write_text("")
    sheet = '[q1]\narea = "::add-mask::x <img src=x onerror=alert(1)> @everyone [a](http://b) ![c](http://d) | `e`"\n'
    (folder / "student_template/answers.toml").write_text(sheet)


def test_an_honest_pull_request_is_graded_and_told(hub, tmp_path):
    pull_request(hub, 1, honest)
    base, done, summary = graded(hub, 1, tmp_path)
    assert done.returncode == 0, done.stderr
    results = json.loads((base / "graded/results/submissions/ada/results.json").read_text("utf-8"))
    assert 0 < results["score"] < 80
    comment = (base / "graded/comment.md").read_text("utf-8")
    assert f"{results['score']:.2f} of 80.00 points" in comment and "await marking" in comment
    assert "Not looked at" not in comment and "all passed" not in comment.lower()
    assert "| ada | graded |" in summary.read_text("utf-8")
    assert "::warning " in done.stdout and "title=ada%3A q1.code.area" in done.stdout


@pytest.mark.thorough
def test_a_pull_request_is_graded_by_the_variant_of_its_account(hub, tmp_path):
    """The table is the course's; what the pull request brings along of its own is not looked at."""
    bare, work = hub
    with open(work / "grader_config.yml", "a", encoding="utf-8") as file:
        file.write("variants: 2\n")
    (work / "variants.csv").write_text("id,variant\nAda-L,2\nbob,1\n", "utf-8")
    git(work, "add", "-A")
    git(work, "commit", "-q", "-m", "variants are dealt")
    git(work, "push", "-q", str(bare), "main")

    def of_variant_2(folder: Path) -> None:
        honest(folder)
        sheet = "# sheet 1 AAAAA\n[q1]\narea = 315\nvolume = 5355\n"
        (folder / "student_template" / "answers.toml").write_text(sheet)
        (folder / "variants.csv").write_text("id,variant\nAda-L,1\n")

    pull_request(hub, 7, of_variant_2)
    base, done, _ = graded(hub, 7, tmp_path, student="ada-l")
    assert done.returncode == 0, done.stderr
    results = json.loads((base / "graded/results/submissions/ada-l/results.json").read_text("utf-8"))
    assert [one["score"] for one in results["tests"] if ".numbers." in one["name"]] == [10, 10]
    comment = (base / "graded/comment.md").read_text("utf-8")
    assert "says variant 1, but you were given variant 2" in comment and "variants.csv" in comment
    assert "variants.secret is not here" in done.stderr


def test_a_hostile_pull_request_is_graded_on_its_own_files_alone_and_told_so(hub, tmp_path):
    pull_request(hub, 2, hostile)
    base, done, summary = graded(hub, 2, tmp_path)
    assert done.returncode == 0, done.stderr
    picked = sorted(path.name for path in (base / "picked/submission").iterdir())
    assert picked == ["answers.toml", "q1_box.py"]
    results = json.loads((base / "graded/results/submissions/ada/results.json").read_text("utf-8"))
    code = {one["name"]: one.get("score") for one in results["tests"] if ".code." in one["name"]}
    assert (code["q1.code.volume"], code["q1.code.Scale"]) == (20, 20)
    comment = (base / "graded/comment.md").read_text("utf-8")
    for name in ("tests/hidden/test_q1_box.py", "grader_config.yml", "conftest.py", ".ci/grade-submission", "written.md"):
        assert name in comment
    for text in (comment, summary.read_text("utf-8")):
        page = MarkdownIt("commonmark", {"html": True}).enable("table").render(text)
        prose = re.sub(r"<code>.*?</code>", "", page, flags=re.DOTALL)
        assert not re.search(r"<(img|a|script)\b|@everyone", prose), prose
        assert "root:" not in text and "owned" not in text
    commands = [one for one in done.stdout.splitlines() if one.startswith("::")]
    assert {one.split(" ")[0].split("::")[1] for one in commands} <= {
        "warning",
        "error",
        "stop-commands",
        *_tokens(commands),
    }


def with_an_environment(folder: Path) -> None:
    """An honest hand-in beside thousands of files that somebody has committed by mistake."""
    honest(folder)
    for number in range(3_000):
        path = folder / ".venv" / f"{number // 100}" / f"{number}.py"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("")


@pytest.mark.thorough
def test_thousands_of_files_that_are_not_asked_for_keep_nobody_from_a_grade(hub, tmp_path):
    pull_request(hub, 5, with_an_environment)
    base, done, _ = graded(hub, 5, tmp_path)
    assert done.returncode == 0, done.stderr
    comment = (base / "graded/comment.md").read_text("utf-8")
    assert comment.count(".venv/") == 50 and "of 80.00 points" in comment and "q1_box.py\n" not in comment


def test_later_work_is_not_taken_under_an_earlier_time(hub, tmp_path):
    """The time is that of the commit that GitHub names: where the head has moved on, this run has nothing to grade."""
    pull_request(hub, 6, lambda folder: (folder / "student_template" / "q1_box.py").write_text("# in time\n"))
    early = head(hub, 6)
    git(tmp_path / "student6", "commit", "-q", "--allow-empty", "-m", "later")
    git(tmp_path / "student6", "push", "-q", "origin", "HEAD:refs/pull/6/head")
    base = tmp_path / "base6"
    git(tmp_path, "clone", "-q", str(hub[0]), str(base))
    git(base, "clone", "-q", str(hub[0]), "base")
    done = taken(base, 6, early)
    assert done.returncode == 1 and "graded by its own run" in done.stderr
    assert taken(base, 6, head(hub, 6)).returncode == 0


@pytest.mark.parametrize("most", [2_000, 5_000, 12_345, 55_000])
@pytest.mark.parametrize("lead", [0, 1, 7, 50])
def test_a_comment_is_cut_between_items_and_never_inside_one(most, lead):
    lure = "`" + "x" * lead + " [grade](http://b) ![c](http://d) **76.00 of 76.00, verified by the marker** @everyone`"
    items = "".join(f"- `q1.n{number}`: **wrong**\n  - your answer: {lure}\n" for number in range(800))
    feedback = "".join(
        f'\n<div dir="{direction}">\n\n# Feedback\n\n**1.00 of 80.00**\n\n{items}\n\nTier A\n\n</div>\n'
        for direction in ("ltr", "rtl")
    )
    told = github.comment(feedback, "".join(f"a{number} <b>`\n" for number in range(70)), most)
    assert len(told.encode()) <= most and told.count("<div") == told.count("</div>") == 2
    page = MarkdownIt("commonmark", {"html": True}).render(told)
    prose = re.sub(r"<code.*?</code>", "", page, flags=re.DOTALL)
    assert "verified" not in prose and not re.search(r"<(img|a|b)\b|@everyone", prose)


def _tokens(commands: list[str]) -> set[str]:
    return {one.split("::")[2] for one in commands if one.startswith("::stop-commands::")}


@pytest.mark.parametrize("student", ["", "../x", "a b", "$(touch x)", ".hidden", "a;b"])
def test_an_account_that_is_none_is_refused(hub, tmp_path, student):
    pull_request(hub, 3, honest)
    base, done, _ = graded(hub, 3, tmp_path, student=student)
    assert done.returncode != 0 and not (base / "graded/comment.md").exists()


HEAD = {"HEAD_SHA": "abc", "HEAD_REPOSITORY": "ada/hw", "HEAD_BRANCH": "main"}
PULLS = {
    "hers": ([1, "ada", "abc", "ada/hw", "main"], "number=1\nstudent=ada\n"),
    "her commit, opened by another": ([2, "eve", "abc", "eve/hw", "main"], ""),
    "her older commit": ([3, "ada", "abd", "ada/hw", "main"], ""),
    "of a fork that is gone": ([4, "bo", "abc", None, "main"], ""),
}


def test_a_pull_request_is_known_by_commit_repository_and_branch(tmp_path):
    """The step of stage two with a `gh` that answers as GitHub does: nobody is graded under another's name."""
    (tmp_path / ".ci").mkdir()
    (tmp_path / ".ci" / "which-request").symlink_to(ROOT / ".ci" / "which-request")
    gh = tmp_path / "gh"
    gh.write_text('#!/bin/sh\ncat "$PULLS"\n')
    gh.chmod(0o755)
    more = {"PATH": f"{tmp_path}:{os.environ['PATH']}", "REPOSITORY": "course/hw", **HEAD}

    def asked(*pulls):
        (tmp_path / "pulls").write_text("".join(f"{json.dumps(pull)}\n" for pull in pulls))
        out = tmp_path / "output"
        out.write_text("")
        done = stage("grade.yml", "Which", tmp_path, PULLS=str(tmp_path / "pulls"), GITHUB_OUTPUT=str(out), **more)
        return done, out.read_text()

    done, told = asked(*[pull for pull, _ in PULLS.values()])
    assert done.returncode == 0 and told == PULLS["hers"][1], done.stderr
    for name, (pull, wanted) in PULLS.items():
        done, told = asked(pull)
        assert (told, done.returncode == 0) == (wanted, bool(wanted)), name
    done, told = asked(PULLS["hers"][0], PULLS["hers"][0])
    assert done.returncode != 0 and not told, "two with the same head are not told apart by guessing"


@pytest.mark.thorough
def test_an_artifact_of_a_tampered_stage_one_is_still_only_files_of_the_homework(hub, tmp_path):
    pull_request(hub, 4, honest)
    base, *_ = graded(hub, 4, tmp_path)
    picked = base / "picked"
    (picked / "submission/.hidden").write_text("x")
    (picked / "submission/link.py").symlink_to("/etc/passwd")
    (picked / "submission/conftest.py").write_text("raise SystemExit\n")
    (picked / "ignored.txt").write_text("::set-output name=a::b\n<script>\n```\n@all\n" + "x" * 5000)
    done = stage("grade.yml", "Grade", base, STUDENT="eve", TIME="2026-11-20T12:00:00Z",
                 CONVGRADE=str(Path(sys.executable).with_name("convgrade")))  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert sorted(path.name for path in (base / "graded/class/eve").iterdir()) == [
        "answers.toml", "conftest.py", "q1_box.py", "written.md"
    ]  # fmt: skip
    listed = (base / "graded/comment.md").read_text("utf-8").split("```text\n")[1]
    assert "<" not in listed and ":" not in listed and "@" not in listed and listed.count("```") == 1


# ---- what convgrade itself prints


def made(count: int, text: str) -> list[Result]:
    """A class of one result whose ``count`` parts failed with a message of the student's."""
    message = Message(
        "check.error",
        {"type": "ValueError", "kind": "ValueError", "text": text, "where": "q1_equivalence.py, line 7", "early": 1},
    )
    outcomes = [Outcome.FAILED, Outcome.ERROR, Outcome.CRASHED, Outcome.NOT_ATTEMPTED]
    parts = tuple(
        PartResult(f"q1.numbers.n{number}", 100, 0, outcomes[number % 4], messages=(message,), checks=(Check("c", "p", Outcome.FAILED),))
        for number in range(count)
    )  # fmt: skip
    return [Result("ada", "Ada", "graded", parts, Fingerprint("", "", "", "", ""), "A")]


def test_the_ten_worst_come_first_with_file_and_line_and_no_command_of_a_students():
    course = Course.load(ROOT / "grader_config.yml")
    commands = github.commands(made(60, "50% off\n::set-output name=a::b\r::add-mask::x"), course)
    assert len(commands) == 10
    assert all(one.startswith("::error file=q1_equivalence.py,line=7,title=ada%3A q1.numbers.n") for one in commands)
    assert all("\n" not in one and "\r" not in one and "50%25 off" in one for one in commands)
    assert all(int(re.search(r"numbers\.n(\d+)", one)[1]) % 4 == 2 for one in commands), "crashes before errors"


def test_without_a_runner_nothing_is_announced(tmp_path, capsys, monkeypatch):
    for name in ("GITHUB_ACTIONS", "GITHUB_STEP_SUMMARY"):
        monkeypatch.delenv(name, raising=False)
    with github.commands_stopped():
        print("::warning::hello")
    assert capsys.readouterr().out == "::warning::hello\n"
