"""Each guard is attacked, and each attack succeeds once its guard is taken away.

The attacks are the real thing: requests with another Host or Origin, pages of another site in a browser, a stolen link, and
whatever a student can write into an answer.
"""

from __future__ import annotations

import http.client
import http.server
import threading
from contextlib import contextmanager

import httpx
import pytest

from autograder.gradebook.marking_file import FILE, MarkingFile
from autograder.model import Picture
from autograder.web import guards, sheet, shown
from tests.engine.web import made
from tests.engine.web.made import PART
from tests.engine.web.served import Member, ended, here, opened, press, started

pytestmark = pytest.mark.slow

PNG = bytes.fromhex(
    "89504e470d0a1a0a0000000d49484452000000010000000108060000001f15c4890000000d49444154789c626001000000ffff03000006000557bfabd40000000049454e44ae426082"
)


@contextmanager
def site(page: str):
    """Another site on this machine: it serves one page."""

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_GET(self):
            self.send_response(200)
            self.send_header("content-type", "text/html")
            self.end_headers()
            self.wfile.write(page.encode())

        def log_message(self, *_):
            pass

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://localhost:{server.server_port}/"
    finally:
        server.shutdown()


def nothing(*_):
    return ""


# ---- another name for this address


def rebound(served, cookie: str, host: str) -> int:
    connection = http.client.HTTPConnection("127.0.0.1", served.port)
    connection.request("GET", "/en/mark/w1", headers={"Host": host, "Cookie": cookie})
    return connection.getresponse().status


@pytest.mark.parametrize(
    "host", ["evil.example:{port}", "127.0.0.1", "localhost", "127.0.0.1:80", "127.0.0.1:{port}.evil.example", ""]
)
def test_another_host_gets_nothing(course, results, monkeypatch, host):
    with here(course, results) as served, Member(served) as sara:
        cookie = "; ".join(f"{name}={value}" for name, value in sara.cookies.items())
        assert rebound(served, cookie, f"127.0.0.1:{served.port}") == 200
        host = host.format(port=served.port)
        assert rebound(served, cookie, host) == 403
        monkeypatch.setattr(guards, "foreign_host", nothing)
        assert rebound(served, cookie, host) == 200


# ---- another site's page


def flagged(results) -> int:
    with MarkingFile(results / FILE) as file:
        return len(file.flags())


@pytest.mark.parametrize(
    "headers", [{"origin": "http://evil.example"}, {"origin": "null"}, {}, {"sec-fetch-site": "cross-site"}]
)
def test_a_post_of_another_origin_changes_nothing(course, results, monkeypatch, headers):
    with here(course, results) as served, Member(served) as sara:
        body = {"answer": sara.page()["answers"][0]["id"], "raised": True, "note": "forged"}
        if "origin" not in headers and headers:
            headers = {**headers, "origin": served.address}

        def forged() -> int:
            request = httpx.Request("POST", f"{served.address}/api/flag", json=body, headers=headers)
            request.headers["cookie"] = "; ".join(f"{name}={value}" for name, value in sara.cookies.items())
            return httpx.Client().send(request).status_code

        assert forged() == 403 and flagged(results) == 0
        monkeypatch.setattr(guards, "foreign_page", nothing)
        assert forged() == 200 and flagged(results) == 1


FORGERY = """<script>
fetch('{address}/api/flag', {{method: 'POST', mode: 'no-cors', credentials: 'include', body: JSON.stringify({{answer: '{answer}', raised: true, note: 'forged'}})}})
  .finally(() => document.title = 'done');
</script>"""


def test_another_site_s_page_in_the_marker_s_browser_can_post_nothing(browser, course, results, monkeypatch):
    """localhost and 127.0.0.1 are two sites; without the check and without the strict cookie the forgery arrives."""
    with here(course, results) as served, opened(browser, served.links["Sara"]) as page:
        one = page.evaluate("() => JSON.parse(document.getElementById('data').textContent).answers[0].id")
        with site(FORGERY.format(address=served.address, answer=one)) as address:

            def attack():
                other = page.context.new_page()
                other.goto(address)
                other.wait_for_function("() => document.title === 'done'")
                other.close()
                return flagged(results)

            assert attack() == 0
            monkeypatch.setattr(guards, "foreign_page", nothing)
            assert attack() == 0, "the cookie is strict: it does not go along"
            monkeypatch.setattr(guards, "member", lambda scope, headers, people, port: people.markers[0])
            assert attack() == 1


def test_another_site_cannot_frame_the_page(browser, course, results, monkeypatch):
    with here(course, results) as served, opened(browser, served.links["Sara"]) as page:
        with site(f'<iframe src="{served.address}/static/mark.css"></iframe>') as address:

            def framed() -> bool:
                other = page.context.new_page()
                other.goto(address)
                other.wait_for_timeout(300)
                found = any(frame.url.startswith(served.address) and "--ink" in frame.content() for frame in other.frames)
                other.close()
                return found

            assert not framed()
            monkeypatch.setattr(guards, "foreign_page", nothing)
            monkeypatch.setattr(guards, "member", lambda scope, headers, people, port: people.markers[0])
            assert not framed()
            monkeypatch.setattr(guards, "HEADERS", {})
            assert framed()


# ---- strangers


def test_without_a_cookie_there_is_nothing(course, results, monkeypatch):
    paths = ["/", "/en/mark/w1", "/en/quality", "/static/mark.js", "/picture/x/0", "/nothing"]
    with here(course, results) as served:
        assert {httpx.get(served.address + path).status_code for path in paths} == {403}
        posted = httpx.post(served.address + "/api/next", json={"part": PART}, headers={"origin": served.address})
        assert posted.status_code == 403 and "smallest" not in posted.text
        monkeypatch.setattr(guards, "stranger", nothing)
        assert httpx.get(served.address + "/static/mark.js").status_code == 200


def test_a_cookie_is_strict_hidden_from_scripts_and_named_after_the_port(browser, course, results):
    with here(course, results) as served, opened(browser, served.links["Sara"]) as page:
        (cookie,) = page.context.cookies()
        assert (cookie["name"], cookie["httpOnly"], cookie["sameSite"]) == (f"convgrade-{served.port}", True, "Strict")
        assert cookie["expires"] == -1 and page.evaluate("() => document.cookie") == ""


def test_a_guessed_link_opens_nothing(course, results):
    with here(course, results) as served:
        for token in ("", "x", served.links["Sara"][-10:], served.links["Sara"].rpartition("/")[2] + "x", "%00", "é"):
            assert httpx.get(f"{served.address}/in/{token}").status_code in (403, 404)


def test_a_stolen_link_and_a_stolen_cookie_end_with_the_run(config, results):
    first = started(config, results)
    stolen = first.links["Sara"]
    with httpx.Client() as thief:
        assert thief.get(stolen).status_code == 200
        assert thief.get(f"{first.address}/en/mark/w1").status_code == 200
        assert ended(first) == 0
        second = started(config, results, port=first.port)
        try:
            assert thief.get(f"{second.address}/en/mark/w1").status_code == 403
            assert thief.get(stolen).status_code == 403
            assert thief.get(second.links["Sara"]).status_code == 200
        finally:
            ended(second)


def test_only_this_machine_is_listened_to(config, results):
    served = started(config, results)
    try:
        table = [line.split() for line in open("/proc/net/tcp").readlines()[1:]]
        own = {row[1] for row in table if row[3] == "0A" and int(row[1].split(":")[1], 16) == served.port}
        assert own == {f"0100007F:{served.port:04X}"}
    finally:
        ended(served)


def test_every_reply_carries_the_headers(course, results):
    with here(course, results) as served, Member(served) as sara:
        replies = [sara.get(path) for path in ("/en/mark/w1", "/en/quality", "/static/mark.js", "/nothing", "/api/next")]
        replies += [httpx.get(served.address), httpx.get(served.links["Sara"]), sara.post("/api/save", content=b"{")]
        for reply in replies:
            assert {name: reply.headers.get(name) for name in guards.HEADERS} == guards.HEADERS
            assert "server" not in reply.headers


@pytest.mark.parametrize(
    "body, status",
    [
        (b"", 400),
        (b"[]", 400),
        (b"{}", 400),
        (b'{"part": "q9.written.w9"}', 404),
        (b'{"part": 1}', 400),
        (b"x" * (1 << 20), 413),
        (b'{"part": "w1", "more": 1}', 400),
    ],
)
def test_what_the_page_never_sends_is_refused(course, results, body, status):
    with here(course, results) as served, Member(served) as sara:
        assert sara.post("/api/next", content=body).status_code == status


def test_a_save_that_the_page_cannot_have_sent_is_refused(course, results):
    with here(course, results) as served, Member(served) as sara:
        page = sara.page()
        one, rubric = page["answers"][0], page["rubric"]
        whole = {name: {"met": True, "sentence": "s"} for name in ("what", "value", "place")}
        good = {"save": "1", "answer": one["id"], "hash": one["hash"], "rubric": rubric["hash"], "met": whole}
        for wrong in (
            {"answer": "x"},
            {"met": {}},
            {"met": {"what": whole["what"]}},
            {"met": whole | {"more": whole["what"]}},
            {"save": ""},
            {"hash": "h" * 500},
        ):
            assert sara.post("/api/save", json=good | wrong).status_code == 409
        assert sara.post("/api/save", json=good | {"seconds": -1e9}).status_code == 200
        with MarkingFile(results / FILE) as file:
            (reading,) = file.standing()
        assert reading.seconds == 0


# ---- what students write

EVIL = "<script>document.title='owned'</script><img src=x onerror=\"document.title='owned'\">"
HOSTILE = {
    "html": EVIL,
    "markdown": f"[click](javascript:document.title='owned') ![p](http://evil.example/p.png) <http://evil.example/> **bold** {EVIL}",
    "code": f"```html\n{EVIL}\n```\n\n`{EVIL}`",
    "formula": "$\\href{javascript:alert(1)}{x}$ $\\style{background:url(http://evil.example/)}{y}$ $\\text{"
    + EVIL.replace("$", "")
    + "}$",
    "close": "</script><script>document.title='owned'</script><!--",
    "bidi": "right \u202eedoc\u202c zero\u200bwidth \u2066isolate\u2069 tag\U000e0041 filler\u3164 ok",
}


def evil_class(results, course):
    made.graded(results, course, HOSTILE, names=dict.fromkeys(HOSTILE, EVIL))


def walk(browser, served, look):
    with opened(browser, served.links["Sara"]) as page:
        asked: list[str] = []
        page.on("request", lambda request: asked.append(request.url))
        for answer in served.desk.answers[PART]:
            page.goto(f"{served.address}/en/mark/w1?answer={answer.id}")
            page.wait_for_selector("#answer .head")
            page.click("#name")
            page.wait_for_timeout(50)
            look(answer.student, page)
        assert all(url.startswith(served.address) for url in asked)
        assert (
            page.locator(
                "#answer script, #answer a, #answer img, #answer iframe, #answer [style], #answer [onerror]"
            ).count()
            == 0
        )


def test_a_hostile_answer_and_a_hostile_name_are_text(browser, tmp_path, course):
    evil_class(tmp_path / "out", course)

    def look(student, page):
        assert page.title().startswith("w1"), student
        assert page.inner_text("#name") == EVIL
        seen = page.inner_text("#answer .text")
        if student == "bidi":
            for code in ("U+202E", "U+202C", "U+200B", "U+2066", "U+2069", "U+E0041", "U+3164"):
                assert code in seen
            assert not set(seen) & set("\u202e\u202c\u200b\u2066\u2069\u3164")
        elif student != "formula":
            assert "owned" in seen, "it is there to be read"

    with here(course, tmp_path / "out") as served:
        walk(browser, served, look)


def test_a_hostile_comment_note_and_request_are_text_on_both_pages(browser, course, results):
    with here(course, results, (EVIL[:39], "Ali")) as served:
        name = next(iter(served.links))
        with Member(served, name) as sara, Member(served, "Ali") as ali:
            page = sara.page()
            one = page["answers"][0]
            sara.save(page, one, {"what": True, "value": True, "place": True}, comment=EVIL)
            ali.save(ali.page(), one, {"what": False, "value": True, "place": True}, comment=EVIL)
            sara.ask("/api/flag", answer=one["id"], raised=True, note=EVIL)
        with opened(browser, served.links["Ali"]) as page:
            for path in (f"/en/mark/w1?mode=settle&answer={one['id']}", "/en/quality"):
                page.goto(served.address + path)
                page.wait_for_timeout(300)
                assert "owned" not in page.title() and "owned" in page.inner_text("main")
                assert page.locator("main script, main img, main [onerror]").count() == 0
            page.goto(f"{served.address}/en/mark/w1?mode=settle&answer={one['id']}")
            press(page, "m")
            page.wait_for_selector("#ask[open]")
            assert "owned" in page.inner_text("#ask") and "owned" not in page.title()


@pytest.mark.thorough
def test_were_an_answer_shown_as_html_the_policy_would_still_hold_and_without_it_the_script_runs(
    browser, tmp_path, course, monkeypatch
):
    """Two walls: text is never markup, and the policy allows no script but the page's own. Only without both it runs."""
    evil_class(tmp_path / "out", course)
    script = "made.append(...pieces(rest, false));"
    loose = "made.append(...pieces(rest, false)); if (tag === 'p') made.innerHTML = rest.filter((one) => typeof one === 'string').join('');"
    from autograder.web import app

    source = app._static("mark.js").decode()
    assert script in source
    with here(course, tmp_path / "out") as served:
        one = next(a for a in served.desk.answers[PART] if a.student == "html").id

        def owned() -> bool:
            context = browser.new_context()
            page = context.new_page()
            page.goto(served.links["Sara"])
            page.wait_for_url("**/mark/**")
            page.goto(f"{served.address}/en/mark/w1?answer={one}")
            page.wait_for_timeout(600)
            title = page.title()
            context.close()
            return title == "owned"

        assert not owned()
        monkeypatch.setattr(
            app, "_static", lambda name: source.replace(script, loose).encode() if name == "mark.js" else b""
        )
        assert not owned()
        monkeypatch.setattr(guards, "HEADERS", {"cache-control": "no-store"})
        assert owned()


@pytest.mark.thorough
def test_invisible_characters_would_turn_the_line_round_if_they_were_not_shown(browser, tmp_path, course, monkeypatch):
    evil_class(tmp_path / "out", course)
    seen = {}

    def look(student, page):
        seen[student] = page.locator("#answer .text").text_content()

    with here(course, tmp_path / "out") as served:
        walk(browser, served, look)
        assert "\u202e" not in seen["bidi"]
        monkeypatch.setattr(shown, "_hidden", lambda *_: False)
        shown.markdown.cache_clear()
        walk(browser, served, look)
        shown.markdown.cache_clear()
    assert "\u202e" in seen["bidi"]


@pytest.mark.parametrize(
    "type, data, shown_as",
    [
        ("image/png", PNG, "image/png"),
        ("image/svg+xml", b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>", None),
        ("text/html", EVIL.encode(), None),
        ("image/png", EVIL.encode(), None),
        ("image/gif", b"GIF89a" + EVIL.encode(), "image/gif"),
    ],
)
def test_a_picture_is_a_picture_by_its_first_bytes_and_nothing_else_is_served(
    tmp_path, course, monkeypatch, type, data, shown_as
):
    made.graded(tmp_path / "out", course, {"ada": "See the picture."}, pictures={"ada": (Picture(type, data),)})
    with here(course, tmp_path / "out") as served, Member(served) as sara:
        (one,) = sara.page()["answers"]
        reply = sara.get(f"/picture/{one['id']}/0")
        assert (one["pictures"], one["unshown"]) == (([0], 0) if shown_as else ([], 1))
        assert reply.status_code == (200 if shown_as else 404)
        if shown_as:
            assert reply.headers["content-type"] == shown_as and reply.headers["x-content-type-options"] == "nosniff"
        else:
            monkeypatch.setattr(sheet, "is_picture", lambda *_: True)
            assert sara.get(f"/picture/{one['id']}/0").content == data
        assert sara.get(f"/picture/{one['id']}/1").status_code == 404


def test_a_long_hostile_answer_is_served_soon(tmp_path, course):
    import time

    texts = {
        "stars": "*a " * 21_000,
        "brackets": "[" * 19_999,
        "accents": "e" + "\u0301" * 50_000,
        "dollars": "$a" * 10_000,
        "same": "a " * 32_000,
    }
    made.graded(tmp_path / "out", course, texts)
    with here(course, tmp_path / "out") as served, Member(served) as sara:
        for one in served.desk.answers[PART]:
            before = time.monotonic()
            sara.ask("/api/answer", answer=one.id)
            sara.ask("/api/similar", answer=one.id)
            assert time.monotonic() - before < 5, one.student


def test_a_page_that_is_not_ours_is_no_word_longer_than_it_need_be(course, results):
    with here(course, results) as served:
        told = httpx.get(served.address).text
        assert "convgrade mark" in told and "پیوند" in told and "smallest" not in told
