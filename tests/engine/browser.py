"""A headless Chromium for the tests: a page is opened as a reader opens it, and looked at.

It is asked to keep quiet, everything it tries to load is written down, and it is never skipped: a page that nobody opened
is not known to open.
"""

from __future__ import annotations

import json
import shutil
import subprocess
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, closing, contextmanager
from pathlib import Path

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, sync_playwright

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


# ---- a page that stays open, by Playwright and the same Chromium


@contextmanager
def launched() -> Iterator[Callable[..., AbstractContextManager[Page]]]:
    """A browser that ends with the block: ``with new_page(**options) as page``. ``options`` as for ``opened``."""
    with sync_playwright() as play:
        flags = [flag for flag in _QUIET if flag != "--headless"]
        browser = play.chromium.launch(executable_path=chromium(), args=flags)
        try:
            # The page's own policy would keep the tests' script out.
            yield lambda **options: closing(browser.new_page(bypass_csp=True, **options))
        finally:
            browser.close()


@contextmanager
def opened(**options) -> Iterator[Page]:
    """A page of a browser that ends with the block. ``options`` are Playwright's of a new page: viewport, color_scheme."""
    with launched() as new_page, new_page(**options) as page:
        yield page


def violations(page: Page) -> list[str]:
    """What axe-core finds wrong with an open page: the rule, and where."""
    found = Axe().run(page).response["violations"]
    return [
        f"{one['id']}: {node['html'][:160]} {node.get('failureSummary', '')[:200]}"
        for one in found
        for node in one["nodes"][:3]
    ]


def out_of_order(page: Page, elements: str = "", strings: Sequence[str] = ()) -> list[str]:
    """What an open page does not show from left to right, character by character, line by line.

    ``elements`` is a selector of what has to be in order as a whole, ``strings`` is text that has to be wherever it stands.
    """
    return page.evaluate(_ORDER, {"elements": elements, "strings": list(strings)})


def count(page: Page, string: str) -> int:
    """How often a string stands in what is shown of an open page."""
    return page.evaluate("string => document.body.innerText.split(string).length - 1", string)


_ORDER = """({elements, strings}) => {
  const letters = node => {
    const walker = document.createTreeWalker(node, NodeFilter.SHOW_TEXT), found = [];
    for (let text = walker.nextNode(); text; text = walker.nextNode()) {
      const style = text.parentElement.closest("style, script, title, desc, .katex-mathml");
      if (!style) for (let at = 0; at < text.length; at++) found.push([text, at, text.data[at]]);
    }
    return found;
  };
  const boxes = those => those.filter(([, , sign]) => !/[\\s\\u200c-\\u200f]/.test(sign)).map(([text, at]) => {
    const range = document.createRange();
    range.setStart(text, at); range.setEnd(text, at + 1);
    return range.getClientRects()[0];
  });
  const rises = those => {
    const seen = boxes(those);
    if (seen.some(box => !box)) return true;  // not shown
    for (let at = 1; at < seen.length; at++) {
      const [one, next] = [seen[at - 1], seen[at]];
      const sameLine = Math.abs(one.top + one.bottom - next.top - next.bottom) < one.height;
      if (sameLine && next.left < one.left - 0.5) return false;
    }
    return true;
  };
  const wrong = [];
  for (const element of elements ? document.querySelectorAll(elements) : []) {
    if (/[\\u0621-\\u064a\\u06a9\\u06cc]/.test(element.textContent)) continue;  // words of a comment in it
    if (!rises(letters(element))) wrong.push(element.textContent.slice(0, 80));
  }
  if (strings.length) {
    const all = letters(document.body), whole = all.map(([, , sign]) => sign).join("");
    for (const string of strings) {
      for (let at = whole.indexOf(string); at >= 0; at = whole.indexOf(string, at + 1)) {
        if (!rises(all.slice(at, at + string.length))) wrong.push(whole.slice(Math.max(0, at - 20), at + string.length + 20));
      }
    }
  }
  return wrong;
}"""
