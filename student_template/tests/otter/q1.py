"""The public tests of question 1, for otter-grader: otter check -t tests/otter -q q1"""

from otter.test_files import test_case

OK_FORMAT = False

name = "q1"
points = 1


@test_case(points=None, hidden=False, success_message="Every public test passes; hidden checks ask more. / آزمون‌های پنهان بیشتر می‌پرسند.")
def test_public(env):
    import sys

    sys.path.append("tests")
    from in_notebook import check

    told = check("q1", env)
    assert not told, told
