"""The command that grades, here or on a cluster, and what goes with it."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import click

from autograder.cli import signals
from autograder.cli.options import FORMATS, as_json, course_of, preferring, with_config, with_prefer


@click.command(epilog="Example: convgrade grade tests/submissions/class --out results")
@click.argument("path", type=click.Path(path_type=Path))
@click.option("--out", type=click.Path(path_type=Path), default=Path("results"), show_default=True, help="Where results go.")
@click.option(
    "--jobs",
    type=click.IntRange(1, 256),
    default=None,
    help="How many workers; by default one per core, as memory allows.",
)
@click.option("--scheduler", metavar="URL", help="Grade on the workers of a Dask scheduler, tcp://host:8786, not here.")
@click.option("--fresh", is_flag=True, help="Grade everything again, even if unchanged.")
@click.option("--diff", is_flag=True, help="Publish nothing: say whose points would change, by how much and why.")
@click.option("--format", "format", type=click.Choice(FORMATS), help="How to read PATH, if it is ambiguous.")
@with_prefer
@click.option("--late-from", type=click.Path(path_type=Path), help="A CSV id,timestamp: when each was handed in.")
@click.option(
    "--marks",
    "marks_from",
    multiple=True,
    type=click.Path(path_type=Path),
    help="A table of `convgrade marks`, filled in; several may be given.",
)
@click.option(
    "--requests", type=click.Path(path_type=Path), help="A CSV id,part,criterion,request: what students want read again."
)
@with_config
@as_json
def grade(
    path: Path,
    out: Path,
    jobs: int | None,
    scheduler: str | None,
    fresh: bool,
    diff: bool,
    format: str | None,
    prefer: str,
    late_from: Path | None,
    marks_from: tuple[Path, ...],
    requests: Path | None,
    config: Path,
    as_json: bool,
) -> int:
    """Grade every submission under PATH, or the one that PATH is."""
    from autograder.intake.collect import reading

    course = course_of(config)
    taken = reading(path, course.known_files, format or "", preferring(prefer))
    click.echo(f"convgrade: {taken.sentence}", err=True)

    from autograder.cli import diff as changes  # these take a while, so the line above says first what is graded
    from autograder.cli import github, progress
    from autograder.runner import class_run
    from autograder.runner.jobs import room_for

    with signals.once(), progress.shown(taken.count()) as on_result:
        summary = class_run.grade_class(
            taken,
            course,
            out,
            jobs=jobs or room_for(course.config.limits.memory_mb),
            fresh=fresh,
            publish=not diff,
            late_from=late_from,
            marks_from=marks_from,
            requests_from=requests,
            on_result=on_result,
            scheduler=scheduler,
        )
    with github.commands_stopped():
        if as_json:
            facts = {"changes": changes.facts(summary.changes)} if diff else progress.facts(summary, course, out)
            click.echo(json.dumps(facts, ensure_ascii=False))
        elif diff:
            click.echo("\n".join(changes.lines(summary.changes, len(summary.rows))))
        else:
            progress.table(summary, course, out)
        for row in summary.unreadable:
            click.echo(f"convgrade: {progress.why(row)}", err=True)
        if any(row.status == "not graded" for row in summary.rows):
            click.echo(f"convgrade: some submissions were not graded; run again: {signals.again(sys.argv[1:])}", err=True)
        for row in summary.contested:
            click.echo(f"convgrade: {progress.contested(row)}", err=True)
        for line in progress.beside(summary):
            click.echo(f"convgrade: {line}", err=True)
        for line in progress.sheets(summary):
            click.echo(f"convgrade: {line}", err=True)
        for line in summary.kept:
            click.echo(f"convgrade: {line}", err=True)
        if summary.strangers:
            click.echo(f"convgrade: {progress.unmatched(summary)}", err=True)
    if not diff:
        github.announce(summary, course, out)
    return 1 if summary.unreadable or summary.contested else 0


@click.command(epilog="Example: convgrade worker tcp://head:8786 --jobs 8")
@click.argument("url")
@click.option(
    "--jobs",
    "--nthreads",
    type=click.IntRange(1, 256),
    help="How many slots; by default one per core, as memory allows.",
)
@click.option("--name", help="The worker's name at the scheduler.")
@click.option("--wait", "--death-timeout", type=click.FloatRange(1), default=60.0, help="Seconds to wait for the scheduler.")
@click.option("--memory-limit", expose_value=False, hidden=True)  # dask-jobqueue gives it; the config's limits hold
@with_config
def worker(url: str, jobs: int | None, name: str | None, wait: float, config: Path) -> int:
    """Grade here what `convgrade grade --scheduler URL` hands out elsewhere, until the scheduler at URL ends."""
    from autograder.runner import cluster_worker
    from autograder.runner.jobs import room_for

    course = course_of(config)
    cluster_worker.serve(course, url, jobs or room_for(course.config.limits.memory_mb), name=name, wait=wait)
    return 0


@click.command(hidden=True)
@click.argument("feedback", type=click.Path(path_type=Path, exists=True))
@click.option("--ignored", type=click.Path(path_type=Path), help="What was not looked at, a path a line.")
def comment(feedback: Path, ignored: Path | None) -> int:
    """Print a comment for a pull request from a feedback.md."""
    from autograder.cli import github

    left_out = (
        ignored.read_bytes()[: github.MOST_COMMENT].decode("utf-8", "replace") if ignored and ignored.is_file() else ""
    )
    click.echo(github.comment(feedback.read_text("utf-8"), left_out), nl=False)
    return 0


COMMANDS = (grade, worker, comment)
