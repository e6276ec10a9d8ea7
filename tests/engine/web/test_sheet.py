"""What a marker sees of an answer: never who wrote it, and nobody's decisions before their own."""

import json

import pytest

from autograder.gradebook.marking_file import Request
from autograder.model import Picture
from autograder.web import saving, sheet
from autograder.web.desk import Desk
from tests.engine.web import made
from tests.engine.web.conftest import TEXTS
from tests.engine.web.made import ALI, PART, SARA, answer_of, read

PNG = b"\x89PNG\r\n\x1a\n" + b"0" * 8


def seen(desk, student, marker=SARA, mode="mark"):
    return sheet.of(desk, answer_of(desk, student), marker, mode)


def test_an_answer_says_nothing_of_who_wrote_it(desk):
    for student, name in (("ada", "Lovelace"), ("eli", "رضایی")):
        shown = json.dumps(seen(desk, student), ensure_ascii=False)
        assert name not in shown and f'"{student}"' not in shown
    assert seen(desk, "ada")["label"] == f"#{seen(desk, 'ada')['id'][:4]}"


def test_an_empty_answer_says_so_and_words_are_counted(desk):
    assert (seen(desk, "gita")["empty"], seen(desk, "gita")["words"]) == (True, 0)
    assert (seen(desk, "hana")["empty"], seen(desk, "hana")["words"]) == (False, 4)


def test_equal_answers_are_counted_and_those_that_would_be_read_with_it(desk):
    assert (seen(desk, "ada")["equal"], seen(desk, "ada")["repeat"]) == (1, 1)
    assert seen(desk, "ada", mode="settle")["repeat"] == 0
    read(desk, ALI, "bo")
    assert (seen(desk, "ada")["equal"], seen(desk, "ada")["repeat"]) == (1, 0)


def test_ones_own_decisions_are_there_again_and_nobody_elses_are(desk):
    read(desk, ALI, "ada", "110", comment="Where?")
    fresh = seen(desk, "ada")
    assert (fresh["met"], fresh["comment"], fresh["read"], fresh["colleagues"]) == ({}, "", False, [])
    read(desk, SARA, "ada", "111", comment="Good.")
    again = seen(desk, "ada")
    assert again["met"] == {"what": True, "value": True, "place": True} and (again["comment"], again["read"]) == (
        "Good.",
        True,
    )
    assert again["colleagues"] == [
        {"who": "Ali", "met": {"what": True, "value": True, "place": False}, "comment": ["Where?"]}
    ], "who has read it too may see what the other found"


def test_whoever_settles_sees_all_and_only_what_is_in_dispute_is_undecided(desk):
    read(desk, SARA, "ada", "110")
    read(desk, ALI, "ada", "100")
    shown = seen(desk, "ada", SARA, "settle")
    assert shown["met"] == {"what": True, "place": False} and {one["who"] for one in shown["colleagues"]} == {"Sara", "Ali"}


def test_a_request_is_read_without_the_first_readers_name_and_its_criterion_is_undecided(desk):
    read(desk, SARA, "ada", "110", comment="No place.")
    desk.file.ask_again([Request("ada", PART, "place", "I\x00 wrote it.", "regrade.md", 1.0)])
    desk.added()
    shown = seen(desk, "ada", ALI, "requests")
    assert shown["met"] == {"what": True, "value": True} and shown["said"] == ["No place."]
    assert shown["requests"] == [{"criterion": "place", "words": ["I", ["span", "control", "U+0000"], " wrote it."]}]
    assert "Sara" not in json.dumps(shown) and shown["colleagues"] == [] and shown["comment"] == ""


def test_a_criterion_that_was_edited_is_undecided_where_it_is_read_again(desk, config):
    read(desk, SARA, "ada", "111", comment="Good.")
    path = config.parent / "assignment" / "q1_box.rubric.yml"
    path.write_text(path.read_text("utf-8").replace("Says what a pixel is.", "Says what it is."), "utf-8")
    desk.refresh()
    shown = seen(desk, "ada", SARA, "again")
    assert (shown["again"], shown["met"], shown["comment"]) == (["what"], {"value": True, "place": True}, "Good.")


def test_what_the_student_handed_in_before_is_shown_with_its_reading_and_what_differs(desk, course, results):
    read(desk, SARA, "hana", "000", comment="Look it up.")
    made.graded(results, course, TEXTS | {"hana": "I do know."})
    desk.refresh()
    (earlier,) = seen(desk, "hana")["earlier"]
    assert earlier["comment"] == ["Look it up."] and earlier["met"]["what"] is False
    assert earlier["pieces"] == [["=", ["I do "]], ["-", ["not "]], ["=", ["know."]]]


def test_flags_and_who_has_it_open_are_shown(desk):
    saving.flag(desk, ALI, answer_of(desk, "ada"), True, "look")
    desk.leases.hold(answer_of(desk, "ada").id, "Ali")
    assert seen(desk, "ada")["flag"] == {"who": "Ali", "note": ["look"], "typed": "look"}
    assert seen(desk, "ada")["held"] == ["Ali"] and seen(desk, "ada", ALI)["held"] == [] and seen(desk, "bo")["flag"] is None


def test_pictures_are_shown_where_their_bytes_are_what_they_say(tmp_path, course):
    pictures = {"ada": (Picture("image/png", b"<svg onload=x>"), Picture("image/png", PNG), Picture("image/jpeg", PNG))}
    made.graded(tmp_path / "out", course, {"ada": ""}, pictures=pictures)
    desk = Desk(course, tmp_path / "out")
    shown = seen(desk, "ada")
    assert (shown["pictures"], shown["unshown"], shown["empty"]) == ([1], 2, False)
    desk.close()


@pytest.mark.parametrize(
    "type, data, fit",
    [
        ("image/png", PNG, True),
        ("image/jpeg", b"\xff\xd8\xff\xe0", True),
        ("image/gif", b"GIF89a", True),
        ("image/svg+xml", b"<svg/>", False),
        ("text/html", PNG, False),
        ("image/png", b"", False),
        ("image/gif", b"\xff\xd8\xff", False),
    ],
)
def test_a_picture_is_one_by_its_first_bytes_as_well_as_by_its_name(type, data, fit):
    assert sheet.is_picture(type, data) is fit


def test_similar_answers_are_shown_with_what_differs_and_equal_ones_are_not_among_them(desk):
    read(desk, SARA, "dara", "110")
    (one,) = sheet.similar(desk, answer_of(desk, "cleo"), SARA)
    assert one["label"] == f"#{answer_of(desk, 'dara').id[:4]}" and 50 <= one["percent"] < 100
    assert ["-", ["a "]] in one["pieces"] and ["+", ["one "]] in one["pieces"]
    assert one["met"] == {"what": True, "value": True, "place": False}
    assert sheet.similar(desk, answer_of(desk, "cleo"), ALI)[0]["met"] is None
    assert sheet.similar(desk, answer_of(desk, "ada"), SARA) == []


def test_the_most_similar_come_first_a_text_once_and_not_too_many(tmp_path, course):
    words = "alpha beta gamma delta epsilon zeta eta theta iota kappa lambda mu".split()
    texts = {f"s{at}": " ".join([*words[: 12 - at], "x" * at]) for at in range(7)} | {"twice": " ".join([*words[:11], "x"])}
    made.graded(tmp_path / "out", course, texts)
    desk = Desk(course, tmp_path / "out")
    rows = sheet.similar(desk, answer_of(desk, "s0"), SARA)
    percents = [one["percent"] for one in rows]
    assert percents == sorted(percents, reverse=True) and len(rows) <= 5
    assert rows[0]["label"] in {f"#{answer_of(desk, one).id[:4]}" for one in ("s1", "twice")} and min(percents) >= 50
    assert len({json.dumps(one["pieces"]) for one in rows}) == len(rows)
    desk.close()
