"""A headless Chromium for the tests: a page is opened as a reader opens it, and looked at.

It is asked to keep quiet, everything it tries to load is written down, and it is never skipped: a page that nobody opened
is not known to open.
"""

from __future__ import annotations

import json
import shutil
import subprocess
import tempfile
from pathlib import Path

NARROWEST = 500  # Chromium's own smallest window; what is narrower is shown in a frame of that width
_NAMES = ("chromium", "chromium-browser", "google-chrome", "chrome")
_QUIET = [
    *("--headless", "--no-sandbox", "--disable-gpu", "--disable-background-networking", "--no-first-run"),
    *("--disable-component-update", "--disable-default-apps", "--disable-sync", "--hide-scrollbars", "--mute-audio"),
    *("--no-default-browser-check", "--disable-dev-shm-usage", "--no-pings"),
]


def chromium() -> str:
    """The browser's path. Fails, naming the package, where there is none."""
    found = next((path for name in _NAMES if (path := shutil.which(name))), None)
    assert found, "no Chromium on this machine: install Debian's package chromium (apt-get install -y chromium)"
    return found


def run(*arguments: str, seconds: int = 120) -> subprocess.CompletedProcess[str]:
    """One run of the browser with a profile of its own that is gone afterwards."""
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as profile:
        command = [chromium(), *_QUIET, f"--user-data-dir={profile}", *arguments]
        done = subprocess.run(command, capture_output=True, text=True, timeout=seconds)
    assert done.returncode == 0, done.stderr[-2000:]
    return done


def screenshot(html_path: Path, width: int, height: int) -> Path:
    """A picture of the page ``width`` by ``height`` pixels, beside it."""
    picture = html_path.with_name(f"{html_path.stem}-{width}.png")
    page = html_path
    if width < NARROWEST:
        page = html_path.with_name(f"{html_path.stem}-{width}-framed.html")
        size = f"border:0;width:{width}px;height:{height}px"
        page.write_text(f'<body style="margin:0"><iframe src="{html_path.name}" style="{size}"></iframe>')
    run(f"--window-size={max(width, NARROWEST)},{height}", f"--screenshot={picture}", page.resolve().as_uri())
    if page != html_path:
        page.unlink()
    assert picture.is_file() and picture.stat().st_size > 1000
    return picture


def pdf(html_path: Path) -> Path:
    """The page as it is printed, beside it."""
    printed = html_path.with_suffix(".pdf")
    run("--no-pdf-header-footer", f"--print-to-pdf={printed}", html_path.resolve().as_uri())
    assert printed.read_bytes().startswith(b"%PDF")
    return printed


def dom(html_path: Path) -> str:
    """The page's document as HTML after the browser has read and run it."""
    return run("--virtual-time-budget=2000", "--dump-dom", html_path.resolve().as_uri()).stdout


def console(html_path: Path) -> list[str]:
    """What the page said in the browser's console: script errors, and what its security policy refused."""
    told = run("--enable-logging=stderr", "--v=0", "--dump-dom", html_path.resolve().as_uri()).stderr
    return [line for line in told.splitlines() if ":CONSOLE" in line]


def requests(html_path: Path) -> list[str]:
    """Every address that the browser asked for on the page's behalf, the page's own left out."""
    with tempfile.TemporaryDirectory() as folder:
        log = Path(folder) / "net.json"
        run(f"--log-net-log={log}", "--dump-dom", html_path.resolve().as_uri())
        text = log.read_text("utf-8", "replace")
    try:
        events = json.loads(text)["events"]
    except json.JSONDecodeError:  # a browser that was in a hurry leaves the end of the list open
        events = json.loads(text.rstrip().rstrip(",") + "]}")["events"]
    own = html_path.resolve().as_uri()
    asked = {
        event["params"]["url"]
        for event in events
        if isinstance(event.get("params"), dict)
        and "url" in event["params"]
        and event["params"].get("initiator") not in (None, "not an origin")
    }
    return sorted(url for url in asked if url != own)
