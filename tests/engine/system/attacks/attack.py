"""What an attack is: a small hand-in of the toy's question, the layer that stops it, and the score it must come to.

Sources may name places of the world they are graded in: ``@COURSE@`` (the course's folder), ``@CLASS@`` (the class handed in),
``@OUT@`` (the results), ``@PID@`` (the coordinator), ``@TOKEN@`` (in every name an attack makes, so that leftovers are found)
and the ``@PORT@`` and ``@SOCKET@`` somebody listens at. An attacker is taken to know all of them.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from autograder.intake.names import ARCHIVES, safe_id, stem
from autograder.model import Tier

AREA = """
def area(height, width=4):
    if min(height, width) < 1:
        raise ValueError("below 1")
    return height * width
"""
VOLUME = """
def volume(height, width, channels):
    return height * width * channels
"""
SCALE = """
import torch
class Scale(torch.nn.Module):
    def __init__(self, factor=1.0):
        super().__init__()
        self.factor = torch.nn.Parameter(torch.tensor([factor]))
    def forward(self, x):
        return self.factor * x
"""
ANSWERS = "[q1]\narea = 221\nvolume = 4199\n"
WRITTEN = "## w1\n\nThe smallest piece of an image.\n"
CODE, REST, FULL = 60, 40, 80  # points: all code; all code but one function; code and both numbers


@dataclass(frozen=True)
class Attack:
    """``score`` in points, without what a person marks. ``weakest`` is the weakest tier that promises to stop it."""

    name: str
    stops: str
    score: float
    status: str
    files: dict[str, str | bytes] = field(default_factory=dict)
    data: bytes | None = None  # an archive or a notebook instead of a folder
    build: Callable[[Path, Callable[[str], str]], None] | None = None  # makes what is handed in by itself
    weakest: str = "E"
    heavy: bool = False  # takes seconds: graded at the strongest tier and at D only
    trusted: bool = False  # stopped before the wall or behind it, the same at every tier: graded at the strongest only
    says: str = ""  # the English sentence of the feedback that an unlucky student would need

    @property
    def id(self) -> str:
        return safe_id(self.name if self.data is None and not _is_file(self.name) else stem(self.name))

    def at(self, tier: Tier, strongest: Tier) -> bool:
        """Whether it is graded at this tier of a machine whose strongest is ``strongest``."""
        if self.trusted:
            return tier is strongest
        return tier.value <= self.weakest and (not self.heavy or tier in (strongest, Tier.D))

    def hand_in(self, folder: Path, filled: Callable[[str], str]) -> None:
        """Put it below ``folder``, the class, with the world's places filled in."""
        path = folder / self.name
        if self.build is not None:
            self.build(path, filled)
        elif self.data is not None:
            path.write_bytes(self.data)
        else:
            for name, text in self.files.items():
                (path / name).parent.mkdir(parents=True, exist_ok=True)
                (path / name).write_bytes(text if isinstance(text, bytes) else filled(text).encode())


def _is_file(name: str) -> bool:
    return name.endswith((*ARCHIVES, ".ipynb", ".py"))


def attack(
    name: str,
    *,
    stops: str,
    score: float,
    status: str = "graded",
    source: str | None = None,
    volume: str | None = None,
    head: str = "",
    area: str = AREA,
    scale: str = SCALE,
    answers: str | bytes | None = None,
    files: dict[str, str | bytes] | None = None,
    **more,
) -> Attack:
    """An attack of a folder of files. ``volume`` is the body of that function, the rest being honest; or ``source`` is all.

    ``head`` stands before the honest functions.
    """
    if source is None:
        body = VOLUME if volume is None else "def volume(height, width, channels):\n" + _indented(volume)
        source = "\n".join([head, area, body, scale])
    held = {"q1_box.py": source, **({} if answers is None else {"answers.toml": answers}), **(files or {})}
    return Attack(name, stops, score, status, held, **more)


def handed(name: str, *, stops: str, score: float, status: str = "graded", **more) -> Attack:
    """An attack that is no folder with a source: ``files``, ``data`` or ``build`` say what is handed in.

    What stops it has nothing to do with the wall, unless ``trusted`` says otherwise.
    """
    return Attack(name, stops, score, status, **{"trusted": True, **more})


def _indented(body: str) -> str:
    return "".join(f"    {line}\n" for line in body.strip("\n").splitlines())
