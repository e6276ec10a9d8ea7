"""What several commands share: the options, and the course and the grades that they name."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from autograder.errors import ConvgradeError

if TYPE_CHECKING:  # imported where they are needed: `--help` needs neither
    from autograder.course.course import Course
    from autograder.intake.entries import Prefer
    from autograder.model import Result

DEFAULT_CONFIG = Path("grader_config.yml")
with_config = click.option(
    "--config",
    type=click.Path(path_type=Path),
    default=DEFAULT_CONFIG,
    show_default=True,
    help="The course's config; its folder is the course.",
)
FORMATS = ("gradescope", "canvas", "moodle", "nbgrader", "blackboard", "brightspace", "plain")
with_prefer = click.option(
    "--prefer",
    metavar="newest|CSV",
    default="",
    help="Of two hand-ins of one student: the newest, or the one a CSV id,file names.",
)
format_of_submissions = click.option(
    "--format", "format", type=click.Choice(FORMATS), help="How to read --submissions, if it is ambiguous."
)
as_json = click.option("--json", "as_json", is_flag=True, help="Print facts a program can read.")
from_results = click.option(
    "--from",
    "results",
    type=click.Path(path_type=Path, exists=True, file_okay=False),
    default=Path("results"),
    show_default=True,
    help="The folder that `convgrade grade` wrote.",
)


def preferring(prefer: str) -> Prefer | None:
    """What ``--prefer`` says: ``newest``, or a table by its name. Raises ConvgradeError for a table that cannot be read."""
    from autograder.intake.entries import Prefer
    from autograder.marking import table

    if not prefer:
        return None
    if prefer.casefold() == "newest":
        return Prefer(newest=True)
    files: dict[str, tuple[str, str]] = {}
    for where, row in table.rows(Path(prefer), "id", "file"):
        file, earlier = files.setdefault(table.key(row["id"]), (row["file"].rstrip("/"), where))
        if file != row["file"].rstrip("/"):
            what = f"{row['id']} is given another file than in {earlier}"
            raise ConvgradeError(what, where=where, todo="Keep one of the two rows.")
    return Prefer(files=files)


def course_of(config: Path, *, finished: bool = True) -> Course:
    """The course. Raises ConvgradeError while one of its questions is still being written."""
    from autograder.course.course import Course
    from autograder.prepare import leftovers

    course = Course.load(config)
    left = leftovers.unfinished(course.config_path) if finished else []
    if left:
        todo = f"The first one: {left[0]}"
        raise ConvgradeError(f"{len(left)} lines wait for the author (see convgrade doctor)", where=str(config), todo=todo)
    return course


def latest_of(results: Path) -> list[Result]:
    """The class's grades, and a word on stderr where the folder holds others."""
    from autograder.gradebook import ledger

    latest, messages = ledger.latest(results)
    for message in messages:
        click.echo(f"convgrade: {message}", err=True)
    if not latest:
        todo = "Grade a class into it first; `convgrade grade --diff` publishes nothing."
        raise ConvgradeError("there is no grade in it", where=str(results), todo=todo)
    return latest
