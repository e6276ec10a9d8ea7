"""The page by its keys alone, in English and in Persian, as a marker uses it."""

import pytest

from autograder.course.rubric import load
from autograder.gradebook.marking_file import FILE, MarkingFile
from autograder.gradebook.readings import settled
from tests.engine.web.made import PART
from tests.engine.web.served import answer, here, opened, press, saved

pytestmark = pytest.mark.slow


def readings(results):
    with MarkingFile(results / FILE) as file:
        return file.standing()


def undecided(page):
    return page.locator(".criterion.open").count()


def finish(page, *keys):
    """Mark with these keys until nothing is left; equal texts all at once."""
    for _ in range(20):
        if not answer(page):
            return
        before = answer(page)
        press(page, *keys, "Enter")
        page.wait_for_function(
            "(before) => document.querySelector('#ask[open]') || !document.querySelector('#answer .head h1')?.textContent.includes(before)",
            arg=before,
        )
        if page.locator("#ask[open]").count():
            press(page, "Enter")
            page.wait_for_function(
                "(before) => !document.querySelector('#answer .head h1')?.textContent.includes(before)", arg=before
            )
    raise AssertionError("there is no end to it")


@pytest.mark.parametrize("language", ["en", "fa"])
def test_a_class_is_marked_by_keyboard_alone(browser, course, results, language):
    with here(course, results) as served, opened(browser, served.links["Sara"], language) as page:
        assert page.locator("html").get_attribute("dir") == {"en": "ltr", "fa": "rtl"}[language]
        finish(page, "1", "Shift+Digit2", "3")
        saved(page)
    found = settled(results / FILE, lambda: load(course))
    assert len(found) == 8 and {one.cents for one in found.values()} == {1500}
    assert {one.met["value"] for one in found.values()} == {False} and {one.who for one in found.values()} == {("Sara",)}
    first = [one for one in readings(results) if one.copy_of is None]
    assert len(first) == 6, "equal texts are read once"
    assert all(0 < one.seconds < 60 for one in first)


def test_keys_do_what_the_help_says(browser, course, results):
    with here(course, results) as served, opened(browser, served.links["Sara"]) as page:
        pressed = page.locator(".choice[aria-pressed=true]")
        press(page, "1")
        assert pressed.evaluate_all("all => all.map(one => one.dataset.focus)") == ["what-met"]
        press(page, "1")
        assert pressed.evaluate_all("all => all.map(one => one.dataset.focus)") == ["what-unmet"]
        press(page, "Shift+Digit1")
        assert undecided(page) == 3
        press(page, "a")
        assert page.locator(".criterion.met").count() == 3 and "20 of 20" in page.inner_text(".sum")
        press(page, "0")
        assert page.locator(".criterion.unmet").count() == 3 and "0 of 20" in page.inner_text(".sum")
        press(page, "u")
        assert page.locator(".criterion.met").count() == 3
        press(page, "x")
        assert page.locator("#sample").get_attribute("open") is not None
        press(page, "g")
        assert page.locator("#group").get_attribute("open") is not None
        assert "Says what" in page.inner_text("#rubric")
        press(page, "l")
        assert "می‌گوید" in page.inner_text("#rubric") and page.locator("#rubric p[lang=fa][dir=rtl]").count() == 3
        press(page, "?")
        assert page.locator("#help[open] dt").count() == 18
        press(page, "Escape")
        page.wait_for_selector("#help:not([open])", state="attached")  # closing gives the focus back a moment later
        press(page, "c")
        page.wait_for_function("document.activeElement.id === 'comment'")
        page.keyboard.type("1 a S: nothing of this is a key")
        press(page, "Escape")
        assert page.evaluate("document.activeElement.id") == "main"
        one = answer(page)
        press(page, "s")
        page.wait_for_function("(one) => !document.querySelector('#answer h1').textContent.includes(one)", arg=one)
        assert undecided(page) == 3 and page.input_value("#comment") == ""
    assert readings(results) == []


def test_enter_does_not_save_while_a_criterion_is_undecided(browser, course, results):
    with here(course, results) as served, opened(browser, served.links["Sara"]) as page:
        before = answer(page)
        press(page, "1", "Enter")
        assert answer(page) == before and "2 undecided" in page.inner_text("#saved")
    assert readings(results) == []


# What a keyboard with a Persian layout sends, and digits of several scripts.
@pytest.mark.parametrize(
    "event, state",
    [
        ({"key": "۲", "code": "Digit2"}, "value-met"),
        ({"key": "٢", "code": "Digit2"}, "value-met"),
        ({"key": "२", "code": "Digit2"}, "value-met"),
        ({"key": "𝟚", "code": ""}, "value-met"),
        ({"key": "é", "code": "Digit2"}, "value-met"),
        ({"key": "٬", "code": "Digit2", "shiftKey": True}, "value-unmet"),
        ({"key": "2", "code": "Digit2", "shiftKey": True}, "value-unmet"),
        ({"key": "۲", "code": "Numpad2"}, "value-met"),
    ],
)
def test_a_digit_counts_by_its_value_in_every_script(browser, course, results, event, state):
    with here(course, results) as served, opened(browser, served.links["Sara"]) as page:
        page.evaluate(
            "(event) => document.body.dispatchEvent(new KeyboardEvent('keydown', {...event, bubbles: true}))", event
        )
        assert page.locator(".choice[aria-pressed=true]").evaluate_all("all => all.map(one => one.dataset.focus)") == [state]


def test_letters_work_on_a_persian_layout_by_their_place(browser, course, results):
    def persian(page, key, code):
        given = {"key": key, "code": code}
        page.evaluate(
            "(event) => document.body.dispatchEvent(new KeyboardEvent('keydown', {...event, bubbles: true}))", given
        )

    with here(course, results) as served, opened(browser, served.links["Sara"], "fa") as page:
        persian(page, "ش", "KeyA")
        assert page.locator(".criterion.met").count() == 3
        persian(page, "ع", "KeyU")
        assert undecided(page) == 3
        persian(page, "؟", "Slash")
        assert page.locator("#help[open]").count() == 1
        press(page, "Escape")
        persian(page, "ز", "KeyC")
        assert page.evaluate("document.activeElement.id") == "comment"


def test_control_enter_saves_from_the_comment_and_leaves_it(browser, course, results):
    with here(course, results) as served, opened(browser, served.links["Sara"]) as page:
        while page.locator(".badge").count():  # one without equals
            press(page, "s")
            page.wait_for_timeout(60)
        before = answer(page)
        press(page, "a", "c")
        page.keyboard.type("خوب است")
        press(page, "Control+Enter")
        page.wait_for_function("(one) => !document.querySelector('#answer h1').textContent.includes(one)", arg=before)
        assert page.evaluate("document.activeElement.tagName") != "TEXTAREA"
        press(page, "1")
        assert page.input_value("#comment") == "" and page.locator(".criterion.met").count() == 1
        saved(page)
    assert [one.comment for one in readings(results)] == ["خوب است"]


def test_single_keys_can_be_switched_off_and_the_page_still_works(browser, course, results):
    with here(course, results) as served, opened(browser, served.links["Sara"]) as page:
        press(page, "?")
        page.uncheck("#single")
        press(page, "Escape", "1", "a", "s", "c", "Enter")
        assert undecided(page) == 3 and page.locator("dialog[open]").count() == 0
        for button in page.locator(".choice.met").all():
            button.focus()
            press(page, "Space")
        press(page, "Control+Enter")
        if page.locator("#ask[open]").count():
            press(page, "Enter")
        saved(page)
    assert len(readings(results)) >= 1


def test_undo_takes_back_after_the_next_answer_came_and_nothing_is_lost(browser, course, results):
    with here(course, results) as served, opened(browser, served.links["Sara"]) as page:
        while page.locator(".badge").count():
            press(page, "s")
            page.wait_for_timeout(60)
        one = answer(page)
        press(page, "1", "2", "Shift+Digit3", "Enter")
        page.wait_for_function("(one) => !document.querySelector('#answer h1').textContent.includes(one)", arg=one)
        two = answer(page)
        saved(page)
        press(page, "u")
        page.wait_for_function("(one) => document.querySelector('#answer h1').textContent.includes(one)", arg=one)
        assert page.locator(".criterion.met").count() == 2 and page.locator(".criterion.unmet").count() == 1
        assert readings(results) == []
        press(page, "3", "Enter")
        page.wait_for_function("(two) => document.querySelector('#answer h1').textContent.includes(two)", arg=two)
        saved(page)
    with MarkingFile(results / FILE) as file:
        rows = file.database.execute("SELECT count(*) FROM readings").fetchone()[0]
        assert rows == 2 and [one.met["place"].met for one in file.standing()] == [True]


LATE = """
const asked = window.fetch;
window.fetch = async (path, ...more) => {
  const reply = await asked(path, ...more);
  if (String(path).includes('/api/next')) await new Promise((then) => setTimeout(then, 400));
  return reply;
};
"""


def test_answers_that_come_late_are_not_shown_once_more(browser, course, results):
    """The page asks for the next answers ahead; what comes after equal ones were marked all at once is of before that."""
    with here(course, results) as served, opened(browser, served.links["Sara"]) as page:
        page.add_init_script(LATE)
        page.reload()
        page.wait_for_selector("#answer > *")
        finish(page, "1", "Shift+Digit2", "3")
        saved(page)
    first = [one for one in readings(results) if one.copy_of is None]
    assert len(first) == 6 and len(readings(results)) == 8


def test_history_is_walked_back_and_forth_and_what_was_begun_is_kept(browser, course, results):
    def until(page, one):
        page.wait_for_function("(one) => document.querySelector('#answer h1').textContent.includes(one)", arg=one)

    with here(course, results) as served, opened(browser, served.links["Sara"]) as page:
        seen = []
        for _ in range(2):
            while page.locator(".badge").count():
                press(page, "s")
                page.wait_for_timeout(60)
            seen.append(answer(page))
            press(page, "a", "Enter")
            page.wait_for_function("(one) => !document.querySelector('#answer h1').textContent.includes(one)", arg=seen[-1])
        begun = answer(page)
        press(page, "1", "p")
        until(page, seen[1])
        assert page.locator(".criterion.met").count() == 3
        press(page, "p")
        until(page, seen[0])
        press(page, "n")
        until(page, seen[1])
        press(page, "n")
        until(page, begun)
        assert page.locator(".criterion.met").count() == 1
        press(page, "p")
        until(page, seen[1])
        press(page, "Shift+Digit1", "Enter")
        until(page, begun)
        saved(page)
        assert page.locator(".criterion.met").count() == 1
    with MarkingFile(results / FILE) as file:
        assert file.database.execute("SELECT count(*) FROM readings").fetchone()[0] == 3
    assert sorted(one.cents for one in settled(results / FILE, lambda: load(course)).values()) == [1000, 2000]


def test_comments_are_offered_again_and_a_flag_has_a_note_that_students_never_see(browser, course, results):
    with here(course, results) as served, opened(browser, served.links["Sara"]) as page:
        while page.locator(".badge").count():
            press(page, "s")
            page.wait_for_timeout(60)
        press(page, "a", "c")
        page.keyboard.type("Which values?")
        press(page, "Control+Enter")
        saved(page)
        press(page, "m")
        page.wait_for_selector("#ask[open]")
        press(page, "1")
        assert page.input_value("#comment") == "Which values?"
        press(page, "f")
        page.wait_for_selector("#ask[open] textarea")
        page.keyboard.type("Copied?")
        press(page, "Control+Enter")
        page.wait_for_selector("#answer .note")
        assert "Copied?" in page.inner_text("#answer .note") and "1 flagged" in page.inner_text("#progress")
        page.goto(f"{served.address}/en/quality")
        assert "Copied?" in page.inner_text("main")
    assert "Copied?" not in str([(one.comment, one.met) for one in readings(results)])
    assert all("Copied?" not in one.comment for one in settled(results / FILE, lambda: load(course)).values())


def test_equal_texts_are_marked_once_after_a_question_and_only_on_a_yes(browser, course, results):
    with here(course, results) as served, opened(browser, served.links["Sara"]) as page:
        while "same text" not in page.inner_text("#answer .head"):
            press(page, "s")
            page.wait_for_timeout(60)
        first = answer(page)
        press(page, "a", "Enter")
        page.wait_for_selector("#ask[open]")
        assert "The same text: 1 more" in page.inner_text("#ask")
        press(page, "Escape")
        assert answer(page) == first and readings(results) == []
        press(page, "Enter")
        page.wait_for_selector("#ask[open]")
        press(page, "1")
        page.wait_for_function("(one) => !document.querySelector('#answer h1').textContent.includes(one)", arg=first)
        saved(page)
        assert len(readings(results)) == 1
        press(page, "u")
        page.wait_for_function("(one) => document.querySelector('#answer h1').textContent.includes(one)", arg=first)
        press(page, "Enter")
        page.wait_for_selector("#ask[open]")
        press(page, "Enter")
        saved(page)
    both = readings(results)
    assert len(both) == 2 and both[1].copy_of == both[0].number and both[0].met == both[1].met
    assert {one.student for one in both} in ({"ada", "bo"}, {"eli", "farid"}) and both[0].part == PART


def test_similar_texts_are_shown_with_their_differences_and_nothing_is_filled_in(browser, course, results):
    with here(course, results) as served, opened(browser, served.links["Sara"]) as page:
        while "table of numbers" not in page.inner_text("#answer .text"):
            press(page, "s")
            page.wait_for_timeout(60)
        page.wait_for_function("() => document.querySelector('#similar-count').textContent.startsWith('1 similar')")
        press(page, "g")
        assert page.locator("#similar .like").count() == 1
        changed = {page.inner_text(f"#similar {tag}").strip() for tag in ("del", "ins")}
        assert changed == {"a", "one"} and undecided(page) == 3


def test_the_name_is_hidden_until_it_is_asked_for(browser, course, results):
    with here(course, results) as served, opened(browser, served.links["Sara"]) as page:
        for _ in range(8):
            whole = page.content()
            assert "Lovelace" not in whole and "رضایی" not in whole
            if "smallest piece" in page.inner_text("#answer .text"):
                break
            press(page, "s")
            page.wait_for_timeout(60)
        page.click("#name")
        page.wait_for_function("() => !document.querySelector('#name').textContent.includes('Show')")
        assert page.inner_text("#name") in ("Ada Lovelace", "bo")
