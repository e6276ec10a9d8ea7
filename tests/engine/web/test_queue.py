"""Which answers come next for whom, and how many of each kind wait."""

from autograder.gradebook.marking_file import Request
from autograder.web import queue, saving
from tests.engine.web.made import ALI, PART, SARA, answer_of, read

EVERYBODY = {"ada", "bo", "cleo", "dara", "eli", "farid", "gita", "hana"}


def students(answers):
    return [one.student for one in answers]


def next_of(desk, marker, mode="mark", skipped=(), most=50):
    return students(queue.upcoming(desk, PART, marker, mode, skipped, most))


def test_two_people_are_given_different_answers_until_all_are_held(desk):
    order = students(desk.answers[PART])
    assert next_of(desk, SARA, most=3) == order[:3] and next_of(desk, ALI, most=5) == order[3:]
    assert next_of(desk, ALI, most=2) == order[3:5], "what one holds oneself is free"
    desk.leases.release(answer_of(desk, order[0]).id, "Sara")
    for student in order:
        desk.leases.hold(answer_of(desk, student).id, "Sara")
    assert next_of(desk, ALI, most=1) == order[:1], "those that others hold come last, and they come"


def test_a_skipped_answer_does_not_come(desk):
    order = desk.answers[PART]
    assert next_of(desk, SARA, skipped={order[0].id, order[2].id}, most=2) == students([order[1], order[3]])


def test_what_somebody_has_read_waits_for_nobody_else(desk):
    read(desk, SARA, "ada")
    assert {*next_of(desk, SARA)} == {*next_of(desk, ALI)} == EVERYBODY - {"ada"}


def test_everybody_reads_the_calibration_answers_and_reads_them_first(desk_with):
    desk = desk_with(calibration=2)
    common = students(desk.calibration(PART))
    read(desk, SARA, common[0])
    assert next_of(desk, SARA)[0] == common[1] and len(next_of(desk, SARA)) == 7
    for answer in desk.answers[PART]:
        desk.leases.release(answer.id, "Sara")
    assert next_of(desk, ALI)[:2] == common


def test_a_second_reading_waits_for_one_other_person(desk_with):
    desk = desk_with(second=100)
    ada, bo, gita = (answer_of(desk, one) for one in ("ada", "bo", "gita"))
    read(desk, SARA, "ada", repeat=True)
    read(desk, SARA, "gita")
    assert queue.needs(desk, ada, ALI) and not queue.needs(desk, ada, SARA)
    assert not queue.needs(desk, bo, ALI), "it only repeats what was read"
    assert not queue.needs(desk, gita, ALI), "there is nothing to read twice"
    read(desk, ALI, "ada")
    assert not any(queue.needs(desk, ada, one) for one in (SARA, ALI))
    assert not queue.needs(desk_with(), ada, ALI), "where the course does not wish it"


def test_what_people_disagree_about_has_to_be_settled(desk):
    read(desk, SARA, "ada", "111")
    read(desk, ALI, "ada", "110")
    read(desk, SARA, "bo", "111")
    assert next_of(desk, SARA, "settle") == ["ada"] and next_of(desk, SARA, "again") == []


def test_requests_and_flags_are_lists_of_their_own(desk):
    desk.file.ask_again([Request("cleo", PART, "", "Please.", "regrade.md", 1.0)])
    desk.added()
    saving.flag(desk, SARA, answer_of(desk, "dara"), True, "look")
    assert next_of(desk, SARA, "requests") == ["cleo"] and next_of(desk, SARA, "flagged") == ["dara"]


def test_an_edited_sentence_asks_to_be_read_again(desk, config):
    read(desk, SARA, "ada")
    path = config.parent / "assignment" / "q1_box.rubric.yml"
    path.write_text(path.read_text("utf-8").replace("Says what a pixel is.", "Says what it is."), "utf-8")
    desk.refresh()
    assert next_of(desk, SARA, "again") == ["ada"]


def test_how_far_a_question_is(desk_with):
    desk = desk_with(calibration=1)
    first = desk.calibration(PART)[0].student
    read(desk, ALI, first, "111")
    read(desk, SARA, first, "110")
    other = next(one for one in desk.answers[PART] if one.student not in (first, "gita"))
    read(desk, SARA, other.student)
    assert queue.counts(desk, PART, SARA) == {
        "all": 8, "read": 2, "mine": 2, "left": 6, "settle": 1, "again": 0, "requests": 0, "flagged": 0,
    }  # fmt: skip
    assert queue.counts(desk, PART, ALI)["mine"] == 1


def test_the_history_is_in_the_order_of_the_newest_reading_and_without_repeats(desk):
    read(desk, SARA, "ada", repeat=True)
    read(desk, SARA, "cleo")
    read(desk, ALI, "dara")
    read(desk, SARA, "hana")
    read(desk, SARA, "cleo", "000")
    ids = [answer_of(desk, one).id for one in ("ada", "hana", "cleo")]
    assert queue.history(desk, PART, SARA) == ids
