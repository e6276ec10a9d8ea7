"""The command ``convgrade``: one small function a subcommand, the work elsewhere."""

from __future__ import annotations

import dataclasses
import json
import sys
from pathlib import Path
from typing import Any

import click

from autograder import __version__, files
from autograder.cli import signals
from autograder.errors import ConvgradeError
from autograder.marking import bounds

REPORT_SECONDS, REPORT_MEGABYTES = (120, 0.1), (1_024, 0.2)  # of the class report: at least, and more for each submission


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
        "export": "Write the scores as another system imports them",
        "feedback": "Give everybody their feedback",
        "history": "Show every grade that a submission had, and why",
    },
    "Authors of an assignment": {
        "new": "Write the files of a new question",
        "doctor": "Check this machine and the course",
        "release": "Write what students receive",
        "verify": "Prove that the hidden tests are strong",
        "package": "Write otter-grader's autograder.zip",
    },
    "Operations": {
        "worker": "Grade for a run on another machine, on a cluster",
    },
}


class Command(click.Group):
    """Ends as ``interfaces`` asks: 2 and one clear line for a wrong call or config, 130 when interrupted."""

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


def _course(config: Path, *, finished: bool = True):
    """The course, or ConvgradeError where a question of it is still being written."""
    from autograder.course.course import Course
    from autograder.prepare import leftovers

    course = Course.load(config)
    left = leftovers.unfinished(course.config_path) if finished else []
    if left:
        todo = f"The first one: {left[0]}"
        raise ConvgradeError(f"{len(left)} lines wait for the author (see convgrade doctor)", where=str(config), todo=todo)
    return course


DEFAULT_CONFIG = Path("grader_config.yml")
with_config = click.option(
    "--config",
    type=click.Path(path_type=Path),
    default=DEFAULT_CONFIG,
    show_default=True,
    help="The course's config; its folder is the course.",
)
FORMATS = ("gradescope", "canvas", "moodle", "nbgrader", "blackboard", "brightspace", "plain")
as_json = click.option("--json", "as_json", is_flag=True, help="Print facts a program can read.")


@click.group(cls=Command, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="convgrade")
def main() -> None:
    """Grade a homework on convolutional networks behind a wall that student code does not cross."""


@main.command(epilog="Example: convgrade grade tests/submissions/class --out results")
@click.argument("path", type=click.Path(path_type=Path))
@click.option("--out", type=click.Path(path_type=Path), default=Path("results"), show_default=True, help="Where results go.")
@click.option(
    "--jobs",
    type=click.IntRange(1, 256),
    default=None,
    help="Workers; unless told otherwise one a core, as far as memory goes.",
)
@click.option("--scheduler", metavar="URL", help="Grade on the workers of a Dask scheduler, tcp://host:8786, not here.")
@click.option("--fresh", is_flag=True, help="Grade everything anew, also what has not changed.")
@click.option("--diff", is_flag=True, help="Publish nothing: say whose points would change, by how much and why.")
@click.option("--format", "format", type=click.Choice(FORMATS), help="What PATH is, where that is not plain.")
@click.option(
    "--prefer",
    metavar="newest|CSV",
    default="",
    help="Of two hand-ins of one student: the newest, or the one a CSV id,file names.",
)
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
    from autograder.cli import diff as changes
    from autograder.cli import github, progress
    from autograder.intake.collect import reading
    from autograder.runner import class_run
    from autograder.runner.jobs import room_for

    course = _course(config)
    taken = reading(path, course.known_files, format or "")
    if taken.said:
        click.echo(f"convgrade: {taken.said}", err=True)
    with signals.once(), progress.shown(taken.count()) as told:
        summary = class_run.grade_class(
            path,
            course,
            out,
            jobs=jobs or room_for(course.config.limits.memory_mb),
            fresh=fresh,
            publish=not diff,
            late_from=late_from,
            marks_from=marks_from,
            requests_from=requests,
            told=told,
            scheduler=scheduler,
            format=format or "",
            prefer=prefer,
        )
    with github.commands_stopped():
        if as_json:
            facts = {"changes": changes.facts(summary.changes)} if diff else progress.facts(summary, course, out)
            click.echo(json.dumps(facts, ensure_ascii=False))
        elif diff:
            click.echo("\n".join(changes.told(summary.changes, len(summary.rows))))
        else:
            progress.table(summary, course, out)
        for row in summary.unreadable:
            click.echo(f"convgrade: {progress.why(row)}", err=True)
        if any(row.status == "not graded" for row in summary.rows):
            click.echo(f"convgrade: what is not graded has to be graded again: {signals.again(sys.argv[1:])}", err=True)
        for row in summary.contested:
            click.echo(f"convgrade: {progress.contested(row)}", err=True)
        for said in progress.beside(summary):
            click.echo(f"convgrade: {said}", err=True)
        for said in progress.sheets(summary):
            click.echo(f"convgrade: {said}", err=True)
        for said in summary.kept:
            click.echo(f"convgrade: {said}", err=True)
        if summary.strangers:
            click.echo(f"convgrade: {progress.unmatched(summary)}", err=True)
    if not diff:
        github.announce(summary, course, out)
    return 1 if summary.unreadable or summary.contested else 0


@main.command(hidden=True)
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


@main.command(epilog="Example: convgrade worker tcp://head:8786 --jobs 8")
@click.argument("url")
@click.option(
    "--jobs",
    "--nthreads",
    type=click.IntRange(1, 256),
    help="Slots; unless told otherwise one a core, as far as memory goes.",
)
@click.option("--name", help="The worker's name at the scheduler.")
@click.option("--wait", "--death-timeout", type=click.FloatRange(1), default=60.0, help="Seconds to wait for the scheduler.")
@click.option("--memory-limit", expose_value=False, hidden=True)  # dask-jobqueue gives it; the config's limits hold
@with_config
def worker(url: str, jobs: int | None, name: str | None, wait: float, config: Path) -> int:
    """Grade here what `convgrade grade --scheduler URL` hands out elsewhere, until the scheduler at URL ends."""
    from autograder.runner import cluster_worker
    from autograder.runner.jobs import room_for

    course = _course(config)
    cluster_worker.serve(course, url, jobs or room_for(course.config.limits.memory_mb), name=name, wait=wait)
    return 0


@main.command(epilog="Example: convgrade check my_homework")
@click.argument("path", type=click.Path(path_type=Path, exists=True, file_okay=False), default=Path("."))
@click.option("--lang", type=click.Choice(["en", "fa", "both"]), help="The terminal's language unless told otherwise.")
@with_config
@as_json
def check(path: Path, lang: str | None, config: Path, as_json: bool) -> int:
    """A student's own run: the public suites and the answer sheet's form. Without a wall: for one's own files."""
    from autograder.cli import check as checking

    return checking.check(path, config=config, language=lang or checking.spoken(), as_json=as_json)


@main.command(epilog="Example: convgrade new q5_attention")
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


@main.command(epilog="Example: convgrade doctor --attack")
@click.option(
    "--attack", is_flag=True, help="Hand in some twenty attacks on this course and say what held; 1 unless all did."
)
@with_config
@as_json
def doctor(attack: bool, config: Path, as_json: bool) -> int:
    """What this machine offers, the wall's tier and why; and the course: its config checked, where each role's files stand."""
    from autograder.prepare import doctor as doctoring

    course = _course(config, finished=attack) if attack or config.is_file() or config != DEFAULT_CONFIG else None
    facts = doctoring.report(course)
    if attack and course is not None:
        click.echo("convgrade: some twenty attacks are being graded, which takes about a minute", err=True)
        facts = doctoring.attacked(facts, course)
    click.echo(json.dumps(facts, indent=1) if as_json else doctoring.told(facts))
    return 0 if doctoring.holds(facts) else 1


@main.command(epilog="Example: convgrade pack my_homework --out hand-in.zip")
@click.argument("path", type=click.Path(path_type=Path, file_okay=False, exists=True), default=".")
@click.option("--out", type=click.Path(path_type=Path), help="The zip to write; hand-in.zip in PATH otherwise.")
@with_config
def pack(path: Path, out: Path | None, config: Path) -> int:
    """Pack the homework in PATH into the zip to hand in, say what is missing, and print a receipt."""
    from autograder.cli import check as checking

    click.echo("\n".join(checking.packed(path, out or path / "hand-in.zip", config)))
    return 0


@main.command(epilog="Example: convgrade release --roster roster.csv --out handed-out --each variant")
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

    course = _course(config)
    if roster is not None:
        from autograder.cli import variants as dealing

        for said in dealing.handed_out(course, roster, out, each, zipped=zipped, new_secret=new_secret):
            click.echo(said)
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


@main.command(epilog="Example: convgrade verify --no-mutants")
@click.option("--mutants/--no-mutants", default=True, help="Also try mutants of the solutions.")
@click.option("--diagnosis", is_flag=True, help="Instead measure whether the reasons that students hear are true.")
@click.option("--variants", is_flag=True, help="Instead show for each number and variant which mistakes can be told apart.")
@with_config
@as_json
def verify(mutants: bool, diagnosis: bool, variants: bool, config: Path, as_json: bool) -> int:
    """Are the hidden suites strong? Both ends, every known mistake, and mutants of the solutions."""
    if variants:
        from autograder.prepare import vetted

        lines, wrong = vetted.told(_course(config))
        click.echo(json.dumps({"lines": lines, "wrong": wrong}, indent=1) if as_json else "\n".join(lines))
        return 1 if wrong else 0
    if diagnosis:
        from autograder.prepare import diagnosed

        measured = diagnosed.measure(_course(config))
        click.echo(json.dumps(dataclasses.asdict(measured), indent=1) if as_json else diagnosed.told(measured))
        return 0 if measured.good else 1
    from autograder.prepare import verify as verifying

    verdict = verifying.verify(_course(config), mutate=mutants)
    click.echo(json.dumps(dataclasses.asdict(verdict), indent=1) if as_json else verifying.told(verdict))
    return 1 if verdict.wrong else 0


@main.command(epilog="Example: convgrade variants --search q2 --count 8")
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

    course = _course(config)
    told = telling.searched(course, None if search == "all" else search, count, seed) if search else telling.pools(course)
    for said in told:
        click.echo(said)
    return 0


@main.command(epilog="Example: convgrade package && otter run -a dist/autograder.zip hw3.zip")
@click.option("--out", type=click.Path(path_type=Path), default=Path("dist"), show_default=True, help="Where it goes.")
@with_config
def package(out: Path, config: Path) -> int:
    """Write otter-grader's autograder.zip: for Gradescope, `otter run` and `otter grade`."""
    from autograder.prepare import otter_package as packaging

    click.echo(packaging.build(_course(config), out))
    return 0


from_results = click.option(
    "--from",
    "results",
    type=click.Path(path_type=Path, exists=True, file_okay=False),
    default=Path("results"),
    show_default=True,
    help="The folder that `convgrade grade` wrote.",
)


def _latest(results: Path):
    """The class's grades, and a word on stderr where the folder holds others."""
    from autograder.gradebook import ledger

    found, told = ledger.latest(results)
    for said in told:
        click.echo(f"convgrade: {said}", err=True)
    return found


@main.command(epilog="Example: convgrade history ada --from results")
@click.argument("id")
@from_results
@click.option("--config", expose_value=False, hidden=True)  # every command takes it; a gradebook tells its history without
@as_json
def history(id: str, results: Path, as_json: bool) -> int:
    """Every grade that the submission ID ever had, what it came from and what it changed."""
    from autograder.cli import diff as changes
    from autograder.gradebook import ledger
    from autograder.gradebook.marks import Marks
    from autograder.gradebook.requests import Requests
    from autograder.gradebook.roster import Roster

    with ledger.opened(results) as book:
        grades = book.history(id)
        if not grades:  # then it is a name, or an id as it was handed in
            id = Roster(book.people()).id(id, str(results))
            grades = book.history(id)
        given, asked = Marks(book).of(id), [one for one in Requests(book).all() if one.id == id]
    marked = changes.marked(given, asked)
    if not grades:
        todo = "`grades.csv` has the ids; grade first, or name the folder with --from."
        raise ConvgradeError(f"there is no grade of {id!r}", where=str(results), todo=todo)
    if as_json:
        as_text = json.dumps(changes.history(grades, marked), indent=1, ensure_ascii=False)
    else:
        as_text = "\n".join([*changes.told_history(grades), *changes.told_marks(marked)])
    click.echo(as_text)
    return 0


@main.command(epilog="Example: convgrade marks --out marks.csv, fill in `points`, convgrade grade class --marks marks.csv")
@click.option(
    "--out", type=click.Path(path_type=Path), default=Path("marks.csv"), show_default=True, help="The table to write."
)
@click.option(
    "--overwrite", is_flag=True, help="Write it though there is one: what is entered there and not yet graded is lost."
)
@from_results
@with_config
def marks(out: Path, overwrite: bool, results: Path, config: Path) -> int:
    """A table of the written answers, to enter a person's points in."""
    from autograder.course import rubric
    from autograder.gradebook import ledger
    from autograder.gradebook.marks import Marks
    from autograder.marking import marks_table

    if out.exists() and not overwrite:
        todo = "Name another with --out, or say --overwrite."
        raise ConvgradeError("there is a table already, and points may stand in it", where=str(out), todo=todo)
    rubrics = rubric.load(_course(config))
    with ledger.opened(results) as book:
        given = Marks(book).all()
    rows, empty = marks_table.write(out, _latest(results), given, rubrics)
    without = f", {empty} of them without a text" if empty else ""
    click.echo(f"{out}: {rows} written answers{without}. Enter points or criteria, then: convgrade grade … --marks {out}")
    return 0


@main.command(epilog="Example: convgrade mark --marker Sara --marker Ali --second 10")
@from_results
@click.option(
    "--marker", "names", multiple=True, metavar="NAME", help="Who marks; once for each person. The first one leads."
)
@click.option("--port", type=click.IntRange(0, 65535), default=8642, show_default=True, help="On this machine alone.")
@click.option(
    "--calibration", type=click.IntRange(0, 5), default=0, show_default=True, help="Answers that everybody marks first."
)
@click.option(
    "--second", type=click.FloatRange(0, 100), default=0, show_default=True, help="Percent of the answers read twice, blind."
)
@click.option("--browser/--no-browser", default=True, help="Open the page here.")
@with_config
def mark(
    results: Path, names: tuple[str, ...], port: int, calibration: int, second: float, browser: bool, config: Path
) -> int:
    """Mark the written answers on a page in the browser, by the criteria of the rubric; Ctrl-C ends it."""
    try:
        from autograder.web import desk, serve
    except ModuleNotFoundError as error:
        raise ConvgradeError(
            f"{error.name} is not installed", todo="Run: make mark (or pip install 'convgrade[mark]')."
        ) from None
    wishes = desk.Wishes(calibration, second)
    serve.serve(_course(config), results, names, port, wishes, browser, click.echo)
    return 0


@main.command(epilog="Example: convgrade export --to canvas --like exported.csv --out filled.csv")
@click.option(
    "--to",
    "kind",
    required=True,
    type=click.Choice(["gradescope", "canvas", "moodle", "csv", "junit", "classroom50"]),
    help="The system that imports them.",
)
@click.option("--like", help="canvas, moodle: the file exported there, to be filled. csv: `otter` for otter's columns.")
@click.option("--column", help="canvas, moodle: the column to fill, where it is not plain which.")
@click.option("--identity", help="canvas, moodle: the column by which students are matched, where it is not plain which.")
@click.option("--overwrite", is_flag=True, help="canvas, moodle: replace other numbers in the column; each is named anyway.")
@click.option("--out", type=click.Path(path_type=Path), help="A file or a folder; exports/<kind>/ in the results' folder.")
@from_results
@with_config
def export(
    kind: str,
    like: str | None,
    column: str | None,
    identity: str | None,
    overwrite: bool,
    out: Path | None,
    results: Path,
    config: Path,
) -> int:
    """Grades in the form another system imports."""
    from autograder import export as exporting

    if kind == "csv" and like == "otter":
        kind, like = "otter", None
    course, latest = _course(config), _latest(results)
    if out is None:
        out = results / "exports" / kind
        out.mkdir(parents=True, exist_ok=True)
    told = exporting.run(
        kind, latest, course, out, like=Path(like) if like else None, into=column, identity=identity, overwrite=overwrite
    )
    for said in told:
        click.echo(f"convgrade: {said}", err=True)
    click.echo(out)
    return 0


@main.command(epilog="Example: convgrade feedback --to moodle --lang fa --out feedback.zip")
@click.option(
    "--to", required=True, type=click.Choice(["moodle", "canvas", "folder", "email-drafts"]), help="How it is given back."
)
@click.option("--lang", type=click.Choice(["en", "fa", "both"]), default="both", show_default=True, help="Of the pages.")
@click.option("--like", type=click.Path(path_type=Path, exists=True), help="canvas: its download of the submissions.")
@click.option("--addresses", type=click.Path(path_type=Path), help="email-drafts: a CSV id,email.")
@click.option("--out", type=click.Path(path_type=Path), help="A zip or a folder; feedback/<to> in the results' folder.")
@from_results
@with_config
def feedback(
    to: str, lang: str, like: Path | None, addresses: Path | None, out: Path | None, results: Path, config: Path
) -> int:
    """Everybody's feedback, each file for its own student only, as Moodle, Canvas, a folder or e-mail takes it."""
    from autograder.export import give_back
    from autograder.model import languages

    course = _course(config)
    out = out or results / "feedback" / (f"{to}.zip" if to in ("moodle", "canvas") else to)
    for said in give_back.run(to, _latest(results), course, out, languages(lang), like=like, addresses=addresses):
        click.echo(f"convgrade: {said}", err=True)
    click.echo(out)
    return 0


@main.command(epilog="Example: convgrade todo --from results")
@from_results
@click.option("--config", expose_value=False, hidden=True)
@as_json
def todo(results: Path, as_json: bool) -> int:
    """Whose work needs a person: unreadable, crashed, timed out, late without a time, unmarked, asked to be read again."""
    from autograder.cli import todo as telling
    from autograder.gradebook import todo as finding

    found = finding.of_class(_latest(results), results)
    click.echo(json.dumps(telling.facts(found), ensure_ascii=False) if as_json else "\n".join(telling.told(found)))
    return 0


@main.command(epilog="Example: convgrade report --submissions tests/submissions/class --out report.html")
@click.option("--out", type=click.Path(path_type=Path), help="The page to write; report.html in the results' folder.")
@click.option(
    "--submissions",
    type=click.Path(path_type=Path, exists=True),
    help="The class as it was graded, to look for the same source in several hand-ins.",
)
@click.option("--format", "format", type=click.Choice(FORMATS), help="What --submissions names, where that is not plain.")
@from_results
@with_config
def report(out: Path | None, submissions: Path | None, format: str | None, results: Path, config: Path) -> int:
    """The class report: one page in both languages, to open offline, on a phone or on paper."""
    from autograder.gradebook import todo as finding
    from autograder.intake import sources
    from autograder.report.class_page import class_report

    course, latest = _course(config), _latest(results)

    out = out or results / "report.html"
    atlas = "atlas.html" if (out.parent / "atlas.html").is_file() else ""

    def page() -> bytes:
        same = sources.of_class(submissions, course, format or "") if submissions else None
        return class_report.render(latest, course, sources=same, todo=finding.of_class(latest, results), atlas=atlas)

    seconds, megabytes = (least + int(each * len(latest)) for least, each in (REPORT_SECONDS, REPORT_MEGABYTES))
    todo = "Without --submissions the sources are not compared; a hand-in that is made to be slow is the likely cause."
    files.write(out, bounds.apart(page, seconds, megabytes, what="the class report", todo=todo))
    click.echo(out)
    return 0


@main.command(epilog="Example: convgrade atlas --from results && convgrade report --from results")
@click.option("--out", type=click.Path(path_type=Path), help="The page to write; atlas.html in the results' folder.")
@click.option(
    "--submissions",
    type=click.Path(path_type=Path, exists=True),
    help="The class as it was graded: arithmetic that students wrote beside their answers is shown.",
)
@from_results
@with_config
def atlas(out: Path | None, submissions: Path | None, results: Path, config: Path) -> int:
    """Every known mistake with its value and who gave it, and what nothing explains; no student code is run."""
    from autograder.prepare import atlas as drawing
    from autograder.prepare.atlas import ways

    course = _course(config)
    own = ways.of_class(submissions, course) if submissions else {}
    out = out or results / "atlas.html"
    files.write(out, drawing.render(drawing.atlas(_latest(results), course, own), course))
    click.echo(out)
    return 0


@main.command(epilog="Example: convgrade practice ada --out practice-ada.html")
@click.argument("id", required=False)
@click.option("--out", type=click.Path(path_type=Path), help="The page to write; practice/<ID>.html in the results' folder.")
@from_results
@with_config
def practice(id: str | None, out: Path | None, results: Path, config: Path) -> int:
    """A sheet of new questions on the mistakes that the submission ID showed; without ID on those that most of the class did."""
    from autograder.gradebook.roster import Roster
    from autograder.prepare import practice as practising

    course, latest = _course(config), _latest(results)
    if id is None:
        who, shown = "", practising.of_class(latest)
    else:
        id = Roster((one.id, one.name) for one in latest).id(id, str(results))
        found = next((one for one in latest if one.id == id), None)
        if found is None:
            raise ConvgradeError(f"there is no grade of {id!r}", where=str(results), todo="`grades.csv` has the ids.")
        who, shown = found.name or found.id, practising.of_student(found)
    topics = practising.Practice(course).topics(shown, id or "")
    out = out or results / "practice" / f"{id or 'class'}.html"
    files.write(out, practising.render(topics, course, who))
    click.echo(f"{out}: {len(topics)} ideas with {practising.QUESTIONS} new questions each")
    return 0
