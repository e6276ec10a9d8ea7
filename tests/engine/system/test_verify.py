"""The hidden suites' own strength, measured; and that the measure sees a weak suite."""

import shutil
from pathlib import Path

import pytest

from autograder.course.course import Course
from autograder.prepare import verify
from autograder.prepare.mutants import mutants
from tests.engine.toy_course import at_home, copied

ROOT = Path(__file__).resolve().parents[3]


@pytest.mark.thorough
def test_the_suites_are_as_strong_as_they_should_be():
    """Reference full, stubs nothing, every mistake loses marks and is told from every other, every mutant loses marks."""
    verdict = verify.verify(Course.load(ROOT / "grader_config.yml"))
    assert verdict.wrong == []
    assert sum(map(len, verdict.matrix.values())) >= 60 and verdict.killed > 600
    assert verdict.equivalent < 0.03 * verdict.killed


@pytest.fixture
def toy(tmp_path):
    config = copied(tmp_path)
    with at_home(config) as course:
        yield course


def test_the_toy_courses_suite_is_measured(toy):
    verdict = verify.verify(toy)
    assert verdict.killed and "full marks" not in " ".join(one for one in verdict.wrong if "reference" in one)


def test_a_suite_that_asks_nothing_is_seen(toy):
    suite = next((toy.root / "tests" / "hidden").glob("test_*.py"))
    text = suite.read_text("utf-8")
    suite.write_text(text.replace("assert ", "assert True or "), "utf-8")
    wrong = " ".join(verify.verify(toy).wrong)
    assert "keeps full marks" in wrong


def test_an_entry_that_restates_one_of_a_function_below_is_seen(toy):
    """A volume built on the perimeter is what a mistaken area gives already."""
    (toy.root / "solutions" / "q1_box_misconceptions" / "volume.py").write_text(
        "from autograder.course.mistakes import mistakes\nfrom solutions import q1_box as right\n"
        "volume = mistakes(of=right.volume, h='height', w='width', c='channels')\n"
        "volume('edges_times_channels', '2·(h + w)·c', en='?', fa='؟')\n"
        "volume('channels_forgotten', 'h·w', en='?', fa='؟')\n",
        "utf-8",
    )
    wrong = verify.verify(toy).wrong
    assert "q1.volume.edges_times_channels gives just what q1.area.perimeter gives already" in wrong
    assert [one for one in wrong if "channels_forgotten" in one] == []


def test_an_excuse_for_no_mutant_is_seen(tmp_path, toy):
    (toy.root / "tests" / "hidden" / "equivalent.yml").write_text("mutants:\n  q1.nothing: because\n", "utf-8")
    assert any("excuses a mutant that does not exist" in one for one in verify.verify(toy).wrong)


SOURCE = '''
def f(a, b=2, *, flag=True):
    """Doc 1."""
    if a < 1:
        raise ValueError("no 1")
    return g(a, b) + a * 2 if flag and a != b else -a
'''


def test_mutants_are_small_changes_and_none_twice():
    found = list(mutants(SOURCE))
    ids = [mutant.id for mutant in found]
    assert len(ids) == len(set(ids))
    for change in ["a < 1 -> a <= 1", "if a < 1: raise ValueError('no 1') -> pass", "g(a, b) -> g(b, a)", "a * 2 -> a + 2", "-a -> a",
                   "flag and a != b -> flag or a != b", "a != b -> a == b", "True -> False", "2 -> 3"]:  # fmt: skip
        assert any(id == f"f: {change}" for id in ids), change
    assert not any("Doc" in id or "no 2" in id for id in ids)


def test_a_copy_of_the_course_is_left_alone(toy):
    before = {path: path.read_bytes() for path in toy.root.rglob("*.py")}
    verify.verify(toy)
    shutil.rmtree(toy.root / "tests" / "hidden" / "__pycache__", ignore_errors=True)
    assert {path: path.read_bytes() for path in before} == before
