"""The toy course of one question, in a copy that a test may change."""

import shutil
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import ModuleType

from autograder.course.course import Course
from autograder.course.question import ROLES, SHARED_PUBLIC

REPOSITORY = Path(__file__).resolve().parents[2]
TOY = Path(__file__).resolve().parent / "toy"
OWN = ("solutions.", "assignment.", "tests.hidden.")  # packages that every course has


def copied(folder: Path) -> Path:
    """A copy of the toy below ``folder``, with the public tests' fixtures that every course shares. Returns its config."""
    root = folder / "toy"
    shutil.copytree(TOY, root, ignore=shutil.ignore_patterns("__pycache__"))
    for name in SHARED_PUBLIC:
        shutil.copy(REPOSITORY / "tests" / "public" / name, root / "tests" / "public")
    return root / "grader_config.yml"


def without_torch(folder: Path) -> Path:
    """A copy of the toy whose solutions need no torch: for what asks only its functions and numbers. Returns its config."""
    config = copied(folder)
    solution, witness = (config.parent / "solutions" / name for name in ("q1_box.py", "q1_box_torch.py"))
    text = solution.read_text("utf-8").replace("import torch\nfrom torch import nn\n", "")
    module = text.index("class Scale")
    solution.write_text(text[:module] + 'class Scale:\n    """Nothing."""\n', "utf-8")
    counted = "    def __init__(self, *shape): self.shape = shape\n    def numel(self): return prod(self.shape)\n"
    witness.write_text(f"from math import prod\n\n\nclass image:\n{counted}", "utf-8")
    return config


def add_question(config: Path) -> list[Path]:
    """A second question, q2_disc, made of the first: one file for each role and its points. Returns the new files."""
    course = Course.load(config)
    (first,) = course.questions
    files = []
    for role in ROLES:
        for path in first.paths(role):
            if path.is_file():
                new = config.parent / path.relative_to(config.parent).as_posix().replace("q1_box", "q2_disc")
                new.parent.mkdir(exist_ok=True)
                new.write_text(_second(path.read_text("utf-8")), "utf-8")
                files.append(new)
    points = [line for line in config.read_text("utf-8").splitlines() if line.startswith("  q1.")]
    both = "\n".join([*points, *map(_second, points)])
    config.write_text(
        config.read_text("utf-8").replace("total: 100", "total: 200").replace("\n".join(points), both), "utf-8"
    )
    return files


def _second(text: str) -> str:
    return text.replace("q1_box", "q2_disc").replace("q1.", "q2.").replace("w1", "w2").replace("پرسش ۱", "پرسش ۲")


@contextmanager
def at_home(config: Path) -> Iterator[Course]:
    """The course with its own ``solutions`` importable and its own suites: those of another course step aside and come back."""
    others = _own_modules()
    path = list(sys.path)
    for name in others:
        del sys.modules[name]
    sys.path.insert(0, str(config.parent))
    try:
        yield Course.load(config)
    finally:
        for name in _own_modules():
            del sys.modules[name]
        sys.modules.update(others)
        sys.path[:] = path


def _own_modules() -> dict[str, ModuleType]:
    """What has been imported of a course's packages."""
    return {name: module for name, module in sys.modules.items() if f"{name}.".startswith(OWN)}
