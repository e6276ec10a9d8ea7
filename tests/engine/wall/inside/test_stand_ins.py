"""Modules that are not installed: a plot does nothing, progress is given through, and any other fails where it is used."""

import sys

import pytest

from autograder.wall.inside.stand_ins import Absent, Bar, Nothing, Progress
from autograder.wall.inside.submission import Submission


@pytest.fixture
def ran():
    """Runs a student's file, and takes what it put into this interpreter out again."""
    path, modules = list(sys.meta_path), dict(sys.modules)

    def one(source, **others):
        own = Submission()
        own.install({"qa": source, **others}, [])
        return own.module("qa").__dict__

    yield one
    sys.meta_path[:] = path
    for name in [name for name in sys.modules if name not in modules]:
        del sys.modules[name]
    sys.modules.update(modules)


def test_a_plot_does_nothing_whatever_is_done_with_it(ran):
    found = ran(
        "import seaborn as sns\nfrom bokeh.plotting import figure\n"
        "fig, (left, right) = sns.subplots(1, 2)\nleft.plot([1, 2])[0].set_color('r')\n"
        "with sns.axes_style('dark') as style:\n    total = style + 1 - 2 * right\n"
        "for line in figure().lines:\n    raise ValueError\n"
        "@sns.decorated\ndef f(x):\n    return x + 1\n"
        "class Plot(sns.Grid):\n    size = 3\n"
    )
    assert found["f"](1) == 2 and found["Plot"].size == 3 and isinstance(found["total"], Nothing)


def test_nothing_is_empty_and_has_a_value_of_each_kind():
    nothing = Nothing()
    assert (len(nothing), int(nothing), float(nothing), str(nothing), f"{nothing:>9}", 3 in nothing) == (
        0,
        0,
        0.0,
        "",
        "",
        False,
    )
    assert list(nothing) == [] and not (nothing < 1 or nothing >= 1)
    a, b, *c = nothing
    assert isinstance(a, Nothing) and isinstance(b, Nothing) and c == []
    with pytest.raises(AttributeError):
        getattr(nothing, "__array__")  # noqa: B009


@pytest.mark.parametrize(
    "loop",
    ["for x in tqdm.tqdm([1, 2, 3]):", "for x in tqdm.auto.trange(1, 4):", "for x in tqdm.tqdm(iterable=iter((1, 2, 3))):"],
)
def test_progress_gives_what_it_was_given(ran, loop):
    assert ran(f"import tqdm, tqdm.auto\nseen = []\n{loop}\n    seen.append(x)\n")["seen"] == [1, 2, 3]


def test_a_bar_counts_and_has_the_length_of_what_it_goes_over():
    bar = Progress("tqdm")([5, 6], desc="training")
    bar.set_description("x")
    bar.update(3)
    assert (len(bar), bar.n, bool(bar), list(bar)) == (2, 3, True, [5, 6])
    assert list(Bar()) == [] and len(Bar()) == 0 and isinstance(Progress("write")("text"), Nothing)


def test_of_another_module_the_import_succeeds_and_its_use_fails_where_it_is(ran):
    found = ran("import nowhere.deep\nfrom nowhere import thing\ndef f():\n    return thing(1)\ndef g():\n    return 5\n")
    assert found["g"]() == 5
    with pytest.raises(ModuleNotFoundError, match="No module named 'nowhere'") as caught:
        found["f"]()
    assert caught.value.name == "nowhere"


@pytest.mark.parametrize(
    "use",
    [
        lambda a: a + 1,
        lambda a: 2 * a,
        lambda a: a[0],
        lambda a: list(a),
        lambda a: bool(a),
        lambda a: a < 1,
        lambda a: a.b.c(1),
    ],
)
def test_any_use_of_what_is_not_here_fails(use):
    with pytest.raises(ModuleNotFoundError):
        use(Absent("nowhere"))


def test_a_decorator_a_base_and_an_annotation_fail_only_when_they_are_used(ran):
    found = ran(
        "from nowhere import jit, Base\n"
        "@jit\ndef f(x):\n    return x\nclass Net(Base):\n    pass\ndef g(x: Base | None = None):\n    return 5\n"
    )
    assert found["g"]() == 5
    for use in (lambda: found["f"](1), lambda: found["Net"]()):
        with pytest.raises(ModuleNotFoundError):
            use()


@pytest.mark.parametrize(
    "source",
    [
        "try:\n    import nowhere\nexcept ImportError:\n    nowhere = None\n",
        "try:\n    import nowhere\nexcept Exception:\n    nowhere = None\n",
        "try:\n    import nowhere\nexcept (KeyError, ModuleNotFoundError):\n    nowhere = None\n",
        "from contextlib import suppress\nnowhere = None\nwith suppress(ImportError):\n    import nowhere\n",
        "import importlib.util\nnowhere = importlib.util.find_spec('nowhere')\n",
    ],
)
def test_where_the_student_expects_that_an_import_may_fail_it_fails(ran, source):
    assert ran(source)["nowhere"] is None


def test_an_import_in_a_try_that_answers_for_something_else_succeeds(ran):
    assert isinstance(ran("try:\n    from nowhere import x\nexcept KeyError:\n    x = None\n")["x"], Absent)


def test_what_others_import_is_as_it_is(ran):
    ran("x = 1\n")
    with pytest.raises(ModuleNotFoundError):
        import nowhere_at_all  # noqa: F401


def test_a_part_of_an_installed_module_that_is_not_there_is_missing(ran):
    with pytest.raises(ImportError):
        ran("import json.nowhere\n")
