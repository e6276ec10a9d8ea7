"""``convgrade mark``: start the marking page, say where it is, and end with Ctrl-C."""

from __future__ import annotations

import contextlib
import signal
import socket
import threading
import webbrowser
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import uvicorn

from autograder.course.course import Course
from autograder.errors import ConvgradeError
from autograder.web.app import Place
from autograder.web.desk import Desk, Wishes
from autograder.web.guards import ENTRANCE
from autograder.web.people import People


def serve(
    course: Course, results: Path, names: Sequence[str], port: int, wishes: Wishes, browser: bool, say: Callable[[str], None]
) -> None:
    """Serve until Ctrl-C or SIGTERM. Raises ConvgradeError before anything is served."""
    people = People.named(names)
    desk = Desk(course, results, wishes)
    try:
        with listening(port) as own:
            port = own.getsockname()[1]
            for note in desk.notes:
                say(f"convgrade: {note}")
            for marker in people.markers:
                say(f"{marker.name}: {link(port, marker.token)}")
            say("convgrade: the marking page is open; Ctrl-C ends it and every link.")
            if browser:
                threading.Thread(target=_open, args=(link(port, people.markers[0].token), say), daemon=True).start()
            server(Place(desk, people, port).app()).run(sockets=[own])
    finally:
        desk.close()


def link(port: int, token: str) -> str:
    """A marker's own link."""
    return f"http://127.0.0.1:{port}{ENTRANCE}{token}"


@contextlib.contextmanager
def listening(port: int) -> Iterator[socket.socket]:
    """A socket on this machine's own address. Raises ConvgradeError where the port is taken."""
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as own:
        own.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            own.bind(("127.0.0.1", port))
            own.listen(64)
        except OSError as error:
            todo = "Is `convgrade mark` running already? End that one, or choose another with --port."
            raise ConvgradeError(f"it cannot be used: {error.strerror}", where=f"--port {port}", todo=todo) from None
        yield own


class _Server(uvicorn.Server):
    """Ends quietly: a Ctrl-C is how a marking session ends, not a failure."""

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        if threading.current_thread() is not threading.main_thread():
            yield
            return
        before = {number: signal.signal(number, self.handle_exit) for number in (signal.SIGINT, signal.SIGTERM)}
        try:
            yield
        finally:
            for number, handler in before.items():
                signal.signal(number, handler)


def server(app) -> uvicorn.Server:
    """uvicorn without anything that a page on one machine does not need."""
    config = uvicorn.Config(
        app,
        lifespan="off",
        ws="none",
        http="h11",
        loop="asyncio",
        log_level="warning",
        access_log=False,
        proxy_headers=False,
        server_header=False,
        timeout_graceful_shutdown=1,
        timeout_keep_alive=60,
    )
    return _Server(config)


def _open(address: str, say: Callable[[str], None]) -> None:
    try:
        opened = webbrowser.open(address)
    except (webbrowser.Error, OSError):
        opened = False
    if not opened:
        say("convgrade: no browser could be opened here; open the link yourself.")
