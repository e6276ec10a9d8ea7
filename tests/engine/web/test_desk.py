"""What lies on the desk: the class as it is now, the rubric and the readings, each as its file is."""

import pytest

from autograder.errors import ConvgradeError
from autograder.gradebook.marking_file import FILE, MarkingFile, Request
from autograder.model import Picture
from autograder.web.desk import Desk
from tests.engine.web import made
from tests.engine.web.conftest import TEXTS
from tests.engine.web.made import ALI, PART, SARA, answer_of, read


def edited(config, old, new):
    path = config.parent / "assignment" / "q1_box.rubric.yml"
    assert old in path.read_text("utf-8")
    path.write_text(path.read_text("utf-8").replace(old, new), "utf-8")


def test_one_clear_line_for_what_cannot_be_marked(tmp_path, config, course, results):
    (tmp_path / "empty").mkdir()
    with pytest.raises(ConvgradeError, match=r"gradebook\.sqlite: there is no gradebook"):
        Desk(course, tmp_path / "empty")
    made.graded(tmp_path / "none", course, {"ada": "", "bo": ""})
    with pytest.raises(ConvgradeError, match="none of the graded hand-ins has a written answer"):
        Desk(course, tmp_path / "none")
    edited(config, "points: 10", "points: 9")
    with pytest.raises(ConvgradeError, match=r"q1_box\.rubric\.yml:2: the criteria of w1 add up to 19\.00 points.*20\.00"):
        Desk(course, results)


def test_what_nobody_has_read_is_no_empty_answer(tmp_path, course):
    made.graded(tmp_path / "out", course, {"ada": "A dot.", "bo": "", "cleo": ""}, unreadable=("cleo",))
    desk = Desk(course, tmp_path / "out")
    assert {one.student for one in desk.answers[PART]} == {"ada", "bo"}
    desk.close()


def test_equal_texts_lie_together_and_pictures_are_compared_byte_for_byte(tmp_path, course):
    pictures = {
        "ada": (Picture("image/png", b"1"),),
        "bo": (Picture("image/png", b"1"),),
        "cleo": (Picture("image/png", b"2"),),
    }
    texts = {"ada": "A dot.", "bo": "a  DOT", "cleo": "A dot.", "dara": "A dot.", "eli": "A line."}
    made.graded(tmp_path / "out", course, texts, pictures=pictures)
    desk = Desk(course, tmp_path / "out")
    equal = {student: {one.student for one in desk.equal(answer_of(desk, student))} for student in texts}
    assert equal == {"ada": {"bo"}, "bo": {"ada"}, "cleo": set(), "dara": set(), "eli": set()}
    desk.close()


def test_what_everybody_reads_first_are_the_first_that_are_not_empty(desk_with):
    desk = desk_with(calibration=7)
    assert desk.calibration(PART) == [one for one in desk.answers[PART] if one.student != "gita"]
    assert desk_with(calibration=2).calibration(PART) == desk.calibration(PART)[:2]
    assert desk_with().calibration(PART) == []


def test_a_persons_newest_reading_is_theirs_and_stands_at_once(desk):
    read(desk, SARA, "ada", "111")
    read(desk, SARA, "ada", "110")
    read(desk, ALI, "ada", "110")
    answer = answer_of(desk, "ada")
    assert [one.who for one in desk.of(answer)] == ["Sara", "Sara", "Ali"]
    assert not desk.mine(answer, "Sara").met["place"].met and desk.mine(answer, "Omid") is None
    assert desk.settled(answer).cents == 1500 and desk.settled(answer_of(desk, "hana")) is None


def test_readings_that_another_process_saved_are_taken_in(desk, desk_with):
    read(desk_with(), ALI, "ada", "100")
    assert desk.settled(answer_of(desk, "ada")) is None
    desk.refresh()
    assert desk.settled(answer_of(desk, "ada")).cents == 1000


def test_a_class_that_is_graded_again_is_taken_in_and_an_earlier_text_keeps_its_readings(desk, course, results):
    read(desk, SARA, "hana", "000", comment="Look it up.")
    made.graded(results, course, TEXTS | {"hana": "I know now."})
    desk.refresh()
    answer = answer_of(desk, "hana")
    assert answer.text == "I know now." and desk.of(answer) == []
    assert [one.comment for one in desk.earlier(answer)] == ["Look it up."] and desk.earlier(answer_of(desk, "ada")) == []


def test_readings_of_several_earlier_texts_are_there_oldest_first(desk, course, results):
    for number in range(8):
        made.graded(results, course, TEXTS | {"hana": f"Text {number}."})
        desk.refresh()
        read(desk, SARA, "hana", "000", comment=str(number))
    made.graded(results, course, TEXTS | {"hana": "I know now."})
    desk.refresh()
    assert [one.comment for one in desk.earlier(answer_of(desk, "hana"))] == list("01234567")


def test_a_changed_rubric_is_taken_in_and_a_broken_one_named_while_the_earlier_holds(desk, config):
    read(desk, SARA, "ada", "100")
    answer = answer_of(desk, "ada")
    edited(config, "points: 10", "points: 11")
    desk.refresh()
    assert "add up to 21.00" in desk.trouble["rubric"] and desk.settled(answer).cents == 1000
    edited(
        config, 'points: 5\n      en: "Says that a pixel has a place', 'points: 4\n      en: "Says that a pixel has a place'
    )
    desk.refresh()
    assert desk.trouble == {} and desk.settled(answer).cents == 1100


def test_a_gradebook_that_is_moved_away_leaves_the_desk_as_it_is(desk, results):
    for path in results.glob("gradebook.sqlite*"):
        path.rename(path.with_name(f"away-{path.name}"))
    desk.refresh()
    assert len(desk.answers[PART]) == 8 and desk.trouble == {}


def test_a_request_waits_until_a_reading_answers_it_and_again_when_that_is_taken_back(desk, results):
    read(desk, SARA, "cleo", "110")
    with MarkingFile(results / FILE) as file:
        file.ask_again([Request("cleo", PART, "place", "I wrote it.", "regrade.md", 1.0)])
    desk.refresh()
    answer = answer_of(desk, "cleo")
    assert [one.words for one in desk.requests(answer)] == ["I wrote it."] and desk.requests(answer_of(desk, "ada")) == []
    (reading,) = read(desk, ALI, "cleo", "111", mode="requests")
    assert desk.requests(answer) == []
    desk.file.take_back([reading.number], "Ali")
    desk.added()
    assert len(desk.requests(answer)) == 1
