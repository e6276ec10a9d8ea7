"""Several markers, an edited rubric, a class that is graded again: nothing is lost, and everybody learns of it."""

import pytest

from autograder.course.course import Course
from autograder.course.rubric import load
from autograder.gradebook.marking_file import FILE, MarkingFile, Request
from autograder.gradebook.readings import settled
from tests.engine.web import made
from tests.engine.web.conftest import TEXTS
from tests.engine.web.made import PART
from tests.engine.web.served import Member, answer, here, opened, press, saved

pytestmark = pytest.mark.slow

ALL = {"what": True, "value": True, "place": True}
NONE = dict.fromkeys(ALL, False)
TWO = ("Sara", "Ali")


def take_all(member, page, met, most=50, **more):
    """Read whatever comes next until nothing does; returns the answers in that order."""
    seen = []
    for _ in range(most):
        waiting = member.ask("/api/next", part=PART, mode=page["mode"], has=[])["answers"]
        if not waiting:
            return seen
        seen.append(waiting[0])
        member.save(page, waiting[0], met, **more)
    raise AssertionError("there is no end to it")


def test_two_markers_share_the_work_and_no_answer_comes_to_both(course, results):
    with here(course, results, TWO) as served, Member(served, "Sara") as sara, Member(served, "Ali") as ali:
        first = [one["id"] for one in sara.page()["answers"]]
        second = [one["id"] for one in ali.page()["answers"]]
        assert len(first) == len(second) == 2 and not {*first} & {*second}


def test_an_answer_that_somebody_has_open_says_so_and_keeps_nobody_out(browser, course, results):
    with here(course, results, TWO) as served, Member(served, "Ali") as ali, opened(browser, served.links["Sara"]) as page:
        here_id = page.evaluate("() => JSON.parse(document.getElementById('data').textContent).answers[0].id")
        ali.ask("/api/answer", answer=here_id)
        page.wait_for_selector(".banner.held", timeout=8000)
        assert "Ali has this answer open too" in page.inner_text(".banner.held")


def test_two_browsers_on_one_answer_keep_both_readings(browser, course, results):
    with here(course, results, TWO) as served:
        with opened(browser, served.links["Sara"]) as one, opened(browser, served.links["Ali"]) as other:
            while one.locator(".badge").count():
                press(one, "s")
                one.wait_for_timeout(60)
            id = served.desk.answers[PART]
            wanted = next(a.id for a in id if a.id.startswith(answer(one)[1:]))
            other.goto(f"{served.address}/en/mark/w1?answer={wanted}")
            other.wait_for_function(
                "(one) => document.querySelector('#answer h1')?.textContent.includes(one)", arg=answer(one)
            )
            press(one, "a", "Enter")
            saved(one)
            press(other, "0", "Enter")
            saved(other)
            press(other, "p")
            other.wait_for_selector("#answer .colleagues")
            assert "Sara" in other.inner_text("#answer .colleagues")
        student = next(a.student for a in id if a.id == wanted)
    with MarkingFile(results / FILE) as file:
        own = [one for one in file.standing() if one.student == student]
    assert {(one.who, one.met["what"].met) for one in own} == {("Sara", True), ("Ali", False)}
    (found,) = [one for key, one in settled(results / FILE, lambda: load(course)).items() if key[0] == student]
    assert found.cents is None and set(found.open) == {*ALL}


def test_a_disagreement_is_listed_and_only_what_is_in_dispute_is_undecided(course, results):
    with here(course, results, TWO) as served, Member(served, "Sara") as sara, Member(served, "Ali") as ali:
        page = sara.page()
        one = page["answers"][0]
        sara.save(page, one, ALL, comment="good")
        other = ali.ask("/api/answer", answer=one["id"])["answer"]
        assert other["colleagues"] == [] and other["met"] == {}, "who has not read it sees nobody's decisions"
        told = ali.save(ali.page(), other, ALL | {"place": False})
        assert told["counts"]["settle"] == 1
        listed = sara.page(mode="settle")
        (shown,) = listed["answers"]
        assert shown["met"] == {"what": True, "value": True} and {one["who"] for one in shown["colleagues"]} == {
            "Sara",
            "Ali",
        }
        assert sara.save(listed, shown, ALL | {"place": False}, comment="where?")["counts"]["settle"] == 0
    (found,) = settled(results / FILE, lambda: load(course)).values()
    assert (found.cents, found.open, found.comment, found.who) == (1500, (), "where?", ("Sara",))


def test_calibration_answers_come_first_to_everybody_and_a_part_is_read_twice_blind(course, results):
    with here(course, results, TWO, calibration=2, second=100) as served:
        with Member(served, "Sara") as sara, Member(served, "Ali") as ali:
            page = sara.page()
            assert [one["calibration"] for one in page["answers"]] == [True, True]
            mine = take_all(sara, page, ALL, repeat=False)
            assert len(mine) == 8
            theirs = take_all(ali, ali.page(), NONE)
            assert [one["id"] for one in theirs[:2]] == [one["id"] for one in mine[:2]]
            assert all(one["colleagues"] == [] and not one["read"] for one in theirs)
            assert len(theirs) == 7, "all but the empty one, which nobody needs to read twice"
            facts = sara.get("/en/quality").text
            assert "Ali" in facts and "Sara" in facts
    with MarkingFile(results / FILE) as file:
        kinds = [one.kind for one in file.standing()]
    assert kinds.count("calibration") == 4 and kinds.count("second") == 5 and kinds.count("first") == 6


def test_a_save_that_is_sent_twice_counts_once(course, results):
    with here(course, results) as served, Member(served) as sara:
        page = sara.page()
        for _ in range(2):
            sara.save(page, page["answers"][0], ALL, save="once")
    with MarkingFile(results / FILE) as file:
        assert len(file.standing()) == 1


# ---- the rubric is edited while people mark


def edited(config, old, new):
    path = config.parent / "assignment" / "q1_box.rubric.yml"
    assert old in path.read_text("utf-8")
    path.write_text(path.read_text("utf-8").replace(old, new), "utf-8")


def test_changed_points_recompute_and_nobody_reads_again(config, course, results):
    with here(course, results) as served, Member(served) as sara:
        page = sara.page()
        sara.save(page, page["answers"][0], ALL | {"value": False})
        edited(config, "points: 10", "points: 12")
        edited(
            config,
            'points: 5\n      en: "Says that a pixel has a place',
            'points: 3\n      en: "Says that a pixel has a place',
        )
        counts = sara.ask("/api/pulse", answer=page["answers"][1]["id"], rubric=page["rubric"]["hash"])
        assert counts["counts"]["again"] == 0 and [one["cents"] for one in counts["rubric"]["criteria"]] == [1200, 500, 300]
    (found,) = settled(results / FILE, lambda: load(Course.load(config))).values()
    assert found.cents == 1500 and not found.stale


def test_a_changed_sentence_lists_the_answers_to_read_again(config, course, results):
    with here(course, results) as served, Member(served) as sara:
        page = sara.page()
        sara.save(page, page["answers"][0], ALL)
        edited(config, "Says what a pixel is.", "Says what a pixel is, in one's own words.")
        again = sara.page(mode="again")
        (shown,) = again["answers"]
        assert shown["again"] == ["what"] and shown["met"] == {"value": True, "place": True}
        (stale,) = settled(results / FILE, lambda: load(Course.load(config))).values()
        assert stale.stale == ("what",) and stale.cents == 2000
        assert sara.save(again, shown, ALL | {"what": False})["counts"]["again"] == 0
    (found,) = settled(results / FILE, lambda: load(Course.load(config))).values()
    assert found.cents == 1000 and not found.stale


def test_a_new_criterion_leaves_an_answer_without_points_until_it_is_decided(config, course, results):
    with here(course, results) as served, Member(served) as sara:
        page = sara.page()
        sara.save(page, page["answers"][0], ALL)
        edited(
            config,
            "    - id: place\n      points: 5",
            "    - {id: unit, points: 1, en: Unit., fa: یکا.}\n    - id: place\n      points: 4",
        )
        assert sara.page(mode="again")["answers"][0]["again"] == ["unit"]
    (found,) = settled(results / FILE, lambda: load(Course.load(config))).values()
    assert found.cents is None and found.missing == ("unit",)


def test_others_see_that_the_rubric_changed_and_keep_what_still_holds(browser, config, course, results):
    with here(course, results) as served, opened(browser, served.links["Sara"]) as page:
        press(page, "a")
        edited(config, "Says what a pixel is.", "Says what a pixel is, in one's own words.")
        page.wait_for_selector(".banner.rubric", timeout=8000)
        assert page.locator(".criterion.open.changed").count() == 1 and page.locator(".criterion.met").count() == 2
        assert "own words" in page.inner_text(".criterion.changed")


def test_a_rubric_that_is_broken_meanwhile_is_named_and_the_earlier_one_holds(browser, config, course, results):
    with here(course, results) as served, opened(browser, served.links["Sara"]) as page:
        edited(config, "points: 10", "points: 11")
        page.wait_for_selector(".banner.rubric-trouble", timeout=8000)
        told = page.inner_text(".banner.rubric-trouble")
        assert "q1_box.rubric.yml:2" in told and "add up to 21.00" in told
        press(page, "a")
        assert "20 of 20" in page.inner_text(".sum")


# ---- the class is graded again while people mark


def test_a_changed_hand_in_is_asked_again_and_its_earlier_reading_is_shown(course, results):
    with here(course, results) as served, Member(served) as sara:
        page = sara.page()
        one = next(a for a in served.desk.answers[PART] if a.student == "hana")
        sara.save(page, sara.ask("/api/answer", answer=one.id)["answer"], NONE, comment="Look it up.")
        made.graded(results, course, TEXTS | {"hana": "I know now: a place with a value."})
        told = sara.ask("/api/pulse", answer=one.id, rubric=page["rubric"]["hash"], hash=one.hash)
        assert told["changed"] and told["counts"]["mine"] == 0 and told["counts"]["all"] == 8
        shown = sara.ask("/api/answer", answer=one.id)["answer"]
        assert shown["met"] == {} and shown["earlier"][0]["comment"] == ["Look it up."]
        pieces = shown["earlier"][0]["pieces"]
        assert pieces[0] == ["=", ["I "]] and ["+", ["know now: a place with a value."]] in pieces
    found = settled(results / FILE, lambda: load(course))
    assert all(key[2] != shown["hash"] for key in found), "the mark belongs to the text that was read"


def test_a_hand_in_that_changes_while_it_is_read_keeps_the_reading_for_the_earlier_text(browser, course, results):
    with here(course, results) as served, opened(browser, served.links["Sara"]) as page:
        while "do not know" not in page.inner_text("#answer .text"):
            press(page, "s")
            page.wait_for_timeout(60)
        made.graded(results, course, TEXTS | {"hana": "I know now."})
        press(page, "0", "Enter")
        page.wait_for_selector(".banner.regraded")
        assert "asked again" in page.inner_text(".banner.regraded")
        assert served.desk.settled(next(a for a in served.desk.answers[PART] if a.student == "hana")) is None


def test_a_new_student_takes_a_place_and_nobody_else_moves(course, results):
    with here(course, results) as served, Member(served) as sara:
        sara.page()
        before = [one.student for one in served.desk.answers[PART]]
        made.graded(results, course, TEXTS | {"ines": "A dot."})
        sara.page()
        after = [one.student for one in served.desk.answers[PART]]
    assert [one for one in after if one != "ines"] == before and "ines" in after and before != sorted(before)


# ---- regrade requests


def test_a_request_hangs_on_its_criterion_and_is_read_without_the_first_reader_s_name(course, results):
    with here(course, results, TWO) as served, Member(served, "Sara") as sara, Member(served, "Ali") as ali:
        page = sara.page()
        one = next(a for a in served.desk.answers[PART] if a.student == "cleo")
        sara.save(page, sara.ask("/api/answer", answer=one.id)["answer"], ALL | {"place": False}, comment="No place.")
        with MarkingFile(results / FILE) as file:
            request = Request("cleo", PART, "place", "I wrote: a place in the image.", "regrade.md", 1.0)
            assert (file.ask_again([request]), file.ask_again([request])) == (1, 0)
        listed = ali.page(mode="requests")
        (shown,) = listed["answers"]
        assert shown["requests"] == [{"criterion": "place", "words": ["I wrote: a place in the image."]}]
        assert (
            shown["met"] == {"what": True, "value": True}
            and "Sara" not in str(listed["answers"])
            and shown["said"] == ["No place."]
        )
        assert ali.save(listed, shown, ALL, comment="Right.")["counts"]["requests"] == 0
        assert ali.ask("/api/undo", part=PART, mode="requests")["counts"]["requests"] == 1
        ali.save(listed, shown, ALL, comment="Right.")
    (found,) = settled(results / FILE, lambda: load(course)).values()
    assert (found.cents, found.who, found.comment) == (2000, ("Ali",), "Right.")
