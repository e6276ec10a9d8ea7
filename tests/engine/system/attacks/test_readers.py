"""What readers of the results meet: pages, tables, a terminal and a log of a class that means them harm."""

from __future__ import annotations

import csv
import json
import os
import re
import subprocess
import sys
from html.parser import HTMLParser

import pytest
from markdown_it import MarkdownIt

from autograder.text import clean
from tests.engine.system.attacks.readers import ATTACKS
from tests.engine.system.attacks.world import World
from tests.engine.system.conftest import OFFERED

COMMAND = (sys.executable, "-m", "autograder")


class Seen(HTMLParser):
    """Everything in a page that could act: scripts, handlers, addresses."""

    def __init__(self):
        super().__init__()
        self.acts: list[str] = []

    def handle_starttag(self, tag, attributes):
        if tag in ("script", "img", "svg", "iframe", "object", "embed", "form", "base", "meta"):
            self.acts += [f"{tag} {attributes}"] if tag != "meta" or "refresh" in str(attributes).lower() else []
        self.acts += [f"{tag} {name}={value}" for name, value in attributes if name.startswith("on")]
        self.acts += [
            f"{tag} {name}={value}" for name, value in attributes if "pwned" in f"{name}{value}" and _address(name)
        ]


def _address(name: str) -> bool:
    return name in ("href", "src", "action", "style", "srcdoc", "formaction", "xlink:href")


def acts(page: str) -> list[str]:
    seen = Seen()
    seen.feed(page)
    return [one for one in seen.acts if "pwned" in one or not one.startswith(("svg", "script"))]


@pytest.fixture(scope="module")
def world():
    """Graded by the command itself, as on GitHub's machines; ``said`` is all that it wrote."""
    with World(OFFERED[0], ATTACKS) as world:
        environment = {**os.environ, "GITHUB_ACTIONS": "true", "GITHUB_STEP_SUMMARY": str(world.root / "summary.md")}
        arguments = ["grade", str(world.hand_ins), "--config", str(world.config), "--out", str(world.out), "--jobs", "2"]
        done = subprocess.run([*COMMAND, *arguments], env=environment, capture_output=True, timeout=120, cwd=world.root)
        world.said = (done.stdout + done.stderr).decode("utf-8")
        world.report = world.out / "report.html"
        subprocess.run(
            [*COMMAND, "report", "--from", str(world.out), "--config", str(world.config)], check=True, cwd=world.root
        )
        yield world


@pytest.fixture(scope="module")
def graded(world):
    """Every file of every submission's results, by id and name."""
    return {
        (folder.name, path.name): path.read_text("utf-8")
        for folder in (world.out / "submissions").iterdir()
        for path in folder.iterdir()
    }


@pytest.mark.parametrize("one", ATTACKS, ids=lambda one: one.name.encode("unicode_escape").decode())
def test_nothing_of_a_students_acts_in_the_feedback(graded, one):
    assert acts(graded[one.id, "feedback.html"]) == []
    page = MarkdownIt("commonmark", {"html": True}).enable("table").render(graded[one.id, "feedback.md"])
    assert acts(page) == []
    tests = json.loads(graded[one.id, "results.json"])
    for one in [tests, *tests["tests"]]:
        if one.get("output_format", "text") != "text":
            assert acts(MarkdownIt("commonmark", {"html": True}).render(one["output"])) == []


@pytest.mark.parametrize("one", ATTACKS, ids=lambda one: one.name.encode("unicode_escape").decode())
def test_no_control_character_reaches_the_feedback(graded, one):
    for name in ("feedback.md", "feedback.html"):
        text = graded[one.id, name]
        assert clean(text) == text, name


def test_every_id_is_a_folder_of_its_own_and_a_row(world):
    expected = {one.id for one in ATTACKS}
    assert expected <= {path.name for path in (world.out / "submissions").iterdir()}
    assert {path.name for path in world.out.iterdir()} >= {"grades.csv", "gradebook.sqlite", "submissions"}
    assert not [path for path in world.root.iterdir() if "pwned" in path.name]


def test_no_cell_of_the_table_is_a_formula(world):
    rows = list(csv.reader((world.out / "grades.csv").read_text("utf-8-sig").splitlines()))
    assert len({len(row) for row in rows}) == 1
    assert not [cell for row in rows for cell in row if re.match(r"[=+@\t\r＝＋＠]|-(?!\d+(\.\d+)?$|$)", cell)]


def test_the_log_has_no_command_or_escape_of_a_students(world):
    assert clean(world.said) == world.said
    (token,) = re.findall(r"^::stop-commands::(\w+)$", world.said, re.MULTILINE)
    heard = re.sub(rf"(?ms)^::stop-commands::{token}$.*?^::{token}::$", "", world.said)
    commands = re.findall(r"(?m)^\s*(::\S*|##\[\S*)", heard)
    assert commands and set(commands) <= {"::error", "::warning", "::notice"}
    assert (
        acts(MarkdownIt("commonmark", {"html": True}).enable("table").render((world.root / "summary.md").read_text("utf-8")))
        == []
    )


def test_the_class_report_shows_all_of_it_as_text(world):
    assert acts(world.report.read_text("utf-8")) == []


def test_no_canary_leaves_by_the_log_or_the_table(world):
    shown = world.said + world.report.read_text("utf-8") + (world.out / "grades.csv").read_text("utf-8")
    assert not [where for where, canary in world.canaries.items() if canary in shown]
