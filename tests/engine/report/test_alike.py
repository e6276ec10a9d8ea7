"""Work that is alike: found where it is, not found where it is ordinary, and never an accusation."""

import textwrap
import time

import pytest
from msgspec.structs import replace

from autograder.model import Diagnosis, Fingerprint, Message, Outcome, PartResult, Result
from autograder.report.class_page import alike, source_units

PRINT = Fingerprint("", "", "", "", "")

UNET = textwrap.dedent('''
    import torch

    def unet_parameters(in_channels, num_classes, base_channels=64, levels=4):
        """Count."""
        total, channels = 0, in_channels  # weights and biases
        for level in range(levels + 1):
            width = base_channels * 2**level
            total += channels * width * 9 + width + width * width * 9 + width
            channels = width
        for level in reversed(range(levels)):
            width = base_channels * 2**level
            total += 2 * width * width * 4 + width + 2 * width * width * 9 + width + width * width * 9 + width
        return total + base_channels * num_classes + num_classes
    ''')
# The same with other names, another layout, comments and texts.
RENAMED = """
from torch import nn

# mine
def unet_parameters(n_in, k, base = 64, depth = 4):
    '''How many
weights?'''
    count, c = 0, n_in
    for i in range(depth+1):

        w = base*2**i
        count += c*w*9 + w + w*w*9 + \\
            w
        c = w     # next
    for i in reversed(range(depth)):
        w = base*2**i
        count += 2*w*w*4 + w + 2*w*w*9 + w + w*w*9 + w
    return count + base*k + k
"""


def sheet(id, diagnosed=(), credited=(), **answers):
    """A result with these wrong numbers on its sheet."""
    parts = tuple(
        PartResult(
            f"q1.numbers.{name}",
            100,
            0,
            Outcome.FAILED if came else Outcome.NOT_ATTEMPTED,
            str(came),
            messages=(Message("follow.credit", {"sum": "1 + 1", "is": 2, "penalty": 20}),) if name in credited else (),
        )
        for name, came in answers.items()
    )
    told = tuple(Diagnosis("q1", f"q1.numbers.{name}", ("q1.f.idea",)) for name in diagnosed)
    return Result(id, "", "graded", parts, PRINT, "A", diagnoses=told)


def others(count):
    """Others in the class, each with wrong numbers of its own."""
    return [sheet(f"o{number}", a=1000 + number, b=2000 + number, c=3000 + number) for number in range(count)]


def numbers(results):
    """What is alike in these results' numbers."""
    holders = {}
    for result in results:
        for part in alike.unexplained(result):
            holders.setdefault((part.id, alike.value(part)), []).append(result.id)
    return alike.from_numbers(holders, len(results), {result.id: alike.group_mates(result) for result in results})


def test_the_same_unusual_wrong_numbers_are_named_with_how_many_gave_them():
    (group,) = numbers([*others(40), sheet("x", a=77, b=78, c=9), sheet("y", a=77, b=78, c=8)])
    assert group.ids == ("x", "y")
    assert [(one.what, one.value, one.count) for one in group.shared] == [
        ("q1.numbers.a", "77", 2),
        ("q1.numbers.b", "78", 2),
    ]


def test_three_who_share_the_same_are_one_group():
    (group,) = numbers([*others(60), *(sheet(id, a=77, b=78) for id in "xyz")])
    assert group.ids == ("x", "y", "z") and {one.count for one in group.shared} == {3}


def test_what_many_gave_is_no_sign():
    assert numbers([*others(40), *(sheet(f"m{number}", a=12, b=13) for number in range(10))]) == []


def test_one_shared_number_is_too_little():
    assert numbers([*others(200), sheet("x", a=77, b=1), sheet("y", a=77, b=2)]) == []


@pytest.mark.parametrize("reason", ["diagnosed", "credited"])
def test_what_an_idea_or_an_earlier_answer_explains_does_not_count(reason):
    pair = [sheet(id, **{reason: ("a", "b")}, a=77, b=78) for id in "xy"]
    assert numbers([*others(40), *pair]) == []


def test_a_guess_explains_nothing():
    guess = (Diagnosis("q1", "q1.numbers.a", (), guess=True),)
    result = Result("x", "", "graded", sheet("x", a=5).parts, PRINT, "A", diagnoses=guess)
    assert [part.id for part in alike.unexplained(result)] == ["q1.numbers.a"]


def test_blanks_are_not_alike():
    assert numbers([*others(40), sheet("x", a="", b=""), sheet("y", a="", b="")]) == []


@pytest.mark.parametrize(
    ("came", "shown"),
    [
        ("416.0", "416"),
        ("[16,128 , 128]", "[16, 128, 128]"),
        ("[16.0, 2.50]", "[16, 2.50]"),
        ("\x1b[31m7", "7"),
        ("1.0e3", "1.0e3"),
    ],
)
def test_a_number_has_one_form(came, shown):
    assert alike.value(PartResult("q1.numbers.a", 1, 0, Outcome.FAILED, came)) == shown


def test_the_same_source_under_other_names_is_found():
    texts = {
        "x": {"q3.py": UNET},
        "y": {"q3.py": RENAMED},
        **{f"o{n}": {"q3.py": "def f():\n    return 1\n"} for n in range(20)},
    }
    (group,) = alike.sources(texts, {})
    assert group.ids == ("x", "y")
    (shared,) = group.shared
    assert shared.what == "q3.py: unet_parameters" and shared.count == 2


def test_long_source_that_much_of_the_class_has_is_one_group_with_everybody_in_it():
    """A class of twelve in which five have the same: no tenth of it, and yet nothing to keep silent about."""
    texts = {f"m{n}": {"q3.py": UNET if n % 2 else RENAMED} for n in range(5)} | {f"o{n}": {} for n in range(7)}
    (group,) = alike.sources(texts, {})
    assert group.ids == ("m0", "m1", "m2", "m3", "m4") and [one.count for one in group.shared] == [5]


def test_middling_source_that_much_of_the_class_has_is_no_sign():
    source = "def f(a, b):\n    return " + " + ".join(["a * b"] * 15) + "\n"
    assert alike.LEAST_TOKENS < len(source_units.units(source)["f"]) < alike.LONG_TOKENS
    assert alike.sources({id: {"q3.py": source} for id in "xyz"}, {}) == []
    assert len(alike.sources({id: {"q3.py": source} for id in "xy"}, {})) == 1


def test_a_notebooks_cells_are_compared_with_files_and_named_by_the_file():
    cells = "%matplotlib inline\n!ls\n" + RENAMED
    for texts in (
        {"x": {alike.NOTEBOOK: cells}, "y": {"q3.py": UNET}},
        {"x": {"q3.py": UNET}, "y": {alike.NOTEBOOK: cells}},
    ):
        (group,) = alike.sources(texts, {})
        assert group.ids == ("x", "y") and [one.what for one in group.shared] == ["q3.py: unet_parameters"]


def test_another_way_of_counting_is_not_the_same():
    different = UNET.replace("range(levels + 1)", "range(1, levels + 1)")
    assert alike.sources({"x": {"q3.py": UNET}, "y": {"q3.py": different}}, {}) == []


def test_what_was_handed_out_does_not_count():
    assert alike.sources({"x": {"q3.py": UNET}, "y": {"q3.py": RENAMED}}, {"q3": UNET}) == []


def test_short_functions_do_not_count():
    source = "def f(a, b):\n    return a * b + b\n"
    assert alike.sources({"x": {"q3.py": source}, "y": {"q3.py": source}}, {}) == []


HOSTILE = {
    "quotes behind backslashes": 'def f():\n    """' + "\\'" * 50_000,
    "brackets": "def f(" * 20_000,
    "quotes": "'" * 99_999,
    "texts in texts": 'def f():\n x = "' + '\\"""' * 50_000,
    "no text": "\0\udcff" * 9,
    "a literal cut behind a backslash": "def f():\n  x = '" + "\\\\" * 90_000 + "\\",
    "a long literal cut behind a backslash": 'def f():\n  """' + "'\\' " * 40_000 + "\\",
    "many literals, the last one cut": "def f():\n" + '  """ x\n' * 20_001 + "\\",
    "prefixes": "rb" * 99_000 + "'\\",
    "digits": "1" * 199_000 + "\\",
}


@pytest.mark.parametrize("source", HOSTILE.values(), ids=HOSTILE.keys())
def test_what_is_no_python_is_only_looked_at(source):
    """Nothing of it is parsed or run, and none takes long: every character is looked at a fixed number of times."""
    began = time.process_time()
    alike.sources({"x": {"q3.py": source}, "y": {"q3.py": source}}, {})
    assert time.process_time() - began < 5


def test_members_of_one_group_are_not_compared():
    """Two who handed in together have the same; a third who has it too is named with each."""
    texts = {id: {"q3.py": UNET} for id in "xyz"} | {f"o{n}": {} for n in range(40)}
    mates = {"x": "group 1", "y": "group 1", "z": ""}
    assert alike.sources({id: texts[id] for id in texts if id != "z"}, {}, mates) == []
    (group,) = alike.sources(texts, {}, mates)
    assert group.ids == ("x", "y", "z")
    note = (Message("intake.group", {"folder": "f", "names": "x, y"}),)
    pair = [replace(sheet(id, a=77, b=78), messages=note) for id in "xy"]
    assert numbers([*others(40), *pair]) == []
    assert len(numbers([*others(40), pair[0], sheet("z", a=77, b=78)])) == 1


def test_what_nearly_the_same_many_have_is_one_group():
    """Nine functions that two thirds of a class have, each missing in one or two, are named together once."""
    functions = [UNET.replace("unet_parameters", f"f{n}").replace("* 9", f"* {n}") for n in range(9)]
    texts = {f"s{n:02}": {"q3.py": "\n".join(f for at, f in enumerate(functions) if n < 20 and at != n)} for n in range(30)}
    (group,) = alike.sources(texts, {})
    assert group.many and len(group.shared) == 9 and len(group.ids) >= 19
    assert {one.count for one in group.shared} == {19}


ATTACKS = {
    "200 equal wrong sheets of 2,000": (2_000, 200),
    "3,000 equal wrong sheets": (3_000, 3_000),
    "1,000 equal wrong sheets of 10,000": (10_000, 1_000),
}


@pytest.mark.slow
@pytest.mark.parametrize(("count", "equal"), ATTACKS.values(), ids=ATTACKS.keys())
def test_many_equal_sheets_do_not_take_long(count, equal):
    given: dict = {}
    for number in range(count):
        for part in range(18):
            came = part if number < equal else number * 100 + part
            given.setdefault((f"q1.numbers.n{part}", str(came)), []).append(f"s{number:05}")
    began = time.process_time()
    found = alike.from_numbers(given, count)
    assert time.process_time() - began < 5
    assert [len(group.ids) for group in found] == ([equal] if equal < count else [])


def test_many_small_groups_stay_within_the_budget():
    """Groups of twenty that share twenty values each, in a class of ten thousand: nearly two million pairs in all."""
    given = {
        (f"q{n}", str(group)): [f"s{group * 20 + who:05}" for who in range(20)] for group in range(500) for n in range(20)
    }
    began = time.process_time()
    found = alike.from_numbers(given, 10_000)
    assert time.process_time() - began < 5
    assert found and all(len(group.ids) == 20 for group in found)
