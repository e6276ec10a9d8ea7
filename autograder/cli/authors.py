"""The commands of authors: a question made, checked, proved and handed out."""

from __future__ import annotations

import dataclasses
import json
from pathlib import Path

import click

from autograder.cli.options import DEFAULT_CONFIG, as_json, course_of, with_config


@click.command(epilog="Example: convgrade new q5_attention")
@click.argument("stem")
@with_config
def new(stem: str, config: Path) -> int:
    """Write the files of a new question, such as q5_attention: a small example in each, which fails until it is written."""
    from autograder.prepare import scaffold

    for path in scaffold.new(config.resolve(), stem):
        click.echo(path.relative_to(config.resolve().parent))
    click.echo(
        f"convgrade: work through the lines marked {scaffold.MARK}; convgrade doctor lists those that are left.", err=True
    )
    return 0


@click.command(epilog="Example: convgrade doctor --attack")
@click.option(
    "--attack",
    is_flag=True,
    help="Hand in some twenty attacks on this course and report which were stopped (exit status 1 unless all were).",
)
@with_config
@as_json
def doctor(attack: bool, config: Path, as_json: bool) -> int:
    """Check this machine (the wall's tier, and why) and the course (its config, and where each role's files are)."""
    from autograder.prepare import doctor as doctoring

    course = course_of(config, finished=attack) if attack or config.is_file() or config != DEFAULT_CONFIG else None
    facts = doctoring.report(course)
    if attack and course is not None:
        click.echo("convgrade: some twenty attacks are being graded, which takes about a minute", err=True)
        facts = doctoring.attacked(facts, course)
    click.echo(json.dumps(facts, indent=1) if as_json else doctoring.as_text(facts))
    return 0 if doctoring.holds(facts) else 1


@click.command(epilog="Example: convgrade release --roster roster.csv --out handed-out --each variant")
@click.option("--check", "only_check", is_flag=True, help="Write nothing; end with 1 where the template has drifted.")
@click.option("--roster", type=click.Path(path_type=Path), help="A CSV id,name,group: deal variants and write each one's.")
@click.option(
    "--out", type=click.Path(path_type=Path), default=Path("handed-out"), show_default=True, help="With --roster: where to."
)
@click.option(
    "--each", type=click.Choice(["student", "variant"]), default="student", show_default=True, help="With --roster."
)
@click.option("--zip/--folders", "zipped", default=True, show_default=True, help="With --roster: in which form.")
@click.option("--new-secret", is_flag=True, help="With --roster: go on without the secret that was lost.")
@with_config
def release(
    only_check: bool, roster: Path | None, out: Path, each: str, zipped: bool, new_secret: bool, config: Path
) -> int:
    """Write student_template/ and the typeset handout from solutions/ and assignment/; with --roster everybody's variant."""
    from autograder.prepare import release as releasing

    course = course_of(config)
    if roster is not None:
        from autograder.cli import variants as dealing

        for line in dealing.handed_out(course, roster, out, each, zipped=zipped, new_secret=new_secret):
            click.echo(line)
        return 0
    if not only_check:
        for path in releasing.write(course):
            click.echo(path)
        for name in releasing.unprinted(course):
            click.echo(f"convgrade: {name} is left as it is: there is no Chromium to print it with.", err=True)
        return 0
    drift = releasing.drift(course)
    click.echo(drift, nl=False)
    return 1 if drift else 0


@click.command(epilog="Example: convgrade verify --no-mutants")
@click.option("--mutants/--no-mutants", default=True, help="Also try mutants of the solutions.")
@click.option("--diagnosis", is_flag=True, help="Instead measure whether the reasons that students hear are true.")
@click.option("--variants", is_flag=True, help="Instead show for each number and variant which mistakes can be told apart.")
@with_config
@as_json
def verify(mutants: bool, diagnosis: bool, variants: bool, config: Path, as_json: bool) -> int:
    """Are the hidden suites strong? Both ends, every known mistake, and mutants of the solutions."""
    if variants:
        from autograder.prepare import vetted

        lines, wrong = vetted.table(course_of(config))
        click.echo(json.dumps({"lines": lines, "wrong": wrong}, indent=1) if as_json else "\n".join(lines))
        return 1 if wrong else 0
    if diagnosis:
        from autograder.prepare import diagnosed

        measured = diagnosed.measure(course_of(config))
        click.echo(json.dumps(dataclasses.asdict(measured), indent=1) if as_json else diagnosed.as_text(measured))
        return 0 if measured.good else 1
    from autograder.prepare import verify as verifying

    verdict = verifying.verify(course_of(config), mutate=mutants)
    click.echo(json.dumps(dataclasses.asdict(verdict), indent=1) if as_json else verifying.as_text(verdict))
    return 1 if verdict.wrong else 0


@click.command(epilog="Example: convgrade variants --search q2 --count 8")
@click.option(
    "--search", is_flag=False, flag_value="all", metavar="[q2]", help="Propose new variants, of one question or all."
)
@click.option("--count", type=click.IntRange(1, 64), default=8, show_default=True, help="With --search: how many.")
@click.option(
    "--seed", type=int, default=0, show_default=True, help="With --search: which sets of parameters are looked at."
)
@with_config
def variants(search: str | None, count: int, seed: int, config: Path) -> int:
    """The pools of variants; with --search new ones as lines for a pool, to be read and committed by a person."""
    from autograder.cli import variants as telling

    course = course_of(config)
    lines = telling.searched(course, None if search == "all" else search, count, seed) if search else telling.pools(course)
    for line in lines:
        click.echo(line)
    return 0


@click.command(epilog="Example: convgrade package && otter run -a dist/autograder.zip hw3.zip")
@click.option("--out", type=click.Path(path_type=Path), default=Path("dist"), show_default=True, help="Where it goes.")
@with_config
def package(out: Path, config: Path) -> int:
    """Write otter-grader's autograder.zip: for Gradescope, `otter run` and `otter grade`."""
    from autograder.prepare import otter_package as packaging

    click.echo(packaging.build(course_of(config), out))
    return 0


COMMANDS = (new, doctor, release, verify, variants, package)
