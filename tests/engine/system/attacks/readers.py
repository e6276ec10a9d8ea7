"""Those who read the results: what a hand-in writes that is to act in a table, a page, a terminal or a log."""

from __future__ import annotations

import json

from . import attack as made
from .attack import CODE, REST, WRITTEN, Attack, handed
from .files import notebook, zipped
from .forging import PARTLY

# Whatever of these is found again as markup, a formula or a command has reached its reader.
SCRIPT = "<script>pwned()</script><img src=x onerror=pwned()><svg onload=pwned()></svg><a href='javascript:pwned()'>x</a>"
MARKDOWN = "](javascript:pwned()) ![x](http://pwned.example/) [x]: http://pwned.example/ @everyone <details open> | a | b |"
FORMULA = "=cmd|' /C pwned'!A0"
ANSI = "\x1b[2J\x1b]0;pwned\x07\x1b[31mpwned\x1b[0m\r\x08\x9b31m"
COMMAND = "\n::set-output name=score::80\n::add-mask::0\n::error file=x,line=1::pwned\n##[error]pwned\n"
BIDI = "\u202e\u2066pwned\u2069\u200b\ufeff"
LATEX = "$\\def\\x{\\x\\x}\\x$ \\(\\href{javascript:pwned()}{x}\\)"
ALL = {
    "script": SCRIPT,
    "markdown": MARKDOWN,
    "formula": FORMULA,
    "ansi": ANSI,
    "command": COMMAND,
    "bidi": BIDI,
    "latex": LATEX,
}
TEXT = "everything of a student's is text where it is shown: escaped for the place, without control characters"


def attack(name: str, **more) -> Attack:
    return made.attack(name, **more)


def _raises(kind: str, text: str) -> Attack:
    return attack(f"raises-{kind}", stops=TEXT, score=REST, status=PARTLY, volume=f"raise ValueError({text!r})")


def _named(kind: str, text: str) -> Attack:
    """An exception of that name, in a function of that name, in a call whose line is told."""
    return attack(
        f"names-an-exception-{kind}", stops=TEXT, score=REST, status=PARTLY,
        volume=f"raise type({text!r}.replace(chr(0), ''), (ValueError,), {{}})()",
    )  # fmt: skip


def _answers(kind: str, text: str) -> Attack:
    return attack(
        f"answers-{kind}",
        stops=TEXT,
        score=CODE,
        answers=f"[q1]\narea = {json.dumps(text)}\nvolume = [{json.dumps(text)}]\n{json.dumps(text)} = 1\n",
    )


def _returns(kind: str, text: str) -> Attack:
    return attack(f"returns-{kind}", stops=TEXT, score=REST, volume=f"return {text!r}")


def _writes(kind: str, text: str) -> Attack:
    return attack(
        f"writes-{kind}", stops=TEXT, score=CODE, files={"written.md": WRITTEN + text + f"\n\n## {text}\n\n```{text}\n"}
    )


def _lines(kind: str, text: str) -> Attack:
    """The names of files and functions that a traceback tells."""
    return attack(
        f"compiles-a-file-named-{kind}", stops="only frames of files that were handed in are told", score=REST, status=PARTLY,
        volume=f"exec(compile('1 / 0', {text!r}, 'exec'), {{'__name__': {text!r}}})",
    )  # fmt: skip


ATTACKS = [
    *(make(kind, text) for kind, text in ALL.items() for make in (_raises, _named, _answers, _returns, _writes, _lines)),
    *(
        attack(f"{start}{name}", stops="an id is made safe to be a folder's name, a cell and text", score=CODE)
        for start, name in [
            ("=", "cmd|'-C calc'!A0"),
            ("+", "1+pwned()"),
            ("@", "SUM(pwned)"),
            ("-", "2+3+pwned"),
            ("", "<img src=x onerror=pwned()>"),
            ("", "%2e%2e%2fpwned"),
            ("", "\x1b[31mpwned"),
            ("", "::set-output name=x::pwned"),
            ("", "\u202egnp.pwned"),
            ("", 'a\nb,"pwned"'),
            ("", "$(pwned)`pwned`"),
            ("", "C:\\pwned"),
            ("", "x" * 200),
            ("", "\U0001d160" * 60),  # composed, as an id is, it is three times as long
            ("", "gradebook.sqlite"),
            ("", "ＣＯＮ|pwned"),
            ("", "[pwned](javascript:pwned())"),
            ("", "پرسش\u200c۱"),
        ]
    ),
    handed(
        "left-out-names.zip",
        stops=TEXT,
        score=0,
        status="unreadable",
        data=zipped(*((text[:200], "") for text in ALL.values())),
    ),
    handed(
        "cell-errors.ipynb", stops=TEXT, score=0, data=notebook(*(f"raise ValueError({text!r})" for text in ALL.values()))
    ),
    handed(
        "outputs-with-scripts.ipynb",
        stops="what a notebook has stored is not shown",
        score=0,
        data=json.dumps(
            {
                "nbformat": 4,
                "nbformat_minor": 5,
                "metadata": {"title": SCRIPT},
                "cells": [
                    {
                        "cell_type": "code",
                        "metadata": {},
                        "source": "x = 1",
                        "execution_count": 1,
                        "outputs": [
                            {
                                "output_type": "display_data",
                                "metadata": {},
                                "data": {"text/html": SCRIPT, "application/javascript": "pwned()"},
                            }
                        ],
                    },
                    {
                        "cell_type": "markdown",
                        "metadata": {},
                        "source": f"## w1\n\n{SCRIPT}{MARKDOWN}",
                        "attachments": {"x": {"text/html": SCRIPT}},
                    },
                ],
            }
        ).encode(),
    ),
    attack("syntax-with-a-script", stops=TEXT, score=0, status=PARTLY, source=f"def area(:  # {SCRIPT}\n"),
    attack("imports-a-script", stops=TEXT, score=CODE, head=f"__import__({SCRIPT!r})\n"),
    attack(
        "many-arguments-told",
        stops="what is shown is shortened",
        score=REST,
        status=PARTLY,
        volume=f"raise ValueError({SCRIPT!r} * 10_000)",
    ),
]
