"""What a suite asks through a recorder is asked of whoever is inside, and kept with how it ended."""

from types import SimpleNamespace

import pytest

from autograder.marking.recorder import HINTS, Answered, RecordedHandle, Recorder
from autograder.wall.shared.wire import METHODS


class Net:
    """Shaped like a module handle: it has every method that one may be asked for, and says which was."""

    def __getattr__(self, method):
        if method not in METHODS:
            raise AttributeError(method)
        return lambda *args: (method, *args)

    def __call__(self, x):
        return 2 * x


def half(value):
    if value % 2:
        raise ValueError(value)
    return value // 2


@pytest.fixture
def recorder():
    return Recorder(SimpleNamespace(q1=SimpleNamespace(half=half, Net=lambda *sizes, bias=True: Net())))


def ended(calls):
    return [(call.name, call.args, call.value) for call in calls]


def test_a_call_is_asked_as_it_is_and_its_answer_kept(recorder):
    assert recorder.q1.half(6) == 3 and recorder.q1.half(value=8) == 4
    assert recorder.calls == [Answered("q1", "half", (6,), {}, 3), Answered("q1", "half", (), {"value": 8}, 4)]


def test_what_a_call_raises_is_kept_and_raised(recorder):
    with pytest.raises(ValueError) as raised:
        recorder.q1.half(7)
    assert recorder.calls[0].value is raised.value


def test_a_function_that_is_not_there_is_a_call_that_came_to_nothing(recorder):
    with pytest.raises(AttributeError):
        recorder.q1.quarter(8)
    assert (recorder.calls[0].name, type(recorder.calls[0].value)) == ("quarter", AttributeError)


def test_each_case_ends_for_itself_and_is_kept_in_order(recorder):
    values = recorder.q1.half.each([((4,), {}), ((5,), {}), ((), {"value": 6})])
    assert (values[0], type(values[1]), values[2]) == (2, ValueError, 3)
    assert [(call.args, call.kwargs, call.value) for call in recorder.calls] == [
        ((4,), {}, values[0]), ((5,), {}, values[1]), ((), {"value": 6}, values[2])
    ]  # fmt: skip


def test_a_call_that_takes_the_process_with_it_is_the_last_of_its_cases():
    def asked(value):
        raise AssertionError("the cases were to be asked at once")

    asked.each = lambda cases: [half(*args) for args, _ in cases[:2]]
    recorder = Recorder(SimpleNamespace(q1=SimpleNamespace(half=asked)))
    assert recorder.q1.half.each([((2,), {}), ((4,), {}), ((6,), {})]) == [1, 2]
    assert ended(recorder.calls) == [("half", (2,), 1), ("half", (4,), 2)]


def test_every_use_of_an_object_is_kept_under_its_number(recorder):
    first, second = recorder.q1.Net(3), recorder.q1.Net(4, bias=False)
    assert isinstance(first, RecordedHandle) and second(5) == 10 and first.load("w") == ("load", "w")
    assert [(call.name, call.args, call.object) for call in recorder.calls] == [
        ("Net", (3,), 0), ("Net", (4,), 0), ("Net.__call__", (5,), 2), ("Net.load", ("w",), 1)
    ]  # fmt: skip
    assert recorder.calls[0].value is first and recorder.calls[1].kwargs == {"bias": False}


def test_names_that_a_student_chose_are_no_evidence_and_are_not_kept(recorder):
    net = recorder.q1.Net()
    assert [getattr(net, hint)() for hint in HINTS] == [(hint,) for hint in HINTS]
    assert len(recorder.calls) == 1


def test_only_what_a_handle_offers_can_be_asked(recorder):
    with pytest.raises(AttributeError):
        recorder.q1.Net().weight  # noqa: B018
    for ask in (lambda: recorder._q1, lambda: recorder.q1.__half, lambda: recorder.q2):
        with pytest.raises(AttributeError):
            ask()


def test_calls_are_told_apart_by_the_test_that_asked_them(recorder):
    recorder.begin("first")
    recorder.begin("asks nothing")
    recorder.begin("second")
    for number in (2, 4):
        recorder.q1.half(number)
    recorder.begin("third")
    recorder.q1.half(6)
    asked = {
        test: [call.args for call in recorder.asked_by(test)] for test in ("first", "asks nothing", "second", "third", "?")
    }
    assert asked == {"first": [], "asks nothing": [], "second": [(2,), (4,)], "third": [(6,)], "?": []}
