"""The command ``convgrade``: its subcommands by who uses them, and how each of them ends."""

from __future__ import annotations

import sys
from typing import Any

import click

from autograder import __version__
from autograder.cli import authors, grading, results, signals, students
from autograder.errors import ConvgradeError

AUDIENCES = {  # who uses which commands, each in the order in which they are used
    "Students": {
        "check": "Try your work on the public tests",
        "pack": "Pack it into the zip to hand in",
    },
    "Instructors, in the order of a Sunday": {
        "grade": "Grade a class, or one hand-in",
        "todo": "List whose work needs a person",
        "mark": "Mark the written answers on a page in the browser",
        "marks": "Or write a table to mark them in",
        "report": "Write the class report",
        "atlas": "Write the page of all wrong answers",
        "export": "Write the scores as another system imports them",
        "feedback": "Give everybody their feedback",
        "practice": "Write a sheet to practise on",
        "history": "Show every grade that a submission had, and why",
    },
    "Authors of an assignment": {
        "new": "Write the files of a new question",
        "doctor": "Check this machine and the course",
        "release": "Write what students receive",
        "verify": "Prove that the hidden tests are strong",
        "variants": "Search and vet other numbers for a question",
        "package": "Write otter-grader's autograder.zip",
    },
    "Operations": {
        "worker": "Grade for a run on another machine, on a cluster",
    },
}


class Command(click.Group):
    """Exit status: 2 and one clear line for a wrong call or config, 130 when interrupted, 143 when terminated."""

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """The commands by who uses them."""
        for audience, commands in AUDIENCES.items():
            with formatter.section(audience):
                formatter.write_dl(list(commands.items()))

    def main(self, *args: Any, **kwargs: Any) -> Any:
        try:
            sys.exit(super().main(*args, **{**kwargs, "standalone_mode": False}) or 0)
        except click.ClickException as error:
            error.show()
            sys.exit(2)
        except ConvgradeError as error:
            click.echo(f"convgrade: {error}", err=True)
            sys.exit(2)
        except (click.exceptions.Abort, KeyboardInterrupt) as error:  # click turns the one into the other
            signals.deaf()
            click.echo(f"convgrade: interrupted{signals.to_go_on(sys.argv[1:])}", err=True)
            sys.exit(signals.status(error))
        except BrokenPipeError:
            sys.stderr.close()
            sys.exit(0)
        except OSError as error:  # whatever file it was: of ours, or the one that standard output goes to
            click.echo(f"convgrade: {error.filename or 'output'}: {error.strerror or error}", err=True)
            sys.exit(2)


@click.group(cls=Command, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="convgrade")
def main() -> None:
    """Grade a homework on convolutional networks behind a wall that student code does not cross."""


for room in (students, grading, results, authors):
    for command in room.COMMANDS:
        main.add_command(command)
