"""Misconceptions of a class: what explains the same answers is one row, and a submission counts once."""

from autograder.model import Diagnosis, Text
from autograder.report.class_page.ideas import Ideas, Misconceived
from tests.engine.report.small import result

HINTS = {name: Text(f"Think of {name}.", "بیندیش.") for name in ("a", "b", "c")}


def shown(*diagnoses):
    """A submission in which each part is explained by these misconceptions."""
    explained = (Diagnosis("q1", part, tuple(ids), tuple(HINTS[id] for id in ids)) for part, ids in diagnoses)
    return result(diagnoses=tuple(explained))


def ranked(*results):
    ideas = Ideas(["q1.numbers.x", "q1.numbers.y"])
    for number, one in enumerate(results, 1):
        ideas.take(one, number)
    return ideas.ranked()


def test_what_explains_the_same_answers_is_one_row_and_the_most_frequent_come_first():
    both = shown(("q1.numbers.x", "ab"), ("q1.numbers.y", "c"))
    assert ranked(both, shown(("q1.numbers.x", "ab"))) == (
        Misconceived(("a", "b"), (HINTS["a"], HINTS["b"]), 2, 0, ("q1.numbers.x",)),
        Misconceived(("c",), (HINTS["c"],), 1, 0, ("q1.numbers.y",)),
    )


def test_a_submission_counts_once_and_other_explanations_are_counted():
    twice, doubtful = shown(("q1.numbers.x", "a"), ("q1.numbers.y", "a")), shown(("q1.numbers.x", "ab"))
    (a, b) = ranked(twice, doubtful)
    assert (a.ids, a.count, a.shared, a.parts) == (("a",), 2, 1, ("q1.numbers.x", "q1.numbers.y"))
    assert (b.ids, b.count, b.shared) == (("b",), 1, 1)


def test_parts_that_are_not_counted_are_left_out():
    assert ranked(shown(("q1.written.w1", "a"))) == ()
