"""A page on paper: Chromium prints it, and the same page gives the same bytes.

A PDF says which page it was printed from, in a comment at its end, with a hash of its own bytes. So anybody can see whether
it fits the page beside it, also where no Chromium is, and another version of Chromium changes nothing by itself.
"""

from __future__ import annotations

import hashlib
import os
import re
import shutil
import subprocess
import tempfile
from pathlib import Path

from autograder.errors import ConvgradeError

NAMES = ("chromium", "chromium-browser", "google-chrome", "chrome")
SECONDS = 120
_QUIET = [
    *("--headless", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking"),
    *("--disable-component-update", "--disable-default-apps", "--disable-sync", "--no-default-browser-check", "--no-pings"),
    *("--disable-dev-shm-usage", "--no-pdf-header-footer", "--generate-pdf-document-outline"),
]
_DATE = re.compile(rb"(/(?:CreationDate|ModDate) \(D:)[^)]*(?=\))")
_NODE = re.compile(rb"(?<=\(node)[0-9]{8}(?=\))")  # Chromium's numbers for what a screen reader reads, with gaps that vary
# Marks above and below one letter, beyond those that any script needs: Chromium's time grows with their square.
_MARKS = "\u0300-\u036f\u0483-\u0489\u0591-\u05bd\u0610-\u061a\u064b-\u065f\u06d6-\u06ed\u0e34-\u0e4e\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff\ufe20-\ufe2f"
_PILED = re.compile(f"([{_MARKS}]{{12}})[{_MARKS}]+")
_STAMP = re.compile(rb"\n% printed from ([0-9a-f]{64}) as ([0-9a-f]{64})\n\Z")


def browser() -> str | None:
    """Chromium's path, where there is one."""
    return next((path for name in NAMES if (path := shutil.which(name))), None)


def fits(pdf: bytes, page: bytes) -> bool:
    """Whether ``pdf`` was printed from exactly ``page`` and nothing has changed it since."""
    stamp = _STAMP.search(pdf)
    return stamp is not None and stamp[1].decode() == _hash(page) and stamp[2].decode() == _hash(pdf[: stamp.start()])


def printed(page: bytes) -> bytes:
    """``page`` as a tagged PDF. Raises ConvgradeError where there is no Chromium or it prints nothing."""
    chromium = browser()
    if chromium is None:
        todo = "Install it, for instance Debian's package chromium."
        raise ConvgradeError("there is no Chromium to print with", where="chromium", todo=todo)
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as name:
        html, pdf = Path(name, "page.html"), Path(name, "page.pdf")
        html.write_bytes(_PILED.sub(r"\1", page.decode("utf-8")).encode("utf-8"))
        # Feedback holds students' texts, so Chromium keeps its sandbox; root alone cannot have one.
        as_root = ["--no-sandbox"] if os.geteuid() == 0 else []
        command = [chromium, *_QUIET, *as_root, f"--user-data-dir={name}/profile", f"--print-to-pdf={pdf}", html.as_uri()]
        try:
            done = subprocess.run(command, capture_output=True, text=True, timeout=SECONDS)
        except subprocess.TimeoutExpired:
            todo = "Give the feedback as HTML, or find the page that is so hard to print."
            what = f"Chromium was still printing a page after {SECONDS} s"
            raise ConvgradeError(what, where=chromium, todo=todo) from None
        if done.returncode or not pdf.is_file():
            last = (done.stderr.strip().splitlines() or ["it said nothing"])[-1]
            todo = "Try it by hand, or release without a PDF."
            raise ConvgradeError(f"Chromium printed nothing: {last}", where=chromium, todo=todo)
        data = pdf.read_bytes()
    # Both dates are replaced by one of the same length, so that every offset in the file stays right.
    data = _DATE.sub(lambda date: date[1] + b"20000101000000+00'00'"[: len(date[0]) - len(date[1])], data)
    order = {node: b"%08d" % place for place, node in enumerate(sorted(set(_NODE.findall(data))), 1)}
    data = _NODE.sub(lambda node: order[node[0]], data)
    return data + f"\n% printed from {_hash(page)} as {_hash(data)}\n".encode()


def _hash(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()
