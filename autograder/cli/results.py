"""The commands of instructors that begin where ``convgrade grade`` ended: its folder of results."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import click

from autograder import files
from autograder.cli.options import (
    as_json,
    course_of,
    format_of_submissions,
    from_results,
    latest_of,
    preferring,
    with_config,
    with_prefer,
)
from autograder.errors import ConvgradeError
from autograder.marking import bounds

APART_SECONDS, APART_MEGABYTES = (120, 0.1), (1_024, 0.2)  # for what reads hand-ins: at least, and more for each


@click.command(epilog="Example: convgrade todo --from results")
@from_results
@click.option("--config", expose_value=False, hidden=True)
@as_json
def todo(results: Path, as_json: bool) -> int:
    """Whose work needs a person: unreadable, crashed, timed out, late without a time, unmarked, asked to be read again."""
    from autograder.cli import todo as telling
    from autograder.gradebook import todo as finding

    todos = finding.of_class(latest_of(results), results)
    click.echo(json.dumps(telling.facts(todos), ensure_ascii=False) if as_json else "\n".join(telling.lines(todos)))
    return 0


@click.command(epilog="Example: convgrade mark --marker Sara --marker Ali --second 10")
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
        todo = "Run: make mark (or pip install 'convgrade[mark]')."
        raise ConvgradeError(f"{error.name} is not installed", where="convgrade mark", todo=todo) from None
    wishes = desk.Wishes(calibration, second)
    serve.serve(course_of(config), results, names, port, wishes, browser, click.echo)
    return 0


@click.command(epilog="Example: convgrade marks --out marks.csv, fill in `points`, convgrade grade class --marks marks.csv")
@click.option(
    "--out", type=click.Path(path_type=Path), default=Path("marks.csv"), show_default=True, help="The table to write."
)
@click.option(
    "--overwrite", is_flag=True, help="Overwrite an existing table; points entered there but not yet graded are lost."
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
    rubrics = rubric.load(course_of(config))
    with ledger.opened(results) as book:
        its_marks = Marks(book).all()
    rows, empty = marks_table.write(out, latest_of(results), its_marks, rubrics)
    without = f", {empty} of them without a text" if empty else ""
    click.echo(f"{out}: {rows} written answers{without}. Enter points or criteria, then: convgrade grade … --marks {out}")
    return 0


@click.command(epilog="Example: convgrade report --submissions tests/submissions/class --out report.html")
@click.option("--out", type=click.Path(path_type=Path), help="The page to write; report.html in the results' folder.")
@click.option(
    "--submissions",
    type=click.Path(path_type=Path, exists=True),
    help="The class as it was graded, to look for the same source in several hand-ins.",
)
@format_of_submissions
@with_prefer
@from_results
@with_config
def report(out: Path | None, submissions: Path | None, format: str | None, prefer: str, results: Path, config: Path) -> int:
    """The class report: one page in both languages, to open offline, on a phone or on paper."""
    from autograder.gradebook import todo as finding
    from autograder.report.class_page import class_report, sources

    course, latest, which = course_of(config), latest_of(results), preferring(prefer)
    out = out or results / "report.html"
    atlas = "atlas.html" if (out.parent / "atlas.html").is_file() else ""

    known = {result.id for result in latest}

    def page() -> bytes:
        same = None
        if submissions:  # who was not graded, for example since --prefer chose another hand-in, is not compared
            same = (one for one in sources.of_class(submissions, course, format or "", which) if one[0] in known)
        return class_report.render(latest, course, sources=same, todo=finding.of_class(latest, results), atlas=atlas)

    files.write(out, _apart(page, len(latest), what="the class report"))
    click.echo(out)
    return 0


def _apart(make: Callable[[], bytes], count: int, what: str) -> bytes:
    """What is made of ``count`` hand-ins, in a process with limits: they are students' own files."""
    seconds, megabytes = (least + int(each * count) for least, each in (APART_SECONDS, APART_MEGABYTES))
    todo = "Without --submissions no file is read again; a hand-in that is made to be slow is the likely cause."
    return bounds.run_limited(make, seconds, megabytes, what=what, todo=todo)


@click.command(epilog="Example: convgrade export --to canvas --like exported.csv --out filled.csv")
@click.option(
    "--to",
    "kind",
    required=True,
    type=click.Choice(["gradescope", "canvas", "moodle", "csv", "otter", "junit", "classroom50"]),
    help="The system that imports them.",
)
@click.option("--like", type=click.Path(path_type=Path), help="canvas, moodle: the file exported there, to be filled.")
@click.option("--column", help="canvas, moodle: the column to fill, if it is ambiguous.")
@click.option("--identity", help="canvas, moodle: the column by which students are matched, if it is ambiguous.")
@click.option("--overwrite", is_flag=True, help="canvas, moodle: replace other numbers in the column; each is named anyway.")
@click.option("--out", type=click.Path(path_type=Path), help="A file or a folder; exports/<kind>/ in the results' folder.")
@from_results
@with_config
def export(
    kind: str,
    like: Path | None,
    column: str | None,
    identity: str | None,
    overwrite: bool,
    out: Path | None,
    results: Path,
    config: Path,
) -> int:
    """Grades in the form another system imports."""
    from autograder import export as exporting

    course, latest = course_of(config), latest_of(results)
    if out is None:
        out = results / "exports" / kind
        out.mkdir(parents=True, exist_ok=True)
    messages = exporting.run(kind, latest, course, out, like=like, into=column, identity=identity, overwrite=overwrite)
    for message in messages:
        click.echo(f"convgrade: {message}", err=True)
    click.echo(out)
    return 0


@click.command(epilog="Example: convgrade feedback --to moodle --lang fa --out feedback.zip")
@click.option(
    "--to", required=True, type=click.Choice(["moodle", "canvas", "folder", "email-drafts"]), help="How it is given back."
)
@click.option("--lang", type=click.Choice(["en", "fa", "both"]), default="both", show_default=True, help="Of the pages.")
@click.option(
    "--as", "form", type=click.Choice(["html", "pdf"]), default="html", show_default=True, help="pdf: by Chromium."
)
@click.option("--like", type=click.Path(path_type=Path, exists=True), help="canvas: its download of the submissions.")
@click.option("--addresses", type=click.Path(path_type=Path), help="email-drafts: a CSV id,email.")
@click.option("--out", type=click.Path(path_type=Path), help="A zip or a folder; feedback/<to> in the results' folder.")
@from_results
@with_config
def feedback(
    to: str,
    lang: str,
    form: str,
    like: Path | None,
    addresses: Path | None,
    out: Path | None,
    results: Path,
    config: Path,
) -> int:
    """Everybody's feedback, each file for its own student only, as Moodle, Canvas, a folder or e-mail takes it."""
    from autograder.export import give_back
    from autograder.gradebook.roster import Roster
    from autograder.model import languages
    from autograder.prepare.typeset import pdf

    course, latest = course_of(config), latest_of(results)
    whose = Roster((one.id, one.name) for one in latest).id
    printed = pdf.printed if form == "pdf" else None
    out = out or results / "feedback" / (f"{to}.zip" if to in ("moodle", "canvas") else to)
    messages = give_back.run(
        to, latest, course, out, languages(lang), like=like, addresses=addresses, whose=whose, printed=printed
    )
    for message in messages:
        click.echo(f"convgrade: {message}", err=True)
    click.echo(out)
    return 0


@click.command(epilog="Example: convgrade history ada --from results")
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
        its_marks, its_requests = Marks(book).of(id), [one for one in Requests(book).all() if one.id == id]
    marked = changes.marked(its_marks, its_requests)
    if not grades:
        todo = "`grades.csv` has the ids; grade first, or name the folder with --from."
        raise ConvgradeError(f"there is no grade of {id!r}", where=str(results), todo=todo)
    if as_json:
        as_text = json.dumps(changes.history(grades, marked), indent=1, ensure_ascii=False)
    else:
        as_text = "\n".join([*changes.history_lines(grades), *changes.marks_lines(marked)])
    click.echo(as_text)
    return 0


@click.command(epilog="Example: convgrade atlas --from results && convgrade report --from results")
@click.option("--out", type=click.Path(path_type=Path), help="The page to write; atlas.html in the results' folder.")
@click.option(
    "--submissions",
    type=click.Path(path_type=Path, exists=True),
    help="The class as it was graded: arithmetic that students wrote beside their answers is shown.",
)
@format_of_submissions
@with_prefer
@from_results
@with_config
def atlas(out: Path | None, submissions: Path | None, format: str | None, prefer: str, results: Path, config: Path) -> int:
    """Every known mistake with its value and who gave it, and what nothing explains; no student code is run."""
    from autograder.prepare import atlas as drawing
    from autograder.prepare.atlas import ways

    course, latest, which = course_of(config), latest_of(results), preferring(prefer)

    def read() -> bytes:
        return ways.dumped(ways.of_class(submissions, course, format or "", which)) if submissions else b""

    own = ways.loaded(_apart(read, len(latest), what="reading")) if submissions else {}
    out = out or results / "atlas.html"
    files.write(out, drawing.render(drawing.atlas(latest, course, own), course))
    click.echo(out)
    return 0


@click.command(epilog="Example: convgrade practice ada --out practice-ada.html")
@click.argument("id", required=False)
@click.option("--out", type=click.Path(path_type=Path), help="The page to write; practice/<ID>.html in the results' folder.")
@from_results
@with_config
def practice(id: str | None, out: Path | None, results: Path, config: Path) -> int:
    """A sheet of new questions on the mistakes that the submission ID showed; without ID on those that most of the class did."""
    from autograder.gradebook.roster import Roster
    from autograder.prepare import practice as practising

    course, latest = course_of(config), latest_of(results)
    if id is None:
        who, shown = "", practising.of_class(latest)
    else:
        id = Roster((one.id, one.name) for one in latest).id(id, str(results))
        result = next((one for one in latest if one.id == id), None)
        if result is None:
            raise ConvgradeError(f"there is no grade of {id!r}", where=str(results), todo="`grades.csv` has the ids.")
        who, shown = result.name or result.id, practising.of_student(result)
    topics = practising.Practice(course).topics(shown, id or "")
    out = out or results / "practice" / f"{id or 'class'}.html"
    files.write(out, practising.render(topics, course, who))
    ideas = "1 idea" if len(topics) == 1 else f"{len(topics)} ideas"
    many = (
        f"{ideas} with {practising.QUESTIONS} new questions each" if topics else "nothing to practise, and the page says so"
    )
    click.echo(f"{out}: {many}")
    return 0


COMMANDS = (todo, mark, marks, report, export, feedback, history, atlas, practice)
