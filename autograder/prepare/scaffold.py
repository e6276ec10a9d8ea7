"""``convgrade new``: the files of a new question, one for each role, with a small example that fails until it is written.

Each file has a line marked ``TODO(author)``. While one is left, ``convgrade doctor`` lists it and nothing is released or graded.
"""

from __future__ import annotations

import keyword
import re
from collections.abc import Iterable
from pathlib import Path

import jinja2
import yaml

from autograder.course.question import ROLES, is_stem, stems
from autograder.errors import ConvgradeError
from autograder.model import LANGUAGES
from autograder.prepare.attempts import FILES as ATTEMPTS
from autograder.prepare.leftovers import MARK
from autograder.words import digits

TEMPLATES = Path(__file__).parent / "new_question"
POINTS = {"numbers": 1, "code": 2, "written": 2}  # of the example


def new(config: Path, stem: str) -> list[Path]:
    """Write the files of a question that is not there yet, and its points into the config. Returns what was written.

    Raises ConvgradeError where the name is not a stem, the question's number is taken, or one of the files exists.
    """
    root = config.parent
    id, _, name = stem.partition("_")
    if not is_stem(stem) or not name.isidentifier() or keyword.iskeyword(name) or name.startswith("_"):
        todo = "Name it as q5_attention: q, a number, an underscore, and lower-case letters and digits."
        raise ConvgradeError(f"{stem!r} cannot name a question", where="convgrade new", todo=todo)
    for other in stems(root):
        if other.partition("_")[0] == id:
            raise ConvgradeError(f"{other} is {id} already", where=str(root / "solutions"), todo="Take the next number.")
    made = _texts(root, stem, id, name)
    taken = [path for path in made if path.exists()]
    if taken:
        where = ", ".join(str(path.relative_to(root)) for path in taken)
        raise ConvgradeError(f"files of {stem} are there already", where=where, todo="Remove them, or choose another name.")
    made[config] = _with_points(config, [f"{id}.{part}" for part in _parts(name, _next_written(root))])
    for path, text in made.items():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, "utf-8")
    return list(made)


def _texts(root: Path, stem: str, id: str, name: str) -> dict[Path, str]:
    """Each new file with its text."""
    where = {f"handout.{language}.md": ROLES["handout"].format(stem=stem, language=language) for language in LANGUAGES}
    where["rubric.yml"] = ROLES["rubric"]
    for role in ("solution", "witness", "numbers", "misconceptions", "public test", "hidden test"):
        where[f"{role.replace(' ', '_')}.py"] = ROLES[role]
    where["misconception.py"] = str(Path(ROLES["misconceptions"]).with_name(f"{name}.py"))
    for kind in ("wrong", "right"):
        where[f"attempts_{kind}.py"] = ATTEMPTS.replace("{kind}", kind)
    environment = jinja2.Environment(loader=jinja2.FileSystemLoader(TEMPLATES), keep_trailing_newline=True, autoescape=False)
    values = {"stem": stem, "id": id, "name": name, "number": id[1:], "persian": digits(id[1:], "fa")}
    values["written"] = _next_written(root)
    return {
        root / path.format(stem=stem): environment.get_template(f"{template}.j2").render(values)
        for template, path in where.items()
    }


def _next_written(root: Path) -> str:
    """The first name of a written part that no handout has."""
    texts = "".join(path.read_text("utf-8") for path in root.glob("assignment/*.md"))
    taken = map(int, re.findall(r"^### `w(\d+)`", texts, re.MULTILINE))
    return f"w{max(taken, default=0) + 1}"


def _parts(name: str, written: str) -> Iterable[str]:
    return [f"{kind}.{written if kind == 'written' else name}: {points}" for kind, points in POINTS.items()]


def _with_points(config: Path, lines: list[str]) -> str:
    """The config's text with points for the new parts below the others, and the total that they add up to."""
    text = config.read_text("utf-8")
    top = yaml.compose(text, Loader=yaml.SafeLoader)
    nodes = {key.value: value for key, value in top.value} if isinstance(top, yaml.MappingNode) else {}
    rows = text.splitlines()
    points = nodes.get("points")
    if not isinstance(points, yaml.MappingNode) or "total" not in nodes:
        raise ConvgradeError("the config has no `points:` or no `total:`", where=str(config), todo="Write them first.")
    at = points.value[-1][1].end_mark.line if points.value else points.start_mark.line
    if not points.value:
        rows[at] = "points:"
    total = nodes["total"]
    rows[total.start_mark.line] = f"total: {float(total.value) + sum(POINTS.values()):g}"
    rows[at + 1 : at + 1] = [
        f"  # {MARK}: what the new question is worth; `total:` is their sum",
        *(f"  {line}" for line in lines),
    ]
    return "\n".join(rows) + "\n"
