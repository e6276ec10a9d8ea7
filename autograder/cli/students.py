"""The commands of students: their own work tried and packed. No wall: it is their own machine."""

from __future__ import annotations

from pathlib import Path

import click

from autograder.cli.options import as_json, with_config


@click.command(epilog="Example: convgrade check my_homework")
@click.argument("path", type=click.Path(path_type=Path, exists=True, file_okay=False), default=Path("."))
@click.option("--lang", type=click.Choice(["en", "fa", "both"]), help="The terminal's language unless told otherwise.")
@with_config
@as_json
def check(path: Path, lang: str | None, config: Path, as_json: bool) -> int:
    """A student's own run: the public suites and the answer sheet's form. Without a wall: for one's own files."""
    from autograder.cli import check as checking

    return checking.check(path, config=config, language=lang or checking.spoken(), as_json=as_json)


@click.command(epilog="Example: convgrade pack my_homework --out hand-in.zip")
@click.argument("path", type=click.Path(path_type=Path, file_okay=False, exists=True), default=".")
@click.option("--out", type=click.Path(path_type=Path), help="The zip to write; hand-in.zip in PATH otherwise.")
@with_config
def pack(path: Path, out: Path | None, config: Path) -> int:
    """Pack the homework in PATH into the zip to hand in, say what is missing, and print a receipt."""
    from autograder.cli import check as checking

    click.echo("\n".join(checking.packed(path, out or path / "hand-in.zip", config)))
    return 0


COMMANDS = (check, pack)
