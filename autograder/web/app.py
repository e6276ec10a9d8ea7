"""Which address does what. Everything asked here comes from a known marker: see ``guards``."""

from __future__ import annotations

from functools import cache
from importlib import resources
from typing import Any, TypeVar

import jinja2
import msgspec
from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, RedirectResponse, Response
from starlette.routing import Route

from autograder.errors import ConvgradeError
from autograder.model import LANGUAGES, Language, Struct
from autograder.report import look
from autograder.web import guards, quality, queue, saving, sheet
from autograder.web.answers import Answer
from autograder.web.desk import Desk
from autograder.web.page import page_data, rubric_data
from autograder.web.people import Marker, People
from autograder.web.queue import MODES, Mode

MOST_BODY = 64 << 10
AHEAD = 2  # answers that the page has ready
LOOK = "look.css"  # what every page of the engine begins with
STATIC = {"mark.js": "text/javascript", "mark.css": "text/css", LOOK: "text/css"}
T = TypeVar("T")


class Wanted(Struct):
    """The page asks for its next answers, and tells which it has."""

    part: str
    mode: Mode = "mark"
    has: list[str] = []


class Pointed(Struct):
    """The page means one answer."""

    answer: str
    mode: Mode = "mark"
    raised: bool = False
    note: str = ""
    rubric: str = ""
    hash: str = ""


class Place:
    """The application's routes over one desk."""

    def __init__(self, desk: Desk, people: People, port: int):
        self.desk, self.people, self.port = desk, people, port

    def app(self) -> guards.Guard:
        """The whole application behind its guard."""
        posts = {
            "/api/next": self.next,
            "/api/save": self.save,
            "/api/undo": self.undo,
            "/api/answer": self.answer,
            "/api/flag": self.flag,
            "/api/name": self.name,
            "/api/similar": self.similar,
            "/api/pulse": self.pulse,
            "/api/comments": self.comments,
        }
        routes = [
            Route(guards.ENTRANCE + "{token}", self.enter),
            Route("/", self.home),
            Route("/{language}/mark/{part}", self.page),
            Route("/{language}/quality", self.quality),
            Route("/static/{name}", static),
            Route("/picture/{answer}/{number:int}", self.picture),
            *(Route(path, handler, methods=["POST"]) for path, handler in posts.items()),
        ]
        handlers = {ConvgradeError: _failed}
        return guards.Guard(Starlette(routes=routes, exception_handlers=handlers), self.people, self.port)

    # ---- pages

    async def enter(self, request: Request) -> Response:
        session = self.people.enter(request.path_params["token"])
        if session is None:
            raise HTTPException(403, guards.say_all("mark.refused.link"))
        # A page that goes on by itself: a redirect from another site's page would come without the strict cookie.
        reply = HTMLResponse('<!doctype html><meta http-equiv="refresh" content="0;url=/"><title>convgrade</title>')
        reply.set_cookie(guards.cookie_name(self.port), session, httponly=True, samesite="strict", path="/")
        return reply

    async def home(self, request: Request) -> Response:
        self.desk.refresh()
        language = "fa" if request.headers.get("accept-language", "").lower().startswith("fa") else "en"
        left = (part for part in self.desk.parts if queue.counts(self.desk, part.id, _marker(request))["left"])
        part = next(left, self.desk.parts[0])
        return RedirectResponse(f"/{language}/mark/{part.name}", 303)

    async def page(self, request: Request) -> Response:
        self.desk.refresh()
        part = next((one for one in self.desk.parts if one.name == request.path_params["part"]), None)
        mode = request.query_params.get("mode", "mark")
        if part is None or mode not in MODES:
            raise HTTPException(404)
        language, marker = _language(request), _marker(request)
        work = self._next(marker, Wanted(part.id, mode, [one for one in [request.query_params.get("answer")] if one]))
        data = page_data(self.desk, part, mode, language, marker) | work
        if (chosen := self.desk.by_id.get(request.query_params.get("answer", ""))) and chosen.part == part.id:
            data["answers"] = [sheet.of(self.desk, chosen, marker, mode), *data["answers"]]
        return HTMLResponse(
            templates().get_template("page.html.j2").render(data=data, language=language, words=data["words"])
        )

    async def quality(self, request: Request) -> Response:
        self.desk.refresh()
        language = _language(request)
        facts = quality.facts(self.desk, _marker(request), language)
        return HTMLResponse(templates().get_template("quality.html.j2").render(**facts))

    async def picture(self, request: Request) -> Response:
        answer, number = self._by_id(request.path_params["answer"]), request.path_params["number"]
        if number >= len(answer.pictures) or not sheet.is_picture(
            answer.pictures[number].type, answer.pictures[number].data
        ):
            raise HTTPException(404)
        return Response(answer.pictures[number].data, media_type=answer.pictures[number].type)

    # ---- what the page asks for

    async def next(self, request: Request) -> Response:
        wanted = await _body(request, Wanted)
        self.desk.refresh()
        return JSONResponse(self._next(_marker(request), wanted))

    async def save(self, request: Request) -> Response:
        sent = await _body(request, saving.Save)
        self.desk.refresh()
        added = saving.save(self.desk, _marker(request), sent)
        answer = self._by_id(sent.answer)
        others = sorted({one.who for one in self.desk.of(answer)} - {added[0].who}) if added[0].kind == "first" else []
        return JSONResponse(
            self._state(_marker(request), answer.part, sent.rubric)
            | {"saved": len(added), "others": others, "changed": answer.hash != sent.hash}
        )

    async def undo(self, request: Request) -> Response:
        wanted, marker = await _body(request, Wanted), _marker(request)
        self.desk.refresh()
        taken = saving.undo(self.desk, marker, wanted.part)
        if taken is None:
            return JSONResponse({"answer": None})
        answer = self.desk.by_student[taken.student, taken.part]
        self.desk.leases.hold(answer.id, marker.name)
        seen = sheet.of(self.desk, answer, marker, wanted.mode)
        seen |= {"met": {id: one.met for id, one in taken.met.items()}, "comment": taken.comment}
        return JSONResponse({"answer": seen, "counts": queue.counts(self.desk, wanted.part, marker)})

    async def answer(self, request: Request) -> Response:
        pointed, marker = await _body(request, Pointed), _marker(request)
        answer = self._by_id(pointed.answer)
        self.desk.leases.hold(answer.id, marker.name)
        return JSONResponse({"answer": sheet.of(self.desk, answer, marker, pointed.mode)})

    async def flag(self, request: Request) -> Response:
        pointed, marker = await _body(request, Pointed), _marker(request)
        answer = self._by_id(pointed.answer)
        saving.flag(self.desk, marker, answer, pointed.raised, pointed.note)
        return JSONResponse({"flag": sheet.of(self.desk, answer, marker, pointed.mode)["flag"]})

    async def name(self, request: Request) -> Response:
        return JSONResponse({"name": sheet.plain(self._by_id((await _body(request, Pointed)).answer).name)})

    async def similar(self, request: Request) -> Response:
        answer = self._by_id((await _body(request, Pointed)).answer)
        return JSONResponse({"similar": sheet.similar(self.desk, answer, _marker(request))})

    async def comments(self, request: Request) -> Response:
        return JSONResponse({"comments": saving.comments(self.desk, (await _body(request, Wanted)).part)})

    async def pulse(self, request: Request) -> Response:
        """A sign of life from an open page; it learns what has changed meanwhile."""
        pointed, marker = await _body(request, Pointed), _marker(request)
        self.desk.refresh()
        answer = self._by_id(pointed.answer)
        self.desk.leases.hold(answer.id, marker.name)
        held = self.desk.leases.others(answer.id, marker.name)
        changed = pointed.hash != answer.hash
        return JSONResponse(self._state(marker, answer.part, pointed.rubric) | {"held": held, "changed": changed})

    def _next(self, marker: Marker, wanted: Wanted) -> dict[str, Any]:
        if wanted.part not in self.desk.answers:
            raise HTTPException(404)
        upcoming = queue.upcoming(self.desk, wanted.part, marker, wanted.mode, wanted.has, AHEAD)
        answers = [sheet.of(self.desk, one, marker, wanted.mode) for one in upcoming]
        return {"answers": answers, "counts": queue.counts(self.desk, wanted.part, marker)}

    def _state(self, marker: Marker, part: str, rubric: str) -> dict[str, Any]:
        now = self.desk.rubrics[part]
        changed = {"rubric": rubric_data(now)} if now.hash != rubric else {}
        return {"counts": queue.counts(self.desk, part, marker), "trouble": self.desk.trouble, **changed}

    def _by_id(self, id: str) -> Answer:
        if id not in self.desk.by_id:
            raise saving.Refused("this answer is not in the class any more", todo="Reload the page.")
        return self.desk.by_id[id]


def _marker(request: Request) -> Marker:
    return request.scope["state"]["marker"]


def _language(request: Request) -> Language:
    if request.path_params["language"] not in LANGUAGES:
        raise HTTPException(404)
    return request.path_params["language"]


async def _body(request: Request, form: type[T]) -> T:
    """What was sent, in the form that is expected and no larger than the page sends it."""
    data = bytearray()
    async for piece in request.stream():
        data += piece
        if len(data) > MOST_BODY:
            raise HTTPException(413)
    try:
        return msgspec.json.decode(bytes(data), type=form)
    except msgspec.DecodeError as error:
        raise HTTPException(400, str(error)) from None


async def _failed(request: Request, error: Exception) -> Response:
    return JSONResponse({"problem": str(error)}, 409 if isinstance(error, saving.Refused) else 503)


async def static(request: Request) -> Response:
    name = request.path_params["name"]
    if name not in STATIC:
        raise HTTPException(404)
    return Response(_static(name), media_type=STATIC[name])


@cache
def _static(name: str) -> bytes:
    if name == LOOK:
        return look.css().encode()
    return resources.files("autograder.web").joinpath("static", name).read_bytes()


@cache
def templates() -> jinja2.Environment:
    """The environment of both pages; everything that is put into them is escaped."""
    return look.environment("autograder.web")
