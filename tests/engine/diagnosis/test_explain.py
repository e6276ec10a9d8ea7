"""Diagnosis on the real course: what explains a number or a function, what does not, and what is only a guess."""

from pathlib import Path

import pytest
import torch

from autograder.course.answer_key import AnswerKey
from autograder.course.course import Course
from autograder.course.formula import evaluate
from autograder.diagnosis.explain import ENOUGH, Explainer
from autograder.marking.answers import Answers
from autograder.marking.compare import same
from autograder.marking.recorder import Recorder
from autograder.marking.suites import collected
from autograder.model import Outcome, PartResult
from tests.engine.toy_course import at_home, copied

ROOT = Path(__file__).resolve().parents[3]


@pytest.fixture(scope="module")
def explainer():
    course = Course.load(ROOT / "grader_config.yml")
    return Explainer(course, AnswerKey(course))


def told(explainer, part: str, answer=None, recorder=None, outcome=Outcome.FAILED):
    key = ".".join(part.split(".numbers."))
    parts = [PartResult(part, 100, 0, outcome)]
    return explainer.explained(parts, Answers({key: answer}), recorder or Recorder(explainer.key.right), None)


def test_416_is_the_input_channels_forgotten_with_the_students_own_route(explainer):
    (found,) = told(explainer, "q2.numbers.first_conv_parameters", 416)
    assert found.misconceptions == ("q2.conv2d_parameters.conv_input_channels_forgotten",)
    assert found.route == "416 = 16·5·5 + 16" and not found.guess


def test_a_known_wrong_value_is_explained_by_the_entry_that_gives_it_and_by_none_where_several_do(explainer):
    for key in explainer.key.numbers:
        question, name = key.split(".")
        known = explainer.numbers.known(key)
        for value, explanation in known:
            found = told(explainer, f"{question}.numbers.{name}", value)
            several = sum(same(value, other) for other, _ in known) > 1
            assert [one.misconceptions for one in found] == ([] if several else [explanation.ids]), (key, value)
            assert all(one.hints and one.hints[0].en and one.hints[0].fa for one in found)


def test_of_two_thoughts_the_one_that_the_other_answers_speak_for_is_told(explainer):
    """1216 is the input channels and all biases but the last forgotten, or the first convolution alone: never both."""
    parts = [
        PartResult(f"q2.numbers.{name}", 100, 0, Outcome.FAILED) for name in ("stack_parameters", "first_conv_parameters")
    ]
    recorder = Recorder(explainer.key.right)
    alone = explainer.explained(parts[:1], Answers({"q2.stack_parameters": 1216}), recorder, None)
    assert alone == ()
    answers = Answers({"q2.stack_parameters": 1216, "q2.first_conv_parameters": 416})
    stack, conv = explainer.explained(parts, answers, recorder, None)
    assert stack.misconceptions == ("q2.stack_parameters.stack_input_channels_forgotten_and_bias_once",)
    assert conv.misconceptions == ("q2.conv2d_parameters.conv_input_channels_forgotten",)


def test_no_entry_explains_the_right_value(explainer):
    for key, right in explainer.key.values.items():
        assert not [ids for value, ids in explainer.numbers.known(key) if same(value, right)], key


def test_two_mistakes_together_explain_what_neither_does_alone(explainer):
    key = "q2.gap_total_parameters"
    alone = [value for value, _ in explainer.numbers.known(key)]
    pairs = [value for value, _ in explainer.numbers.pairs(key)]
    value = next(v for v in pairs if sum(same(v, other) for other in [*pairs, *alone]) == 1)
    (found,) = told(explainer, "q2.numbers.gap_total_parameters", value)
    assert len(found.misconceptions) == 2


def test_a_near_miss_comes_only_where_nothing_explains_and_says_it_is_a_guess(explainer):
    (found,) = told(explainer, "q2.numbers.flatten_total_parameters", 55081)  # 55018 with two digits exchanged
    assert found.guess and not found.misconceptions and "guess" in found.hints[0].en
    for key in explainer.key.numbers:
        question, name = key.split(".")
        for value, _ in explainer.numbers.known(key):
            assert not any(one.guess for one in told(explainer, f"{question}.numbers.{name}", value))


def test_the_unexplained_stays_unexplained(explainer):
    assert told(explainer, "q2.numbers.flatten_total_parameters", 777) == ()
    assert told(explainer, "q2.numbers.first_conv_parameters", "four hundred") == ()


def asked(explainer, name: str, wrong, inputs):
    """A recording of ``wrong`` standing in for the function ``name`` of question 2, asked the inputs."""
    recorder = Recorder(explainer.key.right.replacing({("q2_convnet", name): wrong}))
    for args in inputs:
        getattr(recorder.q2_convnet, name)(*args)
    return recorder


CONVS = [(3, 16, 5), (3, 8, 3), (4, 6, (3, 5)), (2, 10, 7), (1, 4, 3)]


def test_a_function_is_explained_by_what_reproduces_every_wrong_answer(explainer):
    recorder = asked(explainer, "conv2d_parameters", lambda i, o, k, **_: o * prod(k) + o, CONVS)
    ids = {one.misconceptions for one in told(explainer, "q2.code.conv2d_parameters", recorder=recorder)}
    assert ("q2.conv2d_parameters.conv_input_channels_forgotten",) in ids


def test_a_function_that_is_wrong_in_its_own_way_is_not_explained(explainer):
    recorder = asked(explainer, "conv2d_parameters", lambda i, o, k, **_: 7 * i + 11 * o, CONVS)
    assert told(explainer, "q2.code.conv2d_parameters", recorder=recorder) == ()


def test_two_wrong_answers_are_too_few_to_explain_a_function(explainer):
    recorder = asked(explainer, "conv2d_parameters", lambda i, o, k, **_: o * prod(k) + o, CONVS[:2])
    assert told(explainer, "q2.code.conv2d_parameters", recorder=recorder) == ()


def test_two_mistakes_in_what_a_function_builds_on_explain_it_together(explainer):
    """Neither the padding nor the pooling's stride alone gives these shapes."""
    wrong = {entry.misconception.name: entry for entry in explainer.catalogue.entries if entry.stem == "q2_convnet"}
    pair = wrong["size_padding_ignored"], wrong["pool_stride_defaults_to_one"]
    recorder = Recorder(explainer.catalogue.reference(pair))
    layers = [{"kind": "conv", "out_channels": 4, "kernel_size": 3, "padding": 1}, {"kind": "maxpool", "kernel_size": 3}]
    for size in [(3, 20, 31), (1, 17, 40), (2, 33, 12), (3, 9, 9)]:
        recorder.q2_convnet.stack_output_shape(size, layers)
    found = told(explainer, "q2.code.stack_output_shape", recorder=recorder)
    assert tuple(entry.id for entry in pair) in [one.misconceptions for one in found]
    assert all(len(one.misconceptions) == len(one.hints) == 2 for one in found)


def prod(kernel) -> int:
    return kernel * kernel if isinstance(kernel, int) else kernel[0] * kernel[1]


def test_arithmetic_that_is_told_gives_what_was_given(explainer):
    told = [
        (value, found.route) for key in explainer.key.numbers for value, found in explainer.numbers.known(key) if found.route
    ]
    assert len(told) > 50
    for value, route in told:
        given, _, arithmetic = route.partition(" = ")
        assert given in (str(value), *map(str, value if isinstance(value, tuple) else ())), route
        numbers = [evaluate(text) for text in arithmetic.split(" , ")]
        shape = list(value) if isinstance(value, tuple) else []
        assert numbers in ([int(given)] if given.isdigit() else [], shape) or set(numbers) == set(shape), route
        assert given != arithmetic


@pytest.mark.thorough
def test_a_network_is_explained_whatever_weights_its_objects_begin_with(explainer):
    """Each of the catalogue's networks, asked anew, is explained by itself alone; two changes at once by both."""
    found, pairs = {}, {}
    networks = [entry for entry in explainer.catalogue.entries if entry.is_class]

    def explained(group, suites):
        recorder = Recorder(explainer.catalogue.reference(group))
        suites.only(group[0].part).ask(recorder, Answers({}))
        part = PartResult(group[0].part, 300, 0, Outcome.FAILED)
        return [one.misconceptions for one in explainer.explained([part], Answers({}), recorder, suites)]

    def ask_all(suites):
        explainer.work_out({entry.part for entry in networks}, suites)
        for seed, entry in enumerate(networks):
            torch.manual_seed(seed)
            found[entry.id] = explained((entry,), suites)
        named = {entry.misconception.name: entry for entry in networks}
        for one, other in [("module_bias_in_the_convolution", "module_relu_missing")]:
            pairs[one] = explained((named[one], named[other]), suites)
        assert not {entry.part for entry in networks} & set(explainer.wanted)

    collected(explainer.course, ask_all)
    assert len(found) > 30
    assert [id for id, told in found.items() if told != [(id,)]] == []
    assert all(len(told) == 1 and len(told[0]) == 2 for told in pairs.values()), pairs


def test_a_mistake_and_no_refusals_are_told_together(explainer):
    """Whoever refuses nothing answers by the same wrong formula where the layer is impossible."""
    named = {entry.misconception.name: entry for entry in explainer.catalogue.entries}
    pair = named["size_padding_on_one_side"], named["size_impossible_not_refused"]
    recorder = Recorder(explainer.catalogue.reference(pair))
    for args in [(9, 3, 1, 1), (8, 3, 2, 1), (20, 5, 1, 2), (2, 9, 1), (0, 1), (4, 5, 1, 0)]:
        recorder.q2_convnet.conv2d_output_size(*args)
    (found,) = told(explainer, "q2.code.conv2d_output_size", recorder=recorder)
    assert found.misconceptions == tuple(entry.id for entry in pair)


def test_a_thought_that_would_spoil_a_right_answer_is_not_told(explainer):
    """Wrong as if the input channels were forgotten, but right for kernels of 1: that is another mistake."""
    right = explainer.key.right.q2_convnet.conv2d_parameters
    recorder = asked(
        explainer,
        "conv2d_parameters",
        lambda i, o, k, **_: right(i, o, k) if k == 1 else o * prod(k) + o,
        [*CONVS, (3, 4, 1)],
    )
    assert told(explainer, "q2.code.conv2d_parameters", recorder=recorder) == ()


def test_what_enough_submissions_want_is_worked_out_for_good(tmp_path):
    """Each of the first works out its own: a class in which a mistake is made once or twice does not pay for all of them."""
    wanted = []

    def submission_after_submission(suites):
        for _ in range(ENOUGH + 1):
            recorder = Recorder(explainer.catalogue.reference((area,)))
            suites.only(area.part).ask(recorder, Answers({}))
            explainer.explained([PartResult(area.part, 100, 0, Outcome.FAILED)], Answers({}), recorder, suites)
            wanted.append((explainer.wanted, explainer.work_out_repeated(explainer.wanted, suites)))

    with at_home(copied(tmp_path)) as course:
        explainer = Explainer(course, AnswerKey(course))
        area = next(entry for entry in explainer.catalogue.entries if not entry.is_class)
        collected(course, submission_after_submission)
    assert wanted == [*[([area.part], False)] * (ENOUGH - 1), ([area.part], True), ([], False)]
