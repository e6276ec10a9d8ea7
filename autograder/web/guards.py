"""Who may ask what: the checks that every request passes, and the headers that every reply carries.

The page is served on this machine's own address, but other programs, other pages in the same browser and other users of the
machine reach that address too. Each check below keeps one of them out.
"""

from __future__ import annotations

from starlette.datastructures import Headers
from starlette.requests import Request
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from autograder.web.people import Marker, People
from autograder.words import say_all

HEADERS = {
    "content-security-policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; base-uri 'none'; "
        "form-action 'none'; frame-ancestors 'none'; require-trusted-types-for 'script'; trusted-types 'none'"
    ),
    "x-content-type-options": "nosniff",
    "cache-control": "no-store",
    "referrer-policy": "no-referrer",
    "x-frame-options": "DENY",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "permissions-policy": "camera=(), microphone=(), geolocation=()",
}
ENTRANCE = "/in/"  # where a link leads; the only address that asks for no cookie


class Guard:
    """The checks, around the whole application."""

    def __init__(self, app: ASGIApp, people: People, port: int):
        self.app, self.people, self.port = app, people, port

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            return
        headers = Headers(scope=scope)
        scope["state"] = {"marker": (marker := member(scope, headers, self.people, self.port))}
        refused = foreign_host(headers, self.port) or foreign_page(scope, headers, self.port) or stranger(scope, marker)
        reply = PlainTextResponse(say_all(refused), 403) if refused else self.app
        await reply(scope, receive, _with_headers(send))


def hosts(port: int) -> tuple[str, ...]:
    """Our own address, as a browser names it."""
    return f"127.0.0.1:{port}", f"localhost:{port}"


def foreign_host(headers: Headers, port: int) -> str:
    """The refusal's message key if ``Host`` is not our own address (DNS rebinding), else ""."""
    return "" if headers.getlist("host") in ([host] for host in hosts(port)) else "mark.refused.host"


def foreign_page(scope: Scope, headers: Headers, port: int) -> str:
    """The refusal's message key if another site's page sent the request (browsers say which page did), else ""."""
    own = [[f"http://{host}"] for host in hosts(port)]
    site = headers.get("sec-fetch-site", "same-origin")
    if scope["method"] not in ("GET", "HEAD"):
        return "" if headers.getlist("origin") in own and site == "same-origin" else "mark.refused.origin"
    # A link in another program may be followed; nothing else is handed to another site.
    followed = (
        headers.get("sec-fetch-mode", "navigate") == "navigate" and headers.get("sec-fetch-dest", "document") == "document"
    )
    return "" if site in ("same-origin", "none") or followed else "mark.refused.origin"


def stranger(scope: Scope, marker: Marker | None) -> str:
    """The refusal's message key unless the request carries the cookie of one of this run's links, else ""."""
    return "" if marker is not None or scope["path"].startswith(ENTRANCE) else "mark.refused.cookie"


def cookie_name(port: int) -> str:
    """Cookies do not know ports, so the name does: two servers on one machine keep theirs apart."""
    return f"convgrade-{port}"


def member(scope: Scope, headers: Headers, people: People, port: int) -> Marker | None:
    """Whose cookie the request carries."""
    return people.of(Request(scope).cookies.get(cookie_name(port)))


def _with_headers(send: Send) -> Send:
    async def sent(message: Message) -> None:
        if message["type"] == "http.response.start":
            ours = [(name.encode(), value.encode()) for name, value in HEADERS.items()]
            message["headers"] = [pair for pair in message["headers"] if pair[0].decode() not in HEADERS] + ours
        await send(message)

    return sent
