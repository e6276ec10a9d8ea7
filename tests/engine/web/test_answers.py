"""The answers of a class: under ids that say nothing of who wrote them, in an order that the seed alone decides."""

import re

from msgspec.structs import replace

from autograder.model import Fingerprint, Part, Picture, Result
from autograder.web.answers import of_class, picked

PARTS = (Part("q1.written.w1", 100), Part("q2.written.w2", 100))


def result(id, text="A dot.", status="graded", **more):
    return Result(id, more.pop("name", ""), status, (), Fingerprint("", "", "", "", ""), "A", written={"w1": text}, **more)


def students(found, part=PARTS[0]):
    return [one.student for one in found[part.id]]


def test_the_order_is_the_same_whoever_asks_and_another_in_each_part_and_for_each_seed():
    results = [result(f"s{number:02}") for number in range(20)]
    found = of_class(results, PARTS, "seed")
    assert found == of_class(reversed(results), PARTS, "seed")
    orders = [
        students(found),
        students(found, PARTS[1]),
        students(of_class(results, PARTS, "other")),
        sorted(students(found)),
    ]
    assert len({tuple(one) for one in orders}) == 4 and all(sorted(one) == orders[3] for one in orders)


def test_who_hands_in_later_takes_a_place_and_moves_nobody():
    results = [result(f"s{number:02}") for number in range(20)]
    before, after = (students(of_class(some, PARTS, "seed")) for some in (results, [*results, result("new")]))
    assert [one for one in after if one != "new"] == before and "new" in after


def test_an_id_says_nothing_of_the_student_and_is_another_in_each_part():
    found = of_class([result("ada")], PARTS, "seed")
    ids = [found[part.id][0].id for part in PARTS]
    assert len({*ids}) == 2 and all(re.fullmatch("[0-9a-f]{12}", id) for id in ids)


def test_an_empty_text_is_an_answer_and_what_could_not_be_read_is_none():
    results = [result("ada", ""), result("bo", status="unreadable"), result("cleo", status="not graded"), result("dara")]
    results.append(
        replace(result("eve", "", status="partly graded"), opened=False)
    )  # the marker was ended before it was read
    found = of_class(results, PARTS[:1], "seed")
    assert sorted(students(found)) == ["ada", "dara"] and {one.text for one in found[PARTS[0].id]} == {"", "A dot."}


def test_a_text_belongs_to_its_part_and_another_text_or_picture_has_another_hash():
    picture = Picture("image/png", b"1")
    results = [result("ada"), result("bo"), result("cleo", "A dot"), result("dara", pictures={"w1": (picture,)})]
    found = of_class(results, PARTS, "seed")
    hashes = {one.student: one.hash for one in found[PARTS[0].id]}
    assert hashes["ada"] == hashes["bo"] and len({*hashes.values()}) == 3
    assert all(one.text == "" and one.pictures == () for one in found[PARTS[1].id])


def test_a_name_that_is_shown_is_one_harmless_line_and_never_empty():
    (one,) = of_class([result("ada", name="Ada\n\u202eX")], PARTS[:1], "s")[PARTS[0].id]
    assert "\n" not in one.name and "\u202e" not in one.name and one.name.startswith("Ada")
    assert of_class([result("ada")], PARTS[:1], "s")[PARTS[0].id][0].name == "ada"


def test_so_many_percent_are_picked_and_more_percent_pick_more_of_the_same():
    answers = of_class([result(f"s{number}") for number in range(1000)], PARTS[:1], "seed")[PARTS[0].id]

    def chosen(percent, purpose="second", seed="seed"):
        return {one.id for one in answers if picked(seed, one, purpose, percent)}

    assert chosen(0) == set() and len(chosen(100)) == 1000
    assert 150 <= len(chosen(20)) <= 250 and 862 <= len(chosen(90)) <= 938, "four standard deviations of a binomial of 1000"
    assert chosen(20) < chosen(40)
    assert chosen(20) != chosen(20, "another") and chosen(20) != chosen(20, seed="another")
